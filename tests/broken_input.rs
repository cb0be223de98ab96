//! Broken files: each gives an error that names what is wrong and what to do, and never a panic.
//! What is not broken works, however small it is.

pub mod common;
#[path = "broken_input/persona.rs"]
mod persona;
#[path = "broken_input/random_weights.rs"]
mod random_weights;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicBool},
};

use bevy_persona::inference::{
    Backend, GgufBackend, GgufSettings, InferenceError, LoadReport, Loading, Worker, WorkerEvent,
    model::{GgufFile, template::ChatTemplate, tokenizer::Tokenizer},
};
use candle_core::quantized::gguf_file::Value;
use common::tiny_gguf::{Size, TinyGguf, text, texts};
use proptest::prelude::*;
use tempfile::TempDir;

/// A model file, which lasts as long as this.
struct Model {
    path: PathBuf,
    _folder: TempDir,
}

impl Model {
    fn new(bytes: &[u8]) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let path = folder.path().join("model.gguf");
        std::fs::write(&path, bytes).expect("a file for the test");
        Self { path, _folder: folder }
    }

    fn worker(&self) -> Worker {
        let path = self.path.clone();
        let factory =
            move |report: &mut LoadReport<'_>| -> Result<Box<dyn Backend>, InferenceError> {
                Ok(Box::new(GgufBackend::open(&path, settings(), report)?))
            };
        Worker::spawn("test", Arc::new(factory)).expect("a thread")
    }

    fn error(&self) -> String {
        error_of(&self.path)
    }
}

/// Nothing is kept in the user's cache folder.
fn settings() -> GgufSettings {
    GgufSettings { cache_folder: None, ..GgufSettings::default() }
}

fn byte_level() -> TinyGguf {
    TinyGguf::byte_level(Size::EVEN)
}

fn open(path: &Path, cancelled: bool) -> Result<GgufBackend, InferenceError> {
    let (mut tell, cancelled) = (|_: Loading| {}, AtomicBool::new(cancelled));
    let mut report = LoadReport::new(&mut tell, &cancelled);
    GgufBackend::open(path, settings(), &mut report)
}

fn error_of(path: &Path) -> String {
    match open(path, false) {
        Ok(_) => panic!("a broken model was loaded"),
        Err(error) => error.to_string(),
    }
}

fn assert_says(error: &str, parts: &[&str]) {
    for part in parts {
        assert!(error.contains(part), "{error}\nlacks: {part}");
    }
}

#[test]
fn what_is_no_model_file_is_called_by_its_name() {
    let get = "fetch the default model with `persona model get`";
    for (bytes, found) in [
        (&b""[..], "it begins with [] instead of `GGUF`"),
        (b"GG", "it begins with [47, 47] instead"),
        (b"PK\x03\x04 and more", "it begins with [50, 4b, 03, 04] instead"),
        (b"{\"model_type\": \"llama\"}", "is not a GGUF file"),
    ] {
        let model = Model::new(bytes);
        assert_says(&model.error(), &["model.gguf", found, get]);
    }
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("nowhere.gguf");
    assert_says(&error_of(&missing), &["cannot read the model", "nowhere.gguf", "check that"]);
    assert_says(&error_of(folder.path()), &["cannot read the model", "check that the path"]);
}

#[test]
fn a_file_that_was_cut_is_to_be_fetched_again() {
    let whole = byte_level().bytes();
    for length in [5, 24, 200, 3000] {
        let error = Model::new(&whole[..length]).error();
        assert_says(&error, &["the head of", "model.gguf", "is broken", "fetch the file again"]);
    }
    let error = Model::new(&whole[..whole.len() - 100]).error();
    let cut = format!("the file at {}", whole.len() - 100);
    let said =
        ["model.gguf is cut short", "`output_norm.weight` ends", &cut, "fetch the file again"];
    assert_says(&error, &said);
    assert!(open(&Model::new(&whole).path, false).is_ok(), "the whole file is fine");
}

/// Bytes of a file with others in the place of the `skip`th byte behind a text.
fn patched(bytes: &[u8], behind: &str, skip: usize, patch: &[u8]) -> Vec<u8> {
    let text = behind.as_bytes();
    let found = bytes.windows(text.len()).position(|window| window == text);
    let at = found.expect("the text stands in the file") + text.len() + skip;
    [&bytes[..at], patch, &bytes[at + patch.len()..]].concat()
}

#[test]
fn a_damaged_head_is_an_error_and_no_panic() {
    let whole = byte_level().bytes();
    let tensor = "blk.1.ffn_up.weight";
    let huge = (1_u64 << 62).to_le_bytes();
    let mut unaligned = byte_level();
    unaligned.set("general.alignment", Value::U32(0));
    for (damage, bytes) in [
        ("an unknown version", patched(&whole, "GGUF", 0, &[9])),
        ("more tensors than bytes", patched(&whole, "GGUF", 4, &huge)),
        ("more values than bytes", patched(&whole, "GGUF", 12, &huge)),
        ("an endless list", patched(&whole, "tokenizer.ggml.tokens", 8, &huge)),
        ("an unknown type", patched(&whole, tensor, 4 + 16, &[200])),
        ("a tensor beyond memory", patched(&whole, tensor, 4, &huge)),
        ("an alignment of 0", unaligned.bytes()),
    ] {
        let model = Model::new(&bytes);
        let error = std::panic::catch_unwind(|| model.error());
        let error = error.unwrap_or_else(|_| panic!("{damage}: a panic"));
        assert_says(&error, &["again"]);
        assert!(!error.contains('\n'), "{damage}: more than a line: {error}");
    }
}

proptest! {
    #[test]
    fn no_damage_of_the_head_makes_the_reader_panic(
        at in 0_usize..7000,
        damage in proptest::collection::vec(any::<u8>(), 1..9),
    ) {
        let mut bytes = byte_level().bytes();
        for (byte, damaged) in bytes.iter_mut().skip(at).zip(damage) {
            *byte = damaged;
        }
        let model = Model::new(&bytes);
        if let Ok(file) = GgufFile::open(&model.path)
            && let Ok(tokenizer) = Tokenizer::from_gguf(file.content())
        {
            let _ = ChatTemplate::of(&file, &tokenizer);
            let _ = tokenizer.encode_text("[joy] 너 😀\0", true);
        }
    }
}

/// A fault: how it is made, and what its error says.
type Fault = (fn(&mut TinyGguf), &'static [&'static str]);

const FAULTS: [Fault; 21] = [
    (|tiny| tiny.remove("general.architecture"), &["lacks `general.architecture`", "convert"]),
    (|tiny| tiny.remove("llama.block_count"), &["lacks `llama.block_count`", "convert"]),
    (|tiny| tiny.remove("tokenizer.ggml.model"), &["lacks `tokenizer.ggml.model`", "convert"]),
    (|tiny| tiny.remove("tokenizer.ggml.tokens"), &["lacks `tokenizer.ggml.tokens`", "convert"]),
    (|tiny| tiny.remove("tokenizer.ggml.merges"), &["lacks `tokenizer.ggml.merges`", "convert"]),
    (|tiny| tiny.remove("tokenizer.ggml.pre"), &["lacks `tokenizer.ggml.pre`", "convert"]),
    (
        |tiny| tiny.set("general.architecture", text("mamba")),
        &["architecture `mamba`", "supported: llama"],
    ),
    (
        |tiny| tiny.set("llama.expert_count", Value::U32(8)),
        &["llama with experts (MoE)", "supported: llama without experts"],
    ),
    (
        |tiny| tiny.set("llama.context_length", text("long")),
        &["`llama.context_length`", "is String, not a whole number", "convert"],
    ),
    (
        |tiny| tiny.set("tokenizer.ggml.tokens", texts(["a", "b"])),
        &["2 tokens, 269 types", "convert"],
    ),
    (
        |tiny| tiny.set("tokenizer.ggml.model", text("bert")),
        &["of the kind `bert`", "supported: `gpt2`"],
    ),
    (
        |tiny| tiny.set("tokenizer.ggml.pre", text("klingon")),
        &["splits text by `klingon`", "supported: smollm"],
    ),
    (
        |tiny| tiny.set("tokenizer.ggml.merges", texts(["a b", "ab"])),
        &["`ab` is no pair to merge", "convert"],
    ),
    (
        |tiny| tiny.set("tokenizer.ggml.merges", texts(["a b"])),
        &["the model's vocabulary is broken", "ab", "convert"],
    ),
    (
        |tiny| tiny.set("tokenizer.chat_template", text("{% for m in messages %}")),
        &["chat template cannot be read", "choose a named template"],
    ),
    (
        |tiny| tiny.set("llama.attention.head_count", Value::U32(3)),
        &["width 32, 3 heads", "convert"],
    ),
    (
        |tiny| tiny.remove_tensor("blk.1.ffn_up.weight"),
        &["the tensor `blk.1.ffn_up.weight` cannot be used", "fetch or convert"],
    ),
    (
        |tiny| tiny.reshape("blk.0.attn_k.weight", &[32, 32]),
        &["`blk.0.attn_k.weight` is 32 by 32, not 16 by 32", "convert"],
    ),
    (
        |tiny| tiny.reshape("output.weight", &[269, 64]),
        &["`output.weight` is 269 by 64, not", "convert"],
    ),
    (
        |tiny| tiny.reshape("output_norm.weight", &[16]),
        &["`output_norm.weight` has 16 values, not 32", "convert"],
    ),
    (
        |tiny| {
            tiny.reshape("token_embd.weight", &[200, 32]);
            tiny.remove_tensor("output.weight");
        },
        &["269 tokens in the vocabulary, 200 rows in the embedding", "convert"],
    ),
];

#[test]
fn each_fault_of_a_model_is_named_with_what_to_do() {
    for (spoil, said) in FAULTS {
        let mut tiny = byte_level();
        spoil(&mut tiny);
        let error = Model::new(&tiny.bytes()).error();
        assert_says(&error, said);
        assert!(!error.contains('\n'), "more than a line: {error}");
    }
    let mut tiny = TinyGguf::sentence_piece(Size::EVEN);
    tiny.set("tokenizer.ggml.scores", Value::Array(vec![Value::F32(0.0); 7]));
    assert_says(&Model::new(&tiny.bytes()).error(), &["tokens, 7 scores", "convert"]);
    tiny.remove("tokenizer.ggml.scores");
    assert_says(&Model::new(&tiny.bytes()).error(), &["lacks `tokenizer.ggml.scores`"]);
}

/// Memory is taken for what is in the file, not for what its head promises.
#[test]
fn billions_of_layers_that_are_not_there_are_an_error() {
    let mut tiny = byte_level();
    tiny.set("llama.block_count", Value::U32(4_000_000_000));
    let error = Model::new(&tiny.bytes()).error();
    assert_says(&error, &["the tensor `blk.2.attn_norm.weight` cannot be used", "convert"]);
}

#[test]
fn loading_ends_when_nobody_waits_any_more() {
    let model = Model::new(&byte_level().bytes());
    let Err(error) = open(&model.path, true) else { panic!("it was loaded for nobody") };
    assert!(error.to_string().contains("cancelled"), "{error}");
}

#[test]
fn a_worker_tells_why_its_model_is_not_there() {
    let model = Model::new(b"no model");
    let worker = model.worker();
    let stopped = worker.wait_for(|event| matches!(event, WorkerEvent::Stopped(_)));
    let Some(WorkerEvent::Stopped(error)) = stopped else { panic!("it did not stop") };
    assert_says(&error.to_string(), &["the model could not be loaded", "is not a GGUF file"]);
    assert!(worker.wait().is_none(), "nothing follows");
}
