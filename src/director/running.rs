//! The director: begins scenes, hands them what happens, tells how they end.

use std::{
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use bevy::prelude::*;

use super::{
    PlayScene, SceneBegan, SceneEnd, SceneEnded, SceneLibrary, ScenePassage, SceneSeed, SceneState,
    StoryBook, UnfinishedScene,
    inbox::{Inbox, Notice, Remark},
    run::Run,
    theatre::Theatre,
};
use crate::{
    dialogue::{AnswerFan, Forgotten, SceneListens},
    persona::Language,
    scene::{Player, SavedScene, Scenes},
};

/// The scene that runs, and the one that is to begin.
#[derive(Debug, Default, Resource)]
pub(super) struct Running {
    pub(super) run: Option<Run>,
    coming: Option<Coming>,
    /// The scenes that the run was made of.
    scenes: Option<Arc<Scenes>>,
    /// Whether a store may still tell what scenes left the last time.
    pub(super) expects_story: bool,
    /// Seconds for which it has been waited for.
    waited: f32,
}

/// Seconds after which a scene begins without what a store has kept.
const PATIENCE: f32 = 10.0;

/// A scene that is to begin as soon as all is read.
#[derive(Debug)]
enum Coming {
    Play(PlayScene),
    Resume(Box<SavedScene>),
}

impl Running {
    /// Whether nothing is played or about to be.
    pub(super) fn is_free(&self) -> bool {
        self.run.is_none() && self.coming.is_none()
    }

    fn end(
        &mut self,
        how: SceneEnd,
        book: &mut ResMut<'_, StoryBook>,
        theatre: &mut Theatre<'_, '_>,
    ) {
        let Some(run) = self.run.take() else { return };
        book.0 = run.story().clone();
        let scene = run.scene().to_owned();
        if let SceneEnd::Failed(problem) = &how {
            warn!("the scene `{scene}` ends early: {problem}");
        }
        for remark in run.clear_up(&how, theatre) {
            say_as_usual(remark, theatre);
        }
        theatre.commands.trigger(SceneEnded { scene, how });
    }
}

/// She answers as she does outside of scenes.
pub(super) fn say_as_usual(remark: Remark, theatre: &mut Theatre<'_, '_>) {
    let (Remark { to: entity, text }, ask) = (remark, theatre.ids.draw());
    if theatre.has(entity) {
        theatre.commands.trigger(AnswerFan { entity, ask, text });
    }
}

/// With a fan who is forgotten go all stories.
pub(super) fn forget(
    mut forgotten: MessageReader<Forgotten>,
    mut running: ResMut<Running>,
    mut book: ResMut<StoryBook>,
    mut unfinished: ResMut<UnfinishedScene>,
    mut theatre: Theatre,
) {
    if forgotten.read().any(|what| *what == Forgotten::Fan) {
        running.coming = None;
        running.end(SceneEnd::Stopped, &mut book, &mut theatre);
        (*book, *unfinished) = Default::default();
    }
}

/// Moves the scene on by a frame.
pub(super) fn direct(
    library: Res<SceneLibrary>,
    seed: Res<SceneSeed>,
    mut running: ResMut<Running>,
    mut inbox: ResMut<Inbox>,
    mut book: ResMut<StoryBook>,
    mut unfinished: ResMut<UnfinishedScene>,
    mut theatre: Theatre,
    mut passages: MessageWriter<ScenePassage>,
) {
    let running = running.bypass_change_detection();
    if running.is_free() && inbox.is_empty() {
        return;
    }
    let (theatre, mut told) = (&mut theatre, Vec::new());
    keep_up(running, &library, &mut book, theatre);
    for notice in inbox.take() {
        take(notice, running, &mut book, theatre, &mut told);
    }
    if running.coming.is_some() {
        running.waited += theatre.real.delta_secs();
    }
    let has_story = !running.expects_story || running.waited > PATIENCE;
    if has_story && running.coming.is_some() && !library.is_expected() && theatre.is_ready() {
        running.waited = 0.0;
        begin(running, &library, *seed, &mut book, theatre);
        if running.run.is_some() {
            unfinished.set_if_neq(UnfinishedScene(None));
        }
    }
    let ended = running.run.as_mut().and_then(|run| run.advance(theatre, &mut told));
    passages.write_batch(told);
    if let Some(how) = ended {
        running.end(how, &mut book, theatre);
    }
}

/// The scene that runs follows edits of its file.
fn keep_up(
    running: &mut Running,
    library: &SceneLibrary,
    book: &mut ResMut<'_, StoryBook>,
    theatre: &mut Theatre<'_, '_>,
) {
    let current = library.current();
    let is_same = running.scenes.as_ref().is_some_and(|known| Arc::ptr_eq(known, current));
    let Some(run) = running.run.as_mut().filter(|_| !is_same) else { return };
    let reloaded = run.reload(Arc::clone(current), theatre);
    running.scenes = Some(Arc::clone(current));
    if let Err(error) = reloaded {
        running.end(SceneEnd::Failed(error.to_string()), book, theatre);
    }
}

fn take(
    notice: Notice,
    running: &mut Running,
    book: &mut ResMut<'_, StoryBook>,
    theatre: &mut Theatre<'_, '_>,
    told: &mut Vec<ScenePassage>,
) {
    match (notice, &mut running.run) {
        (Notice::Play(play), _) => running.coming = Some(Coming::Play(play)),
        (Notice::Resume(saved), _) => running.coming = Some(Coming::Resume(saved)),
        (Notice::Stop, _) => {
            running.coming = None;
            running.end(SceneEnd::Stopped, book, theatre);
        }
        (Notice::Choose(option), Some(run)) => run.choose(option),
        (Notice::GoOn, Some(run)) => run.go_on(theatre, told),
        (Notice::Heard(remark), Some(run)) => run.hear(remark, theatre, told),
        (Notice::Heard(remark), None) => say_as_usual(remark, theatre),
        (Notice::Reply(reply), Some(run)) => run.notice(&reply),
        (Notice::Choose(_) | Notice::GoOn | Notice::Reply(_), None) => {}
    }
}

/// Begins what is to begin, in place of what runs.
fn begin(
    running: &mut Running,
    library: &SceneLibrary,
    seed: SceneSeed,
    book: &mut ResMut<'_, StoryBook>,
    theatre: &mut Theatre<'_, '_>,
) {
    let Some(coming) = running.coming.take() else { return };
    running.end(SceneEnd::Stopped, book, theatre);
    let scenes = library.current();
    let scene = match &coming {
        Coming::Play(play) => play.scene.clone(),
        Coming::Resume(saved) => saved.scene.clone(),
    };
    match open(coming, scenes, seed, book, theatre) {
        Ok(mut run) => {
            run.agree_on_language(theatre);
            run.restore_the_stage(theatre);
            running.run = Some(run);
            running.scenes = Some(Arc::clone(scenes));
            theatre.commands.trigger(SceneBegan { scene });
        }
        Err(problem) => {
            warn!("the scene `{scene}` cannot be played: {problem}");
            theatre.commands.trigger(SceneEnded { scene, how: SceneEnd::Failed(problem) });
        }
    }
}

fn open(
    coming: Coming,
    scenes: &Arc<Scenes>,
    seed: SceneSeed,
    book: &StoryBook,
    theatre: &Theatre<'_, '_>,
) -> Result<Run, String> {
    let player = match coming {
        Coming::Resume(saved) => Player::resume(Arc::clone(scenes), *saved),
        Coming::Play(PlayScene { scene, force }) => {
            let info = scenes.get(&scene).ok_or_else(|| no_scene(scenes, &scene))?;
            let world = theatre.world(Language::default());
            let is_offered =
                || scenes.offers(&book.0, &world).iter().any(|offer| offer.id == scene);
            if !force && !info.needs.holds(&book.0, &world) {
                return Err(format!("it needs {}", info.needs));
            }
            if !force && !is_offered() {
                return Err("it was played, and says `repeat: no`".into());
            }
            let seed = seed.0.unwrap_or_else(from_the_clock);
            Player::start(Arc::clone(scenes), &scene, book.0.clone(), seed)
        }
    };
    let player = player.map_err(|error| error.to_string())?;
    Run::new(player, scenes).ok_or_else(|| "its file was taken away".into())
}

fn no_scene(scenes: &Scenes, scene: &str) -> String {
    let known: Vec<&str> = scenes.iter().map(|info| info.id.as_str()).collect();
    if known.is_empty() {
        return "no scenes have been read: see the faults of their files".into();
    }
    format!("there is no scene `{scene}`; there are {}", known.join(", "))
}

fn from_the_clock() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    now.as_secs() ^ u64::from(now.subsec_nanos()).rotate_left(32)
}

/// Keeps what others see of the scene true.
pub(super) fn show_state(
    running: Res<Running>,
    theatre: Theatre,
    mut state: ResMut<SceneState>,
    mut hears: ResMut<SceneListens>,
) {
    hears.set_if_neq(SceneListens(running.run.is_some()));
    let Some(run) = &running.run else {
        if state.scene.is_some() {
            *state = SceneState::default();
        }
        return;
    };
    let (cast, listens) = (run.cast(&theatre), run.listens(&theatre));
    let is_same = state.scene.as_deref() == Some(run.scene())
        && state.choices == run.choices()
        && state.listens == listens
        && state.cast == cast
        && state.saved.as_ref() == Some(run.saved());
    if !is_same {
        *state = SceneState {
            scene: Some(run.scene().into()),
            node: run.node().into(),
            cast,
            choices: run.choices().to_vec(),
            listens,
            fan_may_interrupt: run.fan_may_interrupt(),
            saved: Some(run.saved().clone()),
        };
    }
}
