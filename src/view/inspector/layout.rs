//! The panel from top to bottom: now, the latest thought, the model, the persona file.

use bevy_egui::egui::{
    Area, Button, CollapsingHeader, Color32, Context, Id, Order, Rect, RichText, ScrollArea,
    TextEdit, TextStyle, Ui, pos2, vec2,
};

use super::{
    edit::Editor,
    plot,
    record::Record,
    thought::{row, thought},
};
use crate::{
    cue::EmotionBlend,
    dialogue::{DialogueState, ThoughtTrace},
    inference::ModelStatus,
    mind::Bond,
    persona::Language,
    view::chat_panel::{
        style::{self, TROUBLE, WEAK},
        words,
    },
};

/// What is shown.
pub(super) struct View<'a> {
    pub(super) name: &'a str,
    pub(super) colour: Color32,
    pub(super) state: DialogueState,
    pub(super) language: Language,
    pub(super) bond: &'a Bond,
    pub(super) blend: &'a EmotionBlend,
    pub(super) record: &'a Record,
    pub(super) trace: Option<&'a ThoughtTrace>,
    pub(super) status: &'a ModelStatus,
    /// In seconds since the app started.
    pub(super) now: f64,
    pub(super) frame_seconds: f32,
}

/// Below this width everything is smaller.
const SMALL_WINDOW: f32 = 900.0;

/// Draws the panel; gives whether the persona file is to be saved.
pub(super) fn panel(ctx: &Context, view: &View<'_>, editor: &mut Editor) -> bool {
    let window = ctx.content_rect();
    let small = window.width() < SMALL_WINDOW;
    let (margin, padding) = if small { (8.0, 10) } else { (14.0, 16) };
    let width = (window.width() * 0.34).clamp(240.0, 460.0).min(window.width() - 2.0 * margin);
    let rect = Rect::from_min_max(
        window.min + vec2(margin, margin),
        pos2(window.left() + margin + width, window.bottom() - margin),
    );
    let inner = rect.size() - vec2(2.0, 2.0) * f32::from(padding);
    let mut save = false;
    let area =
        Area::new(Id::new("bevy_persona inspector")).fixed_pos(rect.min).order(Order::Middle);
    area.constrain(false).show(ctx, |ui| {
        style::apply(ui, view.colour, small);
        style::frame(view.colour, padding).show(ui, |ui| {
            ui.set_width(inner.x);
            ui.set_height(inner.y);
            let title = format!("Inside {}", view.name);
            ui.label(RichText::new(title).strong().color(view.colour));
            let room = ui.available_height();
            ScrollArea::vertical().max_height(room).auto_shrink(false).show(ui, |ui| {
                section(ui, "Now", true, |ui| now(ui, view));
                section(ui, "Latest thought", true, |ui| match view.trace {
                    Some(trace) => thought(ui, trace, view.colour),
                    None => {
                        ui.label(RichText::new("Nothing was said yet.").small().color(WEAK));
                    }
                });
                section(ui, "Model", true, |ui| model(ui, view));
                section(ui, "Persona file", false, |ui| save = persona(ui, editor));
            });
        });
    });
    save
}

fn section(ui: &mut Ui, name: &str, open: bool, content: impl FnOnce(&mut Ui)) {
    let title = RichText::new(name).text_style(TextStyle::Body);
    CollapsingHeader::new(title).id_salt(name).default_open(open).show_unindented(ui, content);
}

fn now(ui: &mut Ui, view: &View<'_>) {
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new(words::doing(view.state)).small());
        for (emotion, weight) in view.blend.weights().iter().filter(|(_, weight)| *weight > 0.05) {
            let name = words::feeling(emotion, view.language);
            style::chip(ui, &format!("{name} {weight:.2}"), plot::colour(emotion));
        }
    });
    plot::mood(ui, view.record.felt.iter(), view.now, view.language);
    let mood = view
        .bond
        .mood
        .strongest()
        .map(|emotion| format!("{emotion} {:.2}", view.bond.mood.intensity(&emotion)));
    row(ui, "mood", mood.as_deref().unwrap_or("at rest"));
    let relationship = &view.bond.relationship;
    let bond = format!(
        "affinity {:.1}, trust {:.1}, familiarity {:.1}, {} turns",
        relationship.affinity(),
        relationship.trust(),
        relationship.familiarity(),
        view.bond.turns
    );
    row(ui, "bond", &bond);
}

fn model(ui: &mut Ui, view: &View<'_>) {
    match view.status {
        ModelStatus::Ready(info) => row(ui, "model", &info.model),
        ModelStatus::Loading(loading) => row(ui, "model", &loading.stage),
        ModelStatus::Failed(error) => {
            ui.label(RichText::new(error.to_string()).small().color(TROUBLE));
        }
    }
    let record = view.record;
    match &record.stats {
        Some(stats) => {
            row(ui, "first words after", &format!("{:.2} s", stats.time_to_first_piece));
            row(ui, "speed", &format!("{:.1} tokens/s", stats.tokens_per_second()));
            let reply = format!("{} tokens in {:.1} s", stats.reply_tokens, stats.reply_time);
            row(ui, "latest reply", &reply);
            let cached = format!("{} of {} tokens", stats.cached_tokens, stats.prompt_tokens);
            row(ui, "known from before", &format!("{cached}; in all {}", percent(record.read)));
        }
        None => row(ui, "model replies", "none yet"),
    }
    let ends = format!(
        "{} ({} guarded, {} interrupted, {} failed)",
        record.replies, record.guarded, record.interrupted, record.failed
    );
    row(ui, "replies", &ends);
    row(ui, "frame", &format!("{:.1} ms", view.frame_seconds * 1000.0));
}

/// How much of all prompts was known.
fn percent([read, known]: [usize; 2]) -> String {
    format!("{} %", (known * 100).checked_div(read).unwrap_or_default())
}

/// Draws the editor; gives whether to save.
fn persona(ui: &mut Ui, editor: &mut Editor) -> bool {
    let mut save = false;
    let fault = editor.fault();
    ui.horizontal(|ui| {
        let changed = editor.is_changed();
        ui.label(RichText::new(editor.name()).small().color(WEAK));
        let can_save = changed && fault.is_none();
        save = ui.add_enabled(can_save, Button::new("Save")).clicked();
        if ui.add_enabled(changed, Button::new("Undo all")).clicked() {
            editor.revert();
        }
    });
    match &fault {
        Some((_, problem)) => {
            ui.label(RichText::new(problem).small().color(TROUBLE));
        }
        None => {
            let note = if editor.is_changed() { "no faults; not saved yet" } else { "no faults" };
            ui.label(RichText::new(note).small().color(WEAK));
        }
    }
    if let Some(line) = fault.as_ref().and_then(|(line, _)| *line)
        && let Some(text) = editor.text.lines().nth(line.saturating_sub(1))
    {
        let text = format!("{line}: {}", text.trim());
        ui.label(RichText::new(text).monospace().small().color(TROUBLE));
    }
    ui.add(
        TextEdit::multiline(&mut editor.text)
            .font(TextStyle::Monospace)
            .desired_rows(18)
            .desired_width(f32::INFINITY)
            .lock_focus(true),
    );
    save
}
