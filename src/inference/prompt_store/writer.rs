//! Writes prompts on a thread of its own, and keeps their folder small.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Arc,
    thread::{Builder, JoinHandle},
};

use crossbeam_channel::{Receiver, Sender, bounded};
use sha2::{Digest, Sha256};
use tracing::{debug, warn};

use super::ENDING;
use crate::{
    disk::{
        cache_folder::{Limits, tidy},
        whole_file,
    },
    inference::kernels::KvBlock,
};

/// How many prompts may wait to be written.
const QUEUE: usize = 8;

/// How much is kept of all models together.
pub(super) const LIMITS: Limits = Limits { bytes: 256 << 20, files: 64 };

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
        let Err(error) = job.write().and_then(|()| tidy(folder, ENDING, limits)) else { continue };
        if !warned {
            warn!(
                "cannot keep prompts in {}: {error}; the first reply after a start will be late",
                folder.display()
            );
        }
        warned = true;
    }
}

#[cfg(test)]
mod tests {
    use std::{
        fs::{self, File},
        time::SystemTime,
    };

    use super::*;
    use crate::disk::cache_folder::tests::names;

    #[test]
    fn all_that_waits_is_written_and_tidied_at_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let old = File::create(folder.path().join("old.prompt")).unwrap();
        old.set_modified(SystemTime::UNIX_EPOCH).unwrap();
        let writer = Writer::start(folder.path().into(), Limits { bytes: 1000, files: 2 });
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
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("notes.txt"), "mine").unwrap();
        let inside = folder.path().join("notes.txt").join("inside");
        let writer = Writer::start(inside.clone(), LIMITS);
        for name in ["a", "b"] {
            let path = inside.join(name);
            writer.send(Job { path, head: Vec::new(), full: Vec::new(), rest: Vec::new() });
        }
        drop(writer);
        assert_eq!(names(&folder), ["notes.txt"]);
    }
}
