//! Measures of sound, for tests.

use std::f32::consts::TAU;

use super::RATE;

/// How strong a stretch of sound is around a frequency, both in hertz: a mean over bins of the
/// discrete Fourier transform.
pub(crate) fn level(pcm: &[f32], frequency: f32, width: f32) -> f32 {
    let length = pcm.len() as f32;
    let bins = (width / 20.0).ceil().max(1.0) as usize;
    let power = (0..bins).map(|bin| {
        let hz = frequency + width * ((bin as f32 + 0.5) / bins as f32 - 0.5);
        let (mut real, mut imaginary) = (0.0, 0.0);
        for (index, sample) in pcm.iter().enumerate() {
            let window = 0.5 - 0.5 * (TAU * index as f32 / length).cos();
            let angle = TAU * (hz * index as f32 / RATE).fract();
            real += window * sample * angle.cos();
            imaginary += window * sample * angle.sin();
        }
        real * real + imaginary * imaginary
    });
    (power.sum::<f32>() / bins as f32).sqrt() / length
}

/// How alike a sound is to itself a cycle later, at the best length of a cycle: (hertz, -1..1).
pub(crate) fn periodicity(pcm: &[f32]) -> (f32, f32) {
    let likeness = |lag: usize| {
        let (one, two) = (&pcm[..pcm.len() - lag], &pcm[lag..]);
        let dot: f32 = one.iter().zip(two).map(|(one, two)| one * two).sum();
        let power = |part: &[f32]| part.iter().map(|x| x * x).sum::<f32>();
        dot / (power(one) * power(two)).sqrt().max(1e-12)
    };
    let lags = 34..(pcm.len() / 2).min(340);
    let all: Vec<(usize, f32)> = lags.map(|lag| (lag, likeness(lag))).collect();
    let best = all.iter().fold(0.0_f32, |best, (_, likeness)| best.max(*likeness));
    // The shortest of the good ones that is a peak: two cycles are as alike as one.
    let peak = all.windows(3).find(|three| {
        three[1].1 > 0.9 * best && three[1].1 >= three[0].1 && three[1].1 >= three[2].1
    });
    peak.map_or((0.0, 0.0), |three| (RATE / three[1].0 as f32, three[1].1))
}

/// The pitch of a stretch of sound, in hertz, if it is voiced.
pub(crate) fn fundamental(pcm: &[f32]) -> Option<f32> {
    let (hertz, likeness) = periodicity(pcm);
    (likeness > 0.6).then_some(hertz)
}

/// The pitches of the voiced stretches of a sound, in hertz, and the part of the loud stretches that
/// are voiced.
pub(crate) fn pitches(pcm: &[f32]) -> (Vec<f32>, f32) {
    let loud = 0.3 * super::finish::active_rms(pcm);
    let is_loud = |frame: &&[f32]| super::finish::active_rms(frame) > loud;
    let frames: Vec<&[f32]> = pcm.chunks_exact(960).filter(is_loud).collect();
    let heard: Vec<f32> = frames.iter().filter_map(|frame| fundamental(frame)).collect();
    let part = heard.len() as f32 / frames.len().max(1) as f32;
    (heard, part)
}

/// How often the loudness rises and falls again by more than half.
pub(crate) fn pulses(pcm: &[f32]) -> usize {
    let rms = |frame: &[f32]| (frame.iter().map(|x| x * x).sum::<f32>() / 240.0).sqrt();
    let levels: Vec<f32> = pcm.chunks_exact(240).map(rms).collect();
    let loudest = levels.iter().fold(0.0_f32, |loudest, level| loudest.max(*level));
    let (mut count, mut up) = (0, false);
    for level in levels {
        if !up && level > 0.3 * loudest {
            (up, count) = (true, count + 1);
        } else if up && level < 0.15 * loudest {
            up = false;
        }
    }
    count
}
