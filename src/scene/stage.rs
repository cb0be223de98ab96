//! What the stage of a game has: `stage.toml`.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::SceneError;
use crate::persona::Place;

/// The marks, lights and pieces of music that scenes may name.
///
/// # Example
/// ```
/// use bevy_persona::scene::Scenes;
///
/// let scenes = Scenes::from_files([("stage.toml", "marks = [\"rail\"]\nlights = [\"dusk\"]")])?;
/// assert!(scenes.marks().marks.contains("rail"));
/// # Ok::<(), bevy_persona::scene::SceneErrors>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Stage {
    /// Where somebody can walk to or look at.
    pub marks: BTreeSet<String>,
    /// Settings of the light.
    pub lights: BTreeSet<String>,
    /// Music and ambience.
    pub music: BTreeSet<String>,
}

impl Stage {
    pub(crate) fn read(file: &str, text: &str) -> Result<Self, SceneError> {
        toml::from_str(text).map_err(|error| {
            let place = error.span().map(|span| Place::of_byte(text, span.start));
            let problem = error.message().trim_end().replace('\n', " ");
            let fields = "there are `marks`, `lights` and `music`, lists of names";
            SceneError::new(file, place, format!("{problem}; {fields}"))
        })
    }

    pub(crate) fn join(&mut self, other: Self) {
        self.marks.extend(other.marks);
        self.lights.extend(other.lights);
        self.music.extend(other.music);
    }
}
