//! A socket between a keeper and its server that can break at the worst moment: when the server has
//! made a change, and is about to say so.

use std::{
    io::{Read, Write},
    net::Shutdown,
    os::unix::net::{UnixListener, UnixStream},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
};

use tempfile::TempDir;

pub struct Proxy {
    folder: TempDir,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    armed: AtomicBool,
    swallowed: AtomicU64,
}

impl Proxy {
    /// The name that PostgreSQL gives to its socket.
    pub const SOCKET: &str = ".s.PGSQL.5432";

    pub fn start(server: &Path) -> Self {
        let folder = tempfile::Builder::new().prefix("proxy").tempdir().expect("a folder");
        let listener = UnixListener::bind(folder.path().join(Self::SOCKET)).expect("a socket");
        let state = Arc::new(State::default());
        let (server, shared) = (server.join(Self::SOCKET), state.clone());
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let Ok(server) = UnixStream::connect(&server) else { continue };
                connect(client, server, &shared);
            }
        });
        Self { folder, state }
    }

    /// The address of the same database by way of this proxy.
    pub fn through(&self, url: &str, server: &Path) -> String {
        let escaped = |path: &Path| path.display().to_string().replace('/', "%2F");
        url.replace(&escaped(server), &escaped(self.folder.path()))
    }

    /// The next commit reaches the server; its answer is kept back, and the connection breaks.
    pub fn swallow_next_commit(&self) {
        self.state.armed.store(true, Ordering::SeqCst);
    }

    /// How many answers were kept back.
    pub fn swallowed(&self) -> u64 {
        self.state.swallowed.load(Ordering::SeqCst)
    }
}

fn connect(mut client: UnixStream, mut server: UnixStream, state: &Arc<State>) {
    let breaking = Arc::new(AtomicBool::new(false));
    let (mut to_client, mut from_server) = (clone(&client), clone(&server));
    let (state, breaks) = (state.clone(), breaking.clone());
    thread::spawn(move || {
        let _ = pump(&mut client, &mut server, |said| {
            let commits = said.windows(7).any(|part| part == b"COMMIT\0");
            if commits && state.armed.swap(false, Ordering::SeqCst) {
                state.swallowed.fetch_add(1, Ordering::SeqCst);
                breaking.store(true, Ordering::SeqCst);
            }
            true
        });
        let _ = server.shutdown(Shutdown::Both);
    });
    thread::spawn(move || {
        let _ = pump(&mut from_server, &mut to_client, |_| !breaks.load(Ordering::SeqCst));
        let _ = to_client.shutdown(Shutdown::Both);
        let _ = from_server.shutdown(Shutdown::Both);
    });
}

/// Passes on what one says to the other, as long as that may pass.
fn pump(
    from: &mut UnixStream,
    to: &mut UnixStream,
    passes: impl Fn(&[u8]) -> bool,
) -> std::io::Result<()> {
    let mut buffer = [0; 1 << 14];
    loop {
        let read = from.read(&mut buffer)?;
        if read == 0 || !passes(&buffer[..read]) {
            return Ok(());
        }
        to.write_all(&buffer[..read])?;
    }
}

fn clone(stream: &UnixStream) -> UnixStream {
    stream.try_clone().expect("a second handle")
}
