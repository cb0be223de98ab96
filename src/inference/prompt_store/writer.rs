//! Writes prompts on a thread of its own, and keeps their folder small.

use std::{
    ffi::OsStr,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Arc,
    thread::{Builder, JoinHandle},
    time::SystemTime,
};

use crossbeam_channel::{Receiver, Sender, bounded};
use sha2::{Digest, Sha256};
use tracing::{debug, warn};

use super::ENDING;
use crate::inference::{kernels::KvBlock, whole_file};

/// How many prompts may wait to be written.
const QUEUE: usize = 8;

/// How large a folder may grow.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub(super) bytes: usize,
    pub(super) files: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 256 << 20, files: 64 }
    }
}

/// A prompt to be written.
pub(super) struct Job {
    pub(super) path: PathBuf,
    /// What comes first.
    pub(super) head: Vec<u8>,
    /// Blocks that do not change any more.
    pub(super) full: Vec<Arc<KvBlock>>,
    /// What comes last: a block that may have changed since.
    pub(super) rest: Vec<u8>,
}

impl Job {
    fn write(self) -> io::Result<()> {
        let Self { path, head, full, rest } = self;
        whole_file::write(&path, |file| {
            let mut hash = Sha256::new();
            let mut write = |bytes: &[u8]| {
                hash.update(bytes);
                file.write_all(bytes)
            };
            write(&head)?;
            full.iter().try_for_each(|block| write(&block.to_bytes()))?;
            write(&rest)?;
            file.write_all(&hash.finalize())
        })
    }
}

/// The thread that writes. Dropping it waits until all is written.
#[derive(Debug)]
pub(super) struct Writer {
    jobs: Option<Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(super) fn start(folder: PathBuf, limits: Limits) -> Self {
        let (jobs, waiting) = bounded(QUEUE);
        let work = move || run(&waiting, &folder, limits);
        match Builder::new().name("persona prompts".into()).spawn(work) {
            Ok(thread) => Self { jobs: Some(jobs), thread: Some(thread) },
            Err(error) => {
                warn!("no thread for keeping prompts: {error}; none will be kept");
                Self { jobs: None, thread: None }
            }
        }
    }

    /// Hands a prompt over; it is dropped if too many wait.
    pub(super) fn send(&self, job: Job) {
        if self.jobs.as_ref().is_some_and(|jobs| jobs.try_send(job).is_err()) {
            debug!("a prompt is not kept: too many wait to be written");
        }
    }
}

impl Drop for Writer {
    /// The thread ends when nothing can be sent any more.
    fn drop(&mut self) {
        self.jobs = None;
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            warn!("the thread that keeps prompts panicked");
        }
    }
}

/// A disk that refuses one prompt tends to refuse the next: that is said once.
fn run(jobs: &Receiver<Job>, folder: &Path, limits: Limits) {
    let mut warned = false;
    for job in jobs {
        let Err(error) = job.write().and_then(|()| tidy(folder, limits)) else { continue };
        if !warned {
            warn!(
                "cannot keep prompts in {}: {error}; the first reply after a start will be late",
                folder.display()
            );
        }
        warned = true;
    }
}

/// Removes prompts, those that were used longest ago first, until the limits are kept.
fn tidy(folder: &Path, limits: Limits) -> io::Result<()> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension() == Some(OsStr::new(ENDING)) {
            files.extend(facts(path));
        }
    }
    files.sort_by(|(a, ..), (b, ..)| b.cmp(a));
    let (mut bytes, mut count) = (0u64, 0);
    for (_, length, path) in files {
        bytes = bytes.saturating_add(length);
        count += 1;
        if count > limits.files || bytes > limits.bytes as u64 {
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
mod tests {
    use std::{fs::File, time::Duration};

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

    fn names(folder: &TempDir) -> Vec<String> {
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
            tidy(folder.path(), limits).unwrap();
            assert_eq!(names(&folder), kept, "{limits:?}");
        }
    }

    #[test]
    fn all_that_waits_is_written_and_tidied_at_the_end() {
        let folder = folder(&["old.prompt"]);
        let writer = Writer::start(folder.path().into(), Limits { bytes: 1000, files: 1 });
        for index in 0..4 {
            let path = folder.path().join(format!("{index}.{ENDING}"));
            writer.send(Job { path, head: vec![index], full: Vec::new(), rest: vec![9; 20] });
        }
        drop(writer);
        let names = names(&folder);
        assert_eq!(names.len(), 2, "{names:?}");
        assert!(!names.contains(&"old.prompt".into()));
    }

    #[test]
    fn a_folder_that_cannot_be_made_stops_nothing() {
        let folder = folder(&[]);
        let inside = folder.path().join("notes.txt").join("inside");
        let writer = Writer::start(inside.clone(), Limits::default());
        for name in ["a", "b"] {
            let path = inside.join(name);
            writer.send(Job { path, head: Vec::new(), full: Vec::new(), rest: Vec::new() });
        }
        drop(writer);
        assert_eq!(names(&folder), ["notes.txt"]);
    }
}
