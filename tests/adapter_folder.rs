//! A backend with a folder of adapters: those that fit are there by name, each reply is made with
//! the one it asks for, and nothing that was read with one is used for another.
#![cfg(feature = "candle")]

pub mod common;

use std::{
    path::{Path, PathBuf},
    sync::atomic::AtomicBool,
};

use bevy_persona::{
    inference::{
        Backend, GgufBackend, GgufSettings, LoadReport, Loading, Outcome, Request, Sampling, Step,
        model::{Adapter, GgufFile, LowRank, MatrixSizes, PeftAdapter, PeftConfig, Target},
    },
    mind::{ChatTurn, Prompt, PromptHead, Segment},
};
use common::{
    tiny_gguf::{Size, TinyGguf},
    worker,
};
use tempfile::TempDir;

/// A model and a folder of adapters.
struct Game {
    model: PathBuf,
    sizes: MatrixSizes,
    folder: TempDir,
}

impl Game {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let model = folder.path().join("model.gguf");
        TinyGguf::byte_level(Size::EVEN).write(&model);
        let file = GgufFile::open(&model).expect("a whole file");
        let sizes = MatrixSizes::of(&file).expect("the sizes of a llama model");
        Self { model, sizes, folder }
    }

    fn adapters(&self) -> PathBuf {
        self.folder.path().join("adapters")
    }

    /// Writes a strong change of the first layer.
    fn add(&self, path: &str, base_model: Option<&str>, seed: usize) {
        let mut adapter = Adapter::new();
        for target in Target::ALL {
            let (rows, columns) = self.sizes.shape(target);
            let numbers = |count: usize, seed: usize| {
                (0..count).map(|place| ((place * (seed + 3)) as f32 * 0.7).sin() * 0.5).collect()
            };
            let (down, up) = (numbers(2 * columns, seed), numbers(rows * 2, seed + 1));
            adapter.insert(0, target, LowRank { down, up, scale: 1.0 });
        }
        let base_model = base_model.map(Into::into);
        let config = PeftConfig { base_model, rank: 2, alpha: 2.0, dropout: 0.0 };
        let peft = PeftAdapter { config, adapter };
        peft.write(&self.adapters().join(path), &self.sizes).expect("an adapter that fits");
    }

    fn start(&self, cache_folder: Option<&Path>) -> GgufBackend {
        let settings = GgufSettings {
            cache_folder: cache_folder.map(Into::into),
            adapter_folder: Some(self.adapters()),
            ..GgufSettings::default()
        };
        let (mut tell, never) = (|_: Loading| {}, AtomicBool::new(false));
        let mut report = LoadReport::new(&mut tell, &never);
        GgufBackend::open(&self.model, settings, &mut report).expect("a model")
    }
}

/// What a persona is asked, whose likeliest reply is wanted.
fn with(adapter: Option<&str>) -> Request {
    let head = PromptHead {
        system: "The island has a lighthouse, two harbours and a stage by the sea. "
            .repeat(3)
            .into(),
        ..PromptHead::default()
    };
    let turns = vec![ChatTurn::Fan("Hi!".into())];
    // What she has said before must not change what she says.
    let sampling = Sampling {
        temperature: 0.0,
        repetition_penalty: 1.0,
        no_repeat: 0,
        max_tokens: 24,
        ..Sampling::default()
    };
    let prompt = Prompt { head, turns, ..Prompt::default() };
    Request { prompt, sampling, adapter: adapter.map(Into::into), ..worker::request("") }
}

/// Hears a reply to its end.
fn hear(backend: &mut GgufBackend, request: Request) -> (Vec<Segment>, Outcome) {
    let mut reply = backend.start(request).expect("a reply begins");
    let mut said = Vec::new();
    for _ in 0..5000 {
        match reply.advance().expect("a reply goes on") {
            Step::Segment(segment) => said.push(segment),
            Step::Done(outcome) => return (said, outcome),
            Step::Working => {
                let _ = backend.work();
            }
        }
    }
    panic!("the reply does not end");
}

#[test]
fn adapters_that_fit_are_there_by_the_names_of_their_folders() {
    let game = Game::new();
    game.add("siwoo", Some("someone/Tiny"), 1);
    game.add("idols/jena", None, 2);
    game.add("idols/of/another/game/taira", None, 3);
    game.add("siwoo2", Some("someone/huge"), 4);
    game.add("broken", None, 5);
    std::fs::write(game.adapters().join("broken/adapter_config.json"), "{").unwrap();
    std::fs::write(game.adapters().join("readme.md"), "For Siwoo and Jena.").unwrap();
    let names: Vec<String> =
        game.start(None).info().adapters.iter().map(ToString::to_string).collect();
    assert_eq!(names, ["jena", "siwoo"]);
}

#[test]
fn a_folder_that_is_not_there_is_no_error() {
    assert!(Game::new().start(None).info().adapters.is_empty());
}

#[test]
fn each_reply_is_made_with_the_adapter_it_asks_for() {
    let game = Game::new();
    game.add("siwoo", None, 1);
    game.add("jena", None, 2);
    let mut backend = game.start(None);
    let adapters = [None, Some("siwoo"), Some("jena")];
    let all = adapters.map(|adapter| hear(&mut backend, with(adapter)).0);
    assert!(all[0] != all[1] && all[0] != all[2] && all[1] != all[2], "{all:?}");
    for (adapter, said) in adapters.into_iter().zip(&all) {
        assert_eq!(hear(&mut game.start(None), with(adapter)).0, *said, "{adapter:?}");
    }
    let (said, _) = hear(&mut game.start(None), with(Some("nobody")));
    assert_eq!(said, all[0], "without an adapter of this name she speaks without");
}

#[test]
fn what_was_read_is_known_only_under_the_same_adapter() {
    let game = Game::new();
    game.add("siwoo", None, 1);
    game.add("jena", None, 2);
    let cache = game.folder.path().join("cache");
    let adapters = [None, Some("siwoo"), Some("jena")];
    let mut backend = game.start(Some(&cache));
    for adapter in adapters {
        assert_eq!(hear(&mut backend, with(adapter)).1.stats.cached_tokens, 0, "{adapter:?}");
    }
    for adapter in adapters {
        let stats = hear(&mut backend, with(adapter)).1.stats;
        assert_eq!(stats.cached_tokens, stats.prompt_tokens - 1, "{adapter:?}");
    }
    drop(backend);
    // From disk after a restart.
    for adapter in adapters {
        let stats = hear(&mut game.start(Some(&cache)), with(adapter)).1.stats;
        assert!(stats.cached_tokens > 100, "{adapter:?} knows {}", stats.cached_tokens);
    }
    game.add("marty", None, 3);
    let stats = hear(&mut game.start(Some(&cache)), with(Some("marty"))).1.stats;
    assert_eq!(stats.cached_tokens, 0);
}
