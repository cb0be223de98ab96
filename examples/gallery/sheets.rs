//! Which pictures go on which sheet.

use std::path::Path;

use bevy::prelude::*;
use bevy_persona::cue::{CueSheet, Look};
use serde_json::{Map, Value};

use crate::{
    GalleryError,
    sheet::Sheet,
    studio::{Frame, NAMES, Studio},
};

/// The expressions of VRM 1.0, and those that our avatars have besides.
pub const EXPRESSIONS: [&str; 21] = [
    "neutral",
    "happy",
    "angry",
    "sad",
    "relaxed",
    "surprised",
    "shy",
    "playful",
    "love",
    "aa",
    "ih",
    "ou",
    "ee",
    "oh",
    "blink",
    "blinkLeft",
    "blinkRight",
    "lookUp",
    "lookDown",
    "lookLeft",
    "lookRight",
];
/// Rows on a sheet of faces, and on one of bodies.
const FACES: usize = 7;
const BODIES: usize = 7;
/// When a motion is drawn, in parts of its length.
pub const MOMENTS: [f32; 4] = [0.1, 0.33, 0.55, 0.8];

/// Draws every feeling with what goes with it, then every expression alone.
pub fn expressions(studio: &mut Studio, folder: &Path) -> Result<(), GalleryError> {
    studio.look_at(Frame::Face)?;
    let mut sheet = Sheet::new(NAMES, 1);
    for emotion in CueSheet::default().feelings.keys() {
        studio.feel(emotion);
        sheet.add(emotion.to_string(), studio.photograph()?);
    }
    save(&sheet, folder, "feelings.png")?;
    studio.hold_still();
    for (number, names) in (1..).zip(EXPRESSIONS.chunks(FACES)) {
        let mut sheet = Sheet::new(NAMES, 1);
        for name in names {
            studio.show(&Look::new([(*name, 1.0)]));
            sheet.add(*name, studio.photograph()?);
        }
        save(&sheet, folder, &format!("expressions-{number}.png"))?;
    }
    Ok(())
}

/// Draws every motion at some moments.
pub fn motions(studio: &mut Studio, folder: &Path) -> Result<(), GalleryError> {
    studio.look_at(Frame::Body)?;
    for (number, motions) in (1..).zip(lengths().chunks(BODIES)) {
        let mut sheet = Sheet::new(NAMES, u32::try_from(MOMENTS.len()).unwrap_or(1));
        for (name, seconds) in motions {
            let mut moments = Vec::new();
            studio.gesture(name);
            let mut now = 0.0;
            for moment in MOMENTS {
                studio.pass(moment * seconds - now);
                now = moment * seconds;
                moments.push(studio.photograph()?);
            }
            studio.end_gesture();
            let of_each = (0..NAMES.len())
                .flat_map(|who| moments.iter().filter_map(move |all| all.get(who).cloned()));
            sheet.add(name.as_str(), of_each.collect());
        }
        save(&sheet, folder, &format!("motions-{number}.png"))?;
    }
    Ok(())
}

/// All motions with their lengths in seconds.
fn lengths() -> Vec<(String, f32)> {
    let list = include_str!("../../assets/motions/motions.json");
    let list: Map<String, Value> = serde_json::from_str(list).unwrap_or_else(|error| {
        error!("motions.json: {error}");
        Map::new()
    });
    let length = |motion: &Value| motion["seconds"].as_f64().unwrap_or(1.0);
    #[expect(clippy::cast_possible_truncation, reason = "seconds with one digit")]
    list.into_iter().map(|(name, motion)| (name, length(&motion) as f32)).collect()
}

fn save(sheet: &Sheet, folder: &Path, name: &str) -> Result<(), GalleryError> {
    let path = folder.join(name);
    sheet.draw().save(&path)?;
    info!("{}", path.display());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_motion_has_a_length() {
        let lengths = lengths();
        assert!(lengths.len() > 20);
        assert!(lengths.iter().all(|(_, seconds)| *seconds > 0.5));
    }
}
