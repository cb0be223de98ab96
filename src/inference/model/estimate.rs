//! How much memory a model will take, told before it is loaded.
//!
//! Weights and what is kept of each token are known to the byte from the head of a file; working
//! space is reckoned from the sizes of the model. All sums saturate: whatever the head says, there
//! is an answer.

mod conversations;
mod refusal;
mod weights;
mod working;

pub use refusal::DoesNotFit;

use super::{GgufError, ModelFile, ModelSizes, Pass, TensorFacts};

/// How a model is to be used.
///
/// # Example
/// ```
/// use bevy_persona::inference::model::MemoryPlan;
///
/// let long_talks = MemoryPlan { context: 8192, ..MemoryPlan::default() };
/// assert_eq!(long_talks.idols, 4);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemoryPlan {
    /// The most tokens of each conversation.
    pub context: usize,
    /// How many idols talk at once, each with a conversation of her own.
    pub idols: usize,
    /// The memory up to which what was read is remembered, in bytes.
    pub cache_bytes: usize,
    /// The most tokens that are read at once.
    pub prefill_chunk: usize,
}

impl Default for MemoryPlan {
    fn default() -> Self {
        Self { context: 2048, idols: 4, cache_bytes: 256_000_000, prefill_chunk: 128 }
    }
}

/// How much memory a model will take, in bytes.
///
/// # Example
/// ```no_run
/// use bevy_persona::inference::model::{self, MemoryEstimate, MemoryPlan};
///
/// let file = model::open("model.gguf".as_ref())?;
/// let estimate = MemoryEstimate::of(&*file, &MemoryPlan::default())?;
/// println!("{} MB", estimate.needed() / 1_000_000);
/// # Ok::<(), bevy_persona::inference::model::GgufError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MemoryEstimate {
    /// The weights, as they are held.
    pub weights: u64,
    /// Keys and values of all conversations at their longest, nothing shared.
    pub conversations: u64,
    /// What else is remembered of what was read, at most.
    pub remembered: u64,
    /// Vocabulary, and what a pass works with.
    pub working: u64,
    /// What is needed for a moment while the weights are converted.
    pub loading: u64,
}

impl MemoryEstimate {
    /// That of a model on the CPU, used like this. Contexts longer than the model reads are cut to what
    /// it reads.
    ///
    /// # Errors
    /// If nothing of ours computes the model, or its sizes are missing or make no sense.
    pub fn of(file: &dyn ModelFile, plan: &MemoryPlan) -> Result<Self, GgufError> {
        let (pass, context) = Pass::of(file)?;
        let architecture = file.architecture()?;
        let tensors = file.tensors();
        let sizes = ModelSizes::read(architecture, file.metadata(), &tensors)?;
        let plan = MemoryPlan { context: plan.context.min(context), ..plan.clone() };
        Ok(Self::with(pass, &sizes, &tensors, &plan))
    }

    /// That of a model of these sizes and tensors.
    #[must_use]
    pub fn with(
        pass: Pass,
        sizes: &ModelSizes,
        tensors: &[TensorFacts],
        plan: &MemoryPlan,
    ) -> Self {
        let conversations = times(plan.idols, conversations::bytes(pass, sizes, plan.context));
        Self {
            weights: weights::held(pass, tensors),
            conversations,
            remembered: (plan.cache_bytes as u64).saturating_sub(conversations),
            working: working::bytes(pass, sizes, plan, conversations),
            loading: weights::transient(pass, tensors),
        }
    }

    /// The most that is needed at any moment.
    #[must_use]
    pub fn needed(&self) -> u64 {
        let running = [self.conversations, self.remembered, self.working];
        let running = running.into_iter().fold(0, u64::saturating_add);
        self.weights.saturating_add(running.max(self.loading))
    }

    /// Whether that much is free; none where nobody knows what is.
    #[must_use]
    pub fn fits(&self, free: Option<u64>) -> Option<bool> {
        free.map(|free| self.needed() <= free)
    }
}

/// So many times so many bytes.
fn times(count: usize, bytes: u64) -> u64 {
    (count as u64).saturating_mul(bytes)
}

#[cfg(test)]
mod tests;
