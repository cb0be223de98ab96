//! A server of chat completions that does what a test tells it, on a port of this machine.

use std::{
    collections::VecDeque,
    io::{BufRead, BufReader, Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

use bevy_persona::inference::remote::{RemoteSettings, RetrySettings};
use serde_json::{Value, json};

use super::wait_for;

/// What the server does with one connection, step by step.
#[derive(Debug, Clone)]
pub enum Act {
    /// Sends these bytes.
    Send(Vec<u8>),
    /// Says nothing, until the other side hangs up.
    Hang,
    /// Sends these bytes again and again, until the other side hangs up.
    Flood(Vec<u8>),
    /// Closes the connection, wherever it is.
    Close,
}

/// What a request said.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The first line and the headers.
    pub head: String,
    /// The body.
    pub body: Value,
}

/// A server with a script: one list of acts for each connection; the last one for all that follow.
pub struct Server {
    port: u16,
    asked: Arc<Mutex<Vec<Asked>>>,
    open: Arc<AtomicUsize>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts to serve.
    pub fn start(script: impl IntoIterator<Item = Vec<Act>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port of this machine");
        let port = listener.local_addr().expect("it is bound").port();
        let asked = Arc::<Mutex<Vec<Asked>>>::default();
        let (open, stop) = (Arc::<AtomicUsize>::default(), Arc::<AtomicBool>::default());
        let mut script: VecDeque<_> = script.into_iter().collect();
        let (record, count, ended) = (Arc::clone(&asked), Arc::clone(&open), Arc::clone(&stop));
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if ended.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(stream) = stream else { continue };
                let acts =
                    if script.len() > 1 { script.pop_front() } else { script.front().cloned() };
                let (record, count) = (Arc::clone(&record), Arc::clone(&count));
                count.fetch_add(1, Ordering::SeqCst);
                std::thread::spawn(move || {
                    serve(&stream, acts.unwrap_or_default(), &record);
                    count.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        Self { port, asked, open, stop, thread: Some(thread) }
    }

    /// Settings for it, with times fit for a test.
    pub fn settings(&self) -> RemoteSettings {
        settings(self.port)
    }

    /// What it was asked, in order.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("no test panics inside").clone()
    }

    /// Waits until no connection is open.
    pub fn wait_for_end(&self) {
        wait_for("all connections are closed", || self.open.load(Ordering::SeqCst) == 0);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(("127.0.0.1", self.port));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Settings for a server on a port, with times fit for a test.
pub fn settings(port: u16) -> RemoteSettings {
    let first_wait = Duration::from_millis(1);
    RemoteSettings {
        base_url: format!("http://127.0.0.1:{port}/v1"),
        model: "solar".into(),
        retry: RetrySettings { first_wait, breaks_after: 0, ..RetrySettings::default() },
        ..RemoteSettings::default()
    }
}

/// A port where nobody listens.
pub fn closed_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port of this machine");
    listener.local_addr().expect("it is bound").port()
}

fn serve(mut stream: &TcpStream, acts: Vec<Act>, record: &Mutex<Vec<Asked>>) {
    let Some(asked) = read_request(stream) else { return };
    record.lock().expect("no test panics inside").push(asked);
    for act in acts {
        let goes_on = match act {
            Act::Send(bytes) => stream.write_all(&bytes).is_ok(),
            // It ends when the other side has closed, or broken off.
            Act::Hang => stream.read(&mut [0]).is_ok_and(|count| count > 0),
            Act::Flood(bytes) => {
                while stream.write_all(&bytes).is_ok() {}
                false
            }
            Act::Close => {
                let _ = stream.shutdown(Shutdown::Both);
                false
            }
        };
        if !goes_on {
            return;
        }
    }
    let _ = stream.shutdown(Shutdown::Both);
}

fn read_request(stream: &TcpStream) -> Option<Asked> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line == "\r\n" {
            break;
        }
        head.push_str(&line.to_ascii_lowercase());
    }
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length?.trim().parse().ok()?];
    reader.read_exact(&mut body).ok()?;
    Some(Asked { head, body: serde_json::from_slice(&body).ok()? })
}

/// The head of a stream of events.
pub fn stream_head() -> Act {
    Act::Send(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
            .to_vec(),
    )
}

/// Bytes of a stream, as one chunk of HTTP.
pub fn chunk(bytes: &[u8]) -> Act {
    Act::Send(raw_chunk(bytes))
}

fn raw_chunk(bytes: &[u8]) -> Vec<u8> {
    [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat()
}

/// An event with some words.
pub fn event(text: &str) -> Vec<u8> {
    let json =
        json!({ "choices": [{ "index": 0, "delta": { "content": text }, "finish_reason": null }] });
    format!("data: {json}\n\n").into_bytes()
}

/// Some words.
pub fn words(text: &str) -> Act {
    chunk(&event(text))
}

/// Words without end.
pub fn flood(text: &str) -> Act {
    Act::Flood(raw_chunk(&event(text)))
}

/// The end of a reply, with token counts.
pub fn end() -> Act {
    let last = json!({ "choices": [{ "index": 0, "delta": {}, "finish_reason": "stop" }] });
    let counts = json!({ "choices": [], "usage": {
        "prompt_tokens": 30, "completion_tokens": 5, "prompt_tokens_details": { "cached_tokens": 20 },
    } });
    let bytes = format!("data: {last}\n\ndata: {counts}\n\ndata: [DONE]\n\n").into_bytes();
    Act::Send([raw_chunk(&bytes), raw_chunk(b"")].concat())
}

/// A whole reply.
pub fn reply(pieces: &[&str]) -> Vec<Act> {
    let pieces = pieces.iter().map(|piece| words(piece));
    [stream_head()].into_iter().chain(pieces).chain([end()]).collect()
}

/// An answer that is no stream.
pub fn answer(status: &str, headers: &str, body: &str) -> Vec<Act> {
    let length = body.len();
    vec![Act::Send(
        format!(
            "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\
             {headers}\r\n{body}"
        )
        .into_bytes(),
    )]
}

/// An answer that tells of an error.
pub fn refusal(status: &str, said: &str) -> Vec<Act> {
    answer(status, "", &json!({ "error": { "message": said } }).to_string())
}
