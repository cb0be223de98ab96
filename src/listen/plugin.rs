//! A game that listens.

use std::sync::{Arc, Mutex};

use bevy::prelude::*;

use super::{Attention, AudioSource, Ear, EarEvent, Heard, ListenError, Microphone, Transcribe};
use crate::{
    cue::Attend,
    dialogue::{Interrupt, Say},
    persona::Language,
    systems,
};

/// Request: the fan says something aloud to a character: opens the microphone.
///
/// What is heard becomes a [`Say`]. As soon as the fan begins to speak, the character stops.
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

/// Request: closes the microphone; what was said is understood and said.
#[derive(Debug, Clone, Copy, Event)]
pub struct StopListening;

/// Request: closes the microphone and forgets what was said.
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

/// What the ear of the game does.
#[derive(Debug, Clone, PartialEq, Default, Resource)]
pub enum Hearing {
    /// The microphone is closed.
    #[default]
    Closed,
    /// The microphone is being opened.
    Opening,
    /// It is open; this loud it is. 0..1.
    Listening(f32),
    /// What was said is being understood.
    Understanding,
    /// Nothing was said, or nothing that can be understood.
    Nothing,
    /// It does not work, for this reason; it can be tried again.
    Failed(ListenError),
}

impl Hearing {
    /// Whether the microphone is open, or will be.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Opening | Self::Listening(_))
    }
}

/// Makes what listens.
type MakeTranscriber = dyn Fn() -> Result<Box<dyn Transcribe>, ListenError> + Send + Sync;

/// Lets fans speak to characters.
///
/// Hears [`Listen`], [`StopListening`] and [`CancelListening`]; [`Hearing`] says how it goes. Whisper
/// (133 MB, fetched when it is first needed) understands English, Korean, Japanese and more. Without a
/// microphone [`Hearing::Failed`] says so, and the game goes on.
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

    /// Understands by other means than Whisper; `make` runs on a thread of its own when it is needed.
    #[must_use]
    pub fn with_transcriber(
        mut self,
        make: impl Fn() -> Result<Box<dyn Transcribe>, ListenError> + Send + Sync + 'static,
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
            Box::new(move || match &make {
                Some(make) => make(),
                None => super::of_this_user(&names),
            }),
        )
    }
}

impl Plugin for ListenPlugin {
    fn build(&self, app: &mut App) {
        systems::configure(app);
        let hearing = match self.ear() {
            Ok(ear) => {
                app.insert_resource(GameEar { ear, to: None });
                Hearing::Closed
            }
            Err(error) => {
                warn!("{error}");
                Hearing::Failed(error)
            }
        };
        app.insert_resource(hearing)
            .add_observer(listen)
            .add_observer(stop)
            .add_observer(cancel)
            .add_systems(PreUpdate, hear.run_if(resource_exists::<GameEar>));
    }
}

/// The ear, and to whom the fan speaks.
#[derive(Debug, Resource)]
struct GameEar {
    ear: Ear,
    to: Option<Entity>,
}

fn listen(
    listen: On<Listen>,
    ear: Option<ResMut<GameEar>>,
    mut hearing: ResMut<Hearing>,
    mut commands: Commands,
) {
    let Some(mut ear) = ear else { return };
    ear.to = Some(listen.entity);
    match ear.ear.start(listen.attention, None) {
        Ok(()) => {
            *hearing = Hearing::Opening;
            commands.trigger(Attend { entity: listen.entity });
        }
        Err(error) => *hearing = Hearing::Failed(error),
    }
}

fn stop(_: On<StopListening>, ear: Option<ResMut<GameEar>>, mut hearing: ResMut<Hearing>) {
    let Some(mut ear) = ear else { return };
    if hearing.is_open() {
        *hearing = match ear.ear.stop() {
            Ok(()) => Hearing::Understanding,
            Err(error) => Hearing::Failed(error),
        };
    }
}

fn cancel(_: On<CancelListening>, ear: Option<ResMut<GameEar>>, mut hearing: ResMut<Hearing>) {
    let Some(mut ear) = ear else { return };
    *hearing = match ear.ear.cancel() {
        Ok(()) => Hearing::Closed,
        Err(error) => Hearing::Failed(error),
    };
}

/// How many events are taken in a frame.
const MOST: usize = 64;

/// Takes what the ear tells.
fn hear(ear: Res<GameEar>, mut hearing: ResMut<Hearing>, mut commands: Commands) {
    for event in ear.ear.events().try_iter().take(MOST) {
        match event {
            EarEvent::Listening => *hearing = Hearing::Listening(0.0),
            EarEvent::Level(level) if hearing.is_open() => *hearing = Hearing::Listening(level),
            EarEvent::Level(_) => {}
            EarEvent::SpeechBegan => {
                if let Some(entity) = ear.to {
                    commands.trigger(Interrupt { entity });
                }
            }
            EarEvent::Heard(heard) => {
                if !hearing.is_open() {
                    *hearing = Hearing::Closed;
                }
                let Some(entity) = ear.to else { continue };
                let text = heard.text.clone();
                commands.trigger(FanHeard { entity, heard });
                commands.trigger(Say { entity, text });
            }
            EarEvent::Nothing if hearing.is_open() => {}
            EarEvent::Nothing => *hearing = Hearing::Nothing,
            EarEvent::Failed(error) => {
                warn!("{error}");
                *hearing = Hearing::Failed(error);
            }
        }
    }
}
