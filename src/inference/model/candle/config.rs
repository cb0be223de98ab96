//! The numbers in the head of a file, and what the architecture says beyond them.

use crate::inference::model::{GgufError, Metadata, MetadataError, ModelFile, rotation::Rotation};

/// A family of models.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Architecture {
    /// Gemma 3 (Gemma team, 2025, arXiv:2503.19786).
    Gemma3,
    /// Qwen 2 and 2.5 (Yang et al., 2024, arXiv:2407.10671).
    Qwen2,
    /// Qwen 3 (Qwen team, 2025, arXiv:2505.09388).
    Qwen3,
    /// Phi 3 and 4 (Abdin et al., 2024, arXiv:2404.14219).
    Phi3,
    /// LFM 2 (Liquid AI, 2025, arXiv:2511.23404).
    Lfm2,
    /// Llama, Mistral, SOLAR (see [`Llama`](crate::inference::model::Llama)).
    Llama,
    /// `SmolLM3`, of which some layers do not tell positions apart.
    SmolLm3,
}

impl Architecture {
    const ALL: [Self; 7] = [
        Self::Gemma3,
        Self::Qwen2,
        Self::Qwen3,
        Self::Phi3,
        Self::Lfm2,
        Self::Llama,
        Self::SmolLm3,
    ];

    /// The one of this name in GGUF files.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|architecture| architecture.name() == name)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Gemma3 => "gemma3",
            Self::Qwen2 => "qwen2",
            Self::Qwen3 => "qwen3",
            Self::Phi3 => "phi3",
            Self::Lfm2 => "lfm2",
            Self::Llama => "llama",
            Self::SmolLm3 => "smollm3",
        }
    }

    /// Whether values are rotated in pairs of neighbours, not each with the one half a head further.
    pub(super) fn turns_neighbours(self) -> bool {
        matches!(self, Self::Llama | Self::SmolLm3)
    }

    /// The base of the rotary frequencies where a file says nothing.
    fn rope_base(self) -> f32 {
        match self {
            Self::Gemma3 | Self::Lfm2 | Self::Qwen3 => 1_000_000.0,
            Self::Qwen2 | Self::Phi3 | Self::Llama => 10_000.0,
            Self::SmolLm3 => 2_000_000.0,
        }
    }
}

/// The numbers of a model.
#[derive(Debug, Clone)]
pub(super) struct Config {
    pub(super) architecture: Architecture,
    /// The most tokens of a sequence.
    pub(super) context: usize,
    pub(super) width: usize,
    pub(super) heads: usize,
    /// Of each layer; none in layers that convolve instead.
    pub(super) kv_heads: Vec<usize>,
    pub(super) head_dim: usize,
    pub(super) eps: f32,
    /// How many values of a head are rotated.
    pub(super) rope_dims: usize,
    pub(super) rope_base: f32,
    /// The same in local layers.
    pub(super) local_rope_base: f32,
    /// Which layers rotate.
    pub(super) rotation: Rotation,
    /// Positions are divided by this.
    pub(super) rope_scaling: f32,
    /// Rotated values are multiplied by this.
    pub(super) rope_magnitude: f32,
    /// How many tokens local layers see, their own counted, and every how many layers one sees all.
    pub(super) window: Option<(usize, usize)>,
}

impl Config {
    /// The base of the rotary frequencies in local layers where a file says nothing.
    const LOCAL_ROPE_BASE: f32 = 10_000.0;
    /// Gemma 3 27B; its scores are scaled by another number.
    const GEMMA_27B_LAYERS: usize = 62;

    pub(super) fn read(
        architecture: Architecture,
        file: &dyn ModelFile,
    ) -> Result<Self, GgufError> {
        let values = Values { metadata: file.metadata(), prefix: architecture.name() };
        let (width, heads) =
            (values.size("embedding_length")?, values.size("attention.head_count")?);
        let (layers, tensors) = (values.size("block_count")?, file.tensors().len());
        if layers > tensors {
            return Err(GgufError::Shape(format!("{layers} layers of {tensors} tensors")));
        }
        let kv_heads = values.sizes("attention.head_count_kv", layers)?;
        if values.size("expert_count").unwrap_or(0) > 0 {
            return Err(GgufError::Architecture {
                found: format!("{} with experts (MoE)", architecture.name()),
                supported: "models without experts",
            });
        }
        let fits = |&kv_heads: &usize| kv_heads == 0 || heads % kv_heads == 0;
        if heads == 0 || kv_heads.len() != layers || !kv_heads.iter().all(fits) {
            return Err(GgufError::Shape(format!("{heads} heads, {kv_heads:?} key/value heads")));
        }
        let head_dim = values.size("attention.key_length").unwrap_or(width / heads);
        let value_dim = values.size("attention.value_length").unwrap_or(head_dim);
        let rope_dims = values.size("rope.dimension_count").unwrap_or(head_dim);
        if value_dim != head_dim
            || rope_dims == 0
            || !rope_dims.is_multiple_of(2)
            || rope_dims > head_dim
        {
            return Err(GgufError::Shape(format!(
                "{head_dim} values per key, {value_dim} per value, {rope_dims} of them rotated"
            )));
        }
        Ok(Self {
            architecture,
            context: values.context(architecture)?,
            width,
            heads,
            kv_heads,
            head_dim,
            eps: values.float("attention.layer_norm_rms_epsilon")?,
            rope_dims,
            rope_base: values.float("rope.freq_base").unwrap_or(architecture.rope_base()),
            local_rope_base: values.float("rope.freq_base_swa").unwrap_or(Self::LOCAL_ROPE_BASE),
            rotation: Rotation::read(file)?,
            rope_scaling: values.rope_scaling(),
            rope_magnitude: values.float("rope.scaling.attn_factor").unwrap_or(1.0),
            window: (architecture == Architecture::Gemma3).then(|| values.window()).transpose()?,
        })
    }

    /// How many tokens a layer sees, its own counted; none if it sees all.
    pub(super) fn window(&self, layer: usize) -> Option<usize> {
        self.window
            .filter(|&(_, period)| !(layer + 1).is_multiple_of(period))
            .map(|(window, _)| window)
    }

    /// What scores are multiplied by.
    pub(super) fn attention_scale(&self) -> f64 {
        let is_27b = self.architecture == Architecture::Gemma3
            && self.kv_heads.len() == Self::GEMMA_27B_LAYERS;
        let dim = if is_27b { self.width / self.heads } else { self.head_dim };
        1.0 / (dim as f64).sqrt()
    }

    /// What embeddings are multiplied by.
    pub(super) fn embedding_scale(&self) -> Option<f64> {
        (self.architecture == Architecture::Gemma3).then(|| (self.width as f64).sqrt())
    }
}

/// The values of one architecture.
#[derive(Clone, Copy)]
struct Values<'a> {
    metadata: Metadata<'a>,
    prefix: &'static str,
}

impl Values<'_> {
    fn key(&self, name: &str) -> String {
        format!("{}.{name}", self.prefix)
    }

    fn size(&self, name: &str) -> Result<usize, MetadataError> {
        self.metadata.u32(&self.key(name)).map(|size| size as usize)
    }

    fn float(&self, name: &str) -> Result<f32, MetadataError> {
        self.metadata.f32(&self.key(name))
    }

    /// A number for each layer, or one for all of them.
    fn sizes(&self, name: &str, layers: usize) -> Result<Vec<usize>, MetadataError> {
        match self.size(name) {
            Ok(size) => Ok(vec![size; layers]),
            Err(_) => {
                let sizes = self.metadata.integers(&self.key(name))?;
                Ok(sizes.into_iter().map(|size| usize::try_from(size).unwrap_or(0)).collect())
            }
        }
    }

    /// Longer contexts than a model was first trained for need other frequencies (Phi 3, yarn), and
    /// those longer than a window need that window in all layers (Mistral), so they are not used.
    fn context(&self, architecture: Architecture) -> Result<usize, MetadataError> {
        let context = self.size("context_length")?;
        let original = match self.scaling() {
            Some("linear") => None,
            _ => self.size("rope.scaling.original_context_length").ok(),
        };
        let window = match architecture {
            Architecture::Gemma3 => None,
            _ => self.size("attention.sliding_window").ok(),
        };
        let limits = [original, window].into_iter().flatten().filter(|&limit| limit > 0);
        Ok(limits.fold(context, usize::min))
    }

    fn scaling(&self) -> Option<&str> {
        self.metadata.string(&self.key("rope.scaling.type")).ok()
    }

    /// Only of linear scaling: what else there is concerns longer contexts than the original.
    fn rope_scaling(&self) -> f32 {
        let factor = self.float("rope.scaling.factor").unwrap_or(1.0);
        if matches!(self.scaling(), Some("linear") | None) && factor > 0.0 { factor } else { 1.0 }
    }

    fn window(&self) -> Result<(usize, usize), MetadataError> {
        let window = self.size("attention.sliding_window")?.max(1);
        let period = self.size("attention.sliding_window_pattern").unwrap_or(6).max(1);
        Ok((window, period))
    }
}
