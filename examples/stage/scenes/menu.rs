//! The scenes to choose from: F6, or the button behind the stage.

use bevy::prelude::*;
use bevy_egui::{
    EguiContexts, EguiPrimaryContextPass,
    egui::{
        Align, Align2, Area, Button, Color32, Frame, Id, Layout, RichText, ScrollArea, Ui, Window,
    },
};
use bevy_persona::{
    director::{PlayScene, SceneLibrary, SceneOffer, SceneOffers, SceneState},
    prelude::*,
};

use super::needs;
use crate::{
    cast::Idol,
    settings::{Settings, Tongue},
    view::{Shown, View},
};

const ACCENT: Color32 = Color32::from_rgb(180, 151, 214);
const DONE: Color32 = Color32::from_rgb(150, 214, 170);
const WEAK: Color32 = Color32::from_rgb(158, 149, 184);

/// Whether the scenes are shown.
#[derive(Debug, Default, Resource)]
pub struct ScenesShown(pub bool);

/// Whether scenes are played though what they need is not met: for those who write them.
#[derive(Debug, Default, Resource)]
struct Anyway(bool);

pub fn plugin(app: &mut App) {
    app.init_resource::<ScenesShown>()
        .init_resource::<Anyway>()
        .add_systems(Update, toggle)
        .add_systems(EguiPrimaryContextPass, (show, backstage_button));
}

fn toggle(keys: Res<ButtonInput<KeyCode>>, mut shown: ResMut<ScenesShown>) {
    if keys.just_pressed(KeyCode::F6) {
        shown.0 = !shown.0;
    }
}

/// What is said on the menu.
struct Words {
    heading: &'static str,
    play: &'static str,
    done: &'static str,
    needs: &'static str,
    anyway: &'static str,
    close: &'static str,
    none: &'static str,
}

impl Words {
    fn of(tongue: Tongue) -> Self {
        match tongue {
            Tongue::Korean => Self {
                heading: "장면",
                play: "시작",
                done: "다 봤어요",
                needs: "필요:",
                anyway: "조건 없이 시작 (작가용)",
                close: "닫기",
                none: "장면이 아직 없어요.",
            },
            _ => Self {
                heading: "Scenes",
                play: "Play",
                done: "seen",
                needs: "needs:",
                anyway: "play anyway, whatever a scene needs (for writers)",
                close: "Close",
                none: "There is no scene yet.",
            },
        }
    }
}

fn show(
    mut contexts: EguiContexts,
    mut shown: ResMut<ScenesShown>,
    mut anyway: ResMut<Anyway>,
    settings: Res<Settings>,
    offers: Res<SceneOffers>,
    library: Res<SceneLibrary>,
    state: Res<SceneState>,
    idols: Query<(&Idol, &Rapport)>,
    mut commands: Commands,
) {
    if !shown.0 {
        return;
    }
    let Ok(ctx) = contexts.ctx_mut() else { return };
    let (window, height) = (ctx.content_rect().width(), ctx.content_rect().height());
    let covered = ChatPanelPlugin::covered_width(window);
    let tongue = settings.language;
    let words = Words::of(tongue);
    let closeness = |member: &str| {
        let idol = idols.iter().find(|(idol, _)| idol.0 == member);
        idol.map_or(0.0, |(_, rapport)| rapport.0.relationship.affinity())
    };
    let title_of = |scene: &str| {
        let info = library.current().get(scene);
        let title = info.map_or(scene, |info| info.title_in(tongue.language()));
        if title == scene { needs::title(scene) } else { title.to_owned() }
    };
    let mut chosen = None;
    Window::new("scenes")
        .id(Id::new("stage scenes"))
        .title_bar(false)
        .resizable(false)
        .anchor(Align2::CENTER_CENTER, [-covered / 2.0, 0.0])
        .frame(ChatPanelPlugin::frame(ACCENT))
        .show(ctx, |ui| {
            ChatPanelPlugin::dress(ui, ACCENT);
            ui.set_width((window - covered - 60.0).clamp(220.0, 520.0));
            ui.label(RichText::new(words.heading).heading().color(ACCENT));
            if offers.0.is_empty() {
                ui.label(RichText::new(words.none).color(WEAK));
            }
            let most = (height - 190.0).max(120.0);
            ScrollArea::vertical().max_height(most).auto_shrink([false, true]).show(ui, |ui| {
                for offer in &offers.0 {
                    let missing = needs::in_words(offer, title_of, closeness, tongue);
                    let is_running = state.scene.as_ref() == Some(&offer.scene);
                    let may_begin = (offer.is_open || anyway.0) && !is_running;
                    if row(ui, offer, &title_of(&offer.scene), &missing, may_begin, &words) {
                        chosen = Some(offer.scene.clone());
                    }
                }
            });
            ui.horizontal(|ui| {
                let label = RichText::new(words.anyway).small();
                ui.checkbox(&mut anyway.0, label);
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    shown.0 &= !ui.button(words.close).clicked();
                });
            });
        });
    if let Some(scene) = chosen {
        shown.0 = false;
        commands.trigger(PlayScene { scene, force: anyway.0 });
    }
}

/// One scene; gives whether it is to begin.
fn row(
    ui: &mut Ui,
    offer: &SceneOffer,
    title: &str,
    missing: &str,
    may_begin: bool,
    words: &Words,
) -> bool {
    let frame = Frame::new()
        .fill(Color32::from_white_alpha(if offer.is_open { 14 } else { 6 }))
        .corner_radius(10)
        .inner_margin(8);
    let inner = frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let play = Button::new(words.play).fill(ACCENT.gamma_multiply(0.35));
            let play = ui.add_enabled(may_begin, play).clicked();
            ui.with_layout(Layout::top_down(Align::Min), |ui| {
                ui.horizontal_wrapped(|ui| {
                    let colour = if offer.is_open { Color32::WHITE } else { WEAK };
                    ui.label(RichText::new(title).strong().color(colour));
                    ui.label(RichText::new(&offer.scene).small().color(WEAK));
                    if offer.was_finished {
                        ui.label(RichText::new(format!("✔ {}", words.done)).small().color(DONE));
                    }
                });
                if !missing.is_empty() {
                    let text = format!("{} {missing}", words.needs);
                    ui.label(RichText::new(text).small().color(WEAK));
                }
            });
            play
        })
        .inner
    });
    inner.inner
}

/// Behind the stage everybody waits for a scene.
fn backstage_button(
    mut contexts: EguiContexts,
    seen: Res<Shown>,
    settings: Res<Settings>,
    mut shown: ResMut<ScenesShown>,
) {
    if seen.0 != View::Backstage || shown.0 {
        return;
    }
    let Ok(ctx) = contexts.ctx_mut() else { return };
    Area::new(Id::new("stage scenes button")).anchor(Align2::LEFT_BOTTOM, [14.0, -14.0]).show(
        ctx,
        |ui| {
            ChatPanelPlugin::dress(ui, ACCENT);
            let label = format!("{} (F6)", Words::of(settings.language).heading);
            let button = Button::new(label).fill(Color32::from_rgb(40, 30, 62));
            shown.0 |= ui.add(button).clicked();
        },
    );
}
