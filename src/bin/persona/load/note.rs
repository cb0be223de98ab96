//! What a fan notes while she is there.

use std::{collections::BTreeMap, time::Duration};

use bevy_persona::{
    club::{Parting, Refusal},
    persona::PersonaId,
};
use serde::Serialize;

use super::markers::Owner;

/// What comes from the threads of the fans.
#[derive(Debug)]
pub enum News {
    /// Something that a fan notes.
    Fan {
        /// Her number.
        fan: usize,
        /// When, since the run began.
        at: Duration,
        /// What.
        note: Note,
    },
    /// What happened to those who flood, since they told the last time.
    Flood(Flooded),
}

/// Something that a fan notes.
#[derive(Debug, Clone, PartialEq)]
pub enum Note {
    /// She has come in.
    Entered {
        /// Whether she had been in before.
        again: bool,
    },
    /// She has left for good.
    Left,
    /// She has sent a message.
    Sent,
    /// An answer has ended.
    Replied {
        /// When the message was sent, since the run began.
        sent: Duration,
        /// How long it took to the first words, if there were any.
        first: Option<Duration>,
        /// How long it took to the end.
        whole: Duration,
    },
    /// She has told a fact.
    Told,
    /// She has asked for one.
    Asked {
        /// Whether it was in the answer.
        remembered: bool,
    },
    /// So many turns are still known to the server.
    Checked(usize),
    /// A turn that she saw the end of is not.
    Lost {
        /// With whom.
        member: PersonaId,
        /// What she said.
        said: String,
    },
    /// She got another fan's word.
    CrossTalk {
        /// Whose.
        owner: Owner,
        /// What it stands in.
        text: String,
    },
    /// Something went wrong.
    Fault(Fault),
}

/// What can go wrong.
#[derive(Debug, Clone, PartialEq)]
pub enum Fault {
    /// There was no answer, or none to its end.
    Failed(String),
    /// A message was not taken.
    Refused(Refusal, String),
    /// The connection was lost.
    Disconnected(String),
    /// It was lost while an answer was waited for.
    CutOff,
    /// The server ended the connection.
    Bye(Parting),
    /// The server cannot be reached.
    Unreachable(String),
    /// The server opens no socket.
    TurnedAway(u16),
    /// The server does not know the token.
    Unauthorised,
    /// The server does not answer in time.
    Hung(&'static str),
    /// What the server says is against the protocol.
    Protocol(String),
    /// The last look at the history was not possible.
    Unchecked,
}

impl Fault {
    /// What kind of fault this is, for counting.
    pub fn kind(&self) -> String {
        match self {
            Self::Failed(_) => "failed".into(),
            Self::Refused(reason, _) => format!("refused_{}", word(reason)),
            Self::Disconnected(_) => "disconnected".into(),
            Self::CutOff => "cut_off".into(),
            Self::Bye(reason) => format!("bye_{}", word(reason)),
            Self::Unreachable(_) => "unreachable".into(),
            Self::TurnedAway(status) => format!("turned_away_{status}"),
            Self::Unauthorised => "unauthorised_401".into(),
            Self::Hung(_) => "hung".into(),
            Self::Protocol(_) => "protocol".into(),
            Self::Unchecked => "unchecked".into(),
        }
    }

    /// What more is known of it.
    pub fn detail(&self) -> &str {
        match self {
            Self::Failed(text)
            | Self::Refused(_, text)
            | Self::Disconnected(text)
            | Self::Unreachable(text)
            | Self::Protocol(text) => text,
            Self::Hung(what) => what,
            _ => "",
        }
    }

    /// Whether it comes from the server's being away for a while.
    pub fn is_away(&self) -> bool {
        match self {
            Self::Disconnected(_) | Self::CutOff | Self::Unreachable(_) => true,
            Self::Bye(reason) => *reason == Parting::ShuttingDown,
            Self::TurnedAway(status) => matches!(status, 502..=504),
            _ => false,
        }
    }
}

/// The word of the protocol for a reason.
pub fn word(reason: &impl Serialize) -> String {
    match serde_json::to_value(reason) {
        Ok(serde_json::Value::String(word)) => word,
        _ => "unknown".into(),
    }
}

/// What happened to those who flood.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Flooded {
    /// How many messages they sent.
    pub sent: u64,
    /// How many were answered to the end.
    pub answered: u64,
    /// What else happened, by kind.
    pub faults: BTreeMap<String, u64>,
    /// Other fans' words that they got: who, whose, and in what.
    pub cross_talk: Vec<(usize, Owner, String)>,
}

impl Flooded {
    /// Counts a fault.
    pub fn fault(&mut self, fault: &Fault) {
        *self.faults.entry(fault.kind()).or_default() += 1;
    }

    /// Whether there is nothing to tell.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
