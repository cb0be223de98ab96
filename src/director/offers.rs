//! Which scenes can be played now, and those that begin by themselves.

use std::{collections::HashMap, time::Duration};

use bevy::prelude::*;

use super::{PlayScene, SceneLibrary, StoryBook, running::Running, theatre::Theatre};
use crate::{
    persona::Language,
    scene::{Begins, Need, SceneInfo},
};

/// All scenes, and whether each could begin now. Looked at twice a second.
#[derive(Debug, Clone, PartialEq, Default, Resource)]
pub struct SceneOffers(pub Vec<SceneOffer>);

/// A scene that a fan may choose, or may not yet.
#[derive(Debug, Clone, PartialEq)]
pub struct SceneOffer {
    /// Its id.
    pub scene: String,
    /// What it is called, in the fan's language.
    pub title: String,
    /// Whether it can begin now.
    pub is_open: bool,
    /// What it needs and does not have.
    pub missing: Vec<Need>,
    /// Whether it was played to its end.
    pub was_finished: bool,
    /// Whether it may begin by itself.
    pub begins: Begins,
}

/// How often scenes are looked at.
const EVERY: Duration = Duration::from_millis(500);
/// Seconds for which nobody talks before a scene begins by itself.
const QUIET: f32 = 6.0;
/// Seconds after which such a scene may begin again.
const AGAIN: f32 = 900.0;

/// Keeps [`SceneOffers`] true.
pub(super) fn look(
    real: Res<Time<Real>>,
    library: Res<SceneLibrary>,
    book: Res<StoryBook>,
    theatre: Theatre,
    mut offers: ResMut<SceneOffers>,
    mut idle: Local<Duration>,
) {
    *idle += real.delta();
    if *idle < EVERY && !library.is_changed() && !book.is_changed() {
        return;
    }
    *idle = Duration::ZERO;
    let scenes = library.current();
    let mut now = Vec::new();
    for info in scenes.iter() {
        let cast: Vec<Entity> = info.members.iter().filter_map(|id| theatre.find(id)).collect();
        let world = theatre.world(theatre.language_of(&cast));
        let missing = info.needs.missing(&book.0, &world);
        let is_open = scenes.offers(&book.0, &world).iter().any(|offer| offer.id == info.id);
        now.push(offer(info, &book, world.language, is_open, missing));
    }
    offers.set_if_neq(SceneOffers(now));
}

fn offer(
    info: &SceneInfo,
    book: &StoryBook,
    language: Language,
    is_open: bool,
    missing: Vec<Need>,
) -> SceneOffer {
    SceneOffer {
        scene: info.id.clone(),
        title: info.title_in(language).into(),
        is_open,
        missing,
        was_finished: book.0.visits_of(&info.end) > 0,
        begins: info.begins,
    }
}

/// What is remembered of scenes that began by themselves.
#[derive(Debug, Default)]
pub(super) struct Alone {
    quiet: f32,
    /// Seconds since each began.
    began: HashMap<String, f32>,
}

/// Lets a scene begin by itself, where nobody talks for a while and all its members are there.
pub(super) fn begin_alone(
    time: Res<Time>,
    library: Res<SceneLibrary>,
    book: Res<StoryBook>,
    running: Res<Running>,
    mut theatre: Theatre,
    mut alone: Local<Alone>,
) {
    let dt = time.delta_secs();
    for since in alone.began.values_mut() {
        *since += dt;
    }
    let is_quiet = running.is_free() && !theatre.is_busy() && theatre.is_ready();
    alone.quiet = if is_quiet { alone.quiet + dt } else { 0.0 };
    if alone.quiet < QUIET {
        return;
    }
    alone.quiet = 0.0;
    let world = theatre.world(Language::default());
    let may_begin = |info: &&&SceneInfo| {
        info.begins == Begins::Alone
            && info.members.iter().all(|member| theatre.find(member).is_some())
            && alone.began.get(&info.id).is_none_or(|since| *since > AGAIN)
    };
    let offers = library.current().offers(&book.0, &world);
    let chosen = offers.iter().find(may_begin).map(|info| info.id.clone());
    if let Some(scene) = chosen {
        alone.began.insert(scene.clone(), 0.0);
        theatre.commands.trigger(PlayScene { scene, force: false });
    }
}
