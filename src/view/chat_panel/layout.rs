//! The panel from top to bottom: who she is, whom else there is, the talk, a line to write on.

use bevy::prelude::Entity;
use bevy_egui::egui::{
    Align, Align2, Area, Button, Context, FocusDirection, Id, Key, Memory, Modifiers, Order,
    ProgressBar, Rect, RichText, ScrollArea, Ui, UiBuilder, pos2, vec2,
};

#[cfg(feature = "scene")]
use super::scene_layout;
use super::{
    Draft, bubbles, entry,
    scene::Idol,
    style::{self, TROUBLE, WEAK},
    words,
};
use crate::{dialogue::DialogueState, inference::ModelStatus};

/// What is shown.
pub(super) struct View<'a> {
    pub(super) idols: &'a [Idol<'a>],
    /// The place of the chosen one; none if nobody is there.
    pub(super) chosen: Option<usize>,
    pub(super) status: &'a ModelStatus,
    /// The scene that runs.
    #[cfg(feature = "scene")]
    pub(super) scene: Option<scene_layout::SceneView<'a>>,
}

/// What the fan asks for.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Action {
    Choose(Entity),
    Say(String),
    Interrupt,
    /// One of the choices of a scene.
    #[cfg(feature = "scene")]
    Option(usize),
    #[cfg(feature = "scene")]
    GoOn,
    #[cfg(feature = "scene")]
    StopScene,
}

/// Below this width everything is smaller.
pub(super) const SMALL_WINDOW: f32 = 900.0;

fn margin(window_width: f32) -> f32 {
    if window_width < SMALL_WINDOW { 8.0 } else { 14.0 }
}

pub(super) fn covered_width(window_width: f32) -> f32 {
    let width = (window_width * 0.31).clamp(226.0, 400.0) + margin(window_width);
    width.min(window_width)
}

fn place(window: Rect) -> Rect {
    let margin = margin(window.width());
    let left = window.right() - covered_width(window.width());
    Rect::from_min_max(
        pos2(left, window.top() + margin),
        pos2(window.right() - margin, window.bottom() - margin),
    )
}

/// Draws the panel; gives what the fan asked for.
pub(super) fn panel(ctx: &Context, view: &View<'_>, draft: &mut Draft) -> Vec<Action> {
    let window = ctx.content_rect();
    let small = window.width() < SMALL_WINDOW;
    let rect = place(window);
    let idol = view.chosen.map(|index| &view.idols[index]);
    let accent = idol.map_or(WEAK, |idol| idol.colour);
    let padding: i8 = if small { 10 } else { 16 };
    let inner = rect.size() - vec2(2.0, 2.0) * f32::from(padding);

    let mut actions = pressed(ctx, view, draft);
    let area = Area::new(Id::new("bevy_persona chat")).fixed_pos(rect.min).order(Order::Middle);
    area.constrain(false).show(ctx, |ui| {
        style::apply(ui, accent, small);
        style::frame(accent, padding).show(ui, |ui| {
            ui.set_width(inner.x);
            ui.set_height(inner.y);
            let Some(idol) = idol else {
                ui.label(RichText::new("Nobody is on stage yet.").color(WEAK));
                return;
            };
            #[cfg(feature = "scene")]
            if let Some(scene) = &view.scene {
                actions.extend(scene_layout::inside(ui, view, scene, idol, draft, small));
                return;
            }
            header(ui, idol);
            cast(ui, view, &mut actions);
            model(ui, view.status, &idol.name);
            ui.separator();
            let below = entry::height(small) + ui.spacing().item_spacing.y;
            let height = (ui.available_height() - below).max(40.0);
            let talk = ScrollArea::vertical()
                .id_salt(idol.entity)
                .max_height(height)
                .min_scrolled_height(height)
                .auto_shrink(false)
                .stick_to_bottom(true)
                .show(ui, |ui| {
                    bubbles::conversation(ui, idol, &mut actions);
                    if std::mem::take(&mut draft.follow) {
                        ui.scroll_to_cursor(Some(Align::BOTTOM));
                    }
                });
            let below = talk.content_size.y - talk.inner_rect.height() - talk.state.offset.y;
            draft.follow |= newest(ui, talk.inner_rect, below);
            let busy = idol.state != DialogueState::Idle;
            entry::entry(ui, idol, draft, small, busy, &mut actions);
        });
    });
    actions
}

/// A way back to the newest words, if the fan has scrolled away from them.
pub(super) fn newest(ui: &mut Ui, talk: Rect, below: f32) -> bool {
    const NEAR: f32 = 30.0;
    if below < NEAR {
        return false;
    }
    let size = vec2(92.0, 24.0);
    let place = Align2::CENTER_BOTTOM.align_size_within_rect(size, talk);
    let mut ui = ui.new_child(UiBuilder::new().max_rect(place));
    let label = RichText::new("↓ newest").small();
    ui.add_sized(size, Button::new(label).fill(style::OFFER)).clicked()
}

/// What keys ask for.
#[cfg_attr(not(feature = "scene"), expect(unused_variables, reason = "for scenes"))]
fn pressed(ctx: &Context, view: &View<'_>, draft: &Draft) -> Vec<Action> {
    #[cfg(feature = "scene")]
    if let Some(scene) = &view.scene {
        return scene_layout::keys(ctx, scene, draft);
    }
    keys(ctx, view)
}

/// Tab takes the next character (with Shift: the one before), Esc stops the reply.
fn keys(ctx: &Context, view: &View<'_>) -> Vec<Action> {
    let mut actions = Vec::new();
    let (Some(chosen), count) = (view.chosen, view.idols.len()) else { return actions };
    // Somebody who writes elsewhere keeps these keys.
    if ctx.memory(Memory::focused).is_some_and(|focused| focused != entry::id()) {
        return actions;
    }
    let step = ctx.input_mut(|input| {
        if input.consume_key(Modifiers::SHIFT, Key::Tab) {
            Some(count - 1)
        } else {
            input.consume_key(Modifiers::NONE, Key::Tab).then_some(1)
        }
    });
    if let Some(step) = step {
        ctx.memory_mut(|memory| memory.move_focus(FocusDirection::None));
        actions.push(Action::Choose(view.idols[(chosen + step) % count].entity));
    }
    let busy = view.idols[chosen].state != DialogueState::Idle;
    if busy && ctx.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape)) {
        actions.push(Action::Interrupt);
    }
    actions
}

fn header(ui: &mut Ui, idol: &Idol<'_>) {
    ui.horizontal(|ui| {
        ui.label(RichText::new(&idol.name).heading().color(idol.colour));
        // She speaks longer than the words take to come.
        let is_heard = idol.word.is_some();
        let state = if is_heard { DialogueState::Replying } else { idol.state };
        ui.label(RichText::new(words::doing(state)).small().color(WEAK));
        if let Some(chip) = idol.feeling.as_ref().and_then(|felt| words::chip(felt, idol.language))
        {
            style::chip(ui, &chip, idol.colour);
        }
    });
}

fn cast(ui: &mut Ui, view: &View<'_>, actions: &mut Vec<Action>) {
    if view.idols.len() < 2 {
        return;
    }
    ui.horizontal_wrapped(|ui| {
        for (index, idol) in view.idols.iter().enumerate() {
            let name = RichText::new(&idol.name).color(idol.colour);
            let label = ui.selectable_label(view.chosen == Some(index), name);
            if label.on_hover_text("Tab takes the next one").clicked() {
                actions.push(Action::Choose(idol.entity));
            }
        }
    });
}

/// Says how the model is doing, unless it is doing well.
fn model(ui: &mut Ui, status: &ModelStatus, name: &str) {
    match status {
        ModelStatus::Ready(_) => {}
        ModelStatus::Loading(loading) => {
            ui.label(RichText::new(&loading.stage).small().color(WEAK));
            if let Some(fraction) = loading.fraction() {
                ui.add(ProgressBar::new(fraction).desired_height(6.0));
            }
            let progress = words::progress(loading);
            if !progress.is_empty() {
                ui.label(RichText::new(progress).small().color(WEAK));
            }
        }
        ModelStatus::Failed(error) => {
            ui.label(RichText::new(words::trouble(error, name)).color(TROUBLE));
            ui.label(RichText::new(error.to_string()).small().color(WEAK));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use bevy::prelude::World;
    use bevy_egui::egui::{Color32, Event, ImeEvent, RawInput};

    use crate::{mind::History, persona::Language, view::chat_panel::transcript::Transcript};

    const WINDOW: Rect = Rect { min: pos2(0.0, 0.0), max: pos2(1280.0, 800.0) };

    /// A panel with one character, without a window.
    struct Shown {
        ctx: Context,
        entity: Entity,
        draft: Draft,
        state: DialogueState,
        history: History,
        fault: Option<String>,
        #[cfg(feature = "scene")]
        choices: Option<Vec<crate::scene::SceneChoice>>,
    }

    impl Shown {
        fn new() -> Self {
            let entity = World::new().spawn_empty().id();
            let (ctx, draft, history) = (Context::default(), Draft::default(), History::default());
            let mut shown = Self {
                ctx,
                entity,
                draft,
                state: DialogueState::Idle,
                history,
                fault: None,
                #[cfg(feature = "scene")]
                choices: None,
            };
            shown.frame(vec![]);
            shown.frame(vec![]);
            shown
        }

        fn frame(&mut self, events: Vec<Event>) -> Vec<Action> {
            let transcript = Transcript::default();
            let idols = [Idol {
                entity: self.entity,
                name: "Otto".into(),
                colour: Color32::WHITE,
                language: Language::English,
                state: self.state,
                word: None,
                feeling: None,
                fault: self.fault.clone(),
                history: &self.history,
                transcript: &transcript,
            }];
            let status = ModelStatus::default();
            let view = View {
                idols: &idols,
                chosen: Some(0),
                status: &status,
                #[cfg(feature = "scene")]
                scene: self.choices.as_deref().map(|choices| scene_layout::SceneView {
                    title: "The tower",
                    cast: &[],
                    said: &[],
                    choices,
                    suggestions: &[],
                    listens: false,
                }),
            };
            let mut actions = Vec::new();
            let input = RawInput { screen_rect: Some(WINDOW), events, ..RawInput::default() };
            let ctx = self.ctx.clone();
            let mut output = ctx.run_ui(input, |ui| {
                actions.extend(panel(&ui.ctx().clone(), &view, &mut self.draft));
            });
            // Nobody draws what was drawn.
            output.textures_delta.clear();
            assert!(!output.shapes.is_empty());
            actions
        }
    }

    fn pressed(key: Key) -> Event {
        let modifiers = Modifiers::NONE;
        Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers }
    }

    #[test]
    fn words_from_an_input_method_are_sent_by_enter() {
        let mut shown = Shown::new();
        assert_eq!(shown.frame(vec![Event::Ime(ImeEvent::Commit("안녕".into()))]), []);
        assert_eq!(shown.draft.text, "안녕");
        let sent = shown.frame(vec![pressed(Key::Enter)]);
        assert_eq!(sent, [Action::Say("안녕".into())]);
        assert_eq!(shown.draft.text, "");
    }

    #[test]
    fn escape_stops_her_only_while_she_is_busy() {
        let mut shown = Shown::new();
        assert_eq!(shown.frame(vec![pressed(Key::Escape)]), []);
        shown.state = DialogueState::Replying;
        assert_eq!(shown.frame(vec![pressed(Key::Escape)]), [Action::Interrupt]);
    }

    #[test]
    fn a_long_talk_is_shown_from_its_end_and_one_without_persona_at_all() {
        let mut shown = Shown::new();
        for turn in 0..40 {
            shown.history.push_fan(format!("This is message number {turn}"));
        }
        shown.draft.follow = true;
        shown.frame(vec![]);
        assert!(!shown.draft.follow);
        shown.fault = Some("otto.persona.ron:3:5: there is no field `nmae`".into());
        shown.frame(vec![]);
    }

    #[cfg(feature = "scene")]
    #[test]
    fn a_number_chooses_and_space_goes_on_unless_something_is_written() {
        let mut shown = Shown::new();
        let choice = |text: &str, available| crate::scene::SceneChoice {
            id: text.into(),
            text: text.into(),
            available,
            is_deed: text.starts_with('('),
        };
        let typed = |text: &str| vec![Event::Text(text.into())];
        shown.choices = Some(vec![]);
        shown.frame(vec![]);
        assert_eq!(shown.frame(typed(" ")), [Action::GoOn]);
        shown.choices =
            Some(vec![choice("Hello", true), choice("(Wave.)", true), choice("No", false)]);
        shown.frame(vec![]);
        assert_eq!(shown.frame(typed("2")), [Action::Option(1)]);
        assert_eq!(shown.draft.text, "");
        assert_eq!(shown.frame(typed("3")), []);
        shown.draft.text = "I was ".into();
        assert_eq!(shown.frame(typed("2")), []);
    }

    #[test]
    fn the_panel_leaves_the_greater_part_of_every_window_free() {
        for width in [640.0, 1280.0, 1920.0, 3840.0] {
            let covered = covered_width(width);
            assert!(covered > 220.0 && covered < width * 0.45, "{width}: {covered}");
        }
        assert!(covered_width(100.0) <= 100.0);
    }

    #[test]
    fn the_panel_lies_inside_the_window() {
        let window = Rect::from_min_size(pos2(0.0, 0.0), vec2(1280.0, 800.0));
        assert!(window.contains_rect(place(window)));
    }
}
