//! `config.json` in the words of GGUF.

use std::collections::HashMap;

use candle_core::quantized::gguf_file::Value;

use super::{
    FolderError,
    class::Class,
    json::Object,
    rope::{Rope, Scaling},
};

/// The sizes of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sizes {
    pub(super) width: usize,
    pub(super) layers: usize,
    pub(super) heads: usize,
    pub(super) kv_heads: usize,
    pub(super) head_dim: usize,
}

impl Sizes {
    pub(super) fn read(config: &Object<'_>) -> Result<Self, FolderError> {
        let width = config.needed_size("hidden_size")?;
        let heads = config.needed_size("num_attention_heads")?;
        let kv_heads = config.size("num_key_value_heads")?.unwrap_or(heads);
        if !heads.is_multiple_of(kv_heads) {
            return Err(config.wrong("num_key_value_heads", format!("a divisor of {heads} heads")));
        }
        let head_dim = match config.size("head_dim")? {
            Some(head_dim) => head_dim,
            None if width.is_multiple_of(heads) => width / heads,
            None => return Err(config.wrong("hidden_size", format!("a multiple of {heads} heads"))),
        };
        let layers = config.needed_size("num_hidden_layers")?;
        Ok(Self { width, layers, heads, kv_heads, head_dim })
    }
}

/// How many tokens some layers see at most, and which layers those are.
const WINDOW: &str = "sliding_window";

/// What a model says of itself, by the names of GGUF.
pub(super) fn values(
    config: &Object<'_>,
    class: Class,
    rope: &Rope,
) -> Result<HashMap<String, Value>, FolderError> {
    let sizes = Sizes::read(config)?;
    let longest = config.needed_size("max_position_embeddings")?;
    let eps = if class == Class::Lfm2 { "norm_eps" } else { "rms_norm_eps" };
    let inner = match (class, config.size("intermediate_size")?) {
        // Its own files call it otherwise, and it may be adjusted; the tensors say how wide it is.
        (Class::Lfm2, None) => config.size("block_ff_dim")?,
        (_, inner) => inner,
    };
    let mut out = Out { prefix: class.gguf(), values: HashMap::new() };
    out.values.insert("general.architecture".into(), Value::String(class.gguf().into()));
    out.size("embedding_length", sizes.width);
    out.size("block_count", sizes.layers);
    out.size("feed_forward_length", config.needed("intermediate_size", inner)?);
    out.size("context_length", longest.min(rope.context.unwrap_or(longest)));
    out.size("attention.head_count", sizes.heads);
    out.size("attention.head_count_kv", sizes.kv_heads);
    out.size("attention.key_length", sizes.head_dim);
    out.size("attention.value_length", sizes.head_dim);
    out.number("attention.layer_norm_rms_epsilon", config.needed_number(eps)?);
    out.size("rope.dimension_count", rope.dims);
    out.number("rope.freq_base", rope.base);
    if let Some(vocabulary) = config.size("vocab_size")? {
        out.size("vocab_size", vocabulary);
    }
    match &rope.scaling {
        Scaling::None | Scaling::Llama3(_) => {}
        Scaling::Linear(factor) => {
            out.set("rope.scaling.type", Value::String("linear".into()));
            out.number("rope.scaling.factor", *factor);
        }
        Scaling::Long { magnitude, .. } => out.number("rope.scaling.attn_factor", *magnitude),
    }
    match class {
        Class::Gemma3 => gemma(config, sizes, rope, &mut out)?,
        Class::Lfm2 => {
            let kv_heads = attention_layers(config, sizes.layers)?
                .into_iter()
                .map(|sees| Value::U32(if sees { sizes.kv_heads as u32 } else { 0 }));
            out.set("attention.head_count_kv", Value::Array(kv_heads.collect()));
            out.size("shortconv.l_cache", config.needed_size("conv_L_cache")?);
        }
        _ => {
            let always = matches!(class, Class::Mistral | Class::Phi3);
            if always || config.flag("use_sliding_window")?.unwrap_or(false) {
                config
                    .size(WINDOW)?
                    .into_iter()
                    .for_each(|n| out.size("attention.sliding_window", n));
            }
        }
    }
    if class == Class::SmolLm3 {
        let rotated = rotated_layers(config, sizes.layers)?;
        out.set("rope.layers", Value::Array(rotated.into_iter().map(Value::Bool).collect()));
    }
    Ok(out.values)
}

/// Gemma 3 mixes layers that see all with layers that see a window.
fn gemma(config: &Object<'_>, sizes: Sizes, rope: &Rope, out: &mut Out) -> Result<(), FolderError> {
    const USUAL: usize = 6;
    out.size("attention.sliding_window", config.needed_size(WINDOW)?);
    let named = match config.size("sliding_window_pattern")? {
        Some(period) => Some(period),
        None => config.size("_sliding_window_pattern")?,
    };
    let period = named.unwrap_or(USUAL);
    if let Some(kinds) = config.texts("layer_types")? {
        let expected = (1..=sizes.layers).map(|layer| match layer.is_multiple_of(period) {
            true => "full_attention",
            false => "sliding_attention",
        });
        if !expected.eq(kinds) {
            let expected = format!("that layer {period} of each {period} sees all");
            return Err(config.unsupported("layer_types", expected));
        }
    }
    out.size("attention.sliding_window_pattern", period);
    if let Some(base) = rope.local_base {
        out.number("rope.freq_base_swa", base);
    }
    // The largest one scales by another number; whoever reads this knows it by its layers.
    let scaled_by = if sizes.layers == 62 { sizes.width / sizes.heads } else { sizes.head_dim };
    match config.number("query_pre_attn_scalar")? {
        Some(scalar) if scalar != scaled_by as f32 => {
            Err(config.unsupported("query_pre_attn_scalar", scaled_by.to_string()))
        }
        _ => Ok(()),
    }
}

/// Which layers of LFM 2 attend; the others convolve.
pub(super) fn attention_layers(
    config: &Object<'_>,
    layers: usize,
) -> Result<Vec<bool>, FolderError> {
    if let Some(kinds) = config.texts("layer_types")? {
        let known = kinds.iter().all(|kind| matches!(*kind, "conv" | "full_attention"));
        return match known && kinds.len() == layers {
            true => Ok(kinds.into_iter().map(|kind| kind != "conv").collect()),
            false => {
                let expected = format!("{layers} times `conv` or `full_attention`");
                Err(config.unsupported("layer_types", expected))
            }
        };
    }
    let attending = config.needed("layer_types", config.indices("full_attn_idxs")?)?;
    Ok((0..layers as u64).map(|layer| attending.contains(&layer)).collect())
}

/// Which layers of `SmolLM3` tell positions apart: 1 in `no_rope_layers` says that one does.
fn rotated_layers(config: &Object<'_>, layers: usize) -> Result<Vec<bool>, FolderError> {
    const USUAL: usize = 4;
    match config.indices("no_rope_layers")? {
        Some(flags) if flags.len() == layers => {
            Ok(flags.into_iter().map(|flag| flag != 0).collect())
        }
        Some(_) => Err(config.wrong("no_rope_layers", format!("a list of {layers} numbers"))),
        None => {
            let period = config.size("no_rope_layer_interval")?.unwrap_or(USUAL);
            Ok((1..=layers).map(|layer| !layer.is_multiple_of(period)).collect())
        }
    }
}

/// Values in the making.
struct Out {
    prefix: &'static str,
    values: HashMap<String, Value>,
}

impl Out {
    fn set(&mut self, name: &str, value: Value) {
        self.values.insert(format!("{}.{name}", self.prefix), value);
    }

    fn size(&mut self, name: &str, size: usize) {
        self.set(name, Value::U32(u32::try_from(size).unwrap_or(u32::MAX)));
    }

    fn number(&mut self, name: &str, number: f32) {
        self.set(name, Value::F32(number));
    }
}
