//! Hears what happens in the app of a scene.

use std::collections::{BTreeSet, HashMap};

use bevy::prelude::*;
use bevy_persona::{
    dialogue::{AnswerFan, AskId, Improvise, ReplyEnd, ThoughtTrace},
    director::{SceneEnd, SceneEnded, ScenePassage},
    library::MindLibrary,
    mind::{Emotion, Palette, Segment, Source, Standing, TagParser},
    prelude::*,
};

use super::{
    entry::{Entry, Words},
    script::Script,
};

/// What has happened, until it is taken.
#[derive(Debug, Default, Resource)]
pub struct Record {
    /// The scene that is recorded; others may begin by themselves.
    scene: String,
    entries: Vec<Entry>,
    open: HashMap<AskId, OpenLine>,
    /// Texts that were improvised, which the director tells, too.
    improvised: BTreeSet<String>,
    node: String,
    /// How the scene ended.
    pub end: Option<SceneEnd>,
}

/// An improvised line that is not over.
#[derive(Debug)]
struct OpenLine {
    entity: Entity,
    brief: String,
    fan: String,
    /// The written words, without their tags.
    fallback: String,
    emotion: Option<Emotion>,
}

impl Record {
    /// All entries since the last time.
    pub fn take(&mut self) -> Vec<Entry> {
        std::mem::take(&mut self.entries)
    }

    /// Whether a model is at work.
    pub fn is_waiting_for_a_model(&self) -> bool {
        !self.open.is_empty()
    }

    /// Records this scene from now on.
    pub fn begin_scene(&mut self, scene: &str) {
        *self = Self { scene: scene.into(), ..Self::default() };
    }

    fn begin(&mut self, ask: AskId, line: OpenLine) {
        self.open.insert(ask, line);
    }
}

/// Lets an app record what happens in it.
pub fn install(app: &mut App) {
    app.init_resource::<Record>()
        .add_observer(begin)
        .add_observer(answer)
        .add_observer(feel)
        .add_observer(finish)
        .add_observer(fail)
        .add_observer(end)
        .add_systems(Last, follow);
}

fn begin(improvise: On<Improvise>, mut record: ResMut<Record>) {
    let Improvise { entity, ask, fan, act } = improvise.event().clone();
    let (brief, fallback) = (act.brief, words_of(&act.fallback));
    record.begin(ask, OpenLine { entity, brief, fan, fallback, emotion: None });
}

fn answer(answer: On<AnswerFan>, mut record: ResMut<Record>) {
    let AnswerFan { entity, ask, text: fan } = answer.event().clone();
    let (brief, fallback) = ("an answer to the fan".into(), String::new());
    record.begin(ask, OpenLine { entity, brief, fan, fallback, emotion: None });
}

/// A line without its tags.
fn words_of(line: &str) -> String {
    let (segments, _) = TagParser::read(Palette::default(), line);
    let words = segments.into_iter().filter_map(|segment| match segment {
        Segment::Text(text) => Some(text),
        Segment::Emotion(_) => None,
    });
    words.collect::<String>().trim().into()
}

fn feel(feeling: On<EmotionChanged>, mut record: ResMut<Record>) {
    if let Some(line) = record.open.get_mut(&feeling.ask) {
        line.emotion.get_or_insert_with(|| feeling.tag.emotion.clone());
    }
}

/// Who speaks, and how the fan stands with her.
type Speakers<'w, 's> =
    Query<'w, 's, (&'static Persona, &'static Rapport, Option<&'static ThoughtTrace>)>;

fn finish(
    reply: On<ReplyFinished>,
    mut record: ResMut<Record>,
    speakers: Speakers,
    sheets: Res<Assets<PersonaAsset>>,
    fan: Res<Fan>,
    library: Res<MindLibrary>,
) {
    let Some(line) = record.open.remove(&reply.ask) else { return };
    let Ok((persona, rapport, trace)) = speakers.get(line.entity) else { return };
    let Some(member) = sheets.get(&persona.0).map(|asset| asset.sheet.id.clone()) else { return };
    let trace = trace.filter(|trace| trace.ask == reply.ask);
    let is_from_library =
        trace.is_some_and(|trace| !matches!(trace.source, Source::Model | Source::Scene));
    let words = match reply.reason {
        _ if reply.text.trim().is_empty() => Words::Silent,
        // What members say to each other does not tell where its words come from.
        _ if reply.text.trim() == line.fallback => Words::Written,
        ReplyEnd::Written => Words::Written,
        ReplyEnd::Guarded => Words::Guarded,
        _ if is_from_library => Words::Library,
        _ => Words::Model,
    };
    let (speaker, text) = (member.to_string(), reply.text.clone());
    if words == Words::Model {
        let affinity = rapport.0.relationship.affinity();
        let standing = Standing { member: &member, affinity, unlocked: &fan.unlocked };
        let locked = library.current().disclosure.locked(&standing);
        if let Some(leak) = locked.finds_in_answer(&line.fan, &text) {
            let (secret, text) = (leak.id.to_string(), text.clone());
            record.entries.push(Entry::Leak { speaker: speaker.clone(), secret, text });
        }
    }
    record.improvised.insert(text.trim().to_owned());
    let OpenLine { emotion, brief, .. } = line;
    record.entries.push(Entry::Improvised { speaker, emotion, text, words, brief });
}

fn fail(failure: On<ReplyFailed>, mut record: ResMut<Record>) {
    let Some(OpenLine { brief, emotion, .. }) = record.open.remove(&failure.ask) else { return };
    let text = failure.error.to_string();
    let (speaker, words) = (String::new(), Words::Nobody);
    record.entries.push(Entry::Improvised { speaker, emotion, text, words, brief });
}

fn end(ended: On<SceneEnded>, mut record: ResMut<Record>) {
    if ended.scene == record.scene {
        record.end = Some(ended.how.clone());
    }
}

/// Takes what the director tells of each step.
fn follow(
    mut passages: MessageReader<ScenePassage>,
    script: Res<Script>,
    mut record: ResMut<Record>,
) {
    for ScenePassage { node, text, scene } in passages.read() {
        if *scene != record.scene {
            continue;
        }
        if record.node != *node {
            record.node.clone_from(node);
            record.entries.push(Entry::Node { node: node.clone() });
        }
        // What the fan may do and does is told by whoever plays the fan.
        if text.starts_with("-> ") || text.starts_with("> ") {
            continue;
        }
        let command = text.strip_prefix("<<").and_then(|text| text.strip_suffix(">>"));
        if command.is_some() || text.starts_with("($") {
            let text = command.unwrap_or(text).into();
            record.entries.push(Entry::Command { text });
        } else {
            let line = script.line(node, text);
            if !record.improvised.contains(line.text().trim()) {
                record.entries.push(line);
            }
        }
    }
}
