//! What is written down of each character: the last minute of her feelings, the figures of replies.

use std::collections::VecDeque;

use bevy::{prelude::*, time::Real};

use crate::{
    cue::EmotionBlend,
    dialogue::{ReplyEnd, ReplyFailed, ReplyFinished},
    inference::ReplyStats,
    mind::Emotion,
};

/// How far back feelings are kept, in seconds.
pub(super) const SPAN: f64 = 60.0;
/// How often they are written down, in seconds.
const EVERY: f64 = 0.25;

/// What was felt at one moment: the weights that the face shows, 0..1.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Felt {
    /// In seconds since the app started.
    pub(super) at: f64,
    pub(super) weights: Vec<(Emotion, f32)>,
}

/// What is written down of one character.
#[derive(Debug, Clone, Default, Component)]
pub(super) struct Record {
    /// Oldest first.
    pub(super) felt: VecDeque<Felt>,
    /// The latest reply of the model.
    pub(super) stats: Option<ReplyStats>,
    /// Tokens of all prompts, and how many of them were known already.
    pub(super) read: [usize; 2],
    pub(super) replies: usize,
    pub(super) guarded: usize,
    pub(super) interrupted: usize,
    pub(super) failed: usize,
}

impl Record {
    fn felt(&mut self, at: f64, weights: &[(Emotion, f32)]) {
        if self.felt.back().is_some_and(|last| at - last.at < EVERY) {
            return;
        }
        let weights = weights.iter().filter(|(_, weight)| *weight > 0.0).cloned().collect();
        self.felt.push_back(Felt { at, weights });
        while self.felt.front().is_some_and(|first| at - first.at > SPAN) {
            self.felt.pop_front();
        }
    }

    fn ended(&mut self, reason: ReplyEnd, stats: &ReplyStats) {
        match reason {
            ReplyEnd::Guarded => self.guarded += 1,
            ReplyEnd::Interrupted => self.interrupted += 1,
            ReplyEnd::Complete
            | ReplyEnd::Length
            | ReplyEnd::Stop
            | ReplyEnd::Written
            | ReplyEnd::Heard => {}
        }
        self.replies += 1;
        // Written words read nothing.
        if stats.prompt_tokens > 0 {
            self.read[0] += stats.prompt_tokens;
            self.read[1] += stats.cached_tokens;
            self.stats = Some(*stats);
        }
    }
}

pub(super) fn feel(time: Res<Time<Real>>, mut idols: Query<(&EmotionBlend, &mut Record)>) {
    for (blend, mut record) in &mut idols {
        record.felt(time.elapsed_secs_f64(), blend.weights());
    }
}

pub(super) fn finished(finished: On<ReplyFinished>, mut records: Query<&mut Record>) {
    if let Ok(mut record) = records.get_mut(finished.entity) {
        record.ended(finished.reason, &finished.stats);
    }
}

pub(super) fn failed(failed: On<ReplyFailed>, mut records: Query<&mut Record>) {
    if let Ok(mut record) = records.get_mut(failed.entity) {
        record.failed += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feelings_are_kept_for_a_minute_and_no_more_often_than_needed() {
        let mut record = Record::default();
        for frame in 0..12_000 {
            record.felt(f64::from(frame) / 60.0, &[(Emotion::Joy, 0.5), (Emotion::Sad, 0.0)]);
        }
        let (first, last) = (&record.felt[0], &record.felt[record.felt.len() - 1]);
        assert!(last.at - first.at <= SPAN && last.at - first.at > SPAN - 1.0);
        assert!(record.felt.len() <= 241);
        assert_eq!(last.weights, [(Emotion::Joy, 0.5)]);
    }

    #[test]
    fn written_words_do_not_hide_the_figures_of_the_model() {
        let mut record = Record::default();
        let stats = ReplyStats { prompt_tokens: 200, cached_tokens: 150, ..default() };
        record.ended(ReplyEnd::Guarded, &stats);
        record.ended(ReplyEnd::Complete, &ReplyStats::default());
        assert_eq!((record.replies, record.guarded, record.read), (2, 1, [200, 150]));
        assert_eq!(record.stats, Some(stats));
    }
}
