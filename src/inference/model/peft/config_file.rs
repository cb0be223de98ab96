//! Reads and writes `adapter_config.json`.

use std::path::Path;

use regex::Regex;
use serde_json::{Map, Value, json};

use super::{PeftConfig, PeftError, names};
use crate::inference::model::{Adapter, MatrixSizes, Target};

/// Fields that ask for more than a plain `LoRA` where they are there and neither null, false nor
/// empty.
const MUST_BE_UNSET: [&str; 12] = [
    "use_dora",
    "use_qalora",
    "use_bdlora",
    "lora_bias",
    "modules_to_save",
    "trainable_token_indices",
    "target_parameters",
    "layer_replication",
    "alora_invocation_tokens",
    "arrow_config",
    "megatron_config",
    "loftq_config",
];
/// Ways of starting that change the frozen matrices too, so that the adapter is no use without them.
const CHANGES_BASE: [&str; 5] = ["pissa", "olora", "corda", "loftq", "lora_ga"];

/// What a file says of each module.
#[derive(Debug)]
pub(super) struct ConfigFile {
    config: PeftConfig,
    alpha: f32,
    is_rank_stabilised: bool,
    ranks: Vec<(Regex, f32)>,
    alphas: Vec<(Regex, f32)>,
}

impl ConfigFile {
    pub(super) fn config(&self) -> PeftConfig {
        self.config.clone()
    }

    /// The rank of a matrix.
    pub(super) fn rank(&self, layer: usize, target: Target) -> usize {
        found(&self.ranks, layer, target).map_or(self.config.rank, |rank| rank as usize)
    }

    /// What the change of a matrix is multiplied with.
    pub(super) fn scale(&self, layer: usize, target: Target) -> f32 {
        let alpha = found(&self.alphas, layer, target).unwrap_or(self.alpha);
        let rank = self.rank(layer, target) as f32;
        alpha / if self.is_rank_stabilised { rank.sqrt() } else { rank }
    }
}

fn found(patterns: &[(Regex, f32)], layer: usize, target: Target) -> Option<f32> {
    let module = names::module(layer, target);
    patterns.iter().find(|(pattern, _)| pattern.is_match(&module)).map(|(_, value)| *value)
}

/// Reads a file; what it says of other things than ours is left alone.
pub(super) fn parse(path: &Path, bytes: &[u8]) -> Result<ConfigFile, PeftError> {
    let broken = |error: String| PeftError::Broken { path: path.into(), error };
    let fields: Map<String, Value> =
        serde_json::from_slice(bytes).map_err(|error| broken(error.to_string()))?;
    check(path, &fields)?;
    let number = |field: &str, value: &Value| {
        let number = value.as_f64().map(|value| value as f32).filter(|value| value.is_finite());
        number.ok_or_else(|| broken(format!("`{field}` is {value}, not a number")))
    };
    let or = |field: &str, default: f32| match fields.get(field) {
        Some(value) if !value.is_null() => number(field, value),
        _ => Ok(default),
    };
    let rank = |field: &str, value: f32| match value {
        1.0..=65536.0 if value.fract() == 0.0 => Ok(value),
        _ => Err(broken(format!("`{field}` is {value}, not a rank"))),
    };
    let patterns = |field: &str| match fields.get(field) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Object(patterns)) => patterns
            .iter()
            .map(|(pattern, value)| {
                let whole = format!(r"^(?:.*\.)?(?:{pattern})$");
                let regex = Regex::new(&whole)
                    .map_err(|_| broken(format!("`{field}` has the bad pattern `{pattern}`")))?;
                Ok((regex, number(field, value)?))
            })
            .collect(),
        Some(other) => Err(broken(format!("`{field}` is {other}, not an object"))),
    };
    // What PEFT takes where a file says nothing.
    let (r, alpha) = (rank("r", or("r", 8.0)?)?, or("lora_alpha", 8.0)?);
    let ranks = patterns("rank_pattern")?;
    for (_, value) in &ranks {
        rank("rank_pattern", *value)?;
    }
    let is_rank_stabilised = fields.get("use_rslora").is_some_and(is_set);
    Ok(ConfigFile {
        config: PeftConfig {
            base_model: fields
                .get("base_model_name_or_path")
                .and_then(Value::as_str)
                .map(Into::into),
            rank: r as usize,
            alpha: if is_rank_stabilised { alpha * r.sqrt() } else { alpha },
            dropout: or("lora_dropout", 0.0)?,
        },
        alpha,
        is_rank_stabilised,
        ranks,
        alphas: patterns("alpha_pattern")?,
    })
}

/// Makes sure that it is an adapter that can be applied.
fn check(path: &Path, fields: &Map<String, Value>) -> Result<(), PeftError> {
    let unsupported = |field, value: &Value| {
        Err(PeftError::Unsupported { path: path.into(), field, value: value.to_string() })
    };
    for (field, wanted) in [("peft_type", "LORA"), ("task_type", "CAUSAL_LM"), ("bias", "none")] {
        match fields.get(field) {
            Some(value) if !value.is_null() && value.as_str() != Some(wanted) => {
                return unsupported(field, value);
            }
            None | Some(Value::Null) if field == "peft_type" => {
                return unsupported(field, &Value::Null);
            }
            _ => {}
        }
    }
    let set = |field: &&str| fields.get(*field).is_some_and(is_set);
    if let Some(field) = MUST_BE_UNSET.into_iter().find(set) {
        return unsupported(field, &fields[field]);
    }
    let field = "init_lora_weights";
    match fields.get(field) {
        Some(Value::String(way))
            if CHANGES_BASE.iter().any(|start| way.to_lowercase().starts_with(start)) =>
        {
            unsupported(field, &fields[field])
        }
        _ => Ok(()),
    }
}

fn is_set(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::Array(values) => !values.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
        _ => true,
    }
}

/// What PEFT needs to load the adapter.
pub(super) fn bytes(
    path: &Path,
    config: &PeftConfig,
    adapter: &Adapter,
    sizes: &MatrixSizes,
) -> Result<Vec<u8>, PeftError> {
    let (mut ranks, mut alphas) = (Map::new(), Map::new());
    for (layer, target, change) in adapter.changes() {
        let (module, rank) = (names::module(layer, target), change.rank(sizes.shape(target).1));
        let alpha = change.scale * rank as f32;
        if rank != config.rank {
            ranks.insert(module.clone(), json!(rank));
        }
        // A scale that was divided by the rank may come back a bit off.
        if (alpha - config.alpha).abs() > config.alpha.abs() * 1e-6 {
            alphas.insert(module, json!(alpha));
        }
    }
    let fields = json!({
        "peft_type": "LORA",
        "task_type": "CAUSAL_LM",
        "base_model_name_or_path": config.base_model,
        "r": config.rank,
        "lora_alpha": config.alpha,
        "lora_dropout": config.dropout,
        "target_modules": target_modules(adapter),
        "rank_pattern": ranks,
        "alpha_pattern": alphas,
        "bias": "none",
        "fan_in_fan_out": false,
        "inference_mode": true,
        "init_lora_weights": true,
        "layers_pattern": null,
        "layers_to_transform": null,
        "modules_to_save": null,
        "revision": null,
        "use_dora": false,
        "use_rslora": false,
    });
    serde_json::to_vec_pretty(&fields)
        .map_err(|error| PeftError::Broken { path: path.into(), error: error.to_string() })
}

/// The last parts of the names where all layers change the same matrices, else whole names.
fn target_modules(adapter: &Adapter) -> Vec<String> {
    let of = |wanted: usize| {
        adapter.changes().filter(move |(layer, ..)| *layer == wanted).map(|(_, target, _)| target)
    };
    let layers = adapter.changes().map(|(layer, ..)| layer).max().map_or(0, |last| last + 1);
    let count = adapter.changes().count();
    let same = of(0).count().checked_mul(layers) == Some(count)
        && adapter.changes().all(|(_, target, _)| of(0).any(|known| known == target));
    match same {
        true => of(0).map(|target| names::short(target).to_owned()).collect(),
        false => adapter.changes().map(|(layer, target, _)| names::module(layer, target)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<ConfigFile, PeftError> {
        parse("a/adapter_config.json".as_ref(), text.as_bytes())
    }

    #[test]
    fn scales_follow_the_patterns() {
        let file = parsed(
            r#"{"peft_type": "LORA", "r": 8, "lora_alpha": 16, "unknown": {"deep": []},
                "rank_pattern": {"v_proj": 4, "layers.1.self_attn.q_proj": 2},
                "alpha_pattern": {"model.layers.1.self_attn.(q|k)_proj": 3}}"#,
        )
        .unwrap();
        for (layer, target, rank, scale) in [
            (0, Target::Query, 8, 2.0),
            (1, Target::Query, 2, 1.5),
            (11, Target::Query, 8, 2.0),
            (1, Target::Key, 8, 0.375),
            (5, Target::Value, 4, 4.0),
        ] {
            assert_eq!(file.rank(layer, target), rank, "{layer} {target:?}");
            assert_eq!(file.scale(layer, target), scale, "{layer} {target:?}");
        }
        assert_eq!(file.config().scale(), 2.0);
    }

    #[test]
    fn rank_stabilised_scales_are_made_plain() {
        let text = r#"{"peft_type": "LORA", "r": 16, "lora_alpha": 8, "use_rslora": true}"#;
        let file = parsed(text).unwrap();
        assert_eq!(file.scale(0, Target::Up), 2.0);
        assert_eq!((file.config().alpha, file.config().scale()), (32.0, 2.0));
    }

    #[test]
    fn what_cannot_be_applied_is_refused_with_its_field() {
        for (field, value) in [
            ("peft_type", r#""IA3""#),
            ("task_type", r#""SEQ_CLS""#),
            ("bias", r#""all""#),
            ("use_dora", "true"),
            ("lora_bias", "true"),
            ("modules_to_save", r#"["lm_head"]"#),
            ("trainable_token_indices", "[1]"),
            ("init_lora_weights", r#""pissa_niter_16""#),
        ] {
            let mut fields = json!({ "peft_type": "LORA" });
            fields[field] = serde_json::from_str(value).unwrap();
            let error = parsed(&fields.to_string()).unwrap_err();
            assert!(
                matches!(&error, PeftError::Unsupported { field: found, .. } if *found == field)
            );
            assert!(error.to_string().contains(value), "{error}");
        }
        assert!(parsed("{}").unwrap_err().to_string().contains("peft_type"));
    }

    #[test]
    fn broken_values_are_refused_with_their_field() {
        for (field, value) in [
            ("r", "0"),
            ("r", "1.5"),
            ("r", "-3"),
            ("r", "1e30"),
            ("lora_alpha", r#""much""#),
            ("lora_alpha", "1e300"),
            ("rank_pattern", "[]"),
            ("rank_pattern", r#"{"q_proj": 0}"#),
            ("alpha_pattern", r#"{"(": 1}"#),
        ] {
            let mut fields = json!({ "peft_type": "LORA" });
            fields[field] = serde_json::from_str(value).unwrap();
            let error = parsed(&fields.to_string()).unwrap_err();
            assert!(matches!(error, PeftError::Broken { .. }));
            assert!(error.to_string().contains(&format!("`{field}`")), "{error}");
        }
        assert!(matches!(parsed("[1").unwrap_err(), PeftError::Broken { .. }));
    }
}
