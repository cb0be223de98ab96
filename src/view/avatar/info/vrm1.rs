//! VRM 1.0: <https://github.com/vrm-c/vrm-specification/tree/master/specification/VRMC_vrm-1.0>

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::{AvatarFormat, AvatarInfo, Block, Expression, ShapeBind};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Vrm {
    #[serde(default)]
    meta: Meta,
    humanoid: Humanoid,
    #[serde(default)]
    expressions: Expressions,
}

#[derive(Default, Deserialize)]
struct Meta {
    #[serde(default)]
    name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Humanoid {
    human_bones: BTreeMap<String, BoneNode>,
}

#[derive(Deserialize)]
struct BoneNode {
    node: usize,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Expressions {
    preset: BTreeMap<String, Value>,
    custom: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[derive(Default)]
struct Entry {
    morph_target_binds: Vec<Bind>,
    is_binary: bool,
    override_blink: String,
    override_look_at: String,
    override_mouth: String,
}

#[derive(Deserialize)]
struct Bind {
    node: usize,
    index: usize,
    weight: f32,
}

pub(super) fn read(value: &Value, names: &[String], info: &mut AvatarInfo) -> Result<(), String> {
    let vrm = Vrm::deserialize(value).map_err(|error| error.to_string())?;
    info.format = AvatarFormat::Vrm1;
    info.name = vrm.meta.name;
    for (bone, BoneNode { node }) in vrm.humanoid.human_bones {
        let Ok(bone) = bone.parse() else { continue };
        let name = names
            .get(node)
            .ok_or_else(|| format!("the bone {bone} is node {node}, and there is none"))?;
        info.bones.insert(bone, name.clone());
    }
    let all = vrm.expressions.preset.into_iter().chain(vrm.expressions.custom);
    for (name, value) in all {
        let entry = Entry::deserialize(&value)
            .map_err(|error| format!("the expression {name}: {error}"))?;
        let binds = entry.morph_target_binds.iter().filter_map(|bind| {
            let node = names.get(bind.node)?;
            let known = |shape: &&ShapeBind| shape.node == *node && shape.index == bind.index;
            let shape = info.shapes.iter().find(known)?;
            Some(ShapeBind { weight: bind.weight, ..shape.clone() })
        });
        let expression = Expression {
            binds: binds.collect(),
            is_binary: entry.is_binary,
            blocks_blink: block(&entry.override_blink),
            blocks_look: block(&entry.override_look_at),
            blocks_mouth: block(&entry.override_mouth),
        };
        info.expressions.insert(name, expression);
    }
    Ok(())
}

fn block(word: &str) -> Block {
    match word {
        "block" => Block::Always,
        "blend" => Block::Blend,
        _ => Block::Never,
    }
}
