//! No authored line is taken for a secret, and every authored secret is.

use std::{fs, path::Path};

use super::{all_locked, locked_but};

/// A line that somebody wrote.
struct Line {
    /// Where it comes from.
    from: String,
    /// Who says it; nobody of what is not spoken.
    member: Option<String>,
    /// What the fan said before.
    fan: Option<String>,
    text: String,
    /// The secrets that it may tell.
    tells: Vec<String>,
}

fn read(folder: &str, ending: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut files: Vec<_> =
        fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    files.retain(|file| file.to_string_lossy().ends_with(ending));
    let name = |file: &Path| file.file_name().unwrap().to_string_lossy().into_owned();
    files.iter().map(|file| (name(file), fs::read_to_string(file).unwrap())).collect()
}

fn facts() -> Vec<toml::Table> {
    let files = read("assets/lore", ".md");
    let blocks = files.iter().flat_map(|(_, text)| text.split("```toml\n").skip(1));
    blocks.filter_map(|block| block.split("\n```").next()?.parse().ok()).collect()
}

/// All strings below a value.
fn strings(value: &toml::Value) -> Vec<String> {
    match value {
        toml::Value::String(text) => vec![text.clone()],
        toml::Value::Array(all) => all.iter().flat_map(strings).collect(),
        toml::Value::Table(all) => all.values().flat_map(strings).collect(),
        _ => vec![],
    }
}

fn lore(secret: bool, fields: &[&str]) -> Vec<Line> {
    let mut lines = Vec::new();
    for fact in facts().iter().filter(|fact| {
        let is_secret = fact["audience"].as_str() == Some("secret");
        is_secret == secret || (!secret && fields == ["say_instead"])
    }) {
        let id = fact["id"].as_str().unwrap();
        for field in fields {
            let Some(told) = fact.get(*field).and_then(|field| field.as_table()) else { continue };
            for (key, value) in told {
                let member = Some(key.clone()).filter(|key| key.len() > 2);
                let line = |text| Line {
                    from: format!("{id}.{field}.{key}"),
                    member: member.clone(),
                    fan: None,
                    text,
                    tells: vec![id.into()],
                };
                lines.extend(strings(value).into_iter().map(line));
            }
        }
    }
    lines
}

fn dialogues() -> Vec<Line> {
    let mut lines = Vec::new();
    for (_, text) in read("personas", ".dialogues.jsonl") {
        for line in text.lines() {
            let dialogue: serde_json::Value = serde_json::from_str(line).unwrap();
            let tells = dialogue["facts"].as_array().unwrap();
            let tells: Vec<_> = tells.iter().map(|id| id.as_str().unwrap().to_string()).collect();
            for turns in dialogue["turns"].as_array().unwrap().chunks(2) {
                lines.push(Line {
                    from: dialogue["id"].as_str().unwrap().into(),
                    member: dialogue["member"].as_str().map(str::to_lowercase),
                    fan: turns[0]["content"].as_str().map(String::from),
                    text: turns[1]["content"].as_str().unwrap().into(),
                    tells: tells.clone(),
                });
            }
        }
    }
    lines
}

/// Replies of `conduct.toml` and the lines of the members.
fn replies() -> Vec<Line> {
    let mut lines = Vec::new();
    for (file, text) in read("personas", ".lines.toml") {
        let member = file.split('.').next().map(String::from);
        let line = |text| Line {
            from: file.clone(),
            member: member.clone(),
            fan: None,
            text,
            tells: vec![],
        };
        lines.extend(strings(&text.parse::<toml::Table>().unwrap().into()).into_iter().map(line));
    }
    for (_, text) in read("assets/conduct", "conduct.toml") {
        for (kind, rule) in text.parse::<toml::Table>().unwrap() {
            let members = rule.get("replies").and_then(|replies| replies.as_table());
            for (member, told) in members.into_iter().flatten() {
                let (from, member) = (format!("conduct.{kind}"), Some(member.clone()));
                let line = |text| Line {
                    from: from.clone(),
                    member: member.clone(),
                    fan: None,
                    text,
                    tells: vec![],
                };
                lines.extend(strings(told).into_iter().map(line));
            }
        }
    }
    lines
}

/// What is flagged of these lines, and must not be.
fn flagged(lines: &[Line]) -> Vec<String> {
    let mut flagged = Vec::new();
    for line in lines {
        for member in ["siwoo", "jena", "taira", "marty"] {
            if line.member.as_deref().is_some_and(|speaker| speaker != member) {
                continue;
            }
            let locked = all_locked(member);
            let fan = line.fan.as_deref().unwrap_or_default();
            let leak = locked.finds_in_answer(fan, &line.text);
            let Some(leak) = leak.filter(|leak| !line.tells.iter().any(|id| **id == *leak.id))
            else {
                continue;
            };
            flagged.push(format!("{} {leak:?}\n  {fan}\n  {}", line.from, line.text));
            break;
        }
    }
    flagged
}

#[test]
fn no_authored_line_is_taken_for_a_secret() {
    let mut lines = lore(false, &["text", "say"]);
    lines.extend(lore(false, &["say_instead"]));
    lines.extend(replies());
    lines.extend(dialogues());
    let flagged = flagged(&lines);
    assert!(flagged.is_empty(), "{} of {}: {flagged:#?}", flagged.len(), lines.len());
}

#[test]
fn every_authored_secret_is_found() {
    let mut missed = Vec::new();
    for line in lore(true, &["text", "say"]) {
        let speaker = line.member.as_deref().unwrap_or("siwoo");
        let found = all_locked(speaker).finds(&line.text).map(|leak| leak.id);
        // Both are about the same person, whose name comes first.
        let alike = |id: &str, told: &str| id == told || (id, told) == ("s01", "s02");
        if !found.is_some_and(|id| line.tells.iter().any(|told| alike(&id, told))) {
            missed.push(format!("{}: {}", line.from, line.text));
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn a_fan_who_asks_of_harmless_things_probes_nothing() {
    let mut flagged = Vec::new();
    let lines = dialogues();
    for line in &lines {
        let fan = line.fan.as_deref().unwrap_or_default();
        if let Some(probe) = all_locked(line.member.as_deref().unwrap()).probes(fan) {
            flagged.push(format!(
                "{} {} {:?}\n  {fan}\n  {}",
                line.from, probe.id, line.tells, line.text
            ));
        }
    }
    // Those do ask for a secret.
    assert!(flagged.len() <= 8, "{flagged:#?}");
}

#[test]
fn no_authored_line_is_taken_for_a_fact_that_is_locked() {
    let mut locked_facts = Vec::new();
    for fact in facts().iter().filter(|fact| is_for(fact, &["friend", "close"])) {
        let id = fact["id"].as_str().unwrap();
        let texts = strings(&fact["text"]).into_iter().chain(strings(&fact["say"]));
        locked_facts.extend(texts.map(|text| (id.to_string(), text)));
    }
    let locked = super::Locked::clone(&all_locked("siwoo")).with_facts(locked_facts.clone());
    for (id, text) in &locked_facts {
        assert_eq!(locked.finds(text).map(|leak| leak.id).as_deref(), Some(&**id), "{text}");
    }
    let mut lines = lore(false, &["text", "say"]);
    lines.extend(replies());
    lines.extend(dialogues());
    for line in &lines {
        let leak = locked.finds(&line.text);
        let leak = leak.filter(|leak| !line.tells.iter().any(|id| **id == *leak.id));
        assert!(leak.is_none(), "{} {leak:?}\n{}", line.from, line.text);
    }
}

fn is_for(fact: &toml::Table, audiences: &[&str]) -> bool {
    audiences.contains(&fact["audience"].as_str().unwrap())
}

#[test]
fn what_a_finished_scene_unlocks_may_be_told_by_its_member() {
    let told = "The fifth voice belongs to Ria.";
    assert!(
        locked_but("siwoo", &["echo_tower"]).finds(told).is_some_and(|leak| &*leak.id == "s02")
    );
    assert!(locked_but("siwoo", &["echo_tower", "staircase"]).finds(told).is_some());
    assert!(locked_but("jena", &["echo_tower"]).finds(told).is_some_and(|leak| &*leak.id == "s01"));
}
