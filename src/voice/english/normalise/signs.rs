//! Signs that are said, and signs that are heard as pauses.

use super::Say;

/// Before all others.
pub(super) const EARLY: &[(&str, Say)] = &[
    // The colon is part of the name.
    (r"^MAVE:", |_, place| (!place.within_word()).then(|| "MAVE".into())),
];

pub(super) const RULES: &[(&str, Say)] = &[
    (r"^#", |found, place| {
        let next = place.after(found);
        let said =
            if next.starts_with(|c: char| c.is_ascii_digit()) { "number" } else { "hashtag" };
        next.starts_with(char::is_alphanumeric).then(|| said.into())
    }),
    (r"^@", |found, place| {
        // A mention is a name.
        (!place.after(found).starts_with(char::is_alphabetic)).then(|| "at".into())
    }),
    (r"^&", |_, _| Some("and".into())),
    (r"^\+", |found, place| {
        let told = |c: char| c.is_alphanumeric() || c == ' ' || c == '+';
        (place.after(found).starts_with(told) || place.before.ends_with(char::is_alphanumeric))
            .then(|| "plus".into())
    }),
    (r"^=", |_, place| place.before.contains(char::is_alphanumeric).then(|| "equals".into())),
    (r"^×", |_, _| Some("times".into())),
    (r"^÷", |_, _| Some("divided by".into())),
    (r"^°", |_, place| {
        place.before.trim_end().ends_with(|c: char| c.is_ascii_digit()).then(|| "degrees".into())
    }),
    (r"^%", |_, _| Some("percent".into())),
    (r"^~", |found, place| {
        place.after(found).starts_with(|c: char| c.is_ascii_digit()).then(|| "about".into())
    }),
    (r"^/", |found, place| {
        let digits = place.before.ends_with(|c: char| c.is_ascii_digit())
            && place.after(found).starts_with(|c: char| c.is_ascii_digit());
        digits.then(|| "slash".into())
    }),
    (r"^\$", |_, _| Some("dollars".into())),
    (r"^€", |_, _| Some("euros".into())),
    (r"^£", |_, _| Some("pounds".into())),
    (r"^₩", |_, _| Some("won".into())),
    (r"^¥", |_, _| Some("yen".into())),
    // An opening and a closing quote look different to the voice.
    (r#"^""#, |_, place| {
        let opens = place.before.is_empty() || place.before.ends_with([' ', '(', '—', '“']);
        Some(if opens { "“" } else { "”" }.into())
    }),
    (r"^[.,!?;…—“”()]", |found, _| Some(found[0].into())),
    (r"^–", |_, _| Some("—".into())),
    (r"^:", |found, place| {
        let next = place.after(found);
        (next.is_empty() || next.starts_with([' ', '"', '“'])).then(|| ":".into())
    }),
];
