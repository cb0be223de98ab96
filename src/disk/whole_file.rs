//! Writes files that are either whole or not there.

use std::{
    ffi::OsStr,
    fs::{self, File},
    io::{self, BufWriter, IntoInnerError, Write},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

/// The ending of a file that is being written.
const UNFINISHED: &str = "unfinished";
/// What is older was left by a process that ended too early.
const LEFT_BEHIND: Duration = Duration::from_secs(3600);

/// Writes a file under another name in the same folder, then renames it. What was there before is
/// replaced, and whoever has that open keeps it as it was.
///
/// The folder is made if need be, and rid of what was left in it unfinished.
///
/// # Errors
/// If the system refuses something; nothing is left behind then.
pub(crate) fn write(
    path: &Path,
    fill: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
        remove_leftovers(folder);
    }
    let (part, file) = new_part(path)?;
    let written = fill_new(file, fill).and_then(|()| fs::rename(&part, path));
    if written.is_err() {
        // Why it was not written is what matters; what is left goes with the next that is.
        let _ = fs::remove_file(&part);
    }
    written
}

/// A new file beside `path` that nobody else writes.
fn new_part(path: &Path) -> io::Result<(PathBuf, File)> {
    loop {
        let part = unfinished(path);
        match File::create_new(&part) {
            // Of another process that has the same number in a container of its own.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => return Ok((part, made?)),
        }
    }
}

/// The data is on the disk before the name is: a machine that loses power in between must not find
/// an empty file under it.
fn fill_new(
    part: File,
    fill: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
) -> io::Result<()> {
    let mut writer = BufWriter::new(part);
    fill(&mut writer)?;
    writer.flush()?;
    writer.into_inner().map_err(IntoInnerError::into_error)?.sync_all()
}

/// A name beside `path` that nobody else uses, in this process or in another.
fn unfinished(path: &Path) -> PathBuf {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let (process, count) = (std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{process}-{count}.{UNFINISHED}"));
    name.into()
}

fn remove_leftovers(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.extension() == Some(OsStr::new(UNFINISHED)) && is_old(&path) {
            // Another process may have been faster.
            let _ = fs::remove_file(&path);
        }
    }
}

fn is_old(path: &Path) -> bool {
    let age = fs::metadata(path)
        .and_then(|facts| facts.modified())
        .ok()
        .and_then(|modified| modified.elapsed().ok());
    age.is_some_and(|age| age > LEFT_BEHIND)
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;
    use crate::disk::cache_folder::tests::names;

    #[test]
    fn a_file_is_written_and_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/er/file");
        for content in ["first", "second"] {
            write(&path, |file| file.write_all(content.as_bytes())).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), content);
        }
        assert_eq!(names(path.parent().unwrap()), ["file"]);
    }

    #[test]
    fn a_failure_leaves_what_was_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        write(&path, |file| file.write_all(b"old")).unwrap();
        let failed = write(&path, |file| {
            file.write_all(&[0; 100_000])?;
            Err(io::Error::other("the disk is full"))
        });
        assert_eq!(failed.unwrap_err().to_string(), "the disk is full");
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(names(folder.path()), ["file"]);
    }

    #[test]
    fn only_old_unfinished_files_are_removed() {
        let folder = tempfile::tempdir().unwrap();
        let aged = |name: &str, age: Duration| {
            let file = File::create(folder.path().join(name)).unwrap();
            file.set_modified(SystemTime::now() - age).unwrap();
        };
        aged("a.1-0.unfinished", 2 * LEFT_BEHIND);
        aged("b.1-0.unfinished", LEFT_BEHIND / 2);
        aged("c", 2 * LEFT_BEHIND);
        write(&folder.path().join("d"), |_| Ok(())).unwrap();
        assert_eq!(names(folder.path()), ["b.1-0.unfinished", "c", "d"]);
    }
}
