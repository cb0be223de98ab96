//! A hub with one file, on this machine: it answers as the real one does for a large file.

use std::{
    io::{self, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

use super::sha256;

/// How the hub treats a download.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Manner {
    /// It sends all of it.
    Kind,
    /// It closes the connection half way, once.
    Cut,
    /// It falls silent half way and keeps the connection open.
    Silent,
    /// It answers every request with this status.
    Status(u16),
}

/// What the hub has, does and was asked for.
pub struct State {
    pub file: Vec<u8>,
    pub etag: String,
    pub manner: Manner,
    /// Where the downloads began, in bytes.
    pub starts: Vec<usize>,
}

/// The server; it ends when it is dropped.
pub struct FakeHub {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl FakeHub {
    /// More requests than any test makes.
    const REQUESTS: usize = 64;

    pub fn new(file: Vec<u8>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let (etag, manner, starts) = (sha256(&file), Manner::Kind, Vec::new());
        let state = Arc::new(Mutex::new(State { file, etag, manner, starts }));
        let stop = Arc::new(AtomicBool::new(false));
        let (shared, stopped) = (Arc::clone(&state), Arc::clone(&stop));
        let thread = std::thread::spawn(move || {
            let mut kept_open = Vec::new();
            for stream in listener.incoming().take(Self::REQUESTS).flatten() {
                if stopped.load(Ordering::Relaxed) {
                    return;
                }
                let mut state = shared.lock().unwrap_or_else(PoisonError::into_inner);
                // A client that hangs up is no trouble of the hub.
                kept_open.extend(answer(stream, address, &mut state).unwrap_or_default());
            }
        });
        Self { address, state, stop, thread: Some(thread) }
    }

    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for FakeHub {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        // Wakes the thread up; if it has ended already, nobody answers.
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Answers one request; gives the connection if it is to stay open.
fn answer(
    mut stream: TcpStream,
    address: SocketAddr,
    state: &mut State,
) -> io::Result<Option<TcpStream>> {
    let head = read_head(&mut stream)?;
    if let Manner::Status(status) = state.manner {
        write!(stream, "HTTP/1.1 {status} No\r\n{END}")?;
        return Ok(None);
    }
    if !head.starts_with("get /cdn ") {
        let etag = &state.etag;
        write!(
            stream,
            "HTTP/1.1 302 Found\r\nLocation: http://{address}/cdn\r\nX-Linked-Etag: \"{etag}\"\r\n\
             X-Repo-Commit: {COMMIT}\r\n{END}"
        )?;
        return Ok(None);
    }
    let (start, last) = range(&head, state.file.len()).ok_or(io::ErrorKind::InvalidData)?;
    let (size, whole) = (state.file.len(), last.is_none());
    let last = last.unwrap_or(size - 1);
    let part = &state.file[start..=last];
    write!(
        stream,
        "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes {start}-{last}/{size}\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n",
        part.len()
    )?;
    if !whole || state.manner == Manner::Kind {
        stream.write_all(part)?;
    } else {
        stream.write_all(&part[..part.len() / 2])?;
    }
    if !whole {
        return Ok(None);
    }
    state.starts.push(start);
    match state.manner {
        Manner::Silent => return Ok(Some(stream)),
        Manner::Cut => state.manner = Manner::Kind,
        Manner::Kind | Manner::Status(_) => {}
    }
    Ok(None)
}

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
const END: &str = "Content-Length: 0\r\nConnection: close\r\n\r\n";

/// The head of a request, in lower case.
fn read_head(stream: &mut TcpStream) -> io::Result<String> {
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    let (mut head, mut buffer) = (Vec::new(), [0; 4096]);
    while !head.ends_with(b"\r\n\r\n") && head.len() < 16_384 {
        match stream.read(&mut buffer)? {
            0 => break,
            count => head.extend_from_slice(&buffer[..count]),
        }
    }
    Ok(String::from_utf8_lossy(&head).to_lowercase())
}

/// The range that is asked for: its first byte, and its last one if that is named.
fn range(head: &str, size: usize) -> Option<(usize, Option<usize>)> {
    let range = head.lines().find_map(|line| line.strip_prefix("range: bytes="))?;
    let (start, last) = range.trim().split_once('-')?;
    let start: usize = start.parse().ok()?;
    let last = if last.is_empty() { None } else { Some(last.parse().ok()?) };
    (start < size).then_some((start, last))
}
