//! What adapters cost: the speed of speakers who have one each, by that of the same without.

use std::{path::Path, slice, time::Instant};

use bevy_persona::inference::{
    InferenceError,
    model::{
        self, Adapter, AdapterId, CausalModel, LowRank, MatrixSizes, SequenceId, Span, Target,
    },
};

use super::{
    statistics::{percentile, rounded},
    subject::Subject,
    text::Prompts,
};
use crate::error::CliError;

/// The rank of the changes.
const RANK: usize = 8;
/// How many speak together.
const SPEAKERS: usize = 4;
/// Behind how many tokens they do so.
const CONTEXT: usize = 128;
/// How many tokens each speaks in a run.
const SPOKEN: usize = 16;
/// How often each speed is measured, in turn with the other; the medians count.
const RUNS: usize = 15;

/// Parts of the speed without; none where the model takes no adapters.
#[derive(Debug, Default)]
pub struct AdapterCost {
    /// Of one speaker.
    pub decode: Option<f64>,
    /// Of four speakers with four adapters.
    pub batch: Option<f64>,
}

/// Measures a model whose repacked weights are in `folder`.
///
/// # Errors
/// If it cannot be loaded or computed.
pub fn measure(subject: &Subject, folder: &Path) -> Result<AdapterCost, CliError> {
    let file = model::open(&subject.path).map_err(InferenceError::load)?;
    let mut model = subject.model(folder)?;
    let (Ok(sizes), Ok(layers)) =
        (MatrixSizes::of(&*file), file.metadata().u32("llama.block_count"))
    else {
        return Ok(AdapterCost::default());
    };
    if model.context_length() < CONTEXT + SPOKEN {
        return Ok(AdapterCost::default());
    }
    let adapters = (1..=SPEAKERS as u64)
        .map(|seed| model.add_adapter(&random(&sizes, layers as usize, seed)))
        .collect::<Result<Vec<_>, _>>()
        .map_err(InferenceError::load)?;
    let mut prompts = Prompts::new(&subject.tokenizer, model.vocabulary())?;
    let mut ratio = |speakers: usize| {
        let mut cast = |adapters: &[Option<AdapterId>]| -> Vec<Speaker> {
            let each = adapters.iter().map(|adapter| Speaker {
                sequence: model.open(*adapter),
                text: prompts.unknown(CONTEXT + SPOKEN),
            });
            each.collect()
        };
        let with: Vec<_> = adapters[..speakers].iter().copied().map(Some).collect();
        let (without, with) = (cast(&vec![None; speakers]), cast(&with));
        ratio(&mut *model, &without, &with).map(Some)
    };
    Ok(AdapterCost { decode: ratio(1)?, batch: ratio(SPEAKERS)? })
}

/// Small changes of all matrices.
fn random(sizes: &MatrixSizes, layers: usize, seed: u64) -> Adapter {
    let mut state = seed;
    let mut numbers = |count: usize| -> Vec<f32> {
        let each = (0..count).map(|_| {
            // Knuth's generator of 64 bits (MMIX).
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            ((state >> 40) as f32 / (1 << 23) as f32 - 1.0) * 0.02
        });
        each.collect()
    };
    let mut adapter = Adapter::new();
    for layer in 0..layers {
        for target in Target::ALL {
            let (rows, columns) = sizes.shape(target);
            let (down, up) = (numbers(RANK * columns), numbers(rows * RANK));
            adapter.insert(layer, target, LowRank { down, up, scale: 1.0 });
        }
    }
    adapter
}

struct Speaker {
    sequence: SequenceId,
    text: Vec<u32>,
}

/// The speed of those who come second, by that of those who come first.
fn ratio(
    model: &mut dyn CausalModel,
    without: &[Speaker],
    with: &[Speaker],
) -> Result<f64, CliError> {
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..RUNS {
        for (times, cast) in times.iter_mut().zip([without, with]) {
            times.push(speak(model, cast)?);
        }
    }
    for speaker in without.iter().chain(with) {
        model.close(speaker.sequence);
    }
    let [without, with] = times.map(|times| percentile(&times, 50.0));
    Ok(rounded(without / with.max(1e-9), 3))
}

/// Lets all speak together, a token at a time; gives the seconds that it took.
fn speak(model: &mut dyn CausalModel, cast: &[Speaker]) -> Result<f64, CliError> {
    let mut logits = vec![Vec::new(); cast.len()];
    for Speaker { sequence, text } in cast {
        let known = model.rewind(*sequence, &text[..=CONTEXT], 0);
        if known < CONTEXT {
            let span = Span::new(*sequence, &text[known..CONTEXT]);
            model.forward(&mut [span]).map_err(InferenceError::backend)?;
        }
    }
    let start = Instant::now();
    for place in CONTEXT..CONTEXT + SPOKEN {
        let each = cast.iter().zip(&mut logits).map(|(speaker, logits)| {
            Span::new(speaker.sequence, slice::from_ref(&speaker.text[place])).giving(logits)
        });
        let mut spans: Vec<Span<'_>> = each.collect();
        model.forward(&mut spans).map_err(InferenceError::backend)?;
    }
    Ok(start.elapsed().as_secs_f64())
}
