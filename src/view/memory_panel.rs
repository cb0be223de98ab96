//! What a character remembers of the fan, and what the fan may do about it.

mod export;
mod layout;

use bevy::{input::keyboard::KeyCode, prelude::*};
use bevy_egui::{EguiContexts, EguiPlugin, EguiPrimaryContextPass};

use super::{ChosenIdol, ShownPanels, chat_panel::style};
use crate::{
    dialogue::{Fan, FanLanguage, ForgetFact, ForgetFan, Rapport},
    persona::{Persona, PersonaAsset},
};
use layout::{Action, View};

/// A panel at the left: "What Siwoo remembers about you".
///
/// It shows how close the chosen character and the fan are, and every fact that she knows. Each can
/// be deleted; all can be forgotten, after a second question; all can be copied as JSON. Deleting is
/// done by [`ForgetFact`] and [`ForgetFan`], so a store forgets too. [`ShownPanels`] and F11 show it.
/// Needs [`PersonaPlugins`](crate::PersonaPlugins) and a window.
///
/// # Example
/// ```no_run
/// use bevy::prelude::*;
/// use bevy_persona::prelude::*;
///
/// App::new()
///     .add_plugins((PersonaSourcePlugin::default(), DefaultPlugins, PersonaPlugins::default()))
///     .add_plugins((ChatPanelPlugin::default(), MemoryPanelPlugin));
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct MemoryPanelPlugin;

impl Plugin for MemoryPanelPlugin {
    fn build(&self, app: &mut App) {
        if !app.is_plugin_added::<EguiPlugin>() {
            app.add_plugins(EguiPlugin::default());
        }
        app.init_resource::<ShownPanels>()
            .init_resource::<ChosenIdol>()
            .add_systems(Update, toggle)
            .add_systems(EguiPrimaryContextPass, show);
    }
}

fn toggle(keys: Option<Res<ButtonInput<KeyCode>>>, mut shown: ResMut<ShownPanels>) {
    if keys.is_some_and(|keys| keys.just_pressed(KeyCode::F11)) {
        shown.memory = !shown.memory;
        // Both lie at the left.
        shown.inspector &= !shown.memory;
    }
}

/// Draws the panel and does what the fan asks of it.
fn show(
    mut contexts: EguiContexts,
    mut shown: ResMut<ShownPanels>,
    chosen: Res<ChosenIdol>,
    fan: Res<Fan>,
    idols: Query<(&Persona, &Rapport, &FanLanguage)>,
    sheets: Res<Assets<PersonaAsset>>,
    mut asks_twice: Local<bool>,
    mut commands: Commands,
) {
    if !shown.memory {
        *asks_twice = false;
        return;
    }
    let Ok(ctx) = contexts.ctx_mut() else { return };
    let Some((persona, Rapport(bond), language)) = chosen.0.and_then(|idol| idols.get(idol).ok())
    else {
        return;
    };
    let Some(PersonaAsset { sheet }) = sheets.get(&persona.0) else { return };
    let view = View {
        name: sheet.name_in(language.0),
        colour: style::readable(sheet.colour),
        bond,
        facts: fan.memory.facts_for(&sheet.id),
        talks: fan.memory.episodes().iter().filter(|talk| talk.member == sheet.id).collect(),
        member: &sheet.id,
        language: language.0,
    };
    match layout::panel(ctx, &view, &mut asks_twice) {
        None => {}
        Some(Action::Close) => shown.memory = false,
        Some(Action::Forget(fact)) => commands.trigger(ForgetFact(fact)),
        Some(Action::ForgetAll) => commands.trigger(ForgetFan),
        Some(Action::Export) => {
            let bonds = idols.iter().filter_map(|(persona, Rapport(bond), _)| {
                Some((&sheets.get(&persona.0)?.sheet.id, bond))
            });
            match export::text(&fan, bonds) {
                Ok(text) => ctx.copy_text(text),
                Err(error) => error!("what is remembered cannot be written as JSON: {error}"),
            }
        }
    }
}
