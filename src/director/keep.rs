//! Hands what scenes leave behind to the store, and takes it over when the store has read it.

use bevy::prelude::*;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{SceneState, StoryBook, UnfinishedScene, running::Running};
use crate::{dialogue::FanStory, store::SavedStory};

/// Takes over what was kept, once.
pub(super) fn take_over(
    kept: Option<Res<FanStory>>,
    mut book: ResMut<StoryBook>,
    mut unfinished: ResMut<UnfinishedScene>,
    mut running: ResMut<Running>,
    mut is_done: Local<bool>,
) {
    let expects_story = kept.as_ref().is_some_and(|kept| !kept.is_read);
    running.bypass_change_detection().expects_story = expects_story;
    let Some(kept) = kept.filter(|kept| kept.is_read && !*is_done) else { return };
    *is_done = true;
    // What was played before the file was read is not forgotten for it.
    if book.0 == Default::default() {
        book.0 = read("the story", &kept.saved.story).unwrap_or_default();
    }
    if let Some(scene) = &kept.saved.scene {
        unfinished.0 = read("the scene that was not finished", scene);
    }
}

fn read<T: DeserializeOwned>(what: &str, kept: &Value) -> Option<T> {
    if kept.is_null() {
        return None;
    }
    serde_json::from_value(kept.clone())
        .inspect_err(|error| warn!("{what} in the store cannot be read: {error}; it begins anew"))
        .ok()
}

/// Hands over what is to be kept, whenever it has changed.
pub(super) fn hand_over(
    kept: Option<ResMut<FanStory>>,
    running: Res<Running>,
    state: Res<SceneState>,
    book: Res<StoryBook>,
    unfinished: Res<UnfinishedScene>,
) {
    let Some(mut kept) = kept.filter(|kept| kept.is_read) else { return };
    if !(state.is_changed() || book.is_changed() || unfinished.is_changed()) {
        return;
    }
    let saved = state.saved.as_ref().filter(|_| running.run.is_some()).or(unfinished.0.as_ref());
    let scene = saved.map(|saved| serde_json::to_value(saved).unwrap_or_default());
    let is_blank = scene.is_none() && book.0 == Default::default();
    let story =
        if is_blank { Value::Null } else { serde_json::to_value(&book.0).unwrap_or_default() };
    let now = SavedStory { story, scene };
    if kept.saved != now {
        kept.saved = now;
    }
}
