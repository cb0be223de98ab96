//! Whatever a server does, each message ends once, and the fan goes home.

use proptest::prelude::*;

use super::*;

/// What happens next.
#[derive(Debug, Clone)]
enum Event {
    Begin,
    Words,
    End,
    Failed,
    Refused,
    OfAnotherMessage,
    Garbage(String),
    Welcome,
    Bye,
    Lost,
    Later(u64),
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let event = prop_oneof![
        3 => Just(Event::Begin),
        3 => Just(Event::Words),
        3 => Just(Event::End),
        1 => Just(Event::Failed),
        1 => Just(Event::Refused),
        1 => Just(Event::OfAnotherMessage),
        1 => ".{0,30}".prop_map(Event::Garbage),
        4 => Just(Event::Welcome),
        1 => Just(Event::Bye),
        1 => Just(Event::Lost),
        5 => (0..90_u64).prop_map(Event::Later),
    ];
    proptest::collection::vec(event, 0..120)
}

impl Visit {
    fn happens(&mut self, event: Event, nr: u64) {
        let from = siwoo();
        let frame = match event {
            Event::Begin => FromServer::Begin { from, nr },
            Event::Words => words(nr, "Hi "),
            Event::End => end(nr, "Hi"),
            Event::Failed => FromServer::Failed { from, nr, message: "no".into() },
            Event::Refused => {
                let (reason, nr) = (Refusal::Busy, Some(nr));
                FromServer::Refused { nr, reason, message: String::new(), retry_after: Some(-1.0) }
            }
            Event::OfAnotherMessage => end(nr + 1, "Hi"),
            Event::Garbage(text) => return self.fan.hear(&text, self.now),
            Event::Welcome => self.welcome(),
            Event::Bye => FromServer::Bye { reason: Parting::ShuttingDown },
            Event::Lost => return self.fan.lost(Lost("reset".into()), self.now),
            Event::Later(seconds) => {
                self.now += Duration::from_secs(seconds);
                return;
            }
        };
        self.hear(&frame);
    }
}

proptest! {
    #[test]
    fn each_message_ends_once_and_she_goes_home(events in events(), luck in any::<u64>()) {
        let mut visit = Visit::of(plan());
        let (mut nr, mut has_socket, mut has_left) = (0, false, false);
        let (mut sent, mut ended) = (0, 0);
        let end = (0..400).map(|_| Event::Later(60));
        for (step, event) in events.into_iter().chain(end).enumerate() {
            let is_open = matches!(visit.fan.state, State::Waiting(_));
            let needs_socket = !matches!(event, Event::Later(_));
            let needs_turn = matches!(event, Event::Refused);
            if (has_socket || !needs_socket) && (is_open || !needs_turn) {
                has_socket &= !matches!(event, Event::Lost);
                visit.happens(event, nr);
            }
            match visit.fan.next(visit.now) {
                Next::Open if luck >> (step % 64) & 1 == 0 => {
                    visit.fan.opened(visit.now);
                    has_socket = true;
                }
                Next::Open => {
                    visit.fan.not_opened(NotOpened::Unreachable("nobody".into()), visit.now);
                }
                Next::Send(ToServer::Say { nr: new, .. }) => {
                    prop_assert!(has_socket && new == nr + 1);
                    nr = new;
                }
                Next::Send(frame) => prop_assert!(false, "{frame:?}"),
                Next::Listen(until) => prop_assert!(has_socket && until > visit.now),
                Next::Rest(until) => prop_assert!(!has_socket && until > visit.now),
                Next::HangUp => has_socket = false,
                Next::Leave => has_left = true,
            }
            for note in visit.fan.take_notes() {
                match note {
                    Note::Sent => sent += 1,
                    Note::Replied { .. }
                    | Note::Fault(Fault::Failed(_) | Fault::Refused(..) | Fault::CutOff) => ended += 1,
                    _ => {}
                }
            }
            let is_open = matches!(visit.fan.state, State::Waiting(_));
            prop_assert_eq!(sent, ended + i32::from(is_open));
            if has_left {
                break;
            }
        }
        prop_assert!(has_left && sent == ended, "she is still there");
    }
}
