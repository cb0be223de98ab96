//! The line to write on, and its button.

use bevy_egui::egui::{Align, Button, EventFilter, Id, Key, Margin, TextEdit, Ui, vec2};

use super::{Draft, layout::Action, scene::Idol};

/// Names the line, for whoever asks who has the keyboard.
pub(super) fn id() -> Id {
    Id::new("bevy_persona chat entry")
}

/// How high the line is.
pub(super) fn height(small: bool) -> f32 {
    if small { 30.0 } else { 38.0 }
}

/// Draws it. Enter or the button sends; while she is `busy` the button stops her.
pub(super) fn entry(
    ui: &mut Ui,
    idol: &Idol<'_>,
    draft: &mut Draft,
    small: bool,
    busy: bool,
    actions: &mut Vec<Action>,
) {
    let button = vec2(if small { 46.0 } else { 60.0 }, height(small));
    ui.horizontal(|ui| {
        let width = ui.available_width() - button.x - ui.spacing().item_spacing.x;
        let keys =
            EventFilter { tab: true, horizontal_arrows: true, vertical_arrows: true, escape: busy };
        let line = TextEdit::singleline(&mut draft.text)
            .id(id())
            .hint_text(format!("Write to {}", idol.name))
            .vertical_align(Align::Center)
            .margin(Margin::symmetric(10, if small { 6 } else { 9 }))
            .event_filter(keys);
        let line = ui.add_sized(vec2(width, button.y), line);
        let entered = line.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        let label = if busy { "Stop" } else { "Send" };
        let pressed = ui.add_sized(button, Button::new(label)).clicked();
        if pressed && busy {
            actions.push(Action::Interrupt);
        } else if pressed || entered {
            let text = std::mem::take(&mut draft.text);
            if !text.trim().is_empty() {
                actions.push(Action::Say(text));
            }
            draft.focus = true;
        }
        if std::mem::take(&mut draft.focus) {
            line.request_focus();
        }
    });
}
