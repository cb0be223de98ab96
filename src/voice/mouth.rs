//! What a mouth does while somebody speaks.
//!
//! Keys come from the phones of a voice ([`keys()`]) or, without any sound, from written letters
//! ([`keys_of_text`]). A face reads them by [`MouthTrack`].

mod envelope;
mod keys;
mod letters;
mod lips;
mod parts;
mod track;
mod words;

pub use keys::keys;
pub use letters::keys_of_text;
pub use track::{MouthPose, MouthTrack};
pub use words::words;
