//! A dialogue as the model reads it.

/// The tokens of a dialogue, and which of them are to be learnt: the character's replies, with the
/// token that ends each.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lesson {
    /// Prompt, messages and replies, as at run time.
    pub tokens: Vec<u32>,
    /// Whether each token is to be learnt.
    pub learns: Vec<bool>,
}

impl Lesson {
    /// How many tokens are learnt.
    pub fn learnt(&self) -> usize {
        self.learns.iter().filter(|learns| **learns).count()
    }
}
