//! All written scenes of a game.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    LookAt, NodeInfo, SceneCommand, SceneError, SceneErrors, SceneInfo, SceneWorld, Stage, Story,
    Value, Written, WrittenLine,
    code::{Code, Op, Order},
    compile::{self, Text},
    save::Spot,
    script::{self, Script},
    source::{self, SourceNode},
    table::{Table, Tables},
};
use crate::persona::{Language, PersonaId};

mod headers;

/// All written scenes, compiled. Never changes once read.
///
/// # Example
/// ```
/// use bevy_persona::scene::Scenes;
///
/// let text = "title: hello\nname: Hello!\n---\nSiwoo: You came. #line:hello_1\n===\n";
/// let scenes = Scenes::from_files([("hello.yarn", text)])?;
/// assert_eq!(scenes.get("hello").unwrap().nodes, ["hello"]);
///
/// let broken = "title: hello\n---\n<<lihgt dusk>>\n===\n";
/// let errors = Scenes::from_files([("hello.yarn", broken)]).unwrap_err();
/// let text = "hello.yarn:3:3: there is no command `lihgt`: did you mean `light`?";
/// assert_eq!(errors.to_string(), text);
/// # Ok::<(), bevy_persona::scene::SceneErrors>(())
/// ```
#[derive(Debug, Default)]
pub struct Scenes {
    scenes: BTreeMap<String, SceneInfo>,
    script: Script,
    tables: Tables,
    stage: Stage,
    members: BTreeSet<PersonaId>,
}

impl Scenes {
    /// Whether a file belongs to the scenes: `*.yarn`, `*.<language>.csv`, `stage.toml`.
    #[must_use]
    pub fn takes(file: &str) -> bool {
        is_script(file) || is_stage(file) || Table::language_of(file).is_some()
    }

    /// Reads scenes from the names and texts of their files; other files are passed over.
    ///
    /// # Errors
    /// Every fault of every file, not just the first.
    pub fn from_files<N: AsRef<str>, T: AsRef<str>>(
        files: impl IntoIterator<Item = (N, T)>,
    ) -> Result<Self, SceneErrors> {
        let (mut scripts, mut tables, mut stage) = (Vec::new(), Vec::new(), Stage::default());
        let mut faults = Vec::new();
        for (name, text) in files {
            let (name, text) = (name.as_ref(), text.as_ref());
            if is_script(name) {
                scripts.push((name.to_owned(), text.to_owned()));
            } else if is_stage(name) {
                match Stage::read(name, text) {
                    Ok(read) => stage.join(read),
                    Err(fault) => faults.push(fault),
                }
            } else if Table::language_of(name).is_some() {
                match Table::read(name, text) {
                    Ok(table) => tables.push(table),
                    Err(errors) => faults.extend(errors.0),
                }
            }
        }
        scripts.sort_by(|a: &Text, b| a.0.cmp(&b.0));
        let sources: BTreeMap<_, _> =
            scripts.iter().map(|(name, text)| (name.clone(), source::nodes(text))).collect();
        let hollow = hollow(&sources);
        let scripts_whole = hollow.is_empty();
        scripts.retain(|(name, _)| hollow.iter().all(|fault| fault.file != *name));
        faults.extend(hollow);
        let scenes = match compile::together(&scripts) {
            Ok(compilation) if scripts_whole => {
                let script = script::read(&compilation, &sources, &mut faults);
                Self::joined(script, &sources, stage, &mut faults)
            }
            found => {
                faults.extend(found.err().into_iter().flatten());
                faults_alone(&scripts, &sources, &mut faults);
                return SceneErrors::unless(faults, Self::default());
            }
        };
        let mut scenes = scenes;
        for table in tables {
            scenes.tables.add(table, &scenes.script, &mut faults);
        }
        SceneErrors::unless(faults, scenes)
    }

    fn joined(
        mut script: Script,
        sources: &BTreeMap<String, Vec<SourceNode>>,
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

    /// All scenes, ordered by id.
    pub fn iter(&self) -> impl Iterator<Item = &SceneInfo> {
        self.scenes.values()
    }

    /// A scene by its id.
    #[must_use]
    pub fn get(&self, scene: &str) -> Option<&SceneInfo> {
        self.scenes.get(scene)
    }

    /// All nodes, ordered by name.
    pub fn nodes(&self) -> impl Iterator<Item = &NodeInfo> {
        self.script.nodes.values().map(|code| &code.info)
    }

    /// A node by its name.
    #[must_use]
    pub fn node(&self, name: &str) -> Option<&NodeInfo> {
        self.script.nodes.get(name).map(|code| &code.info)
    }

    /// What `stage.toml` declares: marks, lights, music.
    #[must_use]
    pub fn marks(&self) -> &Stage {
        &self.stage
    }

    /// The variables that scenes declare, with their first values.
    #[must_use]
    pub fn variables(&self) -> &BTreeMap<String, Value> {
        &self.script.declared
    }

    /// A line or option as it is written, by its id.
    #[must_use]
    pub fn line(&self, id: &str) -> Option<&WrittenLine> {
        self.script.lines.get(id)
    }

    /// The text of a line or option in a language, in English where it is not translated.
    #[must_use]
    pub fn text(&self, id: &str, language: Language) -> Option<&str> {
        let translated = self.tables.line(id, language);
        translated.or_else(|| self.line(id).map(|line| &*line.text))
    }

    /// What could begin now, the most salient first, then by id.
    ///
    /// Its `needs:` hold, and it is not finished or may be repeated.
    #[must_use]
    pub fn offers(&self, story: &Story, world: &dyn SceneWorld) -> Vec<&SceneInfo> {
        let may = |info: &&SceneInfo| {
            let fresh = info.repeat || story.visits_of(&info.end) == 0;
            fresh && info.needs.holds(story, world)
        };
        let mut offers: Vec<_> = self.iter().filter(may).collect();
        offers.sort_by(|a, b| b.salience.total_cmp(&a.salience));
        offers
    }

    pub(crate) fn code(&self, node: &str) -> Option<&Code> {
        self.script.nodes.get(node)
    }

    pub(crate) fn declared(&self, variable: &str) -> Option<&Value> {
        self.script.declared.get(variable)
    }

    pub(crate) fn script(&self) -> &Script {
        &self.script
    }

    pub(crate) fn tables(&self) -> &Tables {
        &self.tables
    }

    pub(crate) fn waits_for_choice(&self, spot: &Spot) -> bool {
        let op = self.code(&spot.node).and_then(|code| code.ops.get(spot.at));
        matches!(op, Some(Op::Choose))
    }

    /// With `look … at` a member told from `look … at` a mark.
    pub(crate) fn resolved(&self, mut command: SceneCommand) -> SceneCommand {
        resolve(&mut command, &self.members, &self.stage);
        command
    }

    /// With what the fan sees of it in a language.
    pub(crate) fn in_language(
        &self,
        mut command: SceneCommand,
        node: &str,
        language: Language,
    ) -> SceneCommand {
        let file = self.code(node).map_or("", |code| &code.info.file);
        let translated = |english: &str| self.tables.beat(file, english, language);
        match &mut command {
            SceneCommand::Improvise(improvise) => {
                if let Some(text) = translated(&improvise.fallback) {
                    improvise.fallback = text.into();
                }
            }
            SceneCommand::AskFan(ask) => {
                if let Some(text) = translated(&ask.question) {
                    ask.question = text.into();
                }
                if let Some(text) = translated(&ask.options.join("|")) {
                    ask.labels = super::commands::split(text);
                }
            }
            _ => {}
        }
        command
    }
}

/// Files without nodes, and nodes without titles: the compiler does not survive them.
fn hollow(sources: &BTreeMap<String, Vec<SourceNode>>) -> Vec<SceneError> {
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
fn faults_alone(
    scripts: &[Text],
    sources: &BTreeMap<String, Vec<SourceNode>>,
    faults: &mut Vec<SceneError>,
) {
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

fn members(script: &Script) -> BTreeSet<PersonaId> {
    let steps = script.nodes.values().flat_map(|code| &code.info.steps);
    steps.flat_map(|step| acting(&step.what)).cloned().collect()
}

/// Who speaks or acts in a step.
fn acting(written: &Written) -> Vec<&PersonaId> {
    match written {
        Written::Line(line) => line.speaker.iter().collect(),
        Written::Command(command) => command.members().collect(),
        Written::Option(_) | Written::Template(_) => Vec::new(),
    }
}

fn resolve(command: &mut SceneCommand, members: &BTreeSet<PersonaId>, stage: &Stage) {
    if let SceneCommand::Look { at, .. } = command
        && let LookAt::Mark(name) = at
        && !stage.marks.contains(name)
        && let Some(member) = members.iter().find(|member| member.as_str() == name)
    {
        *at = LookAt::Member(member.clone());
    }
}

fn is_script(file: &str) -> bool {
    file.ends_with(".yarn")
}

fn is_stage(file: &str) -> bool {
    file.rsplit(['/', '\\']).next() == Some("stage.toml")
}
