//! What a character shows for each feeling, activity and word: data, not code.

use std::collections::BTreeMap;

use bevy::prelude::*;
use serde::Deserialize;

use super::{Activity, GazeManner, Look, Posture, VoiceCue};
use crate::{
    mind::{Emotion, EmotionTag},
    voice::NonVerbal,
};

/// How characters show what goes on in them; read from `*.cues.ron`.
///
/// [`CueSheet::default`] is the sheet that comes with the crate, `assets/cues/default.cues.ron`. A
/// character's own sheet needs to name only what is different: see [`CueSheet::over`].
///
/// # Example
/// ```
/// use bevy_persona::{cue::CueSheet, mind::Emotion};
///
/// let text = r#"(feelings: { "joy": (look: { "happy": 0.4 }, gestures: ["nod"]) })"#;
/// let reserved = CueSheet::from_ron("taira.cues.ron", text).unwrap();
/// let sheet = reserved.over(&CueSheet::default());
/// assert_eq!(sheet.feelings[&Emotion::Joy].gestures, ["nod"]);
/// assert!(sheet.feelings.contains_key(&Emotion::Sad));
/// ```
#[derive(Debug, Clone, PartialEq, Deserialize, Asset, TypePath)]
#[serde(deny_unknown_fields)]
pub struct CueSheet {
    /// What each feeling looks like.
    #[serde(default)]
    pub feelings: BTreeMap<Emotion, FeelingCue>,
    /// What she does in each activity.
    #[serde(default)]
    pub activities: BTreeMap<Activity, ActivityCue>,
    /// Gestures that words call for; the first entry that fits wins.
    #[serde(default)]
    pub words: Vec<WordCue>,
}

/// What a feeling looks and sounds like at full strength.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FeelingCue {
    /// The face.
    pub look: Look,
    /// How she holds herself.
    pub posture: Posture,
    /// Names of motions, one of which may accompany the feeling when it comes up.
    pub gestures: Vec<String>,
    /// Where her eyes go.
    pub gaze: GazeManner,
    /// What it does to her voice.
    pub voice: VoiceCue,
    /// Sounds without words, one of which may come with the feeling if it is strong.
    pub sounds: Vec<NonVerbal>,
}

/// What she does meanwhile.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ActivityCue {
    /// Names of motions, one after the other in any order; `{id}` stands for the persona's id. Those
    /// that the game does not have are passed over.
    pub motions: Vec<String>,
    /// How she holds herself.
    pub posture: Posture,
    /// Where her eyes go.
    pub gaze: GazeManner,
    /// Whether she nods now and then, as listeners do.
    pub nods: bool,
}

/// A gesture that goes with words.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WordCue {
    /// Words and phrases, in lower case, in any language.
    pub any: Vec<String>,
    /// The name of the motion.
    pub gesture: String,
}

impl Default for CueSheet {
    fn default() -> Self {
        let text = include_str!("../../assets/cues/default.cues.ron");
        Self::from_ron("default.cues.ron", text).unwrap_or_else(|error| {
            error!("{error}");
            Self::empty()
        })
    }
}

impl CueSheet {
    /// A sheet that says nothing: a character stands still.
    #[must_use]
    pub fn empty() -> Self {
        Self { feelings: BTreeMap::new(), activities: BTreeMap::new(), words: Vec::new() }
    }

    /// This sheet where it says something, and `base` elsewhere. Words of this one come first.
    #[must_use]
    pub fn over(mut self, base: &Self) -> Self {
        for (emotion, cue) in &base.feelings {
            self.feelings.entry(emotion.clone()).or_insert_with(|| cue.clone());
        }
        for (activity, cue) in &base.activities {
            self.activities.entry(*activity).or_insert_with(|| cue.clone());
        }
        self.words.extend(base.words.iter().cloned());
        self
    }

    /// What a feeling does to a voice.
    ///
    /// Strengths are rounded to halves, so that what is written can be spoken before it is needed.
    #[must_use]
    pub fn tone(&self, tag: &EmotionTag) -> VoiceCue {
        let Some(cue) = self.feelings.get(&tag.emotion) else { return VoiceCue::default() };
        VoiceCue::default().mix(cue.voice, (tag.intensity * 2.0).round() / 2.0)
    }

    /// Adds or replaces the face of an emotion.
    #[must_use]
    pub fn with_look(mut self, emotion: Emotion, look: Look) -> Self {
        self.feelings.entry(emotion).or_default().look = look;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sheet_of_the_crate_knows_every_feeling_and_activity() {
        let sheet = CueSheet::default();
        for emotion in &Emotion::BUILT_IN {
            assert!(sheet.feelings.contains_key(emotion), "{emotion}");
        }
        for activity in Activity::ALL {
            assert!(sheet.activities.contains_key(&activity), "{activity:?}");
        }
        assert!(!sheet.words.is_empty());
    }

    #[test]
    fn every_feeling_has_a_face_of_its_own() {
        let sheet = CueSheet::default();
        let looks: Vec<_> = sheet.feelings.values().map(|cue| &cue.look).collect();
        for (index, look) in looks.iter().enumerate() {
            assert!(!looks[..index].contains(look));
        }
    }
}
