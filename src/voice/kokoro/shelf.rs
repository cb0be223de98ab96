//! The style tables of a folder, and who speaks with which.

use std::{
    collections::{BTreeMap, HashMap, hash_map::Entry},
    fs, io,
    path::PathBuf,
};

use super::StyleTable;
use crate::voice::VoiceError;

/// What tells the pitches of the tables.
const PITCHES: &str = "pitches.toml";
/// How far a borrowed voice is made higher or lower, so that it is less like its owner's: more, and her throat would
/// be that of a child or a giant.
const MOST_BORROWED: f32 = 0.08;

/// The style tables of a folder.
///
/// Who has a table of her own, `{speaker}.voice`, speaks with that. Others borrow the one whose pitch is the nearest,
/// and it is made a little higher or lower.
pub(super) struct Shelf {
    folder: PathBuf,
    tables: HashMap<String, StyleTable>,
    /// Of each speaker without a table and her pitch, whose she borrows, and how much higher it is.
    borrowed: HashMap<(String, u32), (String, f32)>,
}

/// With what somebody speaks.
pub(super) struct Voice<'a> {
    /// How it sounds.
    pub(super) table: &'a StyleTable,
    /// How much higher it is than the table makes it.
    pub(super) pitch: f32,
}

impl Shelf {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder, tables: HashMap::new(), borrowed: HashMap::new() }
    }

    /// The voice of somebody whose mean pitch is `pitch_hz`.
    pub(super) fn voice(&mut self, speaker: &str, pitch_hz: f32) -> Result<Voice<'_>, VoiceError> {
        let (owner, pitch) = if self.has_own(speaker) {
            (speaker.into(), 1.0)
        } else {
            self.borrowed(speaker, pitch_hz)?
        };
        Ok(Voice { table: self.table(owner)?, pitch })
    }

    fn borrowed(&mut self, speaker: &str, pitch_hz: f32) -> Result<(String, f32), VoiceError> {
        let borrower = (speaker.to_owned(), pitch_hz.to_bits());
        if let Some(known) = self.borrowed.get(&borrower) {
            return Ok(known.clone());
        }
        let nearest = self.nearest(speaker, pitch_hz)?;
        self.borrowed.insert(borrower, nearest.clone());
        Ok(nearest)
    }

    fn has_own(&self, speaker: &str) -> bool {
        self.tables.contains_key(speaker) || (is_name(speaker) && self.path(speaker).is_file())
    }

    fn path(&self, owner: &str) -> PathBuf {
        self.folder.join(format!("{owner}.voice"))
    }

    fn table(&mut self, owner: String) -> Result<&StyleTable, VoiceError> {
        let path = self.path(&owner);
        match self.tables.entry(owner) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(new) => Ok(new.insert(StyleTable::load(&path)?)),
        }
    }

    /// Whose voice is the nearest, and how much higher it is to be.
    fn nearest(&self, speaker: &str, pitch_hz: f32) -> Result<(String, f32), VoiceError> {
        let distance = |pitch: f32| (pitch / pitch_hz.clamp(50.0, 600.0)).ln().abs();
        let pitches = self.pitches()?.into_iter().filter(|(owner, _)| self.has_own(owner));
        let (owner, pitch) = pitches
            .min_by(|a, b| distance(a.1).total_cmp(&distance(b.1)))
            .ok_or_else(|| VoiceError::NoVoice(speaker.into()))?;
        let higher = (pitch_hz / pitch).clamp(1.0 - MOST_BORROWED, 1.0 + MOST_BORROWED);
        Ok((owner, if higher.is_finite() { higher } else { 1.0 }))
    }

    /// The pitch of each table in hertz. A folder without that file has none to lend.
    fn pitches(&self) -> Result<BTreeMap<String, f32>, VoiceError> {
        let path = self.folder.join(PITCHES);
        let broken = |problem: String| VoiceError::Broken { path: path.clone(), problem };
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
            Err(error) => return Err(VoiceError::unreadable(&path, &error)),
        };
        let pitches: BTreeMap<String, f32> =
            toml::from_str(&text).map_err(|error| broken(error.to_string()))?;
        match pitches.iter().find(|(_, pitch)| !(50.0..=600.0).contains(*pitch)) {
            Some((owner, pitch)) => {
                Err(broken(format!("{owner}: {pitch} is not within 50..600 Hz")))
            }
            None => Ok(pitches),
        }
    }
}

/// A name must not lead out of the folder.
fn is_name(speaker: &str) -> bool {
    let is_of_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    !speaker.is_empty() && speaker.chars().all(is_of_name)
}

#[cfg(test)]
mod tests {
    use tempfile::{TempDir, tempdir};

    use super::*;

    /// A folder with three voices, whose tables hold 1, 2 and 3.
    fn shelf(pitches: &str) -> (TempDir, Shelf) {
        let folder = tempdir().unwrap();
        for (owner, number) in [("low", 1.0_f32), ("middle", 2.0), ("high", 3.0)] {
            let bytes: Vec<u8> = (0..510 * 256).flat_map(|_| number.to_le_bytes()).collect();
            fs::write(folder.path().join(format!("{owner}.voice")), bytes).unwrap();
        }
        fs::write(folder.path().join(PITCHES), pitches).unwrap();
        let shelf = Shelf::new(folder.path().into());
        (folder, shelf)
    }

    const PITCHES_OF_THREE: &str = "low = 120\nmiddle = 200\nhigh = 250\nlost = 221\n";

    #[test]
    fn who_has_a_table_speaks_with_it_as_it_is() {
        let (_folder, mut shelf) = shelf(PITCHES_OF_THREE);
        let voice = shelf.voice("low", 250.0).unwrap();
        assert_eq!((voice.table.style(9)[0], voice.pitch), (1.0, 1.0));
    }

    #[test]
    fn others_borrow_the_nearest_and_it_is_tuned() {
        let (_folder, mut shelf) = shelf(PITCHES_OF_THREE);
        for (pitch_hz, number, pitch) in
            [(206.0, 2.0, 1.03), (60.0, 1.0, 0.92), (240.0, 3.0, 0.96), (9000.0, 3.0, 1.08)]
        {
            let speaker = format!("guest{pitch_hz}");
            for _ in 0..2 {
                let voice = shelf.voice(&speaker, pitch_hz).unwrap();
                assert_eq!(voice.table.style(9)[0], number, "{pitch_hz}");
                assert!((voice.pitch - pitch).abs() < 1e-3, "{pitch_hz}: {}", voice.pitch);
            }
        }
    }

    #[test]
    fn strange_names_and_pitches_borrow_too() {
        let (_folder, mut shelf) = shelf(PITCHES_OF_THREE);
        for (speaker, pitch_hz) in [("../low", 200.0), ("", 200.0), ("guest", f32::NAN)] {
            assert!(shelf.voice(speaker, pitch_hz).unwrap().pitch.is_finite());
        }
    }

    #[test]
    fn a_folder_that_lends_nothing_says_so() {
        let mut shelf = Shelf::new(tempdir().unwrap().path().into());
        let error = shelf.voice("nobody", 200.0).err().unwrap();
        assert!(matches!(error, VoiceError::NoVoice(name) if name == "nobody"));
    }

    #[test]
    fn broken_pitches_are_told_and_hurt_only_those_who_borrow() {
        for (pitches, problem) in [("low = ", "line 1"), ("low = 0", "low: 0 is not")] {
            let (_folder, mut shelf) = shelf(pitches);
            let error = shelf.voice("guest", 200.0).err().unwrap().to_string();
            assert!(error.contains("pitches.toml") && error.contains(problem), "{error}");
            assert!(shelf.voice("low", 200.0).is_ok());
        }
    }
}
