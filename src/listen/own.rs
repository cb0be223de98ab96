//! What understands in a game that says nothing else: Whisper with the files of this user.

use std::sync::atomic::AtomicBool;

use super::{ListenError, Transcribe, Whisper};
use crate::{model_store::ModelStore, persona::Language};

/// Loads Whisper, and fetches it first if it is not here. It may take minutes. It expects the names in these
/// sentences.
///
/// # Errors
/// If the files are not to be had or are broken.
pub fn of_this_user(names: &[(Language, String)]) -> Result<Box<dyn Transcribe>, ListenError> {
    let fetched = ModelStore::user()
        .and_then(|store| store.fetch_listen(&mut |_| {}, &AtomicBool::new(false)))
        .map_err(|error| ListenError::Fetch(error.to_string()))?;
    let mut whisper = Whisper::load(&fetched.folder)?;
    for (language, sentence) in names {
        whisper.expect_names(*language, sentence);
    }
    Ok(Box::new(whisper))
}
