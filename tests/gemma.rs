//! Gemma 3: tokens as SentencePiece makes them, numbers as candle computes them, memory as estimated.
//!
//! Gemma 3 270M is fetched on the first run (253 MB) and kept in the user's cache folder. It comes under
//! the Gemma terms of use (<https://ai.google.dev/gemma/terms>).

#[path = "gemma/file.rs"]
mod file;
#[path = "gemma/memory.rs"]
mod memory;
#[path = "gemma/reference.rs"]
mod reference;
#[path = "gemma/tiny.rs"]
mod tiny;
#[path = "gemma/tokens.rs"]
mod tokens;
#[path = "gemma/weights.rs"]
mod weights;

use bevy_persona::inference::model::{CausalModel, SequenceId, Span};

/// The logits after tokens that a new sequence reads, in passes of these lengths; those that are left
/// over come in a last pass.
fn logits(model: &mut dyn CausalModel, tokens: &[u32], passes: &[usize]) -> Vec<f32> {
    let sequence = model.open(None);
    let mut rest = tokens;
    for &length in passes {
        let (first, behind) = rest.split_at(length);
        let _ = read(model, sequence, first);
        rest = behind;
    }
    let logits = read(model, sequence, rest);
    model.close(sequence);
    logits
}

/// Lets a sequence read on.
fn read(model: &mut dyn CausalModel, sequence: SequenceId, tokens: &[u32]) -> Vec<f32> {
    let mut logits = Vec::new();
    let mut spans = [Span::new(sequence, tokens).giving(&mut logits)];
    model.forward(&mut spans).expect("the model reads on");
    logits
}

/// The cosine of the angle between two lists of logits, each less its mean: what a sampler sees of
/// them is the same if this is 1.
fn cosine(a: &[f32], b: &[f32]) -> f64 {
    assert_eq!(a.len(), b.len());
    let mean = |x: &[f32]| x.iter().copied().map(f64::from).sum::<f64>() / x.len() as f64;
    let (mean_a, mean_b) = (mean(a), mean(b));
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (&a, &b) in a.iter().zip(b) {
        let (a, b) = (f64::from(a) - mean_a, f64::from(b) - mean_b);
        ab += a * b;
        aa += a * a;
        bb += b * b;
    }
    ab / (aa * bb).sqrt()
}

/// The likeliest token.
fn best(logits: &[f32]) -> usize {
    let numbered = logits.iter().enumerate();
    numbered.max_by(|a, b| a.1.total_cmp(b.1)).map_or(0, |(id, _)| id)
}
