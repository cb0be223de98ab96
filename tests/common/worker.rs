//! Asks a worker directly, without an app, and collects what it tells.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use bevy_persona::{
    inference::{
        ConversationId, InferenceError, Outcome, Request, RequestId, Sampling, Worker, WorkerEvent,
    },
    mind::{Beats, ChatTurn, Direction, Emotion, EmotionTag, Palette, Prompt, Segment},
};

/// How long a model may take for what a test asks of it.
const PATIENCE: Duration = Duration::from_secs(240);

/// A reply of a worker.
#[derive(Debug, Clone)]
pub struct Reply {
    /// Feelings and words, in order.
    pub segments: Vec<Segment>,
    /// How it ended.
    pub end: Result<Outcome, InferenceError>,
}

impl Reply {
    /// The words.
    pub fn text(&self) -> String {
        let words = self.segments.iter().filter_map(|segment| match segment {
            Segment::Text(text) => Some(text.as_str()),
            Segment::Emotion(_) => None,
        });
        words.collect()
    }

    /// The feelings.
    pub fn emotions(&self) -> Vec<&EmotionTag> {
        let tags = self.segments.iter().filter_map(|segment| match segment {
            Segment::Emotion(tag) => Some(tag),
            Segment::Text(_) => None,
        });
        tags.collect()
    }

    /// The reply as a turn of a conversation.
    pub fn turn(&self) -> ChatTurn {
        let mut beats = Beats::default();
        self.segments.iter().for_each(|segment| beats.segment(segment));
        ChatTurn::Idol(beats.take().into())
    }

    /// How it ended, which must be well.
    pub fn outcome(&self) -> Outcome {
        match &self.end {
            Ok(outcome) => *outcome,
            Err(error) => panic!("the reply failed: {error}"),
        }
    }
}

/// A request with nothing but the fan's message.
pub fn request(fan: &str) -> Request {
    Request {
        conversation: ConversationId(1),
        prompt: Prompt { turns: vec![ChatTurn::Fan(fan.into())], ..Prompt::default() },
        palette: Palette::default(),
        sampling: Sampling::default(),
        seed: 7,
        direction: Direction::default(),
        adapter: None,
    }
}

/// Asks, and waits for the whole reply.
pub fn ask(worker: &Worker, request: Request) -> Reply {
    ask_all(worker, vec![request]).remove(0)
}

/// Asks all at once, and waits for all replies; they come in the order of the requests.
pub fn ask_all(worker: &Worker, requests: Vec<Request>) -> Vec<Reply> {
    let tickets: Vec<_> =
        requests.into_iter().map(|request| worker.ask(request).expect("room to wait")).collect();
    let mut open: HashMap<RequestId, (usize, Vec<Segment>)> =
        tickets.iter().enumerate().map(|(at, ticket)| (ticket.id(), (at, Vec::new()))).collect();
    let mut replies: Vec<Option<Reply>> = tickets.iter().map(|_| None).collect();
    let start = Instant::now();
    while !open.is_empty() {
        assert!(start.elapsed() < PATIENCE, "{} replies not within {PATIENCE:?}", open.len());
        for event in worker.poll(64) {
            let (id, end) = match event {
                WorkerEvent::Segment(id, segment) => {
                    if let Some((_, segments)) = open.get_mut(&id) {
                        segments.push(segment);
                    }
                    continue;
                }
                WorkerEvent::Done(id, outcome) => (id, Ok(outcome)),
                WorkerEvent::Failed(id, error) => (id, Err(error)),
                WorkerEvent::Stopped(error) => panic!("the worker stopped: {error}"),
                WorkerEvent::Loading(_)
                | WorkerEvent::Ready(_)
                | WorkerEvent::Switched(_)
                | WorkerEvent::Started(_) => continue,
            };
            if let Some((at, segments)) = open.remove(&id) {
                replies[at] = Some(Reply { segments, end });
            }
        }
        std::thread::sleep(Duration::from_micros(200));
    }
    replies.into_iter().map(|reply| reply.expect("each has ended")).collect()
}

/// A reply begins with a tag, uses only tags of the palette, and has no bracket among its words.
pub fn assert_well_tagged(reply: &Reply, palette: &Palette) {
    let first = reply.segments.first();
    assert!(matches!(first, Some(Segment::Emotion(_))), "begins with {first:?}");
    for EmotionTag { emotion, intensity } in reply.emotions() {
        assert!(palette.contains(emotion), "[{emotion}] is none of {:?}", words(palette));
        assert!((0.0..=1.0).contains(intensity), "[{emotion}:{intensity}]");
    }
    for segment in &reply.segments {
        if let Segment::Text(text) = segment {
            assert!(!text.is_empty(), "an empty piece");
            assert!(!text.contains(['[', ']']), "a bracket in {text:?}");
        }
    }
}

fn words(palette: &Palette) -> Vec<&str> {
    palette.emotions().iter().map(Emotion::as_str).collect()
}
