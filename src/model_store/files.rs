//! Files on their way, and files that turned out wrong.

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use tracing::{debug, warn};

use super::{ModelStoreError, checksum};

/// The ending of a file that is being written.
pub(super) const PART: &str = "part";
/// The ending of a folder that a download goes through.
const STAGING: &str = "staging";

/// A path with something behind its name.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// A name beside `target` that nobody else uses, in this process or in another.
pub(super) fn unfinished(target: &Path, ending: &str) -> PathBuf {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let (process, count) = (std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    beside(target, &format!(".{process}-{count}.{ending}"))
}

/// A folder of its own for one download; it goes away with it.
pub(super) struct Staging(PathBuf);

impl Staging {
    pub(super) fn new(target: &Path) -> Result<Self, ModelStoreError> {
        let folder = unfinished(target, STAGING);
        fs::create_dir_all(&folder).map_err(ModelStoreError::io("create", &folder))?;
        Ok(Self(folder))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        remove(&self.0);
    }
}

/// Removes what an interrupted process left of `target`. Only for the holder of its lock.
pub(super) fn remove_leftovers(target: &Path) {
    let name = target.file_name().and_then(OsStr::to_str);
    let (Some(folder), Some(name)) = (target.parent(), name) else { return };
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries {
        let entry_name = entry.file_name();
        let rest = entry_name.to_str().and_then(|entry_name| entry_name.strip_prefix(name));
        let ending =
            rest.filter(|rest| rest.starts_with('.')).and_then(|rest| rest.rsplit_once('.'));
        if matches!(ending, Some((_, PART | STAGING))) {
            debug!("removing {}, which an interrupted download left", entry.path().display());
            remove(&entry.path());
        }
    }
}

/// Removes a file or folder, as far as it can be.
pub(super) fn remove(path: &Path) {
    let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    if let Err(error) = removed {
        warn!("cannot remove {}: {error}; remove it by hand", path.display());
    }
}

/// Removes a file and, if it is a link, what it points to.
#[cfg(feature = "hub")]
pub(super) fn remove_with_target(path: &Path) {
    let target = path.canonicalize();
    remove(path);
    if let Some(target) = target.ok().filter(|target| target.exists()) {
        remove(&target);
    }
}

/// Moves a wrong file out of the way, to `NAME.broken`, where somebody may look at it.
pub(super) fn set_aside(path: &Path) -> Result<(), ModelStoreError> {
    let real = path.canonicalize().map_err(ModelStoreError::io("find", path))?;
    let aside = beside(&real, ".broken");
    fs::rename(&real, &aside).map_err(ModelStoreError::io("set aside", path))?;
    if path.is_symlink() {
        fs::remove_file(path).map_err(ModelStoreError::io("remove", path))?;
    }
    checksum::unmark(path);
    warn!("{} is not the file it should be; set aside as {}", path.display(), aside.display());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_left_of_this_target_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("a.gguf");
        let staging = unfinished(&target, STAGING);
        fs::create_dir_all(staging.join("pip-unpack")).unwrap();
        let kept = ["a.gguf", "a.gguf.sha256", "a.gguf2.1-0.part", "b.gguf.1-0.part"];
        for name in kept.into_iter().chain(["a.gguf.1-0.part"]) {
            fs::write(folder.path().join(name), name).unwrap();
        }
        remove_leftovers(&target);
        let mut left: Vec<_> =
            fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, kept);
    }

    #[test]
    fn two_unfinished_files_have_two_names() {
        let target = Path::new("a.gguf");
        assert_ne!(unfinished(target, PART), unfinished(target, PART));
    }

    #[test]
    fn a_wrong_file_is_kept_under_another_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.gguf");
        for content in ["first", "second"] {
            fs::write(&path, content).unwrap();
            set_aside(&path).unwrap();
            assert!(!path.exists());
            assert_eq!(fs::read_to_string(beside(&path, ".broken")).unwrap(), content);
        }
    }
}
