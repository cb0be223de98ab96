//! Wires the dialogue.

use bevy::prelude::*;

use super::{
    Conversation, DialogueState, FanFocus, FanLanguage, ReplyChunk, advance,
    ask::Asks,
    heads::{PromptHeads, forget_changed},
    receive, request,
};
use crate::{
    PersonaSystems,
    cue::EmotionBlend,
    inference::{Inbox, InferenceHandle},
    persona::{Persona, PersonaAsset},
    systems,
};

/// Lets characters hear [`Say`](super::Say) and [`Interrupt`](super::Interrupt), and reply.
///
/// Gives every [`Persona`] a [`Conversation`], a [`DialogueState`], a [`FanLanguage`] and an
/// [`EmotionBlend`]; installs [`FanFocus`]. Needs [`InferencePlugin`](crate::inference::InferencePlugin) and
/// [`PersonaAssetsPlugin`](crate::persona::PersonaAssetsPlugin).
///
/// # Example
/// ```
/// use bevy_persona::dialogue::DialoguePlugin;
///
/// let always_the_same = DialoguePlugin { seed: Some(7) };
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct DialoguePlugin {
    /// Makes the same conversation go the same way; drawn from the clock unless given.
    pub seed: Option<u64>,
}

impl Plugin for DialoguePlugin {
    fn build(&self, app: &mut App) {
        systems::configure(app);
        app.register_required_components::<Persona, Conversation>()
            .register_required_components::<Persona, DialogueState>()
            .register_required_components::<Persona, FanLanguage>()
            .register_required_components::<Persona, EmotionBlend>()
            .register_required_components::<Persona, Asks>()
            .insert_resource(request::Seed::new(self.seed))
            .init_resource::<request::LastAsk>()
            .init_resource::<FanFocus>()
            .init_resource::<PromptHeads>()
            .add_message::<ReplyChunk>()
            .add_observer(request::say)
            .add_observer(request::interrupt)
            .add_observer(request::leave)
            .add_systems(
                Update,
                (
                    receive::interpret
                        .run_if(resource_exists::<Inbox>)
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
