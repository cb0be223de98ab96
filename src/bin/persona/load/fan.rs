//! One fan as a state machine: what she does next, from what she hears and what time it is.
//!
//! It knows no socket and no clock; times are counted from the beginning of the run.

mod hear;
#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, HashSet},
    mem,
    sync::Arc,
    time::Duration,
};

use bevy_persona::{
    club::{Parting, ToServer},
    mind::FanId,
    persona::PersonaId,
};

use super::{
    history::Kept,
    markers::Owner,
    note::{Fault, Note},
    plan::Plan,
    script::{Message, Script},
    turn::Turn,
    wire::{Lost, NotOpened},
};
use crate::dice::roll;

/// How long the server may take to welcome a fan.
const WELCOME: Duration = Duration::from_secs(10);
/// How long a fan who wants to look at her history once more tries to come in.
const LAST_LOOK: Duration = Duration::from_secs(15);
/// How long to wait before the first try to come back, and the longest wait of later ones.
const BACKOFF: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(8));
/// How often a message is sent before it is given up.
const TRIES: u32 = 4;

/// What a fan does next.
#[derive(Debug, PartialEq, Eq)]
pub enum Next {
    /// Opens a socket.
    Open,
    /// Sends a frame.
    Send(ToServer),
    /// Listens until then, at most.
    Listen(Duration),
    /// Does nothing until then; she has no socket.
    Rest(Duration),
    /// Closes her socket; there is more to do.
    HangUp,
    /// Closes her socket and goes.
    Leave,
}

#[derive(Debug)]
enum State {
    /// She has no socket.
    Away { until: Duration, tries: u32 },
    /// Her socket is open, and she waits to be welcomed.
    Entering { by: Duration },
    /// She thinks, about a message that is sent again or a new one.
    Resting { until: Duration, again: Option<(Message, u32)> },
    /// She waits for an answer.
    Waiting(Box<Turn>),
    /// She has left.
    Gone,
}

/// One fan.
#[derive(Debug)]
pub struct Fan {
    nr: usize,
    plan: Arc<Plan>,
    script: Script,
    state: State,
    notes: Vec<Note>,
    /// Who the server says she is.
    name: Option<FanId>,
    members: Vec<(PersonaId, String)>,
    /// The turns with each member that a history is compared with.
    kept: BTreeMap<PersonaId, Vec<Kept>>,
    /// The number of the next message.
    next_nr: u64,
    /// Messages below this number have nothing to do with this connection.
    connection_nr: u64,
    /// Why the server is about to end the connection.
    parting: Option<Parting>,
    /// How long she tries to have a last look, once the run is over.
    look_by: Option<Duration>,
    crossed: HashSet<Owner>,
}

impl Fan {
    /// A fan who has not come yet.
    pub fn new(nr: usize, plan: Arc<Plan>) -> Self {
        Self {
            nr,
            script: Script::new(plan.seed, nr, plan.korean),
            state: State::Away { until: plan.arrival(nr), tries: 0 },
            plan,
            notes: Vec::new(),
            name: None,
            members: Vec::new(),
            kept: BTreeMap::new(),
            next_nr: 1,
            connection_nr: 1,
            parting: None,
            look_by: None,
            crossed: HashSet::new(),
        }
    }

    /// What she has noted since this was asked the last time.
    pub fn take_notes(&mut self) -> Vec<Note> {
        mem::take(&mut self.notes)
    }

    /// What she does now. A frame that this gives counts as sent.
    pub fn next(&mut self, now: Duration) -> Next {
        let is_over = now >= self.plan.end;
        let has_done = self.look_by.is_some() || !self.wants_to_look();
        match &mut self.state {
            State::Gone => Next::Leave,
            State::Away { .. } if is_over && self.look_by.is_none() && has_done => self.leave(),
            State::Away { until, .. } => {
                let until = *until;
                self.come(until, is_over, now)
            }
            State::Entering { by } if now < *by => Next::Listen(*by),
            State::Entering { .. } => self.give_up("there is no welcome", now),
            State::Resting { .. } if is_over && has_done => self.leave(),
            State::Resting { .. } if is_over => {
                self.state = State::Away { until: now, tries: 0 };
                Next::HangUp
            }
            State::Resting { until, .. } if now < *until => {
                Next::Listen((*until).min(self.plan.end))
            }
            State::Resting { again, .. } => match again.take() {
                Some((message, tries)) => self.send(message, tries, now),
                None => match self.script.next(&self.members, &self.plan.markers) {
                    Some(message) => self.send(message, 0, now),
                    None => self.leave(),
                },
            },
            State::Waiting(turn) => match turn.sent + self.plan.patience {
                by if now < by => Next::Listen(by),
                _ => self.give_up("an answer has no end", now),
            },
        }
    }

    /// Her socket is open.
    pub fn opened(&mut self, now: Duration) {
        self.parting = None;
        self.connection_nr = self.next_nr;
        self.state = State::Entering { by: now + WELCOME };
    }

    /// No socket opened.
    pub fn not_opened(&mut self, why: NotOpened, now: Duration) {
        let fault = match &why {
            NotOpened::Unauthorised => Fault::Unauthorised,
            NotOpened::TurnedAway { status, .. } => Fault::TurnedAway(*status),
            NotOpened::Unreachable(text) => Fault::Unreachable(text.clone()),
            NotOpened::Protocol(text) => Fault::Protocol(text.clone()),
        };
        self.fault(fault);
        if why == NotOpened::Unauthorised {
            self.leave();
            return;
        }
        let tries = if let State::Away { tries, .. } = self.state { tries } else { 0 };
        let told =
            if let NotOpened::TurnedAway { retry_after, .. } = why { retry_after } else { None };
        let wait = told.unwrap_or_else(|| self.backoff(tries));
        self.state = State::Away { until: now + wait, tries: tries + 1 };
    }

    /// Her socket is open no longer.
    pub fn lost(&mut self, why: Lost, now: Duration) {
        match self.parting {
            Some(Parting::SignedOut) => {
                self.leave();
                return;
            }
            Some(_) => {}
            None => self.fault(Fault::Disconnected(why.0)),
        }
        self.go_away(now);
    }

    /// She wants in, at the earliest then; after the end only to look at her history once more.
    fn come(&mut self, earliest: Duration, is_over: bool, now: Duration) -> Next {
        if is_over && now >= *self.look_by.get_or_insert(now + LAST_LOOK) {
            self.fault(Fault::Unchecked);
            self.leave()
        } else if now < earliest {
            Next::Rest(earliest)
        } else {
            Next::Open
        }
    }

    fn send(&mut self, message: Message, again: u32, now: Duration) -> Next {
        let nr = self.next_nr;
        self.next_nr += 1;
        self.notes.push(Note::Sent);
        let frame = ToServer::Say { nr, to: message.to.clone(), text: message.text.clone() };
        self.state = State::Waiting(Box::new(Turn::new(nr, message, again, now)));
        Next::Send(frame)
    }

    /// Thinks, and then sends this again or something new.
    fn rest(&mut self, least: Duration, again: Option<(Message, u32)>, now: Duration) {
        let again = again.filter(|(_, tries)| *tries < TRIES);
        let until = now + self.thinks().max(least);
        self.state = State::Resting { until, again };
    }

    fn thinks(&self) -> Duration {
        let think = self.plan.think;
        (think.from + (think.to - think.from).mul_f64(self.chance("think"))).max(Duration::ZERO)
    }

    /// She drops the connection herself: the server does nothing.
    fn give_up(&mut self, what: &'static str, now: Duration) -> Next {
        self.fault(Fault::Hung(what));
        self.go_away(now);
        Next::HangUp
    }

    fn go_away(&mut self, now: Duration) {
        if let State::Waiting(turn) = mem::replace(&mut self.state, State::Gone) {
            self.fault(Fault::CutOff);
            self.remember(&turn.message, None);
        }
        self.state = State::Away { until: now + self.backoff(0), tries: 1 };
    }

    fn leave(&mut self) -> Next {
        if !matches!(self.state, State::Gone) {
            self.notes.push(Note::Left);
        }
        self.state = State::Gone;
        Next::Leave
    }

    /// How long to wait before the next try: longer each time, and not all fans as long.
    fn backoff(&self, tries: u32) -> Duration {
        let (first, longest) = BACKOFF;
        let wait = first.saturating_mul(1 << tries.min(10)).min(longest);
        wait.mul_f64(0.5 + self.chance(&format!("try {tries}")) / 2.0)
    }

    /// A number from 0 to 1, another one for each message.
    fn chance(&self, what: &str) -> f64 {
        const SIDES: usize = 1_000;
        let (fan, nr) = (self.nr.to_string(), self.next_nr.to_string());
        roll(self.plan.seed, &[what, &fan, &nr], SIDES) as f64 / SIDES as f64
    }

    /// Whether there is something to compare at the end.
    fn wants_to_look(&self) -> bool {
        self.kept.values().flatten().any(|kept| kept.answer.is_some())
    }

    fn remember(&mut self, message: &Message, answer: Option<String>) {
        /// Histories are no longer.
        const MOST: usize = 400;
        let kept = self.kept.entry(message.to.clone()).or_default();
        if kept.len() == MOST {
            kept.remove(0);
        }
        kept.push(Kept { said: message.text.clone(), answer });
    }

    fn fault(&mut self, fault: Fault) {
        self.notes.push(Note::Fault(fault));
    }
}
