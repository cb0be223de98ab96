//! Lines and options: speaker, words, condition and tags.

use crate::lint::piece::Piece;

/// A line of a member, or an option of the fan.
#[derive(Debug)]
pub(in crate::lint) struct Said<'a> {
    /// Before the colon.
    pub(in crate::lint) speaker: Option<Piece<'a>>,
    pub(in crate::lint) words: Piece<'a>,
    pub(in crate::lint) condition: Option<Piece<'a>>,
    pub(in crate::lint) tags: Vec<Tag<'a>>,
    /// All of it.
    pub(in crate::lint) whole: Piece<'a>,
}

/// `#key:value`.
#[derive(Debug, Clone, Copy)]
pub(in crate::lint) struct Tag<'a> {
    pub(in crate::lint) key: Piece<'a>,
    pub(in crate::lint) value: Piece<'a>,
}

impl<'a> Said<'a> {
    pub(super) fn line(whole: Piece<'a>) -> Self {
        let said = Self::option(whole);
        // As the player does: one word of Latin letters, a colon, a space.
        let is_name = |name: Piece<'_>| {
            let letter = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c);
            !name.text.is_empty() && name.text.chars().all(letter)
        };
        let speaker = said.words.split_once(":");
        let speaker = speaker.filter(|(name, words)| {
            is_name(name.trim()) && words.text.starts_with([' ', '\u{a0}'])
        });
        match speaker {
            Some((name, words)) => Self { speaker: Some(name.trim()), words: words.trim(), ..said },
            None => said,
        }
    }

    pub(super) fn option(whole: Piece<'a>) -> Self {
        let (said, tags) = split_tags(whole);
        let (words, condition) = split_condition(said);
        Self { speaker: None, words: words.trim(), condition, tags, whole }
    }

    /// What a tag says.
    pub(in crate::lint) fn tag(&self, key: &str) -> Option<Piece<'a>> {
        self.tags.iter().find(|tag| tag.key.text == key).map(|tag| tag.value)
    }

    /// The id, by which translations find it.
    pub(in crate::lint) fn id(&self) -> Option<Piece<'a>> {
        self.tag("line").filter(|id| !id.text.is_empty())
    }

    /// What stands in braces.
    pub(in crate::lint) fn placeholders(&self) -> Vec<Piece<'a>> {
        placeholders(self.words)
    }
}

/// What stands in braces; a backslash before a brace makes it a sign like others.
pub(in crate::lint) fn placeholders(words: Piece<'_>) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut rest = words;
    while let Some(at) = rest.text.find('{') {
        let is_sign = rest.text[..at].ends_with('\\');
        rest = rest.from(at + 1);
        let Some(end) = rest.text.find('}').filter(|_| !is_sign) else { continue };
        found.push(rest.to(end));
        rest = rest.from(end + 1);
    }
    found
}

fn split_tags(whole: Piece<'_>) -> (Piece<'_>, Vec<Tag<'_>>) {
    let is_tag = |at: &usize| {
        let before = whole.text[..*at].chars().next_back();
        before.is_none_or(char::is_whitespace)
    };
    let Some(at) = whole.text.match_indices('#').map(|(at, _)| at).find(is_tag) else {
        return (whole, Vec::new());
    };
    let tags = whole.from(at).words().filter(|word| word.text.starts_with('#'));
    let tags = tags.map(|word| {
        let word = word.from(1);
        let (key, value) = word.split_once(":").unwrap_or((word, word.from(word.text.len())));
        Tag { key, value }
    });
    (whole.to(at), tags.collect())
}

fn split_condition(said: Piece<'_>) -> (Piece<'_>, Option<Piece<'_>>) {
    let Some((words, condition)) = said.split_once("<<") else { return (said, None) };
    let condition = condition.to(condition.text.find(">>").unwrap_or(condition.text.len())).trim();
    let condition = condition.text.strip_prefix("if").map(|_| condition.from(2).trim());
    (words, condition)
}
