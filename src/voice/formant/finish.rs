//! The last touch: level, no clicks, no rumble.

use std::f32::consts::TAU;

use super::RATE;

/// How loud speech is, as a root mean square: -20 dBFS.
pub(super) const SPEECH: f32 = 0.1;

/// Nothing is louder.
const CEILING: f32 = 0.89;
/// Above it peaks are pressed.
const KNEE: f32 = 0.6;

/// Below that part of the mean power it is a pause, and does not count as loudness.
const PAUSE: f32 = 0.05;

/// Brings a sound to a loudness (a root mean square where it is not silent), without rumble, clicks
/// and clipping.
pub(super) fn finish(pcm: &mut [f32], loudness: f32) {
    remove_rumble(pcm);
    let measured = active_rms(pcm);
    let gain = if measured > 1e-6 { loudness / measured } else { 0.0 };
    for sample in pcm.iter_mut() {
        *sample = press(*sample * gain);
    }
    fade(pcm);
}

/// A high-pass of 60 Hz, twice over: what is below is none of the voice.
fn remove_rumble(pcm: &mut [f32]) {
    let keep = (-TAU * 60.0 / RATE).exp();
    for _ in 0..2 {
        let (mut before, mut output) = (0.0, 0.0);
        for sample in pcm.iter_mut() {
            output = keep * (output + *sample - before);
            before = *sample;
            *sample = output;
        }
    }
}

/// The root mean square of the stretches of 20 ms that are not pauses.
#[expect(clippy::cast_precision_loss, reason = "counts of samples below 2^24")]
pub(super) fn active_rms(pcm: &[f32]) -> f32 {
    let power = |frame: &[f32]| frame.iter().map(|x| x * x).sum::<f32>() / frame.len() as f32;
    let powers: Vec<f32> = pcm.chunks(480).map(power).collect();
    let mean = |powers: &[f32]| powers.iter().sum::<f32>() / powers.len().max(1) as f32;
    let least = PAUSE * mean(&powers);
    let active: Vec<f32> = powers.into_iter().filter(|power| *power >= least).collect();
    mean(&active).sqrt()
}

/// Presses what is above the knee until it fits below the ceiling.
fn press(sample: f32) -> f32 {
    let over = sample.abs() - KNEE;
    if sample.is_nan() {
        return 0.0;
    }
    if over <= 0.0 {
        return sample;
    }
    let room = CEILING - KNEE;
    (KNEE + room * (over / room).tanh()).copysign(sample)
}

/// From silence and back into it: 4 ms and 16 ms.
#[expect(clippy::cast_precision_loss, reason = "some hundred samples")]
fn fade(pcm: &mut [f32]) {
    let shape = |index: usize, of: usize| 0.5 - 0.5 * (0.5 * TAU * index as f32 / of as f32).cos();
    let (rise, fall) = (96.min(pcm.len() / 2), 384.min(pcm.len() / 2));
    for (index, sample) in pcm.iter_mut().take(rise).enumerate() {
        *sample *= shape(index, rise);
    }
    for (index, sample) in pcm.iter_mut().rev().take(fall).enumerate() {
        *sample *= shape(index, fall);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_sound_comes_out_level_and_bounded() {
        for (scale, offset) in [(0.001, 0.0), (1.0, 0.5), (300.0, -100.0)] {
            let sine = |index: u16| offset + scale * (0.07 * f32::from(index)).sin();
            let mut pcm: Vec<f32> = (0..24_000).map(sine).collect();
            finish(&mut pcm, SPEECH);
            assert!((active_rms(&pcm) / SPEECH - 1.0).abs() < 0.15, "{}", active_rms(&pcm));
            assert!(pcm.iter().all(|sample| sample.abs() <= CEILING));
            assert!((pcm.iter().sum::<f32>() / 24_000.0).abs() < 1e-3);
        }
    }

    #[test]
    fn silence_and_broken_samples_do_no_harm() {
        let mut pcm = vec![0.0; 100];
        finish(&mut pcm, SPEECH);
        assert_eq!(pcm, [0.0; 100]);
        assert_eq!(press(f32::NAN), 0.0);
        assert!(press(f32::INFINITY) <= CEILING);
        finish(&mut [], SPEECH);
    }
}
