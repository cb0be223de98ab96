//! `persona tune`, as somebody at a terminal uses it, on a tiny model.
#![cfg(all(feature = "train", feature = "cli"))]

pub mod common;

use std::{
    path::PathBuf,
    process::{Command, Output},
};

use common::tiny_gguf::{Size, TinyGguf};
use serde_json::Value;
use tempfile::TempDir;

const OTTO: &str = r#"Persona(id: "otto", name: "Otto", role: "a guard", adapter: "otto")"#;

/// A folder with a persona, her dialogues and a model.
struct Studio(TempDir);

impl Studio {
    fn new() -> Self {
        let studio = Self(tempfile::tempdir().expect("a folder for the test"));
        TinyGguf::byte_level(Size::EVEN).write(&studio.path("tiny.gguf"));
        std::fs::write(studio.path("otto.persona.ron"), OTTO).expect("it can be written");
        let line = |n: usize| {
            format!(
                r#"{{"id": "o{n}", "member": "otto", "lang": "en", "topic": "gate", "affinity": 10, "turns": [{{"role": "user", "content": "gate number {n}"}}, {{"role": "assistant", "content": "[joy] Gate {n}."}}]}}"#
            )
        };
        let lines: Vec<String> = (0..40).map(line).collect();
        studio.write("otto.training.jsonl", &lines.join("\n"));
        studio
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).expect("it can be written");
    }

    fn tune(&self, options: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_persona"))
            .args(["tune", "otto", "--model", "tiny.gguf", "--personas", "."])
            .args(["--batch", "300"])
            .args(options)
            .current_dir(self.0.path())
            .output()
            .expect("the command runs")
    }
}

fn error(output: &Output) -> String {
    assert!(!output.status.success());
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn an_adapter_comes_with_its_curve_and_what_other_tools_want() {
    let studio = Studio::new();
    let output = studio.tune(&["--out", "out", "--json", "--merge", "merged.gguf"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines: Vec<Value> =
        text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let done = lines.last().expect("a last line");
    assert_eq!(done["done"], true);
    assert!(done["held_out_after"].as_f64() < done["held_out_before"].as_f64(), "{done}");
    for file in ["adapter_config.json", "adapter_model.safetensors", "loss.svg"] {
        assert!(studio.path("out").join(file).is_file(), "{file}");
    }
    assert!(!studio.path("out").join("checkpoint.safetensors").exists());
    assert!(studio.path("merged.gguf").is_file());
    let further = studio.tune(&["--from", "out", "--out", "further", "--steps", "1"]);
    assert!(further.status.success(), "{}", String::from_utf8_lossy(&further.stderr));
}

#[test]
fn faults_of_the_data_are_named_before_anything_is_trained() {
    let studio = Studio::new();
    let checked = studio.tune(&["--check"]);
    let text = String::from_utf8_lossy(&checked.stdout).into_owned();
    assert!(text.contains("No fault in 3"), "{text}");
    studio.write("bad.jsonl", "{\"messages\": []}\n{\"turns\": 1}\n");
    let told = error(&studio.tune(&["--check", "--data", "bad.jsonl"]));
    assert!(told.contains("bad.jsonl:1:") && told.contains("bad.jsonl:2:"), "{told}");
    let told = error(&studio.tune(&["--out", "out", "--rank", "0"]));
    assert!(told.contains("rank"), "{told}");
    let told = error(&studio.tune(&["--out", "out", "--targets", "q,z"]));
    assert!(told.contains("use some of q, k, v"), "{told}");
    std::fs::remove_file(studio.path("otto.training.jsonl")).expect("it is there");
    let told = error(&studio.tune(&["--check"]));
    assert!(told.contains("otto.training.jsonl") && told.contains("--data FILE"), "{told}");
}

#[test]
fn an_unfinished_training_is_not_begun_anew_by_mistake() {
    let studio = Studio::new();
    std::fs::create_dir(studio.path("out")).expect("a folder");
    studio.write("out/checkpoint.safetensors", "");
    let told = error(&studio.tune(&["--out", "out"]));
    assert!(told.contains("unfinished") && told.contains("--resume"), "{told}");
    let told = error(&studio.tune(&["--out", "out", "--resume"]));
    assert!(told.contains("cannot be read"), "{told}");
}
