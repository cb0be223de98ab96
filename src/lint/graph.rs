//! Which node leads to which.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    piece::Piece,
    script::{Node, Part, Script, each},
    source::Source,
};

/// All nodes by title; of two with the same the first.
#[derive(Debug)]
pub(super) struct Graph<'w, 'a> {
    nodes: BTreeMap<&'a str, Place<'w, 'a>>,
}

/// A node and where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'w, 'a> {
    pub(super) file: &'a Source,
    pub(super) node: &'w Node<'a>,
}

impl<'w, 'a> Graph<'w, 'a> {
    pub(super) fn new(scripts: &'w [Script<'a>]) -> Self {
        let mut nodes = BTreeMap::new();
        for script in scripts {
            for node in &script.nodes {
                nodes.entry(node.title.text).or_insert(Place { file: script.file, node });
            }
        }
        Self { nodes }
    }

    pub(super) fn get(&self, title: &str) -> Option<Place<'w, 'a>> {
        self.nodes.get(title).copied()
    }

    pub(super) fn titles(&self) -> impl Iterator<Item = &'a str> {
        self.nodes.keys().copied()
    }

    /// All nodes, by title.
    pub(super) fn nodes(&self) -> impl Iterator<Item = Place<'w, 'a>> {
        self.nodes.values().copied()
    }

    /// What can be reached from nodes, themselves included.
    pub(super) fn reach(&self, from: impl IntoIterator<Item = &'a str>) -> BTreeSet<&'a str> {
        let mut open: Vec<&str> = from.into_iter().collect();
        let mut reached = BTreeSet::new();
        while let Some(title) = open.pop() {
            let Some(place) = self.get(title) else { continue };
            if reached.insert(place.node.title.text) {
                open.extend(jumps(place.node).map(|to| to.text));
            }
        }
        reached
    }

    /// Whether a jump is computed, so that it may lead anywhere.
    pub(super) fn jumps_anywhere(&self) -> bool {
        self.nodes().any(|place| all_jumps(place.node).iter().any(|to| to.text.starts_with('{')))
    }
}

/// Where a node jumps to, as far as it is written.
pub(super) fn jumps<'a>(node: &Node<'a>) -> impl Iterator<Item = Piece<'a>> {
    all_jumps(node).into_iter().filter(|to| !to.text.starts_with('{'))
}

fn all_jumps<'a>(node: &Node<'a>) -> Vec<Piece<'a>> {
    let mut found = Vec::new();
    each(&node.body, &mut |part| match part {
        Part::Command(command) if command.name.text == "jump" => found.push(command.rest),
        _ => {}
    });
    found
}
