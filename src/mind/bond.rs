//! What is between a member and one fan, from turn to turn.

use serde::{Deserialize, Serialize};

use super::{Mood, Relationship, feeling::Carry, memory::Timestamp};

/// What is between a member and one fan: how she feels, how close they are, what the last turns left
/// behind.
///
/// Plain data that a game can save and load with serde.
///
/// # Example
/// ```
/// use bevy_persona::mind::{Audience, Bond};
///
/// let bond = Bond::default();
/// assert_eq!(bond.relationship.affinity(), 10.0);
/// assert_eq!(bond.relationship.level(), Audience::Public);
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Bond {
    /// How close they are.
    pub relationship: Relationship,
    /// How she feels.
    pub mood: Mood,
    /// Grief or danger that is minded for some more turns.
    pub carry: Carry,
    /// The fact that she told last.
    pub last_fact: Option<String>,
    /// How many turns they had.
    pub turns: u64,
    /// When the last turn was.
    pub last_turn: Option<Timestamp>,
}
