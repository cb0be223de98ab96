//! How much a model is told, and how much it is trusted to say by itself.

use serde::{Deserialize, Serialize};

/// How large a model is, which decides how it is used.
///
/// A small model reads a short prompt, and authored words are spoken wherever they fit. A large one
/// reads all there is and finds its own words.
///
/// # Example
/// ```
/// use bevy_persona::mind::ModelSize;
///
/// assert_eq!(ModelSize::of(135_000_000), ModelSize::Small);
/// assert_eq!(ModelSize::of(10_700_000_000), ModelSize::Large);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModelSize {
    /// Up to two thousand million parameters.
    #[default]
    Small,
    /// More.
    Large,
}

impl ModelSize {
    /// The size of a model with so many parameters; small, where that is unknown (0).
    #[must_use]
    pub const fn of(parameters: u64) -> Self {
        if parameters > 2_000_000_000 { Self::Large } else { Self::Small }
    }
}

/// How many tokens each section of a prompt may take, in the order in which they are read.
///
/// Counted by [`estimate_tokens`], which is rather too high than too low. What does not fit is left
/// out from the end of its section, whole sentences at a time.
///
/// # Example
/// ```
/// use bevy_persona::mind::{Budget, ModelSize};
///
/// let roomy = Budget { lore: 400, ..Budget::of(ModelSize::Small) };
/// assert!(roomy.total() > Budget::of(ModelSize::Small).total());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Budget {
    /// The group and the world.
    pub world: usize,
    /// Who she is and how she speaks.
    pub persona: usize,
    /// Her rules.
    pub conduct: usize,
    /// Turns that show how she talks: those of her sheet, then those like the fan's message.
    pub exemplars: usize,
    /// What she remembers of the fan.
    pub memory: usize,
    /// The facts that the fan's message is about.
    pub lore: usize,
    /// What happens around them.
    pub scene: usize,
    /// The conversation so far, the fan's message not counted.
    pub history: usize,
}

impl Budget {
    /// The usual budget of a model.
    #[must_use]
    pub const fn of(size: ModelSize) -> Self {
        match size {
            ModelSize::Small => Self {
                world: 80,
                persona: 240,
                conduct: 120,
                exemplars: 360,
                memory: 60,
                lore: 140,
                scene: 60,
                history: 800,
            },
            ModelSize::Large => Self {
                world: 400,
                persona: 480,
                conduct: 480,
                exemplars: 600,
                memory: 240,
                lore: 360,
                scene: 240,
                history: 2400,
            },
        }
    }

    /// All sections together.
    #[must_use]
    pub const fn total(&self) -> usize {
        self.world
            + self.persona
            + self.conduct
            + self.exemplars
            + self.memory
            + self.lore
            + self.scene
            + self.history
    }
}

impl Default for Budget {
    fn default() -> Self {
        Self::of(ModelSize::Small)
    }
}

/// The form of a prompt: what is said of everything, and in how many tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PromptForm {
    /// Terse for a small model, full for a large one.
    pub size: ModelSize,
    /// How many tokens each section may take.
    pub budget: Budget,
    /// Whether the model was fine-tuned on the character: then her prompt only names her, since who
    /// she is lies in the weights.
    pub is_tuned: bool,
}

impl PromptForm {
    /// The form for a model that was fine-tuned on the character.
    ///
    /// # Example
    /// ```
    /// use bevy_persona::mind::{ModelSize, PromptForm};
    ///
    /// let form = PromptForm::tuned(ModelSize::Small);
    /// assert!(form.is_tuned && form.budget.exemplars == 0);
    /// ```
    #[must_use]
    pub const fn tuned(size: ModelSize) -> Self {
        let budget = Budget { world: 0, conduct: 0, exemplars: 0, ..Budget::of(size) };
        Self { size, budget, is_tuned: true }
    }
}

impl From<ModelSize> for PromptForm {
    fn from(size: ModelSize) -> Self {
        Self { size, budget: Budget::of(size), is_tuned: false }
    }
}

/// About how many tokens a text takes, rather too many than too few: the mind has no tokenizer.
///
/// A token per three bytes of Latin script, as vocabularies of small models need (English takes a
/// token per four to five), and a token per byte beyond ASCII in such vocabularies at worst; most take
/// half of that.
///
/// # Example
/// ```
/// use bevy_persona::mind::estimate_tokens;
///
/// assert_eq!(estimate_tokens("Good morning"), 5);
/// ```
#[must_use]
pub fn estimate_tokens(text: &str) -> usize {
    let ascii = text.bytes().filter(u8::is_ascii).count();
    ascii.div_ceil(3) + (text.len() - ascii).div_ceil(2) + usize::from(!text.is_empty())
}

/// The first of `parts` that fit into `tokens` together.
pub(super) fn fitting<T>(
    parts: impl IntoIterator<Item = T>,
    tokens: usize,
    text: impl Fn(&T) -> usize,
) -> Vec<T> {
    let mut left = tokens;
    let take = |part: &T| {
        let cost = text(part);
        let fits = cost <= left;
        left = left.saturating_sub(cost);
        fits
    };
    parts.into_iter().take_while(take).collect()
}
