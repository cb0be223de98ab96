//! One model in two formats, a GGUF file and a folder of safetensors, in every architecture: both give
//! the same, and what is broken is named.

#[path = "model_formats/any_bytes.rs"]
mod any_bytes;
pub mod common;
#[path = "model_formats/facts.rs"]
mod facts;
#[path = "model_formats/faults.rs"]
mod faults;
#[path = "model_formats/k_quants.rs"]
mod k_quants;
#[path = "model_formats/shape.rs"]
mod shape;
#[path = "model_formats/solar.rs"]
mod solar;
#[path = "model_formats/tokenizer_file.rs"]
mod tokenizer_file;
#[path = "model_formats/twin.rs"]
mod twin;

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use bevy_persona::{
    inference::{
        Backend, ConversationId, GgufBackend, GgufSettings, InferenceError, LoadReport, Loading,
        Request, Sampling, Worker,
        model::{self, CandleModel, CausalModel, DeviceChoice, MatrixSizes, ModelOptions},
    },
    mind::Palette,
    persona::Language,
};
use candle_core::{Device, quantized::GgmlDType};
use common::{
    reader::{cosine, likeliest, read},
    worker::{ask, assert_well_tagged, request},
};
use twin::{ALL, Twin, VOCABULARY};

/// Makes attention soft.
const SOFT: f32 = 0.25;

/// Nothing is kept in the user's cache folder.
fn settings() -> GgufSettings {
    GgufSettings { cache_folder: None, ..GgufSettings::default() }
}

fn open_backend(path: &Path) -> Result<GgufBackend, InferenceError> {
    let (mut tell, cancelled) = (|_: Loading| {}, AtomicBool::new(false));
    GgufBackend::open(path, settings(), &mut LoadReport::new(&mut tell, &cancelled))
}

fn worker(path: &Path) -> Worker {
    let path = path.to_path_buf();
    let factory = move |report: &mut LoadReport<'_>| -> Result<Box<dyn Backend>, InferenceError> {
        Ok(Box::new(GgufBackend::open(&path, settings(), report)?))
    };
    Worker::spawn("test", Arc::new(factory)).expect("a thread")
}

fn load(path: &Path) -> Box<dyn CausalModel> {
    let options = ModelOptions { device: DeviceChoice::Cpu, ..ModelOptions::default() };
    let mut file = model::open(path).unwrap_or_else(|error| panic!("{error}"));
    model::load(&mut *file, &options, &mut |_, _| true).unwrap_or_else(|error| panic!("{error}"))
}

/// The logits behind some tokens.
fn logits(model: &mut dyn CausalModel) -> Vec<f32> {
    let sequence = model.open(None);
    let tokens: Vec<u32> = (0..24).map(|place| place * 37 % VOCABULARY as u32).collect();
    let logits = read(model, sequence, &tokens).expect("logits");
    assert_eq!(logits.len(), VOCABULARY);
    assert!(logits.iter().any(|logit| logit.abs() > 0.1), "they say nothing: {logits:?}");
    logits
}

/// The logits of a model whose repacked weights are kept in `folder`, and whether it had to repack them.
fn logits_keeping(path: &Path, folder: &Path) -> (Vec<f32>, bool) {
    let cache_folder = Some(folder.to_path_buf());
    let options = ModelOptions { cache_folder, ..ModelOptions::default() };
    let mut file = model::open(path).unwrap_or_else(|error| panic!("{error}"));
    let mut repacked = false;
    let mut progress = |_, _| {
        repacked = true;
        true
    };
    let loaded = model::load(&mut *file, &options, &mut progress);
    let logits = logits(&mut *loaded.unwrap_or_else(|error| panic!("{error}")));
    (logits, repacked)
}

#[test]
fn the_same_weights_give_the_same_logits_in_both_formats() {
    for class in ALL {
        let twin = Twin::new(class);
        let folder = logits(&mut *load(&twin.folder()));
        let gguf = logits(&mut *load(&twin.gguf(GgmlDType::F32)));
        assert_eq!(folder, gguf, "{class}");
        let quantised = logits(&mut *load(&twin.gguf(GgmlDType::Q8_0)));
        assert!(cosine(&folder, &quantised) > 0.999, "{class}: {}", cosine(&folder, &quantised));
        assert_eq!(likeliest(&folder), likeliest(&quantised), "{class}");
    }
}

#[test]
fn weights_in_sixteen_bits_and_in_parts_are_the_same_model() {
    for class in ALL {
        let twin = Twin::new(class);
        let whole = logits(&mut *load(&twin.folder()));
        let parts = twin.folder_in_parts();
        assert_eq!(logits(&mut *load(&parts)), whole, "{class}");
        let one = parts.join("model-00001-of-00002.safetensors");
        assert_eq!(logits(&mut *load(&one)), whole, "{class} by the name of a part");
    }
}

#[test]
fn both_formats_say_the_same_of_a_model() {
    for class in ALL {
        let twin = Twin::new(class);
        let (folder, gguf) = (twin.folder(), twin.gguf(GgmlDType::F32));
        let (folder, gguf) = (model::open(&folder).unwrap(), model::open(&gguf).unwrap());
        assert_eq!(folder.architecture().unwrap(), gguf.architecture().unwrap());
        assert_eq!(folder.parameters(), gguf.parameters(), "{class}");
        let names = |file: &dyn model::ModelFile| -> Vec<String> {
            file.tensors().into_iter().map(|tensor| tensor.name).collect()
        };
        assert_eq!(names(&*folder), names(&*gguf), "{class}");
        for (key, value) in gguf.values().iter().filter(|(key, _)| key.starts_with(twin.arch())) {
            let found = folder.values().get(key).map(|found| format!("{found:?}"));
            assert_eq!(found, Some(format!("{value:?}")), "{class}: {key}");
        }
        let sizes = |file: &dyn model::ModelFile| MatrixSizes::of(file).ok();
        assert_eq!(sizes(&*folder), sizes(&*gguf), "{class}");
    }
}

#[test]
fn a_folder_is_called_as_it_is_named_and_speaks_what_its_page_says() {
    let twin = Twin::new("LlamaForCausalLM");
    let folder = twin.folder();
    let file = model::open(&folder).unwrap();
    assert_eq!(file.name(), "tiny");
    assert_eq!(file.languages(), [Language::English]);
    std::fs::write(folder.join("README.md"), "---\nlanguage:\n- en\n- ko\n---\n").unwrap();
    let file = model::open(&folder).unwrap();
    assert_eq!(file.languages(), [Language::English, Language::Korean]);
}

/// What a graphics unit computes is the decoder on candle's tensors, here on the CPU. Our own pass keeps
/// keys and values in 8 bits, which shows where attention is sharp; that of real models is soft.
#[test]
fn candle_computes_llama_models_as_our_own_pass_does() {
    for class in ["LlamaForCausalLM", "MistralForCausalLM", "SmolLM3ForCausalLM"] {
        let mut twin = Twin::new(class);
        for layer in 0..shape::LAYERS {
            twin.scale(&format!("model.layers.{layer}.self_attn.q_proj.weight"), SOFT);
        }
        let ours = logits(&mut *load(&twin.folder()));
        for path in [twin.folder(), twin.gguf(GgmlDType::F32)] {
            let mut file = model::open(&path).unwrap();
            let options = ModelOptions::default();
            let (arch, cpu) = (twin.arch(), Device::Cpu);
            let loaded = CandleModel::load(arch, &mut *file, &options, &cpu, &mut |_, _| true);
            let theirs = logits(&mut loaded.unwrap().unwrap());
            assert!(cosine(&ours, &theirs) > 0.999, "{class}: {}", cosine(&ours, &theirs));
            assert_eq!(likeliest(&ours), likeliest(&theirs), "{class}");
        }
    }
}

#[test]
fn a_layer_that_does_not_rotate_makes_a_difference() {
    let mut twin = Twin::new("SmolLM3ForCausalLM");
    let usual = logits(&mut *load(&twin.folder()));
    twin.config["no_rope_layers"] = serde_json::Value::Null;
    assert_eq!(logits(&mut *load(&twin.folder())), usual, "every fourth without saying so");
    twin.config["no_rope_layer_interval"] = 3.into();
    assert_ne!(logits(&mut *load(&twin.folder())), usual);
    twin.config["no_rope_layers"] = vec![1, 1, 1, 0].into();
    assert_eq!(logits(&mut *load(&twin.folder())), usual);
}

#[test]
fn a_window_in_all_layers_is_the_longest_context() {
    let mut twin = Twin::new("MistralForCausalLM");
    assert_eq!(load(&twin.folder()).context_length(), 2048);
    twin.config["sliding_window"] = 100.into();
    assert_eq!(load(&twin.folder()).context_length(), 100);
    let mut twin = Twin::new("Qwen2ForCausalLM");
    twin.config["sliding_window"] = 100.into();
    assert_eq!(load(&twin.folder()).context_length(), 2048, "it says that it uses none");
    twin.config["use_sliding_window"] = true.into();
    assert_eq!(load(&twin.folder()).context_length(), 100);
}

#[test]
fn a_model_of_each_architecture_speaks_from_both_formats() {
    for class in ALL {
        let twin = Twin::new(class);
        let palette = Palette::default();
        let ask_for = |path: &Path| {
            let sampling = Sampling { max_tokens: 12, temperature: 0.0, ..Sampling::default() };
            let request = Request {
                conversation: ConversationId(1),
                palette: palette.clone(),
                sampling,
                ..request("Hi! <|im_end|> 안녕")
            };
            let reply = ask(&worker(path), request);
            reply.outcome();
            assert_well_tagged(&reply, &palette);
            reply.segments
        };
        let folder = ask_for(&twin.folder());
        assert_eq!(folder, ask_for(&twin.gguf(GgmlDType::F32)), "{class}");
    }
}

#[test]
fn loading_a_folder_tells_how_far_it_is_and_can_be_stopped() {
    for class in ALL {
        let twin = Twin::new(class);
        let folder = twin.folder();
        let (mut told, never) = (Vec::new(), AtomicBool::new(false));
        let mut tell = |loading: Loading| told.push((loading.done, loading.total));
        let loaded =
            GgufBackend::open(&folder, settings(), &mut LoadReport::new(&mut tell, &never));
        assert!(loaded.is_ok(), "{class}");
        assert!(told.len() > 2, "{class}: {told:?}");
        assert!(told.windows(2).all(|pair| pair[0].0 <= pair[1].0), "{class}: {told:?}");
        let cancelled = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&cancelled);
        let mut stop = move |_: Loading| flag.store(true, Ordering::Relaxed);
        let mut report = LoadReport::new(&mut stop, &cancelled);
        let Err(error) = GgufBackend::open(&folder, settings(), &mut report) else {
            panic!("{class} was loaded for nobody")
        };
        assert!(error.to_string().contains("cancelled"), "{error}");
    }
}

#[test]
fn repacked_weights_of_a_folder_are_kept_and_told_from_others() {
    let mut twin = Twin::new("LlamaForCausalLM");
    let kept = tempfile::tempdir().unwrap();
    let load = |path: &Path| logits_keeping(path, kept.path());
    let folder = twin.folder();
    let (first, was_repacked) = load(&folder);
    assert!(was_repacked);
    let (second, was_repacked) = load(&folder);
    assert!(!was_repacked, "they were kept");
    assert_eq!(first, second);
    twin.scale("model.layers.0.mlp.up_proj.weight", 1.5);
    let (third, was_repacked) = load(&twin.folder());
    assert!(was_repacked, "another model");
    assert_ne!(first, third);
}
