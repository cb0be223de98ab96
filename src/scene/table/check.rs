//! Whether a translation fits what it translates.

use std::collections::BTreeSet;

use super::Row;
use crate::scene::{
    script::Script,
    text::{self, Part},
};

/// Rows of lines that are gone are no fault: the text of a script changes before its tables do.
pub(crate) fn row(row: &Row, script: &Script) -> Result<(), String> {
    let Row { id, text, comment, .. } = row;
    if let Some(line) = script.lines.get(id) {
        let (speaker, spoken) = text::split_speaker(text);
        if speaker != line.speaker {
            return Err(match &line.speaker {
                Some(who) => format!("`{id}` is spoken by {who}: let the text begin with her name"),
                None => format!("`{id}` is spoken by nobody: take the name off"),
            });
        }
        if slots(spoken) != slots(&line.text) {
            let english = &line.text;
            return Err(format!("`{id}` should have the same `{{0}}` as in English: {english}"));
        }
    } else if id.ends_with("_options") && is_beat(id) {
        let count = |list: &str| list.split('|').count();
        if count(text) != count(comment) {
            return Err(format!("`{id}` should have as many options as in English: {comment}"));
        }
    }
    Ok(())
}

fn slots(line: &str) -> BTreeSet<usize> {
    let slot = |part| match part {
        Part::Slot(index) => Some(index),
        Part::Letter(_) => None,
    };
    text::parts(line).filter_map(slot).collect()
}

/// `tower_b02_fallback`: a part of the second beat.
pub(crate) fn is_beat(id: &str) -> bool {
    let mut parts = id.rsplit('_');
    let part = parts.next().unwrap_or_default();
    let number = parts.next().and_then(|number| number.strip_prefix('b'));
    let is_number = number.is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()));
    is_number && matches!(part, "fallback" | "question" | "options")
}
