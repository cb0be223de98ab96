//! The talk itself: the fan at the right, the character at the left.

use std::time::Duration;

use bevy_egui::egui::{
    Align2, Color32, CornerRadius, Label, Rect, RichText, Sense, TextFormat, TextStyle, Ui,
    UiBuilder, Vec2,
    text::{LayoutJob, TextWrapping},
    vec2,
};

use super::{
    layout::Action,
    scene::Idol,
    style::{self, TEXT, TROUBLE, WEAK},
    transcript::{Line, Trouble},
    words,
};
use crate::{dialogue::DialogueState, mind::Beat};

/// Between the edge of a bubble and its text.
const PADDING: Vec2 = vec2(11.0, 7.0);
/// How much of the width a bubble may take.
const WIDEST: f32 = 0.9;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

/// Draws the conversation with one character.
pub(super) fn conversation(ui: &mut Ui, idol: &Idol<'_>, actions: &mut Vec<Action>) {
    let lines = idol.transcript.lines(idol.history);
    if lines.is_empty() && idol.state == DialogueState::Idle {
        openers(ui, idol, actions);
    }
    for line in lines {
        match line {
            Line::Fan(text) => {
                let job = plain(ui, text, TEXT);
                bubble(ui, job, Side::Right, style::fan_fill(idol.colour));
            }
            Line::Idol(beats) => {
                let job = spoken(ui, beats, idol.colour);
                bubble(ui, job, Side::Left, style::idol_fill());
            }
            Line::Trouble(trouble) => went_wrong(ui, trouble, &idol.name, actions),
        }
    }
    if idol.state != DialogueState::Idle && !idol.transcript.is_speaking() {
        thinking(ui, &idol.name);
    }
}

/// A text in one colour, wrapped to the width of a bubble.
fn plain(ui: &Ui, text: &str, colour: Color32) -> LayoutJob {
    let mut job = empty(ui);
    job.append(text, 0.0, text_format(ui, colour));
    job
}

/// A reply: before each change of feeling its sign, in the character's colour.
fn spoken(ui: &Ui, beats: &[Beat], accent: Color32) -> LayoutJob {
    let mut job = empty(ui);
    for beat in beats {
        let mut lead = String::from(if job.is_empty() { "" } else { " " });
        if let Some(mark) = words::mark(&beat.emotion) {
            lead.push_str(&mark);
            lead.push(' ');
        }
        if !lead.is_empty() {
            job.append(&lead, 0.0, text_format(ui, accent));
        }
        job.append(beat.text.trim(), 0.0, text_format(ui, TEXT));
    }
    job
}

fn empty(ui: &Ui) -> LayoutJob {
    let width = ui.available_width() * WIDEST - 2.0 * PADDING.x;
    LayoutJob { wrap: TextWrapping::wrap_at_width(width), ..LayoutJob::default() }
}

fn text_format(ui: &Ui, colour: Color32) -> TextFormat {
    TextFormat::simple(TextStyle::Body.resolve(ui.style()), colour)
}

fn bubble(ui: &mut Ui, job: LayoutJob, side: Side, fill: Color32) {
    let galley = ui.painter().layout_job(job);
    let size = galley.size() + 2.0 * PADDING;
    let (row, _) = ui.allocate_exact_size(vec2(ui.available_width(), size.y), Sense::hover());
    let rect = match side {
        Side::Left => Rect::from_min_size(row.min, size),
        Side::Right => Align2::RIGHT_TOP.align_size_within_rect(size, row),
    };
    let tail = |at: Side| if at == side { 4 } else { 13 };
    let corners = CornerRadius { nw: 13, ne: 13, sw: tail(Side::Left), se: tail(Side::Right) };
    ui.painter().rect_filled(rect, corners, fill);
    // A child of its own, because the row is spoken for.
    ui.new_child(UiBuilder::new().max_rect(rect.shrink2(PADDING))).add(Label::new(galley));
}

/// `Siwoo is thinking…`, with dots that come and go.
fn thinking(ui: &mut Ui, name: &str) {
    let beat = ui.input(|input| input.time * 2.5).rem_euclid(4.0);
    let dots = &"..."[..beat as usize];
    ui.label(RichText::new(format!("{name} is thinking{dots}")).italics().color(WEAK));
    ui.ctx().request_repaint_after(Duration::from_millis(200));
}

/// First words for somebody who does not know what to say.
fn openers(ui: &mut Ui, idol: &Idol<'_>, actions: &mut Vec<Action>) {
    ui.label(RichText::new(format!("Say something to {}, or begin with", idol.name)).color(WEAK));
    for opener in words::openers(idol.language, &idol.name) {
        if ui.button(&opener).clicked() {
            actions.push(Action::Say(opener));
        }
    }
}

fn went_wrong(ui: &mut Ui, trouble: &Trouble, name: &str, actions: &mut Vec<Action>) {
    ui.label(RichText::new(words::trouble(&trouble.error, name)).color(TROUBLE));
    ui.label(RichText::new(trouble.error.to_string()).small().color(WEAK));
    if let Some(text) = &trouble.unanswered
        && ui.button("Send again").clicked()
    {
        actions.push(Action::Say(text.clone()));
    }
}
