//! What is still being loaded, what is missing, and what to do about it.

use bevy::{asset::LoadState, prelude::*};
use bevy_egui::{
    EguiContexts, EguiPrimaryContextPass,
    egui::{Align2, Area, Color32, Id, ProgressBar, RichText, Ui},
};
use bevy_persona::prelude::*;
use bevy_vrm1::prelude::VrmHandle;

use crate::{
    Setting,
    cast::{EyeLevel, Idol},
    view::{Shown, View},
};

const ACCENT: Color32 = Color32::from_rgb(180, 151, 214);
const TROUBLE: Color32 = Color32::from_rgb(255, 170, 156);

pub fn plugin(app: &mut App) {
    app.add_systems(EguiPrimaryContextPass, show);
}

/// What there is to tell.
#[derive(Debug, Default, PartialEq)]
struct Report {
    /// What is being loaded, and how far it is, 0..1, where that is known.
    loading: Vec<(String, Option<f32>)>,
    /// What is missing, and what to do.
    missing: Vec<(String, String)>,
}

impl Report {
    fn of_model(&mut self, status: &ModelStatus) {
        match status {
            ModelStatus::Ready(_) => {}
            ModelStatus::Loading(loading) => {
                self.loading
                    .push((format!("language model: {}", loading.stage), loading.fraction()));
            }
            ModelStatus::Failed(error) => self.missing.push((
                format!("The language model cannot be used: {error}"),
                "Only written replies are said. Start again with --model and the path of a GGUF \
                 file, or with a network for the usual model."
                    .into(),
            )),
        }
    }

    fn of_avatars(&mut self, here: usize, all: usize, broken: Vec<(&'static str, String)>) {
        if here + broken.len() < all {
            #[expect(clippy::cast_precision_loss, reason = "there are four")]
            let part = here as f32 / all as f32;
            self.loading.push((format!("avatars: {here} of {all}"), Some(part)));
        }
        for (id, error) in broken {
            self.missing.push((
                format!("The avatar of {id} cannot be shown: {error}"),
                format!(
                    "Put assets/avatars/{id}.vrm back in its place, or name another file in \
                     personas/{id}.persona.ron. She can be talked with all the same."
                ),
            ));
        }
    }
}

fn show(
    mut contexts: EguiContexts,
    setting: Res<Setting>,
    shown: Res<Shown>,
    status: Res<ModelStatus>,
    idols: Query<(&Idol, Has<EyeLevel>, Option<&VrmHandle>)>,
    assets: Res<AssetServer>,
) {
    let Ok(ctx) = contexts.ctx_mut() else { return };
    let mut report = Report::default();
    // A written scene has words of its own for every line.
    if !matches!((&*status, shown.0), (ModelStatus::Failed(_), View::Scene(_))) {
        report.of_model(&status);
    }
    let here = idols.iter().filter(|(_, here, _)| *here).count();
    let broken =
        idols.iter().filter_map(|(Idol(id), _, avatar)| match assets.load_state(&avatar?.0) {
            LoadState::Failed(error) => Some((*id, error.to_string())),
            _ => None,
        });
    report.of_avatars(here, idols.iter().count(), broken.collect());
    if !setting.alive {
        // A script's pictures do not depend on how fast files are read.
        report.loading.clear();
    }
    if report == Report::default() {
        return;
    }
    let window = ctx.content_rect().width();
    let covered = ChatPanelPlugin::covered_width(window);
    Area::new(Id::new("stage loading"))
        .anchor(Align2::CENTER_BOTTOM, [-covered / 2.0, -14.0])
        .show(ctx, |ui| {
            ChatPanelPlugin::dress(ui, ACCENT);
            ChatPanelPlugin::frame(ACCENT).show(ui, |ui| {
                ui.set_width((window - covered - 60.0).clamp(180.0, 420.0));
                draw(ui, &report);
            });
        });
}

fn draw(ui: &mut Ui, report: &Report) {
    for (what, fraction) in &report.loading {
        ui.label(RichText::new(what).small());
        let bar = ProgressBar::new(fraction.unwrap_or(0.0)).desired_height(6.0);
        ui.add(bar.animate(fraction.is_none()));
    }
    for (what, advice) in &report.missing {
        ui.label(RichText::new(what).small().color(TROUBLE));
        ui.label(RichText::new(advice).small());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_avatar_is_told_with_what_to_do_and_not_waited_for() {
        let mut report = Report::default();
        report.of_avatars(3, 4, vec![("jena", "no such file".into())]);
        assert!(report.loading.is_empty());
        let [(what, advice)] = &report.missing[..] else { panic!("{report:?}") };
        assert!(what.contains("jena") && what.contains("no such file"));
        assert!(advice.contains("assets/avatars/jena.vrm"));
    }

    #[test]
    fn what_is_all_there_is_not_told() {
        let mut report = Report::default();
        report.of_avatars(4, 4, vec![]);
        assert_eq!(report, Report::default());
        report.of_avatars(1, 4, vec![]);
        assert_eq!(report.loading, [("avatars: 1 of 4".to_owned(), Some(0.25))]);
    }
}
