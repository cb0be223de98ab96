//! What an avatar can show, and what it lacks.

use std::fmt;

use super::{AvatarFace, FaceRig};
use crate::{
    cue::{CueSheet, Look},
    mind::Emotion,
    view::avatar::info::AvatarInfo,
};

/// Expressions of our own sheet that few avatars have, and what stands in for them.
const STAND_INS: &[(&str, &[(&str, f32)])] = &[
    ("shy", &[("sad", 0.35), ("ee", 0.25), ("lookDown", 0.3)]),
    ("love", &[("relaxed", 0.6), ("ee", 0.2)]),
    ("playful", &[("happy", 0.5)]),
    ("surprised", &[("oh", 0.4)]),
    ("relaxed", &[("happy", 0.4)]),
];

/// The expressions of this avatar that a look consists of, as places in the rig, with their weights.
pub(super) fn resolve(look: &Look, rig: &FaceRig) -> Vec<(usize, f32)> {
    let mut parts = Vec::new();
    for (name, weight) in look.parts() {
        match rig.shape(name) {
            Some(place) => parts.push((place, weight)),
            None => parts.extend(
                stand_in(name)
                    .filter_map(|(other, share)| Some((rig.shape(other)?, weight * share))),
            ),
        }
    }
    parts
}

fn stand_in(missing: &str) -> impl Iterator<Item = (&'static str, f32)> {
    let known = STAND_INS.iter().find(|(name, _)| *name == missing);
    known.into_iter().flat_map(|(_, parts)| parts.iter().copied())
}

/// The emotions that an avatar can show.
///
/// A look counts if one of its parts is there; a look without parts is the face at rest.
pub(super) fn emotions(sheet: &CueSheet, rig: &FaceRig) -> Vec<Emotion> {
    let shows = |look: &Look| look.is_at_rest() || !resolve(look, rig).is_empty();
    let shown = sheet.feelings.iter().filter(|(_, cue)| shows(&cue.look));
    shown.map(|(emotion, _)| emotion.clone()).collect()
}

/// An expression that looks need and the avatar lacks.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Gap {
    expression: String,
    needed_by: Vec<Emotion>,
    advice: String,
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let emotions: Vec<_> = self.needed_by.iter().map(Emotion::as_str).collect();
        let Self { expression, advice, .. } = self;
        write!(f, "no expression `{expression}`, which shows {}: {advice}", emotions.join(", "))
    }
}

/// Every expression that is needed and missing, with what to do about it.
///
/// One that another stands in for is not missed.
pub(super) fn gaps(sheet: &CueSheet, info: &AvatarInfo, face: &AvatarFace) -> Vec<Gap> {
    let has = |name: &str| face.shapes.contains_key(name) || info.expressions.contains_key(name);
    let mut gaps: Vec<Gap> = Vec::new();
    for (emotion, cue) in &sheet.feelings {
        for (name, _) in cue.look.parts() {
            if has(name) || stand_in(name).any(|(other, _)| has(other)) {
                continue;
            }
            match gaps.iter_mut().find(|gap| gap.expression == *name) {
                Some(gap) => gap.needed_by.push(emotion.clone()),
                None => gaps.push(Gap {
                    expression: name.into(),
                    needed_by: vec![emotion.clone()],
                    advice: advice(name, info),
                }),
            }
        }
    }
    gaps
}

fn advice(missing: &str, info: &AvatarInfo) -> String {
    let likeness = |name: &str| strsim::jaro_winkler(&missing.to_lowercase(), &name.to_lowercase());
    let shapes = info.shapes.iter().map(|shape| shape.shape.as_str());
    let known = info.expressions.keys().map(String::as_str).chain(shapes);
    let close = known.filter(|name| likeness(name) > 0.8);
    match close.max_by(|a, b| likeness(a).total_cmp(&likeness(b))) {
        Some(name) => format!("did it mean `{name}`? Name it with `AvatarFace::with_shapes`"),
        None if info.shapes.is_empty() => "its meshes have no shapes at all".into(),
        None => {
            let names: Vec<_> = info.expressions.keys().map(String::as_str).collect();
            format!(
                "make it of shapes with `AvatarFace::with_shapes`, or give the look other parts in a cue sheet; there are {}",
                names.join(", ")
            )
        }
    }
}
