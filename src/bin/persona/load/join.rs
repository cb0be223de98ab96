//! Where the fans have their tokens from: a file, or the server.

use std::{
    fs,
    path::Path,
    process,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use bevy_persona::inference::Loading;
use serde::Deserialize;
use serde_json::json;

use super::{
    address::Address,
    args::LoadArgs,
    error::LoadError,
    http::{self, Answer},
};
use crate::progress::Progress;

/// What lets a fan in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// What is always the same of this fan.
    pub identity: String,
    /// What she shows at the door.
    pub token: String,
}

/// How long to wait where a server says "later", but not when.
const WAIT: Duration = Duration::from_secs(1);
/// How long to look away while waiting.
const LOOK: Duration = Duration::from_millis(100);

/// Tokens for all who come, those who flood included.
///
/// # Errors
/// If the file has too few, or the server gives none.
pub fn crowd(args: &LoadArgs, stop: &AtomicBool) -> Result<Vec<Ticket>, LoadError> {
    let wanted = args.fans as usize + args.flood as usize;
    let Some(path) = &args.tokens else {
        return sign_up(&args.url.below("/api/join"), wanted, stop);
    };
    let text = fs::read_to_string(path)
        .map_err(|error| LoadError::Tokens { path: path.clone(), error })?;
    let mut crowd = tokens(&text, path)?;
    if crowd.len() < wanted {
        return Err(LoadError::TooFewTokens { path: path.clone(), found: crowd.len(), wanted });
    }
    crowd.truncate(wanted);
    Ok(crowd)
}

/// Reads the last word of each line; `#` begins a comment.
fn tokens(text: &str, path: &Path) -> Result<Vec<Ticket>, LoadError> {
    let mut found = Vec::new();
    for (line, words) in text.lines().enumerate() {
        let words = words.trim();
        let Some(token) = words.split_whitespace().last().filter(|_| !words.starts_with('#'))
        else {
            continue;
        };
        if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(LoadError::Token { path: path.into(), line: line + 1 });
        }
        found.push(Ticket { identity: token.into(), token: token.into() });
    }
    Ok(found)
}

/// What a server answers to somebody who signs up.
#[derive(Deserialize)]
struct Joined {
    token: String,
}

fn sign_up(url: &Address, wanted: usize, stop: &AtomicBool) -> Result<Vec<Ticket>, LoadError> {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    // Accounts of an earlier run may still be there.
    let run = format!("load-{:x}-{}", since_1970.as_millis(), process::id());
    let mut progress = Progress::default();
    let mut crowd = Vec::new();
    while crowd.len() < wanted {
        progress.show(&Loading {
            stage: "signing up".into(),
            done: crowd.len() as u64,
            total: Some(wanted as u64),
            bytes_per_second: None,
        });
        let name = format!("{run}-{}", crowd.len());
        let answer = http::ask(url, Some(&json!({ "name": name }).to_string()))
            .map_err(|error| LoadError::NoSignUp { url: url.to_string(), error })?;
        match answer.status {
            200..=299 => crowd.push(Ticket { token: token(url, &answer)?, identity: name }),
            429 | 503 => wait(answer.retry_after.unwrap_or(WAIT), stop)?,
            _ => return Err(not_open(url, &answer)),
        }
        wait(Duration::ZERO, stop)?;
    }
    Ok(crowd)
}

fn token(url: &Address, answer: &Answer) -> Result<String, LoadError> {
    match serde_json::from_str::<Joined>(&answer.body) {
        Ok(joined) if joined.token.bytes().all(|byte| byte.is_ascii_graphic()) => Ok(joined.token),
        _ => Err(not_open(url, answer)),
    }
}

fn not_open(url: &Address, answer: &Answer) -> LoadError {
    let said: String = answer.body.trim().chars().take(200).collect();
    let said = if said.is_empty() { said } else { format!(": {said}") };
    LoadError::NotOpen { url: url.to_string(), status: answer.status, said }
}

fn wait(long: Duration, stop: &AtomicBool) -> Result<(), LoadError> {
    let until = Instant::now() + long;
    loop {
        if stop.load(Ordering::Relaxed) {
            return Err(LoadError::Early);
        }
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(());
        }
        thread::sleep(left.min(LOOK));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_of_each_line_is_a_token() {
        let found = tokens("# mine\n\nmina abc\n  d-e_f  \n", Path::new("t")).unwrap();
        let found: Vec<_> = found.iter().map(|ticket| ticket.token.as_str()).collect();
        assert_eq!(found, ["abc", "d-e_f"]);
    }

    #[test]
    fn a_line_without_a_token_is_named() {
        let told = tokens("abc\nmina 토큰", Path::new("t.txt")).unwrap_err().to_string();
        assert!(told.starts_with("t.txt:2:"), "{told}");
    }
}
