//! Finds the line in a file that is being said.

use std::collections::{BTreeMap, BTreeSet};

use bevy::prelude::*;
use bevy_persona::{
    mind::Emotion,
    persona::{Language, PersonaId, PersonaSheet},
    scene::{NodeStep, Scenes, Written, WrittenLine},
};

use super::entry::Entry;

/// The written lines of each node in every language: a fan may change it in the middle of a scene.
#[derive(Debug, Clone, Default, Resource)]
pub struct Script {
    nodes: BTreeMap<String, Vec<Line>>,
    /// What each member is called.
    names: Vec<(String, PersonaId)>,
}

#[derive(Debug, Clone)]
struct Line {
    id: String,
    emotion: Option<Emotion>,
    /// What stands between the values in it, in order, for each wording.
    wordings: Vec<Vec<String>>,
}

impl Script {
    /// The lines of these scenes, said by these.
    pub fn new(scenes: &Scenes, cast: &[PersonaSheet]) -> Self {
        let lines = |steps: &[NodeStep]| {
            let written = steps.iter().filter_map(|step| match &step.what {
                Written::Line(line) => Some(line),
                _ => None,
            });
            written.map(|line| Line::new(line, scenes)).collect()
        };
        let nodes = scenes.nodes().map(|node| (node.name.clone(), lines(&node.steps)));
        let names = cast.iter().flat_map(|sheet| {
            let names = sheet.names.values().chain([&sheet.name]);
            names.map(|name| (name.clone(), sheet.id.clone()))
        });
        Self { nodes: nodes.collect(), names: names.collect() }
    }

    /// A line of a node, of which a director tells `Siwoo: Hello.` Without an id, if nobody wrote it.
    pub fn line(&self, node: &str, told: &str) -> Entry {
        let lines = self.nodes.get(node).map(Vec::as_slice).unwrap_or_default();
        let (speaker, text) = match told.split_once(": ") {
            Some((speaker, text)) if is_name(speaker) => (Some(speaker), text),
            _ => (None, told),
        };
        let found = lines.iter().find(|line| line.is(text));
        Entry::Line {
            id: found.map(|line| line.id.clone()).unwrap_or_default(),
            speaker: speaker.map(|name| self.id(name)),
            emotion: found.and_then(|line| line.emotion.clone()),
            text: text.into(),
        }
    }

    /// Who is called so; the name itself, if nobody is.
    fn id(&self, name: &str) -> String {
        let found = self.names.iter().find(|(known, _)| known == name);
        found.map_or_else(|| name.to_lowercase(), |(_, id)| id.to_string())
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.len() <= 32 && !text.contains(char::is_whitespace)
}

impl Line {
    fn new(line: &WrittenLine, scenes: &Scenes) -> Self {
        let texts = Language::ALL.into_iter().filter_map(|code| scenes.text(&line.id, code));
        let wordings: BTreeSet<&str> = texts.map(without_speaker).collect();
        Self {
            id: line.id.clone(),
            emotion: line.emotion.as_ref().map(|tag| tag.emotion.clone()),
            wordings: wordings.into_iter().map(parts).collect(),
        }
    }

    fn is(&self, text: &str) -> bool {
        self.wordings.iter().any(|parts| fits(parts, text))
    }
}

fn without_speaker(text: &str) -> &str {
    text.split_once(": ").filter(|(name, _)| is_name(name)).map_or(text, |(_, words)| words)
}

/// A text without what is in braces.
fn parts(text: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((_, behind)) = after.split_once('}') else { break };
        parts.push(before.to_owned());
        rest = behind;
    }
    parts.push(rest.to_owned());
    parts
}

/// Whether a text is these parts with anything between.
fn fits(parts: &[String], text: &str) -> bool {
    let [first, between @ ..] = parts else { return false };
    let Some(mut rest) = text.strip_prefix(first.as_str()) else { return false };
    let Some((last, between)) = between.split_last() else { return rest.is_empty() };
    for part in between {
        let Some(at) = rest.find(part.as_str()) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_fits_its_template_whatever_the_values_are() {
        let fits = |template: &str, text: &str| fits(&parts(template), text);
        assert!(fits("Hello.", "Hello.") && !fits("Hello.", "Hello. You."));
        assert!(fits("{0}. I'm Siwoo.", "Mina. I'm Siwoo."));
        assert!(fits("{0}. Once more: {0}.", "Mina. Once more: Mina."));
        assert!(!fits("Hello, {0}.", "Goodbye, Mina."));
        assert!(fits("{0}", "anything") && fits("a {b", "a {b"));
    }

    #[test]
    fn who_speaks_stands_before_the_colon() {
        let script = Script::default();
        let Entry::Line { speaker, text, .. } = script.line("a", "Siwoo: One: two.") else {
            panic!()
        };
        assert_eq!((speaker.as_deref(), text.as_str()), (Some("siwoo"), "One: two."));
        let Entry::Line { speaker, .. } = script.line("a", "The rain stops: all at once.") else {
            panic!()
        };
        assert_eq!(speaker, None);
    }
}
