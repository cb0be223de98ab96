//! Processes that are killed while they write, and processes that write at the same time.
//!
//! The processes are this test binary, started again with a variable that names their task.
#![cfg(feature = "store")]

use std::{
    env,
    io::{BufRead, BufReader, Lines},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
    thread,
    time::Duration,
};

use bevy_persona::{
    mind::{
        Beat, ChatTurn, Emotion, FanId,
        memory::{Day, Episode, FactId, FanFact},
    },
    persona::PersonaId,
    store::{Store, TurnRecord},
};
use tempfile::TempDir;

/// `turns:name:path`: how many turns to write, for whom each line is signed, where.
const TASK: &str = "BEVY_PERSONA_STORE_TASK";
/// What a process says after each turn that is written.
const SAVED: &str = "saved turn ";

fn fan() -> FanId {
    "mina".parse().expect("an id")
}

fn siwoo() -> PersonaId {
    "siwoo".parse().expect("an id")
}

/// Numbers that look like chance, the same in each run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// What all parts of turn `n` say.
fn mark(who: &str, n: u64) -> String {
    let length = Chance(n).below(1200) as usize;
    format!("{who} {n}: {}", "이 밤 la ".repeat(length / 9))
}

fn record(who: &str, n: u64) -> TurnRecord {
    let text = mark(who, n);
    let beat = Beat { emotion: Emotion::Joy, intensity: 0.5, text: text.clone() };
    let fact = serde_json::json!({
        "id": n, "key": "note", "value": format!("{who} {n}"), "member": "siwoo", "confidence": 0.5,
    });
    let episode = Episode {
        member: siwoo(),
        summary: format!("{who} {n}"),
        first_turn: n,
        last_turn: n,
        day: Day(20_000),
        feelings: vec![Emotion::Joy],
    };
    TurnRecord {
        lines: vec![ChatTurn::Fan(text.into()), ChatTurn::Idol([beat].into())],
        facts: vec![serde_json::from_value::<FanFact>(fact).expect("a fact")],
        episodes: vec![episode],
        ..TurnRecord::default()
    }
}

/// The other processes; does nothing when the tests are run.
#[test]
fn a_process_that_writes() {
    let Ok(task) = env::var(TASK) else { return };
    let [turns, who, path] = task.splitn(3, ':').collect::<Vec<_>>()[..] else { panic!("{task}") };
    let mut store = Store::open(Path::new(path)).unwrap();
    let before = store.load(&fan()).unwrap().turns();
    for n in before + 1..=before + turns.parse::<u64>().unwrap() {
        let turn = store.save_turn(&fan(), &siwoo(), &record(who, n)).unwrap();
        println!("\n{SAVED}{turn}");
    }
}

/// A process that writes, and what it says.
struct Writer {
    process: Child,
    says: Lines<BufReader<ChildStdout>>,
}

impl Writer {
    fn start(path: &Path, who: &str, turns: u64) -> Self {
        let mut process = Command::new(env::current_exe().expect("a path"))
            .args(["--exact", "a_process_that_writes", "--nocapture", "--test-threads=1"])
            .env(TASK, format!("{turns}:{who}:{}", path.display()))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a process");
        let says = BufReader::new(process.stdout.take().expect("piped")).lines();
        Self { process, says }
    }

    /// Waits for the next turn that is written; nothing if the process has ended.
    fn next_turn(&mut self) -> Option<u64> {
        self.says
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix(SAVED)?.parse().ok())
    }

    /// Kills the process as `kill -9` does; gives the last turn that it said was written.
    fn kill(mut self) -> Option<u64> {
        self.process.kill().expect("killed");
        self.process.wait().expect("ended");
        let mut last = None;
        while let Some(turn) = self.next_turn() {
            last = Some(turn);
        }
        last
    }
}

fn world() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("world.memory");
    (folder, path)
}

/// Checks that a store is sound and holds whole turns only; gives how many.
fn whole_turns(path: &Path, who: &str) -> u64 {
    let mut store = Store::open(path).expect("a sound store");
    let mut saved = store.load(&fan()).expect("read");
    assert!(saved.unreadable.is_empty(), "{:?}", saved.unreadable);
    let Some(talks) = saved.talks.remove(&siwoo()) else {
        assert!(saved.facts.is_empty());
        return 0;
    };
    let all: Vec<_> = (1..=talks.turns).map(|n| record(who, n)).collect();
    let lines: Vec<_> = all.iter().flat_map(|record| record.lines.clone()).collect();
    // Of long conversations only the latest part is kept.
    let kept = &talks.history.turns;
    assert!(lines.ends_with(kept), "the conversation is not what was written");
    assert!(kept.len() == lines.len() || kept.len() > 100, "{} of {}", kept.len(), lines.len());
    assert!(saved.facts.iter().eq(all.iter().flat_map(|record| &record.facts)));
    assert!(talks.episodes.iter().eq(all.iter().flat_map(|record| &record.episodes)));
    assert_eq!(saved.last_fact, FactId(talks.turns));
    sound(path);
    talks.turns
}

/// The long check of SQLite, from outside of the crate.
fn sound(path: &Path) {
    let other = rusqlite::Connection::open(path).expect("opened");
    let check: String =
        other.query_row("PRAGMA integrity_check", (), |row| row.get(0)).expect("checked");
    assert_eq!(check, "ok");
}

#[test]
fn a_kill_in_the_middle_of_200_writes_loses_the_turn_in_flight_at_most() {
    let (_folder, path) = world();
    let mut chance = Chance(7);
    let (mut kept, mut kills) = (0, 0);
    while kept < 200 {
        let mut writer = Writer::start(&path, "one", 1000);
        let mut said = kept;
        for _ in 0..chance.below(8) {
            said = writer.next_turn().unwrap();
        }
        thread::sleep(Duration::from_micros(chance.below(1500)));
        said = writer.kill().unwrap_or(said);
        let found = whole_turns(&path, "one");
        assert!((said..=said + 1).contains(&found), "{said} were written, {found} are there");
        (kept, kills) = (found, kills + 1);
    }
    assert!(kills >= 20, "{kills}");
}

#[test]
fn a_kill_while_the_file_is_made_leaves_nothing_or_a_store() {
    let mut chance = Chance(3);
    for _ in 0..40 {
        let (_folder, path) = world();
        let mut writer = Writer::start(&path, "one", 2);
        while !path.exists() && writer.process.try_wait().unwrap().is_none() {
            thread::sleep(Duration::from_micros(50));
        }
        thread::sleep(Duration::from_micros(chance.below(12_000)));
        let said = writer.kill().unwrap_or(0);
        let found = whole_turns(&path, "one");
        assert!((said..=said + 1).contains(&found), "{said} were written, {found} are there");
    }
}

#[test]
fn two_processes_fill_one_file() {
    let (_folder, path) = world();
    let mut writers = ["one", "two"].map(|who| Writer::start(&path, who, 100));
    for writer in &mut writers {
        while writer.next_turn().is_some() {}
        assert!(writer.process.wait().unwrap().success());
    }
    let saved = Store::open(&path).unwrap().load(&fan()).unwrap();
    let talks = &saved.talks[&siwoo()];
    assert_eq!((talks.turns, saved.facts.len(), saved.last_fact), (200, 200, FactId(200)));
    for who in ["one", "two"] {
        let of = |fact: &&FanFact| fact.value.starts_with(who);
        assert_eq!(saved.facts.iter().filter(of).count(), 100);
    }
    for exchange in talks.history.turns.chunks(2) {
        let [ChatTurn::Fan(said), ChatTurn::Idol(beats)] = exchange else { panic!("{exchange:?}") };
        assert_eq!(**said, *beats[0].text, "turns are not mixed");
    }
    sound(&path);
}
