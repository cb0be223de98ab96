//! One question to a server, and its answer, on a thread of its own.

use std::{io::Read, sync::Arc};

use crossbeam_channel::{Receiver, Sender, TryRecvError, bounded};
use ureq::{Agent, http::header};

use super::{
    RemoteError,
    answer::{self, Piece},
    server::Server,
    sse::{SseEvent, SseParser},
};
use crate::inference::lower_priority;

/// What the thread tells.
#[derive(Debug)]
pub(super) enum News {
    /// Something the server said.
    Piece(Piece),
    /// The answer is over; the server said so, or it just ended.
    End { is_told: bool },
    /// It failed.
    Failed(RemoteError),
}

/// A question that is being answered. Dropping it closes the connection.
#[derive(Debug)]
pub(super) struct Exchange {
    news: Receiver<News>,
    agent: Option<Agent>,
    url: String,
}

/// How many pieces may wait to be read before the thread, and so the server, pauses.
const WAITING: usize = 256;
/// A connection needs little more than its buffers, which are on the heap.
const STACK: usize = 512 * 1024;

impl Exchange {
    /// Asks. Does not wait.
    pub(super) fn begin(server: &Arc<Server>, body: &Arc<str>) -> Result<Self, RemoteError> {
        let (outbox, news) = bounded(WAITING);
        let (agent, url) = (server.agent(), server.url());
        let job = Job {
            server: Arc::clone(server),
            agent: agent.clone(),
            body: Arc::clone(body),
            outbox,
        };
        let thread = std::thread::Builder::new().name("persona remote".into()).stack_size(STACK);
        match thread.spawn(move || job.run()) {
            // It ends with its connection, and nobody waits for it.
            Ok(_) => Ok(Self { news, agent: Some(agent), url }),
            Err(error) => Err(RemoteError::NoThread { url, problem: error.to_string() }),
        }
    }

    /// What has come, if something has. Does not wait.
    pub(super) fn poll(&self) -> Option<News> {
        match self.news.try_recv() {
            Ok(news) => Some(news),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => {
                let problem = "its thread ended without a word".into();
                Some(News::Failed(RemoteError::CutOff { url: self.url.clone(), problem }))
            }
        }
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        if let Some(agent) = self.agent.take() {
            agent.shutdown();
        }
    }
}

struct Job {
    server: Arc<Server>,
    agent: Agent,
    body: Arc<str>,
    outbox: Sender<News>,
}

/// Nobody listens any more.
struct Unheard;

/// Why a thread ends early.
enum Stop {
    Unheard,
    Failed(RemoteError),
}

impl From<Unheard> for Stop {
    fn from(_: Unheard) -> Self {
        Self::Unheard
    }
}

impl From<RemoteError> for Stop {
    fn from(error: RemoteError) -> Self {
        Self::Failed(error)
    }
}

impl Job {
    fn run(self) {
        lower_priority();
        if let Err(Stop::Failed(error)) = self.talk() {
            // Whoever does not listen need not know.
            let _ = self.tell(News::Failed(error));
        }
    }

    /// Waits while the reader is behind.
    fn tell(&self, news: News) -> Result<(), Unheard> {
        self.outbox.send(news).map_err(|_| Unheard)
    }

    fn talk(&self) -> Result<(), Stop> {
        let response = self.server.ask(&self.agent, &self.body)?;
        let kind = response.headers().get(header::CONTENT_TYPE);
        let kind =
            kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default().to_ascii_lowercase();
        let is_whole = kind.starts_with("application/json");
        let limit = u64::try_from(self.server.stream_bytes).unwrap_or(u64::MAX);
        let mut body = response.into_body().into_with_config().limit(u64::MAX).reader();
        if is_whole {
            let mut text = Vec::new();
            let read = body.take(limit).read_to_end(&mut text);
            read.map_err(|error| self.cut_off(&error))?;
            return self.whole(&String::from_utf8_lossy(&text));
        }
        self.stream(&mut body)
    }

    fn whole(&self, text: &str) -> Result<(), Stop> {
        let pieces =
            answer::read(text).ok_or_else(|| self.malformed("it is no chat completion"))?;
        pieces.into_iter().try_for_each(|piece| self.tell(News::Piece(piece)))?;
        Ok(self.tell(News::End { is_told: true })?)
    }

    fn stream(&self, body: &mut impl Read) -> Result<(), Stop> {
        let mut reading = Reading::default();
        let mut buffer = [0; 4096];
        let mut left = self.server.stream_bytes;
        loop {
            let count = match body.read(&mut buffer) {
                Ok(count) => count,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(self.cut_off(&error).into()),
            };
            if count == 0 {
                break;
            }
            left = left.checked_sub(count).ok_or_else(|| {
                self.malformed(&format!("it is longer than {} bytes", self.server.stream_bytes))
            })?;
            let mut events = Vec::new();
            let read = reading.parser.push(&buffer[..count], &mut events);
            for event in events {
                if self.event(&event, &mut reading)? {
                    return Ok(self.tell(News::End { is_told: true })?);
                }
            }
            read.map_err(|error| self.malformed(&error.to_string()))?;
        }
        let last = std::mem::take(&mut reading.parser).finish();
        let is_told = match &last {
            Some(event) => self.event(event, &mut reading)?,
            None => false,
        };
        if !is_told && !reading.any_good {
            return Err(self.malformed("there is no event of a chat in it").into());
        }
        Ok(self.tell(News::End { is_told })?)
    }

    /// Tells of an event; gives whether it is the last one.
    fn event(&self, event: &SseEvent, reading: &mut Reading) -> Result<bool, Stop> {
        if event.data.trim() == "[DONE]" {
            return Ok(true);
        }
        match answer::read(&event.data) {
            Some(pieces) => {
                reading.any_good = true;
                pieces.into_iter().try_for_each(|piece| self.tell(News::Piece(piece)))?;
            }
            None if event.name == "error" => {
                let json = serde_json::from_str(&event.data).ok();
                let said = json.as_ref().and_then(answer::message);
                let said = said.unwrap_or_else(|| event.data.clone());
                self.tell(News::Piece(Piece::Error(said)))?;
            }
            // A line that a proxy has broken costs a word, not the reply.
            None => {
                reading.bad += 1;
                tracing::debug!("an event of {} is no JSON of a chat", self.server.url());
                if reading.bad > MOST_BAD {
                    return Err(self.malformed("too many events are no JSON of a chat").into());
                }
            }
        }
        Ok(false)
    }

    fn malformed(&self, problem: &str) -> RemoteError {
        RemoteError::Malformed { url: self.server.url(), problem: problem.into() }
    }

    fn cut_off(&self, error: &std::io::Error) -> RemoteError {
        let problem = self.server.said(&error.to_string());
        RemoteError::CutOff { url: self.server.url(), problem }
    }
}

/// How many events of a stream may make no sense.
const MOST_BAD: usize = 8;

#[derive(Default)]
struct Reading {
    parser: SseParser,
    bad: usize,
    any_good: bool,
}
