//! The guides for writers: what they show can be used as it stands.
#![cfg(feature = "scene")]

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use bevy_persona::scene::{SceneCommand, Scenes};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/writing")
}

/// The guides, each with its name and text.
fn guides() -> Vec<(String, String)> {
    let guide = |path: PathBuf| {
        let name = path.file_name()?.to_str()?.to_owned();
        name.ends_with(".md").then(|| (name, std::fs::read_to_string(&path).expect("a guide")))
    };
    let entries = std::fs::read_dir(folder()).expect("the guides");
    entries.filter_map(|entry| guide(entry.expect("a guide").path())).collect()
}

/// The blocks of Yarn in a guide, each with the line it begins in.
fn blocks(text: &str) -> Vec<(usize, String)> {
    let (mut blocks, mut open) = (Vec::new(), None::<(usize, String)>);
    for (number, line) in (1..).zip(text.lines()) {
        match (&mut open, line.trim()) {
            (None, "```yarn") => open = Some((number, String::new())),
            (Some(_), "```") => blocks.extend(open.take()),
            (Some((_, block)), _) => {
                block.push_str(line);
                block.push('\n');
            }
            (None, _) => {}
        }
    }
    assert!(open.is_none(), "a block never ends");
    blocks
}

/// A block as a file: one without a title is put into a node.
fn file(block: &str) -> String {
    if block.contains("title:") {
        return block.into();
    }
    let end = "title: example_end\nscene: example\n---\nThe end. #line:example_end_1\n===\n";
    format!(
        "title: example\nscene: example\nneeds: none\nunlocks: none\n---\n{block}<<jump example_end>>\n===\n{end}"
    )
}

#[test]
fn every_block_of_yarn_in_the_guides_can_be_played() {
    let mut count = 0;
    for (guide, text) in guides() {
        for (line, block) in blocks(&text) {
            count += 1;
            if let Err(errors) = Scenes::from_files([("example.yarn", file(&block))]) {
                panic!("{guide}:{line}: {errors}");
            }
        }
    }
    assert!(count > 30, "{count}");
}

#[test]
fn every_command_is_in_the_reference_with_an_example() {
    let text = std::fs::read_to_string(folder().join("scene-commands.md")).unwrap();
    let examples: String = blocks(&text).into_iter().map(|(_, block)| block).collect();
    for name in SceneCommand::NAMES {
        assert!(text.contains(&format!("### {name}\n")), "{name} has no heading");
        assert!(examples.contains(&format!("<<{name} ")), "{name} has no example");
    }
}

#[test]
fn guides_lead_to_guides_that_are_there() {
    let names: BTreeSet<String> = guides().into_iter().map(|(name, _)| name).collect();
    for (guide, text) in guides() {
        for target in text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next()) {
            if target.ends_with(".md") && !target.contains('/') {
                assert!(names.contains(target), "{guide} leads to {target}");
            }
        }
    }
    let index = std::fs::read_to_string(folder().join("README.md")).unwrap();
    for name in names.iter().filter(|name| *name != "README.md") {
        assert!(index.contains(&format!("({name}")), "README.md does not lead to {name}");
    }
}
