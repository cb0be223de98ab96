//! The socket of one fan.

use std::{
    io,
    net::TcpStream,
    time::{Duration, Instant},
};

use bevy_persona::club::{SUBPROTOCOL, ToServer};
use thiserror::Error;
use tungstenite::{
    ClientRequestBuilder, HandshakeError, Message, WebSocket, client_tls_with_config,
    http::{Response, Uri, header::RETRY_AFTER},
    protocol::WebSocketConfig,
    stream::MaybeTlsStream,
};

use super::{address::Address, http::retry_after};

/// How long the server may take to open a socket.
const OPENING: Duration = Duration::from_secs(10);
/// How long it may leave what a fan says unread.
const SENDING: Duration = Duration::from_secs(10);
/// The largest frame of a server, in bytes.
const LARGEST: usize = 4 << 20;

/// A socket that is open.
pub struct Wire(WebSocket<MaybeTlsStream<TcpStream>>);

/// Why no socket opened.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NotOpened {
    /// The token is not known there.
    #[error("the server does not know the token")]
    Unauthorised,
    /// The server is there, but does not let the fan in.
    #[error("the server answered with status {status}")]
    TurnedAway {
        /// The status.
        status: u16,
        /// How long to wait.
        retry_after: Option<Duration>,
    },
    /// Nobody answers.
    #[error("{0}")]
    Unreachable(String),
    /// Something else answers.
    #[error("{0}")]
    Protocol(String),
}

/// Why a socket is open no longer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct Lost(pub String);

impl Wire {
    /// Opens a socket.
    ///
    /// # Errors
    /// If the server does not let the fan in, or there is none.
    pub fn open(server: &Address, token: &str) -> Result<Self, NotOpened> {
        let unreachable = |error: io::Error| NotOpened::Unreachable(error.to_string());
        let uri: Uri = server.socket().parse().map_err(other)?;
        let stream = server.connect(OPENING).map_err(unreachable)?;
        stream.set_read_timeout(Some(OPENING)).map_err(unreachable)?;
        stream.set_write_timeout(Some(SENDING)).map_err(unreachable)?;
        let request = ClientRequestBuilder::new(uri)
            .with_sub_protocol(SUBPROTOCOL)
            .with_header("Authorization", format!("Bearer {token}"));
        // Many fans share one machine, and say little.
        let config = WebSocketConfig::default()
            .read_buffer_size(8 * 1024)
            .write_buffer_size(0)
            .max_message_size(Some(LARGEST))
            .max_frame_size(Some(LARGEST));
        match client_tls_with_config(request, stream, Some(config), None) {
            Ok((socket, _)) => Ok(Self(socket)),
            Err(HandshakeError::Interrupted(_)) => {
                Err(NotOpened::Unreachable("the server takes too long to open the socket".into()))
            }
            Err(HandshakeError::Failure(error)) => Err(not_opened(error)),
        }
    }

    /// Sends a frame.
    ///
    /// # Errors
    /// If the connection is lost, or the server does not read.
    pub fn send(&mut self, frame: &ToServer) -> Result<(), Lost> {
        let text = serde_json::to_string(frame).map_err(lost)?;
        self.0.send(Message::text(text)).map_err(lost)
    }

    /// Waits so long for the next frame; none where none comes.
    ///
    /// # Errors
    /// If the connection is lost.
    pub fn read(&mut self, patience: Duration) -> Result<Option<String>, Lost> {
        let until = Instant::now() + patience;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            // A patience of nothing would be one without end.
            let left = left.max(Duration::from_millis(1));
            self.stream().set_read_timeout(Some(left)).map_err(lost)?;
            match self.0.read() {
                Ok(Message::Text(text)) => return Ok(Some(text.as_str().into())),
                Ok(Message::Binary(bytes)) => {
                    return Ok(Some(String::from_utf8_lossy(&bytes).into_owned()));
                }
                Ok(Message::Close(frame)) => {
                    let said = frame.map(|frame| format!(": {} {}", frame.code, frame.reason));
                    // The answer to a close goes out with the next look.
                    let _ = self.0.flush();
                    return Err(Lost(format!("the server closed{}", said.unwrap_or_default())));
                }
                Ok(_) => {}
                Err(tungstenite::Error::Io(error)) if is_timeout(&error) => {
                    if Instant::now() >= until {
                        return Ok(None);
                    }
                }
                Err(error) => return Err(lost(error)),
            }
        }
    }

    /// Closes the socket, without waiting for the server.
    pub fn close(mut self) {
        // Where it is closed already, there is nobody to tell.
        let _ = self.0.close(None);
        let _ = self.0.flush();
    }

    fn stream(&self) -> &TcpStream {
        match self.0.get_ref() {
            MaybeTlsStream::Rustls(stream) => &stream.sock,
            MaybeTlsStream::Plain(stream) => stream,
            _ => unreachable!("no other kind is built in"),
        }
    }
}

fn not_opened(error: tungstenite::Error) -> NotOpened {
    match error {
        tungstenite::Error::Http(answer) => turned_away(&answer),
        tungstenite::Error::Io(error) => NotOpened::Unreachable(error.to_string()),
        error => other(error),
    }
}

fn turned_away(answer: &Response<Option<Vec<u8>>>) -> NotOpened {
    let wait = answer.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    match answer.status().as_u16() {
        401 => NotOpened::Unauthorised,
        status => NotOpened::TurnedAway { status, retry_after: wait.and_then(retry_after) },
    }
}

fn other(error: impl ToString) -> NotOpened {
    NotOpened::Protocol(error.to_string())
}

fn lost(error: impl ToString) -> Lost {
    Lost(error.to_string())
}

/// Whether nothing came, and nothing is wrong.
pub fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
}
