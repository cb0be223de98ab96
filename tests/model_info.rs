//! `persona model info`, and the refusal of what does not fit.

pub mod common;

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::atomic::AtomicBool,
};

use bevy_persona::inference::{
    GgufBackend, GgufSettings, InferenceError, LoadReport, Loading, free_memory, model::DoesNotFit,
};
use common::tiny_gguf::{Size, TinyGguf, text, texts};
use serde_json::Value;
use tempfile::TempDir;

/// A model file, and the folder that it lies in.
fn model(tiny: &TinyGguf) -> (PathBuf, TempDir) {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("model.gguf");
    tiny.write(&path);
    (path, folder)
}

fn info(path: &Path, options: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_persona"));
    command.args(["model", "info"]).arg(path).args(options);
    command.output().expect("the command starts")
}

fn told(path: &Path, options: &[&str]) -> String {
    let output = info(path, options);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{errors}");
    String::from_utf8(output.stdout).expect("what is told is UTF-8")
}

fn json(path: &Path, options: &[&str]) -> Value {
    let told = told(path, &[&["--json"], options].concat());
    serde_json::from_str(&told).expect("what is told is JSON")
}

fn assert_says(told: &str, parts: &[&str]) {
    for part in parts {
        assert!(told.contains(part), "{told}\nlacks: {part}");
    }
}

#[test]
fn a_model_is_told_with_its_template_tokens_and_memory() {
    let mut tiny = TinyGguf::byte_level(Size::EVEN);
    tiny.set("general.license", text("apache-2.0"));
    tiny.set("general.languages", texts(["en", "ko"]));
    let (path, _folder) = model(&tiny);
    let told = told(&path, &["--context", "512"]);
    assert_says(
        &told,
        &[
            "architecture  llama",
            "2 layers, width 32, 2 heads of 16 (1 of keys and values)",
            "F32 100.0 %",
            "byte-level BPE, words cut as `smollm`",
            "template      the model",
            "<|im_start|>user",
            "Hi!",
            "<|im_end|> (",
            "en, ko",
            "apache-2.0",
            "our own kernels",
            "4 idols of 512 tokens each",
        ],
    );
    assert!(!told.contains("Korean"), "{told}");
}

#[test]
fn the_same_is_told_as_json() {
    let (path, _folder) = model(&TinyGguf::sentence_piece(Size::EVEN));
    let told = json(&path, &["--template", "solar", "--context", "100000"]);
    assert_eq!(told["pass"], "own");
    assert_eq!(told["sizes"]["layers"], 2);
    assert_eq!(told["vocabulary"]["kind"], "SentencePiece");
    assert_eq!(told["vocabulary"]["ends"]["text"], "</s>");
    let sample = told["template"]["sample"].as_str().unwrap();
    assert_says(sample, &["### User:\nHi!", "### Assistant:\n"]);
    // No more than the model reads.
    assert_eq!(told["memory"]["context"], 2048);
    let bytes = |part: &str| told["memory"][part].as_u64().unwrap();
    let rest =
        (bytes("conversations") + bytes("remembered") + bytes("working")).max(bytes("loading"));
    assert_eq!(bytes("needed"), bytes("weights") + rest);
    assert_eq!(told["memory"]["free"].as_u64().is_some(), free_memory().is_some());
    let limits = told["limits"].to_string();
    assert_says(&limits, &["does not say that it speaks Korean"]);
}

#[test]
fn what_cannot_be_run_is_told_all_the_same() {
    let mut tiny = TinyGguf::byte_level(Size::EVEN);
    tiny.set("general.architecture", text("mamba"));
    tiny.set("tokenizer.ggml.pre", text("unheard-of"));
    let (path, _folder) = model(&tiny);
    let told = told(&path, &[]);
    assert_says(&told, &["mamba", "nothing here", "supported: llama", "`unheard-of`"]);
}

#[test]
fn what_is_no_model_is_an_error_with_advice() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.gguf");
    std::fs::write(&path, "Dear diary").unwrap();
    let output = info(&path, &[]);
    assert_eq!(output.status.code(), Some(1));
    assert_says(&String::from_utf8_lossy(&output.stderr), &["is not a GGUF file", "notes.gguf"]);
    let (path, _folder) = model(&TinyGguf::byte_level(Size::EVEN));
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    let output = info(&path, &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(!String::from_utf8_lossy(&output.stderr).contains("panicked"));
}

fn open(path: &Path, settings: GgufSettings) -> Result<GgufBackend, InferenceError> {
    let (mut tell, cancelled) = (|_: Loading| {}, AtomicBool::new(false));
    GgufBackend::open(path, settings, &mut LoadReport::new(&mut tell, &cancelled))
}

#[test]
#[cfg(target_os = "linux")]
fn a_model_that_does_not_fit_is_refused_unless_that_is_wanted() {
    let (path, _folder) = model(&TinyGguf::byte_level(Size::EVEN));
    // More to remember than any machine has.
    let settings = GgufSettings {
        cache_mb: usize::MAX,
        cache_folder: None,
        check_memory: true,
        ..GgufSettings::default()
    };
    let Err(error) = open(&path, settings.clone()) else { panic!("it was loaded") };
    let InferenceError::Load(why) = &error else { panic!("{error}") };
    let why = why.downcast_ref::<DoesNotFit>().expect("the reason is typed");
    assert_eq!((why.model.as_str(), why.idols, why.context), ("tiny", 4, 2048));
    assert_says(
        &error.to_string(),
        &["`tiny` needs", "are free", "lower `cache_mb`", "check_memory"],
    );
    assert!(open(&path, GgufSettings { check_memory: false, ..settings }).is_ok());
}
