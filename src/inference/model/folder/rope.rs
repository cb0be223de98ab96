//! How positions are told, as `config.json` says it: `rope_theta` and `rope_scaling`, or
//! `rope_parameters` in files of transformers 5.

use super::{FolderError, class::Class, json::Object, values::Sizes};

/// Rotary positions (Su et al., 2021, arXiv:2104.09864).
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Rope {
    pub(super) base: f32,
    /// The base in layers that see a window only, where it is another one.
    pub(super) local_base: Option<f32>,
    /// How many values of a head are rotated.
    pub(super) dims: usize,
    pub(super) scaling: Scaling,
    /// How far a model was read before its positions were stretched, where that is less than it
    /// reads now and we do not stretch as it does.
    pub(super) context: Option<usize>,
}

/// How positions are stretched.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Scaling {
    None,
    /// By a factor (Chen et al., 2023, arXiv:2306.15595).
    Linear(f32),
    /// Each frequency is divided by a factor of its own (Llama 3.1).
    Llama3(Vec<f32>),
    /// The same, and what is rotated is multiplied (`LongRoPE`, arXiv:2402.13753).
    Long {
        factors: Vec<f32>,
        magnitude: f32,
    },
}

impl Rope {
    pub(super) fn read(config: &Object<'_>, class: Class) -> Result<Self, FolderError> {
        let head_dim = Sizes::read(config)?.head_dim;
        let parameters = config.object("rope_parameters")?;
        let local = parameters.as_ref().map(|all| all.object("sliding_attention")).transpose()?;
        let global = parameters.as_ref().map(|all| all.object("full_attention")).transpose()?;
        let scaling = match global.flatten().or(parameters) {
            Some(own) => Some(own),
            None => config.object("rope_scaling")?,
        };
        let named = |field: &str| match scaling.as_ref().map(|own| own.number(field)).transpose()? {
            Some(Some(number)) => Ok(Some(number)),
            _ => config.number(field),
        };
        let base = named("rope_theta")?.or(config.number("theta")?);
        let share = named("partial_rotary_factor")?.unwrap_or(1.0);
        if share > 1.0 || share < 1.0 && class != Class::Phi3 {
            return Err(config.wrong("partial_rotary_factor", "1"));
        }
        let local_base = match local.flatten() {
            Some(local) => local.number("rope_theta")?,
            None => config.number("rope_local_base_freq")?,
        };
        let dims = (head_dim as f32 * share) as usize;
        if dims == 0 || !dims.is_multiple_of(2) {
            return Err(config.wrong("head_dim", "a size of which an even number is rotated"));
        }
        let base = base.unwrap_or(class.rope_base());
        let mut rope = Self { base, local_base, dims, scaling: Scaling::None, context: None };
        if let Some(own) = scaling {
            rope.stretch(config, &own, class)?;
        }
        Ok(rope)
    }

    fn stretch(
        &mut self,
        config: &Object<'_>,
        own: &Object<'_>,
        class: Class,
    ) -> Result<(), FolderError> {
        let field = if own.value("rope_type").is_some() { "rope_type" } else { "type" };
        let original = own.size("original_max_position_embeddings")?;
        match (own.text(field)?.unwrap_or("default"), class) {
            ("default", _) => {}
            // Within the context that it was first trained for it is as without.
            ("dynamic", _) => self.context = original,
            ("linear", _) => self.scaling = Scaling::Linear(own.needed_number("factor")?),
            ("llama3", Class::Llama | Class::Mistral | Class::SmolLm3) => {
                self.scaling = Scaling::Llama3(self.llama3(own)?);
            }
            ("longrope" | "su", Class::Phi3) => {
                let known = config.size("original_max_position_embeddings")?.or(original);
                let original = own.needed("original_max_position_embeddings", known)?;
                self.context = Some(original);
                self.scaling = self.long(config, own, original)?;
            }
            ("yarn", _) => {
                let without = "`default`, `linear`, `llama3` or `longrope`, as the family has it; \
                    without this object the model reads its original context";
                return Err(own.unsupported(field, without));
            }
            _ => {
                let known = "`default`, `linear`, `dynamic`; `llama3` for Llama, `longrope` for \
                    Phi 3";
                return Err(own.unsupported(field, known));
            }
        }
        Ok(())
    }

    /// Slow turns are stretched, quick ones stay, those in between go from one to the other.
    fn llama3(&self, own: &Object<'_>) -> Result<Vec<f32>, FolderError> {
        let factor = own.needed_number("factor")?;
        let (low, high) =
            (own.needed_number("low_freq_factor")?, own.needed_number("high_freq_factor")?);
        let original = own.needed_size("original_max_position_embeddings")? as f32;
        if low >= high {
            return Err(own.wrong("low_freq_factor", "less than `high_freq_factor`"));
        }
        let factors = (0..self.dims).step_by(2).map(|dim| {
            let length = std::f32::consts::TAU * self.base.powf(dim as f32 / self.dims as f32);
            let turns = original / length;
            let share = ((turns - low) / (high - low)).clamp(0.0, 1.0);
            1.0 / ((1.0 - share) / factor + share)
        });
        Ok(factors.collect())
    }

    fn long(
        &self,
        config: &Object<'_>,
        own: &Object<'_>,
        original: usize,
    ) -> Result<Scaling, FolderError> {
        let factors = own.needed("short_factor", own.numbers("short_factor")?)?;
        if factors.len() != self.dims / 2 {
            return Err(own.wrong("short_factor", format!("a list of {} numbers", self.dims / 2)));
        }
        let longest = config.needed_size("max_position_embeddings")?;
        let (stretch, original) = (longest as f32 / original as f32, original as f32);
        let usual = if stretch > 1.0 { (1.0 + stretch.ln() / original.ln()).sqrt() } else { 1.0 };
        let magnitude = own.number("attention_factor")?.unwrap_or(usual);
        Ok(Scaling::Long { factors, magnitude })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::inference::model::folder::json::JsonFile;

    fn read(class: Class, own: serde_json::Value) -> Result<Rope, FolderError> {
        let mut config = json!({
            "hidden_size": 2048, "num_attention_heads": 32, "num_hidden_layers": 16,
            "max_position_embeddings": 131_072, "rope_theta": 500_000.0,
        });
        for (key, value) in own.as_object().unwrap() {
            config[key] = value.clone();
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.json");
        std::fs::write(&path, config.to_string()).unwrap();
        let file = JsonFile::read(&path).unwrap();
        Rope::read(&file.object().unwrap(), class)
    }

    /// Llama 3.2's numbers: quick turns stay, slow ones are 32 times slower.
    #[test]
    fn llama_3_stretches_slow_turns_only() {
        let scaling = json!({
            "rope_type": "llama3", "factor": 32.0, "low_freq_factor": 1.0,
            "high_freq_factor": 4.0, "original_max_position_embeddings": 8192,
        });
        let rope = read(Class::Llama, json!({ "rope_scaling": scaling })).unwrap();
        let Scaling::Llama3(factors) = rope.scaling else { panic!("{rope:?}") };
        assert_eq!((factors.len(), factors[0], factors[31]), (32, 1.0, 32.0));
        assert!(factors.is_sorted());
        let between = factors.iter().filter(|factor| **factor > 1.0 && **factor < 32.0).count();
        assert_eq!(between, 3, "{factors:?}");
    }

    #[test]
    fn newer_files_say_it_in_another_place() {
        let old = json!({ "rope_theta": 5.0, "rope_local_base_freq": 7.0,
            "rope_scaling": { "rope_type": "linear", "factor": 8.0 } });
        let new = json!({ "rope_theta": null, "rope_parameters": {
            "full_attention": { "rope_type": "linear", "factor": 8.0, "rope_theta": 5.0 },
            "sliding_attention": { "rope_type": "default", "rope_theta": 7.0 },
        } });
        let old = read(Class::Gemma3, old).unwrap();
        assert_eq!(old, read(Class::Gemma3, new).unwrap());
        assert_eq!((old.base, old.local_base, old.scaling), (5.0, Some(7.0), Scaling::Linear(8.0)));
        let plain = json!({ "rope_theta": null, "rope_parameters": { "rope_theta": 9.0 } });
        assert_eq!(read(Class::Qwen3, plain).unwrap().base, 9.0);
    }

    #[test]
    fn long_rope_reads_its_first_context_with_the_short_factors() {
        let own = json!({
            "partial_rotary_factor": 0.75, "original_max_position_embeddings": 4096,
            "rope_scaling": { "type": "longrope", "short_factor": vec![1.0; 24],
                "long_factor": vec![2.0; 24] },
        });
        let rope = read(Class::Phi3, own).unwrap();
        assert_eq!((rope.dims, rope.context), (48, Some(4096)));
        let Scaling::Long { factors, magnitude } = rope.scaling else { panic!("{rope:?}") };
        assert_eq!(factors, [1.0; 24]);
        // sqrt(1 + ln 32 / ln 4096)
        assert!((magnitude - 1.190_238).abs() < 1e-5, "{magnitude}");
    }
}
