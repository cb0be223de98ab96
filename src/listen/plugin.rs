//! A game that listens.

use std::sync::{Arc, Mutex, atomic::AtomicBool};

use bevy::prelude::*;

use super::{
    Attention, AudioSource, Ear, EarEvent, Heard, Hearing, ListenError, Listening, Microphone,
    Transcribe,
    recordings::{Recordings, Said},
};
use crate::{
    cue::Attend,
    dialogue::{Interrupt, Say},
    persona::Language,
    systems,
};

/// Request: the fan says something aloud to a character: opens the microphone.
///
/// What is heard becomes a [`Say`] to this character, whoever is spoken to meanwhile. As soon as the fan
/// begins to speak, the character stops. What was begun before is stopped and understood.
///
/// # Example
/// Push to talk:
/// ```
/// use bevy::prelude::*;
/// use bevy_persona::{listen::{Attention, Listen, StopListening}, prelude::*};
///
/// fn push_to_talk(
///     keys: Res<ButtonInput<KeyCode>>,
///     siwoo: Single<Entity, With<Persona>>,
///     mut commands: Commands,
/// ) {
///     if keys.just_pressed(KeyCode::KeyV) {
///         commands.trigger(Listen { entity: *siwoo, attention: Attention::WhileHeld });
///     }
///     if keys.just_released(KeyCode::KeyV) {
///         commands.trigger(StopListening);
///     }
/// }
/// ```
#[derive(Debug, Clone, Copy, EntityEvent)]
pub struct Listen {
    /// The character.
    pub entity: Entity,
    /// Until when.
    pub attention: Attention,
}

/// Request: closes the microphone, whatever went wrong before; what was said is understood and said.
#[derive(Debug, Clone, Copy, Event)]
pub struct StopListening;

/// Request: closes the microphone and forgets what was said, even if it is understood already: no [`Say`]
/// comes of it.
#[derive(Debug, Clone, Copy, Event)]
pub struct CancelListening;

/// Fact: this was heard; a [`Say`] follows.
#[derive(Debug, Clone, EntityEvent)]
pub struct FanHeard {
    /// The character to whom it is said.
    pub entity: Entity,
    /// What was said, and how sure that is.
    pub heard: Heard,
}

/// Makes what listens.
type MakeTranscriber =
    dyn Fn(&AtomicBool) -> Result<Box<dyn Transcribe>, ListenError> + Send + Sync;

/// Lets fans speak to characters.
///
/// Hears [`Listen`], [`StopListening`] and [`CancelListening`]; [`Hearing`] says how it goes. Whisper
/// (133 MB, fetched when it is first needed) understands English, Korean, Japanese and more. Without a
/// microphone [`Listening::Failed`] says so, and the game goes on.
#[derive(Clone, Default)]
pub struct ListenPlugin {
    make: Option<Arc<MakeTranscriber>>,
    source: Option<Arc<Mutex<Option<Box<dyn AudioSource>>>>>,
    names: Vec<(Language, String)>,
}

impl ListenPlugin {
    /// Listens to another source than the microphone.
    #[must_use]
    pub fn with_source(mut self, source: Box<dyn AudioSource>) -> Self {
        self.source = Some(Arc::new(Mutex::new(Some(source))));
        self
    }

    /// Expects the names in this sentence, so that they are written as they should be: "Hi, Siwoo!"
    #[must_use]
    pub fn expecting(mut self, language: Language, sentence: impl Into<String>) -> Self {
        self.names.push((language, sentence.into()));
        self
    }

    /// Understands by other means than Whisper; `make` runs on a thread of its own when it is needed, and
    /// may take its time. It is given a flag that says when nobody waits any more.
    #[must_use]
    pub fn with_transcriber(
        mut self,
        make: impl Fn(&AtomicBool) -> Result<Box<dyn Transcribe>, ListenError> + Send + Sync + 'static,
    ) -> Self {
        self.make = Some(Arc::new(make));
        self
    }

    fn ear(&self) -> Result<Ear, ListenError> {
        let given = self.source.as_ref().and_then(|source| source.lock().ok()?.take());
        let source = given.unwrap_or_else(|| Box::new(Microphone::default()));
        let (make, names) = (self.make.clone(), self.names.clone());
        Ear::new(
            source,
            Box::new(move |closing| match &make {
                Some(make) => make(closing),
                None => super::of_this_user(&names, closing),
            }),
        )
    }
}

impl Plugin for ListenPlugin {
    fn build(&self, app: &mut App) {
        systems::configure(app);
        let hearing = match self.ear() {
            Ok(ear) => {
                app.insert_resource(GameEar { ear, recordings: Recordings::default() });
                Hearing::default()
            }
            Err(error) => {
                warn!("{error}");
                Hearing { listening: Listening::Failed(error), ..default() }
            }
        };
        app.insert_resource(hearing)
            .add_observer(listen)
            .add_observer(stop)
            .add_observer(cancel)
            .add_systems(PreUpdate, hear.run_if(resource_exists::<GameEar>));
    }
}

/// The ear, and to whom what it records is said.
#[derive(Debug, Resource)]
struct GameEar {
    ear: Ear,
    recordings: Recordings,
}

fn listen(
    listen: On<Listen>,
    ear: Option<ResMut<GameEar>>,
    mut hearing: ResMut<Hearing>,
    mut commands: Commands,
) {
    let Some(mut ear) = ear else { return };
    match ear.ear.start(listen.attention, None) {
        Ok(recording) => {
            ear.recordings.begin(recording, listen.entity);
            commands.trigger(Attend { entity: listen.entity });
        }
        Err(error) => ear.recordings.refuse(error),
    }
    hearing.set_if_neq(ear.recordings.hearing());
}

fn stop(_: On<StopListening>, ear: Option<Res<GameEar>>) {
    // What follows is told by the ear.
    if let Some(ear) = ear {
        ear.ear.stop();
    }
}

fn cancel(_: On<CancelListening>, ear: Option<ResMut<GameEar>>, mut hearing: ResMut<Hearing>) {
    let Some(mut ear) = ear else { return };
    ear.ear.cancel();
    ear.recordings.forget();
    hearing.set_if_neq(ear.recordings.hearing());
}

/// How many events are taken in a frame.
const MOST: usize = 64;

/// Takes what the ear tells.
fn hear(mut ear: ResMut<GameEar>, mut hearing: ResMut<Hearing>, mut commands: Commands) {
    let GameEar { ear, recordings } = &mut *ear;
    for told in std::iter::from_fn(|| ear.try_next()).take(MOST) {
        if let EarEvent::Failed(error) | EarEvent::NotUnderstood(error) = &told.event {
            warn!("{error}");
        }
        match recordings.take(told) {
            None => {}
            Some(Said::Begins(entity)) => commands.trigger(Interrupt { entity }),
            Some(Said::Whole(entity, heard)) => {
                let text = heard.text.clone();
                commands.trigger(FanHeard { entity, heard });
                commands.trigger(Say { entity, text });
            }
        }
    }
    hearing.set_if_neq(recordings.hearing());
}

#[cfg(test)]
mod tests;
