//! How much of the scenes was played.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Write},
};

use bevy_persona::scene::{NodeInfo, Scenes, Written};
use serde::Serialize;

use super::entry::Entry;
use crate::paint::{QUIET, WRONG};

/// What was reached so far.
#[derive(Debug, Default)]
pub struct Coverage {
    visits: BTreeMap<String, u32>,
    heard: BTreeSet<String>,
}

/// One node in the report.
#[derive(Debug, Serialize)]
struct Node<'a> {
    event: &'static str,
    scene: &'a str,
    node: &'a str,
    visits: u32,
    lines: usize,
    never_heard: Vec<&'a str>,
}

impl Coverage {
    /// Counts what happened.
    pub fn count(&mut self, entry: &Entry) {
        match entry {
            Entry::Node { node } => *self.visits.entry(node.clone()).or_default() += 1,
            Entry::Line { id, .. } => {
                self.heard.insert(id.clone());
            }
            _ => {}
        }
    }

    /// Counts a node of which nothing was heard, because nothing is said or done in it.
    pub fn visited(&mut self, node: &str, times: u32) {
        if times > 0 {
            *self.visits.entry(node.into()).or_default() += times;
        }
    }

    /// Writes the report on the nodes of some scenes; gives those that were never reached.
    ///
    /// # Errors
    /// If the output is closed.
    pub fn report(
        &self,
        scenes: &Scenes,
        played: &BTreeSet<String>,
        is_json: bool,
        output: &mut impl Write,
    ) -> io::Result<Vec<String>> {
        let mut never = Vec::new();
        for node in scenes.nodes().filter(|node| played.contains(&node.scene)) {
            let row = self.row(node);
            if row.visits == 0 {
                never.push(node.name.clone());
            }
            if is_json {
                serde_json::to_writer(&mut *output, &row)?;
                writeln!(output)?;
            } else {
                row.show(output)?;
            }
        }
        Ok(never)
    }

    fn row<'a>(&self, node: &'a NodeInfo) -> Node<'a> {
        let lines = lines_of(node);
        let never_heard = lines.iter().copied().filter(|&id| !self.heard.contains(id)).collect();
        let visits = self.visits.get(&node.name).copied().unwrap_or_default();
        let (event, scene, name) = ("coverage", &node.scene, &node.name);
        Node { event, scene, node: name, visits, lines: lines.len(), never_heard }
    }
}

impl Node<'_> {
    fn show(&self, output: &mut impl Write) -> io::Result<()> {
        let Self { node, visits, lines, never_heard, .. } = self;
        if *visits == 0 {
            return writeln!(output, "{WRONG}{node:32} never reached{WRONG:#}");
        }
        let heard = lines - never_heard.len();
        write!(output, "{node:32} {visits:5} times, {heard} of {lines} lines")?;
        if !never_heard.is_empty() {
            write!(output, "  {QUIET}never heard: {}{QUIET:#}", never_heard.join(", "))?;
        }
        writeln!(output)
    }
}

/// The ids of the lines that are said in a node.
fn lines_of(node: &NodeInfo) -> Vec<&str> {
    let lines = node.steps.iter().filter_map(|step| match &step.what {
        Written::Line(line) => Some(line.id.as_str()),
        _ => None,
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCENE: &str = "title: a\nscene: a\n---\nOtto: Hello. #line:a_1\n<<jump a_end>>\n===\n\
                         title: a_end\nscene: a\n---\nOtto: Bye. #line:a_2\n===\n";

    fn report(entries: &[Entry]) -> (Vec<String>, String) {
        let scenes = Scenes::from_files([("a.yarn", SCENE)]).unwrap();
        let mut coverage = Coverage::default();
        entries.iter().for_each(|entry| coverage.count(entry));
        let mut output = Vec::new();
        let played = ["a".to_owned()].into();
        let never = coverage.report(&scenes, &played, false, &mut output).unwrap();
        (never, String::from_utf8(output).unwrap())
    }

    #[test]
    fn nodes_that_were_never_reached_are_told() {
        let (never, text) = report(&[Entry::Node { node: "a".into() }]);
        assert_eq!(never, ["a_end"]);
        assert!(text.contains("never reached") && text.contains("never heard: "), "{text}");
    }

    #[test]
    fn lines_that_were_heard_are_counted() {
        let nodes = ["a", "a_end"].map(|node| Entry::Node { node: node.into() });
        let lines = ["line:a_1", "line:a_2", "a_1", "a_2"].map(|id| {
            let (id, text) = (id.into(), String::new());
            Entry::Line { id, speaker: None, emotion: None, text }
        });
        let (never, text) = report(&[&nodes[..], &lines].concat());
        assert!(never.is_empty() && text.contains("1 of 1 lines"), "{text}");
    }
}
