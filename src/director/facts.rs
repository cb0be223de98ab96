//! What the director tells.

use bevy::prelude::*;

/// Fact: a scene begins, or goes on from a save.
#[derive(Debug, Clone, PartialEq, Eq, Event)]
pub struct SceneBegan {
    /// Its id.
    pub scene: String,
}

/// Fact: a scene is over, or could not begin.
#[derive(Debug, Clone, PartialEq, Eq, Event)]
pub struct SceneEnded {
    /// Its id.
    pub scene: String,
    /// How it ended.
    pub how: SceneEnd,
}

/// How a scene ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SceneEnd {
    /// It was played to its end.
    Finished,
    /// Somebody stopped it, or another began.
    Stopped,
    /// It could not begin or go on, for this reason.
    Failed(String),
}

/// Fact: the scene wants something that only a stage can do.
///
/// Nobody has to: the scene goes on without. Looks at members and at the fan are done by the director.
///
/// # Example
/// ```
/// use bevy::prelude::*;
/// use bevy_persona::director::StageCue;
///
/// fn lamp(cue: On<StageCue>, mut lamps: Query<&mut Visibility, With<Name>>) {
///     if let StageCue::Light(preset) = cue.event() {
///         for mut lamp in &mut lamps {
///             *lamp = if preset == "dark" { Visibility::Hidden } else { Visibility::Visible };
///         }
///     }
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Event)]
pub enum StageCue {
    /// Somebody walks to a mark.
    Move {
        /// Who.
        entity: Entity,
        /// The name of the mark.
        to: String,
        /// How long she takes.
        seconds: f32,
    },
    /// The camera shows something else.
    Camera(StageShot),
    /// A preset of lights.
    Light(String),
    /// Music or ambience in place of what plays; none for silence.
    Music(Option<String>),
    /// Somebody looks at a mark.
    Look {
        /// Who.
        entity: Entity,
        /// The name of the mark.
        at: String,
    },
}

/// What the camera shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StageShot {
    /// All of the stage.
    Wide,
    /// Somebody's face.
    Close(Entity),
}

/// Fact: words that nobody of the cast says; a line of somebody who is not there, with her name.
///
/// Stays for as long as it takes to read.
#[derive(Debug, Clone, PartialEq, Eq, Event)]
pub struct Narration(pub String);

/// Fact, for tools: a step of a scene, in words.
///
/// A line reads `Siwoo: Hello.`, an option `-> Hello!`, what the fan chose or said `> Hello!`, a command
/// as in the file.
#[derive(Debug, Clone, PartialEq, Eq, Message)]
pub struct ScenePassage {
    /// The scene.
    pub scene: String,
    /// The node.
    pub node: String,
    /// The step.
    pub text: String,
}
