//! A tiny model with random weights, written as a folder of safetensors and as a GGUF file.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::{Path, PathBuf},
};

use candle_core::{
    Device, Tensor,
    quantized::{GgmlDType, QTensor, gguf_file::Value as Gguf},
};
use half::bf16;
use safetensors::{Dtype, tensor::TensorView};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{
    common::tiny_gguf::{Size, TinyGguf, text},
    shape::{HEAD_DIM, HEADS, INNER, KERNEL, KV_HEADS, LAYERS, WIDTH, parts},
    tokenizer_file::tokenizer_file,
};

pub const ALL: [&str; 8] = [
    "LlamaForCausalLM",
    "MistralForCausalLM",
    "SmolLM3ForCausalLM",
    "Qwen2ForCausalLM",
    "Qwen3ForCausalLM",
    "Gemma3ForCausalLM",
    "Phi3ForCausalLM",
    "Lfm2ForCausalLM",
];

/// That of the byte-level vocabulary of [`TinyGguf`].
pub const VOCABULARY: usize = 269;

/// A model that can be written in both formats.
pub struct Twin {
    class: &'static str,
    pub config: Value,
    /// By their names in the folder; the numbers are such that 16 bits hold them.
    pub tensors: BTreeMap<String, (Vec<usize>, Vec<f32>)>,
    folder: TempDir,
}

impl Twin {
    pub fn new(class: &'static str) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let (config, tensors) = (config(class), BTreeMap::new());
        let mut twin = Self { class, config, tensors, folder };
        for (stored, _, shape) in twin.names() {
            let values = weights(&stored, &shape, class == "Gemma3ForCausalLM");
            twin.tensors.insert(stored, (shape, values));
        }
        twin
    }

    /// How GGUF calls the architecture.
    pub fn arch(&self) -> &'static str {
        match self.class {
            "LlamaForCausalLM" | "MistralForCausalLM" => "llama",
            "SmolLM3ForCausalLM" => "smollm3",
            "Qwen2ForCausalLM" => "qwen2",
            "Qwen3ForCausalLM" => "qwen3",
            "Gemma3ForCausalLM" => "gemma3",
            "Phi3ForCausalLM" => "phi3",
            _ => "lfm2",
        }
    }

    /// Multiplies the numbers of a tensor.
    pub fn scale(&mut self, tensor: &str, factor: f32) {
        let (_, values) = self.tensors.get_mut(tensor).expect("a tensor of this name");
        values.iter_mut().for_each(|value| *value *= factor);
    }

    /// Whether the output matrix is the embedding.
    fn is_tied(&self) -> bool {
        self.config["tie_word_embeddings"] == json!(true)
    }

    /// Names in the folder and in the GGUF file, and shapes.
    fn names(&self) -> Vec<(String, String, Vec<usize>)> {
        let norm = match self.class {
            "Lfm2ForCausalLM" => "model.embedding_norm.weight",
            _ => "model.norm.weight",
        };
        let mut names = vec![
            ("model.embed_tokens.weight", "token_embd.weight", vec![VOCABULARY, WIDTH]),
            (norm, "output_norm.weight", vec![WIDTH]),
        ];
        if !self.is_tied() {
            names.push(("lm_head.weight", "output.weight", vec![VOCABULARY, WIDTH]));
        }
        let outer = names.into_iter().map(|(a, b, shape)| (a.to_owned(), b.to_owned(), shape));
        let layers = (0..LAYERS).flat_map(|layer| {
            let named = parts(self.class, layer).into_iter();
            named.map(move |(stored, gguf, shape)| {
                let stored = format!("model.layers.{layer}.{stored}");
                (stored, format!("blk.{layer}.{gguf}"), shape)
            })
        });
        outer.chain(layers).collect()
    }

    /// Writes the folder, with the weights in one file in 32 bits.
    pub fn folder(&self) -> PathBuf {
        let folder = self.folder.path().join("tiny");
        self.write_words(&folder);
        write_tensors(&folder.join("model.safetensors"), self.tensors.iter(), Dtype::F32);
        folder
    }

    /// Writes the folder, with the weights in two files, in two types of 16 and 32 bits.
    pub fn folder_in_parts(&self) -> PathBuf {
        let folder = self.folder.path().join("parts");
        self.write_words(&folder);
        let mut map = serde_json::Map::new();
        for (part, dtype) in [(0, Dtype::BF16), (1, Dtype::F32)] {
            let name = format!("model-0000{}-of-00002.safetensors", part + 1);
            let own = self.tensors.iter().enumerate().filter(|(at, _)| at % 2 == part);
            let own: Vec<_> = own.map(|(_, tensor)| tensor).collect();
            map.extend(own.iter().map(|(tensor, _)| ((*tensor).clone(), json!(name))));
            write_tensors(&folder.join(name), own.into_iter(), dtype);
        }
        let index = json!({ "metadata": { "total_size": 1 }, "weight_map": map });
        write_json(&folder.join("model.safetensors.index.json"), &index);
        folder
    }

    /// All but the weights.
    fn write_words(&self, folder: &Path) {
        fs::create_dir_all(folder).expect("a folder for the test");
        write_json(&folder.join("config.json"), &self.config);
        let tiny = TinyGguf::byte_level(Size::EVEN);
        write_json(&folder.join("tokenizer.json"), &tokenizer_file(&tiny));
        let Some(Gguf::String(template)) = tiny.value("tokenizer.chat_template") else {
            panic!("the tiny model has a template")
        };
        let about = json!({
            "chat_template": template,
            "eos_token": { "content": "<|im_end|>", "special": true },
            "bos_token": "<|im_start|>",
            "add_bos_token": false,
        });
        write_json(&folder.join("tokenizer_config.json"), &about);
    }

    /// Writes the GGUF file, with matrices of this type.
    pub fn gguf(&self, kind: GgmlDType) -> PathBuf {
        let mut tiny = TinyGguf::byte_level(Size::EVEN);
        tiny.metadata.retain(|(key, _)| !key.starts_with("llama."));
        tiny.set("general.architecture", text(self.arch()));
        for (key, value) in self.values() {
            tiny.set(&format!("{}.{key}", self.arch()), value);
        }
        let tensors = self.names().into_iter().map(|(stored, gguf, shape)| {
            let values = self.converted(&stored, &shape);
            let tensor = Tensor::from_vec(values, shape.as_slice(), &Device::Cpu).expect("a shape");
            let kind = if shape.len() == 2 { kind } else { GgmlDType::F32 };
            (gguf, QTensor::quantize(&tensor, kind).expect("whole blocks"))
        });
        tiny.tensors = tensors.collect();
        let path = self.folder.path().join(format!("tiny-{kind:?}.gguf"));
        tiny.write(&path);
        path
    }

    /// The numbers of a tensor as the converter of llama.cpp writes them.
    fn converted(&self, stored: &str, shape: &[usize]) -> Vec<f32> {
        let (_, values) = &self.tensors[stored];
        let is_turned = stored.contains("q_proj.w") || stored.contains("k_proj.w");
        if self.class == "Gemma3ForCausalLM" && stored.ends_with("norm.weight") {
            return values.iter().map(|value| value + 1.0).collect();
        }
        if !is_turned || !matches!(self.arch(), "llama" | "smollm3") {
            return values.clone();
        }
        // Of each head first the two halves, then the rows; swapped.
        let (heads, half) = (shape[0] / HEAD_DIM, HEAD_DIM / 2);
        let tensor = Tensor::from_slice(values, (heads, 2, half, shape[1]), &Device::Cpu);
        let swapped = tensor.and_then(|tensor| tensor.transpose(1, 2)?.flatten_all()?.to_vec1());
        swapped.expect("rows that can be swapped")
    }

    /// What a GGUF file of the model says.
    fn values(&self) -> Vec<(&'static str, Gguf)> {
        let size = |size: usize| Gguf::U32(size as u32);
        let mut values = vec![
            ("context_length", size(2048)),
            ("embedding_length", size(WIDTH)),
            ("block_count", size(LAYERS)),
            ("feed_forward_length", size(INNER)),
            ("attention.head_count", size(HEADS)),
            ("attention.head_count_kv", size(KV_HEADS)),
            ("attention.key_length", size(HEAD_DIM)),
            ("attention.value_length", size(HEAD_DIM)),
            ("attention.layer_norm_rms_epsilon", Gguf::F32(1e-5)),
            ("rope.dimension_count", size(HEAD_DIM)),
            ("rope.freq_base", Gguf::F32(5000.0)),
        ];
        match self.arch() {
            "gemma3" => {
                values.push(("attention.sliding_window", size(5)));
                values.push(("attention.sliding_window_pattern", size(2)));
            }
            "phi3" => values[9].1 = size(HEAD_DIM / 2),
            "lfm2" => {
                let kv_heads = (0..LAYERS).map(|layer| if layer == 1 { KV_HEADS } else { 0 });
                values[5].1 = Gguf::Array(kv_heads.map(size).collect());
                values.push(("shortconv.l_cache", size(KERNEL)));
            }
            _ => {}
        }
        values
    }
}

fn config(class: &str) -> Value {
    let mut config = json!({
        "architectures": [class],
        "vocab_size": VOCABULARY,
        "hidden_size": WIDTH,
        "intermediate_size": INNER,
        "num_hidden_layers": LAYERS,
        "num_attention_heads": HEADS,
        "num_key_value_heads": KV_HEADS,
        "head_dim": HEAD_DIM,
        "max_position_embeddings": 2048,
        "rms_norm_eps": 1e-5,
        "rope_theta": 5000.0,
        "hidden_act": "silu",
        "tie_word_embeddings": !matches!(class, "LlamaForCausalLM" | "Phi3ForCausalLM"),
        "torch_dtype": "bfloat16",
    });
    let own = match class {
        "MistralForCausalLM" => json!({ "sliding_window": null }),
        "SmolLM3ForCausalLM" => {
            json!({ "no_rope_layers": [1, 1, 1, 0], "use_sliding_window": false })
        }
        "Qwen2ForCausalLM" => json!({ "use_sliding_window": false, "sliding_window": 512 }),
        "Gemma3ForCausalLM" => json!({
            "hidden_activation": "gelu_pytorch_tanh",
            "query_pre_attn_scalar": HEAD_DIM,
            "sliding_window": 5,
            "sliding_window_pattern": 2,
            "layer_types":
                ["sliding_attention", "full_attention", "sliding_attention", "full_attention"],
            "rope_local_base_freq": 10_000.0,
            "final_logit_softcapping": null,
        }),
        "Phi3ForCausalLM" => json!({ "partial_rotary_factor": 0.5, "sliding_window": 2048 }),
        "Lfm2ForCausalLM" => json!({
            "norm_eps": 1e-5,
            "conv_L_cache": KERNEL,
            "conv_bias": false,
            "block_ff_dim": 144,
            "full_attn_idxs": [1],
        }),
        _ => json!({}),
    };
    for (key, value) in own.as_object().expect("an object") {
        config[key] = value.clone();
    }
    config
}

/// Vectors around 1, or around 0 where 1 is added; matrices that keep the size of what they are
/// multiplied with.
fn weights(name: &str, shape: &[usize], shifted: bool) -> Vec<f32> {
    let mut seed = name.bytes().fold(17u32, |seed, byte| seed.wrapping_mul(31) + u32::from(byte));
    let is_norm = shape.len() == 1 && name.ends_with("weight");
    let scale = if shape.len() == 1 { 0.2 } else { 3.0 / (shape[shape.len() - 1] as f32).sqrt() };
    let middle = if is_norm && !shifted { 1.0 } else { 0.0 };
    let next = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let value = middle + scale * ((seed >> 8) as f32 / (1 << 23) as f32 - 1.0);
        bf16::from_f32(value).to_f32()
    };
    std::iter::repeat_with(next).take(shape.iter().product()).collect()
}

pub fn write_json(path: &Path, value: &Value) {
    fs::write(path, value.to_string()).expect("a file for the test");
}

/// Writes a file of weights.
pub fn write_tensors<'a>(
    path: &Path,
    tensors: impl Iterator<Item = (&'a String, &'a (Vec<usize>, Vec<f32>))>,
    dtype: Dtype,
) {
    let bytes: Vec<(&String, &Vec<usize>, Vec<u8>)> = tensors
        .map(|(name, (shape, values))| {
            let bytes = values.iter().flat_map(|value| match dtype {
                Dtype::BF16 => bf16::from_f32(*value).to_le_bytes().to_vec(),
                _ => value.to_le_bytes().to_vec(),
            });
            (name, shape, bytes.collect())
        })
        .collect();
    let views = bytes.iter().map(|(name, shape, bytes)| {
        let view = TensorView::new(dtype, (*shape).clone(), bytes).expect("bytes for the shape");
        (name.as_str(), view)
    });
    let about = HashMap::from([("format".to_owned(), "pt".to_owned())]);
    let file = safetensors::serialize(views, Some(about)).expect("tensors that can be written");
    fs::write(path, file).expect("a file for the test");
}
