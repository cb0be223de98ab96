//! The linter finds every planted mistake and nothing else, and what comes with the game is clean.
#![cfg(feature = "scene")]

#[path = "lint/mangled.rs"]
mod mangled;

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use bevy_persona::lint::{Code, Content, Finding, lint};

fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Everything that comes with the game.
fn shipped() -> Content {
    let folders = ["lore", "conduct", "cues", "scenes", "motions"];
    let folders = folders.map(|folder| project("assets").join(folder));
    Content::read(&[&folders[..], &[project("personas")]].concat())
        .expect("folders that can be read")
}

fn told(findings: &[Finding]) -> String {
    findings.iter().map(|finding| format!("{finding}\n")).collect()
}

#[test]
fn what_comes_with_the_game_is_clean() {
    let content = shipped();
    assert!(content.asked() > 40, "{} files", content.asked());
    let findings = lint(&content);
    assert!(findings.is_empty(), "{}", told(&findings));
}

/// A mistake that was planted: file, line, code, and what the help must name.
#[derive(Debug, PartialEq)]
struct Planted {
    file: String,
    line: usize,
    code: String,
    help: String,
}

fn planted(world: &str) -> Vec<Planted> {
    let table = project("tests/data/lint").join(world).join("expected.txt");
    let table = std::fs::read_to_string(table).expect("a table of what was planted");
    let rows = table.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let read = |row: &str| {
        let (place, rest) = row.split_once(' ').expect("a place");
        let (file, line) = place.split_once(':').expect("a file and a line");
        let (code, help) = rest.split_once(' ').expect("a code");
        Planted {
            file: file.into(),
            line: line.parse().expect("a number"),
            code: code.into(),
            help: help.into(),
        }
    };
    rows.map(read).collect()
}

const WORLDS: [&str; 4] = ["broken", "names", "scenes", "strings"];

#[test]
fn every_planted_mistake_is_found_and_nothing_else() {
    for world in WORLDS {
        let folder = project("tests/data/lint").join(world);
        let mut findings = lint(&Content::read(&[&folder]).unwrap());
        let is_it = |planted: &Planted, found: &Finding| {
            Path::new(&found.file).ends_with(&planted.file)
                && (found.place.line, found.code.as_str()) == (planted.line, &*planted.code)
                && found.help.contains(&planted.help)
        };
        for planted in planted(world) {
            let found = findings.iter().position(|found| is_it(&planted, found));
            let found = found.unwrap_or_else(|| panic!("{planted:?} in\n{}", told(&findings)));
            findings.remove(found);
        }
        assert!(findings.is_empty(), "{world}: {}", told(&findings));
    }
}

#[test]
fn there_is_a_planted_mistake_of_every_kind() {
    let planted: Vec<Planted> = WORLDS.iter().flat_map(|world| planted(world)).collect();
    assert!(planted.len() >= 45);
    let codes: BTreeSet<&str> = planted.iter().map(|planted| planted.code.as_str()).collect();
    let all: BTreeSet<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(codes, all);
}

#[test]
fn every_finding_points_at_bytes_of_its_file() {
    for world in WORLDS {
        let content = Content::read(&[project("tests/data/lint").join(world)]).unwrap();
        for finding in lint(&content) {
            let text = content.text(&finding.file).unwrap();
            assert!(text.get(finding.at.clone()).is_some(), "{finding}");
            let line = text[..finding.at.start].matches('\n').count() + 1;
            assert_eq!(finding.place.line, line, "{finding}");
        }
    }
}

#[test]
fn json_has_what_an_editor_needs() {
    let content = Content::read(&[project("tests/data/lint/names")]).unwrap();
    let findings = lint(&content);
    let json = serde_json::to_string(&findings).unwrap();
    let read: serde_json::Value = serde_json::from_str(&json).unwrap();
    let read = read.as_array().unwrap();
    assert_eq!(read.len(), findings.len());
    for (read, finding) in read.iter().zip(&findings) {
        assert_eq!(read["file"], *finding.file);
        assert_eq!(read["line"], finding.place.line);
        assert_eq!(read["column"], finding.place.column);
        assert_eq!(read["code"], finding.code.as_str());
        assert_eq!(read["severity"], finding.severity.to_string());
        assert_eq!(read["message"], *finding.message);
        assert_eq!(read["help"], *finding.help);
        assert_eq!(read.as_object().unwrap().len(), 7);
    }
}

#[test]
fn a_single_file_is_checked_with_the_world_around_it() {
    for (file, mistakes) in [
        ("tests/data/lint/scenes/names.yarn", 18),
        ("tests/data/lint/names/otto.lines.toml", 6),
        ("assets/scenes/echo_tower.yarn", 0),
        ("personas/jena.dialogues.jsonl", 0),
        ("assets/conduct/disclosure.toml", 0),
    ] {
        let content = Content::read(&[project(file)]).unwrap();
        assert_eq!(content.asked(), 1, "{file}");
        let findings = lint(&content);
        assert_eq!(findings.len(), mistakes, "{}", told(&findings));
        assert!(findings.iter().all(|found| found.file.ends_with(file)), "{}", told(&findings));
    }
}

#[test]
fn a_path_that_is_not_there_is_an_error_that_names_it() {
    let error = Content::read(&[project("assets/nowhere")]).unwrap_err().to_string();
    assert!(error.contains("nowhere: cannot be read: "), "{error}");
}

/// A scene of Otto's with these lines, and a secret that it unlocks in a node of its own.
fn early(lines: &str) -> Vec<Finding> {
    let mut content = Content::default();
    content.add("otto.persona.ron", r#"Persona(id: "otto", name: "Otto", role: "a guard")"#);
    content.add(
        "disclosure.toml",
        r#"
        [k1]
        subject = "where the treasure is"
        members = ["otto"]
        unlock = "gate"
        certain = { en = ["under the old oak"] }
        "#,
    );
    let scene = format!(
        "title: gate\nunlocks: k1\n---\n{lines}\n<<jump gate_oak>>\n===\n\
         title: gate_oak\nscene: gate\n---\n\
         Otto: It lies under the old oak. #line:gate_o #emotion:sad\n<<unlock k1>>\n<<jump gate_end>>\n===\n\
         title: gate_end\nscene: gate\n---\nOtto: Good night. #line:gate_e #emotion:sad\n===\n"
    );
    content.add("gate.yarn", scene);
    lint(&content)
}

#[test]
fn a_secret_is_too_early_if_one_way_does_not_unlock_it() {
    let option = |under: &str| {
        format!("-> Hm. #line:gate_1\n    {under}\n-> Oh. #line:gate_2\n    <<unlock k1>>")
    };
    for (lines, is_early) in [
        ("<<unlock k1>>".to_owned(), false),
        ("<<light dusk>>".to_owned(), true),
        (option("<<unlock k1>>"), false),
        (option("<<wait 1.0>>"), true),
        (option("<<jump gate_end>>"), false),
        ("<<if visited(\"gate_end\")>>\n<<else>>\n<<unlock k1>>\n<<endif>>".to_owned(), false),
        ("<<if not knows(\"k1\")>>\n    <<unlock k1>>\n<<endif>>".to_owned(), false),
        ("<<if knows(\"k1\")>>\n    <<wait 1.0>>\n<<endif>>".to_owned(), true),
        (
            "<<if knows(\"k1\") or hour() > 3>>\n<<else>>\n    <<unlock k1>>\n<<endif>>".to_owned(),
            true,
        ),
    ] {
        let findings = early(&lines);
        let codes: Vec<Code> = findings.iter().map(|found| found.code).collect();
        let expected = if is_early { vec![Code::SecretTooEarly] } else { Vec::new() };
        assert_eq!(codes, expected, "{lines}\n{}", told(&findings));
    }
}
