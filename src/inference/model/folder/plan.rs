//! Which tensors a model of a family must have: their names in GGUF files and in the folder, their
//! shapes, and how they differ.

use std::collections::BTreeMap;

use super::{
    FolderError,
    class::Class,
    json::Object,
    recipe::{Change, Recipe},
    rope::{Rope, Scaling},
    shards::Shards,
    values::{Sizes, attention_layers},
};

/// The output matrix, which not every model has.
pub(super) const OUTPUT: &str = "lm_head.weight";

/// All tensors of a model, by their names in GGUF files.
pub(super) fn recipes(
    config: &Object<'_>,
    class: Class,
    rope: &Rope,
    shards: &Shards,
) -> Result<BTreeMap<String, Recipe>, FolderError> {
    let sizes = Sizes::read(config)?;
    let vocabulary = config.needed_size("vocab_size")?;
    let mut plan = Plan { class, sizes, inner: 0, recipes: BTreeMap::new() };
    plan.inner = match class {
        // Its files tell the width before it is adjusted.
        Class::Lfm2 => shards.rows("model.layers.0.feed_forward.w1.weight")?,
        _ => config.needed_size("intermediate_size")?,
    };
    let table = vec![vocabulary, sizes.width];
    plan.stored("token_embd.weight", "model.embed_tokens.weight", table.clone(), Change::None);
    let tied = config.flag("tie_word_embeddings")?.or(config.flag("tie_embedding")?);
    let is_tied = tied.unwrap_or(class.is_tied() || !shards.has(OUTPUT));
    if !is_tied {
        plan.stored("output.weight", OUTPUT, table, Change::None);
    }
    let norm =
        if class == Class::Lfm2 { "model.embedding_norm.weight" } else { "model.norm.weight" };
    plan.stored("output_norm.weight", norm, vec![sizes.width], plan.norm());
    let attends = match class {
        Class::Lfm2 => attention_layers(config, sizes.layers)?,
        _ => vec![true; sizes.layers],
    };
    for (layer, attends) in attends.into_iter().enumerate() {
        plan.layer(config, layer, attends)?;
    }
    let factors = match &rope.scaling {
        Scaling::Llama3(factors) => Some(("rope_freqs.weight", factors)),
        Scaling::Long { factors, .. } => Some(("rope_factors_short.weight", factors)),
        Scaling::None | Scaling::Linear(_) => None,
    };
    if let Some((name, factors)) = factors {
        plan.recipes.insert(name.into(), Recipe::given(factors.clone()));
    }
    Ok(plan.recipes)
}

struct Plan {
    class: Class,
    sizes: Sizes,
    /// Values per token within the feed-forward part.
    inner: usize,
    recipes: BTreeMap<String, Recipe>,
}

impl Plan {
    fn stored(&mut self, gguf: &str, stored: &str, shape: Vec<usize>, change: Change) {
        self.recipes.insert(gguf.into(), Recipe::stored(stored, shape, change));
    }

    /// Gemma's norms are what is added to 1.
    fn norm(&self) -> Change {
        if self.class == Class::Gemma3 { Change::PlusOne } else { Change::None }
    }

    fn layer(
        &mut self,
        config: &Object<'_>,
        layer: usize,
        attends: bool,
    ) -> Result<(), FolderError> {
        let Sizes { width, .. } = self.sizes;
        let norms: &[(&str, &str)] = match self.class {
            Class::Gemma3 => &[
                ("attn_norm", "input_layernorm"),
                ("post_attention_norm", "post_attention_layernorm"),
                ("ffn_norm", "pre_feedforward_layernorm"),
                ("post_ffw_norm", "post_feedforward_layernorm"),
            ],
            Class::Lfm2 => &[("attn_norm", "operator_norm"), ("ffn_norm", "ffn_norm")],
            _ => &[("attn_norm", "input_layernorm"), ("ffn_norm", "post_attention_layernorm")],
        };
        for (gguf, stored) in norms {
            self.part(layer, gguf, stored, vec![width], self.norm());
        }
        let (up, down) = (vec![self.inner, width], vec![width, self.inner]);
        match self.class {
            Class::Phi3 => {
                let both = vec![2 * self.inner, width];
                self.part(layer, "ffn_up", "mlp.gate_up_proj", both, Change::None);
                self.part(layer, "ffn_down", "mlp.down_proj", down, Change::None);
            }
            Class::Lfm2 => {
                self.part(layer, "ffn_gate", "feed_forward.w1", up.clone(), Change::None);
                self.part(layer, "ffn_up", "feed_forward.w3", up, Change::None);
                self.part(layer, "ffn_down", "feed_forward.w2", down, Change::None);
            }
            _ => {
                self.part(layer, "ffn_gate", "mlp.gate_proj", up.clone(), Change::None);
                self.part(layer, "ffn_up", "mlp.up_proj", up, Change::None);
                self.part(layer, "ffn_down", "mlp.down_proj", down, Change::None);
            }
        }
        if attends {
            self.attention(layer);
            return Ok(());
        }
        let kernel = config.needed_size("conv_L_cache")?;
        let (gates, mixed) = (vec![3 * width, width], vec![width, width]);
        self.part(layer, "shortconv.in_proj", "conv.in_proj", gates, Change::None);
        self.part(layer, "shortconv.conv", "conv.conv", vec![width, 1, kernel], Change::None);
        self.part(layer, "shortconv.out_proj", "conv.out_proj", mixed, Change::None);
        Ok(())
    }

    fn attention(&mut self, layer: usize) {
        let Sizes { width, heads, kv_heads, head_dim, .. } = self.sizes;
        let (queries, keys) = (heads * head_dim, kv_heads * head_dim);
        let output = if self.class == Class::Lfm2 { "out_proj" } else { "o_proj" };
        let output = format!("self_attn.{output}");
        self.part(layer, "attn_output", &output, vec![width, queries], Change::None);
        if self.class == Class::Phi3 {
            let all = vec![queries + 2 * keys, width];
            self.part(layer, "attn_qkv", "self_attn.qkv_proj", all, Change::None);
            return;
        }
        let turned = match self.class.is_reordered() {
            true => Change::Neighbours { head_dim },
            false => Change::None,
        };
        for (letter, rows, change) in
            [("q", queries, turned), ("k", keys, turned), ("v", keys, Change::None)]
        {
            let (gguf, stored) = (format!("attn_{letter}"), format!("self_attn.{letter}_proj"));
            self.part(layer, &gguf, &stored, vec![rows, width], change);
            if self.class == Class::Qwen2 {
                let [gguf, stored] = [(&gguf, "blk"), (&stored, "model.layers")]
                    .map(|(name, before)| format!("{before}.{layer}.{name}.bias"));
                self.stored(&gguf, &stored, vec![rows], Change::None);
            }
        }
        let norms: &[(&str, &str)] = match self.class {
            Class::Qwen3 | Class::Gemma3 => &[("attn_q_norm", "q_norm"), ("attn_k_norm", "k_norm")],
            Class::Lfm2 => &[("attn_q_norm", "q_layernorm"), ("attn_k_norm", "k_layernorm")],
            _ => &[],
        };
        for (gguf, stored) in norms {
            let stored = format!("self_attn.{stored}");
            self.part(layer, gguf, &stored, vec![head_dim], self.norm());
        }
    }

    /// A weight of a layer.
    fn part(&mut self, layer: usize, gguf: &str, stored: &str, shape: Vec<usize>, change: Change) {
        let gguf = format!("blk.{layer}.{gguf}.weight");
        let stored = format!("model.layers.{layer}.{stored}.weight");
        self.stored(&gguf, &stored, shape, change);
    }
}
