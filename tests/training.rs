//! Training a tiny model: it learns, goes on where it was interrupted, and what it learnt can be used.
#![cfg(feature = "train")]

pub mod common;

use std::{path::Path, sync::Arc};

use bevy_persona::{
    inference::model::{
        Adapter, CausalModel, GgufFile, Llama, MatrixSizes, ModelOptions, PeftAdapter, Target,
    },
    mind::Library,
    persona::PersonaSheet,
    train::{
        Arithmetic, Curriculum, LoraSettings, TrainError, TrainEvent, TrainReport, TrainSettings,
        Trainer, merge, read_dialogues,
    },
};
use candle_core::Device;
use common::{
    reader::{cosine, in_parts, some_ids},
    tiny_gguf::{Size, TinyGguf},
};
use tempfile::TempDir;

/// Dialogues in which the reply takes up what the fan says.
fn data() -> String {
    let line = |n: usize| {
        let word = ["sun", "rain", "snow", "wind", "hail", "fog", "moon", "star"][n % 8];
        format!(
            r#"{{"messages": [{{"role": "user", "content": "number {n} {word}"}},
            {{"role": "assistant", "content": "[joy] The {word}."}}]}}"#
        )
        .replace('\n', " ")
    };
    (0..60).map(line).collect::<Vec<_>>().join("\n")
}

fn settings() -> TrainSettings {
    TrainSettings {
        lora: LoraSettings { rank: 4, alpha: 8.0, dropout: 0.1, ..LoraSettings::default() },
        epochs: 4,
        learning_rate: 2e-2,
        warm_up: 4,
        tokens_per_step: 600,
        tokens_at_once: 150,
        longest: 200,
        evaluate_every: 5,
        checkpoint_every: 3,
        ..TrainSettings::default()
    }
}

struct Studio {
    folder: TempDir,
}

impl Studio {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder for the test");
        TinyGguf::byte_level(Size::EVEN).write(&folder.path().join("tiny.gguf"));
        Self { folder }
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    fn model(&self) -> GgufFile {
        GgufFile::open(&self.path("tiny.gguf")).expect("a whole file")
    }

    fn trainer(&self, settings: TrainSettings) -> Result<Trainer, TrainError> {
        let mut file = self.model();
        let otto = PersonaSheet::new("otto".parse().expect("a name"), "Otto", "a guard");
        let dialogues = read_dialogues("a.jsonl", &data(), &otto.id, &otto.emotions);
        let dialogues = dialogues.expect("sound data");
        let longest = settings.longest;
        let library = Arc::new(Library::default());
        let curriculum = Curriculum::new(&file, vec![otto], library, dialogues, longest)?;
        let (arithmetic, device) = (Arithmetic::Packed, Device::Cpu);
        Trainer::new(&mut file, curriculum, settings, arithmetic, &device, None)
    }

    /// Trains in a folder, up to a step.
    fn train(&self, trainer: &mut Trainer, folder: &str, until: usize) -> TrainReport {
        let mut go_on =
            |event: TrainEvent| !matches!(event, TrainEvent::Step { step, .. } if step >= until);
        trainer.run(&self.path(folder), &mut go_on).expect("a training")
    }
}

#[test]
fn what_is_learnt_lowers_the_loss_on_what_was_never_seen() {
    let studio = Studio::new();
    let mut trainer = studio.trainer(settings()).unwrap();
    let before = trainer.held_out_loss().unwrap().expect("something is held out");
    let report = studio.train(&mut trainer, "a", usize::MAX);
    let after = trainer.held_out_loss().unwrap().unwrap();
    assert!(after < 0.8 * before, "{before} -> {after}");
    let losses = &report.record.losses;
    let mean = |losses: &[f32]| losses.iter().sum::<f32>() / losses.len() as f32;
    assert!(mean(&losses[losses.len() - 3..]) < 0.8 * mean(&losses[..3]), "{losses:?}");
    assert!(!report.interrupted && !Trainer::is_unfinished(&studio.path("a")));
}

#[test]
fn an_interrupted_training_that_goes_on_is_as_if_it_had_not_been() {
    let studio = Studio::new();
    let mut whole = studio.trainer(settings()).unwrap();
    let expected = studio.train(&mut whole, "whole", usize::MAX);
    let steps = expected.record.losses.len();
    // In the middle of an epoch, at a checkpoint, and at a measurement.
    for until in [4, 6, 10] {
        assert!(until < steps);
        let mut first = studio.trainer(settings()).unwrap().on_threads(1);
        assert!(studio.train(&mut first, "parts", until).interrupted);
        assert!(Trainer::is_unfinished(&studio.path("parts")));
        let mut second = studio.trainer(settings()).unwrap();
        second.resume(&studio.path("parts")).unwrap();
        let report = studio.train(&mut second, "parts", usize::MAX);
        assert_eq!(report.record, expected.record, "interrupted after {until} steps");
        assert_eq!(second.adapter().unwrap(), whole.adapter().unwrap());
    }
}

#[test]
fn a_checkpoint_of_another_training_or_a_broken_one_is_refused() {
    let studio = Studio::new();
    let mut trainer = studio.trainer(settings()).unwrap();
    studio.train(&mut trainer, "a", 3);
    let resumed = |settings| studio.trainer(settings).unwrap().resume(&studio.path("a"));
    assert!(resumed(settings()).is_ok());
    let error = resumed(TrainSettings { seed: 2, ..settings() }).unwrap_err().to_string();
    assert!(error.contains("another training") && error.contains("differs"), "{error}");
    let error = resumed(TrainSettings { clip: 9.0, ..settings() }).unwrap_err().to_string();
    assert!(error.contains("`clip`"), "{error}");
    let path = studio.path("a").join("checkpoint.safetensors");
    let whole = std::fs::read(&path).unwrap();
    for broken in [&whole[..whole.len() / 2], &whole[..7], b"", b"{}{}{}{}{}{}"] {
        std::fs::write(&path, broken).unwrap();
        let error = resumed(settings()).unwrap_err().to_string();
        assert!(error.contains("checkpoint.safetensors") && error.contains("remove it"), "{error}");
    }
}

#[test]
fn it_ends_early_when_what_is_held_out_gets_no_better() {
    let studio = Studio::new();
    let wild = TrainSettings {
        learning_rate: 0.9,
        evaluate_every: 1,
        patience: 2,
        epochs: 20,
        ..settings()
    };
    let mut trainer = studio.trainer(wild).unwrap();
    let report = studio.train(&mut trainer, "a", usize::MAX);
    assert!(report.stopped_early, "{:?}", report.record.held_out);
    let (_, best) = report.record.best().unwrap();
    let kept = trainer.held_out_loss().unwrap().unwrap();
    assert!((kept - best).abs() < 1e-3, "the best is kept: {kept}, {best}");
}

#[test]
fn only_what_is_named_is_changed_and_a_second_training_begins_with_the_first() {
    let studio = Studio::new();
    let lora = LoraSettings { targets: vec![Target::Value], ..settings().lora };
    let mut first = studio.trainer(TrainSettings { lora: lora.clone(), ..settings() }).unwrap();
    studio.train(&mut first, "a", usize::MAX);
    let learnt = first.adapter().unwrap();
    assert!(learnt.changes().all(|(_, target, _)| target == Target::Value));
    let mut second = studio.trainer(TrainSettings { lora, ..settings() }).unwrap();
    second.begin_with(&learnt).unwrap();
    assert_eq!(second.held_out_loss().unwrap(), first.held_out_loss().unwrap());
    let mut all = studio.trainer(settings()).unwrap();
    let error = all.begin_with(&learnt).unwrap_err().to_string();
    assert!(error.contains("has no Query"), "{error}");
}

/// What a model gives behind a prompt.
fn logits(path: &Path, adapter: Option<&Adapter>) -> Vec<f32> {
    let mut file = GgufFile::open(path).expect("a whole file");
    let llama = Llama::load(&mut file, &ModelOptions::default(), &mut |_, _| true);
    let mut llama = llama.expect("a llama model");
    let id = adapter.map(|adapter| llama.add_adapter(adapter).expect("it fits"));
    in_parts(&mut llama, id, &some_ids(30), &[usize::MAX]).0
}

#[test]
fn what_was_learnt_can_be_read_merged_and_spoken_with() {
    let studio = Studio::new();
    let mut trainer = studio.trainer(settings()).unwrap();
    studio.train(&mut trainer, "a", usize::MAX);
    let sizes = MatrixSizes::of(&studio.model()).unwrap();
    let peft = trainer.peft("tiny".into()).unwrap();
    peft.write(&studio.path("a"), &sizes).unwrap();
    let read = PeftAdapter::read(&studio.path("a"), &sizes).unwrap();
    assert_eq!((read.config.rank, read.config.alpha), (4, 8.0));
    let (tiny, merged) = (studio.path("tiny.gguf"), studio.path("merged.gguf"));
    merge(&mut studio.model(), &read.adapter, &merged).unwrap();
    let adapted = logits(&tiny, Some(&read.adapter));
    let (near, far) =
        (cosine(&adapted, &logits(&merged, None)), cosine(&adapted, &logits(&tiny, None)));
    assert!(near > 0.99 && far < near, "merged {near}, without {far}");
}

#[test]
fn data_that_nobody_can_learn_from_is_an_error_with_advice() {
    let studio = Studio::new();
    let file = studio.model();
    let otto = PersonaSheet::new("otto".parse().unwrap(), "Otto", "a guard");
    let of = |text: &str| {
        let dialogues = read_dialogues("a.jsonl", text, &otto.id, &otto.emotions).unwrap();
        let sheets = vec![otto.clone()];
        let error = Curriculum::new(&file, sheets, Arc::default(), dialogues, 200).err();
        error.expect("nothing to learn from").to_string()
    };
    assert!(of("").contains("--data FILE"));
    let line = |member: &str, lang: &str, fact: &str| {
        format!(
            r#"{{"id": "x", "member": "{member}", "lang": "{lang}", "topic": "t", "affinity": 1, "facts": [{fact}], "turns": [{{"role": "user", "content": "hi"}}, {{"role": "assistant", "content": "[joy] Hi."}}]}}"#
        )
    };
    assert!(of(&line("otto", "ko", "")).contains("the model speaks English"));
    assert!(of(&line("anna", "en", "")).contains("`anna`"));
    assert!(of(&line("otto", "en", "\"z9\"")).contains("`z9`"));
}
