//! Shows what a character feels and says: on a VRM face, in a chat panel, as sound.
//!
//! Each view is a feature and can be left out. A view reads our events and components; nothing else
//! in this crate reads a view.

#[cfg(feature = "vrm")]
mod avatar;
#[cfg(feature = "egui")]
mod chat_panel;
#[cfg(feature = "audio")]
mod chime;
#[cfg(feature = "egui")]
mod inspector;
#[cfg(feature = "egui")]
mod memory_panel;
#[cfg(feature = "egui")]
mod shown_panels;
#[cfg(feature = "egui")]
mod speech_bubbles;
#[cfg(feature = "voice")]
mod voice;

#[cfg(feature = "vrm")]
pub use avatar::{
    Avatar, AvatarFace, AvatarFileError, AvatarFormat, AvatarInfo, AvatarPlugin, AvatarRig,
    AvatarSystems, Block, BoneRest, EndGesture, Expression, HumanBone, MotionLibrary, NoSuchBone,
    Region, ScriptedFace, ShapeBind,
};
#[cfg(feature = "egui")]
pub use chat_panel::{ChatPanelPlugin, ChosenIdol};
#[cfg(feature = "audio")]
pub use chime::ChimePlugin;
#[cfg(feature = "egui")]
pub use inspector::InspectorPlugin;
#[cfg(feature = "egui")]
pub use memory_panel::MemoryPanelPlugin;
#[cfg(feature = "egui")]
pub use shown_panels::ShownPanels;
#[cfg(feature = "egui")]
pub use speech_bubbles::{BubbleAnchor, SpeechBubblesPlugin};
#[cfg(feature = "voice")]
pub use voice::{
    MusicUnderVoices, TurnTaking, VoicePlugin, VoiceSettings, VoiceStatus, VoiceVolume,
};
