//! Takes away the silence before and after speech.

use std::ops::Range;

use super::{LEAD, SAMPLE_RATE};

/// What is left of the silence on each side, in samples: 30 ms.
const KEPT: usize = SAMPLE_RATE as usize * 30 / 1000;
/// What is louder than this is not cut off, whatever the durations say.
const FAINT: f32 = 0.01;
/// Over how many samples a cut end fades in or out: 5 ms.
const FADE: usize = SAMPLE_RATE as usize * 5 / 1000;

/// Which samples are kept, of a sound whose phones lie within `spoken`.
pub(super) fn kept(pcm: &[f32], spoken: Range<usize>) -> Range<usize> {
    // The sound runs ahead of the durations.
    let begin = spoken.start.saturating_sub(LEAD + KEPT).min(pcm.len());
    let end = spoken.end.saturating_sub(LEAD).saturating_add(KEPT).clamp(begin, pcm.len());
    let first_loud = pcm[..begin].iter().position(|sample| sample.abs() > FAINT);
    let last_loud = pcm[end..].iter().rposition(|sample| sample.abs() > FAINT);
    let begin = first_loud.map_or(begin, |at| at.saturating_sub(KEPT));
    let end = last_loud.map_or(end, |at| (end + at + 1 + KEPT).min(pcm.len()));
    begin..end
}

/// Lets a sound begin and end without a click.
#[expect(clippy::cast_precision_loss, reason = "a fade is short")]
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

    #[test]
    fn silence_is_cut_by_the_durations() {
        assert_eq!(kept(&[0.0; 24_000], 9_600..19_200), 9_600 - LEAD - KEPT..19_200 - LEAD + KEPT);
        assert_eq!(kept(&[0.0; 1_000], 0..1_000), 0..KEPT.min(1_000));
        assert_eq!(kept(&[], 0..0), 0..0);
    }

    #[test]
    fn what_is_heard_stays() {
        let mut pcm = vec![0.0; 24_000];
        pcm[5_000] = 0.5;
        pcm[22_000] = -0.5;
        assert_eq!(kept(&pcm, 9_600..19_200), 5_000 - KEPT..22_001 + KEPT);
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
