//! Shows what a character feels and says: on a VRM face, in a chat panel, as sound.
//!
//! Each view is a feature and can be left out. A view reads our events and components; nothing else
//! in this crate reads a view.

#[cfg(feature = "egui")]
mod chat_panel;
#[cfg(feature = "audio")]
mod chime;
#[cfg(feature = "vrm")]
mod vrm;

#[cfg(feature = "egui")]
pub use chat_panel::{ChatPanelPlugin, ChosenIdol};
#[cfg(feature = "audio")]
pub use chime::ChimePlugin;
#[cfg(feature = "vrm")]
pub use vrm::{Look, VrmFace, VrmViewPlugin};
