//! The talk itself: the fan at the right, the character at the left.

use std::{ops::Range, time::Duration};

use bevy_egui::egui::{
    Align, Align2, Button, Color32, CornerRadius, Label, Layout, Rect, RichText, Sense, TextFormat,
    TextStyle, Ui, UiBuilder, Vec2,
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
    if let Some(fault) = &idol.fault {
        missing(ui, fault);
        return;
    }
    let lines = idol.transcript.lines(idol.history);
    let last = lines.iter().rposition(|line| matches!(line, Line::Fan(_)));
    let newest = lines.iter().rposition(|line| matches!(line, Line::Idol(_)));
    let again = last.filter(|_| idol.state == DialogueState::Idle);
    if lines.is_empty() && idol.state == DialogueState::Idle {
        openers(ui, idol, actions);
    }
    for (index, line) in lines.into_iter().enumerate() {
        match line {
            Line::Fan(text) => {
                let job = plain(ui, text, TEXT);
                let shape = bubble(ui, job, Side::Right, style::fan_fill(idol.colour));
                let again = (again == Some(index)).then_some(text);
                offers(ui, shape, Side::Right, || text.to_owned(), again, actions);
            }
            Line::Idol(beats) => {
                let word = idol.word.filter(|_| newest == Some(index));
                let job = spoken(ui, beats, word, idol);
                let shape = bubble(ui, job, Side::Left, style::idol_fill());
                offers(ui, shape, Side::Left, || words_of(beats), None, actions);
            }
            Line::Trouble(trouble) => went_wrong(ui, trouble, &idol.name, actions),
        }
    }
    if idol.state != DialogueState::Idle && !idol.transcript.is_speaking() {
        thinking(ui, &idol.name);
    }
}

/// Draws what was said and done in a scene: each with the name of who speaks, unless she goes on.
#[cfg(feature = "scene")]
pub(super) fn scene(ui: &mut Ui, said: &[super::playing::Said], idols: &[Idol<'_>]) {
    use super::playing::Said;

    let accent = idols.first().map_or(WEAK, |idol| idol.colour);
    let mut speaker = None;
    for (index, entry) in said.iter().enumerate() {
        match entry {
            Said::Narration(text) => {
                ui.label(RichText::new(text).italics().color(WEAK));
                speaker = None;
            }
            Said::Fan { text, is_deed } => {
                let mut job = plain(ui, text, TEXT);
                for section in &mut job.sections {
                    section.format.italics = *is_deed;
                }
                bubble(ui, job, Side::Right, style::fan_fill(accent));
                speaker = None;
            }
            Said::Member(spoken) => {
                let is_empty = spoken.beats().iter().all(|beat| beat.text.trim().is_empty());
                let idol = idols.iter().find(|idol| idol.entity == spoken.entity);
                let Some(idol) = idol.filter(|_| !is_empty) else { continue };
                if speaker.replace(idol.entity) != Some(idol.entity) {
                    ui.label(RichText::new(&idol.name).small().strong().color(idol.colour));
                }
                let later = said.get(index + 1..).unwrap_or_default();
                let is_newest = !later
                    .iter()
                    .any(|said| matches!(said, Said::Member(later) if later.entity == idol.entity));
                let job = spoken_job(ui, spoken.beats(), idol, is_newest);
                bubble(ui, job, Side::Left, style::idol_fill());
            }
        }
    }
}

/// A reply; in the newest one of hers the word is marked that she is saying.
#[cfg(feature = "scene")]
fn spoken_job(ui: &Ui, beats: &[Beat], idol: &Idol<'_>, is_newest: bool) -> LayoutJob {
    spoken(ui, beats, idol.word.filter(|_| is_newest), idol)
}

/// A text in one colour, wrapped to the width of a bubble.
fn plain(ui: &Ui, text: &str, colour: Color32) -> LayoutJob {
    let mut job = empty(ui);
    job.append(text, 0.0, text_format(ui, colour));
    job
}

/// A reply: before each change of feeling a chip that names it, in the character's colour; the word that
/// she is saying has it, too.
fn spoken(ui: &Ui, beats: &[Beat], word: Option<&Range<usize>>, idol: &Idol<'_>) -> LayoutJob {
    let mut job = empty(ui);
    let mut before = None;
    // Where a beat begins in the reply, in bytes.
    let mut at = 0;
    for beat in beats {
        let gap = if job.is_empty() { "" } else { " " };
        let changed = before.replace(&beat.emotion) != Some(&beat.emotion);
        let chip = words::chip(&beat.emotion, idol.language).filter(|_| changed);
        job.append(gap, 0.0, text_format(ui, TEXT));
        if let Some(chip) = chip {
            job.append(&format!("\u{a0}{chip}\u{a0}"), 0.0, chip_format(ui, idol.colour));
            job.append(" ", 0.0, text_format(ui, TEXT));
        }
        let [said, now, coming] = around(&beat.text, at, word);
        job.append(said.trim_start(), 0.0, text_format(ui, TEXT));
        job.append(now, 0.0, text_format(ui, idol.colour));
        job.append(coming.trim_end(), 0.0, text_format(ui, TEXT));
        at += beat.text.len();
    }
    job
}

/// What of a beat that begins `at` so many bytes stands before, in and after a word of the reply.
fn around<'a>(beat: &'a str, at: usize, word: Option<&Range<usize>>) -> [&'a str; 3] {
    let parts = word.and_then(|word| {
        let (start, end) = (word.start.checked_sub(at)?, word.end.checked_sub(at)?);
        Some([beat.get(..start)?, beat.get(start..end)?, beat.get(end..)?])
    });
    parts.unwrap_or([beat.trim_end(), "", ""])
}

fn chip_format(ui: &Ui, accent: Color32) -> TextFormat {
    let font = TextStyle::Small.resolve(ui.style());
    let background = accent.gamma_multiply(0.18);
    TextFormat {
        background,
        expand_bg: 2.0,
        valign: Align::Center,
        ..TextFormat::simple(font, accent)
    }
}

/// What was said, without its feelings.
fn words_of(beats: &[Beat]) -> String {
    beats.iter().map(|beat| beat.text.trim()).collect::<Vec<_>>().join(" ")
}

/// Where a bubble lies: itself, and the row that is its own.
struct Shape {
    bubble: Rect,
    row: Rect,
}

/// What can be done with a message that the pointer is over: copy it, or say it again.
fn offers(
    ui: &mut Ui,
    shape: Shape,
    side: Side,
    text: impl FnOnce() -> String,
    again: Option<&str>,
    actions: &mut Vec<Action>,
) {
    if !ui.rect_contains_pointer(shape.row) {
        return;
    }
    let layout = match side {
        Side::Left => Layout::right_to_left(Align::Max),
        Side::Right => Layout::left_to_right(Align::Max),
    };
    let room = Rect::from_x_y_ranges(shape.row.x_range(), shape.bubble.y_range());
    let mut ui = ui.new_child(UiBuilder::new().max_rect(room).layout(layout));
    ui.spacing_mut().button_padding = vec2(6.0, 1.0);
    let offer = |label: &str| Button::new(RichText::new(label).small()).fill(style::OFFER);
    if ui.add(offer("Copy")).clicked() {
        ui.ctx().copy_text(text());
    }
    if let Some(again) = again
        && ui.add(offer("Again")).on_hover_text("Say it once more").clicked()
    {
        actions.push(Action::Say(again.to_owned()));
    }
}

/// A character whose persona could not be read.
fn missing(ui: &mut Ui, fault: &str) {
    ui.label(RichText::new("Her persona file cannot be read, so she cannot talk.").color(TROUBLE));
    ui.label(RichText::new(fault).small().color(WEAK));
    ui.label(RichText::new("Mend the file; she comes when it is saved.").small().color(WEAK));
}

fn empty(ui: &Ui) -> LayoutJob {
    let width = ui.available_width() * WIDEST - 2.0 * PADDING.x;
    LayoutJob { wrap: TextWrapping::wrap_at_width(width), ..LayoutJob::default() }
}

fn text_format(ui: &Ui, colour: Color32) -> TextFormat {
    TextFormat::simple(TextStyle::Body.resolve(ui.style()), colour)
}

fn bubble(ui: &mut Ui, job: LayoutJob, side: Side, fill: Color32) -> Shape {
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
    Shape { bubble: rect, row }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_in_its_beat_only() {
        let beats = ["I waited. ", "You came!"];
        let word = 10..13;
        assert_eq!(around(beats[0], 0, Some(&word)), ["I waited.", "", ""]);
        assert_eq!(around(beats[1], 10, Some(&word)), ["", "You", " came!"]);
        assert_eq!(around(beats[1], 10, None), ["You came!", "", ""]);
        let wrong = 90..95;
        assert_eq!(around("시우", 0, Some(&wrong)), ["시우", "", ""]);
        assert_eq!(around("시우", 0, Some(&(1..2))), ["시우", "", ""]);
    }
}
