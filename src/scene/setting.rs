//! How the stage stands in the middle of a scene.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::SceneCommand;

/// The last command of each kind that lasts: its key, and its text.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Setting(BTreeMap<String, String>);

impl Setting {
    /// Notes a command, if the stage stays as it says.
    pub(crate) fn note(&mut self, command: &SceneCommand) {
        use SceneCommand as C;
        let key = match command {
            C::Light(_) => "light".into(),
            C::Music(_) => "music".into(),
            C::Camera(_) => "camera".into(),
            C::Move { member, .. } => format!("move {member}"),
            C::Look { member, .. } => format!("look {member}"),
            C::Emotion { member, .. } => format!("emotion {member}"),
            _ => return,
        };
        self.0.insert(key, command.to_string());
    }

    /// The commands again; who walked somewhere stands there at once.
    pub(crate) fn commands(&self) -> impl Iterator<Item = SceneCommand> + '_ {
        self.0.values().filter_map(|text| {
            let mut command = SceneCommand::parse(text).ok()?;
            if let SceneCommand::Move { seconds, .. } = &mut command {
                *seconds = 0.0;
            }
            Some(command)
        })
    }
}
