//! Makes all voices equally loud.

/// Over how many samples the level is measured: 50 ms.
const WINDOW: usize = super::SAMPLE_RATE as usize / 20;
/// The level of speech, as a root mean square: -20 dB.
const LEVEL: f32 = 0.1;
/// What is 20 dB below the loudest window is a pause, and does not count.
const PAUSE: f32 = 0.1;
/// No sound is made more than 12 dB louder or softer.
const MOST_GAIN: f32 = 4.0;
/// From here on peaks are bent, so that none goes beyond 1.
const KNEE: f32 = 0.8;

/// Brings speech to the common level, times `energy`.
pub(super) fn level(pcm: &mut [f32], energy: f32) {
    let Some(loudness) = loudness(pcm) else { return };
    let gain = (LEVEL / loudness).clamp(1.0 / MOST_GAIN, MOST_GAIN) * energy;
    for sample in pcm {
        *sample = bend(*sample * gain);
    }
}

/// The root mean square of what is no pause; nothing for silence.
pub(super) fn loudness(pcm: &[f32]) -> Option<f32> {
    let powers: Vec<f32> = pcm.chunks(WINDOW).map(power).collect();
    let loudest = powers.iter().copied().fold(0.0, f32::max);
    let spoken: Vec<f32> =
        powers.into_iter().filter(|power| *power > loudest * PAUSE * PAUSE).collect();
    let mean = spoken.iter().sum::<f32>() / spoken.len() as f32;
    (mean > 1e-10).then(|| mean.sqrt())
}

fn power(window: &[f32]) -> f32 {
    window.iter().map(|sample| sample * sample).sum::<f32>() / window.len() as f32
}

/// Leaves small samples as they are, and lets large ones approach 1.
fn bend(sample: f32) -> f32 {
    let over = sample.abs() - KNEE;
    if over <= 0.0 {
        return sample;
    }
    let room = 1.0 - KNEE;
    (KNEE + room * (over / room).tanh()).copysign(sample)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(amplitude: f32, samples: usize) -> Vec<f32> {
        (0..samples).map(|i| amplitude * (i as f32 * 0.05).sin()).collect()
    }

    #[test]
    fn soft_and_loud_voices_meet() {
        for amplitude in [0.05, 0.1, 0.5] {
            let mut pcm = tone(amplitude, 24_000);
            level(&mut pcm, 1.0);
            assert!((loudness(&pcm).unwrap() - LEVEL).abs() < 0.002);
        }
    }

    #[test]
    fn pauses_do_not_count() {
        let mut with_pause = tone(0.3, 24_000);
        let without = loudness(&with_pause).unwrap();
        with_pause.extend(vec![0.001; 48_000]);
        assert!((loudness(&with_pause).unwrap() - without).abs() < 0.001);
    }

    #[test]
    fn energy_is_a_gain() {
        let [mut soft, mut loud] = [tone(0.2, 24_000), tone(0.2, 24_000)];
        level(&mut soft, 0.8);
        level(&mut loud, 1.2);
        let ratio = loudness(&loud).unwrap() / loudness(&soft).unwrap();
        assert!((ratio - 1.5).abs() < 0.01);
    }

    #[test]
    fn peaks_stay_below_one() {
        let mut pcm = tone(0.01, 24_000);
        pcm[12_000] = 1.0;
        level(&mut pcm, 1.5);
        assert!(pcm.iter().all(|sample| sample.abs() <= 1.0));
        assert_eq!(bend(0.5), 0.5);
        assert!(bend(-0.9) > -0.9);
    }

    #[test]
    fn silence_stays_silent() {
        let mut pcm = vec![0.0; 4_800];
        level(&mut pcm, 1.0);
        assert_eq!(pcm, vec![0.0; 4_800]);
        level(&mut [], 1.0);
    }
}
