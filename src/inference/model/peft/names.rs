//! What PEFT calls the matrices.

use crate::inference::model::Target;

/// The modules that an adapter may change.
pub(super) const KNOWN: &str =
    "q_proj, k_proj, v_proj, o_proj of `self_attn`; gate_proj, up_proj, down_proj of `mlp`";

const MODULES: [(Target, &str, &str); 7] = [
    (Target::Query, "self_attn", "q_proj"),
    (Target::Key, "self_attn", "k_proj"),
    (Target::Value, "self_attn", "v_proj"),
    (Target::AttentionOutput, "self_attn", "o_proj"),
    (Target::Gate, "mlp", "gate_proj"),
    (Target::Up, "mlp", "up_proj"),
    (Target::Down, "mlp", "down_proj"),
];

/// Which of the two small matrices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Half {
    /// `lora_A`, `[rank, columns]`.
    Down,
    /// `lora_B`, `[rows, rank]`.
    Up,
}

/// The last part of a module's name: `q_proj`.
pub(super) fn short(target: Target) -> &'static str {
    MODULES.iter().find(|(known, ..)| *known == target).map_or("", |(.., name)| name)
}

/// A module's name in the model: `model.layers.0.self_attn.q_proj`.
pub(super) fn module(layer: usize, target: Target) -> String {
    let part = MODULES.iter().find(|(known, ..)| *known == target).map_or("", |(_, part, _)| part);
    format!("model.layers.{layer}.{part}.{}", short(target))
}

/// The name of a tensor in a file.
pub(super) fn tensor(layer: usize, target: Target, half: Half) -> String {
    let half = if half == Half::Down { "lora_A" } else { "lora_B" };
    format!("base_model.model.{}.{half}.weight", module(layer, target))
}

/// Which matrix a tensor belongs to. The name of the adapter, which PEFT leaves out, may stand
/// before `weight`.
pub(super) fn parse(tensor: &str) -> Option<(usize, Target, Half)> {
    let rest = tensor.strip_prefix("base_model.model.model.layers.")?;
    let parts: Vec<&str> = rest.split('.').collect();
    let ([layer, part, name, half, "weight"] | [layer, part, name, half, "default", "weight"]) =
        parts[..]
    else {
        return None;
    };
    let is_number = layer.bytes().all(|byte| byte.is_ascii_digit());
    let layer = layer.parse().ok().filter(|_| is_number)?;
    let known = MODULES.iter().find(|(_, in_part, module)| (*in_part, *module) == (part, name));
    let half = match half {
        "lora_A" => Half::Down,
        "lora_B" => Half::Up,
        _ => return None,
    };
    known.map(|(target, ..)| (layer, *target, half))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_as_it_is_written() {
        for (target, ..) in MODULES {
            for half in [Half::Down, Half::Up] {
                let name = tensor(12, target, half);
                assert_eq!(parse(&name), Some((12, target, half)));
                let named = name.replace(".weight", ".default.weight");
                assert_eq!(parse(&named), Some((12, target, half)));
            }
        }
        let name = tensor(0, Target::Down, Half::Up);
        assert_eq!(name, "base_model.model.model.layers.0.mlp.down_proj.lora_B.weight");
    }

    #[test]
    fn other_names_are_of_no_matrix() {
        for name in [
            "",
            "model.layers.0.mlp.down_proj.lora_B.weight",
            "base_model.model.lm_head.lora_A.weight",
            "base_model.model.model.embed_tokens.lora_embedding_A",
            "base_model.model.model.layers.0.mlp.q_proj.lora_A.weight",
            "base_model.model.model.layers.+1.mlp.up_proj.lora_A.weight",
            "base_model.model.model.layers..mlp.up_proj.lora_A.weight",
            "base_model.model.model.layers.0.mlp.up_proj.lora_A.bias",
            "base_model.model.model.layers.0.mlp.up_proj.lora_magnitude_vector.weight",
            "base_model.model.model.layers.0.mlp.up_proj.lora_A.weight.more",
        ] {
            assert_eq!(parse(name), None, "{name}");
        }
    }
}
