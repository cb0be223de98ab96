//! Reads VRM animations.
//!
//! <https://github.com/vrm-c/vrm-specification/tree/master/specification/VRMC_vrm_animation-1.0>

use std::{collections::BTreeMap, sync::Arc};

use bevy::{
    asset::{AssetLoader, LoadContext, io::Reader},
    prelude::*,
};
use gltf::{Gltf, Node, animation::util::ReadOutputs};
use serde::Deserialize;

use super::motion::{Motion, Track};
use crate::{
    asset_file,
    view::avatar::{AvatarFileError, HumanBone},
};

/// Loads `.vrma`.
#[derive(Debug, Clone, Copy, Default, TypePath)]
pub(crate) struct MotionLoader;

impl AssetLoader for MotionLoader {
    type Asset = Motion;
    type Settings = ();
    type Error = AvatarFileError;

    async fn load(
        &self,
        reader: &mut dyn Reader,
        _settings: &(),
        context: &mut LoadContext<'_>,
    ) -> Result<Motion, AvatarFileError> {
        let (file, bytes) = asset_file::read(reader, context).await?;
        Motion::read(&file, &bytes)
    }

    fn extensions(&self) -> &[&str] {
        &["vrma"]
    }
}

#[derive(Deserialize)]
struct VrmAnimation {
    humanoid: Humanoid,
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

/// A node at rest: its rotation, and what its parents make of it.
#[derive(Clone, Copy)]
struct Rest {
    rotation: Quat,
    parent: Transform,
    translation: Vec3,
}

impl Motion {
    /// Reads it from the bytes of a file; `file` is its name in errors.
    pub(crate) fn read(file: &str, bytes: &[u8]) -> Result<Self, AvatarFileError> {
        let gltf = Gltf::from_slice_without_validation(bytes).map_err(|error| {
            AvatarFileError::NotGltf { file: file.into(), error: Arc::new(error) }
        })?;
        let wrong = |problem: String| AvatarFileError::Extension {
            file: file.into(),
            extension: "VRMC_vrm_animation",
            problem,
        };
        let value = gltf.document.extension_value("VRMC_vrm_animation").ok_or_else(|| {
            wrong("it is not there; export the motion as a VRM animation (.vrma)".into())
        })?;
        let data = VrmAnimation::deserialize(value).map_err(|error| wrong(error.to_string()))?;
        // What does not agree with itself would panic where it is read.
        Gltf::from_slice(bytes).map_err(|error| wrong(error.to_string()))?;
        let blob = gltf.blob.as_deref().unwrap_or_default();
        check_bounds(&gltf, blob).map_err(&wrong)?;
        let mut bones = BTreeMap::new();
        for (name, BoneNode { node }) in data.humanoid.human_bones {
            if let Ok(bone) = name.parse::<HumanBone>() {
                bones.insert(node, bone);
            }
        }
        let rests = rests(&gltf);
        let mut motion = Self { turns: Vec::new(), hips: None, seconds: 0.0 };
        let Some(animation) = gltf.document.animations().next() else {
            return Err(wrong("the file has no animation".into()));
        };
        for channel in animation.channels() {
            let node = channel.target().node().index();
            let (Some(bone), Some(rest)) = (bones.get(&node), rests.get(&node)) else { continue };
            let reader = channel.reader(|_| Some(blob));
            let (Some(times), Some(outputs)) = (reader.read_inputs(), reader.read_outputs()) else {
                continue;
            };
            let times: Vec<f32> = times.collect();
            let spline =
                channel.sampler().interpolation() == gltf::animation::Interpolation::CubicSpline;
            match outputs {
                ReadOutputs::Rotations(values) => {
                    let turn = |value: [f32; 4]| {
                        let parent = rest.parent.rotation;
                        let local = Quat::from_array(value).normalize();
                        parent * local * (parent * rest.rotation).inverse()
                    };
                    let values = knots(values.into_f32().collect(), spline);
                    motion.turns.extend(track(
                        *bone,
                        times,
                        values.into_iter().map(turn).collect(),
                        &mut motion.seconds,
                    ));
                }
                ReadOutputs::Translations(values) if *bone == HumanBone::Hips => {
                    let height = rest.parent.transform_point(rest.translation).y.max(0.1);
                    let at = |value: [f32; 3]| rest.parent.transform_point(value.into()) / height;
                    let values = knots(values.collect(), spline);
                    motion.hips = track(
                        *bone,
                        times,
                        values.into_iter().map(at).collect(),
                        &mut motion.seconds,
                    );
                }
                _ => {}
            }
        }
        if motion.turns.is_empty() {
            return Err(wrong("none of its tracks turns a bone".into()));
        }
        Ok(motion)
    }
}

/// The values at the knots of a spline, without its tangents.
fn knots<T: Copy>(values: Vec<T>, spline: bool) -> Vec<T> {
    if spline { values.chunks_exact(3).map(|knot| knot[1]).collect() } else { values }
}

/// A track, if its times rise and each has a value.
fn track<T>(bone: HumanBone, times: Vec<f32>, values: Vec<T>, seconds: &mut f32) -> Option<Track<T>>
where
    T: Copy + IsFinite,
{
    let rising = times.is_sorted_by(|a, b| a < b) && times.iter().all(|time| time.is_finite());
    let fits = times.len() == values.len() && !times.is_empty();
    if !rising || !fits || !values.iter().all(IsFinite::is_finite_value) {
        warn!("a track of {bone} is broken and left out: its times must rise, each with a value");
        return None;
    }
    *seconds = seconds.max(*times.last()?);
    Some(Track { bone, times, values })
}

/// What may be checked for numbers that are none.
trait IsFinite {
    fn is_finite_value(&self) -> bool;
}

impl IsFinite for Quat {
    fn is_finite_value(&self) -> bool {
        self.is_finite()
    }
}

impl IsFinite for Vec3 {
    fn is_finite_value(&self) -> bool {
        self.is_finite()
    }
}

/// Whether all accessors lie in the data that came with the file.
fn check_bounds(gltf: &Gltf, blob: &[u8]) -> Result<(), String> {
    for accessor in gltf.document.accessors() {
        let Some(view) = accessor.view() else { continue };
        let stride = view.stride().unwrap_or(accessor.size());
        let length = accessor.offset()
            + stride * accessor.count().saturating_sub(1)
            + if accessor.count() > 0 { accessor.size() } else { 0 };
        if length > view.length() || view.offset() + view.length() > blob.len() {
            return Err(format!("accessor {} ends behind the data of the file", accessor.index()));
        }
    }
    Ok(())
}

/// How nodes are at rest.
fn rests(gltf: &Gltf) -> BTreeMap<usize, Rest> {
    fn visit(node: &Node<'_>, parent: Transform, rests: &mut BTreeMap<usize, Rest>, depth: usize) {
        let (translation, rotation, scale) = node.transform().decomposed();
        let rotation = Quat::from_array(rotation);
        let translation = Vec3::from(translation);
        rests.insert(node.index(), Rest { rotation, parent, translation });
        let local = Transform { translation, rotation, scale: scale.into() };
        if depth < 256 {
            for child in node.children() {
                visit(&child, parent * local, rests, depth + 1);
            }
        }
    }
    let mut rests = BTreeMap::new();
    for scene in gltf.document.scenes() {
        for root in scene.nodes() {
            visit(&root, Transform::IDENTITY, &mut rests, 0);
        }
    }
    rests
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn wave() -> Vec<u8> {
        std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/motions/wave.vrma")).unwrap()
    }

    #[test]
    fn a_wave_moves_the_arm_and_keeps_the_hips_up() {
        let motion = Motion::read("wave.vrma", &wave()).unwrap();
        assert!((motion.seconds - 3.1).abs() < 0.01, "{}", motion.seconds);
        assert!(motion.turns.iter().any(|track| track.bone == HumanBone::RightLowerArm));
        let hips = motion.hips.unwrap();
        assert!(hips.values.iter().all(|at| (0.8..1.1).contains(&at.y)));
    }

    proptest! {
        #[test]
        fn damaged_files_are_refused_and_nothing_panics(at in 0_usize..4000, byte in any::<u8>(), cut in 0_usize..8000) {
            let mut bytes = wave();
            let at = at % bytes.len();
            bytes[at] = byte;
            bytes.truncate(bytes.len().saturating_sub(cut));
            let _ = Motion::read("wave.vrma", &bytes);
        }
    }

    #[test]
    fn an_avatar_is_no_motion() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/avatars/jena.lod.vrm");
        let error = Motion::read("jena.vrm", &std::fs::read(path).unwrap()).unwrap_err();
        assert!(error.to_string().contains("export the motion as a VRM animation"), "{error}");
    }
}
