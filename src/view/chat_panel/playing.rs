//! What was said and done in the scene that runs, for the panel to show.

use std::collections::VecDeque;

use bevy::prelude::*;

use crate::{
    dialogue::{
        EmotionChanged, ReplyChunk, ReplyEnd, ReplyFailed, ReplyFinished, ReplyStarted, Say,
    },
    director::{Choose, Narration, SceneBegan, SceneEnded, ScenePassage, SceneState},
    mind::{Beat, Beats, fan_text},
    scene::SceneChoice,
};

/// How many entries are kept of a scene.
const MOST: usize = 400;

/// How many of the latest steps are remembered, to complete a line that was cut short.
const LATEST: usize = 4;

/// One entry of a scene.
#[derive(Debug, Clone)]
pub(super) enum Said {
    /// Nobody says it.
    Narration(String),
    /// The fan said it, or did it.
    Fan { text: String, is_deed: bool },
    /// Somebody of the cast says it.
    Member(Spoken),
}

/// What somebody of the cast says.
#[derive(Debug, Clone)]
pub(super) struct Spoken {
    pub(super) entity: Entity,
    beats: Beats,
    /// Whether more may come.
    is_open: bool,
}

impl Spoken {
    pub(super) fn beats(&self) -> &[Beat] {
        self.beats.as_slice()
    }

    /// Who wants on reads faster than somebody speaks: what was left of the line stands there, too.
    fn complete(&mut self, passages: &VecDeque<String>) {
        let said: String = self.beats().iter().map(|beat| beat.text.as_str()).collect();
        let lines = passages.iter().rev().filter_map(|passage| passage.split_once(": "));
        let rest = lines.map(|(_, line)| line).find_map(|line| line.strip_prefix(said.trim()));
        if let Some(rest) = rest.filter(|_| !said.trim().is_empty()) {
            self.beats.text(rest);
        }
    }
}

/// The scene that runs, as the fan has seen it so far.
#[derive(Debug, Default, Resource)]
pub(super) struct Playing {
    is_running: bool,
    entries: Vec<Said>,
    /// What could be chosen a moment ago: whoever hears of a choice may hear of it too late.
    choices: Vec<SceneChoice>,
    /// The latest steps of the scene, in words.
    passages: VecDeque<String>,
}

impl Playing {
    /// Whether a scene runs.
    pub(super) fn is_running(&self) -> bool {
        self.is_running
    }

    /// All that was said and done, oldest first.
    pub(super) fn entries(&self) -> &[Said] {
        &self.entries
    }

    fn add(&mut self, said: Said) {
        if self.entries.len() >= MOST {
            self.entries.remove(0);
        }
        self.entries.push(said);
    }

    fn open(&mut self, of: Entity) -> Option<&mut Spoken> {
        self.entries.iter_mut().rev().find_map(|said| match said {
            Said::Member(spoken) if spoken.is_open && spoken.entity == of => Some(spoken),
            _ => None,
        })
    }

    fn close(&mut self, of: Entity, is_cut: bool) {
        let passages = std::mem::take(&mut self.passages);
        if let Some(spoken) = self.open(of) {
            spoken.is_open = false;
            if is_cut {
                spoken.complete(&passages);
            }
        }
        self.passages = passages;
    }
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Playing>()
        .add_observer(began)
        .add_observer(ended)
        .add_observer(narrated)
        .add_observer(chose)
        .add_observer(said)
        .add_observer(started)
        .add_observer(feels)
        .add_observer(hears)
        .add_observer(finished)
        .add_observer(failed)
        .add_message::<ScenePassage>()
        .add_systems(Update, remember_passages)
        .add_systems(Last, remember_choices);
}

fn began(_: On<SceneBegan>, mut playing: ResMut<Playing>) {
    *playing = Playing { is_running: true, ..Playing::default() };
}

fn ended(_: On<SceneEnded>, state: Option<Res<SceneState>>, mut playing: ResMut<Playing>) {
    // One that could not begin ends nothing else.
    playing.is_running &= state.is_some_and(|state| state.scene.is_some());
}

fn narrated(narration: On<Narration>, mut playing: ResMut<Playing>) {
    playing.add(Said::Narration(narration.0.clone()));
}

fn chose(choose: On<Choose>, mut playing: ResMut<Playing>) {
    let choice = playing.choices.get(choose.0).filter(|choice| choice.available).cloned();
    if let Some(SceneChoice { text, is_deed, .. }) = choice {
        playing.choices.clear();
        playing.add(Said::Fan { text, is_deed });
    }
}

fn said(say: On<Say>, mut playing: ResMut<Playing>) {
    let text = fan_text(&say.text);
    if playing.is_running && !text.is_empty() {
        playing.add(Said::Fan { text, is_deed: false });
    }
}

fn started(started: On<ReplyStarted>, mut playing: ResMut<Playing>) {
    if playing.is_running {
        playing.close(started.entity, true);
        let (entity, beats) = (started.entity, Beats::default());
        playing.add(Said::Member(Spoken { entity, beats, is_open: true }));
    }
}

fn feels(changed: On<EmotionChanged>, mut playing: ResMut<Playing>) {
    if let Some(spoken) = playing.open(changed.entity) {
        spoken.beats.emotion(changed.tag.clone());
    }
}

fn hears(chunk: On<ReplyChunk>, mut playing: ResMut<Playing>) {
    if let Some(spoken) = playing.open(chunk.entity) {
        spoken.beats.text(&chunk.text);
    }
}

fn finished(finished: On<ReplyFinished>, mut playing: ResMut<Playing>) {
    playing.close(finished.entity, finished.reason == ReplyEnd::Interrupted);
}

fn failed(failed: On<ReplyFailed>, mut playing: ResMut<Playing>) {
    playing.close(failed.entity, false);
}

fn remember_passages(mut passed: MessageReader<ScenePassage>, mut playing: ResMut<Playing>) {
    for passage in passed.read() {
        if playing.passages.len() >= LATEST {
            playing.passages.pop_front();
        }
        playing.passages.push_back(passage.text.clone());
    }
}

fn remember_choices(state: Option<Res<SceneState>>, mut playing: ResMut<Playing>) {
    let Some(state) = state.filter(DetectChanges::is_changed) else { return };
    if playing.choices != state.choices {
        playing.choices.clone_from(&state.choices);
    }
    playing.is_running &= state.scene.is_some();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{dialogue::AskIds, mind::Emotion};

    #[test]
    fn a_line_that_is_cut_short_can_be_read_to_its_end() {
        let entity = World::new().spawn_empty().id();
        let mut playing = Playing { is_running: true, ..Playing::default() };
        playing.passages.push_back("Siwoo: You came. Thank you.".into());
        let mut beats = Beats::default();
        beats.text("You came.");
        playing.add(Said::Member(Spoken { entity, beats, is_open: true }));
        playing.close(entity, true);
        let [Said::Member(spoken)] = playing.entries() else { panic!("one line") };
        let text: String = spoken.beats().iter().map(|beat| beat.text.as_str()).collect();
        assert_eq!(text, "You came. Thank you.");
    }

    #[test]
    fn a_scene_is_read_in_the_order_in_which_it_was_played() {
        let mut app = App::new();
        app.init_resource::<AskIds>()
            .insert_resource(SceneState { scene: Some("tower".into()), ..SceneState::default() })
            .add_plugins(plugin);
        let entity = app.world_mut().spawn_empty().id();
        let ask = app.world_mut().resource_mut::<AskIds>().draw();
        let world = app.world_mut();
        world.trigger(SceneBegan { scene: "tower".into() });
        world.trigger(Narration("Rain.".into()));
        world.trigger(ReplyStarted { entity, ask, fan: String::new() });
        let text = "You came.".to_owned();
        world.trigger(ReplyChunk { entity, ask, text, emotion: Emotion::Neutral });
        world.resource_mut::<SceneState>().choices = vec![SceneChoice {
            id: "one".into(),
            text: "(Say nothing.)".into(),
            available: true,
            is_deed: true,
        }];
        app.update();
        app.world_mut().trigger(Choose(0));
        app.world_mut().trigger(Choose(0));
        let read = app.world().resource::<Playing>().entries().iter().map(|said| match said {
            Said::Narration(text) => format!("- {text}"),
            Said::Fan { text, is_deed } => format!("> {text} {is_deed}"),
            Said::Member(spoken) => spoken.beats().iter().map(|beat| beat.text.as_str()).collect(),
        });
        assert_eq!(read.collect::<Vec<_>>(), ["- Rain.", "You came.", "> (Say nothing.) true"]);
    }
}
