//! What each motion has, and that the index tells the truth.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use serde::Deserialize;

use crate::{
    glb::{Glb, assets, files},
    names::{self, MEMBERS},
};

/// How far the last pose may be from the first: parts of a quaternion, or metres.
const SAME_POSE: f32 = 1e-3;
/// How far a quaternion may be from the length 1.
const UNIT: f32 = 1e-3;
/// Seconds by which the index may be wrong.
const SAME_TIME: f32 = 1e-3;

/// An entry of `motions.json`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    file: String,
    seconds: f32,
    #[serde(rename = "loop")]
    is_loop: bool,
    bpm: f32,
    /// Empty if all members share the motion.
    owner: String,
}

fn index() -> BTreeMap<String, Entry> {
    let text = fs::read(assets("motions").join("motions.json")).expect("the index of the motions");
    serde_json::from_slice(&text).unwrap_or_else(|error| panic!("motions.json: {error}"))
}

/// One curve of a motion.
struct Track {
    /// What it moves, such as `hips/rotation`.
    name: String,
    /// Seconds.
    times: Vec<f32>,
    /// A row for each time.
    rows: Vec<Vec<f32>>,
}

impl Track {
    fn turns(&self) -> bool {
        self.name.ends_with("/rotation")
    }

    /// How far the last row is from the first. A quaternion and its negative are one rotation.
    fn gap(&self) -> f32 {
        let (Some(first), Some(last)) = (self.rows.first(), self.rows.last()) else { return 0.0 };
        let dot: f32 = first.iter().zip(last).map(|(a, b)| a * b).sum();
        let sign = if self.turns() { dot.signum() } else { 1.0 };
        first.iter().zip(last).map(|(a, b)| (a - sign * b).abs()).fold(0.0, f32::max)
    }
}

/// The curves of a motion; every one moves a bone that VRM knows.
fn tracks(motion: &Glb) -> Vec<Track> {
    let bones = "/extensions/VRMC_vrm_animation/humanoid/humanBones";
    let node = |bone: &str| motion.index(&format!("{bones}/{bone}/node"));
    let bone_of: BTreeMap<_, _> =
        motion.keys(bones).into_iter().map(|bone| (node(bone), bone)).collect();
    let count = motion.list("/animations/0/channels").len();
    let channel = |channel| format!("/animations/0/channels/{channel}");
    let track = |place: String| {
        let node = motion.index(&format!("{place}/target/node"));
        let bone = bone_of.get(&node);
        let bone = bone.unwrap_or_else(|| panic!("{}: node {node} is no bone", motion.name));
        let path = motion.at(&format!("{place}/target/path")).as_str().expect("a path");
        let sampler = motion.index(&format!("{place}/sampler"));
        let of =
            |end| motion.rows(motion.index(&format!("/animations/0/samplers/{sampler}/{end}")));
        Track { name: format!("{bone}/{path}"), times: of("input").concat(), rows: of("output") }
    };
    (0..count).map(channel).map(track).collect()
}

fn all() -> impl Iterator<Item = (Glb, Vec<Track>)> {
    files("motions", "vrma").into_iter().map(|name| {
        let motion = Glb::read("motions", &name);
        let tracks = tracks(&motion);
        (motion, tracks)
    })
}

#[test]
fn every_promised_motion_is_in_the_index() {
    let index = index();
    let missing: Vec<_> = names::motions().into_iter().filter(|m| !index.contains_key(m)).collect();
    assert!(missing.is_empty(), "motions.json lacks {missing:?}");
}

#[test]
fn the_index_names_all_files_and_no_others() {
    let named: BTreeSet<_> = index().into_values().map(|entry| entry.file).collect();
    let found: BTreeSet<_> = files("motions", "vrma").into_iter().collect();
    let (extra, missing) = (&found - &named, &named - &found);
    assert!(extra.is_empty(), "motions.json does not name {extra:?}");
    assert!(missing.is_empty(), "motions.json names {missing:?}, which are not there");
}

#[test]
fn the_index_tells_how_long_they_last() {
    for (name, entry) in index() {
        let tracks = tracks(&Glb::read("motions", &entry.file));
        let ends = tracks.iter().filter_map(|track| track.times.last());
        let (end, said) = (ends.copied().fold(0.0, f32::max), entry.seconds);
        assert!((end - said).abs() < SAME_TIME, "{name} lasts {end} s; motions.json says {said} s");
    }
}

#[test]
fn the_index_tells_whose_they_are() {
    for (name, entry) in index() {
        let owner = entry.owner.as_str();
        assert!(owner.is_empty() || MEMBERS.contains(&owner), "{name} belongs to {owner}");
        for member in MEMBERS {
            let named = name.ends_with(&format!("_{member}"));
            assert_eq!(owner == member, named, "{name} is said to belong to {owner:?}");
        }
    }
}

#[test]
fn dances_have_a_beat_and_go_on() {
    for (name, entry) in index().into_iter().filter(|(name, _)| name.starts_with("dance")) {
        assert!(entry.bpm > 0.0, "{name} has no beats per minute");
        assert!(entry.is_loop, "{name} does not go on");
        let beats = entry.seconds * entry.bpm / 60.0;
        assert!((beats - beats.round()).abs() < SAME_TIME, "{name} ends after {beats} beats");
    }
}

#[test]
fn they_are_motions_of_our_bones() {
    let known: BTreeSet<_> = names::bones().into_iter().collect();
    for (motion, tracks) in all() {
        let name = &motion.name;
        let version = motion.at("/extensions/VRMC_vrm_animation/specVersion");
        assert_eq!(version, "1.0", "VRMC_vrm_animation of {name}");
        assert_eq!(motion.list("/animations").len(), 1, "{name}: bevy_vrm1 plays the first only");
        for bone in motion.keys("/extensions/VRMC_vrm_animation/humanoid/humanBones") {
            assert!(known.contains(bone), "{name} moves {bone}, which our avatars do not have");
            let turns = tracks.iter().any(|track| track.name == format!("{bone}/rotation"));
            assert!(turns, "{name} says nothing of {bone}, which would keep its pose of before");
        }
        let moved = |track: &&Track| !track.turns();
        let moved: Vec<_> = tracks.iter().filter(moved).map(|track| &track.name).collect();
        assert_eq!(moved, ["hips/translation"], "{name}: only the hips change their place");
    }
}

#[test]
fn time_goes_forward_from_nought() {
    for (motion, tracks) in all() {
        for Track { name, times, rows } in tracks {
            let place = format!("{name} of {}", motion.name);
            assert_eq!(times.len(), rows.len(), "{place}: times and values");
            assert!(times.len() > 1, "{place}: bevy_vrm1 drops curves of one key");
            assert!(times.iter().all(|time| time.is_finite()), "{place}: a time is no number");
            assert_eq!(times.first(), Some(&0.0), "{place}: its first time");
            let rises = times.is_sorted_by(|a, b| a < b);
            assert!(rises, "{place}: a time is not after the one before");
        }
    }
}

#[test]
fn every_pose_is_a_pose() {
    for (motion, tracks) in all() {
        for track in tracks {
            let place = format!("{} of {}", track.name, motion.name);
            for (row, time) in track.rows.iter().zip(&track.times) {
                assert!(row.iter().all(|part| part.is_finite()), "{place} at {time} s: {row:?}");
                let length = row.iter().map(|part| part * part).sum::<f32>().sqrt();
                let is_unit = (length - 1.0).abs() < UNIT;
                assert!(is_unit || !track.turns(), "{place} at {time} s has the length {length}");
            }
        }
    }
}

/// Loops go on without a jump; others go back to where any motion may follow.
#[test]
fn the_last_pose_is_the_first() {
    for (motion, tracks) in all() {
        for track in tracks {
            let (place, gap) = (format!("{} of {}", track.name, motion.name), track.gap());
            assert!(gap < SAME_POSE, "{place} ends {gap} away from where it begins");
        }
    }
}
