//! How she came to her latest reply.

use bevy_egui::egui::{Color32, ProgressBar, RichText, Ui, vec2};

use super::plot;
use crate::{
    dialogue::ThoughtTrace,
    view::chat_panel::{
        style::{self, TEXT, TROUBLE, WEAK},
        words,
    },
};

/// A name and a value in one line.
pub(super) fn row(ui: &mut Ui, name: &str, value: &str) {
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new(name).small().color(WEAK));
        ui.label(RichText::new(value).small().color(TEXT));
    });
}

/// Draws what the trace of a thought says.
pub(super) fn thought(ui: &mut Ui, trace: &ThoughtTrace, accent: Color32) {
    row(ui, "message", &trace.fan);
    row(ui, "answered from", &trace.source.to_string());
    row(ui, "language", trace.language.name());
    row(ui, "thought for", &format!("{:.1} ms", trace.seconds * 1000.0));
    if trace.candidates > 0 {
        row(ui, "replies made", &trace.candidates.to_string());
    }
    if let Some(kind) = trace.flagged {
        let text = format!("needs care: {}", kind.as_str());
        ui.label(RichText::new(text).small().color(TROUBLE));
    }
    if let Some(felt) = &trace.fan_feels {
        row(ui, "the fan feels", &felt.to_string());
    }
    suits(ui, trace);
    sections(ui, trace, accent);
    found(ui, "facts", trace.facts.iter().map(String::as_str));
    found(ui, "lore", trace.lore.iter().map(String::as_str));
    found(ui, "of the fan", [trace.memory.as_str()].into_iter().filter(|note| !note.is_empty()));
    let pairs: Vec<String> =
        trace.exemplars.iter().map(|[fan, idol]| format!("{fan} → {idol}")).collect();
    found(ui, "dialogues like this", pairs.iter().map(String::as_str));
}

fn suits(ui: &mut Ui, trace: &ThoughtTrace) {
    if trace.suits.is_empty() {
        return;
    }
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new("suits").small().color(WEAK));
        for (emotion, weight) in trace.suits.iter().take(4) {
            let name = words::feeling(emotion, trace.language);
            style::chip(ui, &format!("{name} {weight:.2}"), plot::colour(emotion));
        }
    });
}

/// The parts of the prompt, as bars.
fn sections(ui: &mut Ui, trace: &ThoughtTrace, accent: Color32) {
    let total: usize = trace.sections.iter().map(|(_, tokens)| tokens).sum();
    if total == 0 {
        return;
    }
    row(ui, "prompt", &format!("about {total} tokens"));
    for (name, tokens) in &trace.sections {
        ui.horizontal(|ui| {
            let name = bevy_egui::egui::Label::new(RichText::new(*name).small().color(WEAK));
            ui.add_sized(vec2(112.0, 13.0), name);
            #[expect(clippy::cast_precision_loss, reason = "a bar, far below 2^24 tokens")]
            let part = *tokens as f32 / total as f32;
            let bar = ProgressBar::new(part).fill(accent.gamma_multiply(0.6));
            ui.add(bar.desired_height(6.0).desired_width(ui.available_width() - 36.0));
            ui.label(RichText::new(tokens.to_string()).small().color(TEXT));
        });
    }
}

fn found<'a>(ui: &mut Ui, name: &str, texts: impl Iterator<Item = &'a str>) {
    let texts: Vec<&str> = texts.collect();
    if texts.is_empty() {
        return;
    }
    ui.label(RichText::new(format!("{name} ({})", texts.len())).small().color(WEAK));
    for text in texts {
        ui.indent(name, |ui| ui.label(RichText::new(text).small().color(TEXT)));
    }
}
