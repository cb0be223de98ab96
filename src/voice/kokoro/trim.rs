//! Takes away the silence before and after speech.

use std::ops::Range;

use super::{LEAD, SAMPLE_RATE};

/// What is left of the silence on each side, in samples: 30 ms.
const KEPT: usize = SAMPLE_RATE as usize * 30 / 1000;
/// What is louder than this is heard. Speech of the model has peaks of 0.2 and more.
const FAINT: f32 = 0.005;
/// The first and last of what the model gives is sometimes a click, in samples: 25 ms.
const CLICK: usize = SAMPLE_RATE as usize * 25 / 1000;
/// Over how many samples a cut end fades in or out: 5 ms.
const FADE: usize = SAMPLE_RATE as usize * 5 / 1000;

/// Which samples are kept, of a sound whose first phone begins at `first` by the durations.
///
/// The durations tell well when speech begins, but not when it ends: the silence after it is counted to the
/// last phone. So the end is where nothing is heard any more.
pub(super) fn kept(pcm: &[f32], first: usize) -> Range<usize> {
    let inner = CLICK.min(pcm.len())..pcm.len().saturating_sub(CLICK).max(CLICK.min(pcm.len()));
    let is_heard = |sample: &f32| sample.abs() > FAINT;
    let Some(first_heard) = pcm[inner.clone()].iter().position(is_heard) else {
        return 0..0;
    };
    let last_heard = pcm[inner.clone()].iter().rposition(is_heard).unwrap_or(first_heard);
    // The sound runs ahead of the durations.
    let begin = first.saturating_sub(LEAD).min(inner.start + first_heard).saturating_sub(KEPT);
    begin..(inner.start + last_heard + 1 + KEPT).min(pcm.len())
}

/// Lets a sound begin and end without a click.
pub(super) fn fade(pcm: &mut [f32]) {
    let length = FADE.min(pcm.len() / 2);
    for i in 0..length {
        let gain = i as f32 / length as f32;
        pcm[i] *= gain;
        let last = pcm.len() - 1 - i;
        pcm[last] *= gain;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A second, loud from 0.3 s to 0.7 s.
    fn sound() -> Vec<f32> {
        let mut pcm = vec![0.0; 24_000];
        pcm[7_200..16_800].fill(0.2);
        pcm
    }

    #[test]
    fn what_is_heard_stays_and_a_bit_of_silence() {
        // By its durations it begins at 0.4 s, so at 0.34 s; it is heard before.
        assert_eq!(kept(&sound(), 9_600), 7_200 - KEPT..16_800 + KEPT);
        // A soft beginning stays, by the durations.
        assert_eq!(kept(&sound(), 4_800), 4_800 - LEAD - KEPT..16_800 + KEPT);
    }

    #[test]
    fn a_click_at_an_end_does_not_stay() {
        let mut pcm = sound();
        pcm[3] = 0.5;
        pcm[23_990] = 0.5;
        assert_eq!(kept(&pcm, 9_600), kept(&sound(), 9_600));
    }

    #[test]
    fn silence_is_nothing() {
        for length in [0, 10, 800, 24_000] {
            assert_eq!(kept(&vec![0.0; length], 0), 0..0);
        }
    }

    #[test]
    fn ends_fade() {
        let mut pcm = vec![1.0; 1_000];
        fade(&mut pcm);
        assert_eq!((pcm[0], pcm[500], pcm[999]), (0.0, 1.0, 0.0));
        fade(&mut [1.0]);
        fade(&mut []);
    }
}
