//! The llama architecture: SmolLM2, Llama 2 and 3, Mistral, SOLAR; and `SmolLM3`, of which some layers
//! do not tell positions apart (Yang et al., 2025, arXiv:2501.18795).
//!
//! A decoder of pre-normalised blocks with rotary positions, grouped-query attention and a `SwiGLU`
//! feed-forward part (Touvron et al., 2023, arXiv:2302.13971; grouped queries: Ainslie et al., 2023,
//! arXiv:2305.13245). In GGUF files of this architecture the rows of the query and key matrices are
//! ordered for rotation in neighbouring pairs.

mod adapter;
mod config;
mod pass;
mod prepared;
mod sizes;
mod weights;

use std::{collections::BTreeMap, sync::Arc};

pub use adapter::{Adapter, LowRank, Target};
pub(super) use config::ARCHITECTURES;
pub(crate) use config::Config;
use pass::{Pass, Row};
use prepared::Prepared;
pub use sizes::MatrixSizes;
#[cfg(all(test, feature = "train"))]
pub(crate) use weights::Layer;
pub(crate) use weights::Weights;

use super::{
    AdapterId, CausalModel, ForwardError, GgufError, LoadProgress, ModelFile, ModelMemory,
    ModelOptions, Profile, SequenceId, Span, TokenCounts,
};
use crate::inference::{
    InferenceBudget,
    kernels::KvBlock,
    kv_cache::{KvCache, Sequence},
    prompt_store::PromptStore,
};

/// The most tokens that the model of a file reads at once.
///
/// # Errors
/// If a value that the pass needs is missing or makes no sense, or it has parts that the pass lacks.
pub(super) fn context_of(file: &dyn ModelFile) -> Result<usize, GgufError> {
    Config::read(file).map(|config| config.context)
}

/// A llama model in memory, and all that it has read.
pub struct Llama {
    config: Config,
    weights: Weights,
    pass: Pass,
    cache: KvCache,
    prompts: Option<PromptStore>,
    adapters: BTreeMap<AdapterId, Arc<Prepared>>,
    sequences: BTreeMap<SequenceId, Open>,
    opened: u64,
    read: u64,
    reused: u64,
}

/// A sequence in use.
struct Open {
    sequence: Sequence,
    adapter: Option<Arc<Prepared>>,
    /// How many of its first tokens are to be kept on disk once they are read; 0 for none.
    keep: usize,
    /// Whether it holds tokens of a prompt that was just begun.
    is_fresh: bool,
}

impl Llama {
    /// Reads the weights of a file.
    ///
    /// # Errors
    /// If a value or tensor is missing, their shapes do not fit together, or `progress` says to
    /// stop.
    pub fn load(
        file: &mut dyn ModelFile,
        options: &ModelOptions,
        progress: &mut LoadProgress<'_>,
    ) -> Result<Self, GgufError> {
        let folder = options.cache_folder.as_deref();
        let (config, weights) = Weights::load(file, folder, progress)?;
        let (shape, fingerprint) = (config.kv_shape(), *file.fingerprint().bytes());
        let store =
            |folder: &std::path::Path| PromptStore::new(folder.join("prompts"), fingerprint, shape);
        Ok(Self {
            pass: Pass::new(&weights, options.threads, options.level),
            cache: KvCache::new(shape, options.cache_bytes),
            prompts: folder.map(store),
            adapters: BTreeMap::new(),
            sequences: BTreeMap::new(),
            opened: 0,
            read: 0,
            reused: 0,
            config,
            weights,
        })
    }

    /// Takes the sequences of a pass out, in the order of its spans.
    fn take(&mut self, spans: &[Span<'_>]) -> Result<Vec<(SequenceId, Open)>, ForwardError> {
        let vocabulary = self.weights.embedding.rows();
        let mut tokens = spans.iter().flat_map(|span| span.tokens);
        if let Some(&token) = tokens.find(|&&token| token as usize >= vocabulary) {
            return Err(ForwardError::NoToken(token));
        }
        let mut taken = Vec::with_capacity(spans.len());
        for span in spans {
            let open = match span.tokens {
                [] => None,
                _ => self.sequences.remove(&span.sequence),
            };
            match open {
                Some(open) => taken.push((span.sequence, open)),
                None => {
                    self.sequences.extend(taken);
                    return Err(ForwardError::NoSequence);
                }
            }
        }
        let context = self.config.context;
        let too_long = spans.iter().zip(&taken).find_map(|(span, (_, open))| {
            let (known, new) = (open.sequence.len(), span.tokens.len());
            (known + new > context).then_some(ForwardError::TooLong { known, new, context })
        });
        match too_long {
            Some(error) => {
                self.sequences.extend(taken);
                Err(error)
            }
            None => Ok(taken),
        }
    }

    /// Keeps what was read of a persona on disk, once that is all of it.
    fn keep(prompts: Option<&PromptStore>, open: &mut Open) {
        let Open { sequence, keep, .. } = open;
        if let Some(prompts) = prompts.filter(|_| *keep > 0 && sequence.len() >= *keep) {
            // The last block may go on behind the persona; that part is left out when it is read.
            let blocks = &sequence.blocks()[..keep.div_ceil(KvBlock::TOKENS)];
            prompts.save(sequence.adapter(), &sequence.tokens()[..*keep], blocks);
            *keep = 0;
        }
    }
}

impl CausalModel for Llama {
    fn context_length(&self) -> usize {
        self.config.context
    }

    fn vocabulary(&self) -> usize {
        self.weights.output.rows()
    }

    fn add_adapter(&mut self, adapter: &Adapter) -> Result<AdapterId, GgufError> {
        let inner = self.weights.layers.first().map_or(0, |layer| layer.gate.rows());
        adapter.check(self.config.layers, &self.config.sizes(inner))?;
        let id = adapter.id();
        let prepared = || Arc::new(Prepared::new(adapter, &self.config, inner));
        self.adapters.entry(id).or_insert_with(prepared);
        Ok(id)
    }

    fn open(&mut self, adapter: Option<AdapterId>) -> SequenceId {
        let id = SequenceId(self.opened);
        self.opened += 1;
        let known = adapter.and_then(|id| Some((id, Arc::clone(self.adapters.get(&id)?))));
        if adapter.is_some() && known.is_none() {
            tracing::warn!("there is no such adapter; the model speaks without");
        }
        let (key, adapter) = known.map_or((0, None), |(id, adapter)| (id.0, Some(adapter)));
        let sequence = self.cache.open(key);
        self.sequences.insert(id, Open { sequence, adapter, keep: 0, is_fresh: false });
        id
    }

    fn rewind(&mut self, sequence: SequenceId, prompt: &[u32], fixed: usize) -> usize {
        let Some(open) = self.sequences.get_mut(&sequence) else { return 0 };
        let wanted = &prompt[..prompt.len().saturating_sub(1)];
        let fixed = if fixed <= wanted.len() { fixed } else { 0 };
        let mut known = self.cache.rewind(&mut open.sequence, wanted);
        let adapter = open.sequence.adapter();
        open.keep = 0;
        if let Some(prompts) = self.prompts.as_ref().filter(|_| known < fixed) {
            match prompts.load(adapter, &prompt[..fixed]) {
                Some(blocks) => {
                    self.cache.import(adapter, &prompt[..fixed], blocks);
                    known = self.cache.rewind(&mut open.sequence, wanted);
                }
                None => open.keep = fixed,
            }
        }
        open.is_fresh = true;
        known
    }

    fn forward(&mut self, spans: &mut [Span<'_>]) -> Result<(), ForwardError> {
        let mut taken = self.take(spans)?;
        self.pass.rows.clear();
        for (at, (span, (_, open))) in spans.iter().zip(&mut taken).enumerate() {
            let known = open.sequence.len();
            if std::mem::take(&mut open.is_fresh) {
                self.reused += known as u64;
            }
            self.cache.extend(&mut open.sequence, span.tokens);
            let positions = known..;
            self.pass.rows.extend(
                span.tokens.iter().zip(positions).map(|(&token, position)| Row {
                    token,
                    position,
                    span: at,
                }),
            );
            self.read += span.tokens.len() as u64;
        }
        let mut open: Vec<&mut Open> = taken.iter_mut().map(|(_, open)| open).collect();
        self.pass.run(&self.config, &self.weights, &mut open, spans);
        for (span, (_, open)) in spans.iter().zip(&mut taken) {
            Self::keep(self.prompts.as_ref(), open);
            // What is guessed is nobody else's business until it has turned out to be right.
            if span.guessed == 0 {
                self.cache.commit(&mut open.sequence);
            }
        }
        self.sequences.extend(taken);
        Ok(())
    }

    fn can_take_back(&self) -> bool {
        true
    }

    fn take_back(&mut self, sequence: SequenceId, count: usize) {
        if let Some(open) = self.sequences.get_mut(&sequence) {
            self.cache.take_back(&mut open.sequence, count);
        }
    }

    fn close(&mut self, sequence: SequenceId) {
        if let Some(open) = self.sequences.remove(&sequence) {
            self.cache.close(open.sequence);
        }
    }

    fn discard(&mut self, sequence: SequenceId, from: usize) {
        if let Some(open) = self.sequences.remove(&sequence) {
            self.cache.discard(open.sequence, from);
        }
    }

    fn profile(&mut self, measures: bool) -> Option<Profile> {
        self.pass.profile(measures)
    }

    fn set_budget(&mut self, budget: &InferenceBudget) {
        self.pass.set_budget(budget);
    }

    fn memory(&self) -> ModelMemory {
        let adapters: usize = self.adapters.values().map(|adapter| adapter.bytes()).sum();
        ModelMemory { weights: self.weights.bytes() + adapters, cache: self.cache.used_bytes() }
    }

    fn counts(&self) -> TokenCounts {
        TokenCounts { read: self.read, reused: self.reused }
    }
}
