//! Adds up the layers of a face.

use bevy::prelude::*;

use super::{
    blink::Blink,
    fit::resolve,
    mouth::{Mouth, Vowel},
    shapes::{FaceRig, Role, Shape},
};
use crate::{
    cue::{CueSheet, LipSync, Look},
    mind::{Emotion, EmotionTag},
    view::avatar::info::{Block, Region},
    voice::MouthPose,
};

/// What of a feeling stays on a mouth that speaks.
const MOUTH_SHARE: f32 = 0.2;
/// What of a feeling stays while she speaks, if the avatar has shapes for the whole face only.
const WHOLE_SHARE: f32 = 0.6;
/// Seconds in which a mouth is taken over by speech, and in which it is given back.
const SPEECH_IN: f32 = 0.15;
const SPEECH_OUT: f32 = 0.4;
/// How strongly a feeling that comes up flashes, and in how many seconds that is over.
const FLASH: f32 = 0.35;
const FLASH_FADE: f32 = 1.4;
/// Seconds in which a script's face comes and goes.
const SCRIPT_FADE: f32 = 0.35;
/// How far any weight but a blink's may move in a second: 0.25 in a sixtieth.
const SPEED: f32 = 15.0;
/// Degrees that the eyes turn at the full weight of `lookLeft` and the like.
const LOOK_RANGE: Vec2 = Vec2::new(30.0, 22.0);

/// The shapes of [`Vowel::ALL`] for a mouth that speaks. A toon mouth at full weight shouts.
fn spoken(pose: &MouthPose) -> [f32; 5] {
    [pose.aa, pose.ih, pose.ou, pose.ee, pose.oh].map(|weight| 0.6 * weight)
}

/// What moves in one face, and what it shows.
#[derive(Debug, Default, Component)]
pub(crate) struct FaceState {
    /// Begins with the first frame.
    blink: Option<Blink>,
    mouth: Mouth,
    /// How far the mouth is taken over by speech, 0..1.
    speech: f32,
    /// The looks of the emotions, as places in the rig.
    looks: Vec<(Emotion, Vec<(usize, f32)>)>,
    /// What has just come up, and how much of its flash is left, 0..1.
    flash: Option<(EmotionTag, f32)>,
    /// A script's face, and how far it has come, 0..1.
    scripted: Vec<(usize, f32)>,
    is_scripted: bool,
    script: f32,
    places: Places,
    /// For each expression of the rig: what it should be, and what it is.
    goal: Vec<f32>,
    now: Vec<f32>,
    /// For each slot of the rig: shape and weight.
    out: Vec<(usize, f32)>,
}

/// Where expressions that the face moves by itself are in the rig.
#[derive(Debug, Default)]
struct Places {
    vowels: [Option<usize>; 5],
    blink: Option<usize>,
    look: [Option<usize>; 4],
    surprised: Option<usize>,
}

impl FaceState {
    /// Takes on an avatar, a sheet or a script.
    pub(super) fn fit(&mut self, rig: &FaceRig, sheet: &CueSheet, scripted: Option<&Look>) {
        self.looks = sheet
            .feelings
            .iter()
            .map(|(emotion, cue)| (emotion.clone(), resolve(&cue.look, rig)))
            .collect();
        self.is_scripted = scripted.is_some();
        if let Some(look) = scripted {
            self.scripted = resolve(look, rig);
        }
        self.places = Places {
            vowels: Vowel::ALL.map(|vowel| rig.shape(vowel.expression())),
            blink: rig.shape("blink"),
            look: ["lookLeft", "lookRight", "lookUp", "lookDown"].map(|name| rig.shape(name)),
            surprised: rig.shape("surprised"),
        };
        self.goal.resize(rig.shapes.len(), 0.0);
        self.now.resize(rig.shapes.len(), 0.0);
        self.out = rig.slots.iter().map(|(_, shape)| (*shape, 0.0)).collect();
        self.scripted.retain(|(place, _)| *place < rig.shapes.len());
    }

    /// A feeling comes up.
    pub(super) fn flash(&mut self, tag: &EmotionTag) {
        self.flash = Some((tag.clone(), 1.0));
    }

    /// Words to say.
    pub(super) fn hear(&mut self, text: &str) {
        self.mouth.hear(text);
    }

    /// No more words.
    pub(super) fn hush(&mut self) {
        self.mouth.hush();
    }

    /// Moves on by `dt` seconds. `eyes` are turned by so many degrees to her left and down.
    pub(super) fn advance(
        &mut self,
        dt: f32,
        seed: u64,
        blinks: bool,
        rig: &FaceRig,
        blend: &[(Emotion, f32)],
        eyes: Vec2,
        lips: Option<&LipSync>,
    ) {
        if self.now.len() != rig.shapes.len() {
            return;
        }
        self.mouth.advance(dt);
        let speaks = lips.map_or_else(|| self.mouth.is_speaking(), |lips| lips.speaks);
        let step = if speaks { dt / SPEECH_IN } else { -dt / SPEECH_OUT };
        self.speech = (self.speech + step).clamp(0.0, 1.0);
        self.goal.fill(0.0);
        self.feel(dt, blend);
        self.follow_script(dt);
        self.turn_eyes(rig, eyes);
        self.speak(rig, lips);
        for ((goal, now), shape) in self.goal.iter().zip(&mut self.now).zip(&rig.shapes) {
            let goal =
                if shape.is_binary { f32::from(u8::from(*goal > 0.5)) } else { goal.min(1.0) };
            let limit = if shape.is_binary { 1.0 } else { SPEED * dt };
            *now += (goal - *now).clamp(-limit, limit);
            if now.abs() < 1e-4 {
                *now = 0.0;
            }
        }
        self.close_lids(dt, seed, blinks, rig);
    }

    fn feel(&mut self, dt: f32, blend: &[(Emotion, f32)]) {
        for (emotion, weight) in blend {
            let Some((_, look)) = self.looks.iter().find(|(known, _)| known == emotion) else {
                continue;
            };
            for (place, share) in look {
                self.goal[*place] += share * weight;
            }
        }
        if let Some((tag, left)) = &mut self.flash {
            let look = self.looks.iter().find(|(known, _)| *known == tag.emotion);
            for (place, share) in look.map(|(_, look)| look.as_slice()).unwrap_or_default() {
                let flash = share * tag.intensity * FLASH * *left;
                // On top of what is not yet there of the mood.
                self.goal[*place] = self.goal[*place].max((self.goal[*place] + flash).min(*share));
            }
            *left -= dt / FLASH_FADE;
            if *left <= 0.0 {
                self.flash = None;
            }
        }
    }

    fn follow_script(&mut self, dt: f32) {
        let step = if self.is_scripted { dt } else { -dt } / SCRIPT_FADE;
        self.script = (self.script + step).clamp(0.0, 1.0);
        if self.script == 0.0 {
            return;
        }
        for goal in &mut self.goal {
            *goal *= 1.0 - self.script;
        }
        for (place, weight) in &self.scripted {
            self.goal[*place] += weight * self.script;
        }
    }

    fn turn_eyes(&mut self, rig: &FaceRig, eyes: Vec2) {
        let free = 1.0 - self.blocked(rig, |shape| shape.blocks_look);
        let Vec2 { x: left, y: down } = eyes / LOOK_RANGE * free;
        let turns = [left, -left, -down, down];
        for (place, weight) in self.places.look.iter().zip(turns) {
            if let Some(place) = place {
                self.goal[*place] += weight.max(0.0);
            }
        }
    }

    fn speak(&mut self, rig: &FaceRig, lips: Option<&LipSync>) {
        let open = 1.0 - self.blocked(rig, |shape| shape.blocks_mouth);
        let pose = lips.map_or_else(|| self.mouth.pose(), |lips| lips.pose);
        let vowels = spoken(&pose);
        for (place, weight) in self.places.vowels.iter().zip(vowels) {
            if let Some(place) = place {
                let felt = self.goal[*place] * (1.0 + (MOUTH_SHARE - 1.0) * self.speech);
                self.goal[*place] = felt + weight * open;
            }
        }
    }

    /// How far what shows keeps a part of the face still, 0..1.
    fn blocked(&self, rig: &FaceRig, part: impl Fn(&Shape) -> Block) -> f32 {
        let shares = rig.shapes.iter().zip(&self.now).map(|(shape, now)| part(shape).share(*now));
        shares.fold(0.0, f32::max)
    }

    fn close_lids(&mut self, dt: f32, seed: u64, blinks: bool, rig: &FaceRig) {
        let Some(place) = self.places.blink else { return };
        let wide = self.places.surprised.map_or(0.0, |place| self.now[place]);
        let shut = self.blocked(rig, |shape| shape.blocks_blink);
        let blink = self.blink.get_or_insert_with(|| Blink::new(seed));
        let lids = if blinks { blink.advance(dt, wide < 0.4 && shut < 0.5) } else { 0.0 };
        self.now[place] = (self.goal[place].min(1.0)).max(lids) * (1.0 - shut);
    }

    /// Gives each mesh its shapes with their weights.
    pub(super) fn write(&mut self, rig: &FaceRig, mut give: impl FnMut(Entity, &[(usize, f32)])) {
        if self.now.len() != rig.shapes.len() {
            return;
        }
        for (_, weight) in &mut self.out {
            *weight = 0.0;
        }
        for (shape, now) in rig.shapes.iter().zip(&self.now) {
            if *now == 0.0 {
                continue;
            }
            for bind in &shape.binds {
                let share = match (shape.role, bind.region) {
                    (Role::Feeling, Region::Mouth) => 1.0 + (MOUTH_SHARE - 1.0) * self.speech,
                    (Role::Feeling, Region::Whole) => 1.0 + (WHOLE_SHARE - 1.0) * self.speech,
                    _ => 1.0,
                };
                self.out[bind.slot].1 += now * bind.weight * share;
            }
        }
        for (_, weight) in &mut self.out {
            *weight = weight.clamp(0.0, 1.0);
        }
        let mut from = 0;
        while from < self.out.len() {
            let (mesh, _) = rig.slots[from];
            let until = rig.slots[from..].partition_point(|(other, _)| *other == mesh) + from;
            if let Some(entity) = rig.mesh(from) {
                give(entity, &self.out[from..until]);
            }
            from = until;
        }
    }

    /// What an expression shows at the moment, 0..1.
    #[cfg(test)]
    pub(super) fn shown(&self, rig: &FaceRig, name: &str) -> f32 {
        rig.shape(name).map_or(0.0, |place| self.now[place])
    }
}
