//! What anybody may see of the scene that runs, and what outlives it.

use bevy::prelude::*;

use crate::scene::{SavedScene, SceneChoice, Story};

/// What scenes left behind: variables, and what was visited. A save keeps it.
#[derive(Debug, Clone, PartialEq, Default, Resource)]
pub struct StoryBook(pub Story);

/// The scene in the middle of which the game ended the last time, as a `FanStorePlugin` found it. Whoever
/// wants it to go on triggers [`ResumeScene`](super::ResumeScene); it is forgotten when a scene begins.
///
/// # Example
/// ```
/// use bevy::prelude::*;
/// use bevy_persona::director::{ResumeScene, UnfinishedScene};
///
/// fn go_on_with_it(mut unfinished: ResMut<UnfinishedScene>, mut commands: Commands) {
///     if let Some(saved) = unfinished.0.take() {
///         commands.trigger(ResumeScene(saved));
///     }
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Default, Resource)]
pub struct UnfinishedScene(pub Option<SavedScene>);

/// The hour of the fan's day for scenes that ask, 0..24.
///
/// None stands for the clock of the machine, in its time zone.
#[derive(Debug, Clone, Copy, PartialEq, Default, Resource)]
pub struct HourOfDay(pub Option<f32>);

/// Where the chances of scenes start; drawn from the clock unless given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Resource)]
pub struct SceneSeed(pub Option<u64>);

/// How fast the fan reads, in letters per second: what nobody says aloud stays for so long.
///
/// `f32::INFINITY` waits for nobody, for tests and tools.
#[derive(Debug, Clone, Copy, PartialEq, Resource)]
pub struct ReadingPace(pub f32);

impl Default for ReadingPace {
    fn default() -> Self {
        Self(18.0)
    }
}

impl ReadingPace {
    /// How long a text stays, in seconds.
    #[must_use]
    pub fn seconds_for(self, text: &str) -> f32 {
        // A block of Hangul or a Chinese character stands for about two letters.
        let letters = text.chars().map(|c| if c.is_ascii() { 1.0 } else { 2.0 }).sum::<f32>();
        if self.0.is_finite() { (0.8 + letters / self.0.max(1.0)).min(15.0) } else { 0.0 }
    }
}

/// The scene that runs, for those who show it.
///
/// # Example
/// ```
/// use bevy::prelude::*;
/// use bevy_persona::director::SceneState;
///
/// fn show(state: Res<SceneState>) {
///     for (number, choice) in state.choices.iter().enumerate() {
///         info!("{}: {}", number + 1, choice.text);
///     }
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Default, Resource)]
pub struct SceneState {
    /// Its id; none, if nothing is played.
    pub scene: Option<String>,
    /// The node.
    pub node: String,
    /// Who of its members is there.
    pub cast: Vec<Entity>,
    /// What the fan may choose from now.
    pub choices: Vec<SceneChoice>,
    /// Whom the fan may answer now.
    pub listens: Option<Listening>,
    /// Whether the fan may speak in between.
    pub fan_may_interrupt: bool,
    /// The scene as it can be kept and [resumed](super::ResumeScene): what was done stays done, and what
    /// is being said is said again.
    pub saved: Option<SavedScene>,
}

/// A scene that waits for what the fan says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listening {
    /// Who listens.
    pub to: Entity,
    /// Answers to suggest, in the fan's language; may be empty. Saying one is answering with it.
    pub options: Vec<String>,
}
