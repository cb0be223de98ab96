//! The panel while a scene runs: its name, what the whole cast says, what the fan may choose.

use bevy::prelude::Entity;
use bevy_egui::egui::{
    Align, Button, Context, Event, Id, Key, Layout, Memory, Modifiers, RichText, ScrollArea, Ui,
    vec2,
};

use super::{
    Draft, bubbles, entry,
    layout::{Action, View, newest},
    playing::Said,
    scene::Idol,
    style::{self, WEAK},
    words,
};
use crate::{dialogue::DialogueState, persona::Language, scene::SceneChoice};

/// The scene that runs.
pub(super) struct SceneView<'a> {
    /// What it is called, in the fan's language.
    pub(super) title: &'a str,
    pub(super) cast: &'a [Entity],
    pub(super) said: &'a [Said],
    pub(super) choices: &'a [SceneChoice],
    /// Answers to suggest.
    pub(super) suggestions: &'a [String],
    /// Whether somebody waits for what the fan says.
    pub(super) listens: bool,
}

/// Keys that choose: a number, or the space bar to go on; only as long as nothing is written.
pub(super) fn keys(ctx: &Context, scene: &SceneView<'_>, draft: &Draft) -> Vec<Action> {
    let is_elsewhere = ctx.memory(Memory::focused).is_some_and(|focused| focused != entry::id());
    if is_elsewhere || !draft.text.is_empty() {
        return vec![];
    }
    let mut actions = vec![];
    ctx.input_mut(|input| {
        input.events.retain(|event| {
            let Event::Text(text) = event else { return true };
            let action = meant(text, scene);
            let is_key = action.is_some();
            actions.extend(action);
            !is_key
        });
        if input.consume_key(Modifiers::NONE, Key::Escape) {
            actions.push(Action::GoOn);
        }
    });
    actions.truncate(1);
    actions
}

/// What a typed sign asks for.
fn meant(text: &str, scene: &SceneView<'_>) -> Option<Action> {
    if text == " " {
        return scene.choices.is_empty().then_some(Action::GoOn);
    }
    let number = text.parse::<usize>().ok()?.checked_sub(1)?;
    let choice = scene.choices.get(number)?;
    choice.available.then_some(Action::Option(number))
}

/// Draws what is inside of the panel.
pub(super) fn inside(
    ui: &mut Ui,
    view: &View<'_>,
    scene: &SceneView<'_>,
    idol: &Idol<'_>,
    draft: &mut Draft,
    small: bool,
) -> Vec<Action> {
    let mut actions = vec![];
    header(ui, scene, idol, &mut actions);
    cast(ui, view, scene);
    ui.separator();
    let chips_id = Id::new("bevy_persona scene chips");
    // As high as they were a moment ago.
    let chips_height: f32 = ui.data(|data| data.get_temp(chips_id)).unwrap_or(0.0);
    let below = entry::height(small) + chips_height + 2.0 * ui.spacing().item_spacing.y;
    let height = (ui.available_height() - below).max(40.0);
    let talk = ScrollArea::vertical()
        .id_salt("scene")
        .max_height(height)
        .min_scrolled_height(height)
        .auto_shrink(false)
        .stick_to_bottom(true)
        .show(ui, |ui| {
            bubbles::scene(ui, scene.said, view.idols);
            if std::mem::take(&mut draft.follow) {
                ui.scroll_to_cursor(Some(Align::BOTTOM));
            }
        });
    let below = talk.content_size.y - talk.inner_rect.height() - talk.state.offset.y;
    draft.follow |= newest(ui, talk.inner_rect, below);
    let most = ui.available_height().max(80.0) * 0.9;
    let chips = ui.scope(|ui| chips(ui, scene, idol, most, &mut actions)).response.rect.height();
    if (chips - chips_height).abs() > 0.5 {
        ui.data_mut(|data| data.insert_temp(chips_id, chips));
        draft.follow = true;
        ui.ctx().request_repaint();
    }
    entry::entry(ui, idol, draft, small, false, &mut actions);
    actions
}

fn header(ui: &mut Ui, scene: &SceneView<'_>, idol: &Idol<'_>, actions: &mut Vec<Action>) {
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let stop = RichText::new(words::stop_scene(idol.language)).small();
            if ui.add(Button::new(stop).fill(style::OFFER)).clicked() {
                actions.push(Action::StopScene);
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let title = RichText::new(scene.title).heading().color(idol.colour);
                ui.add(bevy_egui::egui::Label::new(title).truncate());
            });
        });
    });
}

/// Who plays; whoever speaks is bright.
fn cast(ui: &mut Ui, view: &View<'_>, scene: &SceneView<'_>) {
    ui.horizontal_wrapped(|ui| {
        for idol in view.idols.iter().filter(|idol| scene.cast.contains(&idol.entity)) {
            let speaks = idol.state == DialogueState::Replying || idol.word.is_some();
            let colour = if speaks { idol.colour } else { idol.colour.gamma_multiply(0.55) };
            ui.label(RichText::new(&idol.name).small().color(colour));
            if idol.state == DialogueState::Waiting {
                ui.label(RichText::new(words::doing(idol.state)).small().italics().color(WEAK));
            }
        }
    });
}

/// What the fan may choose, answer, or pass over.
fn chips(
    ui: &mut Ui,
    scene: &SceneView<'_>,
    idol: &Idol<'_>,
    most: f32,
    actions: &mut Vec<Action>,
) {
    ScrollArea::vertical().id_salt("chips").max_height(most).auto_shrink([false, true]).show(
        ui,
        |ui| {
            for (index, choice) in scene.choices.iter().enumerate() {
                if option(ui, index, choice, idol) {
                    actions.push(Action::Option(index));
                }
            }
            if !scene.choices.is_empty() {
                return;
            }
            ui.horizontal_wrapped(|ui| {
                for answer in scene.suggestions {
                    let label = RichText::new(answer).color(style::TEXT);
                    let chip = Button::new(label).fill(idol.colour.gamma_multiply(0.14));
                    if ui.add(chip.wrap()).clicked() {
                        actions.push(Action::Say(answer.clone()));
                    }
                }
                if go_on(ui, idol.language, scene.listens) {
                    actions.push(Action::GoOn);
                }
            });
        },
    );
}

/// One thing to choose: a number, and what the fan says or does.
fn option(ui: &mut Ui, index: usize, choice: &SceneChoice, idol: &Idol<'_>) -> bool {
    let text = format!("{}   {}", index + 1, choice.text);
    let text = RichText::new(text).color(if choice.available { style::TEXT } else { WEAK });
    let text = if choice.is_deed { text.italics() } else { text };
    let button = Button::new(text)
        .fill(idol.colour.gamma_multiply(if choice.available { 0.3 } else { 0.08 }))
        .min_size(vec2(ui.available_width(), 0.0))
        .wrap();
    ui.add_enabled(choice.available, button).clicked()
}

fn go_on(ui: &mut Ui, language: Language, listens: bool) -> bool {
    let label = RichText::new(words::go_on(language, listens)).small().color(WEAK);
    let chip = Button::new(label).fill(style::OFFER);
    ui.add(chip).on_hover_text(words::space_bar(language)).clicked()
}
