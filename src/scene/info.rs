//! What is known of a scene and its nodes without playing it.

use std::collections::{BTreeMap, BTreeSet};

use super::{Condition, SceneCommand};
use crate::{
    mind::EmotionTag,
    persona::{Language, PersonaId},
};

/// A scene, as the headers of its first node say.
#[derive(Debug, Clone, PartialEq)]
pub struct SceneInfo {
    /// Its name: that of its first node.
    pub id: String,
    /// The file of the first node.
    pub file: String,
    /// The node it begins with.
    pub start: String,
    /// The node it is finished with: `<id>_end`, or the first where there is none.
    pub end: String,
    /// All its nodes, in order of the file.
    pub nodes: Vec<String>,
    /// What a fan sees: headers `name:`, `name_ko:`.
    pub title: BTreeMap<Language, String>,
    /// When it may begin: header `needs:`.
    pub needs: Condition,
    /// What it opens, as its writer says: header `unlocks:`.
    pub unlocks: Vec<String>,
    /// Who speaks or acts.
    pub members: BTreeSet<PersonaId>,
    /// Who goes first where several could begin: header `salience:`, 0 if not said.
    pub salience: f32,
    /// Header `begins:`.
    pub begins: Begins,
    /// Whether it may be played again once it is finished: header `repeat:`, `yes` if not said.
    pub repeat: bool,
    /// Whether what the fan says cuts a line short: header `interrupt:`, `yes` if not said.
    pub fan_may_interrupt: bool,
}

impl SceneInfo {
    /// The title in a language, or in English, or the id.
    #[must_use]
    pub fn title_in(&self, language: Language) -> &str {
        let title = self.title.get(&language).or_else(|| self.title.get(&Language::English));
        title.unwrap_or(&self.id)
    }
}

/// How a scene begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Begins {
    /// The fan chooses it.
    #[default]
    Chosen,
    /// The director may begin it by itself.
    Alone,
}

/// A node: a piece of a scene.
#[derive(Debug, Clone, PartialEq)]
pub struct NodeInfo {
    /// Its title.
    pub name: String,
    /// The scene it belongs to: header `scene:`, or else the name of the file.
    pub scene: String,
    /// Its file.
    pub file: String,
    /// The line of its title.
    pub line: usize,
    /// The nodes it jumps to.
    pub leads_to: BTreeSet<String>,
    /// Whether a jump of it is computed while it plays.
    pub jumps_anywhere: bool,
    /// Its lines, options and commands, in order of the file.
    pub steps: Vec<NodeStep>,
}

/// Something written in a node.
#[derive(Debug, Clone, PartialEq)]
pub struct NodeStep {
    /// The line of the file, from 1.
    pub line: usize,
    /// What stands there.
    pub what: Written,
}

/// What can be written in a node.
#[derive(Debug, Clone, PartialEq)]
pub enum Written {
    /// A spoken line, or narration.
    Line(WrittenLine),
    /// Something the fan can say or do.
    Option(WrittenLine),
    /// A command.
    Command(SceneCommand),
    /// A command with values in it that are only known while it plays: `affinity siwoo {0}`.
    Template(String),
}

/// A line as it is written, in English.
#[derive(Debug, Clone, PartialEq)]
pub struct WrittenLine {
    /// Names it in string tables.
    pub id: String,
    /// Who speaks.
    pub speaker: Option<PersonaId>,
    /// The text without the speaker; `{0}` stands for the first value in it.
    pub text: String,
    /// Tag `#emotion:`.
    pub emotion: Option<EmotionTag>,
    /// Tag `#gesture:`.
    pub gesture: Option<String>,
    /// Whether the writer gave it an id, so that it can be translated.
    pub has_own_id: bool,
}
