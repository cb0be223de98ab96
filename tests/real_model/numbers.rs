//! The forward pass, against itself and against the one of candle-transformers.

use std::{
    fs::File,
    io::{BufReader, BufWriter},
    path::{Path, PathBuf},
};

use bevy_persona::inference::model::{CausalModel, ForwardError, ModelOptions};
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
    common::{
        reader::{cosine, in_parts, likeliest, open, read, some_ids},
        tiny_gguf::{Size, TinyGguf},
    },
    model, tokenizer,
};

/// A tiny model whose rows are no multiple of what our kernels work on.
fn uneven() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("tiny.gguf");
    TinyGguf::byte_level(Size::UNEVEN).write(&path);
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

fn ours(path: &Path) -> Box<dyn CausalModel> {
    open(path, &ModelOptions::default())
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

#[test]
fn uneven_matrices_are_multiplied_as_candle_does() {
    let (_folder, path) = uneven();
    let (mut ours, mut theirs) = (ours(&path), theirs(&path));
    let ids = some_ids(40);
    let (whole, one) = (&ids[..39], &ids[39..]);
    let (logits, sequence) = in_parts(&mut *ours, None, whole, &[39]);
    assert!(logits.iter().any(|logit| logit.abs() > 0.5), "the logits say something");
    let same = cosine(&logits, &their_logits(&mut theirs, whole, 0).unwrap());
    assert!(same > 0.999, "cosine {same}");
    let logits = read(&mut *ours, sequence, one).unwrap();
    let same = cosine(&logits, &their_logits(&mut theirs, one, 39).unwrap());
    assert!(same > 0.999, "cosine {same}");
}

#[test]
fn it_does_not_matter_in_which_parts_a_prompt_is_read() {
    let (_folder, path) = uneven();
    let ids = some_ids(600);
    let (whole, _) = in_parts(&mut *ours(&path), None, &ids, &[600]);
    for lengths in [&[1][..], &[2, 3], &[7], &[64], &[255, 1, 1, 300], &[599, 1]] {
        let (logits, _) = in_parts(&mut *ours(&path), None, &ids, lengths);
        assert!(logits == whole, "in parts of {lengths:?} they differ");
    }
}

#[test]
fn what_was_forgotten_leaves_no_trace() {
    let (_folder, path) = uneven();
    let mut model = ours(&path);
    let (before, after) = (some_ids(300), some_ids(20));
    let (_, sequence) = in_parts(&mut *model, None, &before, &[64]);
    for known in [290, 17, 1, 0] {
        let prompt = [&before[..known], &after].concat();
        let found = model.rewind(sequence, &prompt, 0);
        // The tokens behind it may be the same by chance.
        assert!(found >= known && found < prompt.len(), "{found} of {known}");
        let logits = read(&mut *model, sequence, &prompt[found..]).unwrap();
        let (expected, _) = in_parts(&mut *ours(&path), None, &prompt, &[64]);
        assert!(logits == expected, "behind {known} tokens they differ");
    }
}

#[test]
fn conversations_do_not_mix() {
    let (_folder, path) = uneven();
    let (a, b) = (some_ids(50), some_ids(80)[30..].to_vec());
    let alone = [&a, &b].map(|ids| in_parts(&mut *ours(&path), None, ids, &[1]).0);
    let mut model = ours(&path);
    let (first, second) = (model.open(None), model.open(None));
    let mut mixed = [Vec::new(), Vec::new()];
    for (a, b) in a.iter().zip(&b) {
        mixed[0] = read(&mut *model, first, &[*a]).unwrap();
        mixed[1] = read(&mut *model, second, &[*b]).unwrap();
    }
    assert!(mixed == alone);
}

#[test]
fn what_cannot_be_read_is_an_error_and_changes_nothing() {
    let (_folder, path) = uneven();
    let mut model = ours(&path);
    let sequence = model.open(None);
    assert_eq!(read(&mut *model, sequence, &[]), Err(ForwardError::NoSequence));
    let too_many = some_ids(model.context_length() + 1);
    assert!(matches!(
        read(&mut *model, sequence, &too_many),
        Err(ForwardError::TooLong { known: 0, .. })
    ));
    assert_eq!(read(&mut *model, sequence, &[100_000]), Err(ForwardError::NoToken(100_000)));
    let logits = read(&mut *model, sequence, &[1]).unwrap();
    assert!(logits == in_parts(&mut *ours(&path), None, &[1], &[1]).0);
    model.close(sequence);
    assert_eq!(read(&mut *model, sequence, &[1]), Err(ForwardError::NoSequence));
}

const PROMPTS: [&str; 3] = [
    "Hi! How was your day?",
    "I failed my exam today and I don't know what to do.",
    "시우야, 오늘 비가 와. What should I do?",
];

/// We keep keys and values in 8 bits and candle in 32, so what the two give differs a little, most
/// where the model is unsure.
#[test]
fn the_default_model_says_what_candle_makes_it_say() {
    let _cores = alone();
    let folder = tempfile::tempdir().unwrap();
    let path = quantised_copy(folder.path()).unwrap();
    let (_, tokenizer) = tokenizer();
    let (mut model, mut theirs) = (ours(&path), theirs(&path));
    let mut similarities = Vec::new();
    for prompt in PROMPTS {
        let turn = format!("<|im_start|>user\n{prompt}<|im_end|>\n<|im_start|>assistant\n");
        let mut ids = tokenizer.encode_template(&turn, true).unwrap();
        let sequence = model.open(None);
        let mut place = 0;
        for step in 0..20 {
            let logits = read(&mut *model, sequence, &ids).unwrap();
            let reference = their_logits(&mut theirs, &ids, place).unwrap();
            place += ids.len();
            similarities.push(cosine(&logits, &reference));
            let (best, next) = (likeliest(&logits), likeliest(&reference));
            let behind = logits[best as usize] - logits[next as usize];
            assert!(behind < 0.5, "{prompt}, step {step}: {best}, not {next}, by {behind}");
            ids = vec![next];
        }
    }
    similarities.sort_by(f64::total_cmp);
    let (worst, middle) = (similarities[0], similarities[similarities.len() / 2]);
    assert!(worst > 0.9 && middle > 0.998, "cosine {worst} at worst, {middle} as a rule");
}
