//! What a game asks of the director.

use bevy::prelude::*;

use crate::scene::SavedScene;

/// Request: this scene begins. One that runs is stopped first.
///
/// Waits until scenes and personas are read. Ends in a [`SceneEnded`](super::SceneEnded) that has
/// failed, if there is no such scene or the fan may not see it yet.
///
/// # Example
/// ```
/// use bevy::prelude::*;
/// use bevy_persona::director::PlayScene;
///
/// fn first_day(mut commands: Commands) {
///     commands.trigger(PlayScene { scene: "first_hello".into(), force: false });
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Event)]
pub struct PlayScene {
    /// The id of the scene.
    pub scene: String,
    /// It begins though what it needs is not met: for those who write it.
    pub force: bool,
}

/// Request: a scene goes on where it was saved, see [`SceneState::saved`](super::SceneState::saved).
#[derive(Debug, Clone, Event)]
pub struct ResumeScene(pub SavedScene);

/// Request: the scene that runs ends here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Event)]
pub struct StopScene;

/// Request: the fan chooses this one of [`SceneState::choices`](super::SceneState::choices).
///
/// What is no choice of the moment is passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Event)]
pub struct Choose(pub usize);

/// Request: the fan wants on.
///
/// Cuts the line, the pause or the walk of the moment; where a scene listens, nothing is said. A choice
/// still waits for the fan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Event)]
pub struct GoOn;
