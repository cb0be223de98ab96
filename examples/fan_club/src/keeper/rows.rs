//! How values become columns, and columns values. The same as in the SQLite file.

use std::borrow::Cow;

use bevy_persona::{
    mind::{Beat, ChatTurn, Emotion, History},
    store::StoreError,
};
use serde::{Serialize, de::DeserializeOwned};

/// A value as JSON.
pub(super) fn encode<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value)
        .map_err(|error| StoreError::Import { problem: format!("it is no JSON: {error}") })
}

/// A value that was written by [`encode`]; what cannot be read is noted and left out.
pub(super) fn decode<T: DeserializeOwned>(
    json: &[u8],
    what: impl FnOnce() -> String,
    unreadable: &mut Vec<String>,
) -> Option<T> {
    let read = serde_json::from_slice(json);
    read.map_err(|error| unreadable.push(format!("{}: {error}", what()))).ok()
}

/// A number as the server has it.
pub(super) fn int(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A beat as it is kept: no names of fields, they would be longer than the words.
type Row<'a> = (Cow<'a, Emotion>, f32, Cow<'a, str>);

/// Lines as columns: who spoke, and the bytes.
pub(super) fn encode_lines(lines: &[ChatTurn]) -> Result<(Vec<i16>, Vec<Vec<u8>>), StoreError> {
    lines.iter().map(encode_line).collect()
}

fn encode_line(line: &ChatTurn) -> Result<(i16, Vec<u8>), StoreError> {
    match line {
        ChatTurn::Fan(text) => Ok((0, text.as_bytes().to_vec())),
        ChatTurn::Idol(beats) => {
            let rows: Vec<Row<'_>> = beats.iter().map(row).collect();
            Ok((1, encode(&rows)?.into_bytes()))
        }
    }
}

fn row(beat: &Beat) -> Row<'_> {
    // JSON has no word for what is no number.
    let intensity = if beat.intensity.is_finite() { beat.intensity } else { 0.0 };
    (Cow::Borrowed(&beat.emotion), intensity, Cow::Borrowed(&beat.text))
}

/// Adds a line to a history.
pub(super) fn decode_line(
    history: &mut History,
    speaker: i16,
    body: Vec<u8>,
    what: impl FnOnce() -> String,
    unreadable: &mut Vec<String>,
) {
    if speaker == 0 {
        match String::from_utf8(body) {
            Ok(text) => history.push_fan(text),
            Err(error) => unreadable.push(format!("{}: {error}", what())),
        }
    } else if let Some(rows) = decode::<Vec<Row<'_>>>(&body, what, unreadable) {
        let beat = |(emotion, intensity, text): Row<'_>| Beat {
            emotion: emotion.into_owned(),
            intensity,
            text: text.into_owned(),
        };
        let beats: Vec<_> = rows.into_iter().map(beat).collect();
        history.turns.push(ChatTurn::Idol(beats.into()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_back_as_they_were() {
        let beat = Beat { emotion: Emotion::Joy, intensity: 0.8, text: "너\u{0}\"\n".into() };
        let lines = vec![ChatTurn::Fan("Hi\u{0}'".into()), ChatTurn::Idol([beat].into())];
        let (speakers, bodies) = encode_lines(&lines).unwrap();
        let (mut history, mut unreadable) = (History::default(), Vec::new());
        for (speaker, body) in speakers.into_iter().zip(bodies) {
            decode_line(&mut history, speaker, body, String::new, &mut unreadable);
        }
        assert_eq!((history.turns, unreadable), (lines, Vec::new()));
    }

    #[test]
    fn what_is_no_line_is_told_and_left_out() {
        let (mut history, mut unreadable) = (History::default(), Vec::new());
        for (speaker, body) in [(0, &b"\xff"[..]), (1, b"[["), (1, b"")] {
            decode_line(&mut history, speaker, body.into(), || "a".into(), &mut unreadable);
        }
        assert!(history.turns.is_empty() && unreadable.len() == 3, "{unreadable:?}");
    }
}
