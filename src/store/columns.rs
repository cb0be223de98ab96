//! How what is kept becomes columns of a table, and columns become what is kept.
//!
//! A store of your own that calls these keeps the same bytes as the SQLite file of this crate, so
//! that one can be copied into the other: values as JSON ([`encode`], [`decode`]), what was said as
//! a row for each line ([`encode_line`], [`decode_line`]), of a conversation the latest
//! [`KEPT_LINES`] and [`KEPT_BYTES`].

use std::borrow::Cow;

use serde::{Serialize, de::DeserializeOwned};

use super::StoreError;
use crate::mind::{Beat, ChatTurn, Emotion, History};

/// Lines that are kept of a conversation; no context holds more.
pub const KEPT_LINES: i64 = 1024;
/// Bytes of them. Four conversations of the longest messages stay under a megabyte.
pub const KEPT_BYTES: i64 = 192 << 10;

/// A value as JSON.
///
/// # Errors
/// If JSON has no word for the value.
pub fn encode<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value)
        .map_err(|error| StoreError::Import { problem: format!("it is no JSON: {error}") })
}

/// A value that was written by [`encode`]; what cannot be read is noted as `what` it is, and left
/// out.
///
/// # Example
/// ```
/// use bevy_persona::store::columns::{decode, encode};
///
/// let mut unreadable = Vec::new();
/// let read: Option<Vec<u8>> = decode(encode(&[1, 2])?, || "a list".into(), &mut unreadable);
/// assert_eq!((read, unreadable.len()), (Some(vec![1, 2]), 0));
/// let read: Option<Vec<u8>> = decode("[1, 2", || "a list".into(), &mut unreadable);
/// assert!(read.is_none() && unreadable[0].starts_with("a list: "));
/// # Ok::<(), bevy_persona::store::StoreError>(())
/// ```
pub fn decode<T: DeserializeOwned>(
    json: impl AsRef<[u8]>,
    what: impl FnOnce() -> String,
    unreadable: &mut Vec<String>,
) -> Option<T> {
    let read = serde_json::from_slice(json.as_ref());
    read.map_err(|error| unreadable.push(format!("{}: {error}", what()))).ok()
}

/// A number as tables have it, which know none above [`i64::MAX`].
#[must_use]
pub fn int(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Who said a line.
const FAN: u8 = 0;
const IDOL: u8 = 1;

/// A beat as it is kept: no names of fields, they would be longer than the words.
type Row<'a> = (Cow<'a, Emotion>, f32, Cow<'a, str>);

/// A line as two columns: who said it (0 is the fan, 1 the character), and what.
///
/// # Errors
/// If JSON has no word for what was said.
///
/// # Example
/// ```
/// use bevy_persona::{
///     mind::{ChatTurn, History},
///     store::columns::{decode_line, encode_line},
/// };
///
/// let line = ChatTurn::Fan("Hi!".into());
/// let (speaker, body) = encode_line(&line)?;
/// assert_eq!((speaker, &*body), (0, "Hi!"));
/// let (mut history, mut unreadable) = (History::default(), Vec::new());
/// let body = body.into_owned();
/// decode_line(&mut history, speaker.into(), body, || "line 1".into(), &mut unreadable);
/// assert_eq!((history.turns, unreadable.len()), (vec![line], 0));
/// # Ok::<(), bevy_persona::store::StoreError>(())
/// ```
pub fn encode_line(line: &ChatTurn) -> Result<(u8, Cow<'_, str>), StoreError> {
    match line {
        ChatTurn::Fan(text) => Ok((FAN, Cow::Borrowed(text))),
        ChatTurn::Idol(beats) => {
            let rows: Vec<Row<'_>> = beats.iter().map(row).collect();
            Ok((IDOL, Cow::Owned(encode(&rows)?)))
        }
    }
}

fn row(beat: &Beat) -> Row<'_> {
    // JSON has no word for what is no number.
    let intensity = if beat.intensity.is_finite() { beat.intensity } else { 0.0 };
    (Cow::Borrowed(&beat.emotion), intensity, Cow::Borrowed(&beat.text))
}

/// Adds a line that was written by [`encode_line`] to a history; what cannot be read is noted as
/// `what` it is, and left out.
pub fn decode_line(
    history: &mut History,
    speaker: i64,
    body: impl Into<Vec<u8>>,
    what: impl FnOnce() -> String,
    unreadable: &mut Vec<String>,
) {
    let body = body.into();
    if speaker == i64::from(FAN) {
        match String::from_utf8(body) {
            Ok(text) => history.push_fan(text),
            Err(error) => unreadable.push(format!("{}: {error}", what())),
        }
    } else if let Some(rows) = decode::<Vec<Row<'_>>>(body, what, unreadable) {
        let beat = |(emotion, intensity, text): Row<'_>| Beat {
            emotion: emotion.into_owned(),
            intensity,
            text: text.into_owned(),
        };
        history.turns.push(ChatTurn::Idol(rows.into_iter().map(beat).collect()));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn there_and_back(lines: &[ChatTurn]) -> (Vec<ChatTurn>, Vec<String>) {
        let (mut history, mut unreadable) = (History::default(), Vec::new());
        for line in lines {
            let (speaker, body) = encode_line(line).unwrap();
            let body = body.into_owned();
            decode_line(&mut history, speaker.into(), body, String::new, &mut unreadable);
        }
        (history.turns, unreadable)
    }

    #[test]
    fn a_line_has_the_bytes_that_files_have() {
        let beat = Beat { emotion: Emotion::Joy, intensity: 0.5, text: "너\u{0}\"\n".into() };
        let silent = Beat { intensity: f32::NAN, ..beat.clone() };
        let line = ChatTurn::Idol([beat, silent].into());
        let (speaker, body) = encode_line(&line).unwrap();
        let bytes = r#"[["joy",0.5,"너\u0000\"\n"],["joy",0.0,"너\u0000\"\n"]]"#;
        assert_eq!((speaker, &*body), (1, bytes));
    }

    #[test]
    fn what_is_no_line_is_told_and_left_out() {
        let (mut history, mut unreadable) = (History::default(), Vec::new());
        for (speaker, body) in [(0, &b"\xff"[..]), (1, b"[["), (1, b"")] {
            decode_line(&mut history, speaker, body, || "a".into(), &mut unreadable);
        }
        assert!(history.turns.is_empty() && unreadable.len() == 3, "{unreadable:?}");
        assert!(unreadable.iter().all(|told| told.starts_with("a: ")), "{unreadable:?}");
    }

    proptest! {
        #[test]
        fn lines_come_back_as_they_were(
            fan in any::<String>(),
            beats in prop::collection::vec((any::<String>(), 0.0_f32..=1.0), 0..4),
        ) {
            let beat = |(text, intensity)| Beat { emotion: Emotion::Joy, intensity, text };
            let beats = beats.into_iter().map(beat).collect();
            let lines = [ChatTurn::Fan(fan.into()), ChatTurn::Idol(beats)];
            prop_assert_eq!(there_and_back(&lines), (lines.to_vec(), Vec::new()));
        }
    }
}
