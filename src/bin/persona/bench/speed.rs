//! How fast the model reads and speaks, without vocabulary, template and sampling.

use std::{path::Path, slice, time::Instant};

use bevy_persona::inference::{
    InferenceError,
    model::{CausalModel, SequenceId, Span},
};

use super::{report::BySize, statistics::median_of, subject::Subject, text::Prompts};
use crate::error::CliError;

/// How often each figure is measured; the median counts.
const RUNS: usize = 5;
/// The lengths of the prompts that are read.
const PROMPTS: [usize; 3] = [16, 128, 512];
/// Behind how many tokens is spoken.
const CONTEXTS: [usize; 3] = [16, 128, 1024];
/// How many tokens each speaker speaks in a run.
const SPOKEN: usize = 16;
/// How many speak together.
const SPEAKERS: [usize; 4] = [1, 2, 4, 8];
/// Behind how many tokens those who speak together do so.
const SHARED_CONTEXT: usize = 128;

/// Tokens per second.
#[derive(Debug)]
pub struct Speed {
    /// Reading, by the length of the prompt.
    pub prefill: BySize,
    /// Speaking, by the tokens that stand before.
    pub decode: BySize,
    /// Speaking, all together, by the number of speakers.
    pub batch: BySize,
}

/// Measures a model whose repacked weights are in `folder`.
///
/// # Errors
/// If it cannot be loaded or computed.
pub fn measure(subject: &Subject, folder: &Path) -> Result<Speed, CliError> {
    let model = subject.model(folder)?;
    let prompts = Prompts::new(&subject.tokenizer, model.vocabulary())?;
    let mut reader = Reader { model, prompts, logits: Vec::new() };
    // The pages of a mapped file come with the first pass.
    reader.prefill(SPOKEN)?;
    Ok(Speed {
        prefill: reader
            .by_size(PROMPTS, 0, |reader, size| median_of(RUNS, || reader.prefill(size)))?,
        decode: reader.by_size(CONTEXTS, SPOKEN, Reader::decode)?,
        batch: reader.by_size(SPEAKERS, SHARED_CONTEXT + SPOKEN, Reader::batch)?,
    })
}

struct Reader {
    model: Box<dyn CausalModel>,
    prompts: Prompts,
    logits: Vec<f32>,
}

impl Reader {
    /// Measures for each size; none where it and `more` tokens are more than the model reads.
    fn by_size<const N: usize>(
        &mut self,
        sizes: [usize; N],
        more: usize,
        measure: impl Fn(&mut Self, usize) -> Result<f64, CliError>,
    ) -> Result<BySize, CliError> {
        let mut figures = BySize::default();
        for size in sizes {
            let fits = size + more <= self.model.context_length();
            figures.push(size, if fits { Some(measure(self, size)?) } else { None });
        }
        Ok(figures)
    }

    fn read(&mut self, sequence: SequenceId, tokens: &[u32]) -> Result<(), InferenceError> {
        let mut spans = [Span::new(sequence, tokens).giving(&mut self.logits)];
        self.model.forward(&mut spans).map_err(InferenceError::backend)
    }

    /// Lets a sequence be the first `count` tokens of a text, which is longer.
    fn reach(
        &mut self,
        sequence: SequenceId,
        text: &[u32],
        count: usize,
    ) -> Result<(), InferenceError> {
        let known = self.model.rewind(sequence, &text[..=count], 0);
        if known < count { self.read(sequence, &text[known..count]) } else { Ok(()) }
    }

    /// Reads a prompt in one piece.
    fn prefill(&mut self, count: usize) -> Result<f64, CliError> {
        let prompt = self.prompts.unknown(count);
        let sequence = self.model.open(None);
        let start = Instant::now();
        let known = self.model.rewind(sequence, &prompt, 0);
        self.read(sequence, &prompt[known..])?;
        let speed = per_second(count - known, start);
        self.model.close(sequence);
        Ok(speed)
    }

    /// Speaks, a token at a time, behind a text.
    fn decode(&mut self, context: usize) -> Result<f64, CliError> {
        let text = self.prompts.unknown(context + SPOKEN);
        let sequence = self.model.open(None);
        let speed = median_of(RUNS, || {
            self.reach(sequence, &text, context)?;
            let start = Instant::now();
            for token in &text[context..] {
                self.read(sequence, slice::from_ref(token))?;
            }
            Ok(per_second(SPOKEN, start))
        })?;
        self.model.close(sequence);
        Ok(speed)
    }

    /// Lets so many speak together, each behind a text of her own.
    fn batch(&mut self, speakers: usize) -> Result<f64, CliError> {
        let texts: Vec<Vec<u32>> =
            (0..speakers).map(|_| self.prompts.unknown(SHARED_CONTEXT + SPOKEN)).collect();
        let sequences: Vec<SequenceId> = texts.iter().map(|_| self.model.open(None)).collect();
        let mut logits = vec![Vec::new(); speakers];
        let speed = median_of(RUNS, || {
            for (&sequence, text) in sequences.iter().zip(&texts) {
                self.reach(sequence, text, SHARED_CONTEXT)?;
            }
            let start = Instant::now();
            for place in SHARED_CONTEXT..SHARED_CONTEXT + SPOKEN {
                let who = sequences.iter().zip(&texts).zip(&mut logits);
                let mut spans: Vec<Span<'_>> = who
                    .map(|((&sequence, text), logits)| {
                        Span::new(sequence, slice::from_ref(&text[place])).giving(logits)
                    })
                    .collect();
                self.model.forward(&mut spans).map_err(InferenceError::backend)?;
            }
            Ok(per_second(speakers * SPOKEN, start))
        })?;
        for sequence in sequences {
            self.model.close(sequence);
        }
        Ok(speed)
    }
}

fn per_second(tokens: usize, start: Instant) -> f64 {
    tokens as f64 / start.elapsed().as_secs_f64().max(1e-9)
}
