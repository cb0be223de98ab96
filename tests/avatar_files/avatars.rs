//! What each avatar has.

use std::{collections::BTreeSet, ops::RangeInclusive};

use serde_json::Value;

use crate::{
    glb::{Glb, files},
    names::{self, ARKIT, CUSTOM, MEMBERS, PRESETS},
};

const MAX_BYTES: usize = 8_000_000;
/// Triangles of a low-poly version; a crowd of them is drawn far away.
const MAX_LOD_TRIANGLES: u64 = 15_000;
/// Metres from the soles to the top of the hair.
const HEIGHTS: RangeInclusive<f64> = 1.55..=1.72;
/// Where the head begins, in parts of the height.
const HEAD: RangeInclusive<f64> = 0.75..=0.95;
const CC0: &str = "https://creativecommons.org/publicdomain/zero/1.0/";

const VRM: &str = "/extensions/VRMC_vrm";
const SPRING: &str = "/extensions/VRMC_springBone";

fn full_name(member: &str) -> String {
    format!("{member}.vrm")
}

fn lod_name(member: &str) -> String {
    format!("{member}.lod.vrm")
}

fn lods() -> impl Iterator<Item = Glb> {
    MEMBERS.into_iter().map(|member| Glb::read("avatars", &lod_name(member)))
}

fn fulls() -> impl Iterator<Item = Glb> {
    MEMBERS.into_iter().map(|member| Glb::read("avatars", &full_name(member)))
}

fn all() -> impl Iterator<Item = Glb> {
    fulls().chain(lods())
}

fn primitives(avatar: &Glb) -> impl Iterator<Item = &Value> {
    let meshes = avatar.list("/meshes").iter();
    meshes.flat_map(|mesh| mesh["primitives"].as_array().into_iter().flatten())
}

/// The shapes of a face in the order in which expressions number them.
fn shapes(avatar: &Glb) -> Vec<&str> {
    let face = avatar.list("/meshes").iter().find(|mesh| mesh["name"] == "face");
    let names = face.and_then(|face| face["extras"]["targetNames"].as_array());
    let names = names.unwrap_or_else(|| panic!("{}: no targetNames of a mesh face", avatar.name));
    names.iter().filter_map(Value::as_str).collect()
}

#[test]
fn each_member_has_both_versions_and_nobody_else_has_one() {
    let mut expected: Vec<_> = MEMBERS.iter().flat_map(|m| [full_name(m), lod_name(m)]).collect();
    expected.sort();
    assert_eq!(files("avatars", "vrm"), expected);
}

#[test]
fn files_are_small() {
    for avatar in all() {
        let (name, size) = (&avatar.name, avatar.size);
        assert!(
            size < MAX_BYTES,
            "{name} has {size} bytes; a download should be below {MAX_BYTES}"
        );
    }
}

#[test]
fn low_poly_versions_have_few_triangles() {
    for avatar in lods() {
        let corners = primitives(&avatar).map(|primitive| {
            let indices = primitive["indices"].as_u64().expect("an indexed primitive");
            avatar.at(&format!("/accessors/{indices}/count")).as_u64().expect("a count")
        });
        let triangles = corners.sum::<u64>() / 3;
        let name = &avatar.name;
        assert!(triangles < MAX_LOD_TRIANGLES, "{name} has {triangles} triangles");
    }
}

#[test]
fn every_expression_is_there_and_moves_the_face() {
    for avatar in all() {
        let presets = format!("{VRM}/expressions/preset");
        let known = avatar.keys(&presets);
        let count = shapes(&avatar).len() as u64;
        for expression in PRESETS.iter().chain(&CUSTOM) {
            let place = format!("{} of {}", expression, avatar.name);
            assert!(known.contains(expression), "no expression {place}");
            let binds = avatar.list(&format!("{presets}/{expression}/morphTargetBinds"));
            assert_eq!(binds.is_empty(), *expression == "neutral", "what {place} moves");
            for bind in binds {
                let index = bind["index"].as_u64().expect("the index of a shape");
                assert!(index < count, "{place} moves shape {index}; there are {count}");
                let weight = bind["weight"].as_f64().expect("the weight of a shape");
                assert!(weight > 0.0 && weight <= 1.0, "{place} has the weight {weight}");
            }
        }
        assert_eq!(
            BTreeSet::from_iter(avatar.keys(&format!("{VRM}/expressions/custom"))),
            CUSTOM.into()
        );
    }
}

#[test]
fn full_versions_have_the_shapes_of_face_trackers() {
    for avatar in fulls() {
        let shapes = shapes(&avatar);
        let missing: Vec<_> = ARKIT.iter().filter(|shape| !shapes.contains(shape)).collect();
        assert!(missing.is_empty(), "{} lacks the ARKit shapes {missing:?}", avatar.name);
    }
}

#[test]
fn all_bones_are_there() {
    let expected: BTreeSet<_> = names::bones().into_iter().collect();
    for avatar in all() {
        let bones = format!("{VRM}/humanoid/humanBones");
        let found: BTreeSet<_> = avatar.keys(&bones).into_iter().map(String::from).collect();
        let missing: Vec<_> = expected.difference(&found).collect();
        let extra: Vec<_> = found.difference(&expected).collect();
        let name = &avatar.name;
        assert!(
            missing.is_empty() && extra.is_empty(),
            "{name}: without {missing:?}, with {extra:?}"
        );
        for bone in &found {
            let node = avatar.index(&format!("{bones}/{bone}/node"));
            let node = avatar.at(&format!("/nodes/{node}/name"));
            assert_eq!(node, bone, "{name}: bevy_vrm1 finds the node of a bone by its name");
        }
    }
}

#[test]
fn every_material_is_drawn_as_a_cartoon() {
    for avatar in all() {
        let materials = avatar.list("/materials");
        assert!(!materials.is_empty(), "{} has no material", avatar.name);
        for material in materials {
            let version = &material["extensions"]["VRMC_materials_mtoon"]["specVersion"];
            assert_eq!(
                version, "1.0",
                "MToon of the material {} of {}",
                material["name"], avatar.name
            );
        }
    }
}

#[test]
fn the_licence_is_in_the_file() {
    for avatar in all() {
        let url = avatar.at(&format!("{VRM}/meta/otherLicenseUrl"));
        assert_eq!(url, CC0, "the licence of {}", avatar.name);
        let sources = avatar.at(&format!("{VRM}/meta/thirdPartyLicenses"));
        let sources = sources.as_str().unwrap_or_default();
        for source in ["MakeHuman", "Mika Suominen"] {
            assert!(sources.contains(source), "{} does not name {source}", avatar.name);
        }
    }
}

#[test]
fn they_stand_on_the_floor_and_are_as_tall_as_people() {
    for avatar in all() {
        let name = &avatar.name;
        let (mut low, mut high) = (f64::MAX, f64::MIN);
        for primitive in primitives(&avatar) {
            let positions = &primitive["attributes"]["POSITION"];
            let bound = |end| avatar.at(&format!("/accessors/{positions}/{end}/1")).as_f64();
            low = low.min(bound("min").expect("a lower bound"));
            high = high.max(bound("max").expect("an upper bound"));
        }
        assert!(low.abs() < 1e-3, "the soles of {name} are at {low} m");
        assert!(HEIGHTS.contains(&high), "{name} is {high} m tall; it should be {HEIGHTS:?}");
        let head =
            height_of(&avatar, avatar.index(&format!("{VRM}/humanoid/humanBones/head/node")));
        assert!(HEAD.contains(&(head / high)), "the head of {name} begins at {head} m of {high} m");
    }
}

/// The height of a node in metres; no node of our avatars turns or scales its children.
fn height_of(avatar: &Glb, node: usize) -> f64 {
    let own = avatar.json.pointer(&format!("/nodes/{node}/translation/1")).and_then(Value::as_f64);
    let is_parent = |other: &Value| {
        let children = other["children"].as_array();
        children.is_some_and(|children| children.iter().any(|child| *child == node))
    };
    let parent = avatar.list("/nodes").iter().position(is_parent);
    own.unwrap_or_default() + parent.map_or(0.0, |parent| height_of(avatar, parent))
}

#[test]
fn hair_and_skirt_swing() {
    for avatar in all() {
        let name = &avatar.name;
        let springs = avatar.list(&format!("{SPRING}/springs"));
        let of = |spring: &Value| spring["name"].as_str().unwrap_or_default().to_owned();
        let skirt = springs.iter().any(|spring| of(spring).starts_with("skirt"));
        assert!(skirt, "{name} has no spring of the skirt");
        let nodes = avatar.list("/nodes").len();
        for spring in springs {
            let joints = spring["joints"].as_array().expect("the joints of a spring");
            assert!(
                joints.len() > 1,
                "the spring {} of {name} has nothing that swings",
                of(spring)
            );
            for joint in joints {
                let node = joint["node"].as_u64().expect("the node of a joint") as usize;
                assert!(node < nodes, "the spring {} of {name} moves no node", of(spring));
            }
        }
        let colliders = avatar.list(&format!("{SPRING}/colliders"));
        assert!(!colliders.is_empty(), "{name}: nothing keeps hair and skirt out of the body");
    }
}
