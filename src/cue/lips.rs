//! What a voice does to a mouth.

use bevy::prelude::*;

use crate::voice::MouthPose;

/// The mouth of somebody who has a voice, at the moment.
///
/// Whoever makes the voice writes it; views of faces read it instead of guessing from the words.
#[derive(Debug, Clone, Copy, PartialEq, Default, Component)]
pub struct LipSync {
    /// Whether she speaks: feelings leave the mouth to the words.
    pub speaks: bool,
    /// How far each vowel is shaped.
    pub pose: MouthPose,
}

/// The word that somebody who has a voice is saying, for subtitles: where it stands in the reply, in bytes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Component)]
pub struct SpokenWord(pub Option<std::ops::Range<usize>>);
