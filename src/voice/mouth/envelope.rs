//! How loud a sound is, moment by moment.

/// Windows a second in which the loudness is measured, in hertz.
const WINDOWS_A_SECOND: u32 = 200;
/// This share of the windows is softer than what counts as loud.
const LOUD: f32 = 0.9;

/// The loudness of a sound over time.
pub(super) struct Envelope {
    /// The sum of squares up to the end of each window; begins with 0.
    sums: Vec<f64>,
    window: usize,
    loud: f32,
}

impl Envelope {
    pub(super) fn new(pcm: &[f32], sample_rate: u32) -> Self {
        let window = (sample_rate / WINDOWS_A_SECOND).max(1) as usize;
        let mut sums = vec![0.0];
        let mut sum = 0.0;
        for chunk in pcm.chunks(window) {
            sum += chunk.iter().map(|sample| f64::from(sample * sample)).sum::<f64>();
            sums.push(sum);
        }
        let mut envelope = Self { sums, window, loud: 0.0 };
        envelope.loud = envelope.usual_loudness(sample_rate as usize / 20);
        envelope
    }

    /// What is loud in this sound, as a root mean square over windows of `length` samples.
    fn usual_loudness(&self, length: usize) -> f32 {
        let samples = (self.sums.len() - 1) * self.window;
        let starts = (0..samples).step_by(length.max(1));
        let mut levels: Vec<f32> = starts.map(|at| self.level(at, at + length)).collect();
        levels.sort_by(f32::total_cmp);
        // Pauses say nothing about how loud speech is.
        let begin = levels.partition_point(|level| *level < 0.003);
        let heard = &levels[begin..];
        heard.get((heard.len() as f32 * LOUD) as usize).copied().unwrap_or_default()
    }

    /// The root mean square of the samples `begin..end`.
    fn level(&self, begin: usize, end: usize) -> f32 {
        let last = self.sums.len() - 1;
        let [begin, end] = [begin / self.window, end.div_ceil(self.window)].map(|at| at.min(last));
        if begin >= end {
            return 0.0;
        }
        let samples = ((end - begin) * self.window) as f64;
        ((self.sums[end] - self.sums[begin]) / samples).max(0.0).sqrt() as f32
    }

    /// How loud the samples `begin..end` are against the loud places of the sound. 0..1.2.
    pub(super) fn loudness(&self, begin: usize, end: usize) -> f32 {
        if self.loud <= 0.0 { 0.0 } else { (self.level(begin, end) / self.loud).min(1.2) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loud_is_one_and_silence_nothing() {
        let mut pcm = vec![0.5; 24_000];
        pcm.extend(vec![0.0; 24_000]);
        pcm.extend(vec![0.25; 2_400]);
        let envelope = Envelope::new(&pcm, 24_000);
        assert!((envelope.loudness(1_200, 4_800) - 1.0).abs() < 0.01);
        assert!((envelope.loudness(48_000, 50_400) - 0.5).abs() < 0.01);
        assert!(envelope.loudness(30_000, 40_000) < 0.01);
    }

    #[test]
    fn no_sound_has_no_loudness() {
        assert_eq!(Envelope::new(&[], 24_000).loudness(0, 100), 0.0);
        assert_eq!(Envelope::new(&[0.0; 500], 0).loudness(0, 100), 0.0);
        assert_eq!(Envelope::new(&[0.5; 500], 24_000).loudness(9_000, 100), 0.0);
    }
}
