//! What a face shows, without a renderer.

use std::collections::BTreeMap;

use bevy::{platform::collections::HashMap, prelude::*};

use super::{AvatarFace, FaceRig, FaceState, fit};
use crate::{
    cue::{CueSheet, Look},
    mind::{Emotion, EmotionTag},
    view::avatar::info::{AvatarFormat, AvatarInfo, Block, Expression, ShapeBind},
};

const FRAME: f32 = 1.0 / 60.0;

/// A face with one shape for each of these expressions, named `mouth…` or `brow…` or as the expression.
struct Model {
    info: AvatarInfo,
    rig: FaceRig,
    state: FaceState,
    sheet: CueSheet,
}

fn model(expressions: &[(&str, &[&str])]) -> Model {
    let mut shapes = Vec::new();
    let mut made = BTreeMap::new();
    for (name, parts) in expressions {
        let binds: Vec<_> = parts
            .iter()
            .map(|part| {
                let index = shapes.len();
                let bind =
                    ShapeBind { node: "face".into(), index, shape: (*part).into(), weight: 1.0 };
                shapes.push(bind.clone());
                bind
            })
            .collect();
        made.insert((*name).to_owned(), Expression { binds, ..Expression::default() });
    }
    let info = AvatarInfo {
        format: AvatarFormat::Vrm1,
        name: "Test".into(),
        bones: BTreeMap::new(),
        expressions: made,
        shapes,
    };
    let mut world = World::new();
    let nodes = HashMap::from([("face", world.spawn_empty().id())]);
    let mut rig = FaceRig::find(&info, &nodes);
    rig.adapt(&info, &AvatarFace::default());
    let sheet = CueSheet::default();
    let mut state = FaceState::default();
    state.fit(&rig, &sheet, None);
    Model { info, rig, state, sheet }
}

fn whole() -> Model {
    model(&[
        ("happy", &["mouthSmile", "eyeSquint"]),
        ("sad", &["browInnerUp"]),
        ("angry", &["browDown"]),
        ("surprised", &["eyeWide"]),
        ("relaxed", &["Fcl_ALL_Fun"]),
        ("aa", &["jawOpen"]),
        ("oh", &["mouthFunnel"]),
        ("ee", &["mouthStretch"]),
        ("ih", &["mouthDimple"]),
        ("ou", &["mouthPucker"]),
        ("blink", &["eyeBlink"]),
        ("lookLeft", &["eyeLookLeft"]),
        ("lookRight", &["eyeLookRight"]),
        ("lookUp", &["eyeLookUp"]),
        ("lookDown", &["eyeLookDown"]),
    ])
}

impl Model {
    fn advance(&mut self, blinks: bool, blend: &[(Emotion, f32)]) {
        self.state.advance(FRAME, 7, blinks, &self.rig, blend, Vec2::ZERO, None);
    }

    fn shown(&self, name: &str) -> f32 {
        self.state.shown(&self.rig, name)
    }

    /// What reaches a shape of the mesh.
    fn written(&mut self, shape: &str) -> f32 {
        let index = self.info.shapes.iter().position(|known| known.shape == shape).unwrap();
        let mut found = 0.0;
        self.state.write(&self.rig, |_, weights| {
            if let Some((_, weight)) = weights.iter().find(|(known, _)| *known == index) {
                found = *weight;
            }
        });
        found
    }
}

#[test]
fn a_feeling_shows_from_the_first_frame_and_reaches_its_look() {
    let mut face = whole();
    face.state.flash(&EmotionTag::new(Emotion::Joy, 1.0));
    face.advance(false, &[(Emotion::Joy, 0.03)]);
    assert!(face.written("mouthSmile") > 0.05);
    for _ in 0..240 {
        face.advance(false, &[(Emotion::Joy, 1.0)]);
    }
    assert!((face.shown("happy") - 0.85).abs() < 0.02, "{}", face.shown("happy"));
}

#[test]
fn no_weight_but_a_blink_jumps_whatever_happens() {
    let mut face = whole();
    let feelings = [Emotion::Joy, Emotion::Angry, Emotion::Surprised, Emotion::Sad, Emotion::Shy];
    let names: Vec<_> =
        face.info.expressions.keys().filter(|name| *name != "blink").cloned().collect();
    let mut before: Vec<f32> = vec![0.0; names.len()];
    for frame in 0..2000 {
        let feeling = &feelings[frame / 13 % feelings.len()];
        if frame % 13 == 0 {
            face.state.flash(&EmotionTag::new(feeling.clone(), 1.0));
        }
        if frame % 40 == 0 {
            face.state.hear("Oh, what a day! I am so glad.");
        }
        if frame % 97 == 0 {
            face.state.hush();
        }
        // A blend never moves like this; even so nothing may jump.
        face.advance(true, &[(feeling.clone(), 1.0)]);
        for (name, before) in names.iter().zip(&mut before) {
            let now = face.shown(name);
            assert!((now - *before).abs() <= 0.2501, "{name} jumped from {before} to {now}");
            *before = now;
        }
    }
}

#[test]
fn after_silence_the_face_is_at_rest() {
    let mut face = whole();
    face.state.flash(&EmotionTag::new(Emotion::Joy, 1.0));
    face.state.hear("Hello there, how are you?");
    for _ in 0..200 {
        face.advance(false, &[(Emotion::Joy, 1.0)]);
    }
    for _ in 0..400 {
        face.advance(false, &[]);
    }
    let names: Vec<_> = face.info.expressions.keys().cloned().collect();
    for name in names {
        assert_eq!(face.shown(&name), 0.0, "{name}");
    }
}

#[test]
fn a_speaking_mouth_is_the_speech_s_and_brows_and_eyes_stay_the_feeling_s() {
    let mut face = whole();
    for _ in 0..200 {
        face.advance(false, &[(Emotion::Joy, 1.0)]);
    }
    let (smile, squint) = (face.written("mouthSmile"), face.written("eyeSquint"));
    for _ in 0..20 {
        face.state.hear("la la la ");
        face.advance(false, &[(Emotion::Joy, 1.0)]);
    }
    assert!((face.written("mouthSmile") - 0.2 * smile).abs() < 0.02);
    assert!((face.written("eyeSquint") - squint).abs() < 0.02);
    face.state.hush();
    for _ in 0..40 {
        face.advance(false, &[(Emotion::Joy, 1.0)]);
    }
    assert!((face.written("mouthSmile") - smile).abs() < 0.05);
}

/// How far the lids closed at most in a minute.
fn widest_blink(face: &mut Model, blend: &[(Emotion, f32)]) -> f32 {
    let mut widest = 0.0_f32;
    for _ in 0..3600 {
        face.advance(true, blend);
        widest = widest.max(face.shown("blink"));
    }
    widest
}

#[test]
fn a_calm_face_blinks_and_a_surprised_one_does_not() {
    assert!(widest_blink(&mut whole(), &[]) > 0.8);
    let mut face = whole();
    for _ in 0..60 {
        face.advance(false, &[(Emotion::Surprised, 1.0)]);
    }
    assert!(widest_blink(&mut face, &[(Emotion::Surprised, 1.0)]) < 0.01);
}

#[test]
fn a_smile_that_blocks_blinks_keeps_the_lids_as_they_are() {
    let mut face = whole();
    if let Some(happy) = face.info.expressions.get_mut("happy") {
        happy.blocks_blink = Block::Always;
    }
    face.rig.adapt(&face.info, &AvatarFace::default());
    for _ in 0..60 {
        face.advance(false, &[(Emotion::Joy, 1.0)]);
    }
    assert!(widest_blink(&mut face, &[(Emotion::Joy, 1.0)]) < 0.01);
}

#[test]
fn eyes_go_where_the_gaze_goes() {
    let mut face = whole();
    for _ in 0..30 {
        face.state.advance(FRAME, 7, false, &face.rig, &[], Vec2::new(15.0, -11.0), None);
    }
    assert!((face.shown("lookLeft") - 0.5).abs() < 0.01);
    assert!((face.shown("lookUp") - 0.5).abs() < 0.01);
    assert_eq!((face.shown("lookRight"), face.shown("lookDown")), (0.0, 0.0));
}

#[test]
fn a_script_has_the_face_until_it_lets_go() {
    let mut face = whole();
    let look = Look::new([("angry", 1.0)]);
    face.state.fit(&face.rig, &face.sheet, Some(&look));
    for _ in 0..60 {
        face.advance(false, &[(Emotion::Joy, 1.0)]);
    }
    assert!(face.shown("angry") > 0.99 && face.shown("happy") < 0.01);
    face.state.fit(&face.rig, &face.sheet, None);
    for _ in 0..60 {
        face.advance(false, &[(Emotion::Joy, 1.0)]);
    }
    assert!(face.shown("angry") < 0.01 && face.shown("happy") > 0.8);
}

#[test]
fn what_an_avatar_lacks_is_told_with_a_likely_name() {
    let face = model(&[("Angri", &["x"]), ("happy", &["smile"]), ("sad", &["frown"])]);
    let gaps = fit::gaps(&face.sheet, &face.info, &AvatarFace::default());
    let text: Vec<_> = gaps.iter().map(ToString::to_string).collect();
    let angry = text.iter().find(|gap| gap.contains("`angry`")).unwrap();
    assert!(angry.contains("did it mean `Angri`?"), "{angry}");
    assert!(!text.iter().any(|gap| gap.contains("`playful`")), "happy stands in for it: {text:?}");
}

#[test]
fn an_avatar_feels_only_what_it_can_show() {
    let face = model(&[("happy", &["smile"]), ("sad", &["frown"])]);
    let emotions = fit::emotions(&face.sheet, &face.rig);
    assert!(emotions.contains(&Emotion::Neutral) && emotions.contains(&Emotion::Joy));
    assert!(emotions.contains(&Emotion::Shy), "sad stands in for shy");
    assert!(!emotions.contains(&Emotion::Angry));
}

#[test]
fn the_game_s_own_shapes_go_before_the_file_s() {
    let mut face = whole();
    let own = AvatarFace::default().with_shapes("happy", [("mouthDimple", 0.5)]);
    face.rig.adapt(&face.info, &own);
    face.state.fit(&face.rig, &face.sheet, None);
    for _ in 0..200 {
        face.advance(false, &[(Emotion::Joy, 1.0)]);
    }
    assert!(face.written("mouthDimple") > 0.4 && face.written("mouthSmile") < 0.01);
}
