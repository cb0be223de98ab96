//! How to use the stage: shown on the first visit, and with F9.

use bevy::prelude::*;
use bevy_egui::{
    EguiContexts, EguiPrimaryContextPass,
    egui::{Align2, Color32, Grid, Id, RichText, Window},
};
use bevy_persona::prelude::*;

use crate::settings::{FirstVisit, Settings};

/// Whether the help is shown.
#[derive(Debug, Default, Resource)]
pub struct HelpShown(pub bool);

/// What can be done, and how.
const KEYS: [(&str, &str); 14] = [
    ("click an idol", "talk with her"),
    ("Tab", "talk with the next one"),
    ("click beside them", "see all four"),
    ("Enter", "send what you wrote"),
    ("Esc", "let her stop speaking"),
    ("F4, held", "say it aloud instead of writing"),
    ("F5", "let them dance"),
    ("F6", "written scenes: stories in which you choose"),
    ("1 to 9, Space", "choose in a scene, let it go on"),
    ("F7", "what is wrong with an edited file"),
    ("F9", "this help"),
    ("F10", "settings: language, text size, volume, motion"),
    ("F11", "what she remembers about you, and how to delete it"),
    ("F12", "how she comes to her replies; edit her persona"),
];

const ACCENT: Color32 = Color32::from_rgb(180, 151, 214);

pub fn plugin(app: &mut App) {
    app.init_resource::<HelpShown>()
        .add_systems(Startup, greet)
        .add_systems(Update, toggle)
        .add_systems(EguiPrimaryContextPass, show);
}

fn greet(first: Res<FirstVisit>, mut shown: ResMut<HelpShown>) {
    shown.0 |= first.0;
}

fn toggle(keys: Res<ButtonInput<KeyCode>>, mut shown: ResMut<HelpShown>) {
    if keys.just_pressed(KeyCode::F9) {
        shown.0 = !shown.0;
    }
}

fn show(mut contexts: EguiContexts, mut shown: ResMut<HelpShown>, settings: Res<Settings>) {
    if !shown.0 {
        return;
    }
    let Ok(ctx) = contexts.ctx_mut() else { return };
    let window = ctx.content_rect().width();
    let covered = ChatPanelPlugin::covered_width(window);
    Window::new("help")
        .id(Id::new("stage help"))
        .title_bar(false)
        .resizable(false)
        .anchor(Align2::CENTER_CENTER, [-covered / 2.0, 0.0])
        .frame(ChatPanelPlugin::frame(ACCENT))
        .show(ctx, |ui| {
            ChatPanelPlugin::dress(ui, ACCENT);
            ui.set_max_width((window - covered - 60.0).clamp(200.0, 460.0));
            ui.label(RichText::new(settings.language.welcome()).heading().color(ACCENT));
            ui.label("Four idols live on this stage. Write to one; she answers in your language.");
            Grid::new("keys").num_columns(2).spacing([18.0, 4.0]).show(ui, |ui| {
                for (key, does) in KEYS {
                    ui.label(RichText::new(key).strong());
                    ui.label(does);
                    ui.end_row();
                }
            });
            ui.label(
                RichText::new(
                    "Everything runs on this computer; what you say stays on it. The idols are \
                     programs, not people.",
                )
                .small()
                .weak(),
            );
            if ui.button("Go on stage").clicked() {
                shown.0 = false;
            }
        });
}
