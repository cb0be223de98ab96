//! Where the time of a forward pass goes, and how far it is from what the machine can do.

use std::{hint::black_box, path::Path, slice, time::Instant};

use bevy_persona::inference::{
    InferenceError,
    model::{CausalModel, Operation, Profile, SequenceId, Span},
};
use serde::Serialize;

use super::{
    report::Table,
    scratch::Scratch,
    statistics::{percentile, rounded},
    subject::Subject,
    text::Prompts,
};
use crate::error::CliError;

/// The tokens that are read in one piece, and behind which is spoken.
const CONTEXT: usize = 128;
/// How many passes of each kind are measured.
const PASSES: usize = 64;
/// How much memory is read to find out how fast that goes: more than any cache holds.
const MEMORY: usize = 256 << 20;

/// What `persona bench --profile` tells.
#[derive(Debug, Serialize)]
pub struct ProfileReport {
    model: String,
    file_type: String,
    instructions: String,
    threads: usize,
    busy: u32,
    /// How fast so many threads read memory, in GB/s.
    memory_gb_s: f64,
    reading: Kind,
    speaking: Kind,
    four_speaking: Kind,
}

/// One kind of pass.
#[derive(Debug, Serialize)]
struct Kind {
    /// Tokens in each pass.
    tokens: u64,
    /// Milliseconds of a pass.
    pass_ms: f64,
    operations: Vec<Part>,
}

/// One operation of a pass.
#[derive(Debug, Serialize)]
struct Part {
    operation: &'static str,
    /// Microseconds of a pass.
    us: f64,
    /// The part of the pass, 0..1.
    share: f64,
    /// Weights that are read, in GB/s; none where there are no weights.
    gb_s: Option<f64>,
    /// Thousand million products a second.
    gmac_s: Option<f64>,
}

impl Kind {
    fn new(profile: &Profile) -> Self {
        let passes = profile.passes.max(1) as f64;
        let total = profile.total().as_secs_f64().max(1e-12);
        let part = |operation: Operation| {
            let (time, work) = profile.of(operation);
            let seconds = time.as_secs_f64();
            let a_second =
                |count: u64| (count > 0).then(|| rounded(count as f64 / seconds / 1e9, 2));
            Part {
                operation: operation.name(),
                us: rounded(seconds / passes * 1e6, 1),
                share: rounded(seconds / total, 4),
                gb_s: a_second(work.bytes),
                gmac_s: a_second(work.products),
            }
        };
        Self {
            tokens: profile.tokens / profile.passes.max(1),
            pass_ms: rounded(total / passes * 1e3, 3),
            operations: Operation::ALL.map(part).into(),
        }
    }
}

/// Measures the passes of a model.
///
/// # Errors
/// If it cannot be loaded or computed, or is of an architecture that does not tell.
pub fn measure(subject: &Subject, busy: u32) -> Result<ProfileReport, CliError> {
    let scratch = Scratch::new()?;
    let mut passes = Passes::new(subject, scratch.path())?;
    Ok(ProfileReport {
        model: subject.name.clone(),
        file_type: subject.file_type.clone(),
        instructions: subject.level.to_string(),
        threads: subject.threads,
        busy,
        memory_gb_s: rounded(memory_speed(subject.threads), 1),
        reading: passes.reading()?,
        speaking: passes.speaking(1)?,
        four_speaking: passes.speaking(4)?,
    })
}

struct Passes {
    model: Box<dyn CausalModel>,
    prompts: Prompts,
}

impl Passes {
    fn new(subject: &Subject, folder: &Path) -> Result<Self, CliError> {
        let model = subject.model(folder)?;
        let prompts = Prompts::new(&subject.tokenizer, model.vocabulary())?;
        let mut passes = Self { model, prompts };
        // The pages of a mapped file come with the first pass.
        passes.begin()?;
        Ok(passes)
    }

    /// Reads a prompt that nobody knows.
    fn begin(&mut self) -> Result<(SequenceId, Vec<u32>), CliError> {
        let prompt = self.prompts.unknown(CONTEXT);
        let sequence = self.model.open(None);
        let known = self.model.rewind(sequence, &prompt, 0);
        let mut logits = Vec::new();
        let span = Span::new(sequence, &prompt[known..]).giving(&mut logits);
        self.model.forward(&mut [span]).map_err(InferenceError::backend)?;
        Ok((sequence, prompt))
    }

    fn measured(&mut self) -> Result<Kind, CliError> {
        let profile = self.model.profile(false).ok_or(super::BenchError::NoProfile)?;
        Ok(Kind::new(&profile))
    }

    fn reading(&mut self) -> Result<Kind, CliError> {
        self.model.profile(true);
        for _ in 0..PASSES / 8 {
            let (sequence, _) = self.begin()?;
            self.model.close(sequence);
        }
        self.measured()
    }

    fn speaking(&mut self, speakers: usize) -> Result<Kind, CliError> {
        let cast = (0..speakers).map(|_| self.begin()).collect::<Result<Vec<_>, _>>()?;
        let mut logits = vec![Vec::new(); speakers];
        self.model.profile(true);
        for place in 0..PASSES {
            let each = cast.iter().zip(&mut logits).map(|((sequence, text), logits)| {
                Span::new(*sequence, slice::from_ref(&text[place % CONTEXT])).giving(logits)
            });
            let mut spans: Vec<Span<'_>> = each.collect();
            self.model.forward(&mut spans).map_err(InferenceError::backend)?;
        }
        let kind = self.measured();
        for (sequence, _) in cast {
            self.model.close(sequence);
        }
        kind
    }
}

/// How fast threads read memory, in GB/s: the best case of a pass that reads each weight once.
fn memory_speed(threads: usize) -> f64 {
    let memory = vec![1_u64; MEMORY / size_of::<u64>()];
    let parts: Vec<&[u64]> = memory.chunks(memory.len().div_ceil(threads.max(1))).collect();
    let speeds: Vec<f64> = (0..5)
        .map(|_| {
            let start = Instant::now();
            std::thread::scope(|scope| {
                for part in &parts {
                    scope.spawn(|| black_box(sum(part)));
                }
            });
            MEMORY as f64 / 1e9 / start.elapsed().as_secs_f64().max(1e-9)
        })
        .collect();
    percentile(&speeds, 50.0)
}

/// Several sums side by side, so that no addition waits for another.
fn sum(numbers: &[u64]) -> u64 {
    let mut sums = [0_u64; 32];
    for numbers in numbers.as_chunks::<32>().0 {
        for (sum, number) in sums.iter_mut().zip(numbers) {
            *sum = sum.wrapping_add(*number);
        }
    }
    sums.iter().fold(0, |all, sum| all.wrapping_add(*sum))
}

impl ProfileReport {
    /// The figures for people to read.
    pub fn table(&self) -> Table {
        let mut table = Table::default();
        table.line("model", format!("{}, {}", self.model, self.file_type));
        table.line("instructions", &self.instructions);
        table.line("threads", format!("{}, {} cores kept busy", self.threads, self.busy));
        table.line("memory", format!("{} GB/s", self.memory_gb_s));
        let kinds = [
            ("reading", &self.reading),
            ("speaking", &self.speaking),
            ("four speaking", &self.four_speaking),
        ];
        for (name, kind) in kinds {
            let tokens = kind.tokens;
            table.line(&format!("{name}, tokens a pass: {tokens}"), format!("{} ms", kind.pass_ms));
            for part in kind.operations.iter().filter(|part| part.us > 0.0) {
                let speed = |figure: Option<f64>, unit: &str| {
                    figure.map(|figure| format!(", {figure} {unit}")).unwrap_or_default()
                };
                let (memory, products) = (speed(part.gb_s, "GB/s"), speed(part.gmac_s, "GMAC/s"));
                let share = rounded(part.share * 100.0, 1);
                table.line(
                    &format!("  {}", part.operation),
                    format!("{} µs, {share} %{memory}{products}", part.us),
                );
            }
        }
        table
    }
}
