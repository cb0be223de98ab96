//! Speaks a text without knowing its language.

use super::{
    FormantVoice, RATE, SAMPLE_RATE, finish,
    key::{self, Key},
    melody::{self, Place, Tone},
    render, timbre,
};
use crate::{
    cue::{VoiceCue, random::SplitMix},
    voice::{
        Speech, SpeechRequest, SpokenWord,
        letters::{self, Ending, Phrase, Syllable},
    },
};

/// After that many seconds she falls silent: no reply is as long.
const LONGEST: f64 = 180.0;

/// How long a plain vowel is, in seconds.
const VOWEL: f32 = 0.08;

/// Says the text of the request with this voice.
pub(super) fn speak(voice: &FormantVoice, request: &SpeechRequest) -> Speech {
    let tone = bearable(request.tone);
    let seed = voice.seed ^ timbre::hash(request.text.as_bytes());
    let mut babble = Babble::new(voice, tone, seed);
    let phrases = letters::phrases(&request.text);
    for (index, phrase) in phrases.iter().enumerate() {
        if !babble.phrase(phrase) {
            break;
        }
        if index + 1 < phrases.len() {
            babble.rest(pause(ending(phrase)));
        }
    }
    if babble.words.is_empty() {
        return Speech { sample_rate: SAMPLE_RATE, ..Speech::default() };
    }
    babble.rest(0.07);
    let mut pcm = render::render(&babble.keys, voice, seed);
    finish::finish(&mut pcm, finish::SPEECH * tone.energy.powf(0.7));
    Speech {
        pcm: pcm.into(),
        sample_rate: SAMPLE_RATE,
        mouth_keys: key::mouth_keys(&babble.keys),
        words: babble.words,
    }
}

/// A tone that a voice can have, whatever was asked.
fn bearable(tone: VoiceCue) -> VoiceCue {
    let within = |factor: f32, low: f32, high: f32| {
        if factor.is_finite() { factor.clamp(low, high) } else { 1.0 }
    };
    VoiceCue {
        pitch: within(tone.pitch, 0.6, 1.7),
        rate: within(tone.rate, 0.5, 2.0),
        energy: within(tone.energy, 0.4, 1.8),
        ..tone
    }
}

/// How a phrase ends: one without a mark as if there were a full stop.
fn ending(phrase: &Phrase) -> Ending {
    phrase.ending.unwrap_or(Ending::Statement)
}

/// How long she rests after a phrase, in seconds.
const fn pause(ending: Ending) -> f32 {
    match ending {
        Ending::Comma => 0.14,
        Ending::Exclamation => 0.24,
        Ending::Statement | Ending::Question => 0.28,
        Ending::Trail => 0.4,
    }
}

/// A text on its way to keys.
struct Babble<'a> {
    voice: &'a FormantVoice,
    tone: VoiceCue,
    chance: SplitMix,
    keys: Vec<Key>,
    seconds: f64,
    words: Vec<SpokenWord>,
}

impl<'a> Babble<'a> {
    fn new(voice: &'a FormantVoice, tone: VoiceCue, seed: u64) -> Self {
        let (keys, words) = (Vec::new(), Vec::new());
        Self { voice, tone, chance: SplitMix(seed), keys, seconds: 0.0, words }
    }

    /// Says a phrase; false if it was too long to be said to its end.
    fn phrase(&mut self, phrase: &Phrase) -> bool {
        let of = phrase.words.iter().map(|word| word.syllables.len()).sum();
        let mut index = 0;
        for word in &phrase.words {
            let start = self.seconds as f32;
            for (number, syllable) in word.syllables.iter().enumerate() {
                if self.seconds > LONGEST {
                    return false;
                }
                let place = Place { index, of, begins_word: number == 0 };
                self.syllable(syllable, place, ending(phrase));
                index += 1;
            }
            let time = start..self.seconds as f32;
            self.words.push(SpokenWord { text: word.text.clone(), time });
        }
        true
    }

    fn syllable(&mut self, syllable: &Syllable, place: Place, ending: Ending) {
        let liveliness = self.voice.liveliness * (0.5 + 0.5 * self.tone.energy);
        let chance = self.chance.between(-1.0, 1.0);
        let tone = melody::tone(place, ending, liveliness, chance);
        let length = self.length(place, ending);
        let mean = self.voice.pitch_hz * self.tone.pitch;
        let pitch = |semitones| melody::transpose(mean, semitones);
        let vowel = syllable.vowel;
        let mut keys = Vec::new();
        if let Some(onset) = syllable.onset {
            onset.say(vowel, pitch(tone.begin), length.min(1.2 / self.tone.rate), &mut keys);
        }
        let half = 0.5 * VOWEL * length * syllable.stretch;
        let vibrato = if syllable.stretch > 1.6 { 0.014 } else { 0.006 };
        let into = syllable.glide.unwrap_or(vowel);
        let Tone { begin, end } = tone;
        keys.push(vowel.sung(pitch(begin), half).trembling(vibrato));
        keys.push(into.sung(pitch(end), half).trembling(vibrato).louder(0.85).gliding(0.026));
        if let Some(coda) = syllable.coda {
            coda.close(into, pitch(end), length.min(1.2 / self.tone.rate), &mut keys);
        }
        let loudness = loudness(place, ending) * (1.0 + 0.1 * chance);
        for key in keys {
            self.push(key.louder(loudness));
        }
    }

    /// How long a syllable is, as a factor: the last of a phrase is drawn out.
    fn length(&mut self, place: Place, ending: Ending) -> f32 {
        let last = match ending {
            _ if !place.is_last() => 1.0,
            Ending::Comma | Ending::Statement => 1.35,
            Ending::Exclamation | Ending::Question => 1.6,
            Ending::Trail => 1.9,
        };
        last * self.chance.between(0.9, 1.12) / self.tone.rate
    }

    fn rest(&mut self, seconds: f32) {
        let pitch_hz = self.keys.last().map_or(self.voice.pitch_hz, |key| key.pitch_hz);
        let seconds = seconds / self.tone.rate;
        // Her mouth keeps its shape while the sound dies away.
        if let Some(last) = self.keys.last().copied() {
            self.push(Key { seconds: 0.03, ..last.louder(0.0) }.gliding(0.02));
        }
        self.push(Key::silent(pitch_hz, seconds));
    }

    /// Takes a key, in whole samples, so that words end where the sound does.
    fn push(&mut self, key: Key) {
        let samples = (f64::from(key.seconds) * f64::from(RATE)).round();
        let seconds = samples / f64::from(RATE);
        self.seconds += seconds;
        self.keys.push(Key { seconds: seconds as f32, ..key });
    }
}

/// How loud a syllable is, a factor.
fn loudness(place: Place, ending: Ending) -> f32 {
    let accent = if place.begins_word { 1.08 } else { 0.94 };
    match (place.is_last(), ending) {
        (_, Ending::Exclamation) => 1.12 * accent,
        (true, Ending::Trail) => 0.6 * accent,
        (true, Ending::Statement) => 0.82 * accent,
        _ => accent,
    }
}

#[cfg(test)]
mod tests;
