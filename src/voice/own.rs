//! The voice of a game that says nothing else: the voice model with the files of this user.

use std::{fs, path::PathBuf, sync::atomic::AtomicBool};

use super::{Kept, Kokoro, KokoroVoice, Lexicon, Synthesizer, VoiceError, text::pronounce};
use crate::{
    library::assets_folder,
    model_store::{ModelStore, VoiceFiles},
};

/// Loads the voice model, and fetches it first if it is not here; style tables are in the folder
/// `voices` of the assets. What was said is kept in the cache folder.
///
/// It may take minutes. Setting `cancelled` ends a fetch soon after.
///
/// # Errors
/// If the files are not to be had or are broken.
pub fn of_this_user(cancelled: &AtomicBool) -> Result<Box<dyn Synthesizer>, VoiceError> {
    let files = ModelStore::user()?.fetch_voice(&mut |_| {}, cancelled)?;
    Ok(Box::new(with_files(&files, None)?))
}

/// The voice model of these files, keeping what it said in a folder: `speech` in the cache folder, unless
/// it is named.
///
/// What lies in `voices/lines` of the assets is found as well.
///
/// # Errors
/// If the files are broken.
pub fn with_files(
    files: &VoiceFiles,
    keep: Option<PathBuf>,
) -> Result<Kept<KokoroVoice>, VoiceError> {
    let styles = assets_folder().join("voices");
    let model = Kokoro::load(&files.model)?;
    let lexicon = lexicon(files)?;
    let pronounce = Box::new(move |text: &str, language| pronounce(text, language, &lexicon));
    let spoken = || Some(ModelStore::cache_folder()?.join("speech"));
    let rendered = styles.join("lines");
    let folders = keep.or_else(spoken).into_iter().chain([rendered]).collect();
    Ok(Kept::new(KokoroVoice::new(model, styles, pronounce), folders, "kokoro-82m-int8"))
}

/// The English words of these files.
///
/// # Errors
/// If they are broken.
pub fn lexicon(files: &VoiceFiles) -> Result<Lexicon, VoiceError> {
    let read = |path: &PathBuf| fs::read(path).map_err(|_| VoiceError::Missing(path.clone()));
    Lexicon::read(&read(&files.gold)?, &read(&files.silver)?)
}
