//! What is wrong with a card, and where.

use thiserror::Error;

use super::MAX_FILE;
use crate::persona::{Place, in_field};

/// Why a card cannot be read, or not be put into a picture.
///
/// Its text names the file, the place in it, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CardError {
    /// The file is too large to be a card.
    #[error("{file}: it has {size} bytes, and cards may have {MAX_FILE}: make the picture smaller")]
    TooLarge {
        /// The file.
        file: String,
        /// How large it is.
        size: u64,
    },
    /// It is no file that cards come in.
    #[error("{file}: {what}: give a PNG picture or a JSON file that holds a character card")]
    NotACard {
        /// The file.
        file: String,
        /// What it is instead.
        what: &'static str,
    },
    /// The picture is damaged.
    #[error("{file}: the chunk `{chunk}` at byte {at} {problem}: fetch or export the picture anew")]
    Chunk {
        /// The picture.
        file: String,
        /// The name of the chunk.
        chunk: String,
        /// Where it begins.
        at: usize,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The picture is just a picture.
    #[error(
        "{file}: the picture holds no card: it has no tEXt chunk `chara` or `ccv3`; programs that shrink \
         or convert pictures drop them, so take the file as it was exported"
    )]
    NoCard {
        /// The picture.
        file: String,
    },
    /// The card in the picture is not packed as it should be.
    #[error("{file}: in the chunk `{chunk}`: not base64: {problem}; export the card anew")]
    Base64 {
        /// The picture.
        file: String,
        /// The name of the chunk.
        chunk: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The card is not text.
    #[error("{file}:{place}: not UTF-8 text; save it as UTF-8 in your editor")]
    NotText {
        /// The file, and the chunk of a picture.
        file: String,
        /// Where the first such byte is.
        place: Place,
    },
    /// The card does not say what it should.
    #[error("{file}:{place}: {}{problem}", in_field(field))]
    Content {
        /// The file, and the chunk of a picture.
        file: String,
        /// Where.
        place: Place,
        /// The field, from the outside in: `data.character_book.entries[1].keys`; empty outside of all.
        field: String,
        /// What is wrong and what to do.
        problem: String,
    },
}
