//! What a game may show of its ear.

use bevy::prelude::*;

use super::ListenError;

/// What the ear of the game does.
///
/// The microphone and what understands are two things, and each goes its own way: what was said is
/// understood while the next is recorded, and what cannot be understood closes no microphone.
///
/// | [`Listening`] | on | next |
/// |---|---|---|
/// | any | [`Listen`](super::Listen) | `Opening` |
/// | `Opening` | the device records | `Open` |
/// | `Open` | sound comes | `Open`, as loud as that |
/// | `Opening`, `Open` | the device is closed: after [`StopListening`](super::StopListening) or [`CancelListening`](super::CancelListening), or a minute of a held key | `Closed` |
/// | `Opening`, `Open` | there is no device, or it is lost | `Failed` |
///
/// | [`Understanding`] | on | next |
/// |---|---|---|
/// | any | something was said: a held key is let go, or its speaker pauses | `Busy` |
/// | `Busy` | all that was said is understood, with [`FanHeard`](super::FanHeard) | `Idle` |
/// | `Busy` | the same, and there were no words in the last of it | `Nothing` |
/// | `Busy` | the same, and the last of it cannot be understood | `Failed` |
/// | any but `Busy` | a held key is let go, and nobody has spoken | `Nothing` |
/// | any but `Busy` | [`Listen`](super::Listen) | `Idle` |
/// | any | [`CancelListening`](super::CancelListening) | `Idle` |
///
/// A microphone is shown as open until it is closed, and not until it is asked to be: that takes some
/// hundredths of a second, or as long as the system needs to open it first.
#[derive(Debug, Clone, PartialEq, Default, Resource)]
pub struct Hearing {
    /// What the microphone does.
    pub listening: Listening,
    /// What becomes of what was said.
    pub understanding: Understanding,
}

/// What the microphone does.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Listening {
    /// It is closed.
    #[default]
    Closed,
    /// It is being opened.
    Opening,
    /// It is open; this loud it is. 0..1.
    Open(f32),
    /// It is closed, since it does not work, for this reason; it can be tried again.
    Failed(ListenError),
}

/// What becomes of what was said.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Understanding {
    /// All was understood.
    #[default]
    Idle,
    /// It is being understood.
    Busy,
    /// Nothing was said, or nothing that has words.
    Nothing,
    /// It cannot be understood, for this reason; the next may be.
    Failed(ListenError),
}

impl Hearing {
    /// Whether the microphone is open, or is being opened.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.listening.is_open()
    }
}

impl Listening {
    /// Whether the microphone is open, or is being opened.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Opening | Self::Open(_))
    }
}
