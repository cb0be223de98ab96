//! The panel from top to bottom: how close they are, what she knows, what can be done about it.

use bevy_egui::egui::{
    Align, Area, Button, Color32, Context, Id, Layout, Order, ProgressBar, Rect, RichText,
    ScrollArea, Ui, pos2, vec2,
};

use crate::{
    mind::{
        Audience, Bond,
        memory::{Episode, FactId, FanFact},
    },
    persona::{Language, PersonaId},
    view::chat_panel::{
        style::{self, TEXT, TROUBLE, WEAK},
        words,
    },
};

/// What is shown.
pub(super) struct View<'a> {
    pub(super) name: &'a str,
    pub(super) colour: Color32,
    pub(super) bond: &'a Bond,
    /// What she knows.
    pub(super) facts: Vec<&'a FanFact>,
    /// What they talked about.
    pub(super) talks: Vec<&'a Episode>,
    pub(super) member: &'a PersonaId,
    pub(super) language: Language,
}

/// What the fan asks for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Action {
    Close,
    Forget(FactId),
    ForgetAll,
    Export,
}

/// Below this width everything is smaller.
const SMALL_WINDOW: f32 = 900.0;

/// Draws the panel; gives what the fan asked for.
pub(super) fn panel(ctx: &Context, view: &View<'_>, asks_twice: &mut bool) -> Option<Action> {
    let window = ctx.content_rect();
    let small = window.width() < SMALL_WINDOW;
    let (margin, padding) = if small { (8.0, 10) } else { (14.0, 16) };
    let width = (window.width() * 0.3).clamp(226.0, 380.0).min(window.width() - 2.0 * margin);
    let rect = Rect::from_min_max(
        window.min + vec2(margin, margin),
        pos2(window.left() + margin + width, window.bottom() - margin),
    );
    let inner = rect.size() - vec2(2.0, 2.0) * f32::from(padding);
    let mut action = None;
    let area = Area::new(Id::new("bevy_persona memory")).fixed_pos(rect.min).order(Order::Middle);
    area.constrain(false).show(ctx, |ui| {
        style::apply(ui, view.colour, small);
        style::frame(view.colour, padding).show(ui, |ui| {
            ui.set_width(inner.x);
            ui.set_height(inner.y);
            action = action.or(header(ui, view));
            bond(ui, view);
            ui.separator();
            let below = if *asks_twice { 84.0 } else { 42.0 };
            let height = (ui.available_height() - below).max(40.0);
            ScrollArea::vertical().max_height(height).auto_shrink(false).show(ui, |ui| {
                action = action.or(facts(ui, view));
                talks(ui, view);
            });
            ui.separator();
            action = action.or(footer(ui, view, asks_twice));
        });
    });
    action
}

fn header(ui: &mut Ui, view: &View<'_>) -> Option<Action> {
    let title = format!("What {} remembers about you", view.name);
    ui.label(RichText::new(title).strong().color(view.colour));
    let closed = ui.button(RichText::new("Close").small()).on_hover_text("F11").clicked();
    closed.then_some(Action::Close)
}

/// How close they are.
fn bond(ui: &mut Ui, view: &View<'_>) {
    let Bond { relationship, mood, turns, .. } = view.bond;
    for (name, number) in [
        ("close", relationship.affinity()),
        ("trusts you", relationship.trust()),
        ("knows you", relationship.familiarity()),
    ] {
        ui.horizontal(|ui| {
            ui.add_sized(
                vec2(74.0, 14.0),
                bevy_egui::egui::Label::new(RichText::new(name).small().color(WEAK)),
            );
            let bar = ProgressBar::new(number / 100.0).fill(view.colour.gamma_multiply(0.7));
            ui.add(bar.desired_height(7.0).desired_width(ui.available_width() - 34.0));
            ui.label(RichText::new(format!("{number:.0}")).small().color(TEXT));
        });
    }
    let level = match relationship.level() {
        Audience::Public => "tells you what she tells everybody",
        Audience::Friend => "talks to you as to a friend",
        _ => "talks to you as to somebody close",
    };
    let turns = match turns {
        0 => "You have not talked yet.".into(),
        1 => format!("You talked once; she {level}."),
        turns => format!("You talked {turns} times; she {level}."),
    };
    ui.label(RichText::new(turns).small().color(WEAK));
    if let Some(chip) = mood.strongest().and_then(|felt| words::chip(&felt, view.language)) {
        style::chip(ui, &chip, view.colour);
    }
}

fn facts(ui: &mut Ui, view: &View<'_>) -> Option<Action> {
    if view.facts.is_empty() {
        ui.label(RichText::new("Nothing yet: tell her something of yourself.").color(WEAK));
    }
    let mut action = None;
    for fact in view.facts.iter().rev() {
        ui.horizontal_top(|ui| {
            ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
                let delete = Button::new(RichText::new("Forget").small());
                if ui.add(delete).clicked() {
                    action = Some(Action::Forget(fact.id));
                }
                ui.with_layout(Layout::top_down(Align::Min), |ui| {
                    ui.spacing_mut().item_spacing.y = 1.0;
                    ui.label(RichText::new(about(fact)).small().color(view.colour));
                    let told = (!fact.source.quote.is_empty())
                        .then(|| format!("You said: {}", fact.source.quote));
                    let value = ui.label(RichText::new(&fact.value).color(TEXT));
                    if let Some(told) = told {
                        value.on_hover_text(told);
                    }
                    let from = from(fact, view.member);
                    if !from.is_empty() {
                        ui.label(RichText::new(from).small().color(WEAK));
                    }
                });
            });
        });
        ui.add_space(4.0);
    }
    action
}

/// The key of a fact as words.
fn about(fact: &FanFact) -> String {
    let key = fact.key.as_str().trim_end_matches('_').replace('_', " ");
    match &fact.when {
        Some(when) => format!("{key}, {}", when.said),
        None => key,
    }
}

/// Who else knows it.
fn from(fact: &FanFact, member: &PersonaId) -> String {
    match &fact.private_to {
        Some(_) => "a secret between you two".into(),
        None if fact.member != *member => format!("you told {}", fact.member),
        None => String::new(),
    }
}

fn talks(ui: &mut Ui, view: &View<'_>) {
    let talks: Vec<_> = view.talks.iter().filter(|talk| !talk.summary.is_empty()).collect();
    if talks.is_empty() {
        return;
    }
    ui.add_space(6.0);
    ui.label(RichText::new("Talks").small().color(view.colour));
    for talk in talks.iter().rev() {
        ui.label(RichText::new(&talk.summary).small().color(WEAK));
    }
}

fn footer(ui: &mut Ui, view: &View<'_>, asks_twice: &mut bool) -> Option<Action> {
    let mut action = None;
    if *asks_twice {
        let question = "All will forget you: facts, closeness and talks. There is no way back.";
        ui.label(RichText::new(question).small().color(TROUBLE));
        ui.horizontal(|ui| {
            if ui.button("Keep it").clicked() {
                *asks_twice = false;
            }
            if ui.button(RichText::new("Forget everything").color(TROUBLE)).clicked() {
                *asks_twice = false;
                action = Some(Action::ForgetAll);
            }
        });
        return action;
    }
    ui.horizontal(|ui| {
        let copy = ui.button("Copy as JSON").on_hover_text("Everything that is remembered of you");
        if copy.clicked() {
            action = Some(Action::Export);
        }
        let has_any = !view.facts.is_empty() || view.bond.turns > 0;
        let forget = Button::new(RichText::new("Forget everything…").color(TROUBLE));
        if ui.add_enabled(has_any, forget).clicked() {
            *asks_twice = true;
        }
    });
    action
}
