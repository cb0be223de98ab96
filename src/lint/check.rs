//! What all rules work with.

use std::ops::Range;

use super::{
    Code, Finding, content::Content, kind::Kind, nearest::advice, source::Source, world::World,
};
use crate::persona::Place;

/// The files, the names that there are, and what has been found so far.
pub(super) struct Check<'a> {
    content: &'a Content,
    pub(super) world: &'a World<'a>,
    pub(super) found: Vec<Finding>,
}

impl<'a> Check<'a> {
    pub(super) const fn new(content: &'a Content, world: &'a World<'a>) -> Self {
        Self { content, world, found: Vec::new() }
    }

    /// All files that are text.
    pub(super) fn texts(&self) -> impl Iterator<Item = &'a Source> + use<'a> {
        self.content.files().filter(|file| file.not_text.is_none())
    }

    /// All files of a kind that are text.
    pub(super) fn all(&self, kind: Kind) -> impl Iterator<Item = &'a Source> + use<'a> {
        self.texts().filter(move |file| file.kind == kind)
    }

    /// The files of a kind that are asked for.
    pub(super) fn asked(&self, kind: Kind) -> impl Iterator<Item = &'a Source> + use<'a> {
        self.all(kind).filter(|file| file.asked)
    }

    /// All files that are no text.
    pub(super) fn not_text(&self) -> impl Iterator<Item = (&'a Source, usize)> + use<'a> {
        self.content.files().filter_map(|file| Some((file, file.not_text?)))
    }

    /// A file by its name.
    pub(super) fn file(&self, name: &str) -> Option<&'a Source> {
        self.content.file(name)
    }

    /// Tells of a mistake, unless its file is only there for its names.
    pub(super) fn report(
        &mut self,
        file: &Source,
        at: Range<usize>,
        code: Code,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        if !file.asked {
            return;
        }
        let end = at.end.min(file.text.len());
        let at = at.start.min(end)..end;
        self.found.push(Finding {
            file: file.name.clone(),
            place: Place::of_byte(&file.text, at.start),
            code,
            severity: code.severity(),
            message: message.into(),
            help: help.into(),
            at,
        });
    }

    /// Tells of a name that does not exist.
    pub(super) fn unknown<'n>(
        &mut self,
        file: &Source,
        at: Range<usize>,
        code: Code,
        what: &str,
        word: &str,
        known: impl IntoIterator<Item = &'n str>,
    ) {
        let help = advice(word, known);
        self.report(file, at, code, format!("there is no {what} `{word}`"), help);
    }

    /// Whether somebody has this id, or nobody is known at all; tells of it otherwise.
    pub(super) fn member(&mut self, file: &Source, at: Range<usize>, id: &str) -> bool {
        let members = &self.world.members;
        let known = members.is_empty() || members.contains_key(id);
        if !known {
            let ids = self.world.members.keys().map(String::as_str);
            self.unknown(file, at, Code::UnknownMember, "member", id, ids);
        }
        known
    }

    /// Checks a feeling that a member is to show.
    pub(super) fn emotion(
        &mut self,
        file: &Source,
        at: Range<usize>,
        word: &str,
        of: Option<&str>,
    ) {
        let world = self.world;
        if !world.emotions.contains(word) {
            let known = world.emotions.iter().map(String::as_str);
            return self.unknown(file, at, Code::UnknownEmotion, "feeling", word, known);
        }
        let Some(member) = of.and_then(|id| world.members.get(id)) else { return };
        let own = member.palette.emotions();
        if !own.iter().any(|emotion| emotion.as_str() == word) {
            let message = format!("`{word}` is not among the `emotions` of {}", member.name);
            let has: Vec<&str> = own.iter().map(crate::mind::Emotion::as_str).collect();
            let help = format!("add it to her persona, or use one of {}", has.join(", "));
            self.report(file, at, Code::EmotionNotInPalette, message, help);
        }
    }

    /// Checks the name of a scene, if any scene is known.
    pub(super) fn scene(&mut self, file: &Source, at: Range<usize>, id: &str) {
        let world = self.world;
        if !world.scenes.is_empty() && !world.scenes.contains(id) {
            let known = world.scenes.iter().copied();
            self.unknown(file, at, Code::UnknownScene, "scene", id, known);
        }
    }

    /// Checks the id of a fact, if any fact is known.
    pub(super) fn fact(&mut self, file: &Source, at: Range<usize>, id: &str) {
        let world = self.world;
        if !world.facts.is_empty() && !world.facts.contains(id) {
            let known = world.facts.iter().map(String::as_str);
            self.unknown(file, at, Code::UnknownFact, "fact", id, known);
        }
    }
}
