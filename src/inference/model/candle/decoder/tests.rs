//! Tiny models with random weights, against each other and against candle-transformers.
//!
//! No width is a multiple of 32, so weights stay f32 and all differences are those of rounding.

use std::{collections::BTreeMap, fs::File};

use candle_core::quantized::{
    GgmlDType, QTensor,
    gguf_file::{self, Content, Value},
};
use candle_transformers::models::{
    quantized_lfm2, quantized_llama, quantized_phi3, quantized_qwen2,
};
use tempfile::NamedTempFile;

use super::*;
use crate::inference::model::GgufFile;

const WIDTH: usize = 40;
const HEADS: usize = 4;
const KV_HEADS: usize = 2;
const HEAD_DIM: usize = 10;
const INNER: usize = 72;
const VOCABULARY: usize = 50;
const TOKENS: [u32; 12] = [3, 17, 42, 8, 8, 0, 49, 23, 31, 5, 12, 44];
const ALL: [&str; 7] = ["gemma3", "qwen2", "qwen3", "phi3", "lfm2", "llama", "smollm3"];

/// What a model file consists of.
struct Tiny {
    architecture: &'static str,
    values: BTreeMap<String, Value>,
    tensors: BTreeMap<String, Vec<usize>>,
}

impl Tiny {
    fn new(architecture: &'static str, layers: usize) -> Self {
        let (values, tensors) = (BTreeMap::new(), BTreeMap::new());
        let mut tiny = Self { architecture, values, tensors };
        for (key, value) in [
            ("context_length", 64),
            ("embedding_length", WIDTH),
            ("block_count", layers),
            ("feed_forward_length", INNER),
            ("attention.head_count", HEADS),
            ("attention.head_count_kv", KV_HEADS),
            ("rope.dimension_count", HEAD_DIM),
        ] {
            tiny.set(key, Value::U32(value as u32));
        }
        tiny.set("attention.layer_norm_rms_epsilon", Value::F32(1e-6));
        tiny.set("rope.freq_base", Value::F32(100.0));
        tiny.tensor("token_embd.weight", &[VOCABULARY, WIDTH]);
        tiny.tensor("output_norm.weight", &[WIDTH]);
        for layer in 0..layers {
            tiny.layer(layer);
        }
        match architecture {
            "gemma3" => tiny.set("attention.sliding_window", Value::U32(4)),
            "phi3" => tiny.tensor("output.weight", &[VOCABULARY, WIDTH]),
            "lfm2" => {
                let kv_heads = |layer| Value::U32(if layer == 1 { KV_HEADS as u32 } else { 0 });
                let kv_heads = (0..layers).map(kv_heads).collect();
                tiny.set("attention.head_count_kv", Value::Array(kv_heads));
                tiny.set("shortconv.l_cache", Value::U32(3));
            }
            _ => {}
        }
        tiny
    }

    fn set(&mut self, key: &str, value: Value) {
        self.values.insert(format!("{}.{key}", self.architecture), value);
    }

    fn tensor(&mut self, name: &str, dims: &[usize]) {
        self.tensors.insert(name.into(), dims.to_vec());
    }

    fn layer(&mut self, layer: usize) {
        let (query, kv) = (HEADS * HEAD_DIM, KV_HEADS * HEAD_DIM);
        let mut add = |name: &str, dims: &[usize]| {
            self.tensors.insert(format!("blk.{layer}.{name}"), dims.to_vec());
        };
        add("attn_norm.weight", &[WIDTH]);
        add("ffn_norm.weight", &[WIDTH]);
        add("ffn_down.weight", &[WIDTH, INNER]);
        if self.architecture == "phi3" {
            add("attn_qkv.weight", &[query + 2 * kv, WIDTH]);
            add("attn_output.weight", &[WIDTH, query]);
            add("ffn_up.weight", &[2 * INNER, WIDTH]);
            return;
        }
        add("ffn_gate.weight", &[INNER, WIDTH]);
        add("ffn_up.weight", &[INNER, WIDTH]);
        if self.architecture == "lfm2" && layer != 1 {
            add("shortconv.in_proj.weight", &[3 * WIDTH, WIDTH]);
            add("shortconv.conv.weight", &[WIDTH, 3]);
            add("shortconv.out_proj.weight", &[WIDTH, WIDTH]);
            return;
        }
        for (name, rows) in [("attn_q", query), ("attn_k", kv), ("attn_v", kv)] {
            add(&format!("{name}.weight"), &[rows, WIDTH]);
            if self.architecture == "qwen2" {
                add(&format!("{name}.bias"), &[rows]);
            } else if name != "attn_v" && !matches!(self.architecture, "llama" | "smollm3") {
                add(&format!("{name}_norm.weight"), &[HEAD_DIM]);
            }
        }
        add("attn_output.weight", &[WIDTH, query]);
        if self.architecture == "gemma3" {
            add("post_attention_norm.weight", &[WIDTH]);
            add("post_ffw_norm.weight", &[WIDTH]);
        }
    }

    /// Writes the file, with weights that depend on the name and place only.
    fn write(&self) -> NamedTempFile {
        let tensors: Vec<_> = self
            .tensors
            .iter()
            .map(|(name, dims)| {
                let values = weights(name, dims);
                let tensor = Tensor::from_vec(values, dims.as_slice(), &Device::Cpu).unwrap();
                (name.as_str(), QTensor::quantize(&tensor, GgmlDType::F32).unwrap())
            })
            .collect();
        let tensors: Vec<_> = tensors.iter().map(|(name, tensor)| (*name, tensor)).collect();
        let architecture = Value::String(self.architecture.into());
        let mut values: Vec<_> =
            self.values.iter().map(|(key, value)| (key.as_str(), value)).collect();
        values.push(("general.architecture", &architecture));
        let mut file = NamedTempFile::new().unwrap();
        gguf_file::write(&mut file, &values, &tensors).unwrap();
        file
    }

    fn try_load(&self) -> Result<Decoder, GgufError> {
        let file = self.write();
        let architecture = Architecture::named(self.architecture).unwrap();
        let file = &mut GgufFile::open(file.path()).unwrap();
        let mut source = Source { file, device: &Device::Cpu };
        Decoder::load(architecture, &mut source, &mut |_, _| true)
    }

    fn load(&self) -> Decoder {
        self.try_load().unwrap()
    }
}

/// Vectors around 1, matrices that keep the size of what they are multiplied with.
fn weights(name: &str, dims: &[usize]) -> Vec<f32> {
    let mut seed = name.bytes().fold(17u32, |seed, byte| seed.wrapping_mul(31) + u32::from(byte));
    let scale = if dims.len() == 1 { 0.2 } else { 3.0 / (dims[1] as f32).sqrt() };
    let middle = if dims.len() == 1 { 1.0 } else { 0.0 };
    (0..dims.iter().product())
        .map(|_| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            middle + scale * ((seed >> 8) as f32 / (1 << 23) as f32 - 1.0)
        })
        .collect()
}

/// The logits after tokens that are read in parts of these lengths.
fn logits(model: &Decoder, tokens: &[u32], lengths: &[usize]) -> Vec<f32> {
    let (mut state, mut rest) = (State::default(), tokens);
    for length in lengths {
        let (part, behind) = rest.split_at(*length);
        assert!(model.read(&mut state, part, false).unwrap().is_none());
        rest = behind;
    }
    model.read(&mut state, rest, true).unwrap().unwrap()
}

fn assert_same(a: &[f32], b: &[f32], what: &str) {
    let size = b.iter().fold(0.0f32, |size, x| size.max(x.abs()));
    let difference = a.iter().zip(b).fold(0.0f32, |most, (a, b)| most.max((a - b).abs()));
    assert_eq!(a.len(), VOCABULARY);
    assert!(size > 0.1 && difference < 1e-3 * size, "{what}: {difference} of {size}");
}

fn differ(a: &[f32], b: &[f32]) -> bool {
    a.iter().zip(b).any(|(a, b)| (a - b).abs() > 1e-2)
}

#[test]
fn tokens_in_parts_give_what_they_give_at_once() {
    for architecture in ALL {
        let model = Tiny::new(architecture, 7).load();
        let once = logits(&model, &TOKENS, &[]);
        for lengths in [&[1][..], &[5], &[2, 3, 4], &[1; 11]] {
            let parts = logits(&model, &TOKENS, lengths);
            assert_same(&parts, &once, &format!("{architecture} in {lengths:?}"));
        }
    }
}

#[test]
fn every_token_matters() {
    for architecture in ALL {
        let model = Tiny::new(architecture, 7).load();
        let once = logits(&model, &TOKENS, &[]);
        for place in 0..TOKENS.len() {
            let mut tokens = TOKENS;
            tokens[place] = 1;
            assert!(once != logits(&model, &tokens, &[]), "{architecture} at {place}");
        }
    }
}

#[test]
fn a_state_that_went_back_is_as_if_it_had_never_read_on() {
    for architecture in ["gemma3", "qwen2", "qwen3", "phi3"] {
        let model = Tiny::new(architecture, 7).load();
        let mut state = State::default();
        model.read(&mut state, &TOKENS, false).unwrap();
        assert!(model.can_truncate());
        for len in [7, 0] {
            let mut back = model.truncated(&state, len).unwrap();
            assert_eq!(back.len, len);
            let again = model.read(&mut back, &TOKENS[len..], true).unwrap().unwrap();
            assert_same(&again, &logits(&model, &TOKENS, &[]), architecture);
        }
    }
}

#[test]
fn a_convolution_cannot_go_back() {
    let model = Tiny::new("lfm2", 2).load();
    let mut state = State::default();
    model.read(&mut state, &TOKENS, false).unwrap();
    assert!(!model.can_truncate());
    assert!(model.truncated(&state, 7).is_none());
    assert!(model.truncated(&state, 0).is_some());
}

#[test]
fn a_copy_of_a_state_is_not_changed_by_reading_on() {
    for architecture in ALL {
        let model = Tiny::new(architecture, 7).load();
        let mut state = State::default();
        model.read(&mut state, &TOKENS[..6], false).unwrap();
        let (mut copy, bytes) = (state.clone(), state.bytes());
        model.read(&mut state, &[1, 2, 3], false).unwrap();
        assert_eq!(copy.bytes(), bytes);
        let again = model.read(&mut copy, &TOKENS[6..], true).unwrap().unwrap();
        assert_same(&again, &logits(&model, &TOKENS, &[]), architecture);
    }
}

#[test]
fn a_local_layer_sees_as_far_as_its_window() {
    let model = Tiny::new("gemma3", 1).load();
    let changed = |tokens: &[u32]| [&[1], &tokens[1..]].concat();
    let differs = |count: usize, lengths: &[usize]| {
        let tokens = &TOKENS[..count];
        differ(&logits(&model, tokens, lengths), &logits(&model, &changed(tokens), lengths))
    };
    for lengths in [&[][..], &[1], &[2, 1]] {
        assert!(differs(4, lengths));
        assert!(!differs(5, lengths));
    }
}

#[test]
fn a_broken_file_is_refused() {
    let mut missing = Tiny::new("qwen3", 1);
    missing.tensors.remove("blk.0.ffn_up.weight");
    assert!(matches!(missing.try_load(), Err(GgufError::Tensor { .. })));
    for (name, dims) in [("blk.0.attn_k.weight", [HEAD_DIM, WIDTH]), ("output_norm.weight", [1, 7])]
    {
        let mut wrong = Tiny::new("qwen3", 1);
        wrong.tensor(name, &dims);
        assert!(matches!(wrong.try_load(), Err(GgufError::Shape(_))), "{name}");
    }
    for (key, value) in
        [("attention.head_count", 0), ("attention.head_count_kv", 3), ("rope.dimension_count", 11)]
    {
        let mut wrong = Tiny::new("qwen3", 1);
        wrong.set(key, Value::U32(value));
        assert!(matches!(wrong.try_load(), Err(GgufError::Shape(_))), "{key}");
    }
}

#[test]
fn loading_can_be_stopped() {
    let file = Tiny::new("phi3", 3).write();
    let file = &mut GgufFile::open(file.path()).unwrap();
    let (mut told, mut source) = (Vec::new(), Source { file, device: &Device::Cpu });
    let stopped = Decoder::load(Architecture::Phi3, &mut source, &mut |done, all| {
        told.push((done, all));
        done < 1
    });
    assert!(matches!(stopped, Err(GgufError::Cancelled)));
    assert_eq!(told, [(0, 3), (1, 3)]);
}

#[test]
fn a_token_that_does_not_exist_is_an_error() {
    let model = Tiny::new("qwen2", 1).load();
    assert!(model.read(&mut State::default(), &[VOCABULARY as u32], true).is_err());
}

/// For architectures of which candle-transformers computes a first pass as their authors do.
#[test]
fn a_first_pass_is_that_of_candle_transformers() {
    for architecture in ["qwen2", "phi3", "lfm2", "llama"] {
        let mut tiny = Tiny::new(architecture, 2);
        // That of Phi 3 is fixed there.
        tiny.set("rope.freq_base", Value::F32(10_000.0));
        let ours = logits(&tiny.load(), &TOKENS, &[]);
        assert_same(&ours, &reference(architecture, &tiny.write()), architecture);
    }
}

fn reference(architecture: &str, file: &NamedTempFile) -> Vec<f32> {
    let mut reader = File::open(file.path()).unwrap();
    let content = Content::read(&mut reader).unwrap();
    let (reader, device) = (&mut reader, &Device::Cpu);
    let tokens = &Tensor::new(&[TOKENS], device).unwrap();
    let logits = match architecture {
        "qwen2" => quantized_qwen2::ModelWeights::from_gguf(content, reader, device)
            .and_then(|mut model| model.forward(tokens, 0)),
        "llama" => quantized_llama::ModelWeights::from_gguf(content, reader, device)
            .and_then(|mut model| model.forward(tokens, 0)),
        "phi3" => quantized_phi3::ModelWeights::from_gguf(false, content, reader, device)
            .and_then(|mut model| model.forward(tokens, 0)),
        _ => quantized_lfm2::ModelWeights::from_gguf(content, reader, device)
            .and_then(|mut model| model.forward(tokens, 0)),
    };
    logits.unwrap().flatten_all().unwrap().to_vec1().unwrap()
}
