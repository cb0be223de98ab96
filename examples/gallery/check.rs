//! `--check`: a few pictures, and what must be seen on them.

use std::path::Path;

use bevy::prelude::*;
use bevy_persona::cue::Look;

use crate::{
    GalleryError,
    picture::Picture,
    sheet::Sheet,
    studio::{BACKGROUND, Frame, NAMES, Studio},
};

/// The part of a picture that an avatar covers, at least.
const BODY: f32 = 0.08;
const FACE: f32 = 0.3;
/// The part of a face that another feeling changes, at least.
const FEELING: f32 = 0.01;
/// The part of the lower face that an open mouth changes, at least.
const MOUTH: f32 = 0.01;
/// The part of a face that is the same when an expression is over, at least.
const STILL: f32 = 0.995;
/// Seconds until the middle of the wave.
const HALF_WAVE: f32 = 1.5;
/// The part of the room beside her head that a waving hand takes, at least.
const WAVE: f32 = 0.03;

/// Makes sure that all four are there, and that faces and hands move.
pub fn run(studio: &mut Studio, out: Option<&Path>) -> Result<(), GalleryError> {
    let mut found = Found::default();
    let mut bodies = Sheet::new(NAMES, 1);
    studio.look_at(Frame::Body)?;
    let before = studio.photograph()?;
    found.each("body", BODY, before.iter().map(|body| body.covering(BACKGROUND)));
    studio.gesture("wave");
    studio.pass(HALF_WAVE);
    let waving = studio.photograph()?;
    let hands = |bodies: &[Picture]| bodies.iter().map(beside_head).collect::<Vec<_>>();
    found.each("wave", WAVE, changes(&hands(&before), &hands(&waving)));
    bodies.add("before", before);
    bodies.add("wave", waving);

    studio.look_at(Frame::Face)?;
    studio.hold_still();
    let mut faces = Sheet::new(NAMES, 1);
    let mut show = |name: &str| {
        studio.show(&Look::new([(name, 1.0)]));
        let pictures = studio.photograph()?;
        faces.add(name, pictures.clone());
        Ok::<_, GalleryError>(pictures)
    };
    let neutral = show("neutral")?;
    found.each("face", FACE, neutral.iter().map(|face| face.covering(BACKGROUND)));
    for name in ["happy", "sad", "angry", "surprised"] {
        found.each(name, FEELING, changes(&neutral, &show(name)?));
    }
    let open: Vec<_> = show("aa")?.iter().map(lower).collect();
    let shut: Vec<_> = neutral.iter().map(lower).collect();
    found.each("aa", MOUTH, changes(&shut, &open));
    // Whatever else moves must not pass for an expression.
    let again = show("neutral")?;
    found.each("stillness", STILL, changes(&neutral, &again).map(|change| 1.0 - change));

    if let Some(folder) = out {
        let failed = |error| GalleryError::Folder { folder: folder.to_owned(), error };
        std::fs::create_dir_all(folder).map_err(failed)?;
        bodies.draw().save(&folder.join("check-bodies.png"))?;
        faces.draw().save(&folder.join("check-faces.png"))?;
    }
    found.result()
}

/// The part of each picture that is other than before.
fn changes<'a>(before: &'a [Picture], after: &'a [Picture]) -> impl Iterator<Item = f32> + 'a {
    before.iter().zip(after).map(|(before, after)| before.differing(after))
}

/// Where the right hand of a waving body is, and nothing before.
fn beside_head(body: &Picture) -> Picture {
    let size = body.size();
    let (top, right) = (size.y / 10, size.x * 2 / 5);
    body.cut(URect::new(0, top, right, top + size.y / 4))
}

/// The lower half of a face.
fn lower(face: &Picture) -> Picture {
    let size = face.size();
    face.cut(URect::from_corners(UVec2::new(0, size.y / 2), size))
}

/// What was found wrong.
#[derive(Debug, Default)]
struct Found(Vec<String>);

impl Found {
    /// Takes down who does not reach what is wanted of her.
    fn each(&mut self, what: &str, wanted: f32, seen: impl Iterator<Item = f32>) {
        for (name, seen) in NAMES.iter().zip(seen) {
            let line = format!("{what} of {name}: {:.1} %", 100.0 * seen);
            info!("{line}");
            if seen < wanted {
                self.0.push(format!("{line}, wanted {:.1} %", 100.0 * wanted));
            }
        }
    }

    fn result(self) -> Result<(), GalleryError> {
        if self.0.is_empty() { Ok(()) } else { Err(GalleryError::Check(self.0.join("; "))) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_does_not_move_is_named() {
        let mut found = Found::default();
        found.each("wave", WAVE, [0.1, 0.0, 0.1, 0.1].into_iter());
        let error = found.result().unwrap_err().to_string();
        assert!(error.contains("wave of jena") && !error.contains("siwoo"), "{error}");
    }

    #[test]
    fn who_moves_is_well() {
        let mut found = Found::default();
        found.each("wave", WAVE, [0.1; 4].into_iter());
        assert!(found.result().is_ok());
    }
}
