//! To whom what is recorded is said, and what that makes of the ear.

use bevy::prelude::*;

use super::{EarEvent, Heard, Hearing, ListenError, Listening, RecordingId, Told, Understanding};

/// The recordings of which something will be told yet, and how the last ones ended.
#[derive(Debug, Default)]
pub(super) struct Recordings {
    /// The newest is the last.
    live: Vec<Recording>,
    /// Why the microphone does not work.
    refused: Option<ListenError>,
    /// How what was answered last was understood.
    answer: Understanding,
}

#[derive(Debug)]
struct Recording {
    id: RecordingId,
    to: Entity,
    microphone: Listening,
    /// How much of it is being understood.
    waiting: usize,
}

/// What the fan does.
#[derive(Debug)]
pub(super) enum Said {
    /// They begin to speak to a character.
    Begins(Entity),
    /// They have said this to a character.
    Whole(Entity, Heard),
}

impl Recordings {
    /// Something is recorded from now on, for a character.
    pub(super) fn begin(&mut self, id: RecordingId, to: Entity) {
        (self.refused, self.answer) = (None, Understanding::Idle);
        self.live.push(Recording { id, to, microphone: Listening::Opening, waiting: 0 });
    }

    /// Nothing can be recorded.
    pub(super) fn refuse(&mut self, error: ListenError) {
        self.refused = Some(error);
    }

    /// Nothing of it is waited for any more, but that the microphone closes.
    pub(super) fn forget(&mut self) {
        (self.refused, self.answer) = (None, Understanding::Idle);
        self.live.retain_mut(|recording| {
            recording.waiting = 0;
            recording.microphone.is_open()
        });
    }

    /// Takes what the ear tells.
    pub(super) fn take(&mut self, told: Told) -> Option<Said> {
        let place = self.live.iter().position(|recording| recording.id == told.recording)?;
        let is_newest = place + 1 == self.live.len();
        let recording = &mut self.live[place];
        let (mut said, mut answer) = (None, None);
        match told.event {
            EarEvent::Listening => recording.microphone = Listening::Open(0.0),
            EarEvent::Level(level) => recording.microphone = Listening::Open(level),
            EarEvent::SpeechBegan => said = Some(Said::Begins(recording.to)),
            EarEvent::Understanding => recording.waiting += 1,
            EarEvent::Heard(heard) => {
                said = Some(Said::Whole(recording.to, heard));
                answer = Some(Understanding::Idle);
            }
            EarEvent::Nothing => answer = Some(Understanding::Nothing),
            EarEvent::NotUnderstood(error) => answer = Some(Understanding::Failed(error)),
            EarEvent::Failed(error) if is_newest => self.refused = Some(error),
            EarEvent::Failed(_) => {}
            EarEvent::Closed => recording.microphone = Listening::Closed,
        }
        if let Some(answer) = answer {
            // Where nobody spoke while a key was held, nothing was waited for.
            recording.waiting = recording.waiting.saturating_sub(1);
            self.answer = answer;
        }
        self.live.retain(|recording| recording.microphone.is_open() || recording.waiting > 0);
        said
    }

    /// What all of them are together.
    pub(super) fn hearing(&self) -> Hearing {
        let refused = || self.refused.clone().map_or(Listening::Closed, Listening::Failed);
        let mut microphones = self.live.iter().rev().map(|recording| &recording.microphone);
        let open = microphones.find(|microphone| microphone.is_open()).cloned();
        let is_busy = self.live.iter().any(|recording| recording.waiting > 0);
        Hearing {
            listening: open.unwrap_or_else(refused),
            understanding: if is_busy { Understanding::Busy } else { self.answer.clone() },
        }
    }
}
