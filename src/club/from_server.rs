//! What a server tells a fan's client.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    mind::{Emotion, FanId, memory::FactId},
    persona::{Language, PersonaId},
};

/// A frame from the server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum FromServer {
    /// The first frame, and the answer to [`ForgetMe`](super::ToServer::ForgetMe).
    Welcome {
        /// Who the fan is.
        fan: FanId,
        /// The members, in the order in which they are shown.
        members: Vec<Member>,
        /// How many fans are here, this one included.
        online: usize,
        /// The longest message, in characters.
        max_chars: usize,
    },
    /// A member begins to answer.
    Begin {
        /// Who.
        from: PersonaId,
        /// The client's number of the message.
        nr: u64,
    },
    /// What she feels from here on.
    Feel {
        /// Who.
        from: PersonaId,
        /// The client's number of the message.
        nr: u64,
        /// What.
        emotion: Emotion,
        /// How much, 0..1.
        intensity: f32,
    },
    /// More words of an answer, to be put behind those before.
    Words {
        /// Who.
        from: PersonaId,
        /// The client's number of the message.
        nr: u64,
        /// The words.
        text: String,
    },
    /// An answer is over, and the turn is kept.
    End {
        /// Who.
        from: PersonaId,
        /// The client's number of the message.
        nr: u64,
        /// Why.
        reason: Ending,
        /// The whole answer.
        text: String,
        /// How close she is to the fan now, 0..100.
        closeness: f32,
    },
    /// There is no answer, or none to its end. The message may be sent again.
    Failed {
        /// Who.
        from: PersonaId,
        /// The client's number of the message.
        nr: u64,
        /// Why, for people to read.
        message: String,
    },
    /// A frame that was not taken.
    Refused {
        /// The client's number of the message, where the frame had one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        nr: Option<u64>,
        /// Why.
        reason: Refusal,
        /// Why, for people to read, and what to do.
        message: String,
        /// After how many seconds it may be tried again, where that helps.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<f32>,
    },
    /// What the members know of the fan.
    Remembered {
        /// The facts, by number.
        facts: Vec<Recollection>,
    },
    /// Something happens on the stage, before all fans.
    Stage(Moment),
    /// The last frame.
    Bye {
        /// Why.
        reason: Parting,
    },
}

/// A member, as a fan finds her.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// Who.
    pub id: PersonaId,
    /// Her name.
    pub name: String,
    /// Her name in other languages, by their codes.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub names: BTreeMap<Language, String>,
    /// Her colour, `#rrggbb`.
    pub colour: String,
    /// How close she is to the fan, 0..100.
    pub closeness: f32,
    /// What they said to each other, the latest part, oldest first.
    pub history: Vec<Line>,
}

/// Something that was said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// By whom.
    pub by: Speaker,
    /// What.
    pub text: String,
}

/// Who said a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Speaker {
    /// The fan.
    Fan,
    /// The member.
    Member,
}

/// Something that the members know of the fan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recollection {
    /// Its number, for [`Forget`](super::ToServer::Forget).
    pub fact: FactId,
    /// In words.
    pub text: String,
}

/// Why an answer ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// She had said all she wanted.
    Complete,
    /// The longest answer was reached.
    Length,
    /// The fan interrupted her.
    Interrupted,
}

/// Why a frame was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Refusal {
    /// It is no frame of this protocol.
    BadFrame,
    /// Nothing but white space.
    Empty,
    /// Longer than `max_chars`.
    TooLong,
    /// There is no such member.
    UnknownMember,
    /// The fan says more than the server takes of one.
    SlowDown,
    /// The member has not answered the last message yet.
    StillAnswering,
    /// The server has too much to do, or is about to stop.
    Busy,
}

/// Something that happens on the stage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Moment {
    /// How many fans are here has changed.
    Online {
        /// How many.
        fans: usize,
    },
    /// A member feels something.
    Feel {
        /// Who.
        who: PersonaId,
        /// What.
        emotion: Emotion,
        /// How much, 0..1.
        intensity: f32,
    },
    /// A member says something to all, or to another member.
    Says {
        /// Who.
        who: PersonaId,
        /// A whole line.
        text: String,
    },
}

/// Why a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Parting {
    /// The server is about to stop; come again.
    ShuttingDown,
    /// The client reads too slowly.
    TooSlow,
    /// The client sends far more than it may.
    Flooding,
    /// The account is gone.
    SignedOut,
}
