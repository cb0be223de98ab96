//! What a fan's client asks for.

use serde::{Deserialize, Serialize};

use crate::{mind::memory::FactId, persona::PersonaId};

/// A frame from a client.
///
/// # Example
/// ```
/// use bevy_persona::club::ToServer;
///
/// let frame = r#"{"type":"say","nr":1,"to":"siwoo","text":"Hi!"}"#;
/// let said: ToServer = serde_json::from_str(frame)?;
/// assert!(matches!(said, ToServer::Say { nr: 1, .. }));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum ToServer {
    /// Says something to a member.
    Say {
        /// The client's number of the message; all answers carry it.
        nr: u64,
        /// To whom.
        to: PersonaId,
        /// What.
        text: String,
    },
    /// Interrupts a member.
    Stop {
        /// Whom.
        to: PersonaId,
    },
    /// Asks what the members know of the fan; answered by
    /// [`FromServer::Remembered`](super::FromServer::Remembered).
    Recall,
    /// Lets all members forget one fact; answered like [`Recall`](Self::Recall).
    Forget {
        /// Which.
        fact: FactId,
    },
    /// Lets all members forget the fan; answered by a new
    /// [`FromServer::Welcome`](super::FromServer::Welcome).
    ForgetMe,
}
