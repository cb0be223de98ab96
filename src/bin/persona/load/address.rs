//! Where a server is.

use std::{
    fmt, io,
    net::{TcpStream, ToSocketAddrs},
    str::FromStr,
    time::Duration,
};

use thiserror::Error;
use tungstenite::http::Uri;

/// The address of a server, and a path on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    secure: bool,
    host: String,
    port: u16,
    path: String,
}

/// A text that is no address.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is no address of a server: write it like `http://127.0.0.1:8080`")]
pub struct ParseAddressError(String);

impl FromStr for Address {
    type Err = ParseAddressError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || ParseAddressError(text.chars().take(200).collect());
        let uri: Uri = text.parse().map_err(|_| wrong())?;
        let secure = match uri.scheme_str() {
            Some("http" | "ws") => false,
            Some("https" | "wss") => true,
            _ => return Err(wrong()),
        };
        let host = uri.host().filter(|host| !host.is_empty()).ok_or_else(wrong)?;
        let has_user = uri.authority().is_some_and(|authority| authority.as_str().contains('@'));
        if has_user || uri.query().is_some() {
            return Err(wrong());
        }
        Ok(Self {
            secure,
            host: host.into(),
            port: uri.port_u16().unwrap_or(if secure { 443 } else { 80 }),
            path: uri.path().trim_end_matches('/').into(),
        })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.secure { "https" } else { "http" };
        write!(f, "{scheme}://{}{}", self.authority(), self.path)
    }
}

impl Address {
    /// Host and port.
    pub fn authority(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// Something below this address.
    pub fn below(&self, path: &str) -> Self {
        Self { path: format!("{}{path}", self.path), ..self.clone() }
    }

    /// The address of the socket of the server that is here.
    pub fn socket(&self) -> String {
        let scheme = if self.secure { "wss" } else { "ws" };
        format!("{scheme}://{}{}/ws", self.authority(), self.path)
    }

    /// Connects, with so much patience for each of the server's addresses.
    ///
    /// # Errors
    /// If there is no such host, or nobody listens there.
    pub fn connect(&self, patience: Duration) -> io::Result<TcpStream> {
        let host = self.host.trim_start_matches('[').trim_end_matches(']');
        let mut failure = io::Error::new(io::ErrorKind::NotFound, "there is no such host");
        for address in (host, self.port).to_socket_addrs()? {
            match TcpStream::connect_timeout(&address, patience) {
                Ok(stream) => {
                    stream.set_nodelay(true)?;
                    return Ok(stream);
                }
                Err(error) => failure = error,
            }
        }
        Err(failure)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_address_leads_to_the_socket_and_to_what_is_below() {
        for (text, socket, join) in [
            ("http://127.0.0.1:8080", "ws://127.0.0.1:8080/ws", "http://127.0.0.1:8080/api/join"),
            (
                "wss://club.example/idols/",
                "wss://club.example:443/idols/ws",
                "https://club.example:443/idols/api/join",
            ),
            ("http://[::1]:90/", "ws://[::1]:90/ws", "http://[::1]:90/api/join"),
        ] {
            let address: Address = text.parse().unwrap();
            assert_eq!(address.socket(), socket);
            assert_eq!(address.below("/api/join").to_string(), join);
        }
    }

    #[test]
    fn what_is_no_address_is_an_error_that_shows_one() {
        for text in
            ["", "club", "ftp://a", "http://", "http://a:b@c", "http://a/?b", "127.0.0.1:80"]
        {
            let told = text.parse::<Address>().unwrap_err().to_string();
            assert!(told.contains("http://127.0.0.1:8080"), "{text}: {told}");
        }
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_reading(text in ".{0,40}", path in "[a-z/]{0,10}") {
            let _ = text.parse::<Address>();
            let shown = format!("http://a:1/{path}").parse::<Address>().unwrap().to_string();
            prop_assert_eq!(shown.parse::<Address>().unwrap().to_string(), shown);
        }
    }
}
