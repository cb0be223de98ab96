//! How the next token is chosen.

use serde::{Deserialize, Serialize};

/// How freely a model chooses its words, and for how long.
///
/// The steps in order: no repeats, repetition penalty, temperature, top-k, min-p, top-p, draw.
///
/// # Example
/// ```
/// use bevy_persona::inference::Sampling;
///
/// let calm = Sampling { temperature: 0.3, ..Sampling::default() };
/// assert!(calm.check().is_ok());
/// assert!(Sampling { top_p: 2.0, ..calm }.check().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sampling {
    /// 0 always takes the likeliest token; higher is freer. 0..5.
    pub temperature: f32,
    /// Only the `top_k` likeliest tokens; 0 for all.
    pub top_k: usize,
    /// Only the likeliest tokens whose probabilities add up to this. 0..1, 1 for all.
    pub top_p: f32,
    /// Only tokens at least this likely relative to the likeliest. 0..1, 0 for all.
    pub min_p: f32,
    /// Makes tokens seen lately less likely: above 1 less, 1 not at all. 1..3.
    pub repetition_penalty: f32,
    /// How many tokens of her own words back "lately" reaches, in this reply and those before.
    pub repetition_window: usize,
    /// The most tokens in a row that she may repeat from her own words lately; 0 for any number.
    /// Without it a small model soon says nothing but what it has said before.
    pub no_repeat: usize,
    /// The longest reply, in tokens. Near it a reply ends with the sentence.
    pub max_tokens: usize,
    /// The longest reply, in sentences; 0 for any number.
    pub max_sentences: usize,
    /// Texts at which the reply ends; they are not part of it.
    pub stop: Vec<String>,
}

impl Default for Sampling {
    fn default() -> Self {
        Self {
            temperature: 0.4,
            top_k: 40,
            top_p: 0.9,
            min_p: 0.05,
            repetition_penalty: 1.1,
            repetition_window: 192,
            no_repeat: 3,
            max_tokens: 90,
            max_sentences: 3,
            stop: Vec::new(),
        }
    }
}

impl Sampling {
    /// Says which value is out of its range.
    ///
    /// # Errors
    /// The name of the field, and the range it must be in.
    pub fn check(&self) -> Result<(), SamplingError> {
        let in_range = |field, value: f32, min: f32, max: f32| {
            if (min..=max).contains(&value) {
                Ok(())
            } else {
                Err(SamplingError { field, value, min, max })
            }
        };
        in_range("temperature", self.temperature, 0.0, 5.0)?;
        in_range("top_p", self.top_p, 0.0, 1.0)?;
        in_range("min_p", self.min_p, 0.0, 1.0)?;
        in_range("repetition_penalty", self.repetition_penalty, 1.0, 3.0)?;
        #[expect(clippy::cast_precision_loss, reason = "only compared with small bounds")]
        in_range("max_tokens", self.max_tokens as f32, 1.0, 65_536.0)
    }
}

/// The seed of the `ask`-th message of a conversation: each has one of its own, the same again when
/// the conversation is played again.
///
/// # Example
/// ```
/// use bevy_persona::inference::seed_of_ask;
///
/// assert_eq!(seed_of_ask(7, 1), seed_of_ask(7, 1));
/// assert_ne!(seed_of_ask(7, 1), seed_of_ask(7, 2));
/// ```
#[must_use]
pub const fn seed_of_ask(seed: u64, ask: u64) -> u64 {
    // The odd constant of splitmix64 (Steele et al., 2014) spreads small numbers over all bits.
    seed ^ ask.wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// A sampling value out of its range.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("`{field}` is {value}; it must be from {min} to {max}")]
pub struct SamplingError {
    /// The field of [`Sampling`].
    pub field: &'static str,
    /// What it holds.
    pub value: f32,
    /// The least it may hold.
    pub min: f32,
    /// The most it may hold.
    pub max: f32,
}
