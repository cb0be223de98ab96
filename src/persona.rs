//! Who a character is: the sheet that a file holds, and how it becomes an asset.

mod check;
mod error;
mod language;
mod loader;
mod mbti;
mod parse;
mod plugin;
mod reload;
mod sheet;
mod source;
mod values;

pub(crate) use error::in_field;
pub use error::{AssetFileError, Place};
pub use language::{Language, ParseLanguageError, SpeechLevel};
pub use loader::{PersonaAsset, PersonaLoader};
pub use mbti::Mbti;
pub(crate) use parse::{read as read_ron, text as read_text};
pub use plugin::{Persona, PersonaAssetsPlugin};
pub use reload::PersonaReloaded;
pub use sheet::{AvatarRef, Example, PersonaSheet, SpeechStyle, VoiceRef};
pub use source::{PersonaFolder, PersonaSourcePlugin, personas_folder};
pub use values::{Birthday, Colour, ParseColourError, ParsePersonaIdError, PersonaId};
