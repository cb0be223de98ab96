//! candle-transformers' Gemma 3 with the weights of a GGUF file, all of them as f32.
//!
//! Its quantised Gemma 3 is no reference: version 0.11 gates with `SiLU`, where the model was trained with
//! `GELU` (<https://github.com/huggingface/candle/issues/3745>), and reads prompts in one piece only.

use std::{collections::HashMap, fs::File, path::Path};

use candle_core::{DType, Device, Result, Tensor, quantized::gguf_file::Content};
use candle_nn::{Activation, VarBuilder};
use candle_transformers::models::gemma3::{Config, Model};

/// A model that reads one sequence.
pub struct Reference {
    model: Model,
    known: usize,
    window: usize,
}

impl Reference {
    /// The model of a file, for so many tokens.
    pub fn load(path: &Path, context: usize) -> Result<Self> {
        let mut reader = File::open(path)?;
        let content = Content::read(&mut reader)?;
        let size = |name: &str| -> Result<usize> {
            Ok(content.metadata[&format!("gemma3.{name}")].to_u32()? as usize)
        };
        let head_dim = size("attention.key_length")?;
        let float = |name: &str| content.metadata[&format!("gemma3.{name}")].to_f32();
        let config = Config {
            attention_bias: false,
            head_dim,
            hidden_activation: Activation::GeluPytorchTanh,
            hidden_size: size("embedding_length")?,
            intermediate_size: size("feed_forward_length")?,
            num_attention_heads: size("attention.head_count")?,
            num_hidden_layers: size("block_count")?,
            num_key_value_heads: size("attention.head_count_kv")?,
            rms_norm_eps: float("attention.layer_norm_rms_epsilon")?.into(),
            rope_theta: float("rope.freq_base")?.into(),
            rope_local_base_freq: 10_000.0,
            vocab_size: content.tensor_infos["token_embd.weight"].shape.dims()[0],
            final_logit_softcapping: None,
            attn_logit_softcapping: None,
            query_pre_attn_scalar: head_dim,
            sliding_window: size("attention.sliding_window")?,
            sliding_window_pattern: 6,
            max_position_embeddings: context,
        };
        let mut tensors = HashMap::new();
        for name in content.tensor_infos.keys() {
            let tensor = content.tensor(&mut reader, name, &Device::Cpu)?;
            let tensor = tensor.dequantize(&Device::Cpu)?;
            // Files have the norms as they are multiplied with; the model adds 1 itself.
            let tensor = if name.contains("norm") { (tensor - 1.0)? } else { tensor };
            tensors.insert(renamed(name), tensor);
        }
        let variables = VarBuilder::from_tensors(tensors, DType::F32, &Device::Cpu);
        let window = config.sliding_window;
        Ok(Self { model: Model::new(false, &config, variables)?, known: 0, window })
    }

    /// Reads on; gives the logits of what comes next.
    ///
    /// Up to the window at once. Behind it token by token: in one piece, local layers would see a token
    /// more than their window.
    pub fn read(&mut self, tokens: &[u32]) -> Result<Vec<f32>> {
        let at_once = tokens.len().min(self.window.saturating_sub(self.known));
        let at_once = if self.known == 0 { at_once } else { 0 };
        let (first, rest) = tokens.split_at(at_once);
        let mut logits = Vec::new();
        let first = (!first.is_empty()).then_some(first);
        for tokens in first.into_iter().chain(rest.chunks(1)) {
            let input = Tensor::new(tokens, &Device::Cpu)?.unsqueeze(0)?;
            logits = self.model.forward(&input, self.known)?.flatten_all()?.to_vec1()?;
            self.known += tokens.len();
        }
        Ok(logits)
    }
}

/// The name of a tensor where it was trained.
fn renamed(name: &str) -> String {
    let parts = [
        ("token_embd.", "model.embed_tokens."),
        ("output_norm.", "model.norm."),
        ("blk.", "model.layers."),
        ("attn_q_norm.", "self_attn.q_norm."),
        ("attn_k_norm.", "self_attn.k_norm."),
        ("attn_norm.", "input_layernorm."),
        ("post_attention_norm.", "post_attention_layernorm."),
        ("post_ffw_norm.", "post_feedforward_layernorm."),
        ("ffn_norm.", "pre_feedforward_layernorm."),
        ("attn_q.", "self_attn.q_proj."),
        ("attn_k.", "self_attn.k_proj."),
        ("attn_v.", "self_attn.v_proj."),
        ("attn_output.", "self_attn.o_proj."),
        ("ffn_gate.", "mlp.gate_proj."),
        ("ffn_up.", "mlp.up_proj."),
        ("ffn_down.", "mlp.down_proj."),
    ];
    parts.iter().fold(name.to_owned(), |name, (from, to)| name.replace(from, to))
}
