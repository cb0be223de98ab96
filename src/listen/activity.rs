//! When somebody begins to speak, and when they are done.
//!
//! By loudness alone: a sound counts as speech while it stands out of the noise of the room, which is
//! the quietest that was heard in the last seconds. A lasting noise becomes part of the room.

use std::collections::VecDeque;

use super::SAMPLE_RATE;

/// Loudness is measured over 20 ms.
const FRAME: usize = SAMPLE_RATE as usize / 50;
/// No room is quieter than that, in dB below full scale.
const SILENCE: f32 = -60.0;
/// How far speech must stand out of the noise to begin, and to go on, in dB.
const BEGIN: f32 = 10.0;
const GO_ON: f32 = 6.0;
/// Of the last frames so many must stand out: clicks and taps are shorter.
const RECENT: usize = 6;
const ENOUGH: u32 = 4;
/// Pauses within speech are shorter, in frames: 0.6 s.
const HANGOVER: u32 = 30;
/// A first consonant is quiet: what comes before belongs to the speech, in samples: 0.3 s.
const PRE_ROLL: u64 = 3 * SAMPLE_RATE as u64 / 10;
/// So much of the silence behind belongs to the speech, in samples: 0.2 s.
const POST_ROLL: u64 = SAMPLE_RATE as u64 / 5;
/// The noise of the room is looked for in so many spans of half a second.
const SPANS: usize = 6;
const SPAN: u32 = 25;

/// Somebody begins to speak, or is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    /// Speech has begun, with this sample (counted since the beginning, with a little before).
    Began(u64),
    /// Speech is over, before this sample.
    Ended(u64),
}

/// Hears whether somebody speaks, in sound of 16 kHz.
#[derive(Debug)]
pub struct VoiceActivity {
    /// What is not yet a whole frame.
    rest: Vec<f32>,
    samples: u64,
    noise: NoiseFloor,
    /// Whether the last frames stood out; the latest is the lowest bit.
    recent: u8,
    speaking: bool,
    /// For how many frames nothing has been heard.
    quiet: u32,
    level: f32,
    edges: VecDeque<Edge>,
}

impl Default for VoiceActivity {
    fn default() -> Self {
        Self {
            rest: Vec::with_capacity(FRAME),
            samples: 0,
            noise: NoiseFloor::default(),
            recent: 0,
            speaking: false,
            quiet: 0,
            level: SILENCE,
            edges: VecDeque::new(),
        }
    }
}

impl VoiceActivity {
    /// Listens to the samples that follow. If they hold several edges, the others come with the next
    /// calls, which may be without samples.
    pub fn push(&mut self, samples: &[f32]) -> Option<Edge> {
        for sample in samples {
            self.rest.push(if sample.is_finite() { *sample } else { 0.0 });
            if self.rest.len() == FRAME {
                self.samples += FRAME as u64;
                let level = decibels(&self.rest);
                self.rest.clear();
                let edge = self.frame(level);
                self.edges.extend(edge);
            }
        }
        self.edges.pop_front()
    }

    /// Whether somebody speaks.
    #[must_use]
    pub fn is_speaking(&self) -> bool {
        self.speaking
    }

    /// How loud it is, for a meter: 0 is silence, 1 as loud as can be.
    #[must_use]
    pub fn level(&self) -> f32 {
        1.0 - self.level / SILENCE
    }

    fn frame(&mut self, level: f32) -> Option<Edge> {
        self.level = level;
        let above = level - self.noise.push(level);
        self.recent = (self.recent << 1 | u8::from(above > BEGIN)) & ((1 << RECENT) - 1);
        if !self.speaking {
            return (self.recent.count_ones() >= ENOUGH).then(|| self.begin());
        }
        self.quiet = if above > GO_ON { 0 } else { self.quiet + 1 };
        (self.quiet >= HANGOVER).then(|| self.end())
    }

    fn begin(&mut self) -> Edge {
        (self.speaking, self.quiet) = (true, 0);
        let first = self.samples.saturating_sub((RECENT * FRAME) as u64);
        Edge::Began(first.saturating_sub(PRE_ROLL))
    }

    fn end(&mut self) -> Edge {
        (self.speaking, self.recent) = (false, 0);
        let last = self.samples - u64::from(HANGOVER) * FRAME as u64;
        Edge::Ended(last + POST_ROLL)
    }
}

/// The noise of the room: the quietest frame of the last seconds.
#[derive(Debug)]
struct NoiseFloor {
    /// The quietest of each span before; silence at first, so that the first words are heard.
    spans: [f32; SPANS],
    now: f32,
    frames: u32,
}

impl Default for NoiseFloor {
    fn default() -> Self {
        Self { spans: [SILENCE; SPANS], now: 0.0, frames: 0 }
    }
}

impl NoiseFloor {
    /// The noise, in dB, before and with a frame.
    fn push(&mut self, level: f32) -> f32 {
        self.now = self.now.min(level);
        self.frames += 1;
        if self.frames == SPAN {
            self.spans.rotate_left(1);
            self.spans[SPANS - 1] = self.now;
            (self.now, self.frames) = (0.0, 0);
        }
        self.spans.iter().copied().fold(self.now, f32::min)
    }
}

/// The loudness of a frame, in dB below full scale.
fn decibels(frame: &[f32]) -> f32 {
    let power = frame.iter().map(|x| x * x).sum::<f32>() / frame.len().max(1) as f32;
    (10.0 * power.log10()).clamp(SILENCE, 0.0)
}

#[cfg(test)]
mod tests;
