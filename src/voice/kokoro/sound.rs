//! What the model said, and when each phone is heard.

use super::{
    LEAD, SAMPLE_RATE, SAMPLES_A_FRAME, loudness,
    model::Output,
    trim::{fade, kept},
    vocabulary::token,
};
use crate::voice::resample;

/// A pause between two pieces of a text, in samples: 0.1 s.
const PAUSE: usize = SAMPLE_RATE as usize / 10;

/// A sound, and where in it the phones are.
#[derive(Debug, Clone, PartialEq)]
pub struct KokoroSound {
    /// One channel of 24 kHz, -1..1.
    pub pcm: Vec<f32>,
    /// Where each phone begins, in samples, and where the last ends: one more than there are phones.
    ///
    /// They rise from 0 or more to at most the length of the sound. What the model knows no sound for
    /// has no length.
    pub edges: Vec<usize>,
}

impl Default for KokoroSound {
    fn default() -> Self {
        Self::silent(0)
    }
}

impl KokoroSound {
    /// Phones of which none is heard.
    pub(super) fn silent(phones: usize) -> Self {
        Self { pcm: Vec::new(), edges: vec![0; phones + 1] }
    }

    /// One run of the model, with the silence around it taken away.
    pub(super) fn new(phones: &[char], output: Output) -> Self {
        let mut frames = output.frames.into_iter();
        let mut edges = vec![frames.next().unwrap_or_default()];
        edges.extend(phones.iter().scan(edges[0], |edge, phone| {
            *edge += if token(*phone).is_some() { frames.next().unwrap_or_default() } else { 0 };
            Some(*edge)
        }));
        let edges = edges.into_iter().map(|edge| edge * SAMPLES_A_FRAME);
        let mut sound = Self { pcm: output.pcm, edges: edges.collect() };
        sound.trim(phones);
        sound
    }

    fn trim(&mut self, phones: &[char]) {
        let first = phones.iter().position(|phone| !is_pause(*phone)).unwrap_or_default();
        let kept = kept(&self.pcm, self.edges[first]);
        for edge in &mut self.edges {
            // The sound runs ahead of the durations.
            *edge = edge.saturating_sub(LEAD).clamp(kept.start, kept.end) - kept.start;
        }
        self.pcm.truncate(kept.end);
        self.pcm.drain(..kept.start);
        fade(&mut self.pcm);
    }

    /// Puts another sound behind this one, after a short pause.
    pub(super) fn append(&mut self, other: Self) {
        if !self.pcm.is_empty() && !other.pcm.is_empty() {
            self.pcm.resize(self.pcm.len() + PAUSE, 0.0);
        }
        let begin = self.pcm.len();
        self.pcm.extend(other.pcm);
        self.edges.pop();
        self.edges.extend(other.edges.into_iter().map(|edge| edge + begin));
    }

    /// The same `pitch` times as high, and as much faster; 0.5..2.
    #[must_use]
    pub fn pitched(&self, pitch: f32) -> Self {
        // Played as if it had been recorded at another rate.
        let rate = (f64::from(SAMPLE_RATE) * f64::from(pitch)).round() as u32;
        let pcm = resample(&self.pcm, rate, SAMPLE_RATE);
        let edges = self.edges.iter().map(|edge| scaled(*edge, pitch).min(pcm.len())).collect();
        Self { pcm, edges }
    }

    /// The same at the loudness that all voices have, times `energy`.
    #[must_use]
    pub fn levelled(mut self, energy: f32) -> Self {
        loudness::level(&mut self.pcm, energy);
        self
    }
}

/// Where a sample of a sound is when it is played `factor` times as fast.
fn scaled(place: usize, factor: f32) -> usize {
    (place as f64 / f64::from(factor)).round() as usize
}

fn is_pause(phone: char) -> bool {
    token(phone).is_none() || phone == ' ' || phone.is_ascii_punctuation() || "—…“”".contains(phone)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(phones: &str, frames: &[usize]) -> KokoroSound {
        let length = |frames: &[usize]| frames.iter().sum::<usize>() * SAMPLES_A_FRAME;
        // Heard from the first phone on, and until 0.1 s before the end.
        let mut pcm = vec![0.2; length(frames)];
        pcm[..length(&frames[..1]) - LEAD].fill(0.0);
        let end = pcm.len() - 2_400;
        pcm[end..].fill(0.0);
        let phones: Vec<char> = phones.chars().collect();
        KokoroSound::new(&phones, Output { pcm, frames: frames.to_vec() })
    }

    #[test]
    fn phones_are_where_they_are_heard() {
        let sound = said("ab❓.", &[10, 4, 6, 3, 8]);
        // 30 ms before, then phones of 100, 150, 0 and 75 ms.
        assert_eq!(sound.edges, [720, 3_120, 6_720, 6_720, 8_520]);
        // 30 ms after the last that is heard.
        assert_eq!(sound.pcm.len(), 31 * SAMPLES_A_FRAME - 3_840 - 2_400 + 720);
    }

    #[test]
    fn pieces_follow_each_other() {
        let mut sound = KokoroSound::default();
        sound.append(KokoroSound::silent(2));
        sound.append(said("ab", &[10, 4, 6, 8]));
        sound.append(KokoroSound::silent(1));
        let length = sound.pcm.len();
        sound.append(said("a", &[10, 4, 8]));
        assert_eq!(
            sound.edges,
            [0, 0, 720, 3_120, length, length + PAUSE + 720, length + PAUSE + 3_120]
        );
        assert!(sound.edges.is_sorted() && sound.edges[6] <= sound.pcm.len());
    }

    #[test]
    fn a_higher_sound_is_shorter_and_so_are_its_phones() {
        let sound = said("ab", &[10, 4, 6, 8]);
        let high = sound.pitched(1.1);
        assert_eq!(high.pcm.len(), (sound.pcm.len() as f64 / 1.1).round() as usize);
        let expected = sound.edges.iter().map(|edge| (*edge as f64 / 1.1).round() as usize);
        assert!(high.edges.iter().zip(expected).all(|(a, b)| a.abs_diff(b) <= 1));
    }
}
