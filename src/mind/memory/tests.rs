//! How well messages and questions are read, measured on files of test cases.

mod asking;
mod keeping;
mod telling;

use super::{Extractor, FanMemory, Said, Timestamp};
use crate::{
    mind::text::is_hangul,
    persona::{Language, PersonaId},
};

/// A Wednesday: 25 November 2026.
const NOW: Timestamp = Timestamp(1_795_643_107);

fn extractor() -> Extractor {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/conduct/memory.toml");
    Extractor::from_toml("memory.toml", &std::fs::read_to_string(path).unwrap()).unwrap()
}

fn member(id: &str) -> PersonaId {
    id.parse().unwrap()
}

fn language(text: &str) -> Language {
    if text.chars().any(is_hangul) { Language::Korean } else { Language::English }
}

fn said<'a>(text: &'a str, member: &'a PersonaId, turn: u64) -> Said<'a> {
    Said::new(text, language(text), member, turn, NOW)
}

/// The lines of a file of test cases, cut at tabs.
fn cases(file: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    file.lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| line.split('\t').collect())
}

/// A fan who tells one message after the other, and does what the messages ask.
fn tell(extractor: &Extractor, memory: &mut FanMemory, messages: &[&str], member: &PersonaId) {
    for (turn, text) in messages.iter().enumerate() {
        let mut said = said(text, member, turn as u64);
        said.fan_before = turn.checked_sub(1).map(|before| messages[before]);
        let found = extractor.extract(&said);
        for command in &found.commands {
            memory.obey(command, member, NOW);
        }
        memory.learn(found.facts);
    }
}
