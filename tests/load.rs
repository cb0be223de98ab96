//! `persona load` at servers that keep the promises of the protocol, and at servers that break one each.

#[path = "load/club.rs"]
mod club;

use std::process::{Command, Output, Stdio};

use club::{Club, Manner};
use serde_json::Value;

/// Fans who hardly think: three, for a moment, unless the options say otherwise.
fn load(club: &Club, options: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_persona"));
    command.args([
        "load",
        "--url",
        &club.url(),
        "--json",
        "--ramp",
        "0.1",
        "--think",
        "0.01..0.05",
    ]);
    for (option, value) in [("--fans", "3"), ("--minutes", "0.03")] {
        if !options.contains(&option) {
            command.args([option, value]);
        }
    }
    command.args(options).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn measured(club: &Club, options: &[&str]) -> (Option<i32>, Value) {
    report(&load(club, options).output().expect("the command runs"))
}

fn report(output: &Output) -> (Option<i32>, Value) {
    let told = || String::from_utf8_lossy(&output.stderr).into_owned();
    let report = serde_json::from_slice(&output.stdout);
    (output.status.code(), report.unwrap_or_else(|error| panic!("{error}: {}", told())))
}

fn count(report: &Value, path: &str) -> u64 {
    match report.pointer(path) {
        Some(Value::Array(all)) => all.len() as u64,
        Some(Value::Number(number)) => number.as_u64().expect("a whole number"),
        _ => 0,
    }
}

#[test]
fn a_good_server_passes_and_is_measured() {
    let club = Club::open(Manner::Good);
    let (code, report) = measured(&club, &["--metrics", &format!("{}/metrics", club.url())]);
    assert_eq!(code, Some(0), "{report:#}");
    assert_eq!((&report["ok"], &report["fans"]), (&true.into(), &3.into()));
    for path in ["/replies", "/facts/told", "/facts/remembered", "/turns/found", "/memory/points"] {
        assert!(count(&report, path) > 0, "{path}: {report:#}");
    }
    assert_eq!(count(&report, "/first_words/count"), count(&report, "/replies"));
    assert_eq!(report["memory"]["max_mb"], 12.5);
    assert!(report["flood"].is_null());
}

#[test]
fn fans_who_are_mixed_up_are_found() {
    let (code, report) = measured(&Club::open(Manner::MixesUp), &[]);
    assert_eq!(code, Some(1));
    let crossed = &report["cross_talk"][0];
    assert_ne!(crossed["fan"], crossed["of_fan"], "{report:#}");
    let word = crossed["word"].as_str().expect("a word");
    assert!(crossed["text"].as_str().expect("a text").contains(word), "{crossed}");
    assert_eq!(count(&report, "/errors"), 0, "{report:#}");
}

#[test]
fn a_turn_that_a_restart_loses_is_found() {
    let (code, report) = measured(&Club::open(Manner::LosesATurn), &["--allow-disconnects"]);
    assert_eq!(code, Some(1));
    assert!(count(&report, "/turns/lost") > 0, "{report:#}");
    assert!(count(&report, "/connections/reentered") > 0, "{report:#}");
    assert_eq!(count(&report, "/errors"), 0, "{report:#}");
}

#[test]
fn a_restart_that_loses_nothing_may_be_allowed() {
    let (code, report) = measured(&Club::open(Manner::Restarts), &["--allow-disconnects"]);
    assert_eq!(code, Some(0), "{report:#}");
    assert!(count(&report, "/errors_by_kind/disconnected") > 0, "{report:#}");
    assert_eq!(count(&report, "/turns/lost"), 0);
    let (code, report) = measured(&Club::open(Manner::Restarts), &[]);
    assert_eq!(code, Some(1), "{report:#}");
}

#[test]
fn a_server_that_knows_no_token_is_left_at_once() {
    let (code, report) = measured(&Club::open(Manner::KnowsNobody), &["--minutes", "10"]);
    assert_eq!(code, Some(1));
    assert_eq!(count(&report, "/errors_by_kind/unauthorised_401"), 3, "{report:#}");
    assert_eq!(count(&report, "/replies"), 0);
}

#[test]
fn a_server_that_hangs_is_noticed() {
    let (code, report) = measured(&Club::open(Manner::Hangs), &["--patience", "0.2"]);
    assert_eq!(code, Some(1));
    assert!(count(&report, "/errors_by_kind/hung") > 0, "{report:#}");
}

#[test]
fn garbage_is_counted_and_answers_go_on() {
    let (code, report) = measured(&Club::open(Manner::Garbage), &[]);
    assert_eq!(code, Some(1));
    assert!(count(&report, "/errors_by_kind/protocol") >= 2, "{report:#}");
    assert!(count(&report, "/replies") > 0, "{report:#}");
}

#[test]
fn who_floods_is_refused_and_the_others_are_compared() {
    let club = Club::open(Manner::Strict);
    let (code, report) = measured(&club, &["--flood", "1", "--allow-refusals"]);
    assert_eq!(code, Some(0), "{report:#}");
    assert!(count(&report, "/flood/by_kind/refused_slow_down") > 0, "{report:#}");
    for half in ["without", "meanwhile"] {
        assert!(count(&report, &format!("/flood/first_words_{half}/count")) > 0, "{report:#}");
    }
    let (code, report) = measured(&club, &["--flood", "1"]);
    assert_eq!(code, Some(1), "{report:#}");
}

#[test]
fn tokens_come_from_a_file_and_must_be_enough() {
    let club = Club::open(Manner::Good);
    let folder = tempfile::tempdir().expect("a folder for the test");
    let file = folder.path().join("tokens.txt");
    std::fs::write(&file, "# fans\nmina token-of-mina\ntoken-of-joon\n").expect("a file");
    let file = file.to_str().expect("a path of text");
    let (code, report) = measured(&club, &["--tokens", file, "--fans", "2"]);
    assert_eq!(code, Some(0), "{report:#}");
    let output = load(&club, &["--tokens", file]).output().expect("the command runs");
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2));
    assert!(told.contains("holds 2 tokens, but 3 fans come"), "{told}");
}

#[test]
fn a_server_that_is_not_there_is_named() {
    let closed = Club::open(Manner::Good);
    let url = closed.url();
    drop(closed);
    let output = Command::new(env!("CARGO_BIN_EXE_persona"))
        .args(["load", "--url", &url, "--minutes", "10"])
        .output()
        .expect("the command runs");
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2));
    assert!(told.contains(&url) && told.contains("does the server run there?"), "{told}");
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_the_run_with_a_report() {
    let club = Club::open(Manner::Good);
    let child = load(&club, &["--minutes", "10"]).spawn().expect("the command runs");
    club.wait_for_replies(5);
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(kill.expect("`kill` runs").success());
    let (code, report) = report(&child.wait_with_output().expect("it ends"));
    assert_eq!(code, Some(0), "{report:#}");
    assert_eq!(report["interrupted"], true);
    assert!(count(&report, "/replies") > 0);
}
