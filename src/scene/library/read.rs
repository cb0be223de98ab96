//! Reads all files of the scenes.

use std::collections::BTreeMap;

use super::{Scenes, headers, is_script, is_stage, members, resolve};
use crate::scene::{
    SceneError, SceneErrors, Stage, Value, Written,
    code::{Op, Order},
    compile::{self, Text},
    script::{self, Script},
    source::{self, SourceNode},
    table::{Table, Tables},
};

/// The nodes of each file, as they are written.
type Sources = BTreeMap<String, Vec<SourceNode>>;

/// Files by what they hold.
#[derive(Default)]
struct Files {
    scripts: Vec<Text>,
    tables: Vec<Table>,
    stage: Stage,
}

impl Files {
    fn sorted<N: AsRef<str>, T: AsRef<str>>(
        given: impl IntoIterator<Item = (N, T)>,
        faults: &mut Vec<SceneError>,
    ) -> Self {
        let mut files = Self::default();
        for (name, text) in given {
            let (name, text) = (name.as_ref(), text.as_ref());
            if is_script(name) {
                files.scripts.push((name.to_owned(), text.to_owned()));
            } else if is_stage(name) {
                match Stage::read(name, text) {
                    Ok(stage) => files.stage.join(stage),
                    Err(fault) => faults.push(fault),
                }
            } else if Table::language_of(name).is_some() {
                match Table::read(name, text) {
                    Ok(table) => files.tables.push(table),
                    Err(errors) => faults.extend(errors.0),
                }
            }
        }
        files.scripts.sort_by(|a, b| a.0.cmp(&b.0));
        files
    }
}

impl Scenes {
    /// Reads scenes from the names and texts of their files; other files are passed over.
    ///
    /// # Errors
    /// Every fault of every file, not just the first.
    pub fn from_files<N: AsRef<str>, T: AsRef<str>>(
        files: impl IntoIterator<Item = (N, T)>,
    ) -> Result<Self, SceneErrors> {
        let mut faults = Vec::new();
        let Files { mut scripts, tables, stage } = Files::sorted(files, &mut faults);
        let sources: Sources =
            scripts.iter().map(|(name, text)| (name.clone(), source::nodes(text))).collect();
        let hollow = hollow(&sources);
        let are_whole = hollow.is_empty();
        scripts.retain(|(name, _)| hollow.iter().all(|fault| fault.file != *name));
        faults.extend(hollow);
        let compilation = match compile::together(&scripts) {
            Ok(compilation) if are_whole => compilation,
            found => {
                faults.extend(found.err().into_iter().flatten());
                faults_alone(&scripts, &sources, &mut faults);
                return SceneErrors::unless(faults, Self::default());
            }
        };
        let script = script::read(&compilation, &sources, &mut faults);
        let mut scenes = Self::joined(script, &sources, stage, &mut faults);
        for table in tables {
            scenes.tables.add(table, &scenes.script, &mut faults);
        }
        SceneErrors::unless(faults, scenes)
    }

    fn joined(
        mut script: Script,
        sources: &Sources,
        stage: Stage,
        faults: &mut Vec<SceneError>,
    ) -> Self {
        check_jumps(&script, faults);
        let scenes = headers::scenes(&script, sources, faults);
        let members = members(&script);
        for code in script.nodes.values_mut() {
            let written = code.info.steps.iter_mut().filter_map(|step| match &mut step.what {
                Written::Command(command) => Some(command),
                _ => None,
            });
            let run = code.ops.iter_mut().filter_map(|op| match op {
                Op::Do(Order::Known(command)) => Some(command),
                _ => None,
            });
            for command in written.chain(run) {
                resolve(command, &members, &stage);
            }
        }
        Self { scenes, script, tables: Tables::default(), stage, members }
    }
}

/// Files without nodes, and nodes without titles: the compiler does not survive them.
fn hollow(sources: &Sources) -> Vec<SceneError> {
    let mut faults = Vec::new();
    for (name, nodes) in sources {
        if nodes.is_empty() {
            let problem = "there is no node in it: write `title:`, `---`, lines, `===`";
            faults.push(SceneError::new(name, None, problem));
        }
        for node in nodes.iter().filter(|node| node.title.is_empty()) {
            let problem = "this node has no title: write `title: its_name` above the `---`";
            faults.push(SceneError::at_line(name, node.first_line, problem));
        }
    }
    faults
}

/// Faults of the files that can be compiled alone, where together they cannot.
fn faults_alone(scripts: &[Text], sources: &Sources, faults: &mut Vec<SceneError>) {
    for script in scripts {
        if let Ok(compilation) = compile::together(std::slice::from_ref(script)) {
            script::read(&compilation, sources, faults);
        }
    }
}

fn check_jumps(script: &Script, faults: &mut Vec<SceneError>) {
    for code in script.nodes.values() {
        for (at, pair) in code.ops.windows(2).enumerate() {
            let [Op::Push(Value::Text(to)), Op::Run] = pair else { continue };
            if !script.nodes.contains_key(to) {
                let place = code.places.get(at + 1).copied().flatten();
                let near = nearest(to, script.nodes.keys());
                let problem = format!("there is no node `{to}` to jump to{near}");
                faults.push(SceneError::new(&code.info.file, place, problem));
            }
        }
    }
}

fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a String>) -> String {
    let near = known.map(|known| (strsim::jaro_winkler(known, name), known));
    let near = near.filter(|(like, _)| *like > 0.8).max_by(|a, b| a.0.total_cmp(&b.0));
    near.map(|(_, near)| format!(": did you mean `{near}`?")).unwrap_or_default()
}
