//! Voices: what characters reply is spoken, and their lips move with the sound.
//!
//! Replies are cut into clauses, and the first is spoken while the model still finds the others. While a
//! character speaks, her feelings, gestures and the words of a subtitle keep time with her voice and not
//! with the text, which comes faster.

mod clock;
mod ducking;
mod floor;
mod hear;
mod order;
mod play;
mod recital;
mod settings;
mod sound;
mod speaker;
#[cfg(test)]
mod tests;
mod voices;

use std::sync::{Arc, atomic::AtomicBool};

use bevy::{
    audio::{AddAudioSource, AudioPlugin},
    prelude::*,
};

use crate::{
    PersonaSystems,
    cue::{LipSync, SpokenWord, Voiced},
    persona::Persona,
    systems,
    voice::{Babble, Synthesizer, VoiceError, VoiceWorker},
};
pub use ducking::MusicUnderVoices;
pub use settings::{TurnTaking, VoiceSettings, VoiceStatus, VoiceVolume};
use sound::SpeechSound;
pub(crate) use speaker::Speaker;

/// Makes a voice, on its own thread; the flag says when nobody waits any more.
type MakeVoice = Arc<dyn Fn(&AtomicBool) -> Result<Box<dyn Synthesizer>, VoiceError> + Send + Sync>;

/// Lets characters speak aloud.
///
/// Gives whoever has a [`Persona`] a voice, a [`LipSync`] and a [`SpokenWord`]. By default the voice model
/// (Kokoro, 92 MB, fetched once) speaks with the style table of her id in the folder `voices` of the
/// assets, or with one that she borrows. While it loads, where it is missing, and when it is too late, she
/// says what was said before or made by `persona voice render`, and babbles all else in her own pitch.
/// Without a sound card all of it happens in silence.
///
/// Sounds come from the head of the avatar if the world has a `SpatialListener`, else from everywhere.
///
/// # Example
/// Only babble, as some games have it:
/// ```
/// use bevy::prelude::*;
/// use bevy_persona::{prelude::*, view::VoicePlugin};
///
/// let plugins = PersonaPlugins::default().build().set(VoicePlugin::babble());
/// ```
#[derive(Clone, Default)]
pub struct VoicePlugin {
    make: Option<MakeVoice>,
    is_babble: bool,
}

impl VoicePlugin {
    /// Characters babble: no weights, no words.
    #[must_use]
    pub fn babble() -> Self {
        Self { make: None, is_babble: true }
    }

    /// A voice of your own; `make` runs on the thread of the voice and may take its time.
    #[must_use]
    pub fn with_voice(
        make: impl Fn(&AtomicBool) -> Result<Box<dyn Synthesizer>, VoiceError> + Send + Sync + 'static,
    ) -> Self {
        Self { make: Some(Arc::new(make)), is_babble: false }
    }

    /// What speaks while the model loads, and instead of it.
    fn babbler(&self) -> VoiceWorker {
        let finds_kept_lines = !self.is_babble && self.make.is_none();
        VoiceWorker::start("babble", move |_| {
            Ok(if finds_kept_lines {
                Box::new(crate::voice::kept_or_babble())
            } else {
                Box::new(Babble)
            })
        })
    }

    fn worker(&self) -> Option<VoiceWorker> {
        if self.is_babble {
            return None;
        }
        let make = self.make.clone();
        Some(VoiceWorker::start("voice", move |closing| match make {
            Some(make) => make(closing),
            None => crate::voice::of_this_user(closing),
        }))
    }
}

impl Plugin for VoicePlugin {
    fn build(&self, app: &mut App) {
        systems::configure(app);
        let status = if self.is_babble {
            VoiceStatus::Babble("the game wants it so".into())
        } else {
            VoiceStatus::Loading
        };
        app.init_resource::<VoiceSettings>()
            .init_resource::<floor::Floor>()
            .insert_resource(status)
            .insert_resource(voices::Voices::new(self.worker(), self.babbler()))
            .register_required_components::<Persona, Speaker>()
            .register_required_components::<Persona, LipSync>()
            .register_required_components::<Persona, SpokenWord>()
            .register_required_components::<Persona, Voiced>()
            .add_observer(hear::own_chances)
            .add_observer(hear::begin)
            .add_observer(hear::feel)
            .add_observer(hear::say)
            .add_observer(hear::utter)
            .add_observer(hear::end)
            .add_observer(hear::fail)
            .add_observer(hear::give_way)
            .add_observer(hear::interrupt)
            .add_systems(
                Update,
                (order::receive, order::order, play::play)
                    .chain()
                    .after(PersonaSystems::Advance)
                    .before(PersonaSystems::Express),
            )
            .add_systems(Update, ducking::duck);
        #[cfg(feature = "vrm")]
        app.add_observer(mouth_of_an_avatar);
    }

    // Here every plugin has been added, whichever came first.
    fn finish(&self, app: &mut App) {
        if app.is_plugin_added::<AudioPlugin>() {
            app.add_audio_source::<SpeechSound>();
        }
    }
}

/// From where a character's voice comes.
#[derive(Debug, Clone, Copy, Component)]
struct MouthPlace(Entity);

/// Her voice comes from the head.
#[cfg(feature = "vrm")]
fn mouth_of_an_avatar(
    rigged: On<Add, super::AvatarRig>,
    rigs: Query<&super::AvatarRig>,
    mut commands: Commands,
) {
    let head = rigs.get(rigged.entity).ok().and_then(|rig| rig.bone(super::HumanBone::Head));
    if let Some(head) = head {
        commands.entity(rigged.entity).insert(MouthPlace(head.entity));
    }
}
