//! One fetch of a model at a time, among all processes of this machine.

use std::{
    fs::{File, TryLockError},
    path::Path,
    thread,
};

use tracing::debug;

use super::{
    ModelStoreError,
    checksum::name,
    files::beside,
    progress::{Reporter, TICK},
};

/// The right to fetch one file, until it is dropped.
///
/// Two games that start at once should download once: the second waits, then finds the file. The
/// lock belongs to an open file, so the system frees it when a process dies, however it dies; hence
/// whoever holds it may remove unfinished files. A disk without locks makes no trouble either: the
/// unfinished files have names of their own, whole files are moved into place, and the last one
/// wins with the same content.
pub(super) struct Lock {
    _file: File,
    held: bool,
}

impl Lock {
    /// Waits for the lock of `target`, a file beside it.
    pub(super) fn take(
        target: &Path,
        reporter: &mut Reporter<'_>,
    ) -> Result<Self, ModelStoreError> {
        let path = beside(target, ".lock");
        let file = File::options().create(true).truncate(false).write(true).open(&path);
        let file = file.map_err(ModelStoreError::io("open", &path))?;
        let mut waiting = false;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { _file: file, held: true }),
                Err(TryLockError::Error(error)) => {
                    debug!("no lock on {}: {error}; going on without", path.display());
                    return Ok(Self { _file: file, held: false });
                }
                Err(TryLockError::WouldBlock) if waiting => {
                    reporter.advance(0)?;
                    thread::sleep(TICK);
                }
                Err(TryLockError::WouldBlock) => {
                    let stage = format!("waiting for another download of {}", name(target));
                    reporter.begin(stage, None, 0);
                    waiting = true;
                }
            }
        }
    }

    /// Whether it is certain that nobody else fetches this file.
    pub(super) fn is_held(&self) -> bool {
        self.held
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    #[test]
    fn the_second_waits_for_the_first() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("a.gguf");
        let cancelled = AtomicBool::new(false);
        let mut ignore = |_| {};
        let mut first =
            Some(Lock::take(&target, &mut Reporter::new(&mut ignore, &cancelled)).unwrap());
        let mut stages = Vec::new();
        let mut tell = |loading: crate::inference::Loading| {
            stages.push(loading.stage);
            drop(first.take());
        };
        let second = Lock::take(&target, &mut Reporter::new(&mut tell, &cancelled)).unwrap();
        assert!(second.is_held());
        assert_eq!(stages, ["waiting for another download of a.gguf"]);
    }

    #[test]
    fn waiting_can_be_cancelled() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("a.gguf");
        let cancelled = AtomicBool::new(false);
        let mut ignore = |_| {};
        let _first = Lock::take(&target, &mut Reporter::new(&mut ignore, &cancelled)).unwrap();
        let mut tell = |_| cancelled.store(true, Ordering::Relaxed);
        let second = Lock::take(&target, &mut Reporter::new(&mut tell, &cancelled));
        assert!(matches!(second, Err(ModelStoreError::Cancelled)));
    }
}
