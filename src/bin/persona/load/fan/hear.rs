//! What a fan makes of what the server says.

use std::{mem, time::Duration};

use bevy_persona::{
    club::{FromServer, Member, Parting, Refusal},
    mind::FanId,
    persona::PersonaId,
};

use super::{Fan, State};
use crate::load::{
    history::check,
    markers::around,
    note::{Fault, Note},
    script::Purpose,
    turn::{Turn, plain},
};

/// How much of a bad frame is shown, in characters.
const SHOWN: usize = 120;

impl Fan {
    /// A frame has come.
    pub fn hear(&mut self, text: &str, now: Duration) {
        self.look_for_others(text);
        let frame = match serde_json::from_str(text) {
            Ok(frame) => frame,
            Err(error) => {
                let text: String = text.chars().take(SHOWN).collect();
                return self.against_protocol(format!("no frame ({error}): {text}"));
            }
        };
        if let State::Entering { .. } = self.state {
            return match frame {
                FromServer::Welcome { fan, members, .. } => self.welcome(fan, &members, now),
                FromServer::Bye { reason } => self.bye(reason),
                // The stage may speak to all before she has found her seat.
                FromServer::Stage(_) => {}
                _ => self.against_protocol("a frame before the welcome".into()),
            };
        }
        match frame {
            FromServer::Welcome { .. } => self.against_protocol("a second welcome".into()),
            FromServer::Begin { from, nr } => self.begin(nr, &from),
            FromServer::Feel { from, nr, .. } => {
                self.answering(nr, &from, "feeling");
            }
            FromServer::Words { from, nr, text } => self.words(nr, &from, &text, now),
            FromServer::End { from, nr, text, .. } => self.end(nr, &from, text, now),
            FromServer::Failed { from, nr, message } => self.failed(nr, &from, message, now),
            FromServer::Refused { nr, reason, message, retry_after } => {
                self.refused(nr, reason, message, retry_after, now);
            }
            FromServer::Bye { reason } => self.bye(reason),
            _ => {}
        }
    }

    fn welcome(&mut self, fan: FanId, members: &[Member], now: Duration) {
        let again = self.name.is_some();
        if self.name.as_ref().is_some_and(|name| *name != fan) {
            self.against_protocol("she is welcomed as another fan than before".into());
        }
        self.name = Some(fan);
        self.notes.push(Note::Entered { again });
        self.compare(members);
        let is_one = |id: &PersonaId| self.plan.member.as_ref().is_none_or(|one| one == id);
        self.members = members
            .iter()
            .filter(|member| is_one(&member.id))
            .map(|member| (member.id.clone(), member.name.clone()))
            .collect();
        if self.members.is_empty() {
            let who = self.plan.member.as_ref().map_or("no member", PersonaId::as_str);
            self.against_protocol(format!("there is nobody to talk to: {who}"));
            self.leave();
        } else {
            self.rest(Duration::ZERO, None, now);
        }
    }

    /// Looks for what she heard the end of in the histories that she is shown.
    fn compare(&mut self, members: &[Member]) {
        for (member, kept) in &mut self.kept {
            let history = members.iter().find(|shown| shown.id == *member);
            let checked = check(kept, history.map_or(&[], |shown| &shown.history));
            self.notes.push(Note::Checked(checked.found));
            // What is lost is told once.
            for place in checked.lost.into_iter().rev() {
                let lost = kept.remove(place);
                self.notes.push(Note::Lost { member: member.clone(), said: lost.said });
            }
        }
    }

    fn begin(&mut self, nr: u64, from: &PersonaId) {
        match self.turn(nr, from, "begin") {
            Some(turn) if turn.begun => self.against_protocol("an answer begins twice".into()),
            Some(turn) => turn.begun = true,
            None => {}
        }
    }

    fn words(&mut self, nr: u64, from: &PersonaId, text: &str, now: Duration) {
        if let Some(turn) = self.answering(nr, from, "words") {
            turn.hear(text, now);
            // A word may come in pieces.
            let words = mem::take(&mut turn.words);
            self.look_for_others(&words);
            if let State::Waiting(turn) = &mut self.state {
                turn.words = words;
            }
        }
    }

    fn end(&mut self, nr: u64, from: &PersonaId, text: String, now: Duration) {
        if self.answering(nr, from, "end").is_none() {
            return;
        }
        let Some(turn) = self.close(Duration::ZERO, false, now) else { return };
        if plain(&turn.words) != plain(&text) {
            self.against_protocol(format!(
                "the whole answer is not the words that came: `{}`, not `{}`",
                text.chars().take(SHOWN).collect::<String>(),
                turn.words.chars().take(SHOWN).collect::<String>()
            ));
        }
        let whole = now.saturating_sub(turn.sent);
        self.notes.push(Note::Replied { sent: turn.sent, first: turn.first, whole });
        self.script.answered(turn.message.purpose);
        match turn.message.purpose {
            Purpose::Talk => {}
            Purpose::Tell(_) => self.notes.push(Note::Told),
            Purpose::Ask(word) => {
                let found = self.plan.markers.in_text(&text);
                let remembered = found.iter().any(|o| o.fan == self.nr && o.word == word);
                self.notes.push(Note::Asked { remembered });
            }
        }
        self.remember(&turn.message, Some(text));
    }

    fn failed(&mut self, nr: u64, from: &PersonaId, message: String, now: Duration) {
        if self.turn(nr, from, "failed").is_some()
            && let Some(turn) = self.close(Duration::ZERO, true, now)
        {
            self.fault(Fault::Failed(message));
            self.remember(&turn.message, None);
        }
    }

    fn refused(
        &mut self,
        nr: Option<u64>,
        reason: Refusal,
        message: String,
        retry_after: Option<f32>,
        now: Duration,
    ) {
        self.fault(Fault::Refused(reason, message));
        let is_open = matches!(&self.state, State::Waiting(turn) if nr == Some(turn.nr));
        if is_open {
            let wait = Duration::try_from_secs_f32(retry_after.unwrap_or_default());
            let helps =
                matches!(reason, Refusal::SlowDown | Refusal::Busy | Refusal::StillAnswering);
            self.close(wait.unwrap_or_default(), helps, now);
        } else if nr.is_some_and(|nr| nr >= self.connection_nr) {
            self.against_protocol("a message is refused that is not open".into());
        }
    }

    fn bye(&mut self, reason: Parting) {
        self.parting = Some(reason);
        self.fault(Fault::Bye(reason));
    }

    /// The open turn is over, and the message is to be sent again or not; she thinks.
    fn close(&mut self, least: Duration, again: bool, now: Duration) -> Option<Turn> {
        match mem::replace(&mut self.state, State::Gone) {
            State::Waiting(turn) => {
                let again = again.then(|| (turn.message.clone(), turn.again + 1));
                self.rest(least, again, now);
                Some(*turn)
            }
            state => {
                self.state = state;
                None
            }
        }
    }

    /// The open turn, if a frame with this number is a part of it and its answer has begun.
    fn answering(&mut self, nr: u64, from: &PersonaId, what: &str) -> Option<&mut Turn> {
        let turn = self.turn(nr, from, what)?;
        if !mem::replace(&mut turn.begun, true) {
            self.against_protocol(format!("`{what}` before the answer began"));
        }
        self.open()
    }

    /// The open turn, if a frame with this number is a part of it.
    fn turn(&mut self, nr: u64, from: &PersonaId, what: &str) -> Option<&mut Turn> {
        if !matches!(&self.state, State::Waiting(turn) if turn.is(nr, from)) {
            // What was asked for on a connection that is lost may still be answered.
            if nr >= self.connection_nr {
                self.against_protocol(format!(
                    "`{what}` of {from} for message {nr}, which is not open"
                ));
            }
            return None;
        }
        self.open()
    }

    fn open(&mut self) -> Option<&mut Turn> {
        if let State::Waiting(turn) = &mut self.state { Some(turn) } else { None }
    }

    fn look_for_others(&mut self, text: &str) {
        for owner in self.plan.markers.in_text(text) {
            if owner.fan != self.nr && self.crossed.insert(owner) {
                let text = around(text, self.plan.markers.word(owner));
                self.notes.push(Note::CrossTalk { owner, text });
            }
        }
    }

    fn against_protocol(&mut self, what: String) {
        self.fault(Fault::Protocol(what));
    }
}
