//! The voice of a game that says nothing else: the voice model with the files of this user.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::AtomicBool,
};

use sha2::{Digest, Sha256};

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
    Ok(Box::new(keeping(with_files(&files)?, None)))
}

/// The voice model of these files.
///
/// # Errors
/// If the files are broken.
pub fn with_files(files: &VoiceFiles) -> Result<KokoroVoice, VoiceError> {
    let model = Kokoro::load(&files.model)?;
    let read = |path: &PathBuf| fs::read(path).map_err(|_| VoiceError::Missing(path.clone()));
    let lexicon = Lexicon::read(&read(&files.gold)?, &read(&files.silver)?)?;
    let pronounce = Box::new(move |text: &str, language| pronounce(text, language, &lexicon));
    Ok(KokoroVoice::new(model, styles(), pronounce))
}

/// Keeps what a voice says in a folder: `speech` in the cache folder, unless it is named. What lies in
/// `voices/lines` of the assets is found as well.
#[must_use]
pub fn keeping(voice: KokoroVoice, keep: Option<PathBuf>) -> Kept<KokoroVoice> {
    let spoken = || Some(ModelStore::cache_folder()?.join("speech"));
    let folders = keep.or_else(spoken).into_iter().chain([styles().join("lines")]);
    Kept::new(voice, folders.collect(), format!("kokoro-82m-int8 {}", digest(&styles())))
}

fn styles() -> PathBuf {
    assets_folder().join("voices")
}

/// Stands for all style tables of a folder: what was said with others is said anew.
fn digest(folder: &Path) -> String {
    let files = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut tables: Vec<PathBuf> =
        files.filter(|file| file.extension().is_some_and(|ending| ending == "voice")).collect();
    tables.sort_unstable();
    let mut hash = Sha256::new();
    for table in tables {
        hash.update(fs::read(table).unwrap_or_default());
    }
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
