//! The text of a line: who speaks, what is filled in.

use crate::persona::PersonaId;

/// Takes the speaker off a line: `Siwoo: You came.` is spoken by `siwoo`.
///
/// A speaker is one word of ASCII letters, digits, `-` or `_`; a line without one is narration.
pub(crate) fn split_speaker(line: &str) -> (Option<PersonaId>, &str) {
    let speaker = line.split_once(':').and_then(|(name, text)| {
        let id: PersonaId = name.trim().to_ascii_lowercase().parse().ok()?;
        text.starts_with([' ', '\u{a0}']).then(|| (id, text.trim()))
    });
    match speaker {
        Some((id, text)) => (Some(id), text),
        None => (None, line.trim()),
    }
}

/// A part of a written text.
#[derive(Debug, PartialEq)]
pub(crate) enum Part {
    /// As it is.
    Letter(char),
    /// `{0}`: the first of the values.
    Slot(usize),
}

/// The letters and slots of a text; a backslash takes the meaning from the sign behind it.
pub(crate) fn parts(text: &str) -> impl Iterator<Item = Part> + '_ {
    let mut rest = text;
    std::iter::from_fn(move || {
        if let Some(slot) = slot_at(rest) {
            let (index, length) = slot;
            rest = &rest[length..];
            return Some(Part::Slot(index));
        }
        let mut letters = rest.chars();
        let mut letter = letters.next()?;
        if letter == '\\' && letters.as_str().starts_with(|next: char| next.is_ascii_punctuation())
        {
            letter = letters.next()?;
        }
        rest = letters.as_str();
        Some(Part::Letter(letter))
    })
}

fn slot_at(text: &str) -> Option<(usize, usize)> {
    let inner = text.strip_prefix('{')?;
    let end = inner.find('}')?;
    Some((inner[..end].parse().ok()?, end + 2))
}

/// Puts values into the slots of a text.
pub(crate) fn fill(text: &str, values: &[String]) -> String {
    let mut filled = String::with_capacity(text.len());
    for part in parts(text) {
        match part {
            Part::Letter(letter) => filled.push(letter),
            Part::Slot(index) => filled.push_str(values.get(index).map_or("", String::as_str)),
        }
    }
    filled
}

/// How many slots a text has.
pub(crate) fn slots(text: &str) -> usize {
    parts(text).filter(|part| matches!(part, Part::Slot(_))).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_speaker_is_one_word_before_a_colon() {
        let spoken = |line| {
            let (speaker, text) = split_speaker(line);
            (speaker.map(|id| id.to_string()), text.to_owned())
        };
        assert_eq!(spoken("Siwoo: 다섯."), (Some("siwoo".into()), "다섯.".into()));
        assert_eq!(spoken("It is 5:30."), (None, "It is 5:30.".into()));
        assert_eq!(spoken("This is it: rain."), (None, "This is it: rain.".into()));
        assert_eq!(spoken("(Wait: no.)"), (None, "(Wait: no.)".into()));
    }

    #[test]
    fn values_go_into_slots_in_any_order() {
        let values = ["Mina".to_owned(), "3".to_owned()];
        assert_eq!(fill("{1}번째, {0}! \\{0\\} {a}", &values), "3번째, Mina! {0} {a}");
        assert_eq!(fill("{7}", &values), "");
    }
}
