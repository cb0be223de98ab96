//! Reads mouth keys at any moment, as a mouth of flesh would follow them.

use std::f32::consts::PI;

use crate::voice::{MouthKey, MouthShape};

/// Half of the time over which shapes flow into each other, in seconds. Most of a change takes as long.
const FLOW: f32 = 0.05;
/// How far lips are ahead of the sound, in seconds: they are on their way before it is heard.
const AHEAD: f32 = 0.01;
/// Lips meet as soon as this share of the moment is closed.
const MEET: f32 = 0.65;
/// Over how many seconds before the end the mouth comes to rest.
const ENDING: f32 = 0.06;

/// How far the mouth is in each of the five shapes of VRM. 0..1 each; all 0 when it rests or is shut.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[expect(missing_docs, reason = "the names are those of VRM")]
pub struct MouthPose {
    pub aa: f32,
    pub ih: f32,
    pub ou: f32,
    pub ee: f32,
    pub oh: f32,
}

impl MouthPose {
    fn add(&mut self, shape: MouthShape, weight: f32) {
        match shape {
            MouthShape::Rest | MouthShape::Closed => {}
            MouthShape::Aa => self.aa += weight,
            MouthShape::Ih => self.ih += weight,
            MouthShape::Ou => self.ou += weight,
            MouthShape::Ee => self.ee += weight,
            MouthShape::Oh => self.oh += weight,
        }
    }

    fn scaled(self, factor: f32) -> Self {
        Self {
            aa: self.aa * factor,
            ih: self.ih * factor,
            ou: self.ou * factor,
            ee: self.ee * factor,
            oh: self.oh * factor,
        }
    }
}

/// Mouth keys, ready to be read at any moment.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MouthTrack {
    keys: Vec<MouthKey>,
    /// When each key ends, in seconds.
    ends: Vec<f32>,
}

impl MouthTrack {
    /// A track of keys that follow each other.
    #[must_use]
    pub fn new(keys: &[MouthKey]) -> Self {
        let lasts = |key: &&MouthKey| key.seconds.is_finite() && key.seconds > 0.0;
        let keys: Vec<MouthKey> = keys.iter().filter(lasts).copied().collect();
        let mut end = 0.0;
        let ends = keys.iter().map(|key| {
            end += key.seconds;
            end
        });
        Self { ends: ends.collect(), keys }
    }

    /// How long it lasts, in seconds.
    #[must_use]
    pub fn seconds(&self) -> f32 {
        self.ends.last().copied().unwrap_or_default()
    }

    /// The keys that come after so many seconds; what is left of the one of the moment is the first.
    #[cfg(feature = "vrm")]
    pub(crate) fn after(&self, seconds: f32) -> impl Iterator<Item = MouthKey> {
        let first = self.ends.partition_point(|end| *end <= seconds);
        let gone = (seconds - self.start(first)).max(0.0);
        self.keys[first..].iter().enumerate().map(move |(place, key)| {
            let gone = if place == 0 { gone } else { 0.0 };
            MouthKey { seconds: key.seconds - gone, ..*key }
        })
    }

    /// What the mouth does so many seconds after the beginning; it rests before and after.
    #[must_use]
    pub fn sample(&self, seconds: f32) -> MouthPose {
        let middle = seconds + AHEAD;
        let left = (self.seconds() - seconds) / ENDING;
        // A time that is no number is not after anything.
        if !(middle > -FLOW && left > 0.0) {
            return MouthPose::default();
        }
        let first = self.ends.partition_point(|end| *end <= middle - FLOW);
        let mut pose = MouthPose::default();
        let mut closed = 0.0;
        let mut before = share_before(self.start(first) - middle);
        for (key, end) in self.keys[first..].iter().zip(&self.ends[first..]) {
            let after = share_before(end - middle);
            let share = after - before;
            pose.add(key.shape, key.weight * share);
            if key.shape == MouthShape::Closed {
                closed += key.weight * share;
            }
            if end - middle >= FLOW {
                break;
            }
            before = after;
        }
        pose.scaled((1.0 - closed / MEET).max(0.0) * left.min(1.0))
    }

    fn start(&self, key: usize) -> f32 {
        key.checked_sub(1).map_or(0.0, |before| self.ends[before])
    }
}

/// How much of a moment lies before a time: the integral of a raised cosine. 0..1.
fn share_before(time: f32) -> f32 {
    let x = (time / FLOW).clamp(-1.0, 1.0);
    0.5 + 0.5 * x + (PI * x).sin() / (2.0 * PI)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn track(keys: &[(MouthShape, f32)]) -> MouthTrack {
        let key = |(shape, seconds): &(MouthShape, f32)| MouthKey {
            shape: *shape,
            weight: 1.0,
            seconds: *seconds,
        };
        MouthTrack::new(&keys.iter().map(key).collect::<Vec<_>>())
    }

    #[test]
    fn a_long_key_reaches_its_shape() {
        let track = track(&[(MouthShape::Aa, 0.2), (MouthShape::Oh, 0.2), (MouthShape::Rest, 0.1)]);
        let pose = track.sample(0.1);
        assert!((pose.aa - 1.0).abs() < 1e-4 && pose.oh == 0.0);
        // At the border both are there.
        let pose = track.sample(0.2 - AHEAD);
        assert!((pose.aa - 0.5).abs() < 1e-3 && (pose.oh - 0.5).abs() < 1e-3);
    }

    #[test]
    fn lips_meet_for_a_short_m() {
        let track =
            track(&[(MouthShape::Aa, 0.2), (MouthShape::Closed, 0.05), (MouthShape::Aa, 0.2)]);
        assert_eq!(track.sample(0.225 - AHEAD), MouthPose::default());
    }

    #[test]
    fn it_rests_at_the_end_and_outside() {
        let track = track(&[(MouthShape::Aa, 0.3)]);
        for seconds in [-1.0, 0.3, 0.31, 9.0, f32::NAN, f32::INFINITY] {
            assert_eq!(track.sample(seconds), MouthPose::default());
        }
        assert!(track.sample(0.29).aa < 0.2);
        assert_eq!(MouthTrack::default().sample(0.0), MouthPose::default());
    }

    #[test]
    fn keys_that_make_no_sense_are_left_out() {
        let track =
            track(&[(MouthShape::Aa, f32::NAN), (MouthShape::Oh, -1.0), (MouthShape::Ih, 0.2)]);
        assert_eq!(track.seconds(), 0.2);
    }

    proptest! {
        #[test]
        fn a_pose_never_jumps_and_never_leaves_its_range(
            lengths in proptest::collection::vec(0.001..0.3_f32, 1..30),
            at in 0.0..3.0_f32,
        ) {
            use MouthShape::{Aa, Closed, Ee, Ih, Oh, Ou, Rest};
            let shapes = [Aa, Closed, Ee, Ih, Oh, Rest, Ou];
            let keys: Vec<_> = shapes.into_iter().cycle().zip(lengths).collect();
            let track = track(&keys);
            let sum = |pose: MouthPose| pose.aa + pose.ih + pose.ou + pose.ee + pose.oh;
            let [now, next] = [at, at + 0.001].map(|at| sum(track.sample(at)));
            prop_assert!((0.0..=1.001).contains(&now));
            prop_assert!((now - next).abs() < 0.1);
        }
    }
}
