//! What an ear tells, and how it gets to a game that may be slow.

use crossbeam_channel::Sender;

use super::super::{Heard, ListenError};

/// Names what was recorded from one start to its end; unique within an [`Ear`](super::Ear).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RecordingId(pub(super) u64);

/// Something that an ear tells, and of which recording.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// Of which.
    pub recording: RecordingId,
    /// What.
    pub event: EarEvent,
}

/// What an ear tells of a recording.
#[derive(Debug, Clone, PartialEq)]
pub enum EarEvent {
    /// The microphone is open.
    Listening,
    /// How loud it is while it listens, for a meter. 0..1.
    Level(f32),
    /// Somebody begins to speak: a character who is talking may fall silent.
    SpeechBegan,
    /// Something was said and is being understood. Either [`Heard`](Self::Heard),
    /// [`Nothing`](Self::Nothing) or [`NotUnderstood`](Self::NotUnderstood) answers it.
    Understanding,
    /// What was said.
    Heard(Heard),
    /// There were no words in it; or nobody spoke at all while the key was held.
    Nothing,
    /// What was said could not be understood, for this reason. The next may be.
    NotUnderstood(ListenError),
    /// The microphone could not be opened, or was lost; [`Closed`](Self::Closed) follows. It can be
    /// tried again.
    Failed(ListenError),
    /// The microphone is closed, or need not be opened any more.
    Closed,
}

/// Tells a game what happens.
pub(super) struct Telling(pub(super) Sender<Told>);

/// So many events may wait before levels are left out.
const MANY: usize = 512;

impl Telling {
    /// Never waits, and loses nothing but levels.
    pub(super) fn tell(&self, recording: RecordingId, event: EarEvent) {
        if matches!(event, EarEvent::Level(_)) && self.0.len() > MANY {
            return;
        }
        // Nobody asks any more when the game ends.
        let _ = self.0.send(Told { recording, event });
    }
}
