//! A small fan club server that keeps or breaks the promises of the protocol.

use std::{
    collections::{BTreeMap, HashMap},
    io::{self, Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Condvar, Mutex, MutexGuard,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use bevy_persona::{
    club::{Ending, FromServer, Line, Member, Refusal, Speaker, ToServer},
    persona::PersonaId,
};
use tungstenite::{
    Message, WebSocket, accept_hdr,
    handshake::server::{ErrorResponse, Request, Response},
};

/// How a server behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// It keeps all promises.
    Good,
    /// It tells fans what others told it.
    MixesUp,
    /// All connections break once; nothing is lost.
    Restarts,
    /// All connections break once, and the last turn of each fan is gone.
    LosesATurn,
    /// It lets nobody in.
    KnowsNobody,
    /// It answers nobody.
    Hangs,
    /// It sends what is no frame beside what is one.
    Garbage,
    /// It refuses who sends a second message at once.
    Strict,
}

/// Before how many replies the connections break.
const UNTIL_RESTART: u64 = 20;
/// How fast nobody writes who behaves.
const AT_ONCE: Duration = Duration::from_millis(8);

/// What a server knows.
#[derive(Default)]
struct World {
    joined: u64,
    replies: u64,
    restarted: bool,
    /// By token, then by member.
    histories: BTreeMap<String, BTreeMap<PersonaId, Vec<Line>>>,
    sockets: Vec<TcpStream>,
    last_said: HashMap<String, Instant>,
}

struct Shared {
    manner: Manner,
    world: Mutex<World>,
    replied: Condvar,
    closed: AtomicBool,
}

/// A server that runs until this is dropped.
pub struct Club {
    address: SocketAddr,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl Club {
    /// Opens a server on a free port.
    pub fn open(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared {
            manner,
            world: Mutex::default(),
            replied: Condvar::new(),
            closed: AtomicBool::new(false),
        });
        let inside = shared.clone();
        let thread = thread::spawn(move || {
            for stream in listener.incoming() {
                if inside.closed.load(Ordering::Relaxed) {
                    break;
                }
                let (Ok(stream), inside) = (stream, inside.clone()) else { continue };
                // A client that goes ends its thread, with or without an error.
                thread::spawn(move || inside.serve(stream));
            }
        });
        Self { address, shared, thread: Some(thread) }
    }

    /// Where it is.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Waits until so many messages were answered.
    pub fn wait_for_replies(&self, count: u64) {
        let world = self.shared.world();
        let long = Duration::from_secs(60);
        let waiting = |world: &mut World| world.replies < count;
        let waited = self.shared.replied.wait_timeout_while(world, long, waiting);
        assert!(!waited.expect("nobody panics").1.timed_out(), "there are no replies");
    }
}

impl Drop for Club {
    fn drop(&mut self) {
        self.shared.closed.store(true, Ordering::Relaxed);
        // Wakes the thread that waits for a connection.
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().expect("nobody panics")
    }

    fn serve(&self, mut stream: TcpStream) -> Option<()> {
        let mut start = [0; 5];
        while stream.peek(&mut start).ok()? < start.len() {
            thread::yield_now();
        }
        match &start {
            b"POST " => self.join(&mut stream).ok(),
            b"GET /" => {
                let mut more = [0; 8];
                while stream.peek(&mut more).ok()? < more.len() {
                    thread::yield_now();
                }
                if more.ends_with(b"met") { metrics(&mut stream).ok() } else { self.fan(stream) }
            }
            _ => None,
        }
    }

    /// Every second one who signs up is told to come again.
    fn join(&self, stream: &mut TcpStream) -> io::Result<()> {
        read_request(stream)?;
        let joined = {
            let mut world = self.world();
            world.joined += 1;
            world.joined
        };
        if joined % 2 == 1 {
            return stream.write_all(b"HTTP/1.0 429 Slow\r\nRetry-After: 0\r\n\r\n");
        }
        let body = format!("{{\"token\":\"token-{joined}\"}}");
        let length = body.len();
        let answer = format!("HTTP/1.0 200 OK\r\nContent-Length: {length}\r\n\r\n{body}");
        stream.write_all(answer.as_bytes())
    }

    #[expect(clippy::result_large_err, reason = "the handshake wants this type")]
    fn fan(&self, stream: TcpStream) -> Option<()> {
        let socket = stream.try_clone().ok()?;
        let mut token = String::new();
        let check = |request: &Request, mut response: Response| {
            let header = |name: &str| request.headers().get(name)?.to_str().ok();
            let shown = header("authorization").and_then(|value| value.strip_prefix("Bearer "));
            match shown.filter(|_| self.manner != Manner::KnowsNobody) {
                Some(known) => {
                    token = known.into();
                    let version = "persona.v1".parse().expect("a header");
                    response.headers_mut().insert("sec-websocket-protocol", version);
                    Ok(response)
                }
                None => {
                    let mut stranger = ErrorResponse::new(None);
                    *stranger.status_mut() = tungstenite::http::StatusCode::UNAUTHORIZED;
                    Err(stranger)
                }
            }
        };
        let mut socket_of_fan = accept_hdr(stream, check).ok()?;
        self.world().sockets.push(socket);
        self.welcome(&mut socket_of_fan, &token)?;
        loop {
            if let Message::Text(text) = socket_of_fan.read().ok()? {
                match serde_json::from_str(&text).ok()? {
                    ToServer::Say { nr, to, text } => {
                        self.answer(&mut socket_of_fan, &token, nr, &to, &text)?;
                    }
                    _ => return None,
                }
            }
        }
    }

    fn welcome(&self, socket: &mut WebSocket<TcpStream>, token: &str) -> Option<()> {
        let member = |name: &str| {
            let id: PersonaId = name.to_lowercase().parse().expect("an id");
            let world = self.world();
            let history = world.histories.get(token).and_then(|fan| fan.get(&id));
            // Histories are cut in the middle of a turn.
            let history = history.map_or(&[][..], |all| &all[all.len().saturating_sub(61)..]);
            Member {
                id,
                name: name.into(),
                names: BTreeMap::new(),
                colour: "#ffffff".into(),
                closeness: 0.0,
                history: history.to_vec(),
            }
        };
        let members = ["Siwoo", "Jena"].map(member).into();
        let fan = token.parse().expect("a name");
        send(socket, &FromServer::Welcome { fan, members, online: 1, max_chars: 500 })
    }

    fn answer(
        &self,
        socket: &mut WebSocket<TcpStream>,
        token: &str,
        nr: u64,
        to: &PersonaId,
        said: &str,
    ) -> Option<()> {
        let now = Instant::now();
        let last = self.world().last_said.insert(token.into(), now);
        match self.manner {
            Manner::Hangs => return Some(()),
            Manner::Strict if last.is_some_and(|last| now - last < AT_ONCE) => {
                let (reason, message) = (Refusal::SlowDown, "Wait.".into());
                let (nr, retry_after) = (Some(nr), Some(0.1));
                return send(socket, &FromServer::Refused { nr, reason, message, retry_after });
            }
            Manner::Garbage => {
                socket.send(Message::text("{\"type\":\"wor")).ok()?;
                socket.send(Message::binary(vec![0xff, 0x00])).ok()?;
            }
            _ => {}
        }
        let answer = self.keep(token, to, said);
        let (from, half) = (to.clone(), answer.len() / 2);
        send(socket, &FromServer::Begin { from: from.clone(), nr })?;
        for text in [&answer[..half], &answer[half..]] {
            send(socket, &FromServer::Words { from: from.clone(), nr, text: text.into() })?;
        }
        let (reason, text) = (Ending::Complete, answer);
        send(socket, &FromServer::End { from, nr, reason, text, closeness: 1.0 })?;
        self.count();
        Some(())
    }

    /// Keeps a turn; the answer holds what was said to her before.
    fn keep(&self, token: &str, to: &PersonaId, said: &str) -> String {
        let mut world = self.world();
        let whose = match self.manner {
            Manner::MixesUp => world.histories.keys().find(|other| *other != token),
            _ => None,
        };
        let whose = whose.map_or(token, String::as_str).to_owned();
        let known: Vec<&str> = world
            .histories
            .get(&whose)
            .into_iter()
            .flat_map(|fan| fan.values().flatten())
            .filter(|line| line.by == Speaker::Fan && line.text.is_ascii())
            .map(|line| line.text.as_str())
            .take(8)
            .collect();
        let answer = format!("You said: {}.", known.join(" "));
        let history = world.histories.entry(token.into()).or_default();
        let history = history.entry(to.clone()).or_default();
        history.push(Line { by: Speaker::Fan, text: said.into() });
        history.push(Line { by: Speaker::Member, text: answer.clone() });
        answer
    }

    fn count(&self) {
        let mut world = self.world();
        world.replies += 1;
        self.replied.notify_all();
        let restarts = matches!(self.manner, Manner::Restarts | Manner::LosesATurn);
        if !restarts || world.restarted || world.replies < UNTIL_RESTART {
            return;
        }
        world.restarted = true;
        if self.manner == Manner::LosesATurn {
            for history in world.histories.values_mut().flat_map(BTreeMap::values_mut) {
                history.truncate(history.len() - 2);
            }
        }
        for socket in world.sockets.drain(..) {
            // One that is closed already is as good.
            let _ = socket.shutdown(Shutdown::Both);
        }
    }
}

fn metrics(stream: &mut TcpStream) -> io::Result<()> {
    read_request(stream)?;
    stream.write_all(b"HTTP/1.0 200 OK\r\n\r\nclub_process_resident_bytes 12500000\n")
}

/// Reads a request to its end, so that closing the connection takes no answer away.
fn read_request(stream: &mut TcpStream) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let (mut bytes, mut piece) = (Vec::new(), [0; 1024]);
    loop {
        let count = stream.read(&mut piece)?;
        bytes.extend_from_slice(&piece[..count]);
        let text = String::from_utf8_lossy(&bytes);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        // What is not read when the connection ends would take the answer away with it.
        let head = head.to_ascii_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length: usize = length.and_then(|length| length.parse().ok()).unwrap_or(0);
        if count == 0 || body.len() >= length {
            return Ok(());
        }
    }
}

fn send(socket: &mut WebSocket<TcpStream>, frame: &FromServer) -> Option<()> {
    let text = serde_json::to_string(frame).expect("frames can be written");
    socket.send(Message::text(text)).ok()
}
