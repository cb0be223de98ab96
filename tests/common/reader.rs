//! Reads tokens with a model, without the machinery of replies.

use std::path::Path;

use bevy_persona::inference::model::{
    AdapterId, CausalModel, ForwardError, GgufFile, ModelOptions, SequenceId, Span, load,
};

/// A model that nothing is kept of on disk.
pub fn open(path: &Path, options: &ModelOptions) -> Box<dyn CausalModel> {
    let mut file = GgufFile::open(path).expect("a whole file");
    load(&mut file, options, &mut |_, _| true).expect("a model that is supported")
}

/// Reads tokens behind what a sequence holds; gives the logits of what comes next.
pub fn read(
    model: &mut dyn CausalModel,
    sequence: SequenceId,
    tokens: &[u32],
) -> Result<Vec<f32>, ForwardError> {
    let mut logits = Vec::new();
    model.forward(&mut [Span::new(sequence, tokens).giving(&mut logits)])?;
    Ok(logits)
}

/// Reads a prompt in a new sequence in parts of these lengths, again and again; gives the logits
/// behind it and the sequence.
pub fn in_parts(
    model: &mut dyn CausalModel,
    adapter: Option<AdapterId>,
    prompt: &[u32],
    lengths: &[usize],
) -> (Vec<f32>, SequenceId) {
    let sequence = model.open(adapter);
    let (mut rest, mut logits) = (prompt, Vec::new());
    for &length in lengths.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let (part, behind) = rest.split_at(length.min(rest.len()));
        logits = read(model, sequence, part).expect("logits");
        rest = behind;
    }
    (logits, sequence)
}

/// The likeliest next token; the first of equals.
pub fn likeliest(logits: &[f32]) -> u32 {
    let best = logits.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(&a.0)));
    best.expect("at least one logit").0 as u32
}

/// 1 for the same direction.
pub fn cosine(a: &[f32], b: &[f32]) -> f64 {
    assert_eq!(a.len(), b.len());
    let dot = |a: &[f32], b: &[f32]| -> f64 {
        a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
    };
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
}

/// Tokens of a byte-level vocabulary, mixed.
pub fn some_ids(count: usize) -> Vec<u32> {
    (0..count as u32).map(|place| place * 37 % 256).collect()
}
