//! Speaking to an idol instead of writing: as long as F4 is held.

use bevy::prelude::*;
use bevy_egui::{
    EguiContexts, EguiPrimaryContextPass,
    egui::{Align2, Area, Color32, Id, ProgressBar, RichText, Ui},
};
use bevy_persona::{
    listen::{
        Attention, CancelListening, Hearing, Listen, ListenPlugin, Listening, StopListening,
        Understanding,
    },
    persona::Language,
    prelude::*,
};

const ACCENT: Color32 = Color32::from_rgb(180, 151, 214);
/// For how many seconds is said what went wrong.
const TOLD: f32 = 5.0;

/// Seconds for which the ear has done what it does.
#[derive(Debug, Default, Resource)]
struct Since(f32);

pub fn plugin(app: &mut App) {
    let ear = ListenPlugin::default()
        .expecting(Language::English, "Hi, Siwoo! Hello, Jena. Taira and Marty sing in MAVE.")
        .expecting(Language::Korean, "시우야 안녕! 제나, 타이라, 마티는 메이브야.");
    app.add_plugins(ear)
        .init_resource::<Since>()
        .add_systems(Update, (keys, pass))
        .add_systems(EguiPrimaryContextPass, show);
}

fn keys(
    keys: Res<ButtonInput<KeyCode>>,
    hearing: Res<Hearing>,
    chosen: Res<ChosenIdol>,
    mut commands: Commands,
) {
    if keys.just_pressed(KeyCode::F4)
        && let Some(entity) = chosen.0
    {
        commands.trigger(Listen { entity, attention: Attention::WhileHeld });
    }
    if keys.just_released(KeyCode::F4) {
        commands.trigger(StopListening);
    }
    if keys.just_pressed(KeyCode::Escape) && hearing.is_open() {
        commands.trigger(CancelListening);
    }
}

fn pass(time: Res<Time>, hearing: Res<Hearing>, mut since: ResMut<Since>) {
    since.0 = if hearing.is_changed() { 0.0 } else { since.0 + time.delta_secs() };
}

fn show(mut contexts: EguiContexts, hearing: Res<Hearing>, since: Res<Since>) {
    let is_going_on = hearing.is_open() || hearing.understanding == Understanding::Busy;
    if *hearing == Hearing::default() || (!is_going_on && since.0 > TOLD) {
        return;
    }
    let Ok(ctx) = contexts.ctx_mut() else { return };
    let covered = ChatPanelPlugin::covered_width(ctx.content_rect().width());
    Area::new(Id::new("stage microphone"))
        .anchor(Align2::CENTER_BOTTOM, [-covered / 2.0, -18.0])
        .show(ctx, |ui| {
            ChatPanelPlugin::frame(ACCENT).show(ui, |ui| {
                ChatPanelPlugin::dress(ui, ACCENT);
                ui.set_max_width(320.0);
                tell(ui, &hearing);
            });
        });
}

fn tell(ui: &mut Ui, hearing: &Hearing) {
    let mut say = |text: &str| ui.label(RichText::new(text).small());
    match &hearing.understanding {
        Understanding::Idle => {}
        Understanding::Busy => {
            say("thinking about what you said …");
        }
        Understanding::Nothing => {
            say("nothing was heard: hold F4 while you speak");
        }
        Understanding::Failed(error) => {
            say(&error.to_string());
        }
    }
    match &hearing.listening {
        Listening::Closed => {}
        Listening::Opening => {
            say("opening the microphone …");
        }
        Listening::Open(level) => {
            say("listening: let go of F4 when you have said it");
            ui.add(ProgressBar::new(level.sqrt()).desired_height(6.0).fill(ACCENT));
        }
        Listening::Failed(error) => {
            say(&error.to_string());
        }
    }
}
