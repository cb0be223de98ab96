//! The forward pass, against itself and against the one of candle-transformers.

use std::{
    fs::File,
    io::{BufReader, BufWriter},
    path::{Path, PathBuf},
    rc::Rc,
};

use bevy_persona::inference::model::{CausalModel, CausalState, GgufFile, load};
use candle_core::{
    Device, Tensor,
    quantized::{
        GgmlDType, QTensor,
        gguf_file::{self, Content},
    },
};
use candle_transformers::models::quantized_llama::ModelWeights;
use tempfile::TempDir;

use crate::{
    alone,
    common::tiny_gguf::{Size, TinyGguf},
    model, tokenizer,
};

/// A tiny model whose numbers are not rounded on the way.
fn exact() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("tiny.gguf");
    TinyGguf::byte_level(Size::EXACT).write(&path);
    (folder, path)
}

/// The default model with all its matrices in the data type that we run it in.
fn quantised_copy(folder: &Path) -> candle_core::Result<PathBuf> {
    let mut reader = BufReader::new(File::open(model())?);
    let content = Content::read(&mut reader)?;
    let mut tensors = Vec::new();
    for (name, info) in &content.tensor_infos {
        let mut tensor = content.tensor(&mut reader, name, &Device::Cpu)?;
        if info.shape.rank() == 2 {
            tensor = QTensor::quantize(&tensor.dequantize(&Device::Cpu)?, GgmlDType::Q8_0)?;
        }
        tensors.push((name.as_str(), tensor));
    }
    let metadata: Vec<_> = content.metadata.iter().map(|(key, value)| (&**key, value)).collect();
    let tensors: Vec<_> = tensors.iter().map(|(name, tensor)| (*name, tensor)).collect();
    let path = folder.join("q8.gguf");
    let mut writer = BufWriter::new(File::create(&path)?);
    gguf_file::write(&mut writer, &metadata, &tensors)?;
    Ok(path)
}

fn ours(path: &Path) -> Rc<dyn CausalModel> {
    let mut file = GgufFile::open(path).expect("a whole file");
    load(&mut file, &Device::Cpu, &mut |_, _| true).expect("a llama model")
}

fn theirs(path: &Path) -> ModelWeights {
    let mut reader = BufReader::new(File::open(path).expect("a file"));
    let content = Content::read(&mut reader).expect("a whole head");
    ModelWeights::from_gguf(content, &mut reader, &Device::Cpu).expect("a llama model")
}

/// What candle-transformers gives for tokens at a place.
fn their_logits(
    model: &mut ModelWeights,
    ids: &[u32],
    place: usize,
) -> candle_core::Result<Vec<f32>> {
    let ids = Tensor::new(ids, &Device::Cpu)?.unsqueeze(0)?;
    model.forward(&ids, place)?.flatten_all()?.to_vec1()
}

/// Reads tokens in parts of these lengths, again and again; gives the logits behind the last one.
fn in_parts(state: &mut dyn CausalState, ids: &[u32], lengths: &[usize]) -> Vec<f32> {
    let (mut rest, mut logits) = (ids, Vec::new());
    for &length in lengths.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let (part, behind) = rest.split_at(length.min(rest.len()));
        logits = state.forward(part).expect("logits");
        rest = behind;
    }
    logits
}

fn largest_difference(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

/// 1 for the same direction.
fn cosine(a: &[f32], b: &[f32]) -> f64 {
    assert_eq!(a.len(), b.len());
    let dot = |a: &[f32], b: &[f32]| -> f64 {
        a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
    };
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
}

fn argmax(logits: &[f32]) -> usize {
    let best = logits.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
    best.expect("at least one logit").0
}

/// Tokens of a byte-level vocabulary, mixed.
fn some_ids(count: usize) -> Vec<u32> {
    (0..count as u32).map(|place| place * 37 % 256).collect()
}

#[test]
fn exact_numbers_are_those_of_candle() {
    let (_folder, path) = exact();
    let (mut ours, mut theirs) = (ours(&path).start(), theirs(&path));
    let ids = some_ids(40);
    let (whole, one) = (&ids[..39], &ids[39..]);
    let logits = ours.forward(whole).unwrap();
    let spread = largest_difference(&logits, &vec![0.0; logits.len()]);
    assert!(spread > 0.5, "the logits say something: {spread}");
    let reference = their_logits(&mut theirs, whole, 0).unwrap();
    assert!(largest_difference(&logits, &reference) < 1e-4);
    let logits = ours.forward(one).unwrap();
    let reference = their_logits(&mut theirs, one, 39).unwrap();
    assert!(largest_difference(&logits, &reference) < 1e-4);
}

#[test]
fn it_does_not_matter_in_which_parts_a_prompt_is_read() {
    let (_folder, path) = exact();
    let model = ours(&path);
    // Longer than the memory that a conversation begins with.
    let ids = some_ids(600);
    let whole = in_parts(&mut *model.start(), &ids, &[600]);
    for lengths in [&[1][..], &[2, 3], &[7], &[64], &[255, 1, 1, 300], &[599, 1]] {
        let difference = largest_difference(&in_parts(&mut *model.start(), &ids, lengths), &whole);
        assert!(difference < 1e-4, "in parts of {lengths:?} they differ by {difference}");
    }
}

#[test]
fn what_was_forgotten_leaves_no_trace() {
    let (_folder, path) = exact();
    let model = ours(&path);
    let (before, after) = (some_ids(300), some_ids(20));
    let mut state = model.start();
    in_parts(&mut *state, &before, &[64]);
    assert_eq!(state.truncate(400), 300, "nothing to forget");
    for known in [290, 17, 1, 0] {
        assert_eq!((state.truncate(known), state.len()), (known, known));
        let fresh = [&before[..known], &after].concat();
        let expected = in_parts(&mut *model.start(), &fresh, &[64]);
        let difference = largest_difference(&state.forward(&after).unwrap(), &expected);
        assert!(difference < 1e-4, "behind {known} tokens they differ by {difference}");
        state.truncate(known);
    }
    assert!(state.is_empty());
}

#[test]
fn conversations_do_not_mix() {
    let (_folder, path) = exact();
    let model = ours(&path);
    let (a, b) = (some_ids(50), some_ids(80)[30..].to_vec());
    let alone = [&a, &b].map(|ids| in_parts(&mut *model.start(), ids, &[1]));
    let (mut first, mut second) = (model.start(), model.start());
    let mut mixed = (Vec::new(), Vec::new());
    for (a, b) in a.iter().zip(&b) {
        mixed.0 = first.forward(&[*a]).unwrap();
        mixed.1 = second.forward(&[*b]).unwrap();
    }
    assert!(largest_difference(&mixed.0, &alone[0]) < 1e-5);
    assert!(largest_difference(&mixed.1, &alone[1]) < 1e-5);
}

#[test]
fn more_than_the_context_is_an_error() {
    let (_folder, path) = exact();
    let model = ours(&path);
    let mut state = model.start();
    assert!(state.forward(&[]).is_err());
    assert!(state.forward(&some_ids(model.context_length() + 1)).is_err());
    assert_eq!(state.len(), 0, "what could not be read is not known");
    assert!(state.forward(&[100_000]).is_err(), "there is no such token");
    assert!(state.forward(&[1]).is_ok());
}

const PROMPTS: [&str; 3] = [
    "Hi! How was your day?",
    "I failed my exam today and I don't know what to do.",
    "시우야, 오늘 비가 와. What should I do?",
];

/// Sums are rounded in different orders, so what the two give is not the same to the last bit.
#[test]
fn the_default_model_says_what_candle_makes_it_say() {
    let _cores = alone();
    let folder = tempfile::tempdir().unwrap();
    let path = quantised_copy(folder.path()).unwrap();
    let (_, tokenizer) = tokenizer();
    let (model, mut theirs) = (ours(&path), theirs(&path));
    for prompt in PROMPTS {
        let turn = format!("<|im_start|>user\n{prompt}<|im_end|>\n<|im_start|>assistant\n");
        let mut ids = tokenizer.encode_template(&turn, true).unwrap();
        let mut state = model.start();
        let mut place = 0;
        for step in 0..20 {
            let logits = state.forward(&ids).unwrap();
            let reference = their_logits(&mut theirs, &ids, place).unwrap();
            place += ids.len();
            let same = cosine(&logits, &reference);
            assert!(same > 0.99, "{prompt}, step {step}: cosine {same}");
            let (best, next) = (argmax(&logits), argmax(&reference));
            let behind = logits[best] - logits[next];
            assert!(behind < 0.3, "{prompt}, step {step}: {best}, not {next}, by {behind}");
            ids = vec![next as u32];
        }
    }
}

#[test]
fn the_default_model_may_be_read_in_parts() {
    let _cores = alone();
    let (_, tokenizer) = tokenizer();
    let model = ours(model());
    let ids = tokenizer.encode_text(&PROMPTS.join(" ").repeat(3), true).unwrap();
    let whole = in_parts(&mut *model.start(), &ids, &[ids.len()]);
    for lengths in [&[1][..], &[5, 9], &[64]] {
        let mut state = model.start();
        let same = cosine(&in_parts(&mut *state, &ids, lengths), &whole);
        assert!(same > 0.999, "in parts of {lengths:?}: cosine {same}");
        state.truncate(ids.len() / 2);
        let same = cosine(&in_parts(&mut *state, &ids[ids.len() / 2..], lengths), &whole);
        assert!(same > 0.999, "after forgetting a half, in parts of {lengths:?}: cosine {same}");
    }
}
