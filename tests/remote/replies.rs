//! What is asked, and how answers become replies.

use bevy_persona::{
    inference::{
        FinishReason,
        remote::{RemoteLimits, RemoteSettings, TagMode},
    },
    mind::{Choice, Emotion, History, Judge},
    persona::Language,
};

use super::{reply_of, worker};
use crate::common::{
    server::{Act, Server, answer, chunk, end, event, reply, stream_head, words},
    worker::{Reply, ask, ask_all, assert_well_tagged, request},
};

fn said(reply: &Reply) -> String {
    reply.turn().to_prompt()
}

#[test]
fn a_reply_streams_in_with_its_feelings_and_its_tokens_are_counted() {
    let server = Server::start([reply(&["[jo", "y] You came", ". [shy]", " I waited."])]);
    let reply = reply_of(server.settings());
    assert_eq!(said(&reply), "[joy] You came. [shy] I waited.");
    let outcome = reply.outcome();
    assert_eq!(outcome.reason, FinishReason::Complete);
    let stats = outcome.stats;
    assert_eq!((stats.prompt_tokens, stats.cached_tokens, stats.reply_tokens), (30, 20, 5));
    assert!(stats.time_to_first_piece > 0.0 && stats.reply_time >= 0.0);
}

#[test]
fn the_server_is_asked_as_the_settings_say() {
    let server = Server::start([reply(&["[joy] Hi."])]);
    let mut settings = server.settings();
    settings.headers.insert("X-Title".into(), "a game".into());
    reply_of(settings).outcome();
    let asked = &server.asked()[0];
    assert!(asked.head.starts_with("post /v1/chat/completions http/1.1\r\n"), "{}", asked.head);
    assert!(asked.head.contains("x-title: a game"), "{}", asked.head);
    assert!(!asked.head.contains("authorization"), "{}", asked.head);
    assert_eq!((&asked.body["model"], &asked.body["stream"]), (&"solar".into(), &true.into()));
    let messages = asked.body["messages"].as_array().unwrap();
    assert_eq!(messages.last().unwrap()["content"], "Hi");
}

#[test]
fn a_character_that_comes_in_halves_is_whole() {
    let bytes = event("[joy] 너와나 😀.");
    let mut acts = vec![stream_head()];
    acts.extend(bytes.iter().map(|byte| chunk(&[*byte])));
    acts.push(end());
    let reply = reply_of(Server::start([acts]).settings());
    assert_eq!(said(&reply), "[joy] 너와나 😀.");
}

#[test]
fn an_answer_that_is_no_stream_is_a_reply_as_well() {
    let whole = r#"{"choices":[{"message":{"content":"[joy] Hi. [shy] You?"},"finish_reason":"length"}],
        "usage":{"prompt_tokens":9,"completion_tokens":4}}"#;
    let server = Server::start([answer("200 OK", "", whole)]);
    let reply = reply_of(RemoteSettings { stream: false, ..server.settings() });
    assert_eq!(said(&reply), "[joy] Hi. [shy] You?");
    assert_eq!(reply.outcome().reason, FinishReason::Length);
    assert_eq!(reply.outcome().stats.reply_tokens, 4);
    assert_eq!(server.asked()[0].body["stream"], false);
}

#[test]
fn what_comes_behind_the_last_sentence_that_is_wanted_is_not_shown() {
    let server = Server::start([reply(&["[joy] One. Two. ", "Three. [sad] Four", ". Five."])]);
    let reply = reply_of(server.settings());
    assert_eq!(said(&reply), "[joy] One. Two. Three.");
    assert_eq!(reply.outcome().reason, FinishReason::Length);
}

#[test]
fn a_reply_without_tags_opens_with_what_suits_the_message() {
    let server = Server::start([reply(&["Oh no. ", "[smug] I'm sorry."])]);
    let mut request = request("My cat is ill");
    request.direction.opening = vec![(Emotion::Joy, 0.2), (Emotion::Sad, 0.8)];
    let reply = ask(&worker(server.settings()), request);
    assert_eq!(said(&reply), "[sad] Oh no. I'm sorry.");
}

#[test]
fn feelings_that_do_not_fit_are_changed_on_a_server_too() {
    let server = Server::start([reply(&["[joy] Oh. [joy] I see."])]);
    let mut request = request("My cat is ill");
    request.direction.opening = vec![(Emotion::Sad, 0.8)];
    request.direction.never = vec![Emotion::Joy];
    let palette = request.palette.clone();
    let reply = ask(&worker(server.settings()), request);
    assert_well_tagged(&reply, &palette);
    assert_eq!(said(&reply), "[sad] Oh. [neutral] I see.");
}

#[test]
fn the_best_of_several_replies_is_chosen_on_a_server_too() {
    let server = Server::start([reply(&["[joy] Bread! What kind of bread did you bake?"])]);
    let mut request = request("I baked bread today");
    let judge = Judge::new("I baked bread today", &[], &History::default(), Language::English);
    let fallback = "[neutral] Hm.".into();
    request.direction.choice = Some(Choice { candidates: 3, judge, floor: 0.0, fallback });
    let reply = ask(&worker(server.settings()), request);
    assert_eq!(said(&reply), "[joy] Bread! What kind of bread did you bake?");
    let seeds: Vec<_> = server.asked().iter().map(|asked| asked.body["seed"].clone()).collect();
    assert!(seeds.len() == 3 && seeds[0] != seeds[1], "{seeds:?}");
}

#[test]
fn structured_output_reads_like_text() {
    let server = Server::start([reply(&[
        "{\"beats\": [{\"feel",
        "ing\": \"joy\", \"words\": \"You c",
        "ame.\"}, {\"feeling\":",
        "\"shy\", \"words\": \"I wai\\u0074ed.\"}]}",
    ])]);
    let reply = reply_of(RemoteSettings { tags: TagMode::Json, ..server.settings() });
    assert_eq!(said(&reply), "[joy] You came. [shy] I waited.");
    let format = &server.asked()[0].body["response_format"];
    assert_eq!(format["type"], "json_schema");
}

#[test]
fn all_replies_come_where_few_may_be_open_at_once() {
    let slow: Vec<Act> = reply(&["[joy] Hi."]);
    let server = Server::start([slow]);
    let limits = RemoteLimits { open: 2, ..RemoteLimits::default() };
    let worker = worker(RemoteSettings { limits, ..server.settings() });
    let replies = ask_all(&worker, (0..12).map(|n| request(&format!("Hi {n}"))).collect());
    assert!(replies.iter().all(|reply| said(reply) == "[joy] Hi."));
    assert_eq!(server.asked().len(), 12);
}

#[test]
fn a_server_that_closes_without_done_has_still_said_all() {
    let last = br#"data: {"choices":[{"delta":{},"finish_reason":"stop"}]}"#;
    let acts =
        vec![stream_head(), words("[joy] Hi."), chunk(&[last, &b"\n\n"[..]].concat()), Act::Close];
    let reply = reply_of(Server::start([acts]).settings());
    assert_eq!(said(&reply), "[joy] Hi.");
    assert_eq!(
        reply.outcome().stats.reply_tokens,
        1,
        "pieces are counted where the server does not"
    );
}
