//! Wires the dialogue.

use bevy::prelude::*;

use super::{
    AskIds, BondShifted, Conversation, DialogueState, Fan, FanFocus, FanLanguage, Rapport,
    ReplyChunk, SceneListens, SceneNotes, TurnSettled, advance,
    ask::Asks,
    authored,
    forget::{self, Forgotten},
    heads::{PromptHeads, forget_changed},
    receive, request,
};
use crate::{
    PersonaSystems,
    cue::EmotionBlend,
    inference::{Inbox, InferenceHandle},
    library::MindLibrary,
    mind::PromptForm,
    persona::{Persona, PersonaAsset},
    systems,
};

/// Lets characters hear [`Say`](super::Say) and [`Interrupt`](super::Interrupt), and reply.
///
/// Gives every [`Persona`] a [`Conversation`], a [`DialogueState`], a [`FanLanguage`], a [`Rapport`]
/// and an [`EmotionBlend`]; installs [`FanFocus`], [`Fan`] and [`SceneNotes`]. Needs [`InferencePlugin`](crate::inference::InferencePlugin) and
/// [`PersonaAssetsPlugin`](crate::persona::PersonaAssetsPlugin).
///
/// # Example
/// ```
/// use bevy_persona::dialogue::DialoguePlugin;
///
/// let always_the_same = DialoguePlugin { seed: Some(7), ..DialoguePlugin::default() };
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct DialoguePlugin {
    /// Makes the same conversation go the same way; drawn from the clock unless given.
    pub seed: Option<u64>,
    /// How much the model is told and trusted; by its size unless given.
    pub form: Option<PromptForm>,
}

/// The form of prompts that the game wants, whatever the model.
#[derive(Debug, Clone, Copy, Default, Resource)]
pub(super) struct FormOverride(pub(super) Option<PromptForm>);

impl Plugin for DialoguePlugin {
    fn build(&self, app: &mut App) {
        systems::configure(app);
        app.register_required_components::<Persona, Conversation>()
            .register_required_components::<Persona, DialogueState>()
            .register_required_components::<Persona, FanLanguage>()
            .register_required_components::<Persona, EmotionBlend>()
            .register_required_components::<Persona, Asks>()
            .register_required_components::<Persona, Rapport>()
            .init_resource::<Fan>()
            .init_resource::<SceneNotes>()
            .init_resource::<MindLibrary>()
            .insert_resource(FormOverride(self.form))
            .insert_resource(request::Seed::new(self.seed))
            .init_resource::<AskIds>()
            .init_resource::<SceneListens>()
            .init_resource::<FanFocus>()
            .init_resource::<PromptHeads>()
            .add_message::<ReplyChunk>()
            .add_message::<TurnSettled>()
            .add_message::<BondShifted>()
            .add_message::<Forgotten>()
            .add_observer(request::say)
            .add_observer(request::perform)
            .add_observer(request::improvise)
            .add_observer(request::answer)
            .add_observer(request::interrupt)
            .add_observer(request::leave)
            .add_observer(forget::forget_fact)
            .add_observer(forget::forget_fan)
            .add_observer(forget::forget_profile)
            .add_systems(
                Update,
                (
                    (receive::interpret.run_if(resource_exists::<Inbox>), authored::speak)
                        .chain()
                        .in_set(PersonaSystems::Interpret),
                    (
                        (forget_changed, advance::begin)
                            .chain()
                            .run_if(resource_exists::<Assets<PersonaAsset>>),
                        advance::show_state,
                    )
                        .chain()
                        .in_set(PersonaSystems::Advance),
                ),
            )
            .add_systems(
                PostUpdate,
                (advance::look, advance::submit)
                    .chain()
                    .run_if(resource_exists::<InferenceHandle>)
                    .in_set(PersonaSystems::Submit),
            );
    }
}
