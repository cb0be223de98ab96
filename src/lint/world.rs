//! The names that there are: what the rules compare with.

mod member;
mod motion;
mod stage;

use std::collections::{BTreeMap, BTreeSet};

use super::{
    blocks::blocks, content::Content, kind::Kind, piece::Piece, script::Script, secrets::Secrets,
    table::Table, toml::entries,
};
use crate::mind::{Emotion, disclosure::Disclosure};
pub(super) use member::Member;
pub(super) use stage::{Entries, StageNames};

/// Everything that content files may name.
#[derive(Debug, Default)]
pub(super) struct World<'a> {
    /// By id.
    pub(super) members: BTreeMap<String, Member>,
    /// Built-in feelings, and those that personas add.
    pub(super) emotions: BTreeSet<String>,
    pub(super) gestures: BTreeSet<String>,
    /// Ids of facts.
    pub(super) facts: BTreeSet<String>,
    pub(super) secrets: Secrets,
    pub(super) scripts: Vec<Script<'a>>,
    pub(super) tables: Vec<Table<'a>>,
    /// Ids of scenes: headers `scene:`.
    pub(super) scenes: BTreeSet<&'a str>,
    /// What the stage has, if a file says so.
    pub(super) stage: Option<StageNames>,
}

impl<'a> World<'a> {
    /// Reads the names in all files.
    pub(super) fn new(content: &'a Content) -> Self {
        let files = |kind: Kind| {
            content.files().filter(move |file| file.kind == kind && file.not_text.is_none())
        };
        let members: BTreeMap<String, Member> = files(Kind::Persona)
            .map(Member::read)
            .map(|member| (member.id.clone(), member))
            .collect();
        let own = members.values().flat_map(|member| member.palette.emotions().iter());
        let emotions = Emotion::BUILT_IN.iter().chain(own).map(ToString::to_string).collect();
        let disclosure = files(Kind::Disclosure)
            .filter_map(|file| Disclosure::from_toml(&file.name, &file.text).ok())
            .last();
        let scripts: Vec<Script<'a>> = files(Kind::Scene).map(Script::read).collect();
        let nodes = scripts.iter().flat_map(|script| &script.nodes);
        let scenes = nodes.map(|node| node.scene).collect();
        let tables = content.files().filter_map(|file| match file.kind {
            Kind::Strings(language) if file.not_text.is_none() => Table::read(file, language),
            _ => None,
        });
        Self {
            gestures: motion::gestures(files(Kind::Motions), &members),
            facts: files(Kind::Lore)
                .flat_map(|file| blocks(file.whole()))
                .filter_map(fact_id)
                .collect(),
            secrets: disclosure.map(Secrets::new).unwrap_or_default(),
            tables: tables.collect(),
            stage: StageNames::read(files(Kind::Stage)),
            members,
            emotions,
            scripts,
            scenes,
        }
    }

    /// The member with this name, or this id.
    pub(super) fn named(&self, name: &str) -> Option<&Member> {
        self.members.get(name).or_else(|| {
            let name = name.to_lowercase();
            self.members.values().find(|member| member.is_called(&name))
        })
    }
}

fn fact_id(block: Piece<'_>) -> Option<String> {
    let id = entries(block).into_iter().find(|entry| entry.names() == ["id"])?;
    Some(id.text)
}
