//! Says that a model does not fit, and what to do.

use std::fmt;

use thiserror::Error;

use super::{MemoryEstimate, MemoryPlan, weights};
use crate::inference::model::{ModelFile, ModelSizes, Pass, TensorFacts};

/// A model needs more memory than there is.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "`{model}` needs {needed} of memory ({weights} of weights, {rest} for {idols} conversations of \
     {context} tokens and working space), and {free} are free; {advice}, close other programs, or \
     let a server reply (feature `remote`). To load it all the same, set \
     `GgufSettings::check_memory` to false, or the variable BEVY_PERSONA_ANY_MEMORY to 1",
    needed = Amount(estimate.needed()),
    weights = Amount(estimate.weights),
    rest = Amount(estimate.needed().saturating_sub(estimate.weights)),
    free = Amount(*free),
    advice = self.advice(),
)]
pub struct DoesNotFit {
    /// What the model is called.
    pub model: String,
    /// What it needs.
    pub estimate: Box<MemoryEstimate>,
    /// What is free, in bytes.
    pub free: u64,
    /// How many conversations were reckoned with.
    pub idols: usize,
    /// The tokens of each.
    pub context: usize,
    /// The longest context that would fit, if that alone helps.
    pub fitting_context: Option<usize>,
    /// A smaller type of the same weights, and what the model would need in it, where it is stored in
    /// a larger one.
    pub smaller: Option<(&'static str, u64)>,
}

impl DoesNotFit {
    /// Shorter contexts than this make no conversation with a persona in it.
    const LEAST_CONTEXT: usize = 1024;

    /// Whether so much memory is too little for a file. A file that cannot be estimated passes:
    /// loading it says better what is wrong.
    ///
    /// # Errors
    /// If it is.
    pub fn check(file: &dyn ModelFile, plan: &MemoryPlan, free: Option<u64>) -> Result<(), Self> {
        let Ok((pass, context)) = Pass::of(file) else { return Ok(()) };
        let tensors = file.tensors();
        let architecture = file.architecture().unwrap_or_default();
        let sizes = ModelSizes::read(architecture, file.metadata(), &tensors);
        let (Some(free), Ok(sizes)) = (free, sizes) else { return Ok(()) };
        let plan = MemoryPlan { context: plan.context.min(context), ..plan.clone() };
        Self::among(file.name(), pass, &sizes, &tensors, &plan, free)
    }

    /// The same, of a model of these sizes and tensors.
    pub(super) fn among(
        model: String,
        pass: Pass,
        sizes: &ModelSizes,
        tensors: &[TensorFacts],
        plan: &MemoryPlan,
        free: u64,
    ) -> Result<(), Self> {
        let with = |context| {
            let plan = MemoryPlan { context, ..plan.clone() };
            MemoryEstimate::with(pass, sizes, tensors, &plan)
        };
        let estimate = with(plan.context);
        if estimate.needed() <= free {
            return Ok(());
        }
        let shorter = (1..).map(|halvings| plan.context >> halvings);
        let fitting_context = shorter
            .take_while(|&context| context >= Self::LEAST_CONTEXT)
            .find(|&context| with(context).needed() <= free);
        let (kind, bytes) = weights::smallest(pass, tensors);
        let needed = MemoryEstimate { weights: bytes, loading: 0, ..estimate }.needed();
        // A few per cent are not worth another file.
        let is_smaller = bytes < estimate.weights / 10 * 9;
        let smaller = is_smaller.then_some((kind, needed));
        let (idols, context) = (plan.idols, plan.context);
        let estimate = Box::new(estimate);
        Err(Self { model, estimate, free, idols, context, fitting_context, smaller })
    }

    fn advice(&self) -> String {
        let mut ways = Vec::new();
        if let Some((kind, needed)) = self.smaller {
            let still = if needed > self.free { ", which is still too much" } else { "" };
            let needed = Amount(needed);
            ways.push(format!("take a smaller quantisation ({kind} needs {needed}{still})"));
        }
        let forgetful = MemoryEstimate { remembered: 0, ..*self.estimate };
        if forgetful.needed() <= self.free {
            ways.push("lower `cache_mb`".into());
        } else if let Some(context) = self.fitting_context {
            ways.push(format!("lower `max_context` to {context}"));
        } else {
            ways.push("take a smaller model".into());
        }
        ways.join(", ")
    }
}

/// Bytes, for people.
struct Amount(u64);

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            bytes @ 0..1_000_000_000 => write!(f, "{} MB", bytes.div_ceil(1_000_000)),
            bytes => write!(f, "{:.1} GB", bytes as f64 / 1e9),
        }
    }
}
