//! Keeps a folder of files that can be made again small.

use std::{
    ffi::OsStr,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    time::SystemTime,
};

use tracing::debug;

/// How large a folder may grow.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) bytes: u64,
    pub(crate) files: usize,
}

/// What was used last is kept longest. Where the system does not let us say so, what was written
/// last is.
pub(crate) fn mark_used(path: &Path) {
    let file = File::options().write(true).open(path);
    if let Err(error) = file.and_then(|file| file.set_modified(SystemTime::now())) {
        debug!("cannot mark {} as used: {error}", path.display());
    }
}

/// Removes the files of this ending, those that were used longest ago first, until the limits are kept.
pub(crate) fn tidy(folder: &Path, ending: &str, limits: Limits) -> io::Result<()> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension() == Some(OsStr::new(ending)) {
            files.extend(facts(path));
        }
    }
    files.sort_by(|(a, ..), (b, ..)| b.cmp(a));
    let (mut bytes, mut count) = (0u64, 0);
    for (_, length, path) in files {
        bytes = bytes.saturating_add(length);
        count += 1;
        if count > limits.files || bytes > limits.bytes {
            remove(&path)?;
        }
    }
    Ok(())
}

/// Removes a file that another process may have removed just now.
fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// When a file was used last, its length in bytes, and where it is; none if it has just gone.
fn facts(path: PathBuf) -> Option<(SystemTime, u64, PathBuf)> {
    let facts = fs::metadata(&path).ok()?;
    Some((facts.modified().ok()?, facts.len(), path))
}

#[cfg(test)]
pub(crate) mod tests {
    use std::{io::Write, time::Duration};

    use tempfile::TempDir;

    use super::*;

    /// Files of 100 bytes, each used an hour before the next; another program's is the oldest.
    fn folder(names: &[&str]) -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        let hour = |hours: usize| SystemTime::UNIX_EPOCH + Duration::from_secs(3600) * hours as u32;
        for (hours, name) in ["notes.txt"].iter().chain(names).enumerate() {
            let mut file = File::create(folder.path().join(name)).unwrap();
            file.write_all(&[0; 100]).unwrap();
            file.set_modified(hour(hours)).unwrap();
        }
        folder
    }

    /// The names of what is in a folder, in order.
    pub(crate) fn names(folder: impl AsRef<Path>) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn what_was_used_long_ago_goes_first() {
        let cases = [
            (Limits { bytes: 1000, files: 2 }, vec!["a.prompt", "d.prompt", "notes.txt"]),
            (
                Limits { bytes: 300, files: 9 },
                vec!["a.prompt", "c.prompt", "d.prompt", "notes.txt"],
            ),
            (Limits { bytes: 299, files: 9 }, vec!["a.prompt", "d.prompt", "notes.txt"]),
            (Limits { bytes: 99, files: 9 }, vec!["notes.txt"]),
        ];
        for (limits, kept) in cases {
            let folder = folder(&["b.prompt", "c.prompt", "a.prompt", "d.prompt"]);
            tidy(folder.path(), "prompt", limits).unwrap();
            assert_eq!(names(&folder), kept, "{limits:?}");
        }
    }
}
