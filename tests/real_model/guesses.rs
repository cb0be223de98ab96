//! What is guessed ahead changes neither numbers nor words.

use bevy_persona::{
    inference::{
        Backend, GgufBackend, GgufSettings, InferenceBudget, LoadReport, Loading, Request, Step,
        model::{ModelOptions, Span},
    },
    mind::{Beats, History},
};

use crate::{
    alone,
    common::reader::{in_parts, open, read},
    model, settings, to_siwoo, tokenizer,
};

fn ids() -> Vec<u32> {
    let (_, tokenizer) = tokenizer();
    let text =
        "Siwoo, Jena, Taira and Marty sing in the rain, and Siwoo, Jena, Taira and Marty dance.";
    tokenizer.encode_text(text, true).expect("tokens")
}

fn bits(logits: &[f32]) -> Vec<u32> {
    logits.iter().map(|logit| logit.to_bits()).collect()
}

#[test]
fn logits_behind_guesses_are_those_of_one_token_at_a_time() {
    let _cores = alone();
    let mut model = open(model(), &ModelOptions::default());
    let ids = ids();
    let (said, guessed) = ids.split_at(ids.len() - 5);
    let one_by_one: Vec<Vec<u32>> = (said.len()..=ids.len())
        .map(|end| bits(&in_parts(&mut *model, None, &ids[..end], &[1]).0))
        .collect();
    let mut model = open(crate::model(), &ModelOptions::default());
    let sequence = model.open(None);
    let mut logits = Vec::new();
    let span = Span { guessed: guessed.len(), ..Span::new(sequence, &ids) };
    model.forward(&mut [span.giving(&mut logits)]).unwrap();
    let rows: Vec<Vec<u32>> = logits.chunks(model.vocabulary()).map(bits).collect();
    assert!(rows == one_by_one, "a row behind each guess, and one before");
}

#[test]
fn what_is_taken_back_leaves_no_trace() {
    let _cores = alone();
    let mut model = open(model(), &ModelOptions::default());
    assert!(model.can_take_back());
    let ids = ids();
    let vocabulary = model.vocabulary() as u32;
    for keep in 1..ids.len() - 1 {
        let sequence = model.open(None);
        let wrong: Vec<u32> =
            (0..40).map(|place| (place * 977 + keep as u32) % vocabulary).collect();
        let tokens = [&ids[..keep], &wrong].concat();
        let span = Span { guessed: wrong.len(), ..Span::new(sequence, &tokens) };
        model.forward(&mut [span]).unwrap();
        model.take_back(sequence, wrong.len());
        let after = read(&mut *model, sequence, &ids[keep..]).unwrap();
        let (plain, other) = in_parts(&mut *model, None, &ids, &[3]);
        assert!(bits(&after) == bits(&plain), "{keep} tokens kept");
        model.close(sequence);
        model.close(other);
    }
}

#[test]
fn where_few_tokens_matter_their_logits_are_the_same() {
    let _cores = alone();
    let mut model = open(model(), &ModelOptions::default());
    let ids = ids();
    let (all, sequence) = in_parts(&mut *model, None, &ids, &[usize::MAX]);
    model.close(sequence);
    let only = [7, 49_000, 12, 13, 7, 4_000_000];
    let sequence = model.open(None);
    let mut few = Vec::new();
    let span = Span { only: Some(&only), ..Span::new(sequence, &ids) };
    model.forward(&mut [span.giving(&mut few)]).unwrap();
    assert_eq!(few.len(), all.len());
    for (token, (few, all)) in few.iter().zip(&all).enumerate() {
        let expected = if only.contains(&(token as u32)) { *all } else { f32::NEG_INFINITY };
        assert_eq!(few.to_bits(), expected.to_bits(), "token {token}");
    }
}

fn backend(guesses: usize) -> GgufBackend {
    let cancelled = std::sync::atomic::AtomicBool::new(false);
    let mut tell = |_: Loading| {};
    let mut report = LoadReport::new(&mut tell, &cancelled);
    let settings = GgufSettings { guesses, ..settings() };
    let mut backend = GgufBackend::open(model(), settings, &mut report).expect("the model loads");
    backend.set_budget(&InferenceBudget::default());
    backend
}

fn said(backend: &mut GgufBackend, request: Request) -> Beats {
    let mut reply = backend.start(request).expect("it can be asked");
    let mut beats = Beats::default();
    loop {
        match reply.advance().expect("it goes on") {
            Step::Segment(segment) => beats.segment(&segment),
            Step::Done(_) => return beats,
            Step::Working => {
                let _ = backend.work();
            }
        }
    }
}

#[test]
fn replies_are_the_same_with_guesses_and_without() {
    let _cores = alone();
    let (mut plain, mut guessing) = (backend(0), backend(4));
    let mut history = History::default();
    let fans =
        ["Hi Siwoo!", "What did you sing today?", "Sing it again!", "Say my name: Ada, Ada."];
    for (turn, fan) in fans.into_iter().enumerate() {
        for guidance in [1.0, 1.5] {
            for temperature in [0.0, 0.9] {
                let request = || {
                    let mut request = to_siwoo(1, &history, fan);
                    request.sampling.temperature = temperature;
                    request.direction.guidance = guidance;
                    request.seed = turn as u64;
                    request
                };
                let expected = said(&mut plain, request());
                let found = said(&mut guessing, request());
                assert_eq!(found, expected, "{fan} at {temperature}, guided by {guidance}");
            }
        }
        history.push_fan(fan);
        history.push_idol(said(&mut plain, to_siwoo(2, &history, fan)).take());
    }
}
