//! Which models there are, as `config.json` names them.

use super::{FolderError, json::Object};

/// A family of models that we can run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Llama,
    Mistral,
    SmolLm3,
    Qwen2,
    Qwen3,
    Gemma3,
    Phi3,
    Lfm2,
}

impl Class {
    const ALL: [Self; 8] = [
        Self::Llama,
        Self::Mistral,
        Self::SmolLm3,
        Self::Qwen2,
        Self::Qwen3,
        Self::Gemma3,
        Self::Phi3,
        Self::Lfm2,
    ];

    /// The family of a model that we can run.
    pub(super) fn of(config: &Object<'_>) -> Result<Self, FolderError> {
        if let Some(quantised) = config.object("quantization_config")? {
            let method = quantised.text("quant_method").ok().flatten().unwrap_or("unknown");
            return Err(FolderError::Quantised { path: config.path.into(), method: method.into() });
        }
        let named = config.texts("architectures")?.unwrap_or_default();
        let (field, found) = match named.first() {
            Some(class) => {
                ("architectures", Self::ALL.into_iter().find(|one| one.name() == *class))
            }
            None => {
                let kind = config.needed("architectures", config.text("model_type")?)?;
                ("model_type", Self::ALL.into_iter().find(|one| one.model_type() == kind))
            }
        };
        let class =
            found.ok_or_else(|| config.unsupported(field, Self::ALL.map(Self::name).join(", ")))?;
        class.check(config)?;
        Ok(class)
    }

    /// What models of the family may do, and we do not.
    fn check(self, config: &Object<'_>) -> Result<(), FolderError> {
        let activations = match self {
            Self::Gemma3 => ["gelu_pytorch_tanh", "gelu_new"],
            _ => ["silu", "swish"],
        };
        for field in ["hidden_act", "hidden_activation"] {
            // Gemma's older files name another one there, which nobody reads.
            let is_read = self != Self::Gemma3 || field == "hidden_activation";
            let found = config.text(field)?.filter(|_| is_read);
            if found.is_some_and(|found| !activations.contains(&found)) {
                return Err(config.unsupported(field, activations[0]));
            }
        }
        for field in ["attention_bias", "mlp_bias", "conv_bias", "use_bidirectional_attention"] {
            if config.flag(field)?.unwrap_or(false) {
                return Err(config.unsupported(field, "false"));
            }
        }
        for field in ["attn_logit_softcapping", "final_logit_softcapping", "num_local_experts"] {
            if config.value(field).is_some() {
                return Err(config.unsupported(field, "models without it"));
            }
        }
        Ok(())
    }

    /// The name in `architectures`.
    fn name(self) -> &'static str {
        match self {
            Self::Llama => "LlamaForCausalLM",
            Self::Mistral => "MistralForCausalLM",
            Self::SmolLm3 => "SmolLM3ForCausalLM",
            Self::Qwen2 => "Qwen2ForCausalLM",
            Self::Qwen3 => "Qwen3ForCausalLM",
            Self::Gemma3 => "Gemma3ForCausalLM",
            Self::Phi3 => "Phi3ForCausalLM",
            Self::Lfm2 => "Lfm2ForCausalLM",
        }
    }

    fn model_type(self) -> &'static str {
        match self {
            Self::Mistral => "mistral",
            Self::Gemma3 => "gemma3_text",
            other => other.gguf(),
        }
    }

    /// The name in GGUF files.
    pub(super) fn gguf(self) -> &'static str {
        match self {
            Self::Llama | Self::Mistral => "llama",
            Self::SmolLm3 => "smollm3",
            Self::Qwen2 => "qwen2",
            Self::Qwen3 => "qwen3",
            Self::Gemma3 => "gemma3",
            Self::Phi3 => "phi3",
            Self::Lfm2 => "lfm2",
        }
    }

    /// The base of the rotary frequencies where `config.json` says nothing, as in transformers.
    pub(super) fn rope_base(self) -> f32 {
        match self {
            Self::Llama | Self::Mistral | Self::Qwen2 | Self::Qwen3 | Self::Phi3 => 10_000.0,
            Self::Gemma3 | Self::Lfm2 => 1_000_000.0,
            Self::SmolLm3 => 2_000_000.0,
        }
    }

    /// Whether the output matrix is the embedding where `config.json` says nothing, as in
    /// transformers.
    pub(super) fn is_tied(self) -> bool {
        matches!(self, Self::Gemma3 | Self::Lfm2 | Self::SmolLm3)
    }

    /// Whether GGUF files have the rows of its query and key matrices in another order.
    pub(super) fn is_reordered(self) -> bool {
        matches!(self, Self::Llama | Self::Mistral | Self::SmolLm3)
    }
}
