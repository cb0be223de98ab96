//! What goes wrong with servers: each fault has its own error, which says what to do.

use std::time::Duration;

use bevy_persona::{
    inference::{
        FinishReason,
        remote::{
            RemoteError, RemoteLimits, RemoteSettings, RemoteTimeouts, RetrySettings, TimeoutStage,
        },
    },
    mind::Segment,
};

use super::{error_of, reply_of, worker};
use crate::common::{
    server::{
        Act, Server, answer, chunk, closed_port, end, flood, refusal, reply, settings, stream_head,
        words,
    },
    wait_for,
    worker::{Reply, ask, request},
};

const SOON: Duration = Duration::from_millis(150);

fn text(reply: &Reply) -> String {
    reply.turn().to_prompt()
}

#[test]
fn nobody_listens() {
    let reply = reply_of(settings(closed_port()));
    let error = error_of(&reply);
    assert!(matches!(error, RemoteError::Unreachable { .. }), "{error:?}");
    assert!(error.to_string().ends_with("is the server running, and is the URL right?"), "{error}");
}

#[test]
fn a_wrong_key_is_told_by_the_name_of_its_variable() {
    let server = Server::start([refusal("401 Unauthorized", "no such key")]);
    // Cargo sets it for each test.
    let key_env = Some("CARGO_PKG_NAME".into());
    let reply = reply_of(RemoteSettings { key_env, ..server.settings() });
    let error = error_of(&reply).to_string();
    assert!(
        error.contains("no such key; check the environment variable `CARGO_PKG_NAME`"),
        "{error}"
    );
    let asked = server.asked();
    assert_eq!(asked.len(), 1, "it is not asked again");
    assert!(asked[0].head.contains("authorization: bearer "), "{}", asked[0].head);
}

#[test]
fn a_key_that_is_repeated_by_the_server_is_not_told() {
    let key = std::env::var("CARGO_PKG_NAME").unwrap();
    let server = Server::start([refusal("403 Forbidden", &format!("`{key}` may not"))]);
    let key_env = Some("CARGO_PKG_NAME".into());
    let reply = reply_of(RemoteSettings { key_env, ..server.settings() });
    let error = error_of(&reply);
    assert!(matches!(error, RemoteError::Forbidden { status: 403, .. }), "{error:?}");
    assert!(!format!("{error:?}{error}").contains(&key), "{error}");
}

#[test]
fn a_model_that_is_not_there_is_named() {
    let server = Server::start([refusal("404 Not Found", "no such model")]);
    let reply = reply_of(server.settings());
    let error = error_of(&reply).to_string();
    assert!(error.contains("knows no model `solar`") && error.contains("no such model"), "{error}");
}

#[test]
fn a_server_that_is_busy_is_asked_again_when_it_says() {
    let busy = answer("429 Too Many Requests", "Retry-After: 0\r\n", "{}");
    let server = Server::start([busy.clone(), busy, reply(&["[joy] Now."])]);
    let reply = reply_of(server.settings());
    assert_eq!(text(&reply), "[joy] Now.");
    assert_eq!(server.asked().len(), 3);
}

#[test]
fn a_server_that_is_busy_for_long_is_not_waited_for() {
    let date = "Retry-After: Sun, 06 Nov 2095 08:49:37 GMT\r\n";
    let server =
        Server::start([answer("429 Too Many Requests", date, "{\"detail\": \"slow down\"}")]);
    let worker = worker(server.settings());
    let reply = ask(&worker, request("Hi"));
    let RemoteError::Busy { retry_after: Some(wait), said, .. } = error_of(&reply) else {
        panic!("{:?}", reply.end)
    };
    assert!(wait.as_secs() > 1_000_000 && said == "slow down", "{wait:?} {said}");
    let next = ask(&worker, request("Hi again"));
    assert!(matches!(error_of(&next), RemoteError::Busy { .. }));
    assert_eq!(server.asked().len(), 1, "it is left alone");
}

#[test]
fn a_server_that_starts_is_asked_again_when_it_says() {
    let starts = answer("503 Service Unavailable", "Retry-After: 3600\r\n", "{}");
    let server = Server::start([starts, reply(&["[joy] Now."])]);
    let reply = reply_of(server.settings());
    let error = error_of(&reply);
    assert!(matches!(error, RemoteError::Server { retry_after: Some(_), .. }), "{error:?}");
    assert_eq!(server.asked().len(), 1, "nobody waits for an hour");
}

#[test]
fn a_server_that_fails_once_is_asked_again() {
    let server =
        Server::start([refusal("500 Internal Server Error", "oops"), reply(&["[joy] Well."])]);
    let reply = reply_of(server.settings());
    assert_eq!((text(&reply).as_str(), server.asked().len()), ("[joy] Well.", 2));
}

#[test]
fn a_server_that_fails_again_and_again_fails_the_reply() {
    let server = Server::start([refusal("503 Service Unavailable", "oops")]);
    let reply = reply_of(server.settings());
    let error = error_of(&reply);
    assert!(matches!(error, RemoteError::Server { status: 503, .. }), "{error:?}");
    assert_eq!(server.asked().len(), 4, "once, and three times again");
}

/// A server that fails twice and then works, asked once for each reply, and left alone after two
/// failures.
fn failing_twice(rests_for: Duration) -> (Server, RemoteSettings) {
    let oops = refusal("500 Internal Server Error", "oops");
    let server = Server::start([oops.clone(), oops, reply(&["[joy] Well."])]);
    let retry = RetrySettings { times: 0, breaks_after: 2, rests_for, ..RetrySettings::default() };
    let settings = RemoteSettings { retry, ..server.settings() };
    (server, settings)
}

#[test]
fn after_failures_it_is_left_alone() {
    let (server, settings) = failing_twice(Duration::from_secs(3600));
    let worker = worker(settings);
    for _ in 0..2 {
        let reply = ask(&worker, request("Hi"));
        assert!(matches!(error_of(&reply), RemoteError::Server { .. }));
    }
    for _ in 0..3 {
        let reply = ask(&worker, request("Hi"));
        let RemoteError::Resting { last, .. } = error_of(&reply) else { panic!("{:?}", reply.end) };
        assert!(matches!(**last, RemoteError::Server { status: 500, .. }));
    }
    assert_eq!(server.asked().len(), 2, "it was not asked");
}

#[test]
fn after_its_rest_it_is_tried_and_works_again() {
    let (_server, settings) = failing_twice(Duration::ZERO);
    let worker = worker(settings);
    let ends: Vec<_> = (0..4).map(|_| ask(&worker, request("Hi")).end.is_ok()).collect();
    assert_eq!(ends, [false, false, true, true]);
}

#[test]
fn a_server_that_does_not_answer_is_not_waited_for() {
    let server = Server::start([vec![Act::Hang]]);
    let timeouts = RemoteTimeouts { first_token: SOON, ..RemoteTimeouts::default() };
    let reply = reply_of(RemoteSettings { timeouts, ..server.settings() });
    let error = error_of(&reply);
    assert!(matches!(error, RemoteError::Timeout { stage: TimeoutStage::FirstToken, .. }));
    assert!(error.to_string().ends_with("raise `timeouts.first_token`"), "{error}");
    server.wait_for_end();
}

#[test]
fn a_server_that_thinks_for_ever_is_not_waited_for() {
    let thinks = br#"data: {"choices":[{"delta":{"reasoning_content":"Hm"}}]}"#;
    let server =
        Server::start([vec![stream_head(), chunk(&[thinks, &b"\n\n"[..]].concat()), Act::Hang]]);
    let timeouts = RemoteTimeouts { patience: SOON, ..RemoteTimeouts::default() };
    let reply = reply_of(RemoteSettings { timeouts, ..server.settings() });
    let error = error_of(&reply);
    assert!(
        matches!(error, RemoteError::Timeout { stage: TimeoutStage::Patience, .. }),
        "{error:?}"
    );
    server.wait_for_end();
}

#[test]
fn a_server_that_only_pretends_to_go_on_is_not_waited_for() {
    let thinks = b"data: {\"choices\":[{\"delta\":{\"reasoning_content\":\"Hm\"}}]}\n\n";
    let thinking =
        Act::Flood([format!("{:x}\r\n", thinks.len()).as_bytes(), thinks, b"\r\n"].concat());
    let server = Server::start([vec![stream_head(), words("[joy] You"), thinking]]);
    let timeouts = RemoteTimeouts { between_tokens: SOON, ..RemoteTimeouts::default() };
    let limits = RemoteLimits { stream_bytes: usize::MAX, ..RemoteLimits::default() };
    let reply = reply_of(RemoteSettings { timeouts, limits, ..server.settings() });
    let error = error_of(&reply);
    assert!(
        matches!(error, RemoteError::Timeout { stage: TimeoutStage::BetweenTokens, .. }),
        "{error:?}"
    );
    assert_eq!(text(&reply), "[joy] You");
    server.wait_for_end();
}

#[test]
fn a_server_that_stops_in_the_middle_keeps_what_was_said() {
    let server = Server::start([vec![stream_head(), words("[joy] You came. And"), Act::Hang]]);
    let timeouts = RemoteTimeouts { between_tokens: SOON, ..RemoteTimeouts::default() };
    let reply = reply_of(RemoteSettings { timeouts, ..server.settings() });
    let error = error_of(&reply);
    assert!(matches!(error, RemoteError::Timeout { stage: TimeoutStage::BetweenTokens, .. }));
    assert_eq!(text(&reply), "[joy] You came. And");
    assert_eq!(server.asked().len(), 1, "half of a reply is not asked for again");
    server.wait_for_end();
}

#[test]
fn a_server_that_dies_in_the_middle_keeps_what_was_said() {
    let half = Act::Send(b"40\r\ndata: {\"choi".to_vec());
    let server = Server::start([vec![stream_head(), words("[joy] You"), half, Act::Close]]);
    let reply = reply_of(server.settings());
    let error = error_of(&reply);
    assert!(matches!(error, RemoteError::CutOff { .. }), "{error:?}");
    assert_eq!((text(&reply).as_str(), server.asked().len()), ("[joy] You", 1));
}

#[test]
fn a_server_that_dies_before_its_first_word_is_asked_again() {
    let server =
        Server::start([vec![stream_head(), Act::Close], vec![Act::Close], reply(&["[joy] Hi."])]);
    let reply = reply_of(server.settings());
    assert_eq!((text(&reply).as_str(), server.asked().len()), ("[joy] Hi.", 3));
}

#[test]
fn lines_that_make_no_sense_cost_no_more_than_themselves() {
    let noise = b": ping\nevent: x\nnonsense\ndata: {\"choices\": [\n\ndata: \xff\xfe\n\nid\n\n";
    let server = Server::start([vec![
        stream_head(),
        chunk(noise),
        words("[joy] Hi"),
        chunk(noise),
        words("."),
        end(),
    ]]);
    assert_eq!(text(&reply_of(server.settings())), "[joy] Hi.");
}

#[test]
fn an_answer_that_makes_no_sense_at_all_is_said_to() {
    let page = "<html><body>It works!</body></html>";
    let html = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\r\n{page}",
        page.len()
    );
    for acts in [
        vec![Act::Send(html.into_bytes())],
        answer("200 OK", "", "{\"hello\": 1}"),
        vec![stream_head(), Act::Flood(b"9\r\ndata: x\n\n\r\n".to_vec())],
        vec![stream_head(), Act::Flood(b"5\r\nxxxxx\r\n".to_vec())],
        vec![Act::Send(b"SSH-2.0-OpenSSH_9.9\r\n\r\n".to_vec())],
    ] {
        let reply = reply_of(Server::start([acts.clone()]).settings());
        let error = error_of(&reply);
        assert!(matches!(error, RemoteError::Malformed { .. }), "{acts:?}: {error:?}");
        assert!(reply.segments.is_empty());
    }
}

#[test]
fn an_error_in_the_stream_is_told() {
    let told = b"data: {\"error\": {\"message\": \"out of memory\", \"code\": 500}}\n\n";
    let server = Server::start([vec![stream_head(), words("[joy] You"), chunk(told), Act::Hang]]);
    let reply = reply_of(server.settings());
    let error = error_of(&reply);
    assert!(
        matches!(error, RemoteError::Told { said, .. } if said == "out of memory"),
        "{error:?}"
    );
    assert_eq!(text(&reply), "[joy] You");
    server.wait_for_end();
}

#[test]
fn a_stream_without_end_ends_at_the_longest_reply() {
    let server = Server::start([vec![stream_head(), words("[joy] "), flood("la ")]]);
    let reply = reply_of(server.settings());
    assert_eq!(reply.outcome().reason, FinishReason::Length);
    assert!(text(&reply).len() < 1000, "{}", text(&reply));
    server.wait_for_end();
}

#[test]
fn a_piece_without_end_ends_at_the_longest_reply() {
    let server = Server::start([vec![stream_head(), flood(&"la ".repeat(200))]]);
    let limits = RemoteLimits { reply_bytes: 1000, ..RemoteLimits::default() };
    let reply = reply_of(RemoteSettings { limits, ..server.settings() });
    assert_eq!(reply.outcome().reason, FinishReason::Length);
    assert!(text(&reply).len() < 2000);
    server.wait_for_end();
}

#[test]
fn silence_without_end_is_not_read_for_ever() {
    let server = Server::start([vec![stream_head(), Act::Flood(b"8\r\n: ping\n\n\r\n".to_vec())]]);
    let limits = RemoteLimits { stream_bytes: 100_000, ..RemoteLimits::default() };
    let reply = reply_of(RemoteSettings { limits, ..server.settings() });
    let error = error_of(&reply);
    assert!(error.to_string().contains("longer than 100000 bytes"), "{error}");
    server.wait_for_end();
}

#[test]
fn an_answer_without_a_word_is_a_failure() {
    let server = Server::start([reply(&["", "[joy]"])]);
    let reply = reply_of(server.settings());
    assert!(matches!(error_of(&reply), RemoteError::Empty { .. }), "{:?}", reply.end);
}

#[test]
fn a_server_that_sends_elsewhere_gets_no_key_there() {
    let elsewhere = Server::start([reply(&["[joy] Hi."])]);
    let to = format!("Location: {}/chat/completions\r\n", elsewhere.settings().base_url);
    let server = Server::start([answer("307 Temporary Redirect", &to, "")]);
    let reply = reply_of(server.settings());
    let error = error_of(&reply).to_string();
    assert!(error.contains("it has moved to http://127.0.0.1"), "{error}");
    assert!(elsewhere.asked().is_empty());
}

#[test]
fn whoever_is_cancelled_closes_the_connection_at_once() {
    for acts in [vec![Act::Hang], vec![stream_head(), words("[joy] You"), Act::Hang]] {
        let server = Server::start([acts]);
        let worker = worker(server.settings());
        let ticket = worker.ask(request("Hi")).unwrap();
        wait_for("it is asked", || !server.asked().is_empty());
        drop(ticket);
        server.wait_for_end();
    }
}

#[test]
fn a_worker_that_ends_closes_all_connections() {
    let server = Server::start([vec![Act::Hang]]);
    let worker = worker(server.settings());
    let _tickets: Vec<_> = (0..3).map(|_| worker.ask(request("Hi")).unwrap()).collect();
    wait_for("all are asked", || server.asked().len() == 3);
    drop(worker);
    server.wait_for_end();
}

#[test]
fn one_that_fails_leaves_the_others_alone() {
    let server = Server::start([refusal("400 Bad Request", "too long"), reply(&["[joy] Hi."])]);
    let worker = worker(server.settings());
    let failed = ask(&worker, request("Hi"));
    assert!(matches!(error_of(&failed), RemoteError::Refused { status: 400, .. }));
    let reply = ask(&worker, request("Hi"));
    assert!(matches!(reply.segments.last(), Some(Segment::Text(text)) if text == "Hi."));
}
