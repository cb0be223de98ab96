//! What has happened so far: it outlives a scene.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Value;

/// The variables of all scenes and how often each node was visited; keep it with the fan.
///
/// Values that scenes declare only fill gaps: what is here is never reset.
///
/// # Example
/// ```
/// use bevy_persona::scene::{Story, Value};
///
/// let mut story = Story::default();
/// story.variables.insert("$tower_trust".into(), Value::Number(3.0));
/// story.visits.insert("first_hello_end".into(), 1);
/// assert_eq!(story.visits_of("first_hello_end"), 1);
/// assert_eq!(story.visits_of("echo_tower_end"), 0);
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Story {
    /// By name, with the dollar: `$tower_trust`.
    pub variables: BTreeMap<String, Value>,
    /// How often each node was played to where it leads on or ends.
    pub visits: BTreeMap<String, u32>,
}

impl Story {
    /// How often this node was visited.
    #[must_use]
    pub fn visits_of(&self, node: &str) -> u32 {
        self.visits.get(node).copied().unwrap_or(0)
    }

    /// Gives declared variables their value where they have none, or one of another kind: such a
    /// variable was declared anew since.
    pub(crate) fn fill_gaps(&mut self, declared: &BTreeMap<String, Value>) {
        for (name, value) in declared {
            let known = self.variables.get(name);
            if known.is_none_or(|known| known.kind() != value.kind()) {
                self.variables.insert(name.clone(), value.clone());
            }
        }
    }

    pub(crate) fn count_visit(&mut self, node: &str) {
        let count = self.visits.entry(node.into()).or_default();
        *count = count.saturating_add(1);
    }
}
