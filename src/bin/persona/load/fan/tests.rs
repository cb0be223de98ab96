mod any_server;

use std::collections::BTreeMap;

use bevy_persona::club::{Ending, FromServer, Line, Member, Refusal, Speaker};
use serde_json::json;

use super::*;
use crate::load::{args::Think, markers::Markers, plan::Clock, script::Purpose};

const SECOND: Duration = Duration::from_secs(1);

fn plan() -> Plan {
    Plan {
        clock: Clock::start(),
        end: 600 * SECOND,
        flood: None,
        fans: 2,
        ramp: 20 * SECOND,
        think: Think { from: 6 * SECOND, to: 14 * SECOND },
        patience: 60 * SECOND,
        seed: 1,
        member: None,
        korean: 0.0,
        markers: Markers::of(["mina", "joon"]),
    }
}

/// A fan, a clock, and a server that does what the test says.
struct Visit {
    fan: Fan,
    now: Duration,
    /// What the server remembers.
    history: Vec<Line>,
}

impl Visit {
    fn of(plan: Plan) -> Self {
        Self { fan: Fan::new(0, Arc::new(plan)), now: Duration::ZERO, history: Vec::new() }
    }

    fn hear(&mut self, frame: &FromServer) {
        self.fan.hear(&serde_json::to_string(frame).unwrap(), self.now);
    }

    fn enter(&mut self) {
        assert_eq!(self.fan.next(self.now), Next::Open);
        self.fan.opened(self.now);
        self.hear(&self.welcome());
    }

    fn welcome(&self) -> FromServer {
        let siwoo = Member {
            id: siwoo(),
            name: "Siwoo".into(),
            names: BTreeMap::new(),
            colour: "#ffffff".into(),
            closeness: 1.0,
            history: self.history.clone(),
        };
        let fan = "mina".parse().unwrap();
        FromServer::Welcome { fan, members: vec![siwoo], online: 1, max_chars: 500 }
    }

    /// Lets time pass until she says something.
    fn says(&mut self) -> (u64, String) {
        for _ in 0..100 {
            match self.fan.next(self.now) {
                Next::Listen(until) | Next::Rest(until) => self.now = until,
                Next::Send(ToServer::Say { nr, text, .. }) => return (nr, text),
                next => panic!("{next:?}"),
            }
        }
        panic!("she says nothing")
    }

    /// Answers in so many seconds for the first words, and once more for the end.
    fn answer(&mut self, nr: u64, said: &str, answer: &str, seconds: u32) {
        self.hear(&FromServer::Begin { from: siwoo(), nr });
        self.now += seconds * SECOND;
        self.hear(&words(nr, answer));
        self.now += seconds * SECOND;
        self.hear(&end(nr, answer));
        self.history.push(Line { by: Speaker::Fan, text: said.into() });
        self.history.push(Line { by: Speaker::Member, text: answer.into() });
    }

    fn faults(&mut self) -> Vec<String> {
        let fault = |note| if let Note::Fault(fault) = note { Some(fault.kind()) } else { None };
        self.fan.take_notes().into_iter().filter_map(fault).collect()
    }
}

fn siwoo() -> PersonaId {
    "siwoo".parse().unwrap()
}

fn words(nr: u64, text: &str) -> FromServer {
    FromServer::Words { from: siwoo(), nr, text: text.into() }
}

fn end(nr: u64, text: &str) -> FromServer {
    let (reason, text) = (Ending::Complete, text.into());
    FromServer::End { from: siwoo(), nr, reason, text, closeness: 1.0 }
}

#[test]
fn a_fan_comes_talks_and_measures() {
    let mut visit = Visit::of(plan());
    visit.enter();
    let (nr, said) = visit.says();
    assert_eq!(nr, 1);
    assert!((6 * SECOND..=14 * SECOND).contains(&visit.now));
    let sent = visit.now;
    visit.answer(nr, &said, "Hi!", 2);
    let replied = Note::Replied { sent, first: Some(2 * SECOND), whole: 4 * SECOND };
    assert_eq!(visit.fan.take_notes(), [Note::Entered { again: false }, Note::Sent, replied]);
    assert_eq!(visit.says().0, 2);
}

#[test]
fn she_comes_when_it_is_her_turn() {
    let mut fan = Fan::new(1, Arc::new(plan()));
    assert_eq!(fan.next(Duration::ZERO), Next::Rest(10 * SECOND));
    assert_eq!(fan.next(10 * SECOND), Next::Open);
}

#[test]
fn what_is_remembered_is_counted() {
    let mut visit = Visit::of(plan());
    visit.enter();
    let mut asked = Vec::new();
    for _ in 0..10 {
        let (nr, said) = visit.says();
        let State::Waiting(turn) = &visit.fan.state else { panic!("she waits") };
        let purpose = turn.message.purpose;
        let word = visit.fan.plan.markers.word(Owner { fan: 0, word: 0 }).to_lowercase();
        let answer = match purpose {
            Purpose::Ask(0) => format!("Is it {word}?"),
            _ => "Hm.".into(),
        };
        visit.answer(nr, &said, &answer, 1);
        asked.extend(visit.fan.take_notes().into_iter().filter_map(|note| match note {
            Note::Asked { remembered } => Some((purpose == Purpose::Ask(0), remembered)),
            _ => None,
        }));
    }
    assert!(asked.len() == 2 && asked.iter().all(|(is_first, known)| is_first == known));
}

#[test]
fn another_fans_word_is_found_in_every_frame_and_in_pieces_once() {
    let mut visit = Visit::of(plan());
    visit.enter();
    let (nr, _) = visit.says();
    let owner = Owner { fan: 1, word: 3 };
    let word = visit.fan.plan.markers.word(owner).to_owned();
    visit.hear(&FromServer::Begin { from: siwoo(), nr });
    visit.hear(&words(nr, &format!("Your cat {}", &word[..4])));
    visit.fan.take_notes();
    visit.hear(&words(nr, &word[4..]));
    let text = format!("Your cat {word}");
    assert_eq!(visit.fan.take_notes(), [Note::CrossTalk { owner, text }]);
    visit.hear(&end(nr, &format!("Your cat {word}")));
    assert!(visit.fan.take_notes().iter().all(|note| !matches!(note, Note::CrossTalk { .. })));
    let other = visit.fan.plan.markers.word(Owner { fan: 1, word: 0 }).to_owned();
    visit.fan.hear(
        &json!({ "type": "stage", "what": "says", "who": "siwoo", "text": other }).to_string(),
        visit.now,
    );
    let own = visit.fan.plan.markers.word(Owner { fan: 0, word: 0 }).to_owned();
    visit.fan.hear(&json!({ "type": "unknown", "text": own }).to_string(), visit.now);
    let notes = visit.fan.take_notes();
    assert!(
        matches!(&notes[..], [Note::CrossTalk { .. }, Note::Fault(Fault::Protocol(_))]),
        "{notes:?}"
    );
}

#[test]
fn a_refused_or_failed_message_is_sent_again_but_not_for_ever() {
    let mut visit = Visit::of(plan());
    visit.enter();
    let (mut nr, said) = visit.says();
    for _ in 1..TRIES {
        let (reason, message) = (Refusal::SlowDown, "Wait.".into());
        let before = visit.now;
        visit.hear(&FromServer::Refused { nr: Some(nr), reason, message, retry_after: Some(30.0) });
        let (next, again) = visit.says();
        assert_eq!((next, &again), (nr + 1, &said));
        assert!(visit.now >= before + 30 * SECOND);
        nr = next;
    }
    visit.hear(&FromServer::Failed { from: siwoo(), nr, message: "No.".into() });
    assert_ne!(visit.says().1, said);
    let slow = "refused_slow_down";
    assert_eq!(visit.faults(), [slow, slow, slow, "failed"]);
}

#[test]
fn a_message_that_cannot_be_taken_is_not_sent_again() {
    let mut visit = Visit::of(plan());
    visit.enter();
    let (nr, said) = visit.says();
    let (reason, message) = (Refusal::TooLong, String::new());
    visit.hear(&FromServer::Refused { nr: Some(nr), reason, message, retry_after: None });
    assert_ne!(visit.says().1, said);
    assert_eq!(visit.faults(), ["refused_too_long"]);
}

#[test]
fn what_is_against_the_protocol_is_noted_and_she_goes_on() {
    let mut visit = Visit::of(plan());
    visit.enter();
    let (nr, said) = visit.says();
    for frame in ["", "{}", "\u{0}", r#"{"type":"welcome"}"#] {
        visit.fan.hear(frame, visit.now);
    }
    visit.hear(&words(nr, "too early"));
    visit.hear(&end(nr + 7, "whose?"));
    visit.hear(&FromServer::Begin { from: "jena".parse().unwrap(), nr });
    assert_eq!(visit.faults(), ["protocol"; 7]);
    visit.answer(nr, &said, "other words than before", 1);
    visit.hear(&end(nr, "once more"));
    // It had begun, the words are others, and there is a second end.
    assert_eq!(visit.faults(), ["protocol"; 3]);
    assert_eq!(visit.says().0, nr + 1);
}

#[test]
fn a_lost_connection_is_opened_again_after_longer_and_longer_waits() {
    let mut visit = Visit::of(plan());
    visit.enter();
    visit.says();
    visit.fan.lost(Lost("reset".into()), visit.now);
    assert_eq!(visit.faults(), ["disconnected", "cut_off"]);
    let mut waits = Vec::new();
    for _ in 0..8 {
        let Next::Rest(until) = visit.fan.next(visit.now) else { panic!("no rest") };
        waits.push(until - visit.now);
        visit.now = until;
        assert_eq!(visit.fan.next(visit.now), Next::Open);
        visit.fan.not_opened(NotOpened::Unreachable("nobody".into()), visit.now);
    }
    assert!(waits[0] <= BACKOFF.0 && waits[7] > SECOND && waits[7] <= BACKOFF.1, "{waits:?}");
    let status = NotOpened::TurnedAway { status: 429, retry_after: Some(40 * SECOND) };
    visit.fan.not_opened(status, visit.now);
    assert_eq!(visit.fan.next(visit.now), Next::Rest(visit.now + 40 * SECOND));
}

#[test]
fn after_a_restart_every_turn_that_ended_must_be_there() {
    let mut visit = Visit::of(plan());
    visit.enter();
    for _ in 0..3 {
        let (nr, said) = visit.says();
        visit.answer(nr, &said, &format!("Answer {nr}"), 1);
    }
    visit.says();
    visit.fan.lost(Lost("reset".into()), visit.now);
    visit.now += SECOND;
    visit.fan.take_notes();
    visit.enter();
    assert_eq!(visit.fan.take_notes(), [Note::Entered { again: true }, Note::Checked(3)]);
    // The server forgets the last turn.
    visit.history.truncate(4);
    visit.fan.lost(Lost("reset".into()), visit.now);
    visit.now += SECOND;
    visit.enter();
    let notes = visit.fan.take_notes();
    assert!(matches!(&notes[2..], [Note::Checked(2), Note::Lost { .. }]), "{notes:?}");
}

#[test]
fn at_the_end_she_looks_once_more_and_goes() {
    let mut visit = Visit::of(plan());
    visit.enter();
    let (nr, said) = visit.says();
    visit.answer(nr, &said, "Hi!", 1);
    visit.now = 600 * SECOND;
    assert_eq!(visit.fan.next(visit.now), Next::HangUp);
    visit.enter();
    assert!(visit.fan.take_notes().contains(&Note::Checked(1)));
    assert_eq!(visit.fan.next(visit.now), Next::Leave);
    assert_eq!(visit.fan.take_notes(), [Note::Left]);
}

#[test]
fn a_server_that_is_away_at_the_end_is_not_waited_for() {
    let mut visit = Visit::of(plan());
    visit.enter();
    let (nr, said) = visit.says();
    visit.answer(nr, &said, "Hi!", 1);
    visit.now = 600 * SECOND;
    assert_eq!(visit.fan.next(visit.now), Next::HangUp);
    visit.fan.take_notes();
    for _ in 0..100 {
        match visit.fan.next(visit.now) {
            Next::Open => {
                visit.fan.not_opened(NotOpened::Unreachable("nobody".into()), visit.now);
            }
            Next::Rest(until) => visit.now = until,
            next => {
                assert_eq!(next, Next::Leave);
                assert_eq!(visit.faults().last().unwrap(), "unchecked");
                return;
            }
        }
    }
    panic!("she tries for ever");
}

#[test]
fn a_server_that_hangs_is_left() {
    let mut visit = Visit::of(plan());
    assert_eq!(visit.fan.next(visit.now), Next::Open);
    visit.fan.opened(visit.now);
    assert_eq!(visit.fan.next(visit.now), Next::Listen(WELCOME));
    assert_eq!(visit.fan.next(WELCOME), Next::HangUp);
    visit.now = WELCOME + SECOND;
    visit.enter();
    visit.says();
    let by = visit.now + 60 * SECOND;
    assert_eq!(visit.fan.next(visit.now), Next::Listen(by));
    assert_eq!(visit.fan.next(by), Next::HangUp);
    assert_eq!(visit.faults(), ["hung", "hung", "cut_off"]);
}

#[test]
fn a_fan_who_is_unknown_goes_and_stays_away() {
    let mut visit = Visit::of(plan());
    assert_eq!(visit.fan.next(visit.now), Next::Open);
    visit.fan.not_opened(NotOpened::Unauthorised, visit.now);
    assert_eq!(visit.fan.next(visit.now), Next::Leave);
    assert_eq!(visit.faults(), ["unauthorised_401"]);
}

#[test]
fn an_answer_to_a_message_of_an_earlier_connection_is_no_error() {
    let mut visit = Visit::of(plan());
    visit.enter();
    let (nr, _) = visit.says();
    visit.fan.lost(Lost("reset".into()), visit.now);
    visit.now += SECOND;
    visit.enter();
    visit.faults();
    visit.hear(&words(nr, "late"));
    visit.hear(&end(nr, "late"));
    assert!(visit.faults().is_empty());
}
