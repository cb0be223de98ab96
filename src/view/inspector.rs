//! Shows how a character comes to her replies, and lets her persona be edited while the game runs.

mod edit;
mod layout;
mod plot;
mod record;
mod thought;

use bevy::{input::keyboard::KeyCode, prelude::*, time::Real};
use bevy_egui::{EguiContexts, EguiPlugin, EguiPrimaryContextPass};

use super::{ChosenIdol, ShownPanels, chat_panel::style};
use crate::{
    cue::EmotionBlend,
    dialogue::{DialogueState, FanLanguage, Rapport, ThoughtTrace},
    inference::ModelStatus,
    persona::{Persona, PersonaAsset, PersonaFolder},
};
use edit::Editor;
use layout::View;
use record::Record;

/// A panel at the left for those who write a character: F12 or [`ShownPanels`] shows it.
///
/// Of the chosen character it shows what she is doing and feeling, with the last minute as a curve;
/// how she came to her latest reply (the source of the words, the parts of the prompt, the lore and
/// the dialogues that were found); how fast the model was and how much it knew already; and her
/// persona file, which can be edited: only a text without faults is saved, and then used from the
/// next reply on. Needs [`PersonaPlugins`](crate::PersonaPlugins) and a window.
///
/// # Example
/// ```no_run
/// use bevy::prelude::*;
/// use bevy_persona::prelude::*;
///
/// App::new()
///     .add_plugins((PersonaSourcePlugin::default(), DefaultPlugins, PersonaPlugins::default()))
///     .add_plugins((ChatPanelPlugin::default(), InspectorPlugin));
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct InspectorPlugin;

impl Plugin for InspectorPlugin {
    fn build(&self, app: &mut App) {
        if !app.is_plugin_added::<EguiPlugin>() {
            app.add_plugins(EguiPlugin::default());
        }
        app.init_resource::<ShownPanels>()
            .init_resource::<ChosenIdol>()
            .init_resource::<Editor>()
            .register_required_components::<Persona, Record>()
            .add_observer(record::finished)
            .add_observer(record::failed)
            .add_systems(Update, (toggle, record::feel))
            .add_systems(EguiPrimaryContextPass, show);
    }
}

fn toggle(keys: Option<Res<ButtonInput<KeyCode>>>, mut shown: ResMut<ShownPanels>) {
    if keys.is_some_and(|keys| keys.just_pressed(KeyCode::F12)) {
        shown.inspector = !shown.inspector;
        // Both lie at the left.
        shown.memory &= !shown.inspector;
    }
}

/// Everybody who can be looked into.
type Idols<'w, 's> = Query<
    'w,
    's,
    (
        &'static Persona,
        &'static DialogueState,
        &'static FanLanguage,
        &'static Rapport,
        &'static EmotionBlend,
        &'static Record,
        Option<&'static ThoughtTrace>,
    ),
>;

fn show(
    mut contexts: EguiContexts,
    shown: Res<ShownPanels>,
    chosen: Res<ChosenIdol>,
    idols: Idols,
    sheets: Res<Assets<PersonaAsset>>,
    assets: Res<AssetServer>,
    folder: Option<Res<PersonaFolder>>,
    status: Res<ModelStatus>,
    time: Res<Time<Real>>,
    mut editor: ResMut<Editor>,
) {
    if !shown.inspector {
        return;
    }
    let Ok(ctx) = contexts.ctx_mut() else { return };
    let Some(idol) = chosen.0.and_then(|idol| idols.get(idol).ok()) else { return };
    let (persona, state, language, Rapport(bond), blend, record, trace) = idol;
    let Some(PersonaAsset { sheet }) = sheets.get(&persona.0) else { return };
    let path = assets.get_path(&persona.0);
    editor.open(path.as_ref(), folder.as_deref());
    let view = View {
        name: sheet.name_in(language.0),
        colour: style::readable(sheet.colour),
        state: *state,
        language: language.0,
        bond,
        blend,
        record,
        trace,
        status: &status,
        now: time.elapsed_secs_f64(),
        frame_seconds: time.delta_secs(),
    };
    if layout::panel(ctx, &view, &mut editor)
        && editor.save()
        && let Some(path) = path
    {
        assets.reload(path);
    }
}
