//! The motions of a game.

use std::collections::BTreeMap;

use bevy::{
    asset::{AssetLoader, LoadContext, io::Reader},
    platform::collections::HashMap,
    prelude::*,
};
use serde::Deserialize;

use super::motion::Motion;
use crate::{asset_file, view::avatar::AvatarFileError};

/// The motions that characters can make, by name: VRM animations.
///
/// By default those that the file `motions/motions.json` in the asset folder lists.
///
/// # Example
/// ```no_run
/// use bevy::prelude::*;
/// use bevy_persona::view::MotionLibrary;
///
/// fn learn(mut library: ResMut<MotionLibrary>, assets: Res<AssetServer>) {
///     library.add(&assets, "salute", "moves/salute.vrma", false);
/// }
/// ```
#[derive(Debug, Resource)]
pub struct MotionLibrary {
    list: Option<Handle<MotionList>>,
    motions: HashMap<String, Known>,
}

/// A motion of the library.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) motion: Handle<Motion>,
    pub(super) repeats: bool,
}

impl MotionLibrary {
    /// The motions that a list names; the files lie beside it.
    #[must_use]
    pub fn from_list(assets: &AssetServer, list: &str) -> Self {
        Self { list: Some(assets.load(list.to_owned())), motions: HashMap::new() }
    }

    /// No motions: characters stand, breathe and look around.
    #[must_use]
    pub fn empty() -> Self {
        Self { list: None, motions: HashMap::new() }
    }

    /// Adds or replaces a motion; one that `repeats` goes on until another begins.
    pub fn add(&mut self, assets: &AssetServer, name: &str, path: &str, repeats: bool) {
        let known = Known { motion: assets.load(path.to_owned()), repeats };
        self.motions.insert(name.into(), known);
    }

    /// The names of all motions, in no order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.motions.keys().map(String::as_str)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Known)> {
        self.motions.iter().map(|(name, known)| (name.as_str(), known))
    }
}

impl FromWorld for MotionLibrary {
    fn from_world(world: &mut World) -> Self {
        match world.get_resource::<AssetServer>() {
            Some(assets) => Self::from_list(assets, "motions/motions.json"),
            None => Self::empty(),
        }
    }
}

/// The list beside the motions.
#[derive(Debug, Clone, Asset, TypePath)]
pub(crate) struct MotionList {
    folder: String,
    motions: BTreeMap<String, Entry>,
}

#[derive(Debug, Clone, Deserialize)]
struct Entry {
    file: String,
    #[serde(default, rename = "loop")]
    repeats: bool,
}

/// Loads a [`MotionList`].
#[derive(Debug, Clone, Copy, Default, TypePath)]
pub(crate) struct MotionListLoader;

impl AssetLoader for MotionListLoader {
    type Asset = MotionList;
    type Settings = ();
    type Error = AvatarFileError;

    async fn load(
        &self,
        reader: &mut dyn Reader,
        _settings: &(),
        context: &mut LoadContext<'_>,
    ) -> Result<MotionList, AvatarFileError> {
        let (file, bytes) = asset_file::read(reader, context).await?;
        let motions = serde_json::from_slice(&bytes).map_err(|error| {
            AvatarFileError::Extension { file, extension: "motions", problem: error.to_string() }
        })?;
        let folder = context.path().parent().map(|parent| parent.to_string()).unwrap_or_default();
        Ok(MotionList { folder, motions })
    }

    fn extensions(&self) -> &[&str] {
        &["motions.json"]
    }
}

/// The list is here: loads what it names.
pub(in crate::view::avatar) fn load(
    mut library: ResMut<MotionLibrary>,
    mut events: MessageReader<AssetEvent<MotionList>>,
    lists: Res<Assets<MotionList>>,
    assets: Res<AssetServer>,
) {
    for event in events.read() {
        let (AssetEvent::Added { id } | AssetEvent::Modified { id }) = event else { continue };
        if library.list.as_ref().is_none_or(|list| list.id() != *id) {
            continue;
        }
        let Some(list) = lists.get(*id) else { continue };
        for (name, entry) in &list.motions {
            let path = format!("{}/{}", list.folder, entry.file);
            library.add(&assets, name, path.trim_start_matches('/'), entry.repeats);
        }
    }
}
