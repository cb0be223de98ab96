//! Conversations of several turns with the default model.

use bevy::app::PluginGroup;
use bevy_persona::{
    inference::{ModelStatus, Request, Sampling, Worker, WorkerEvent},
    mind::{ChatTurn, History, Segment},
    prelude::{PersonaPlugins, PersonaSourcePlugin},
};

use crate::{
    alone,
    common::{
        PersonaApp,
        heard::assert_whole,
        worker::{Reply, ask, assert_well_tagged},
    },
    model, siwoo, to_siwoo, tokenizer, worker,
};

/// Says something to Siwoo, and keeps what she replies.
fn say(worker: &Worker, history: &mut History, fan: &str) -> Reply {
    let reply = ask(worker, to_siwoo(1, history, fan));
    assert_well_tagged(&reply, &siwoo().emotions);
    history.push_fan(fan);
    history.turns.push(reply.turn());
    reply
}

#[test]
fn a_second_turn_reads_only_what_is_new() {
    let worker = worker();
    let mut history = History::default();
    let first = say(&worker, &mut history, "I failed my exam today.").outcome().stats;
    let second = say(&worker, &mut history, "What should I do?").outcome().stats;
    let third = say(&worker, &mut history, "Thank you!").outcome().stats;
    assert_eq!(first.cached_tokens, 0);
    // The prompt of the first turn is known, and so is the reply, as it was made.
    assert!(second.cached_tokens >= first.prompt_tokens + first.reply_tokens - 1, "{second:?}");
    assert!(third.cached_tokens >= second.prompt_tokens + second.reply_tokens - 1, "{third:?}");
    for turn in [second, third] {
        let new = turn.prompt_tokens - turn.cached_tokens;
        assert!(new < 40 && new < first.prompt_tokens, "{new} new tokens: {turn:?}");
    }
}

#[test]
fn an_interrupted_reply_is_known_as_well() {
    let worker = worker();
    let long = Sampling { max_tokens: 200, ..Sampling::default() };
    let request = to_siwoo(1, &History::default(), "Tell me a very long story about the sea.");
    let ticket = worker.ask(Request { sampling: long, ..request.clone() }).unwrap();
    let words = worker.wait_for(|event| matches!(event, WorkerEvent::Segment(_, Segment::Text(_))));
    assert!(words.is_some(), "she begins to speak");
    drop(ticket);
    let mut next = request;
    next.prompt.turns.push(ChatTurn::Fan("Go on".into()));
    let stats = ask(&worker, next).outcome().stats;
    let system = siwoo_tokens();
    assert!(stats.cached_tokens > system, "{stats:?}, of which {system} are her sheet");
}

/// How many tokens of the prompt are who Siwoo is, at least.
fn siwoo_tokens() -> usize {
    let (_, tokenizer) = tokenizer();
    let prompt = to_siwoo(1, &History::default(), "Hi!").prompt;
    let texts = prompt
        .head
        .examples
        .iter()
        .map(ChatTurn::to_prompt)
        .chain([prompt.head.system.to_string()]);
    texts.map(|text| tokenizer.encode_text(&text, true).expect("tokens").len()).sum()
}

#[test]
fn a_conversation_longer_than_the_context_goes_on_and_she_stays_who_she_is() {
    let worker = worker();
    let mut history = History::default();
    say(&worker, &mut history, "Hi!");
    let said = "I had such a long day at school and I want to tell you everything about it. ";
    let reply = history.turns[1].clone();
    for number in 0..100 {
        history.push_fan(format!("{number}: {said}"));
        history.turns.push(reply.clone());
    }
    let request = to_siwoo(1, &history, "Do you remember what I told you?");
    let (palette, longest) = (request.palette.clone(), request.sampling.max_tokens);
    let reply = ask(&worker, request);
    assert_well_tagged(&reply, &palette);
    assert!(!reply.text().trim().is_empty());
    let stats = reply.outcome().stats;
    assert!(stats.prompt_tokens + longest <= 2048, "{stats:?}");
    assert!(stats.prompt_tokens > 768, "as much as the budget allows is kept: {stats:?}");
    // What was known from the short conversation is her sheet, which still comes first.
    let sheet = siwoo_tokens();
    assert!(stats.cached_tokens >= sheet, "{stats:?}, of which {sheet} are her sheet");
}

#[test]
fn a_long_conversation_turn_by_turn_never_fails() {
    let worker = worker();
    let mut history = History::default();
    for turn in 0..12 {
        let fan = format!("{turn}. {}", "This is a rather long message. ".repeat(12));
        say(&worker, &mut history, &fan).outcome();
    }
    assert_eq!(history.turns.len(), 24);
}

#[test]
fn an_app_with_nothing_said_about_models_answers() {
    let _cores = alone();
    model();
    let plugins = PersonaPlugins::default().with_seed(7).build();
    let mut app = PersonaApp::with_plugins(PersonaSourcePlugin::default(), false, plugins);
    let siwoo = app.spawn_file("siwoo.persona.ron");
    app.say(siwoo, "Hi Siwoo!");
    app.run_until_ended(1);
    assert_whole(app.heard());
    assert!(!app.replies(siwoo)[0].trim().is_empty());
    let status = app.world().resource::<ModelStatus>();
    assert!(matches!(status, ModelStatus::Ready(info) if info.context_length == 2048));
}
