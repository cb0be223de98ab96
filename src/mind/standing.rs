//! How a fan stands with a member: who may hear what.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::persona::PersonaId;

/// Whom something may be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Everybody.
    Public,
    /// Fans whom she calls friends.
    Friend,
    /// Fans who are close to her.
    Close,
    /// Nobody, until the scene that unlocks it is finished.
    Secret,
}

impl Audience {
    /// The affinity, 0..100, from which on it is told; secrets ask for a finished scene instead.
    #[must_use]
    pub const fn affinity(self) -> f32 {
        match self {
            Self::Public | Self::Secret => 0.0,
            Self::Friend => 40.0,
            Self::Close => 70.0,
        }
    }
}

/// Finished scenes, by name.
pub type Unlocked = BTreeSet<String>;

/// How a fan stands with the member who is asked.
///
/// # Example
/// ```
/// use bevy_persona::mind::{Audience, Standing, Unlocked};
///
/// let (siwoo, unlocked) = ("siwoo".parse()?, Unlocked::new());
/// let fan = Standing { member: &siwoo, affinity: 45.0, unlocked: &unlocked };
/// assert!(fan.hears(Audience::Friend) && !fan.hears(Audience::Close));
/// # Ok::<(), bevy_persona::persona::ParsePersonaIdError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing<'a> {
    /// The member who is asked.
    pub member: &'a PersonaId,
    /// How close she feels to the fan, 0..100.
    pub affinity: f32,
    /// The scenes this fan has finished.
    pub unlocked: &'a Unlocked,
}

impl Standing<'_> {
    /// Whether the fan is close enough; of a secret, its scene decides.
    #[must_use]
    pub fn hears(&self, audience: Audience) -> bool {
        self.affinity >= audience.affinity()
    }
}
