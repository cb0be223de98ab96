//! Many requests in a row: memory stays where it was.
#![cfg(feature = "candle")]

pub mod common;

use std::{sync::atomic::AtomicBool, time::Duration};

use bevy_persona::{
    inference::{Backend, ConversationId, GgufBackend, GgufSettings, LoadReport, Sampling, Step},
    mind::{ChatTurn, Direction, Prompt, PromptHead},
};

use common::{
    tiny_gguf::{Size, TinyGguf},
    worker::request,
};

const REQUESTS: usize = 10_000;
/// Open at the same time.
const SPEAKERS: usize = 4;
const CACHE_MB: usize = 1;

/// The memory that this process holds, in bytes, where the system tells it.
fn resident() -> Option<usize> {
    let pages = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: usize = pages.split_whitespace().nth(1)?.parse().ok()?;
    Some(pages * 4096)
}

fn backend() -> GgufBackend {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("tiny.gguf");
    TinyGguf::byte_level(Size::EVEN).write(&path);
    let settings =
        GgufSettings { cache_mb: CACHE_MB, cache_folder: None, ..GgufSettings::default() };
    let (mut tell, never) = (|_| {}, AtomicBool::new(false));
    GgufBackend::open(&path, settings, &mut LoadReport::new(&mut tell, &never)).expect("a model")
}

/// Four different requests at once, some of them cancelled in the middle; gives how many were not.
fn round(backend: &mut GgufBackend, number: usize) -> usize {
    let mut open: Vec<_> = (0..SPEAKERS)
        .map(|speaker| {
            let id = number * SPEAKERS + speaker;
            let fan = format!("{} rings at {}?", id % 977, id % 61);
            let request = bevy_persona::inference::Request {
                conversation: ConversationId(id as u64 % 300),
                prompt: Prompt {
                    head: PromptHead {
                        system: format!("All live on an island. You are number {speaker}.").into(),
                        ..PromptHead::default()
                    },
                    turns: vec![ChatTurn::Fan(fan.into())],
                    ..Prompt::default()
                },
                sampling: Sampling { max_tokens: 1 + id % 7, ..Sampling::default() },
                seed: id as u64,
                direction: Direction::default(),
                ..request("")
            };
            let patience = if id.is_multiple_of(5) { 3 } else { usize::MAX };
            (backend.start(request).expect("a reply"), patience)
        })
        .collect();
    let mut done = 0;
    while !open.is_empty() {
        open.retain_mut(|(reply, patience)| {
            *patience = patience.saturating_sub(1);
            let is_done = matches!(reply.advance().expect("a step"), Step::Done(_));
            done += usize::from(is_done);
            !is_done && *patience > 0
        });
        assert_eq!(backend.work(), Duration::ZERO);
    }
    done
}

#[test]
fn ten_thousand_requests_do_not_make_memory_grow() {
    let mut backend = backend();
    let rounds = REQUESTS / SPEAKERS;
    let (mut done, mut early) = (0, None);
    for number in 0..rounds {
        done += round(&mut backend, number);
        assert!(backend.memory().cache <= CACHE_MB * 1_000_000, "{:?}", backend.memory());
        if number == rounds / 5 {
            early = resident();
        }
    }
    assert!(done > REQUESTS / 2, "{done} replies were finished");
    assert!(backend.counts().reused > backend.counts().read, "{:?}", backend.counts());
    if let (Some(early), Some(late)) = (early, resident()) {
        let grown = late.saturating_sub(early);
        assert!(grown < 2_000_000, "8,000 requests took {grown} bytes more");
    }
}
