//! Nodes: that jumps lead somewhere, and that every node is reached and every scene ends.

use std::collections::BTreeMap;

use super::super::{
    Code,
    check::Check,
    graph::{Graph, jumps},
};

pub(super) fn run(check: &mut Check<'_>) {
    let graph = Graph::new(&check.world.scripts);
    doubles(check);
    for script in &check.world.scripts {
        for to in script.nodes.iter().flat_map(jumps) {
            if graph.get(to.text).is_none() {
                let (code, titles) = (Code::UnknownNode, graph.titles());
                check.unknown(script.file, to.range(), code, "node", to.text, titles);
            }
        }
    }
    starts(check, &graph);
    if !graph.jumps_anywhere() {
        reached(check, &graph);
        ends(check, &graph);
    }
}

fn doubles(check: &mut Check<'_>) {
    let mut seen = BTreeMap::new();
    for script in &check.world.scripts {
        for node in &script.nodes {
            let (title, file) = (node.title, script.file);
            let first = *seen.entry(title.text).or_insert((file, title.at));
            if (&first.0.name, first.1) == (&file.name, title.at) || title.text.is_empty() {
                continue;
            }
            let place = first.0.place_for(first.1, file);
            let (code, message) = if node.is_start() {
                (Code::DuplicateScene, format!("the scene `{}` already begins {place}", title.text))
            } else {
                (Code::DuplicateNode, format!("there is a node `{}` {place}, too", title.text))
            };
            check.report(file, title.range(), code, message, "give one of them another title");
        }
    }
}

/// Every scene has a node of its own name.
fn starts(check: &mut Check<'_>, graph: &Graph<'_, '_>) {
    let mut seen = Vec::new();
    for script in &check.world.scripts {
        for node in &script.nodes {
            if seen.contains(&node.scene) || graph.get(node.scene).is_some() {
                continue;
            }
            seen.push(node.scene);
            let at = node.header("scene").unwrap_or(node.title);
            let message = format!("nothing begins the scene `{}`", node.scene);
            let help = format!("name its first node so: `title: {}`", node.scene);
            check.report(script.file, at.range(), Code::NoStart, message, help);
        }
    }
}

fn reached(check: &mut Check<'_>, graph: &Graph<'_, '_>) {
    let starts = graph.nodes().filter(|place| place.node.is_start());
    let reached = graph.reach(starts.map(|place| place.node.title.text));
    for place in graph.nodes() {
        let (node, title) = (place.node, place.node.title);
        // What no scene begins has been told.
        if graph.get(node.scene).is_some() && !reached.contains(title.text) {
            let message = format!("no way leads to the node `{}`", title.text);
            let help = format!(
                "write `<<jump {}>>` where the scene goes on with it, or take it out",
                title.text
            );
            check.report(place.file, title.range(), Code::UnreachableNode, message, help);
        }
    }
}

fn ends(check: &mut Check<'_>, graph: &Graph<'_, '_>) {
    for place in graph.nodes().filter(|place| place.node.is_start()) {
        let (scene, title) = (place.node.scene, place.node.title);
        let end = format!("{scene}_end");
        let is_alone = graph.nodes().filter(|other| other.node.scene == scene).count() == 1;
        let reached = graph.reach([title.text]);
        if reached.contains(end.as_str()) || is_alone {
            continue;
        }
        let (message, help) = match graph.get(&end) {
            Some(_) => (
                format!("the scene `{scene}` never comes to `{end}`, so it is never finished"),
                format!("write `<<jump {end}>>` where it ends"),
            ),
            None => (
                format!("the scene `{scene}` has no node `{end}`, with which it is finished"),
                format!("name its last node so: `title: {end}`"),
            ),
        };
        check.report(place.file, title.range(), Code::NoEnd, message, help);
    }
}
