//! One question over plain HTTP, for signing up and for figures.

use std::{
    io::{self, Read, Write},
    time::{Duration, Instant},
};

use thiserror::Error;

use super::address::Address;

/// How long a server may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// The most that is read of an answer, in bytes.
const LONGEST: usize = 1 << 20;

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
pub enum HttpError {
    /// This is done in the open only.
    #[error("it is only asked over plain `http`, for tests on the server's own machine or network")]
    Secure,
    /// The server cannot be reached.
    #[error("{0}; does it run there?")]
    Unreachable(#[from] io::Error),
    /// It answers too slowly, or too much.
    #[error("it did not answer within {} s", PATIENCE.as_secs())]
    Slow,
    /// What it answers is no HTTP.
    #[error("what answers there is no web server")]
    NotHttp,
}

/// Asks, and waits for the whole answer.
///
/// # Errors
/// If there is no answer; one of any status is fine.
pub fn ask(to: &Address, method: &str, body: &str) -> Result<Answer, HttpError> {
    if to.is_secure() {
        return Err(HttpError::Secure);
    }
    let mut stream = to.connect(PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    // To a client of HTTP/1.0 the answer comes in one piece, and ends with the connection.
    let request = format!(
        "{method} {path} HTTP/1.0\r\nHost: {host}\r\nConnection: close\r\nAccept: */*\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}",
        path = to.path(),
        host = to.authority(),
        length = body.len()
    );
    stream.write_all(request.as_bytes())?;
    let start = Instant::now();
    let (mut bytes, mut piece) = (Vec::new(), [0; 4096]);
    loop {
        match stream.read(&mut piece) {
            Ok(0) => break,
            Ok(count) => bytes.extend_from_slice(&piece[..count]),
            Err(error) if super::wire::is_timeout(&error) => return Err(HttpError::Slow),
            Err(error) => return Err(error.into()),
        }
        if bytes.len() > LONGEST || start.elapsed() > PATIENCE {
            return Err(HttpError::Slow);
        }
    }
    read(&String::from_utf8_lossy(&bytes)).ok_or(HttpError::NotHttp)
}

/// Reads an answer.
fn read(text: &str) -> Option<Answer> {
    let (head, body) = text.split_once("\r\n\r\n")?;
    let mut lines = head.split("\r\n");
    let mut first = lines.next()?.split(' ');
    if !first.next()?.starts_with("HTTP/1.") {
        return None;
    }
    let status = first.next()?.parse().ok()?;
    let retry_after = lines.find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("retry-after").then(|| retry_after(value))?
    });
    Some(Answer { status, retry_after, body: body.into() })
}

/// Reads how many seconds to wait; at most an hour.
pub fn retry_after(value: &str) -> Option<Duration> {
    let seconds: f64 = value.trim().parse().ok()?;
    (seconds >= 0.0).then(|| Duration::from_secs_f64(seconds.min(3600.0)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn status_wait_and_text_are_read() {
        let text = "HTTP/1.1 429 Too Many\r\nretry-after: 3\r\nContent-Length: 2\r\n\r\n{}";
        let answer = read(text).unwrap();
        assert_eq!((answer.status, answer.body.as_str()), (429, "{}"));
        assert_eq!(answer.retry_after, Some(Duration::from_secs(3)));
        assert_eq!(read("SSH-2.0-x\r\n\r\n"), None);
        assert_eq!(retry_after("Wed, 21 Oct 2026 07:28:00 GMT"), None);
    }

    #[test]
    fn an_encrypted_server_is_not_asked() {
        let club = "https://127.0.0.1:1".parse().unwrap();
        assert!(matches!(ask(&club, "GET", ""), Err(HttpError::Secure)));
    }

    proptest! {
        #[test]
        fn no_answer_breaks_the_reading(text in "(HTTP/1\\.[01] )?[0-9]{0,4}[ -~]{0,20}(\r\n)?([a-z-]{0,12}:.{0,9}\r\n){0,3}(\r\n)?.{0,9}") {
            let _ = (read(&text), retry_after(&text));
        }
    }
}
