//! What has been read of each sequence, by a model whose states are values: copied cheaply, never
//! changed where somebody else sees it.

use std::collections::BTreeMap;

use tracing::warn;

use crate::inference::model::{
    AdapterId, CausalModel, ForwardError, ModelMemory, SequenceId, Span, TokenCounts,
};

/// A model that reads tokens.
pub trait Decode {
    /// What it keeps of tokens that it has read. The default is that of none; copies share memory.
    type State: Clone + Default;

    /// How many tokens it was trained to read.
    fn context_length(&self) -> usize;

    /// How many logits it gives.
    fn vocabulary(&self) -> usize;

    /// Reads at least one more token; gives the logits of what comes after, if they are wanted.
    ///
    /// # Errors
    /// What the tensor library says. The state is of no use then.
    fn read(
        &self,
        state: &mut Self::State,
        tokens: &[u32],
        logits: bool,
    ) -> Result<Option<Vec<f32>>, String>;

    /// The state after the first `len` of its tokens; none where the model cannot go back.
    fn truncated(&self, state: &Self::State, len: usize) -> Option<Self::State>;

    /// Whether [`truncated`](Self::truncated) gives something.
    fn can_truncate(&self) -> bool;

    /// The memory of the weights, in bytes.
    fn weight_bytes(&self) -> usize;

    /// The memory of a state, in bytes.
    fn state_bytes(&self, state: &Self::State) -> usize;
}

/// Tokens that were read, and what the model keeps of them.
#[derive(Debug, Clone, Default)]
struct Known<S> {
    tokens: Vec<u32>,
    state: S,
}

#[derive(Debug)]
struct Sequence<S> {
    known: Known<S>,
    /// How many tokens are those of the persona.
    fixed: usize,
    /// Whether it holds tokens of a prompt that was just begun.
    is_fresh: bool,
}

/// What a span made of a sequence.
struct Read<S> {
    id: SequenceId,
    known: Known<S>,
    /// What was known at the end of the persona's tokens, if that was passed.
    persona: Option<Known<S>>,
}

/// The sequences of a model, read one after the other.
///
/// What was read of the last personas is remembered, so that each is read once.
#[derive(Debug)]
pub struct Sequences<D: Decode> {
    decoder: D,
    open: BTreeMap<SequenceId, Sequence<D::State>>,
    /// The one used last comes last.
    personas: Vec<Known<D::State>>,
    /// The most memory for what was read, in bytes; sequences in use may take more.
    cache_bytes: usize,
    next: u64,
    counts: TokenCounts,
}

impl<D: Decode> Sequences<D> {
    /// How many personas are remembered.
    const PERSONAS: usize = 8;

    /// No sequences yet.
    pub(super) fn new(decoder: D, cache_bytes: usize) -> Self {
        let (open, personas, counts) = (BTreeMap::new(), Vec::new(), TokenCounts::default());
        Self { decoder, open, personas, cache_bytes, next: 0, counts }
    }

    /// Forgets the personas used longest ago until the memory is enough.
    fn trim(&mut self) {
        while !self.personas.is_empty() && self.memory().cache > self.cache_bytes {
            self.personas.remove(0);
        }
    }

    /// The longest beginning of `prompt` that is known from anywhere.
    fn longest(&self, id: SequenceId, prompt: &[u32]) -> Known<D::State> {
        let own = self.open.get(&id).map(|sequence| &sequence.known);
        let others = self.open.values().map(|sequence| &sequence.known);
        let candidates = self.personas.iter().chain(others).chain(own);
        candidates
            .map(|known| (self.usable(known, prompt), known))
            .max_by_key(|&(length, _)| length)
            .and_then(|(length, known)| self.beginning(known, length))
            .unwrap_or_default()
    }

    /// How many tokens at the beginning of `prompt` can be taken from there.
    fn usable(&self, known: &Known<D::State>, prompt: &[u32]) -> usize {
        let common = known.tokens.iter().zip(prompt).take_while(|(a, b)| a == b).count();
        if common == known.tokens.len() || self.decoder.can_truncate() { common } else { 0 }
    }

    fn beginning(&self, known: &Known<D::State>, length: usize) -> Option<Known<D::State>> {
        if length == known.tokens.len() {
            return Some(known.clone());
        }
        let state = self.decoder.truncated(&known.state, length)?;
        Some(Known { tokens: known.tokens[..length].to_vec(), state })
    }

    /// The persona that begins like this is the one used last.
    fn remember(&mut self, persona: Known<D::State>) {
        self.personas.retain(|known| known.tokens != persona.tokens);
        if self.personas.len() == Self::PERSONAS {
            self.personas.remove(0);
        }
        self.personas.push(persona);
    }

    fn check(&self, spans: &[Span<'_>]) -> Result<(), ForwardError> {
        let context = self.decoder.context_length();
        for (index, span) in spans.iter().enumerate() {
            let twice = spans[..index].iter().any(|other| other.sequence == span.sequence);
            let sequence = self.open.get(&span.sequence).filter(|_| !twice);
            let (Some(sequence), false) = (sequence, span.tokens.is_empty()) else {
                return Err(ForwardError::NoSequence);
            };
            let (known, new) = (sequence.known.tokens.len(), span.tokens.len());
            if known + new > context {
                return Err(ForwardError::TooLong { known, new, context });
            }
        }
        Ok(())
    }

    /// Reads a span into a copy, in two parts if the persona's tokens end within it.
    fn read(&self, span: &mut Span<'_>) -> Result<Read<D::State>, ForwardError> {
        let sequence = self.open.get(&span.sequence).ok_or(ForwardError::NoSequence)?;
        let (mut known, mut persona) = (sequence.known.clone(), None);
        let missing = sequence.fixed.saturating_sub(known.tokens.len());
        let (first, rest) = span.tokens.split_at_checked(missing).unwrap_or((&[], span.tokens));
        let (first, rest) = if rest.is_empty() { (rest, first) } else { (first, rest) };
        if !first.is_empty() {
            self.advance(&mut known, first, false)?;
            persona = Some(known.clone());
        }
        let logits = self.advance(&mut known, rest, span.logits.is_some())?;
        if known.tokens.len() == sequence.fixed {
            persona = Some(known.clone());
        }
        if let (Some(wanted), Some(logits)) = (&mut span.logits, logits) {
            **wanted = logits;
        }
        Ok(Read { id: span.sequence, known, persona })
    }

    fn advance(
        &self,
        known: &mut Known<D::State>,
        tokens: &[u32],
        logits: bool,
    ) -> Result<Option<Vec<f32>>, ForwardError> {
        let logits =
            self.decoder.read(&mut known.state, tokens, logits).map_err(ForwardError::Tensor)?;
        known.tokens.extend_from_slice(tokens);
        Ok(logits)
    }
}

impl<D: Decode> CausalModel for Sequences<D> {
    fn context_length(&self) -> usize {
        self.decoder.context_length()
    }

    fn vocabulary(&self) -> usize {
        self.decoder.vocabulary()
    }

    fn open(&mut self, adapter: Option<AdapterId>) -> SequenceId {
        if adapter.is_some() {
            warn!("this architecture knows no adapters; the model speaks without");
        }
        let id = SequenceId(self.next);
        self.next += 1;
        self.open.insert(id, Sequence { known: Known::default(), fixed: 0, is_fresh: false });
        id
    }

    fn rewind(&mut self, sequence: SequenceId, prompt: &[u32], fixed: usize) -> usize {
        let fixed = fixed.min(prompt.len());
        let used = self.personas.iter().position(|known| known.tokens == prompt[..fixed]);
        if let Some(used) = used {
            self.personas[used..].rotate_left(1);
        }
        let known = self.longest(sequence, &prompt[..prompt.len().saturating_sub(1)]);
        let length = known.tokens.len();
        let Some(open) = self.open.get_mut(&sequence) else { return 0 };
        *open = Sequence { known, fixed, is_fresh: true };
        length
    }

    fn forward(&mut self, spans: &mut [Span<'_>]) -> Result<(), ForwardError> {
        self.check(spans)?;
        let fresh = spans.iter().filter_map(|span| self.open.get(&span.sequence));
        let fresh = fresh.filter(|sequence| sequence.is_fresh);
        let reused: usize = fresh.map(|sequence| sequence.known.tokens.len()).sum();
        let read = spans.iter_mut().map(|span| self.read(span)).collect::<Result<Vec<_>, _>>()?;
        self.counts.read += spans.iter().map(|span| span.tokens.len() as u64).sum::<u64>();
        for Read { id, known, persona } in read {
            if let Some(persona) = persona {
                self.remember(persona);
            }
            if let Some(sequence) = self.open.get_mut(&id) {
                sequence.known = known;
                sequence.is_fresh = false;
            }
        }
        self.counts.reused += reused as u64;
        self.trim();
        Ok(())
    }

    fn close(&mut self, sequence: SequenceId) {
        self.open.remove(&sequence);
    }

    fn memory(&self) -> ModelMemory {
        let open = self.open.values().map(|sequence| &sequence.known);
        let states = open.chain(&self.personas);
        let cache = states.map(|known| self.decoder.state_bytes(&known.state)).sum();
        ModelMemory { weights: self.decoder.weight_bytes(), cache }
    }

    fn counts(&self) -> TokenCounts {
        self.counts
    }
}

#[cfg(test)]
mod tests;
