//! Two members talk with each other.

use super::{
    beat::{Beat, Now},
    speech::{Speech, Words},
};
use crate::{mind::Act, scene::Talk};

/// A talk among members; it ends early where somebody finds no words.
#[derive(Debug)]
pub(super) struct Talking {
    talk: Talk,
    speech: Option<Speech>,
    turns: u32,
    /// The fan wants on.
    is_passed_over: bool,
}

impl Talking {
    pub(super) fn new(talk: Talk) -> Self {
        Self { talk, speech: None, turns: 0, is_passed_over: false }
    }

    /// The next one speaks, to what the other has said.
    fn next(&self, heard: String, now: &Now<'_, '_, '_>) -> Option<Speech> {
        let [first, second] = &self.talk.members;
        let (her, other) =
            if self.turns.is_multiple_of(2) { (first, second) } else { (second, first) };
        let are_there = [her, other].iter().all(|member| now.theatre.find(member).is_some());
        if !are_there || self.is_passed_over || self.turns >= self.talk.turns {
            return None;
        }
        let act = Act {
            brief: self.talk.about.clone(),
            partner: Some(now.theatre.name(other, now.hall.language)),
            ..Act::default()
        };
        let words = Words::Improvised { fan: heard, act: Box::new(act) };
        Some(Speech::new(her.clone(), words))
    }
}

impl Beat for Talking {
    fn advance(&mut self, now: &mut Now<'_, '_, '_>) -> Result<bool, String> {
        let mut heard = String::new();
        if let Some(speech) = &mut self.speech {
            if !speech.advance(now) {
                return Ok(false);
            }
            heard = speech.said().unwrap_or_default().trim().into();
            if heard.is_empty() {
                return Ok(true);
            }
            let member = speech.member.clone();
            now.pass_line(&member, &heard);
            self.turns += 1;
        }
        self.speech = self.next(heard, now);
        Ok(self.speech.is_none())
    }

    fn go_on(&mut self, now: &mut Now<'_, '_, '_>) {
        self.is_passed_over = true;
        if let Some(speech) = &mut self.speech {
            speech.cut(now);
        }
    }

    fn speech(&mut self) -> Option<&mut Speech> {
        self.speech.as_mut()
    }
}
