//! What outlives the process: the characters' memory of their fans, in one SQLite file per world.
//!
//! * [`Store`]: the file. Its calls wait for the disk.
//! * [`StoreWriter`]: a store on a thread of its own, for games.
//! * [`columns`]: the form in which all lies in tables, for stores of your own.
//!
//! | What is kept | Of whom |
//! |---|---|
//! | facts about the fan, finished scenes, what written scenes left | fan |
//! | the bond between them, conversation, episodes, number of turns | fan and member |
//!
//! # Promises
//!
//! * A turn is written as a whole or not at all. A process that is killed loses the turn in flight
//!   at most, and the file is never broken by it.
//! * Several processes may use one file.
//! * What is no store, or a newer one, is refused and not touched.
//! * A thousand turns take less than a megabyte.
//! * What is forgotten is overwritten.
//!
//! Nothing in here knows Bevy.

pub mod columns;
mod error;
mod exported;
mod facts;
mod file;
mod inspect;
mod lines;
mod manage;
mod read;
mod rows;
mod saved;
mod schema;
#[cfg(test)]
mod tests;
mod work;
mod write;
mod writer;

pub use error::StoreError;
pub use file::Store;
pub use saved::{KnownFan, Saved, SavedStory, SavedTalks, TurnRecord};
pub use writer::{NotQueued, StoreEvent, StoreJob, StoreWriter};
