//! What one speaker waits for, and what she got.

use super::{draft::draft, guess::Guess};
use crate::inference::{
    ConversationId,
    model::{AdapterId, ForwardError, SequenceId},
};

/// Names a speaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::inference) struct SlotId(pub(super) u64);

/// What a speaker waits for, and what she got.
pub(super) struct Slot {
    pub(super) id: SlotId,
    pub(super) conversation: ConversationId,
    pub(super) adapter: Option<AdapterId>,
    pub(super) sequence: SequenceId,
    /// The tokens of her prompt and reply up to where they are to be read; the first `read` of them
    /// are.
    pub(super) tokens: Vec<u32>,
    pub(super) read: usize,
    /// How many tokens are those of her prompt.
    pub(super) prompt: usize,
    /// Whether what stands behind the prompt is of no use to others.
    pub(super) is_discarded: bool,
    /// How many tokens are the persona's, while nothing of a new prompt has been read.
    pub(super) begins_with: Option<usize>,
    /// Whether all of her prompt has been read.
    pub(super) speaks: bool,
    /// The last pass that she took part in.
    pub(super) served: u64,
    /// What was read behind `tokens` in the hope that she will say it.
    pub(super) guess: Guess,
    /// The tokens whose logits matter behind all that is to be read, where that is not all.
    pub(super) only: Option<Vec<u32>>,
    /// Of what comes after the last token that was read, and after each guess.
    pub(super) logits: Vec<f32>,
    /// Whether `logits` are new, or why there are none.
    pub(super) outcome: Option<Result<(), ForwardError>>,
}

impl Slot {
    pub(super) fn new(
        id: SlotId,
        conversation: ConversationId,
        adapter: Option<AdapterId>,
        sequence: SequenceId,
    ) -> Self {
        Self {
            id,
            conversation,
            adapter,
            sequence,
            tokens: Vec::new(),
            read: 0,
            prompt: 0,
            is_discarded: false,
            begins_with: None,
            speaks: false,
            served: 0,
            guess: Guess::default(),
            only: None,
            logits: Vec::new(),
            outcome: None,
        }
    }

    /// How many tokens wait to be read.
    pub(super) fn missing(&self) -> usize {
        self.tokens.len() - self.read
    }

    /// Gives her a new prompt, of which the model knows the first `known` tokens.
    pub(super) fn begin(&mut self, prompt: &[u32], fixed: usize, known: usize) {
        self.tokens.clear();
        self.tokens.extend_from_slice(prompt);
        self.read = known;
        self.prompt = prompt.len();
        self.begins_with = Some(fixed);
        self.speaks = false;
        self.guess.end();
        self.only = None;
        self.outcome = None;
    }

    /// Adds tokens that she says; those that were guessed are read already. Gives how many guesses
    /// were wrong, which the model is to take back.
    pub(super) fn say(&mut self, tokens: &[u32]) -> usize {
        let mut wrong = 0;
        for &token in tokens {
            self.tokens.push(token);
            if self.missing() == 1 && self.guess.hears(token) {
                self.read += 1;
                self.outcome = Some(Ok(()));
            } else {
                wrong += self.guess.end();
                self.outcome.take_if(|outcome| outcome.is_ok());
            }
        }
        wrong
    }

    /// Puts a guess at what comes next behind `tokens` until the pass is over.
    pub(super) fn guess(&mut self, room: usize) {
        self.guess.end();
        let worth = self.guess.luck.worth(room);
        self.guess.begin(draft(&self.tokens, worth));
        self.guess.append_to(&mut self.tokens);
    }

    /// Whether all that she waited for has been read; `logits` are then those of what comes next.
    pub(super) fn take_logits(&mut self, logits: &mut Vec<f32>) -> Result<bool, ForwardError> {
        let Some(outcome) = self.outcome.take() else { return Ok(false) };
        outcome?;
        if self.guess.len() == 0 {
            std::mem::swap(logits, &mut self.logits);
        } else {
            logits.clear();
            logits.extend_from_slice(self.guess.row(&self.logits));
        }
        Ok(true)
    }
}
