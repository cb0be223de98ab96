//! Something to read: of a length in tokens, and never read before.

use bevy_persona::inference::{InferenceError, model::tokenizer::Tokenizer};

/// Ordinary English, as a prompt has it.
const SENTENCES: [&str; 8] = [
    "The practice room is on the third floor, and the window looks over the river.",
    "Four singers share it, from early morning until the last train has left.",
    "They know each other's coffee, each other's jokes, and each other's bad days.",
    "On Fridays they cook together, which ends in laughter more often than in dinner.",
    "A new song is nearly done; only the bridge does not sound right yet.",
    "Nobody outside may hear of the concert before the posters are printed.",
    "When it rains they sit on the stairs and write letters to the people who listen.",
    "The smallest of them is afraid of thunder, and the tallest pretends not to be.",
];

/// A text that begins with `opening` and is so many tokens long, or a word less.
///
/// # Errors
/// If the tokenizer fails.
pub fn text_of(
    tokenizer: &Tokenizer,
    opening: &str,
    tokens: usize,
) -> Result<String, InferenceError> {
    let mut text = opening.to_owned();
    for sentence in SENTENCES.iter().cycle() {
        if count(tokenizer, &text)? >= tokens {
            break;
        }
        text.push(' ');
        text.push_str(sentence);
    }
    while count(tokenizer, &text)? > tokens {
        let Some(end) = text.rfind(' ') else { break };
        text.truncate(end);
    }
    Ok(text)
}

/// How many tokens a text has.
///
/// # Errors
/// If the tokenizer fails.
pub fn count(tokenizer: &Tokenizer, text: &str) -> Result<usize, InferenceError> {
    Ok(tokenizer.encode_text(text, true).map_err(InferenceError::load)?.len())
}

/// Gives prompts of tokens, none of which begins like another: no cache knows them.
#[derive(Debug)]
pub struct Prompts {
    tokens: Vec<u32>,
    /// How many tokens there are to begin with.
    vocabulary: u32,
    made: u32,
}

impl Prompts {
    /// Prompts for a model with this many tokens in its vocabulary.
    ///
    /// # Errors
    /// If the tokenizer fails.
    pub fn new(tokenizer: &Tokenizer, vocabulary: usize) -> Result<Self, InferenceError> {
        let text = SENTENCES.join(" ");
        let tokens = tokenizer.encode_text(&text, true).map_err(InferenceError::load)?;
        Ok(Self {
            tokens,
            vocabulary: u32::try_from(vocabulary).unwrap_or(u32::MAX).max(1),
            made: 0,
        })
    }

    /// The next prompt, of so many tokens.
    pub fn unknown(&mut self, count: usize) -> Vec<u32> {
        let text = self.tokens.iter().copied().cycle().skip(1);
        let first = self.made % self.vocabulary;
        self.made += 1;
        std::iter::once(first).chain(text).take(count).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_prompt_begins_like_another() {
        let mut prompts = Prompts { tokens: vec![5, 6, 7], vocabulary: 100, made: 0 };
        assert_eq!(prompts.unknown(5), [0, 6, 7, 5, 6]);
        assert_eq!(prompts.unknown(5), [1, 6, 7, 5, 6]);
        assert_eq!(prompts.unknown(0), Vec::<u32>::new());
        assert_eq!(prompts.unknown(1), [3]);
    }
}
