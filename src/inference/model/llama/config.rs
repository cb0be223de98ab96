//! The sizes of a llama model, as its file gives them.

use crate::inference::{
    kernels::KvShape,
    model::{GgufError, ModelFile},
};

/// The architectures that this pass computes, by their names in GGUF files.
pub(in crate::inference::model) const ARCHITECTURES: [&str; 2] = ["llama", "smollm3"];

/// The sizes of a model.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Config {
    pub(crate) context: usize,
    pub(crate) width: usize,
    pub(crate) heads: usize,
    pub(crate) kv_heads: usize,
    pub(crate) head_dim: usize,
    pub(crate) layers: usize,
    pub(crate) eps: f32,
    pub(crate) rope_base: f32,
    /// How far positions are stretched: the distance of two tokens counts less (Chen et al., 2023,
    /// arXiv:2306.15595).
    pub(crate) stretch: f32,
}

impl Config {
    pub(crate) fn read(file: &dyn ModelFile) -> Result<Self, GgufError> {
        let (metadata, architecture) = (file.metadata(), file.architecture()?);
        let key = |name: &str| format!("{architecture}.{name}");
        let size = |name: &str| metadata.u32(&key(name)).map(|value| value as usize);
        let (width, heads) = (size("embedding_length")?, size("attention.head_count")?);
        let kv_heads = size("attention.head_count_kv").unwrap_or(heads);
        if heads == 0 || kv_heads == 0 || heads % kv_heads != 0 || width % heads != 0 {
            return Err(GgufError::Shape(format!(
                "width {width}, {heads} heads, {kv_heads} key/value heads"
            )));
        }
        if size("expert_count").unwrap_or(0) > 0 {
            return Err(GgufError::Architecture {
                found: "llama with experts (MoE)".into(),
                supported: "llama without experts",
            });
        }
        let head_dim = size("attention.key_length").unwrap_or(width / heads);
        if head_dim == 0 || head_dim % 2 != 0 {
            return Err(GgufError::Shape(format!("{head_dim} values per head")));
        }
        if let Some(bias) = ["attn_q", "attn_k", "attn_v", "attn_output"]
            .map(|part| format!("blk.0.{part}.bias"))
            .into_iter()
            .find(|bias| file.has(bias))
        {
            return Err(GgufError::Architecture {
                found: format!("llama with `{bias}`"),
                supported: "llama without biases",
            });
        }
        let kind = key("rope.scaling.type");
        let scaling = metadata.string(&kind).unwrap_or("none");
        let factor = metadata.f32(&key("rope.scaling.factor")).ok().filter(|factor| *factor > 0.0);
        let context = size("context_length")?;
        // Without a way of stretching that we know, the model reads what it was first trained on.
        let original = size("rope.scaling.original_context_length").unwrap_or(context);
        let context = if matches!(scaling, "none" | "linear") { context } else { original };
        // As long as all fits into the window, each token sees all before it.
        let window = size("attention.sliding_window").ok().filter(|window| *window > 0);
        Ok(Self {
            context: context.min(window.unwrap_or(context)),
            stretch: if scaling == "linear" { factor.unwrap_or(1.0) } else { 1.0 },
            width,
            heads,
            kv_heads,
            head_dim,
            layers: size("block_count")?,
            eps: metadata.f32(&key("attention.layer_norm_rms_epsilon"))?,
            rope_base: metadata.f32(&key("rope.freq_base")).unwrap_or(10_000.0),
        })
    }

    /// The values of all query heads together.
    pub(crate) fn query_width(&self) -> usize {
        self.heads * self.head_dim
    }

    /// The values of all key heads together, or of all value heads.
    pub(crate) fn kv_width(&self) -> usize {
        self.kv_heads * self.head_dim
    }

    pub(crate) fn kv_shape(&self) -> KvShape {
        KvShape { layers: self.layers, kv_heads: self.kv_heads, head_dim: self.head_dim }
    }
}
