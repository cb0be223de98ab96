//! Tokens that were read before they were said.

use super::draft::Luck;

/// Guessed tokens that the model has read behind all that was said, and how that went.
#[derive(Debug, Default)]
pub(super) struct Guess {
    tokens: Vec<u32>,
    /// How many of them were said since.
    right: usize,
    /// How many tokens are worth guessing.
    pub(super) luck: Luck,
}

impl Guess {
    /// How many tokens were guessed.
    pub(super) fn len(&self) -> usize {
        self.tokens.len()
    }

    /// The guesses of a new pass.
    pub(super) fn begin(&mut self, tokens: &[u32]) {
        self.tokens.clear();
        self.tokens.extend_from_slice(tokens);
        self.right = 0;
    }

    /// Writes the guesses behind a text.
    pub(super) fn append_to(&self, text: &mut Vec<u32>) {
        text.extend_from_slice(&self.tokens);
    }

    /// Whether this token was guessed to come next.
    pub(super) fn hears(&mut self, token: u32) -> bool {
        let is_right = self.tokens.get(self.right) == Some(&token);
        self.right += usize::from(is_right);
        is_right
    }

    /// Ends it; gives how many of the guesses were not said.
    pub(super) fn end(&mut self) -> usize {
        let guessed = self.tokens.len();
        self.luck.note(self.right, guessed);
        let wrong = guessed - self.right;
        self.begin(&[]);
        wrong
    }

    /// Of the logits behind the last token that was said and behind each guess, those behind what has
    /// been said by now.
    pub(super) fn row<'a>(&self, logits: &'a [f32]) -> &'a [f32] {
        let width = logits.len() / (self.tokens.len() + 1);
        &logits[self.right * width..][..width]
    }
}
