//! A fan's program.

use std::{
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use bevy_persona::club::{FromServer, SUBPROTOCOL, ToServer};
use tungstenite::{
    Error, Message, WebSocket,
    client::IntoClientRequest,
    handshake::HandshakeError,
    http::{HeaderValue, Response, header},
};

/// Nothing in a test takes longer.
const LONG: Duration = Duration::from_secs(20);

/// An open socket.
pub struct Client(
    /// The socket itself.
    pub WebSocket<TcpStream>,
);

/// How a client shows its token.
#[derive(Debug, Clone, Copy)]
pub enum By {
    /// In `Authorization`.
    Header,
    /// Beside the name of the protocol.
    Subprotocol,
    /// Not at all.
    Nothing,
}

impl Client {
    /// Comes in, and takes the welcome.
    pub fn welcome(address: SocketAddr, token: &str) -> Self {
        let (mut client, _) = Self::open(address, token, By::Header).expect("an open door");
        assert!(matches!(client.frame(), FromServer::Welcome { .. }));
        client
    }

    /// Comes in, or hears why not.
    pub fn open(
        address: SocketAddr,
        token: &str,
        by: By,
    ) -> Result<(Self, Response<Option<Vec<u8>>>), Box<Response<Option<Vec<u8>>>>> {
        let mut request = format!("ws://{address}/ws").into_client_request().expect("a request");
        let headers = request.headers_mut();
        let value = |text: String| HeaderValue::from_str(&text).expect("a header");
        match by {
            By::Header => {
                headers.insert(header::AUTHORIZATION, value(format!("Bearer {token}")));
            }
            By::Subprotocol => {
                let list = value(format!("{SUBPROTOCOL}, bearer.{token}"));
                headers.insert(header::SEC_WEBSOCKET_PROTOCOL, list);
            }
            By::Nothing => {}
        }
        let stream = TcpStream::connect(address).expect("a server");
        stream.set_read_timeout(Some(LONG)).expect("a time");
        match tungstenite::client(request, stream) {
            Ok((socket, response)) => Ok((Self(socket), response)),
            Err(HandshakeError::Failure(Error::Http(response))) => Err(response),
            Err(error) => panic!("no answer at all: {error}"),
        }
    }

    /// Sends a frame.
    pub fn send(&mut self, frame: &ToServer) {
        self.text(&serde_json::to_string(frame).expect("a frame"));
    }

    /// Says something to a member.
    pub fn say(&mut self, nr: u64, text: &str) {
        let to = super::world::member("siwoo");
        self.send(&ToServer::Say { nr, to, text: text.into() });
    }

    /// Sends what may be no frame.
    pub fn text(&mut self, text: &str) {
        self.0.send(Message::text(text)).expect("an open socket");
    }

    /// The next frame.
    pub fn frame(&mut self) -> FromServer {
        self.next_or_end().expect("a frame before the end")
    }

    /// The next frame, or nothing at the end.
    pub fn next_or_end(&mut self) -> Option<FromServer> {
        loop {
            match self.0.read() {
                Ok(Message::Text(text)) => {
                    return Some(serde_json::from_str(&text).expect("a frame of the protocol"));
                }
                Ok(Message::Close(_)) | Err(Error::ConnectionClosed) => return None,
                Ok(_) => {}
                Err(error) => panic!("the connection broke: {error}"),
            }
        }
    }

    /// All frames up to the end of an answer.
    pub fn answer(&mut self) -> Vec<FromServer> {
        let mut frames = Vec::new();
        loop {
            frames.push(self.frame());
            if matches!(frames.last(), Some(FromServer::End { .. } | FromServer::Failed { .. })) {
                return frames;
            }
        }
    }
}
