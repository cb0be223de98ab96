//! VRM 0.x: <https://github.com/vrm-c/vrm-specification/tree/master/specification/0.0>

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
    blend_shape_master: BlendShapeMaster,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Meta {
    title: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Humanoid {
    human_bones: Vec<BoneNode>,
}

#[derive(Deserialize)]
struct BoneNode {
    bone: String,
    node: i64,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct BlendShapeMaster {
    blend_shape_groups: Vec<Group>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Group {
    name: String,
    preset_name: String,
    binds: Vec<Bind>,
    is_binary: bool,
}

#[derive(Deserialize)]
struct Bind {
    mesh: usize,
    index: usize,
    /// 0..100
    weight: f32,
}

pub(super) fn read(
    value: &Value,
    names: &[String],
    meshes: &[Option<usize>],
    info: &mut AvatarInfo,
) -> Result<(), String> {
    let vrm = Vrm::deserialize(value).map_err(|error| error.to_string())?;
    info.format = AvatarFormat::Vrm0;
    info.name = vrm.meta.title;
    for BoneNode { bone, node } in vrm.humanoid.human_bones {
        let (Ok(bone), Ok(node)) = (newer_bone(&bone).parse(), usize::try_from(node)) else {
            continue;
        };
        let name = names
            .get(node)
            .ok_or_else(|| format!("the bone {bone} is node {node}, and there is none"))?;
        info.bones.insert(bone, name.clone());
    }
    for group in vrm.blend_shape_master.blend_shape_groups {
        let binds = group.binds.iter().flat_map(|bind| {
            let nodes = meshes.iter().zip(names).filter(|(mesh, _)| **mesh == Some(bind.mesh));
            nodes.filter_map(|(_, node)| {
                let known = |shape: &&ShapeBind| shape.node == *node && shape.index == bind.index;
                let shape = info.shapes.iter().find(known)?;
                Some(ShapeBind { weight: bind.weight / 100.0, ..shape.clone() })
            })
        });
        let binds = binds.collect();
        let name = newer_expression(&group.preset_name, &group.name);
        // VRM 0.x does not say what blocks what; a smile that closes the eyes would blink twice.
        let blocks_blink =
            if name == "happy" || name == "relaxed" { Block::Blend } else { Block::Never };
        let is_binary = group.is_binary;
        info.expressions
            .insert(name, Expression { binds, is_binary, blocks_blink, ..Expression::default() });
    }
    Ok(())
}

/// Thumbs are counted otherwise since VRM 1.0.
fn newer_bone(bone: &str) -> String {
    if bone.contains("Thumb") {
        return bone.replace("Proximal", "Metacarpal").replace("Intermediate", "Proximal");
    }
    bone.into()
}

/// The name that VRM 1.0 has for a preset; those of the avatar's own keep theirs.
fn newer_expression(preset: &str, own: &str) -> String {
    match preset {
        "joy" => "happy",
        "sorrow" => "sad",
        "fun" => "relaxed",
        "a" => "aa",
        "i" => "ih",
        "u" => "ou",
        "e" => "ee",
        "o" => "oh",
        "blink_l" => "blinkLeft",
        "blink_r" => "blinkRight",
        "lookup" => "lookUp",
        "lookdown" => "lookDown",
        "lookleft" => "lookLeft",
        "lookright" => "lookRight",
        "" | "unknown" => return uncapitalised(own),
        other => other,
    }
    .into()
}

/// `Surprised` is called `surprised` since VRM 1.0.
fn uncapitalised(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::view::avatar::HumanBone;

    #[test]
    fn bones_and_expressions_get_their_newer_names() {
        let text = r#"{
            "meta": {"title": "Old"},
            "humanoid": {"humanBones": [{"bone": "hips", "node": 0}, {"bone": "leftThumbProximal", "node": 1}]},
            "blendShapeMaster": {"blendShapeGroups": [
                {"presetName": "joy", "name": "Joy", "binds": [{"mesh": 4, "index": 0, "weight": 50}]},
                {"presetName": "unknown", "name": "Surprised", "binds": []}
            ]}
        }"#;
        let shape = ShapeBind { node: "face".into(), index: 0, shape: "Joy".into(), weight: 1.0 };
        let mut info = AvatarInfo {
            format: AvatarFormat::Gltf,
            name: String::new(),
            bones: BTreeMap::new(),
            expressions: BTreeMap::new(),
            shapes: vec![shape],
        };
        let names = ["hips", "thumb", "face"].map(String::from);
        let value = serde_json::from_str(text).unwrap();
        read(&value, &names, &[None, None, Some(4)], &mut info).unwrap();
        assert_eq!(info.bones[&HumanBone::LeftThumbMetacarpal], "thumb");
        assert_eq!(info.expressions["happy"].binds[0].weight, 0.5);
        assert!(info.expressions.contains_key("surprised"));
    }
}
