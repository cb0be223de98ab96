//! A member asks the fan something, and the scene goes on by what the fan says.

use super::{
    Listening,
    beat::{Beat, Now},
    speech::{Speech, Words},
    theatre::Theatre,
};
use crate::scene::{AskFan, sort_answer};

/// A question, until it is answered.
#[derive(Debug)]
pub(super) struct Asking {
    ask: AskFan,
    question: Speech,
    answer: Option<String>,
    /// The fan wants on.
    is_passed_over: bool,
}

impl Asking {
    pub(super) fn new(ask: AskFan, now: &mut Now<'_, '_, '_>) -> Self {
        now.pass_line(&ask.member, &ask.question);
        let question = Speech::new(ask.member.clone(), Words::Written(ask.question.clone()));
        Self { ask, question, answer: None, is_passed_over: false }
    }

    /// The option that the fan means; what is said where nothing is clear, if it is not.
    fn option(&self) -> &str {
        let ask = &self.ask;
        let meant = self.answer.as_deref().and_then(|answer| {
            let same = |known: &String| known.trim().eq_ignore_ascii_case(answer.trim());
            let word_for_word = ask.labels.iter().position(same);
            word_for_word.or_else(|| ask.options.iter().position(same)).or_else(|| {
                let spelling = |number: usize| ask.options.get(number).into_iter();
                let spellings: Vec<Vec<String>> = (0..ask.options.len())
                    .map(|number| spelling(number).chain(ask.labels.get(number)).cloned().collect())
                    .collect();
                sort_answer(answer, &spellings)
            })
        });
        meant.and_then(|option| ask.options.get(option)).unwrap_or(&ask.fallback)
    }
}

impl Beat for Asking {
    fn advance(&mut self, now: &mut Now<'_, '_, '_>) -> Result<bool, String> {
        if !self.question.advance(now) {
            return Ok(false);
        }
        let is_there = now.theatre.find(&self.ask.member).is_some();
        if is_there && self.answer.is_none() && !self.is_passed_over {
            return Ok(false);
        }
        let option = self.option().to_owned();
        if let Some(answer) = self.answer.take() {
            now.take_answer(&self.ask.member, &answer);
        }
        // What is none of them is set by the player, which knows the written fallback.
        if self.ask.options.contains(&option) {
            now.player.answer(&option).map_err(|error| error.to_string())?;
        }
        now.pass(format!("({} = {option})", self.ask.variable));
        Ok(true)
    }

    fn go_on(&mut self, now: &mut Now<'_, '_, '_>) {
        if self.question.is_over() {
            self.is_passed_over = true;
        } else {
            self.question.cut(now);
        }
    }

    fn speech(&mut self) -> Option<&mut Speech> {
        Some(&mut self.question)
    }

    fn hear(&mut self, text: &str, now: &mut Now<'_, '_, '_>) -> bool {
        self.answer = Some(text.into());
        if now.hall.fan_may_interrupt {
            self.question.cut(now);
        }
        true
    }

    fn listens(&self, theatre: &Theatre<'_, '_>) -> Option<Listening> {
        if !self.question.is_over() {
            return None;
        }
        let (to, options) = (theatre.find(&self.ask.member)?, self.ask.labels.clone());
        Some(Listening { to, options })
    }
}
