//! The voice of a game that says nothing else: the voice model with the files of this user.

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    sync::atomic::AtomicBool,
};

use sha2::{Digest, Sha256};

use super::{
    Babble, Keep, Kept, Kokoro, KokoroVoice, Lexicon, Synthesizer, VoiceError, text::pronounce,
};
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
    let lexicon = Lexicon::load(&files.gold, &files.silver)?;
    let pronounce = Box::new(move |text: &str, language| pronounce(text, language, &lexicon));
    Ok(KokoroVoice::new(model, styles(), pronounce))
}

/// Keeps what a voice says: all of it in a folder that is named, else the latest in `speech` of the cache folder.
/// What lies in `voices/lines` of the assets is found as well.
#[must_use]
pub fn keeping(voice: KokoroVoice, keep: Option<PathBuf>) -> Kept<KokoroVoice> {
    let how = if keep.is_some() { Keep::All } else { Keep::Latest };
    let folders = keep.or_else(spoken).into_iter().chain([lines()]);
    Kept::new(voice, folders.collect(), voice_id()).keep(how)
}

/// What the voice model has said before, and babble for all that it has not: a voice for while it loads.
#[must_use]
pub fn kept_or_babble() -> Kept<Babble> {
    let folders = spoken().into_iter().chain([lines()]);
    Kept::new(Babble, folders.collect(), voice_id()).keep(Keep::Nothing)
}

fn voice_id() -> String {
    format!("kokoro-82m-int8 {}", digest(&styles()))
}

fn spoken() -> Option<PathBuf> {
    Some(ModelStore::cache_folder()?.join("speech"))
}

fn lines() -> PathBuf {
    styles().join("lines")
}

fn styles() -> PathBuf {
    assets_folder().join("voices")
}

/// Stands for all style tables of a folder, and who borrows which: what was said with others is said anew.
fn digest(folder: &Path) -> String {
    let files = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut tables: Vec<PathBuf> =
        files.filter(|file| file.extension().is_some_and(is_of_a_voice)).collect();
    tables.sort_unstable();
    let mut hash = Sha256::new();
    for table in tables {
        hash.update(fs::read(table).unwrap_or_default());
    }
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

fn is_of_a_voice(ending: &OsStr) -> bool {
    ending == "voice" || ending == "toml"
}
