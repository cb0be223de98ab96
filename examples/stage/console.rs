//! What is wrong with the files of the stage: a panel (F7), and a word when something changes.

use bevy::{prelude::*, time::Real};
use bevy_egui::{
    EguiContexts, EguiPrimaryContextPass,
    egui::{Align2, Area, Color32, Id, Order, RichText, ScrollArea, Ui, Window},
};
use bevy_persona::{
    ContentFault, ContentFaults, ContentNews,
    director::{SceneLibrary, ScenesChanged},
    prelude::*,
};

const ACCENT: Color32 = Color32::from_rgb(180, 151, 214);
const TROUBLE: Color32 = Color32::from_rgb(255, 170, 156);
const MENDED: Color32 = Color32::from_rgb(150, 214, 170);
const WEAK: Color32 = Color32::from_rgb(158, 149, 184);
/// For how many seconds something new is told.
const TOLD: f64 = 6.0;
/// How much of what was told is kept.
const KEPT: usize = 40;
/// What scenes are called where faults are told.
const SCENES: &str = "scenes";

/// Whether the console is shown.
#[derive(Debug, Default, Resource)]
pub struct ConsoleShown(pub bool);

/// What was told, and when; the newest last.
#[derive(Debug, Default, Resource)]
struct Told(Vec<(f64, ContentNews)>);

pub fn plugin(app: &mut App) {
    app.init_resource::<ConsoleShown>()
        .init_resource::<Told>()
        .add_systems(Update, (toggle, scenes, hear).chain())
        .add_systems(EguiPrimaryContextPass, (show, toast));
}

fn toggle(keys: Res<ButtonInput<KeyCode>>, mut shown: ResMut<ConsoleShown>) {
    if keys.just_pressed(KeyCode::F7) {
        shown.0 = !shown.0;
    }
}

/// The faults of scene files stand with the scenes.
fn scenes(
    library: Res<SceneLibrary>,
    mut changed: MessageReader<ScenesChanged>,
    mut faults: ResMut<ContentFaults>,
    mut news: MessageWriter<ContentNews>,
) {
    if library.is_changed() || changed.read().count() > 0 {
        let problems = library.faults().iter().map(ToString::to_string);
        let stays = library.current().iter().next().is_some();
        news.write_batch(faults.report(SCENES, problems, stays));
    }
}

fn hear(time: Res<Time<Real>>, mut news: MessageReader<ContentNews>, mut told: ResMut<Told>) {
    for news in news.read() {
        told.0.push((time.elapsed_secs_f64(), news.clone()));
    }
    let extra = told.0.len().saturating_sub(KEPT);
    if extra > 0 {
        told.0.drain(..extra);
    }
}

fn show(
    mut contexts: EguiContexts,
    mut shown: ResMut<ConsoleShown>,
    faults: Res<ContentFaults>,
    told: Res<Told>,
    time: Res<Time<Real>>,
) {
    if !shown.0 {
        return;
    }
    let Ok(ctx) = contexts.ctx_mut() else { return };
    let window = ctx.content_rect();
    let covered = ChatPanelPlugin::covered_width(window.width());
    Window::new("console")
        .id(Id::new("stage console"))
        .title_bar(false)
        .resizable(false)
        .anchor(Align2::LEFT_BOTTOM, [14.0, -14.0])
        .frame(ChatPanelPlugin::frame(ACCENT))
        .show(ctx, |ui| {
            ChatPanelPlugin::dress(ui, ACCENT);
            ui.set_width((window.width() - covered - 60.0).clamp(220.0, 640.0));
            ui.label(RichText::new("Files").heading().color(ACCENT));
            let most = window.height() * 0.42;
            ScrollArea::vertical().max_height(most).auto_shrink([false, true]).show(ui, |ui| {
                let mut source = "";
                for fault in faults.iter() {
                    if fault.source != source {
                        source = &fault.source;
                        head(ui, fault);
                    }
                    ui.label(RichText::new(&fault.problem).small().color(TROUBLE));
                }
                if faults.iter().next().is_none() {
                    ui.label(RichText::new("No fault in any file.").color(MENDED));
                }
                ui.separator();
                for (when, news) in told.0.iter().rev() {
                    let ago = time.elapsed_secs_f64() - when;
                    let text = format!("{}  {}", since(ago), headline(news));
                    ui.label(RichText::new(text).small().color(WEAK));
                }
            });
            if ui.button("Close").clicked() {
                shown.0 = false;
            }
        });
}

/// Whose faults follow.
fn head(ui: &mut Ui, fault: &ContentFault) {
    let stays = if fault.last_good_stays { ": the last good version stays" } else { "" };
    ui.label(RichText::new(format!("{}{stays}", fault.source)).strong());
}

/// How long ago, in short.
fn since(seconds: f64) -> String {
    if seconds < 60.0 {
        format!("{seconds:2.0} s ago")
    } else {
        format!("{:2.0} min ago", seconds / 60.0)
    }
}

/// News in one line.
fn headline(news: &ContentNews) -> String {
    const LONG: usize = 150;
    match news {
        ContentNews::Mended(source) => format!("{source}: mended"),
        ContentNews::Found(fault) => {
            let line = fault.problem.lines().next().unwrap_or_default();
            let short: String = line.chars().take(LONG).collect();
            if short.len() < line.len() { format!("{short}…") } else { short }
        }
    }
}

/// Tells what is new, for a moment.
fn toast(
    mut contexts: EguiContexts,
    shown: Res<ConsoleShown>,
    told: Res<Told>,
    time: Res<Time<Real>>,
) {
    if shown.0 {
        return;
    }
    let now = time.elapsed_secs_f64();
    let Some((when, news)) = told.0.last().filter(|(when, _)| now - when < TOLD) else { return };
    let Ok(ctx) = contexts.ctx_mut() else { return };
    let window = ctx.content_rect().width();
    let covered = ChatPanelPlugin::covered_width(window);
    let (colour, advice) = match news {
        ContentNews::Mended(_) => (MENDED, None),
        ContentNews::Found(fault) if fault.last_good_stays => {
            (TROUBLE, Some("The last good version stays. F7 tells more."))
        }
        ContentNews::Found(_) => (TROUBLE, Some("F7 tells more.")),
    };
    let others = told.0.iter().rev().skip(1).take_while(|(other, _)| when - other < 0.5).count();
    Area::new(Id::new("stage toast"))
        .order(Order::Foreground)
        .anchor(Align2::CENTER_TOP, [-covered / 2.0, 14.0])
        .show(ctx, |ui| {
            ChatPanelPlugin::frame(colour).show(ui, |ui| {
                ChatPanelPlugin::dress(ui, colour);
                ui.set_max_width((window - covered - 60.0).clamp(180.0, 460.0));
                ui.label(RichText::new(headline(news)).color(colour));
                if others > 0 {
                    ui.label(RichText::new(format!("and {others} more")).small().color(WEAK));
                }
                if let Some(advice) = advice {
                    ui.label(RichText::new(advice).small());
                }
            });
        });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn news_are_one_short_line() {
        let fault = |problem: String| {
            ContentNews::Found(ContentFault {
                source: "scenes".into(),
                problem,
                last_good_stays: true,
            })
        };
        assert_eq!(headline(&fault("a.yarn:3:1: no\nmore".into())), "a.yarn:3:1: no");
        let long = headline(&fault("시".repeat(500)));
        assert!(long.ends_with('…') && long.chars().count() < 160);
        assert_eq!(headline(&ContentNews::Mended("scenes".into())), "scenes: mended");
    }
}
