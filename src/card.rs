//! Character cards: characters written for chat programs such as SillyTavern, read into our files and
//! written back.
//!
//! A card is JSON, alone or inside of a PNG picture. Three forms are read: V1 (flat), V2
//! (<https://github.com/malfoyslastname/character-card-spec-v2>) and V3
//! (<https://github.com/kwaroran/character-card-spec-v3>). V2 and V3 are written. Nothing here knows Bevy,
//! a clock or the file system; `docs/writing/cards.md` says which field becomes what.
//!
//! # How a round trip keeps everything
//!
//! A card says more than our files have room for, and says it in other words. So the import keeps the
//! text of the card as it came, in `<id>.card.json` beside the persona. The export imports that card
//! once more, and compares what comes out with what our files say now. A field whose part of our files is
//! as the import left it, is written as the card had it; a field whose part was edited, is written anew
//! from our files. Fields that our files have no place for are never touched. If a later version
//! imports a card in another way, fields count as edited: their wording is ours then.
//!
//! # Example
//! ```
//! use bevy_persona::card::{Card, Export, import, id_of};
//! use bevy_persona::mind::Library;
//! use bevy_persona::persona::PersonaSheet;
//!
//! let json = br#"{"spec": "chara_card_v2", "spec_version": "2.0", "data": {
//!     "name": "Nuri", "description": "{{char}} is the keeper of a night kiosk.",
//!     "first_mes": "*yawns* Evening, {{user}}!", "tags": ["harbour"]}}"#;
//! let card = Card::from_bytes("nuri.json", json)?;
//! let nuri = import(&card, &id_of(&card.data().name)?);
//! assert_eq!(nuri.sheet.role, "the keeper of a night kiosk");
//!
//! let library = Library::from_files(nuri.files())?;
//! let edited = PersonaSheet { role: "a retired sailor".into(), ..nuri.sheet.clone() };
//! let card = Export { kept: Some(&card), ..Export::new(&edited, &library) }.card();
//! assert_eq!(card.json()["data"]["description"], "{{char}} is a retired sailor.");
//! assert_eq!(card.json()["data"]["first_mes"], "*yawns* Evening, {{user}}!");
//! assert_eq!(card.json()["data"]["tags"][0], "harbour");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod book;
mod data;
mod draft;
mod error;
mod export;
mod exported;
mod file;
mod files;
mod id;
mod import;
mod macros;
mod png;
mod spoken;
mod talk;
mod told;
mod world;

pub use data::{Asset, Book, CardData, Entry};
pub use error::CardError;
pub use export::Export;
pub use exported::Exported;
pub use file::{Card, MAX_FILE, Spec};
pub use id::id_of;
pub use import::{Imported, import};
