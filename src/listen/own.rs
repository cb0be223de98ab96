//! What understands in a game that says nothing else: Whisper with the files of this user.

use std::sync::atomic::AtomicBool;

use super::{ListenError, Transcribe, Whisper};
use crate::{
    model_store::{ModelStore, ModelStoreError},
    persona::Language,
};

/// Loads Whisper, and fetches it first if it is not here. It expects the names in these sentences.
///
/// It may take minutes. Setting `cancelled` ends a fetch soon after.
///
/// # Errors
/// If the files are not to be had or are broken.
pub fn of_this_user(
    names: &[(Language, String)],
    cancelled: &AtomicBool,
) -> Result<Box<dyn Transcribe>, ListenError> {
    of_store(&ModelStore::user().map_err(not_fetched)?, names, cancelled)
}

fn of_store(
    store: &ModelStore,
    names: &[(Language, String)],
    cancelled: &AtomicBool,
) -> Result<Box<dyn Transcribe>, ListenError> {
    let fetched = store.fetch_listen(&mut |_| {}, cancelled).map_err(not_fetched)?;
    let mut whisper = Whisper::load(&fetched.folder)?;
    for (language, sentence) in names {
        whisper.expect_names(*language, sentence);
    }
    Ok(Box::new(whisper))
}

fn not_fetched(error: ModelStoreError) -> ListenError {
    match error {
        ModelStoreError::Cancelled => ListenError::Cancelled,
        error => ListenError::Fetch(error.to_string()),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_fetch_ends_when_nobody_waits_for_it_any_more() {
        let folder = tempfile::tempdir().unwrap();
        // A pip that is there, and brings nothing.
        let store = ModelStore::at(folder.path().into()).with_pip("sh", ["-c", "exit 0"]);
        let of_it = |flag| of_store(&store, &[], &AtomicBool::new(flag)).map(drop);
        assert_eq!(of_it(true), Err(ListenError::Cancelled));
        assert!(matches!(of_it(false), Err(ListenError::Fetch(_))));
    }
}
