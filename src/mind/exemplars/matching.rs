//! What is looked for, and what is found.

use super::{Exchange, Exemplar, spoken};
use crate::{
    mind::{ChatTurn, Palette, Standing, prompt::authored_turn, retrieval::Index},
    persona::Language,
};

/// What a fan says, and to whom.
#[derive(Clone, Copy)]
pub struct Ask<'a> {
    /// Whom the fan asks, and how the fan stands with her.
    pub standing: &'a Standing<'a>,
    /// The language of the dialogues to look among.
    pub language: Language,
    /// The fan's message.
    pub text: &'a str,
    /// What she said before it, without tags, if she did.
    pub previous: Option<&'a str>,
    /// Whether the fan may be told a fact, by its id.
    pub may_tell: &'a dyn Fn(&str) -> bool,
}

/// How sure it is that the fan asks what the fan of a dialogue asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// It looks alike, which shows a model how she talks.
    Loose,
    /// It is about the same; the reply probably fits.
    Plausible,
    /// It is the same question; the reply can be spoken as it was written.
    Certain,
}

/// A turn of a dialogue that is similar to what a fan says.
#[derive(Debug, Clone, Copy)]
pub struct Match<'a> {
    /// The dialogue.
    pub exemplar: &'a Exemplar,
    /// Which of its exchanges.
    pub turn: usize,
    /// How similar the messages are, 0..1; 1 for the same words.
    pub score: f32,
    /// How far both are about the same words, 0..1.
    pub agreement: f32,
    pub(super) text: &'a str,
    pub(super) previous: &'a str,
    pub(super) index: &'a Index,
}

impl<'a> Match<'a> {
    /// The exchange that is similar.
    #[must_use]
    pub fn exchange(&self) -> &'a Exchange {
        &self.exemplar.turns[self.turn]
    }

    /// How sure it is that the fan asks the same.
    #[must_use]
    pub fn likeness(&self) -> Likeness {
        if self.score >= CERTAIN.0 && self.agreement >= CERTAIN.1 {
            Likeness::Certain
        } else if self.score >= PLAUSIBLE.0 && self.agreement >= PLAUSIBLE.1 {
            Likeness::Plausible
        } else {
            Likeness::Loose
        }
    }

    /// The reply with its tags, as it may be spoken to this fan; `known` gives what is known about
    /// the fan under a key of [`Exemplar::memory`].
    ///
    /// What the dialogue knows about its fan is replaced by what is known about this one. Nothing,
    /// if the reply leans on something that only the fan of the dialogue said or is.
    #[must_use]
    pub fn as_reply(&self, known: &dyn Fn(&str) -> Option<String>) -> Option<String> {
        if spoken::leans_on_its_fan(self) {
            return None;
        }
        spoken::for_fan(self.exemplar, &self.exchange().idol, known)
    }

    /// The dialogue up to this turn, to show a model how she talks: pairs of message and reply.
    ///
    /// Nothing, if a reply names something about its fan that is not known about this one.
    #[must_use]
    pub fn as_turns(
        &self,
        palette: &Palette,
        known: &dyn Fn(&str) -> Option<String>,
    ) -> Option<Vec<[ChatTurn; 2]>> {
        let pair = |exchange: &Exchange| {
            let reply = spoken::for_fan(self.exemplar, &exchange.idol, known)?;
            Some([ChatTurn::Fan(exchange.fan.clone()), authored_turn(palette, &reply)])
        };
        self.exemplar.turns[..=self.turn].iter().map(pair).collect()
    }
}

/// From which score and agreement on it is the same question.
const CERTAIN: (f32, f32) = (0.75, 0.7);
/// From which on it is probably about the same.
const PLAUSIBLE: (f32, f32) = (0.55, 0.55);
