//! What came back since the script last said something.

use std::time::Instant;

use bevy::prelude::*;
use bevy_persona::{dialogue::ReplyEnd, inference::InferenceError, prelude::*};

/// A reply as it comes in.
#[derive(Debug, Resource)]
pub struct Heard {
    /// Its feelings, in order.
    pub emotions: Vec<String>,
    /// How it ended.
    pub end: Option<Result<Finished, InferenceError>>,
    /// When anything was heard last, in real time.
    pub news: Instant,
}

/// A whole reply.
#[derive(Debug, Clone)]
pub struct Finished {
    pub text: String,
    pub reason: ReplyEnd,
    pub seconds_to_first_word: f64,
    pub tokens_per_second: f64,
}

impl Default for Heard {
    fn default() -> Self {
        Self { emotions: Vec::new(), end: None, news: Instant::now() }
    }
}

pub fn started(_: On<ReplyStarted>, mut heard: ResMut<Heard>) {
    heard.news = Instant::now();
}

pub fn feeling(changed: On<EmotionChanged>, mut heard: ResMut<Heard>) {
    heard.emotions.push(changed.tag.emotion.to_string());
}

pub fn words(_: On<ReplyChunk>, mut heard: ResMut<Heard>) {
    heard.news = Instant::now();
}

pub fn finished(finished: On<ReplyFinished>, mut heard: ResMut<Heard>) {
    heard.end = Some(Ok(Finished {
        text: finished.text.trim().to_owned(),
        reason: finished.reason,
        seconds_to_first_word: finished.stats.time_to_first_piece,
        tokens_per_second: finished.stats.tokens_per_second(),
    }));
}

pub fn failed(failed: On<ReplyFailed>, mut heard: ResMut<Heard>) {
    heard.end = Some(Err(failed.error.clone()));
}

/// A model that is still being fetched is news as well.
pub fn model(status: Res<ModelStatus>, mut heard: ResMut<Heard>) {
    if status.is_changed() {
        heard.news = Instant::now();
    }
}
