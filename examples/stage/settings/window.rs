//! The window of the settings.

use bevy::prelude::*;
use bevy_egui::{
    EguiContexts,
    egui::{Align2, Color32, Grid, Id, RichText, Slider, Ui, Window},
};
use bevy_persona::{prelude::*, view::VoiceStatus};

use super::{Quality, Settings, SettingsShown, Tongue};

const ACCENT: Color32 = Color32::from_rgb(180, 151, 214);

pub fn show(
    mut contexts: EguiContexts,
    mut shown: ResMut<SettingsShown>,
    mut settings: ResMut<Settings>,
    status: Res<ModelStatus>,
    voice: Option<Res<VoiceStatus>>,
) {
    if !shown.0 {
        return;
    }
    let Ok(ctx) = contexts.ctx_mut() else { return };
    let covered = ChatPanelPlugin::covered_width(ctx.content_rect().width());
    let mut chosen = settings.clone();
    Window::new("settings")
        .id(Id::new("stage settings"))
        .title_bar(false)
        .resizable(false)
        .anchor(Align2::CENTER_CENTER, [-covered / 2.0, 0.0])
        .frame(ChatPanelPlugin::frame(ACCENT))
        .show(ctx, |ui| {
            ChatPanelPlugin::dress(ui, ACCENT);
            ui.label(RichText::new("Settings").heading().color(ACCENT));
            Grid::new("settings").num_columns(2).spacing([18.0, 8.0]).show(ui, |ui| {
                rows(ui, &mut chosen);
                ui.label("Model");
                ui.label(RichText::new(model(&status)).small());
                ui.end_row();
                if let Some(voice) = &voice {
                    ui.label("Voice");
                    ui.label(RichText::new(speaks(voice)).small());
                    ui.end_row();
                }
            });
            if ui.button("Close").clicked() {
                shown.0 = false;
            }
        });
    settings.set_if_neq(chosen);
}

fn rows(ui: &mut Ui, chosen: &mut Settings) {
    ui.label("Language");
    ui.horizontal(|ui| {
        for tongue in Tongue::ALL {
            ui.selectable_value(&mut chosen.language, tongue, tongue.name());
        }
    });
    ui.end_row();
    ui.label("Avatars");
    ui.horizontal(|ui| {
        ui.selectable_value(&mut chosen.quality, Quality::Auto, "as the machine can");
        ui.selectable_value(&mut chosen.quality, Quality::Full, "full");
        ui.selectable_value(&mut chosen.quality, Quality::LowPoly, "low-poly")
            .on_hover_text("For slow computers; from the next start on");
    });
    ui.end_row();
    ui.label("Volume");
    let percent = |number: f64, _| format!("{:.0} %", number * 100.0);
    ui.add(Slider::new(&mut chosen.volume, 0.0..=1.0).custom_formatter(percent));
    ui.end_row();
    ui.label("Voices");
    ui.add(Slider::new(&mut chosen.voices, 0.0..=1.0).custom_formatter(percent));
    ui.end_row();
    ui.label("Text size");
    ui.horizontal(|ui| {
        for (size, name) in [(0.85, "small"), (1.0, "usual"), (1.25, "large"), (1.5, "huge")] {
            ui.selectable_value(&mut chosen.text_size, size, name);
        }
    });
    ui.end_row();
    ui.label("Motion");
    ui.checkbox(&mut chosen.reduced_motion, "reduced: nothing sways or glides");
    ui.end_row();
}

/// Where voices come from, in a few words.
fn speaks(status: &VoiceStatus) -> String {
    match status {
        VoiceStatus::Loading => "is being loaded; until then they babble".into(),
        VoiceStatus::Ready => "Kokoro, a voice for each".into(),
        VoiceStatus::Babble(reason) => format!("they babble: {reason}"),
    }
}

/// The model, in a few words.
fn model(status: &ModelStatus) -> String {
    match status {
        ModelStatus::Ready(info) if info.parameters > 0 => {
            format!("{}, {} million parameters", info.model, info.parameters / 1_000_000)
        }
        ModelStatus::Ready(info) => info.model.clone(),
        ModelStatus::Loading(loading) => loading.stage.to_string(),
        ModelStatus::Failed(_) => "none; see the message on stage".into(),
    }
}
