//! All written scenes of a game.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    LookAt, NodeInfo, SceneCommand, SceneInfo, SceneWorld, Stage, Story, Value, Written,
    WrittenLine,
    code::{Code, Op},
    save::Spot,
    script::{self, Script},
    table::{Table, Tables},
};
use crate::persona::{Language, PersonaId};

mod headers;
mod read;

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

    pub(crate) fn codes(&self) -> impl Iterator<Item = &Code> {
        self.script.nodes.values()
    }

    /// Whether no `<<declare>>` names it; the compiler guesses its kind then.
    pub(crate) fn is_undeclared(&self, variable: &str) -> bool {
        variable.starts_with('$')
            && !variable.starts_with(script::VISITS)
            && !self.script.written_declares.contains(variable)
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
