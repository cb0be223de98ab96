//! The whole server, as fans find it.

pub mod common;

use std::{
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use bevy_persona::{
    club::{FromServer, Line, Moment, Parting, Refusal, Speaker, ToServer},
    inference::ChainLink,
};
use clap::Parser;
use common::{Client, join};
use fan_club::{
    args::{Cli, Command as Do, ServeArgs},
    run::{self, Running},
};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// Where tests find what was written, seen from the folder of this crate.
const CONTENT: &str = "--personas ../../personas --assets ../../assets";

/// A server of one test.
struct Club {
    runtime: Runtime,
    running: Option<Running>,
    address: SocketAddr,
    folder: TempDir,
}

fn args(folder: &Path, more: &str) -> ServeArgs {
    let data = folder.display();
    let line = format!(
        "fan_club serve --open --joins 100 --listen 127.0.0.1:0 --parting 2 --data {data} \
         {CONTENT} {more}"
    );
    let cli = Cli::try_parse_from(line.split_whitespace()).expect("a command line");
    match cli.command {
        Do::Serve(args) => *args,
        Do::Account(_) => panic!("it serves"),
    }
}

impl Club {
    /// A server whose idols say `[joy] Hm.` where nothing was written.
    fn open() -> Self {
        Self::open_in(tempfile::tempdir().expect("a folder"), "")
    }

    fn open_in(folder: TempDir, more: &str) -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let links = vec![ChainLink::lines("lines", ["[joy] Hm, tell me more about that."])];
        let args = args(folder.path(), more);
        let running = runtime.block_on(run::start_with(&args, links)).expect("a server");
        let address = running.address;
        Self { runtime, running: Some(running), address, folder }
    }

    fn fan(&self, name: &str) -> (Client, String) {
        let token = join(self.address, name);
        (Client::enter(self.address, &token), token)
    }

    /// Ends the server; gives the folder of its data.
    fn close(mut self) -> TempDir {
        self.stop();
        std::mem::replace(&mut self.folder, tempfile::tempdir().expect("a folder"))
    }

    fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            self.runtime.block_on(running.stop());
        }
    }
}

impl Drop for Club {
    fn drop(&mut self) {
        self.stop();
    }
}

/// What was said in the talk with a member, as a welcome shows it.
fn history(client: &Client, member: &str) -> Vec<Line> {
    let welcome = client.heard.iter().rev().find_map(|frame| match frame {
        FromServer::Welcome { members, .. } => Some(members),
        _ => None,
    });
    let members = welcome.expect("a welcome");
    members.iter().find(|it| it.id.as_str() == member).expect("a member").history.clone()
}

#[test]
fn a_fan_is_welcomed_and_answered() {
    let club = Club::open();
    let (mut mina, _) = club.fan("mina");
    let FromServer::Welcome { fan, members, online, max_chars } = &mina.heard[0] else {
        panic!("{:?}", mina.heard);
    };
    assert_eq!((fan.as_str(), *online, *max_chars), ("mina", 1, 500));
    let names: Vec<&str> = members.iter().map(|member| member.name.as_str()).collect();
    assert_eq!(names, ["Siwoo", "Jena", "Taira", "Marty"]);
    let answer = mina.ask("jena", "Hi Jena!");
    assert!(!answer.trim().is_empty());
    let words: String = mina
        .heard
        .iter()
        .filter_map(|frame| match frame {
            FromServer::Words { text, .. } => Some(text.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(words, answer, "the words that streamed in are the answer");
    let kinds = |kind: fn(&FromServer) -> bool| mina.heard.iter().filter(|it| kind(it)).count();
    assert_eq!(kinds(|frame| matches!(frame, FromServer::Begin { .. })), 1);
    assert!(kinds(|frame| matches!(frame, FromServer::Feel { .. })) > 0);
}

#[test]
fn nothing_of_one_fan_reaches_another() {
    let club = Club::open();
    let (mut mina, _) = club.fan("mina");
    let (mut yuna, _) = club.fan("yuna");
    mina.ask("siwoo", "My cat is called Mirabo.");
    yuna.ask("siwoo", "My cat is called Tolsen.");
    assert!(mina.ask("siwoo", "What is my cat called?").contains("Mirabo"));
    assert!(yuna.ask("siwoo", "What is my cat called?").contains("Tolsen"));
    // What one member was told the others may know of the same fan, and of no other.
    yuna.ask("taira", "What is my cat called?");
    assert!(!yuna.all_text().contains("Mirabo"), "{}", yuna.all_text());
    assert!(!mina.all_text().contains("Tolsen"), "{}", mina.all_text());
}

#[test]
fn strangers_are_turned_away() {
    let club = Club::open();
    let (_, token) = club.fan("mina");
    let mut wrong = token.clone();
    wrong.replace_range(0..1, if token.starts_with('A') { "B" } else { "A" });
    for token in ["", "x", &wrong] {
        let status = Client::try_enter(club.address, token).err().expect("turned away");
        assert_eq!(status.as_u16(), 401, "{token}");
    }
    assert!(Client::try_enter(club.address, &token).is_ok());
}

#[test]
fn what_was_said_is_there_after_a_restart() {
    let club = Club::open();
    let (mut mina, token) = club.fan("mina");
    mina.ask("siwoo", "My cat is called Mirabo.");
    let answer = mina.ask("siwoo", "I had a long day.");
    drop(mina);
    let folder = club.close();
    let club = Club::open_in(folder, "");
    let mut mina = Client::enter(club.address, &token);
    let lines = history(&mina, "siwoo");
    assert_eq!(lines.len(), 4, "{lines:?}");
    assert_eq!(lines[3], Line { by: Speaker::Member, text: answer });
    assert!(mina.ask("siwoo", "What is my cat called?").contains("Mirabo"));
}

#[test]
fn all_windows_of_a_fan_show_the_same_talk() {
    let club = Club::open();
    let (mut first, token) = club.fan("mina");
    let mut second = Client::enter(club.address, &token);
    let answer = first.ask("marty", "Hello Marty");
    let end = second.until(|frame| matches!(frame, FromServer::End { .. }));
    assert!(matches!(end, FromServer::End { text, .. } if text == answer));
    // A talk goes on where it was while the fan is away for a moment.
    drop(first);
    drop(second);
    let third = Client::enter(club.address, &token);
    assert_eq!(history(&third, "marty").len(), 2);
}

#[test]
fn a_member_answers_one_message_after_the_other() {
    let club = Club::open();
    let (mut mina, _) = club.fan("mina");
    let first = mina.say("siwoo", "Tell me a long story about the Mirror Gate, please.");
    let second = mina.say("siwoo", "And another one.");
    let other = mina.say("nobody", "Hello?");
    let refused = mina.until(|frame| matches!(frame, FromServer::Refused { .. }));
    let FromServer::Refused { nr, reason, .. } = refused else { panic!() };
    assert_eq!((nr, reason), (Some(second), Refusal::StillAnswering));
    let unknown = mina.until(|frame| matches!(frame, FromServer::Refused { .. }));
    let FromServer::Refused { nr, reason, .. } = unknown else { panic!() };
    assert_eq!((nr, reason), (Some(other), Refusal::UnknownMember));
    mina.until(|frame| matches!(frame, FromServer::End { nr, .. } if *nr == first));
}

#[test]
fn a_fan_decides_what_is_remembered() {
    let club = Club::open();
    let (mut mina, token) = club.fan("mina");
    mina.ask("siwoo", "My cat is called Mirabo.");
    mina.send(&ToServer::Recall);
    let known = mina.until(|frame| matches!(frame, FromServer::Remembered { .. }));
    let FromServer::Remembered { facts } = known else { panic!() };
    assert!(facts[0].text.contains("Mirabo"), "{facts:?}");
    mina.send(&ToServer::Forget { fact: facts[0].fact });
    let known = mina.until(|frame| matches!(frame, FromServer::Remembered { .. }));
    assert!(matches!(known, FromServer::Remembered { facts } if facts.is_empty()));
    mina.ask("siwoo", "My dog is called Tolsen.");
    mina.send(&ToServer::ForgetMe);
    mina.until(|frame| matches!(frame, FromServer::Welcome { .. }));
    assert!(history(&mina, "siwoo").is_empty());
    drop(mina);
    let club = Club::open_in(club.close(), "");
    let mut mina = Client::enter(club.address, &token);
    assert!(history(&mina, "siwoo").is_empty());
    mina.send(&ToServer::Recall);
    let known = mina.until(|frame| matches!(frame, FromServer::Remembered { .. }));
    assert!(matches!(known, FromServer::Remembered { facts } if facts.is_empty()));
}

#[test]
fn what_happens_on_the_stage_is_seen_by_all() {
    let club = Club::open_in(tempfile::tempdir().unwrap(), "--moment-every 1");
    let (mut mina, _) = club.fan("mina");
    let (mut yuna, _) = club.fan("yuna");
    let says = |frame: &FromServer| matches!(frame, FromServer::Stage(Moment::Says { .. }));
    let seen = yuna.until(says);
    assert_eq!(mina.until(|frame| *frame == seen), seen);
    mina.until(|frame| matches!(frame, FromServer::Stage(Moment::Online { fans: 2 })));
    drop(yuna);
    mina.until(|frame| matches!(frame, FromServer::Stage(Moment::Online { fans: 1 })));
}

#[test]
fn who_has_left_is_not_counted_while_the_place_is_kept() {
    let club = Club::open();
    let online =
        |fans| move |frame: &FromServer| *frame == FromServer::Stage(Moment::Online { fans });
    let (mut mina, _) = club.fan("mina");
    let (yuna, _) = club.fan("yuna");
    mina.until(online(2));
    drop(yuna);
    mina.until(online(1));
    let (jun, _) = club.fan("jun");
    let welcome = &jun.heard[0];
    assert!(matches!(welcome, FromServer::Welcome { online: 2, .. }), "{welcome:?}");
    mina.until(online(2));
}

#[test]
fn who_is_here_when_the_server_closes_is_told() {
    let mut club = Club::open();
    let (mut mina, _) = club.fan("mina");
    let asked = mina.say("siwoo", "One last thing before you close?");
    mina.until(|frame| matches!(frame, FromServer::Begin { .. }));
    club.stop();
    mina.until(|frame| matches!(frame, FromServer::End { nr, .. } if *nr == asked));
    let bye = FromServer::Bye { reason: Parting::ShuttingDown };
    mina.until(|frame| *frame == bye);
    mina.until_closed();
}

#[test]
fn the_operator_sees_how_it_goes() {
    let club = Club::open();
    let get = |path: &str| {
        let mut answer = ureq::get(format!("http://{}{path}", club.address)).call().unwrap();
        answer.body_mut().read_to_string().unwrap()
    };
    get("/healthz");
    let (mut mina, _) = club.fan("mina");
    mina.ask("taira", "Hi");
    get("/readyz");
    let metrics = get("/metrics");
    let has = |line: &str| metrics.lines().any(|it| it == line);
    assert!(has("fan_club_connections 1"), "{metrics}");
    assert!(has("fan_club_kept_total 1"), "{metrics}");
    let replies = r#"fan_club_replies_total{member="taira",outcome="complete"} 1"#;
    assert!(has(replies), "{metrics}");
    assert!(!metrics.contains("mina"), "no names of fans");
}

/// A server in a process of its own, with the default model.
struct Process {
    child: Child,
    address: SocketAddr,
}

impl Process {
    fn start(folder: &Path, address: SocketAddr) -> Self {
        let child = Command::new(env!("CARGO_BIN_EXE_fan_club"))
            .args(["serve", "--open", "--joins", "100", "--listen", &address.to_string(), "--data"])
            .arg(folder)
            .args(CONTENT.split(' '))
            .stderr(Stdio::null())
            .spawn()
            .expect("the server starts");
        let process = Self { child, address };
        let start = std::time::Instant::now();
        while ureq::get(format!("http://{address}/readyz")).call().is_err() {
            assert!(start.elapsed() < common::PATIENCE * 5, "the server is not ready");
            std::thread::sleep(Duration::from_millis(100));
        }
        process
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_address() -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address")
}

#[test]
fn a_server_that_is_killed_loses_the_turn_in_flight_at_most() {
    let folder = tempfile::tempdir().unwrap();
    let address = free_address();
    let server = Process::start(folder.path(), address);
    let token = join(address, "mina");
    let mut mina = Client::enter(server.address, &token);
    let mut ended = Vec::new();
    for turn in 0..6 {
        let text = format!("Message number {turn}: my favourite number is {turn}.");
        ended.push((text.clone(), mina.ask("siwoo", &text)));
    }
    mina.begin("siwoo", "And this one is in flight.");
    drop(server);
    let server = Process::start(folder.path(), address);
    let mina = Client::enter(server.address, &token);
    let lines = history(&mina, "siwoo");
    let said: Vec<(String, String)> =
        lines.chunks(2).map(|turn| (turn[0].text.clone(), turn[1].text.clone())).collect();
    assert_eq!(said[..6], ended[..], "every turn whose end was seen is there");
    assert!(said.len() <= 7);
}
