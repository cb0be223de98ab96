//! All that is told of a model.

use std::path::PathBuf;

use bevy_persona::{
    inference::model::{MemoryEstimate, MemoryPlan, ModelFacts, ModelFile, ModelSizes, Pass},
    persona::Language,
};
use serde::Serialize;

use super::special::{TemplateReport, VocabularyReport};

/// All that is told of a model.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Where it is.
    pub path: PathBuf,
    /// What it is called.
    pub name: String,
    /// Its kind.
    pub architecture: String,
    /// How many numbers its weights are.
    pub parameters: u64,
    /// The bytes of the weights in the file.
    pub weight_bytes: u64,
    /// How the weights are stored.
    pub quantisation: Vec<Share>,
    /// Its sizes.
    pub sizes: Option<Sizes>,
    /// The most tokens that we read at once.
    pub readable_context: Option<usize>,
    /// Its licence, where the file says it.
    pub licence: Option<String>,
    /// Languages that the file names.
    pub languages_named: Vec<String>,
    /// Languages in which it speaks here.
    pub languages: Vec<Language>,
    /// Its vocabulary, where that can be used.
    pub vocabulary: Option<VocabularyReport>,
    /// How conversations are written.
    pub template: Option<TemplateReport>,
    /// What computes it: `own`, `candle`, or nothing.
    pub pass: Option<&'static str>,
    /// What it needs.
    pub memory: Option<Memory>,
    /// What does not work, or not as one might expect.
    pub limits: Vec<String>,
}

/// A way in which weights are stored.
#[derive(Debug, Serialize)]
pub struct Share {
    /// Its name.
    pub name: String,
    /// The part of all numbers, in per cent.
    pub percent: f64,
    /// The bytes in the file.
    pub bytes: u64,
}

/// The sizes of a model.
#[derive(Debug, Serialize)]
pub struct Sizes {
    /// Layers.
    pub layers: usize,
    /// Values per token.
    pub width: usize,
    /// Heads of queries.
    pub heads: usize,
    /// Heads of keys and values, of the layer that has most.
    pub kv_heads: usize,
    /// Values per head.
    pub head_dim: usize,
    /// Values within the feed-forward part.
    pub inner: usize,
    /// Entries of the vocabulary.
    pub vocabulary: usize,
    /// The most tokens that it was trained to read.
    pub context: usize,
    /// How far local layers see.
    pub window: Option<usize>,
}

/// What a model needs, in bytes.
#[derive(Debug, Serialize)]
pub struct Memory {
    /// How many idols talk at once.
    pub idols: usize,
    /// The tokens of each conversation.
    pub context: usize,
    /// The weights, as they are held.
    pub weights: u64,
    /// Keys and values of all conversations.
    pub conversations: u64,
    /// What else is remembered, at most.
    pub remembered: u64,
    /// Vocabulary and working space.
    pub working: u64,
    /// For a moment, while it is loaded.
    pub loading: u64,
    /// All that counts, together.
    pub needed: u64,
    /// What is free here; none where the system does not tell.
    pub free: Option<u64>,
    /// Whether it fits here; none where nobody knows.
    pub fits: Option<bool>,
}

impl Report {
    /// Of a file, for conversations of so many tokens, where so much memory is free.
    pub fn of(
        file: &dyn ModelFile,
        context: usize,
        template: Option<&str>,
        free: Option<u64>,
    ) -> Self {
        let facts = ModelFacts::of(file);
        let mut limits = limits(&facts, file);
        let mut told = |error: &dyn std::error::Error| limits.push(error.to_string());
        let tokenizer = file.tokenizer().inspect_err(|error| told(error)).ok();
        let written = tokenizer.as_ref().and_then(|tokenizer| {
            let report = TemplateReport::of(file, tokenizer, template);
            report.inspect_err(|error| told(error)).ok()
        });
        Self {
            path: file.path().into(),
            quantisation: shares(&facts),
            sizes: facts.sizes.as_ref().map(Sizes::of),
            vocabulary: tokenizer.map(|tokenizer| VocabularyReport::of(file, &tokenizer)),
            template: written,
            languages: file.languages(),
            pass: facts.pass.as_ref().ok().map(|pass| match pass {
                Pass::Own => "own",
                Pass::Candle => "candle",
            }),
            memory: Memory::of(file, context.min(facts.readable_context.unwrap_or(context)), free),
            name: facts.name,
            architecture: facts.architecture,
            parameters: facts.parameters,
            weight_bytes: facts.weight_bytes,
            readable_context: facts.readable_context,
            licence: facts.licence,
            languages_named: facts.languages,
            limits,
        }
    }
}

impl Sizes {
    fn of(sizes: &ModelSizes) -> Self {
        Self {
            layers: sizes.layers(),
            width: sizes.width,
            heads: sizes.heads,
            kv_heads: sizes.kv_heads.iter().copied().max().unwrap_or(0),
            head_dim: sizes.head_dim,
            inner: sizes.inner,
            vocabulary: sizes.vocabulary,
            context: sizes.context,
            window: sizes.window,
        }
    }
}

impl Memory {
    fn of(file: &dyn ModelFile, context: usize, free: Option<u64>) -> Option<Self> {
        let plan = MemoryPlan { context, ..MemoryPlan::default() };
        // Why there is none is told as what does not work.
        let estimate = MemoryEstimate::of(file, &plan).ok()?;
        Some(Self {
            idols: plan.idols,
            context,
            weights: estimate.weights,
            conversations: estimate.conversations,
            remembered: estimate.remembered,
            working: estimate.working,
            loading: estimate.loading,
            needed: estimate.needed(),
            free,
            fits: estimate.fits(free),
        })
    }
}

fn shares(facts: &ModelFacts) -> Vec<Share> {
    let part = |numbers: u64| numbers as f64 * 100.0 / facts.parameters.max(1) as f64;
    let share = |share: &bevy_persona::inference::model::TypeShare| Share {
        name: share.name.clone(),
        percent: (part(share.numbers) * 100.0).round() / 100.0,
        bytes: share.bytes,
    };
    facts.quantisation.iter().map(share).collect()
}

/// What does not work, or not as one might expect.
fn limits(facts: &ModelFacts, file: &dyn ModelFile) -> Vec<String> {
    let mut limits = Vec::new();
    match &facts.pass {
        Err(error) => limits.push(error.to_string()),
        Ok(pass) if !pass.takes_adapters() => {
            limits.push(
                "it takes no adapters, and replies of several characters are computed one after \
                 the other"
                    .into(),
            );
        }
        Ok(_) => {}
    }
    if let (Some(read), Some(sizes)) = (facts.readable_context, &facts.sizes)
        && read < sizes.context
    {
        limits.push(format!(
            "of the {} tokens that it reads, {read} are used: for more, positions are stretched in a \
             way that is not known here",
            sizes.context
        ));
    }
    if !file.languages().contains(&Language::Korean) {
        limits.push(
            "it does not say that it speaks Korean: characters answer Korean with written words \
             only, unless `GgufSettings::languages` says that it does"
                .into(),
        );
    }
    limits
}
