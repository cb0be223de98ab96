//! Lets hf-hub work on a thread of its own, so that a dead connection holds nobody up.

use std::{
    panic,
    sync::mpsc::{self, Receiver, RecvTimeoutError, Sender},
    thread,
    time::{Duration, Instant},
};

use hf_hub::api::Progress;

use super::{
    HubFile, ModelStoreError,
    hub::name,
    progress::{Reporter, TICK},
};

/// How long the hub may be silent.
const PATIENCE: Duration = Duration::from_secs(60);

/// What the thread tells.
pub(super) enum News<T> {
    /// A download begins behind the bytes that are here already.
    Begun { from: u64, total: u64 },
    /// More bytes have come.
    Bytes(u64),
    /// It is over.
    Done(Result<T, ModelStoreError>),
}

/// Does `work` on a thread, and tells how far it is until it is done, cancelled or stuck.
pub(super) fn on_thread<T: Send + 'static>(
    file: &HubFile,
    reporter: &mut Reporter<'_>,
    work: impl FnOnce(Sender<News<T>>) -> Result<T, ModelStoreError> + Send + 'static,
) -> Result<T, ModelStoreError> {
    let (sender, news) = mpsc::channel();
    let work = move || {
        let outcome = work(sender.clone());
        // Nobody listens after a cancel.
        let _ = sender.send(News::Done(outcome));
    };
    let started = thread::Builder::new().name("persona hub".into()).spawn(work);
    started.map_err(ModelStoreError::io("start a thread to fetch", file.file().as_ref()))?;
    watch(&news, file, reporter)
}

fn watch<T>(
    news: &Receiver<News<T>>,
    file: &HubFile,
    reporter: &mut Reporter<'_>,
) -> Result<T, ModelStoreError> {
    let (mut done, mut heard) = (0, Instant::now());
    loop {
        match news.recv_timeout(TICK) {
            Ok(News::Done(outcome)) => return outcome,
            Ok(News::Begun { from, total }) => {
                (done, heard) = (from, Instant::now());
                reporter.begin(format!("downloading {}", name(file)), Some(total), from);
            }
            Ok(News::Bytes(bytes)) => (done, heard) = (done + bytes, Instant::now()),
            Err(RecvTimeoutError::Timeout) if heard.elapsed() < PATIENCE => {}
            Err(RecvTimeoutError::Timeout) => {
                let error = format!("nothing came for {} seconds", PATIENCE.as_secs());
                return Err(ModelStoreError::HubUnreachable { file: file.clone(), error });
            }
            Err(RecvTimeoutError::Disconnected) => {
                let error = "it could not be read".into();
                return Err(ModelStoreError::HubAnswer { file: file.clone(), error });
            }
        }
        reporter.advance(done)?;
    }
}

/// Counts the bytes of a download for whoever waits for it.
pub(super) struct Counter {
    news: Sender<News<std::path::PathBuf>>,
    total: u64,
    fresh: bool,
}

impl Counter {
    pub(super) fn new(news: Sender<News<std::path::PathBuf>>) -> Self {
        Self { news, total: 0, fresh: true }
    }
}

impl Progress for Counter {
    fn init(&mut self, size: usize, _file: &str) {
        (self.total, self.fresh) = (size as u64, true);
    }

    fn update(&mut self, bytes: usize) {
        let bytes = bytes as u64;
        // The first update of a download tells where it goes on.
        let news = if self.fresh {
            News::Begun { from: bytes, total: self.total }
        } else {
            News::Bytes(bytes)
        };
        self.fresh = false;
        if self.news.send(news).is_err() && cfg!(panic = "unwind") {
            // hf-hub cannot be told to stop. Unwinding stops it, closes its file and frees its
            // lock, and prints nothing. Where panics abort, the download goes on unheard.
            panic::resume_unwind(Box::new("nobody waits for the download any more"));
        }
    }

    fn finish(&mut self) {}
}

#[cfg(test)]
mod tests {
    use std::{panic::AssertUnwindSafe, path::PathBuf, sync::atomic::AtomicBool};

    use super::*;
    use crate::inference::Loading;

    fn file() -> HubFile {
        "o/r/a.gguf".parse().unwrap()
    }

    #[test]
    fn a_resumed_download_tells_all_bytes_and_only_the_new_ones_as_rate() {
        let mut told = Vec::new();
        let mut tell = |loading: Loading| told.push((loading.stage, loading.done, loading.total));
        let cancelled = AtomicBool::new(false);
        let mut reporter = Reporter::new(&mut tell, &cancelled);
        let path = on_thread(&file(), &mut reporter, |news| {
            let mut counter = Counter::new(news);
            // hf-hub says so twice.
            counter.init(100, "a.gguf");
            counter.init(100, "a.gguf");
            for bytes in [60, 30, 10] {
                counter.update(bytes);
            }
            Ok(PathBuf::from("a.gguf"))
        });
        assert_eq!(path.unwrap(), PathBuf::from("a.gguf"));
        let stage = String::from("downloading a.gguf");
        assert_eq!(told.first(), Some(&(stage.clone(), 60, Some(100))));
        assert_eq!(told.last(), Some(&(stage, 100, Some(100))));
    }

    #[test]
    fn a_thread_that_dies_is_an_error() {
        let (mut tell, cancelled) = (|_| {}, AtomicBool::new(false));
        let mut reporter = Reporter::new(&mut tell, &cancelled);
        let lost = on_thread::<()>(&file(), &mut reporter, |_| {
            panic::resume_unwind(Box::new("as if hf-hub had panicked"))
        });
        assert!(matches!(lost, Err(ModelStoreError::HubAnswer { .. })));
    }

    #[test]
    fn a_download_that_nobody_waits_for_stops() {
        let (sender, news) = mpsc::channel();
        drop(news);
        let stopped = panic::catch_unwind(AssertUnwindSafe(|| Counter::new(sender).update(1)));
        assert!(stopped.is_err());
    }
}
