use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::limits::{Fans, Pace};

fn limits() -> Limits {
    Limits {
        messages: Pace::new(2, Duration::from_secs(2)),
        requests: Pace::new(1, Duration::from_secs(1)),
        max_chars: 5,
        max_frame: 100,
        ..Limits::default()
    }
}

fn entry() -> Entry {
    Arc::new(Fans::new(limits())).enter("mina".parse().unwrap(), Instant::now()).unwrap()
}

fn say(text: &str) -> String {
    let to = "siwoo".parse().unwrap();
    serde_json::to_string(&ToServer::Say { nr: 7, to, text: text.into() }).unwrap()
}

fn refusal(text: &str) -> (Option<u64>, Refusal) {
    let refused = frame(text, &entry(), &limits(), Instant::now()).unwrap_err();
    (refused.nr, refused.reason)
}

#[test]
fn a_message_is_counted_in_characters_and_not_in_bytes() {
    let taken = frame(&say("안녕하세요"), &entry(), &limits(), Instant::now()).unwrap();
    assert!(matches!(taken, ToServer::Say { nr: 7, .. }));
    assert_eq!(refusal(&say("안녕하세요!")), (Some(7), Refusal::TooLong));
}

#[test]
fn what_is_not_taken_is_told_with_its_number() {
    assert_eq!(refusal(&say(" \n\u{3000}")), (Some(7), Refusal::Empty));
    assert_eq!(refusal(r#"{"type":"shout","nr":9}"#), (Some(9), Refusal::BadFrame));
    assert_eq!(refusal("hello"), (None, Refusal::BadFrame));
    assert_eq!(refusal(&" ".repeat(101)), (None, Refusal::TooLong));
}

#[test]
fn only_messages_that_could_be_taken_use_up_the_pace() {
    let (entry, limits, now) = (entry(), limits(), Instant::now());
    for _ in 0..5 {
        assert!(frame(&say(" "), &entry, &limits, now).is_err());
    }
    frame(&say("a"), &entry, &limits, now).unwrap();
    frame(&say("b"), &entry, &limits, now).unwrap();
    let refused = frame(&say("c"), &entry, &limits, now).unwrap_err();
    assert_eq!((refused.reason, refused.retry_after), (Refusal::SlowDown, Some(2.0)));
    frame(r#"{"type":"recall"}"#, &entry, &limits, now).unwrap();
    assert!(frame(r#"{"type":"recall"}"#, &entry, &limits, now).is_err());
}

proptest! {
    #[test]
    fn any_text_is_taken_or_refused_and_never_a_panic(text in ".{0,120}") {
        let _ = frame(&text, &entry(), &limits(), Instant::now());
    }

    #[test]
    fn any_words_within_the_limit_arrive_as_they_are(words in "\\PC{1,5}") {
        prop_assume!(!words.trim().is_empty());
        let sent = ToServer::Say { nr: 1, to: "siwoo".parse().unwrap(), text: words };
        let text = serde_json::to_string(&sent).unwrap();
        prop_assert_eq!(frame(&text, &entry(), &limits(), Instant::now()).unwrap(), sent);
    }
}
