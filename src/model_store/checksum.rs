//! Whether a file is the one it should be.

use std::{
    fs::{self, File},
    io::{self, Read, Write},
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use sha2::{Digest, Sha256};
use tracing::warn;

use super::{ModelStoreError, files::beside, progress::Reporter};

/// Bytes per read.
const CHUNK: usize = 1 << 20;

/// A SHA-256 in lower-case hexadecimal digits.
pub(super) type Sha256Hex = String;

/// A copy under way, and the checksum of what went through it.
pub(super) struct Copying<'a> {
    writer: &'a mut dyn Write,
    write_path: &'a Path,
    hasher: Sha256,
    done: u64,
}

impl<'a> Copying<'a> {
    pub(super) fn new(writer: &'a mut dyn Write, write_path: &'a Path) -> Self {
        Self { writer, write_path, hasher: Sha256::new(), done: 0 }
    }

    /// Copies all that is left of a reader.
    pub(super) fn append(
        &mut self,
        reader: &mut dyn Read,
        unreadable: impl FnOnce(io::Error) -> ModelStoreError,
        reporter: &mut Reporter<'_>,
    ) -> Result<(), ModelStoreError> {
        let mut buffer = vec![0; CHUNK];
        loop {
            let count = match reader.read(&mut buffer) {
                Ok(0) => return Ok(()),
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(unreadable(error)),
            };
            let bytes = &buffer[..count];
            self.hasher.update(bytes);
            self.writer.write_all(bytes).map_err(ModelStoreError::io("write", self.write_path))?;
            self.done += count as u64;
            reporter.advance(self.done)?;
        }
    }

    /// The checksum of all that was copied.
    pub(super) fn finish(self) -> Sha256Hex {
        format!("{:x}", self.hasher.finalize())
    }
}

/// The checksum of a file.
pub(super) fn of_file(
    path: &Path,
    reporter: &mut Reporter<'_>,
) -> Result<Sha256Hex, ModelStoreError> {
    let mut file = File::open(path).map_err(ModelStoreError::io("open", path))?;
    let length = file.metadata().map_err(ModelStoreError::io("read", path))?.len();
    reporter.begin(format!("checking {}", name(path)), Some(length), 0);
    let mut nowhere = io::sink();
    let mut copying = Copying::new(&mut nowhere, path);
    copying.append(&mut file, ModelStoreError::io("read", path), reporter)?;
    Ok(copying.finish())
}

/// Whether a file has this size and checksum; notes it if so.
pub(super) fn is_right(
    path: &Path,
    sha256: &str,
    bytes: u64,
    reporter: &mut Reporter<'_>,
) -> Result<bool, ModelStoreError> {
    let length = fs::metadata(path).map_err(ModelStoreError::io("read", path))?.len();
    // A wrong size tells enough, without reading the file.
    let right = length == bytes && of_file(path, reporter)? == sha256;
    if right {
        mark(path, sha256);
    }
    Ok(right)
}

/// Notes beside a file that it has this checksum, as long as its size and time stay the same.
pub(super) fn mark(path: &Path, sha256: &str) {
    let Some(stamp) = stamp(path) else { return };
    if let Err(error) = fs::write(marker(path), format!("{sha256} {stamp}\n")) {
        warn!("cannot note that {} is right: {error}; it is checked at each start", path.display());
    }
}

/// The checksum that a file is known to have, if it did not change since.
pub(super) fn marked(path: &Path) -> Option<Sha256Hex> {
    let note = fs::read_to_string(marker(path)).ok()?;
    let (sha256, noted) = note.trim_end().split_once(' ')?;
    (noted == stamp(path)?).then(|| sha256.to_owned())
}

/// Forgets what was noted of a file.
pub(super) fn unmark(path: &Path) {
    // No note is as good as a removed one.
    let _ = fs::remove_file(marker(path));
}

fn marker(path: &Path) -> PathBuf {
    beside(path, ".sha256")
}

fn stamp(path: &Path) -> Option<String> {
    let metadata = fs::metadata(path).ok()?;
    let changed = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some(format!("{} {}", metadata.len(), changed.as_nanos()))
}

/// The name of a file, for people to read.
pub(super) fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::*;

    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    fn check(path: &Path, sha256: &str, bytes: u64) -> (bool, Vec<String>) {
        let mut stages = Vec::new();
        let mut tell = |loading: crate::inference::Loading| stages.push(loading.stage);
        let cancelled = AtomicBool::new(false);
        let right = is_right(path, sha256, bytes, &mut Reporter::new(&mut tell, &cancelled));
        (right.unwrap(), stages)
    }

    #[test]
    fn a_right_file_is_noted_and_a_wrong_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.gguf");
        fs::write(&path, "abc").unwrap();
        assert!(!check(&path, &ABC.replace('b', "c"), 3).0);
        assert_eq!(marked(&path), None);
        let (right, stages) = check(&path, ABC, 3);
        assert!(right && stages.iter().all(|stage| stage == "checking a.gguf"));
        assert_eq!(marked(&path).as_deref(), Some(ABC));
    }

    #[test]
    fn a_wrong_size_needs_no_reading() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.gguf");
        fs::write(&path, "abc").unwrap();
        assert_eq!(check(&path, ABC, 4), (false, Vec::new()));
    }

    #[test]
    fn a_note_does_not_outlive_a_change() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.gguf");
        fs::write(&path, "abc").unwrap();
        mark(&path, ABC);
        let file = File::options().write(true).open(&path).unwrap();
        file.set_modified(UNIX_EPOCH).unwrap();
        assert_eq!(marked(&path), None);
        mark(&path, ABC);
        assert!(marked(&path).is_some());
        fs::write(&path, "abcd").unwrap();
        assert_eq!(marked(&path), None);
        fs::write(marker(&path), "nonsense").unwrap();
        assert_eq!(marked(&path), None);
    }
}
