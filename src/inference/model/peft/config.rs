//! How an adapter was made.

/// What is known of an adapter besides its numbers.
///
/// # Example
/// ```
/// use bevy_persona::inference::model::PeftConfig;
///
/// let config = PeftConfig {
///     base_model: Some("HuggingFaceTB/SmolLM2-135M-Instruct".into()),
///     rank: 16,
///     alpha: 32.0,
///     dropout: 0.05,
/// };
/// assert_eq!(config.scale(), 2.0);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct PeftConfig {
    /// The model it changes, as the Hugging Face hub or a path names it.
    pub base_model: Option<String>,
    /// The rank of most changes; each has its own in its shapes.
    pub rank: usize,
    /// How strongly changes of this rank count, times the rank. Each change has the scale it is
    /// applied with; rank-stabilised scales of a file are made plain ones.
    pub alpha: f32,
    /// The part of its inputs that was left out in training, 0..1.
    pub dropout: f32,
}

impl PeftConfig {
    /// What a change is multiplied with.
    #[must_use]
    pub fn scale(&self) -> f32 {
        self.alpha / self.rank as f32
    }
}
