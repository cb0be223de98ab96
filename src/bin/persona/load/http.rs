//! One question over HTTP, for signing up and for figures.

use std::time::Duration;

use thiserror::Error;
use ureq::{Agent, http::header::RETRY_AFTER};

use super::address::Address;

/// How long a server may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// The most that is read of an answer, in bytes.
const LONGEST: u64 = 1 << 20;

/// What a server answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// After how many seconds the question may be asked again.
    pub retry_after: Option<Duration>,
    /// The text.
    pub body: String,
}

/// Why there is no answer.
#[derive(Debug, Error)]
#[error("{0}; does the server run there?")]
pub struct HttpError(#[from] ureq::Error);

/// Asks, and waits for the whole answer: with a text, or for one.
///
/// # Errors
/// If there is no answer; one of any status is fine.
pub fn ask(to: &Address, text: Option<&str>) -> Result<Answer, HttpError> {
    let config = Agent::config_builder().timeout_global(Some(PATIENCE)).http_status_as_error(false);
    let agent: Agent = config.build().into();
    let url = to.to_string();
    let mut answer = match text {
        Some(text) => agent.post(url).content_type("application/json").send(text)?,
        None => agent.get(url).call()?,
    };
    let wait = answer.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    let retry_after = wait.and_then(retry_after);
    let body = answer.body_mut().with_config().limit(LONGEST).lossy_utf8(true).read_to_string()?;
    Ok(Answer { status: answer.status().as_u16(), retry_after, body })
}

/// Reads how many seconds to wait; at most an hour.
pub fn retry_after(value: &str) -> Option<Duration> {
    let seconds: f64 = value.trim().parse().ok()?;
    (seconds >= 0.0).then(|| Duration::from_secs_f64(seconds.min(3600.0)))
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read, Write},
        net::TcpListener,
        thread,
    };

    use proptest::prelude::*;

    use super::*;

    /// What is made of one answer.
    fn answered(text: &'static str) -> Result<Answer, HttpError> {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let club = format!("http://{}/figures", listener.local_addr().expect("an address"));
        let server = thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a client");
            let _ = stream.read(&mut [0; 1024]);
            stream.write_all(text.as_bytes()).expect("a client that reads");
        });
        let answer = ask(&club.parse().expect("an address"), None);
        server.join().expect("a server that ends");
        answer
    }

    #[test]
    fn status_wait_and_text_are_read() {
        let text = "HTTP/1.1 429 Too Many\r\nretry-after: 3\r\nContent-Length: 2\r\n\r\n{}";
        let answer = answered(text).unwrap();
        assert_eq!((answer.status, answer.body.as_str()), (429, "{}"));
        assert_eq!(answer.retry_after, Some(Duration::from_secs(3)));
        assert!(answered("SSH-2.0-x\r\n\r\n").is_err());
        assert_eq!(retry_after("Wed, 21 Oct 2026 07:28:00 GMT"), None);
    }

    proptest! {
        #[test]
        fn a_wait_is_an_hour_at_most(text in "[ -~]{0,12}|[0-9]{1,12}(\\.[0-9]{1,3})?") {
            prop_assert!(retry_after(&text).is_none_or(|wait| wait <= Duration::from_secs(3600)));
        }
    }
}
