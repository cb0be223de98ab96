//! Somebody who sends as fast as the server takes it, half of the time.

use std::{
    mem,
    sync::atomic::Ordering,
    thread,
    time::{Duration, Instant},
};

use bevy_persona::{
    club::{FromServer, ToServer},
    persona::PersonaId,
};

use super::{
    crew::Visit,
    markers::{Owner, WORDS, around},
    note::{Fault, Flooded, News},
    wire::{Lost, NotOpened, Wire},
};

/// How often what happened is told.
const TELL: Duration = Duration::from_millis(500);
/// How often to look whether it is time to flood.
const LOOK: Duration = Duration::from_millis(20);
/// How long to wait where the server opens no socket, and does not say how long.
const WAIT: Duration = Duration::from_secs(1);
/// How long to wait for the next frame between two messages: not at all.
const GLANCE: Duration = Duration::from_millis(1);
/// How many messages go out before the answers are read.
const BURST: u64 = 20;

/// Somebody who floods.
pub struct Flooder {
    visit: Visit,
    happened: Flooded,
    told: Instant,
    nr: u64,
}

impl Flooder {
    /// Somebody who has not come yet.
    pub fn new(visit: Visit) -> Self {
        Self { visit, happened: Flooded::default(), told: Instant::now(), nr: 0 }
    }

    /// Floods when it is time to, until the run is over.
    pub fn run(mut self) {
        while !self.is_over() {
            if !self.goes_on() {
                self.tell(true);
                thread::sleep(LOOK);
                continue;
            }
            match Wire::open(&self.visit.server, &self.visit.token) {
                Ok(mut wire) => match self.flood(&mut wire) {
                    Ok(()) => wire.close(),
                    Err(lost) => self.happened.fault(&Fault::Disconnected(lost.0)),
                },
                Err(error) => {
                    let wait = self.not_opened(error);
                    self.tell(true);
                    self.pause(wait);
                }
            }
        }
        self.tell(true);
    }

    fn not_opened(&mut self, why: NotOpened) -> Duration {
        let (fault, wait) = match why {
            NotOpened::Unauthorised => (Fault::Unauthorised, None),
            NotOpened::TurnedAway { status, retry_after } => {
                (Fault::TurnedAway(status), retry_after)
            }
            NotOpened::Unreachable(text) => (Fault::Unreachable(text), None),
            NotOpened::Protocol(text) => (Fault::Protocol(text), None),
        };
        self.happened.fault(&fault);
        wait.unwrap_or(WAIT)
    }

    fn flood(&mut self, wire: &mut Wire) -> Result<(), Lost> {
        let mut to = None;
        while self.goes_on() {
            if let Some(to) = &to {
                for _ in 0..BURST {
                    self.say(wire, to)?;
                }
            }
            while let Some(text) = wire.read(if to.is_some() { GLANCE } else { TELL })? {
                let welcomed = self.hear(&text);
                to = to.or(welcomed);
                self.tell(false);
                if !self.goes_on() {
                    break;
                }
            }
            self.tell(false);
        }
        Ok(())
    }

    fn say(&mut self, wire: &mut Wire, to: &PersonaId) -> Result<(), Lost> {
        self.nr += 1;
        self.happened.sent += 1;
        let owner = Owner { fan: self.visit.nr, word: self.nr as usize % WORDS };
        let text = format!("HEY HEY HEY {} {}", self.visit.plan.markers.word(owner), self.nr);
        wire.send(&ToServer::Say { nr: self.nr, to: to.clone(), text })
    }

    /// Takes a frame; gives the member to flood where it is a welcome.
    fn hear(&mut self, text: &str) -> Option<PersonaId> {
        for owner in self.visit.plan.markers.in_text(text) {
            if owner.fan != self.visit.nr {
                let text = around(text, self.visit.plan.markers.word(owner));
                self.happened.cross_talk.push((self.visit.nr, owner, text));
            }
        }
        match serde_json::from_str(text) {
            Ok(FromServer::Welcome { members, .. }) => {
                let wanted = self.visit.plan.member.clone();
                return wanted.or_else(|| members.first().map(|member| member.id.clone()));
            }
            Ok(FromServer::End { .. }) => self.happened.answered += 1,
            Ok(FromServer::Failed { message, .. }) => {
                self.happened.fault(&Fault::Failed(message));
            }
            Ok(FromServer::Refused { reason, message, .. }) => {
                self.happened.fault(&Fault::Refused(reason, message));
            }
            Ok(FromServer::Bye { reason }) => self.happened.fault(&Fault::Bye(reason)),
            Ok(_) => {}
            Err(error) => self.happened.fault(&Fault::Protocol(error.to_string())),
        }
        None
    }

    fn is_over(&self) -> bool {
        self.visit.stop.load(Ordering::Relaxed)
            || self.visit.plan.clock.now() >= self.visit.plan.end
    }

    /// Whether it is time to flood.
    fn goes_on(&self) -> bool {
        !self.is_over() && self.visit.plan.floods_at(self.visit.plan.clock.now())
    }

    fn pause(&self, wait: Duration) {
        let until = Instant::now() + wait;
        while self.goes_on() && Instant::now() < until {
            thread::sleep(TELL.min(until.saturating_duration_since(Instant::now())));
        }
    }

    fn tell(&mut self, at_once: bool) {
        if (at_once || self.told.elapsed() >= TELL) && !self.happened.is_empty() {
            self.told = Instant::now();
            // Where nobody listens, the program ends.
            let _ = self.visit.news.send(News::Flood(mem::take(&mut self.happened)));
        }
    }
}
