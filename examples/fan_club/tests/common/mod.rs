//! What the tests share: a fan's client, and folders and servers that end with their test.

use std::{
    net::{SocketAddr, TcpStream},
    time::{Duration, Instant},
};

use bevy_persona::club::{FromServer, SUBPROTOCOL, ToServer};
use tungstenite::{
    Message, WebSocket,
    client::IntoClientRequest,
    http::{HeaderValue, StatusCode},
    stream::MaybeTlsStream,
};

/// How long a test waits for what must happen.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A fan's client.
pub struct Client {
    socket: WebSocket<MaybeTlsStream<TcpStream>>,
    numbers: u64,
    /// Everything that was received.
    pub heard: Vec<FromServer>,
}

/// Makes an account on a server that lets everybody in; gives its token.
pub fn join(address: SocketAddr, name: &str) -> String {
    let url = format!("http://{address}/api/join");
    let mut answer = ureq::post(url)
        .send_json(serde_json::json!({ "name": name }))
        .expect("the server lets fans join");
    let body: serde_json::Value = answer.body_mut().read_json().expect("JSON");
    body["token"].as_str().expect("a token").to_owned()
}

impl Client {
    /// Comes in and waits for the welcome.
    pub fn enter(address: SocketAddr, token: &str) -> Self {
        match Self::try_enter(address, token) {
            Ok(mut client) => {
                client.until(|frame| matches!(frame, FromServer::Welcome { .. }));
                client
            }
            Err(status) => panic!("turned away: {status}"),
        }
    }

    /// Tries to come in; gives why not.
    pub fn try_enter(address: SocketAddr, token: &str) -> Result<Self, StatusCode> {
        let mut request = format!("ws://{address}/ws").into_client_request().expect("an address");
        let headers = request.headers_mut();
        let bearer = format!("Bearer {token}");
        headers.insert("Authorization", HeaderValue::from_str(&bearer).expect("a token"));
        headers.insert("Sec-WebSocket-Protocol", HeaderValue::from_static(SUBPROTOCOL));
        match tungstenite::connect(request) {
            Ok((socket, _)) => {
                if let MaybeTlsStream::Plain(stream) = socket.get_ref() {
                    stream.set_read_timeout(Some(Duration::from_millis(100))).expect("a socket");
                }
                Ok(Self { socket, numbers: 0, heard: Vec::new() })
            }
            Err(tungstenite::Error::Http(answer)) => Err(answer.status()),
            Err(error) => panic!("{error}"),
        }
    }

    /// Sends a frame.
    pub fn send(&mut self, frame: &ToServer) {
        let text = serde_json::to_string(frame).expect("plain data");
        self.socket.send(Message::text(text)).expect("an open socket");
    }

    /// Says something; gives the number of the message.
    pub fn say(&mut self, to: &str, text: &str) -> u64 {
        self.numbers += 1;
        let (nr, to) = (self.numbers, to.parse().expect("an id"));
        self.send(&ToServer::Say { nr, to, text: text.into() });
        nr
    }

    /// Says something, as slowly as the server asks for, and waits until it is being answered; gives the
    /// number of the message.
    pub fn begin(&mut self, to: &str, text: &str) -> u64 {
        loop {
            let asked = self.say(to, text);
            let answer = self.until(|frame| match frame {
                FromServer::Begin { nr, .. } | FromServer::Failed { nr, .. } => *nr == asked,
                FromServer::Refused { nr, .. } => *nr == Some(asked),
                _ => false,
            });
            match answer {
                FromServer::Begin { .. } => return asked,
                FromServer::Refused { retry_after: Some(seconds), .. } => {
                    std::thread::sleep(Duration::from_secs_f32(seconds));
                }
                other => panic!("no answer: {other:?}"),
            }
        }
    }

    /// The same, until the end; gives the whole answer.
    pub fn ask(&mut self, to: &str, text: &str) -> String {
        let asked = self.begin(to, text);
        let end = self.until(|frame| match frame {
            FromServer::End { nr, .. } | FromServer::Failed { nr, .. } => *nr == asked,
            _ => false,
        });
        match end {
            FromServer::End { text, .. } => text,
            other => panic!("no answer: {other:?}"),
        }
    }

    /// Waits for a frame, of those that have not been waited for.
    pub fn until(&mut self, wanted: impl Fn(&FromServer) -> bool) -> FromServer {
        let start = Instant::now();
        loop {
            match self.hear() {
                Some(frame) if wanted(&frame) => return frame,
                _ => {}
            }
            assert!(start.elapsed() < PATIENCE, "nothing came; heard: {:#?}", self.heard);
        }
    }

    /// The next frame, if one comes soon.
    pub fn hear(&mut self) -> Option<FromServer> {
        match self.socket.read() {
            Ok(Message::Text(text)) => {
                let frame: FromServer = serde_json::from_str(&text).expect("a frame");
                self.heard.push(frame.clone());
                Some(frame)
            }
            _ => None,
        }
    }

    /// Waits until the server has ended the connection.
    pub fn until_closed(&mut self) {
        let start = Instant::now();
        while self.socket.can_read() {
            self.hear();
            assert!(start.elapsed() < PATIENCE, "still open");
        }
    }

    /// All words that were received, of whatever kind.
    pub fn all_text(&self) -> String {
        serde_json::to_string(&self.heard).expect("plain data")
    }
}
