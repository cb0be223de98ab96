//! How the pitch moves over a phrase.

use crate::voice::letters::Ending;

/// The pitch of a syllable where it begins and where it ends, in semitones from the speaker's mean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Tone {
    pub(super) begin: f32,
    pub(super) end: f32,
}

/// Where a syllable is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// Which syllable of the phrase, from 0.
    pub(super) index: usize,
    /// How many the phrase has.
    pub(super) of: usize,
    /// Whether its word begins with it.
    pub(super) begins_word: bool,
}

impl Place {
    /// How far the phrase has come, 0..1.
    #[expect(clippy::cast_precision_loss, reason = "no phrase has 2^24 syllables")]
    fn progress(self) -> f32 {
        if self.of < 2 { 0.5 } else { self.index as f32 / (self.of - 1) as f32 }
    }

    /// Whether it is the last of the phrase.
    pub(super) const fn is_last(self) -> bool {
        self.index + 1 == self.of
    }
}

/// The melody of a phrase: it falls as the breath gives out, words begin a little higher, and the
/// mark behind the phrase shapes its end. `chance`, -1..1, keeps it from being sung by rote.
pub(super) fn tone(place: Place, ending: Ending, liveliness: f32, chance: f32) -> Tone {
    let range = liveliness * if ending == Ending::Exclamation { 1.5 } else { 1.0 };
    let decline = 1.8 * (1.0 - 2.0 * place.progress());
    let accent = if place.begins_word { 0.4 } else { -1.0 };
    let level = range * (decline + accent + 0.8 * chance);
    let (begin, end) = match (place.is_last(), ending) {
        (false, Ending::Exclamation) => (level + 0.6, level + 0.2),
        (false, _) => (level + 0.3, level - 0.3),
        (true, Ending::Question) => (level + 1.0, level + 7.5),
        (true, Ending::Exclamation) => (level + 3.5, level),
        (true, Ending::Comma) => (level + 0.5, level + 2.2),
        (true, Ending::Statement) => (level + 0.5, level - 2.5),
        (true, Ending::Trail) => (level - 0.3, level - 1.5),
    };
    Tone { begin, end }
}

/// A pitch so many semitones away.
pub(super) fn transpose(pitch_hz: f32, semitones: f32) -> f32 {
    pitch_hz * (semitones / 12.0).exp2()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn melody(ending: Ending) -> Vec<Tone> {
        let place = |index| Place { index, of: 6, begins_word: index % 2 == 0 };
        (0..6).map(|index| tone(place(index), ending, 1.0, 0.0)).collect()
    }

    #[test]
    fn statements_fall_and_questions_rise() {
        let (statement, question) = (melody(Ending::Statement), melody(Ending::Question));
        assert!(statement[5].end < statement[0].begin - 3.0);
        assert!(question[5].end > question[5].begin + 5.0);
        assert!(question[5].end > question[0].begin);
    }

    #[test]
    fn the_mean_is_the_speakers_own() {
        let statement = melody(Ending::Statement);
        let mean: f32 =
            statement.iter().map(|tone| 0.5 * (tone.begin + tone.end)).sum::<f32>() / 6.0;
        assert!(mean.abs() < 0.7, "{mean}");
        assert!((transpose(200.0, 12.0) - 400.0).abs() < 1e-3);
    }
}
