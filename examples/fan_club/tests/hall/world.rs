//! A world that follows a script: what a fan says decides what happens.

use std::{
    collections::BTreeMap,
    sync::{Arc, Condvar, Mutex, MutexGuard},
    time::Duration,
};

use bevy_persona::{
    club::{
        Ending, FromServer, Line, Member, Moment, Parting, Recollection, Refusal, Speaker, ToServer,
    },
    mind::{Emotion, FanId, memory::FactId},
    persona::{Language, PersonaId},
};
use crossbeam_channel::Receiver;
use fan_club::door::{Knock, Outbox, SessionId};

/// Nothing in a test takes longer.
const LONG: Duration = Duration::from_secs(20);

/// The members, and their colours.
pub const MEMBERS: [(&str, &str, &str); 4] = [
    ("siwoo", "Siwoo", "#b497d6"),
    ("jena", "Jena", "#f58a2e"),
    ("taira", "Taira", "#2a3a7c"),
    ("marty", "Marty", "#f0729f"),
];

/// The world, as tests see it.
#[derive(Clone, Default)]
pub struct World(Arc<(Mutex<Inside>, Condvar)>);

#[derive(Default)]
struct Inside {
    sessions: BTreeMap<SessionId, (FanId, Outbox)>,
    /// What was heard, for tests to read.
    heard: Vec<String>,
    facts: Vec<(u64, &'static str)>,
    history: BTreeMap<String, Vec<Line>>,
    closeness: f32,
    /// What is still to be said of slow answers.
    held: Vec<(SessionId, PersonaId, u64)>,
    refusals: usize,
}

impl World {
    /// Hears what the web tells, on a thread of its own.
    pub fn listen(&self, heard: Receiver<Knock>) {
        {
            let mut inside = self.inside();
            inside.facts = vec![(1, "Their cat is called Bori."), (2, "좋아하는 계절은 겨울이다.")];
        }
        let world = self.clone();
        std::thread::spawn(move || {
            for knock in heard {
                world.inside().hear(knock);
                world.0.1.notify_all();
            }
            world.inside().sessions.clear();
        });
    }

    /// Waits until this was heard, and gives all that was heard.
    pub fn heard(&self, what: &str) -> Vec<String> {
        let inside = self.inside();
        let waits = |inside: &mut Inside| !inside.heard.iter().any(|heard| heard == what);
        let (inside, time) = self.0.1.wait_timeout_while(inside, LONG, waits).expect("a world");
        assert!(!time.timed_out(), "no `{what}` in {:?}", inside.heard);
        inside.heard.clone()
    }

    /// Goes on with the slow answers.
    pub fn go_on(&self) {
        self.inside().go_on();
    }

    /// Something happens on the stage.
    pub fn moment(&self, moment: Moment) {
        self.inside().all(&FromServer::Stage(moment));
    }

    /// Sends so much to all that none can take it, and drops who does not read.
    pub fn flood(&self) {
        let words =
            FromServer::Stage(Moment::Says { who: member("jena"), text: "la ".repeat(20_000) });
        let mut inside = self.inside();
        while !inside.sessions.is_empty() {
            inside.all(&words);
        }
    }

    /// Tells all the end, and drops them.
    pub fn say_bye(&self, reason: Parting) {
        let mut inside = self.inside();
        inside.all(&FromServer::Bye { reason });
        inside.sessions.clear();
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.0.lock().expect("a world")
    }
}

/// A member, by id.
pub fn member(id: &str) -> PersonaId {
    id.parse().expect("a member")
}

impl Inside {
    fn hear(&mut self, knock: Knock) {
        match knock {
            Knock::Arrive { session, fan, outbox } => {
                self.heard.push(format!("{fan} arrives"));
                self.sessions.insert(session, (fan, outbox));
                self.welcome(session);
            }
            Knock::Leave { session } => {
                let fan = self.sessions.remove(&session);
                let name = fan.map_or("somebody".into(), |(fan, _)| fan.to_string());
                self.heard.push(format!("{name} leaves"));
            }
            Knock::Frame { session, frame, .. } => self.frame(session, frame),
            Knock::SignOut { .. } | Knock::Close => {}
        }
    }

    fn frame(&mut self, session: SessionId, frame: ToServer) {
        match frame {
            ToServer::Say { nr, to, text } => self.answer(session, nr, to, &text),
            ToServer::Stop { to } => {
                self.heard.push(format!("stop {to}"));
                for (session, from, nr) in std::mem::take(&mut self.held) {
                    self.end(session, from, nr, Ending::Interrupted, "One …");
                }
            }
            ToServer::Recall => self.remembered(session),
            ToServer::Forget { fact } => {
                self.facts.retain(|(id, _)| *id != fact.0);
                self.remembered(session);
            }
            ToServer::ForgetMe => {
                self.facts.clear();
                self.history.clear();
                self.closeness = 0.0;
                self.welcome(session);
            }
            _ => {}
        }
    }

    fn answer(&mut self, session: SessionId, nr: u64, to: PersonaId, text: &str) {
        self.heard.push(format!("{to}: {text}"));
        if text.starts_with("refuse") && self.refusals == 0 {
            self.refusals += 1;
            let (reason, message) = (Refusal::SlowDown, "Not now.".into());
            self.send(
                session,
                &FromServer::Refused { nr: Some(nr), reason, message, retry_after: Some(5.0) },
            );
            return;
        }
        self.send(session, &FromServer::Begin { from: to.clone(), nr });
        if text.starts_with("fail") {
            self.send(session, &FromServer::Failed { from: to, nr, message: "Lost.".into() });
            return;
        }
        let (emotion, intensity) = (Emotion::Joy, 0.8);
        self.send(session, &FromServer::Feel { from: to.clone(), nr, emotion, intensity });
        let line = |by, text: &str| Line { by, text: text.into() };
        let mine = line(Speaker::Fan, text);
        self.history.entry(to.to_string()).or_default().push(mine);
        if text.starts_with("slow") {
            self.words(session, &to, nr, "One ");
            self.held.push((session, to, nr));
            return;
        }
        let answer = format!("You said: {text} <b>정말?</b>");
        for word in answer.split_inclusive(' ') {
            self.words(session, &to, nr, word);
        }
        self.end(session, to, nr, Ending::Complete, &answer);
    }

    fn go_on(&mut self) {
        for (session, from, nr) in std::mem::take(&mut self.held) {
            self.words(session, &from, nr, "two ");
            self.words(session, &from, nr, "three.");
            self.end(session, from, nr, Ending::Complete, "One two three.");
        }
    }

    fn words(&mut self, session: SessionId, from: &PersonaId, nr: u64, text: &str) {
        let (from, text) = (from.clone(), text.into());
        self.send(session, &FromServer::Words { from, nr, text });
    }

    fn end(&mut self, session: SessionId, from: PersonaId, nr: u64, reason: Ending, text: &str) {
        self.closeness += 4.0;
        let line = Line { by: Speaker::Member, text: text.into() };
        self.history.entry(from.to_string()).or_default().push(line);
        let (text, closeness) = (text.into(), self.closeness);
        self.send(session, &FromServer::End { from, nr, reason, text, closeness });
    }

    fn welcome(&mut self, session: SessionId) {
        let Some((fan, _)) = self.sessions.get(&session) else { return };
        let members = MEMBERS.map(|(id, name, colour)| Member {
            id: member(id),
            name: name.into(),
            names: if id == "siwoo" {
                BTreeMap::from([(Language::Korean, "시우".into())])
            } else {
                BTreeMap::new()
            },
            colour: colour.into(),
            closeness: self.closeness,
            history: self.history.get(id).cloned().unwrap_or_default(),
        });
        let (fan, online) = (fan.clone(), self.sessions.len());
        let members = members.into();
        self.send(session, &FromServer::Welcome { fan, members, online, max_chars: 500 });
    }

    fn remembered(&mut self, session: SessionId) {
        let facts = self.facts.iter();
        let facts =
            facts.map(|(fact, text)| Recollection { fact: FactId(*fact), text: (*text).into() });
        let facts = facts.collect();
        self.send(session, &FromServer::Remembered { facts });
    }

    fn send(&mut self, session: SessionId, frame: &FromServer) {
        let Some((_, outbox)) = self.sessions.get(&session) else { return };
        if outbox.send(frame).is_err() {
            self.sessions.remove(&session);
        }
    }

    fn all(&mut self, frame: &FromServer) {
        for session in self.sessions.keys().copied().collect::<Vec<_>>() {
            self.send(session, frame);
        }
    }
}
