//! Wires the director.

use bevy::prelude::*;

use super::{
    HourOfDay, ReadingPace, SceneOffers, ScenePassage, SceneSeed, SceneState, StoryBook,
    UnfinishedScene, inbox, library, offers,
    running::{self, Running},
};
use crate::{PersonaSystems, systems};

/// Reads written scenes and plays them.
///
/// Not part of [`PersonaPlugins`](crate::PersonaPlugins), which it needs, because a game has its own
/// scenes. With the feature `hot_reload` the files are looked at twice a second, and a scene that runs
/// follows an edit; an edit with a fault is told and not used.
///
/// # Example
/// ```no_run
/// use bevy::prelude::*;
/// use bevy_persona::{director::{DirectorPlugin, PlayScene}, prelude::*};
///
/// App::new()
///     .add_plugins((PersonaSourcePlugin::default(), DefaultPlugins, PersonaPlugins::default()))
///     .add_plugins((LibraryPlugin::default(), DirectorPlugin::default()))
///     .add_systems(Startup, |mut commands: Commands| {
///         commands.trigger(PlayScene { scene: "first_hello".into(), force: false });
///     });
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectorPlugin {
    /// The asset path of the folder of scenes; folders in it are not looked into.
    pub folder: String,
}

impl Default for DirectorPlugin {
    /// `scenes`.
    fn default() -> Self {
        Self { folder: "scenes".into() }
    }
}

impl Plugin for DirectorPlugin {
    fn build(&self, app: &mut App) {
        systems::configure(app);
        library::expect(app, &self.folder);
        inbox::collect(app);
        app.init_resource::<StoryBook>()
            .init_resource::<HourOfDay>()
            .init_resource::<SceneSeed>()
            .init_resource::<ReadingPace>()
            .init_resource::<SceneState>()
            .init_resource::<UnfinishedScene>()
            .init_resource::<SceneOffers>()
            .init_resource::<Running>()
            .add_message::<ScenePassage>()
            .add_systems(
                PreUpdate,
                (library::look_again, library::take).chain().in_set(PersonaSystems::Receive),
            )
            .add_systems(
                Update,
                (
                    running::forget,
                    offers::begin_alone,
                    running::direct,
                    running::show_state,
                    offers::look,
                )
                    .chain()
                    .after(PersonaSystems::Interpret)
                    .before(PersonaSystems::Advance),
            );
        #[cfg(feature = "store")]
        app.add_systems(
            Update,
            (
                super::keep::take_over.before(running::forget).after(PersonaSystems::Interpret),
                super::keep::hand_over.after(running::show_state),
            ),
        );
    }
}
