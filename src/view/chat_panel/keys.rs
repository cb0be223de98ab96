//! Keys that an input method has taken, on their way to egui.

use bevy::{
    input::keyboard::{Key, KeyboardInput},
    prelude::*,
};
use bevy_egui::{EguiInput, egui::Event, helpers::bevy_to_egui_physical_key};

/// Takes out of egui's input what the input method has taken for itself.
///
/// On Windows such a key arrives as `Process`, and `bevy_egui` then goes by its place on the keyboard:
/// Enter, to accept a word that is being composed, would send the half-written message.
pub(super) fn leave_to_input_method(
    mut keys: MessageReader<KeyboardInput>,
    mut inputs: Query<&mut EguiInput>,
) {
    let of_input_method = keys.read().filter(|key| key.logical_key == Key::Process);
    let taken: Vec<_> =
        of_input_method.filter_map(|key| bevy_to_egui_physical_key(&key.key_code)).collect();
    if taken.is_empty() {
        return;
    }
    let is_taken = |event: &Event| matches!(event, Event::Key { key, pressed: true, .. } if taken.contains(key));
    for mut input in &mut inputs {
        input.0.events.retain(|event| !is_taken(event));
    }
}

#[cfg(test)]
mod tests {
    use bevy::input::{ButtonState, keyboard::NativeKeyCode};
    use bevy_egui::egui::{self, Modifiers};

    use super::*;

    fn pressed(key: egui::Key) -> Event {
        let modifiers = Modifiers::NONE;
        Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers }
    }

    fn message(key_code: KeyCode, logical_key: Key) -> KeyboardInput {
        let (state, text, repeat) = (ButtonState::Pressed, None, false);
        KeyboardInput { key_code, logical_key, state, text, repeat, window: Entity::PLACEHOLDER }
    }

    #[test]
    fn enter_that_accepts_a_composed_word_sends_nothing() {
        let mut app = App::new();
        app.add_message::<KeyboardInput>().add_systems(Update, leave_to_input_method);
        let mut input = EguiInput::default();
        input.0.events = vec![pressed(egui::Key::Enter), pressed(egui::Key::Tab)];
        let context = app.world_mut().spawn(input).id();
        app.world_mut().write_message(message(KeyCode::Enter, Key::Process));
        app.world_mut().write_message(message(KeyCode::Tab, Key::Tab));
        let nameless = KeyCode::Unidentified(NativeKeyCode::Unidentified);
        app.world_mut().write_message(message(nameless, Key::Process));
        app.update();
        let left = &app.world().get::<EguiInput>(context).unwrap().0.events;
        assert_eq!(*left, [pressed(egui::Key::Tab)]);
    }
}
