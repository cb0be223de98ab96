//! What the headers of a scene's first node say.

use std::collections::BTreeMap;

use super::acting;
use crate::{
    persona::{Language, Place},
    scene::{
        Begins, Condition, SceneError, SceneInfo,
        script::Script,
        source::{SourceHeader, SourceNode},
    },
};

/// The scenes of a script. Each begins with the node that has its name.
pub(super) fn scenes(
    script: &Script,
    sources: &BTreeMap<String, Vec<SourceNode>>,
    faults: &mut Vec<SceneError>,
) -> BTreeMap<String, SceneInfo> {
    let mut scenes = BTreeMap::new();
    for source in sources.values().flatten() {
        if let Some(code) = script.nodes.get(&source.title).filter(|c| c.info.scene == c.info.name)
        {
            let file = &code.info.file;
            let mut info = plain(script, &source.title, file);
            for header in &source.headers {
                if let Err((column, problem)) = read(&mut info, header) {
                    let place = Place { line: header.line, column };
                    faults.push(SceneError::new(file, Some(place), problem));
                }
            }
            scenes.insert(info.id.clone(), info);
        }
    }
    let in_order = sources.values().flatten().filter_map(|node| script.nodes.get(&node.title));
    for code in in_order {
        let node = &code.info;
        let Some(info) = scenes.get_mut(&node.scene) else {
            let problem = format!(
                "the scene `{scene}` has no first node: give a node the title `{scene}`",
                scene = node.scene
            );
            faults.push(SceneError::at_line(&node.file, node.line, problem));
            continue;
        };
        info.nodes.push(node.name.clone());
        info.members.extend(node.steps.iter().flat_map(|step| acting(&step.what)).cloned());
    }
    scenes
}

fn plain(script: &Script, id: &str, file: &str) -> SceneInfo {
    let end = format!("{id}_end");
    SceneInfo {
        id: id.into(),
        file: file.into(),
        start: id.into(),
        end: if script.nodes.contains_key(&end) { end } else { id.into() },
        nodes: Vec::new(),
        title: BTreeMap::new(),
        needs: Condition::default(),
        unlocks: Vec::new(),
        members: std::collections::BTreeSet::new(),
        salience: 0.0,
        begins: Begins::Chosen,
        repeat: true,
        fan_may_interrupt: true,
    }
}

/// Takes a header over; headers of others, such as `tags:` or an editor's `position:`, stay alone.
fn read(info: &mut SceneInfo, header: &SourceHeader) -> Result<(), (usize, String)> {
    let SourceHeader { key, value, column, .. } = header;
    let fault = |problem: String| (*column, problem);
    match &**key {
        "needs" => {
            info.needs = value.parse().map_err(|error: crate::scene::ConditionError| {
                (column + error.column - 1, format!("in `needs:`: {}", error.problem))
            })?;
        }
        "unlocks" => {
            let names = value.split([',', ' ']).filter(|name| !name.is_empty() && *name != "none");
            info.unlocks = names.map(String::from).collect();
        }
        "salience" => match value.parse::<f32>() {
            Ok(salience) if salience.is_finite() => info.salience = salience,
            _ => return Err(fault(format!("`salience:` is a number, not `{value}`"))),
        },
        "begins" => {
            info.begins = match &**value {
                "chosen" => Begins::Chosen,
                "alone" => Begins::Alone,
                _ => {
                    let problem = format!("`begins:` is `chosen` or `alone`, not `{value}`");
                    return Err(fault(problem));
                }
            }
        }
        "repeat" => info.repeat = yes(key, value).map_err(fault)?,
        "interrupt" => info.fan_may_interrupt = yes(key, value).map_err(fault)?,
        "name" => drop(info.title.insert(Language::English, value.clone())),
        _ => {
            if let Some(code) = key.strip_prefix("name_") {
                let language: Language =
                    code.parse().map_err(|error| (1, format!("in `{key}:`: {error}")))?;
                info.title.insert(language, value.clone());
            }
        }
    }
    Ok(())
}

fn yes(key: &str, value: &str) -> Result<bool, String> {
    match value {
        "yes" | "true" => Ok(true),
        "no" | "false" => Ok(false),
        _ => Err(format!("`{key}:` is `yes` or `no`, not `{value}`")),
    }
}
