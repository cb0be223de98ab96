//! The fan may talk with a member, for a while.

use std::collections::VecDeque;

use super::{
    Listening,
    beat::{Beat, Now},
    speech::{Speech, Words},
    theatre::Theatre,
};
use crate::scene::Chat;

/// An open talk: she answers as she does outside of scenes, and knows what it is about.
#[derive(Debug)]
pub(super) struct Chatting {
    chat: Chat,
    reply: Option<Speech>,
    /// What the fan said that is not answered yet.
    said: VecDeque<String>,
    turns: u32,
    /// The fan wants on.
    is_passed_over: bool,
}

impl Chatting {
    pub(super) fn new(chat: Chat) -> Self {
        Self { chat, reply: None, said: VecDeque::new(), turns: 0, is_passed_over: false }
    }

    /// Whether there is nothing more to talk about, between two replies.
    fn is_done(&self, now: &Now<'_, '_, '_>) -> bool {
        let world = now.theatre.world(now.hall.language);
        let until = self.chat.until.as_ref();
        self.is_passed_over
            || self.turns >= self.chat.turns
            || now.theatre.find(&self.chat.member).is_none()
            || until.is_some_and(|until| now.player.evaluate(until, &world))
    }
}

impl Beat for Chatting {
    fn advance(&mut self, now: &mut Now<'_, '_, '_>) -> Result<bool, String> {
        if let Some(reply) = &mut self.reply {
            if !reply.advance(now) {
                return Ok(false);
            }
            let said = reply.said().unwrap_or_default().to_owned();
            now.pass_line(&self.chat.member, &said);
            self.reply = None;
            self.turns += 1;
        }
        if self.is_done(now) {
            now.hall.set_note(None, now.theatre);
            let member = &self.chat.member;
            // What she had no time for is not lost.
            let to = now.theatre.find(member);
            for text in self.said.drain(..) {
                now.hall.unheard.extend(to.map(|to| super::inbox::Remark { to, text }));
            }
            return Ok(true);
        }
        if let Some(text) = self.said.pop_front() {
            let note = self.chat.about.as_ref().map(|about| format!("They talk about {about}."));
            now.hall.set_note(note, now.theatre);
            now.pass(format!("> {text}"));
            self.reply = Some(Speech::new(self.chat.member.clone(), Words::Answer(text)));
        }
        Ok(false)
    }

    fn go_on(&mut self, now: &mut Now<'_, '_, '_>) {
        match &mut self.reply {
            Some(reply) => reply.cut(now),
            None => self.is_passed_over = true,
        }
    }

    fn speech(&mut self) -> Option<&mut Speech> {
        self.reply.as_mut()
    }

    fn hear(&mut self, text: &str, now: &mut Now<'_, '_, '_>) -> bool {
        self.said.push_back(text.into());
        if let (true, Some(reply)) = (now.hall.fan_may_interrupt, &mut self.reply) {
            reply.cut(now);
        }
        true
    }

    fn answers_as_always(&self) -> bool {
        true
    }

    fn listens(&self, theatre: &Theatre<'_, '_>) -> Option<Listening> {
        let to = theatre.find(&self.chat.member).filter(|_| self.reply.is_none())?;
        Some(Listening { to, options: Vec::new() })
    }
}
