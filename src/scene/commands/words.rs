//! The words of a command, taken one after the other: `siwoo`, `"a text"`, `turns=2`.

use super::CommandError;
use crate::persona::PersonaId;

/// A word with its place.
#[derive(Debug, Clone, Copy)]
struct Word<'a> {
    at: usize,
    name: Option<&'a str>,
    value: &'a str,
    quoted: bool,
}

/// What is left of a command.
pub(super) struct Words<'a> {
    text: &'a str,
    form: &'static str,
    plain: Vec<Word<'a>>,
    named: Vec<Word<'a>>,
}

type Result<T> = std::result::Result<T, CommandError>;

impl<'a> Words<'a> {
    /// Takes `text` apart.
    pub(super) fn of(text: &'a str) -> Result<Self> {
        let mut words = Self { text, form: "", plain: Vec::new(), named: Vec::new() };
        let mut at = 0;
        while let Some(start) = text[at..].find(|c: char| !c.is_whitespace()).map(|i| at + i) {
            let (word, end) = word_at(text, start)?;
            if word.name.is_some() {
                words.named.push(word);
            } else {
                words.plain.push(word);
            }
            at = end;
        }
        words.plain.reverse();
        Ok(words)
    }

    /// Sets how the command is written, for errors.
    pub(super) fn form(&mut self, form: &'static str) {
        self.form = form;
    }

    fn fault<T>(&self, at: usize, problem: &str) -> Result<T> {
        let form = self.form;
        let hint = if form.is_empty() { String::new() } else { format!("; write `<<{form}>>`") };
        Err(CommandError::at(self.text, at, format!("{problem}{hint}")))
    }

    fn next(&mut self, what: &str) -> Result<Word<'a>> {
        match self.plain.pop() {
            Some(word) => Ok(word),
            None => self.fault(self.text.trim_end().len(), &format!("{what} is missing")),
        }
    }

    /// The next word, with its place.
    pub(super) fn word(&mut self, what: &str) -> Result<(&'a str, usize)> {
        let word = self.next(what)?;
        if word.quoted {
            return self.fault(word.at, &format!("{what} stands here, without quotes"));
        }
        Ok((word.value, word.at))
    }

    /// A name of something: lower-case letters, digits, `_` and `-`.
    pub(super) fn name(&mut self, what: &str) -> Result<String> {
        let (word, at) = self.word(what)?;
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-".contains(c);
        if word.chars().all(allowed) {
            return Ok(word.into());
        }
        self.fault(at, &format!("`{word}` is no name: use lower-case letters, digits and `_`"))
    }

    pub(super) fn member(&mut self) -> Result<PersonaId> {
        let (word, at) = self.word("who")?;
        word.parse().or_else(|error| self.fault(at, &format!("{error}")))
    }

    /// A word that has to stand here.
    pub(super) fn keyword(&mut self, keyword: &str) -> Result<()> {
        let (word, at) = self.word(&format!("`{keyword}`"))?;
        if word == keyword {
            return Ok(());
        }
        self.fault(at, &format!("`{keyword}` should stand here, not `{word}`"))
    }

    /// A number between two bounds.
    pub(super) fn number(&mut self, what: &str, from: f32, to: f32) -> Result<f32> {
        let (word, at) = self.word(what)?;
        match word.parse() {
            Ok(number) if (from..=to).contains(&number) => Ok(number),
            _ => self
                .fault(at, &format!("{what} should be a number from {from} to {to}, not `{word}`")),
        }
    }

    /// Whether a further plain word stands here.
    pub(super) fn has_more(&self) -> bool {
        !self.plain.is_empty()
    }

    /// A text in quotes.
    pub(super) fn quoted(&mut self, what: &str) -> Result<String> {
        let word = self.next(what)?;
        if word.quoted && !word.value.trim().is_empty() {
            return Ok(word.value.into());
        }
        self.fault(word.at, &format!("{what} stands here, in quotes"))
    }

    /// `name=value`, with the place of the value.
    pub(super) fn named(&mut self, name: &str) -> Option<(&'a str, usize)> {
        let index = self.named.iter().position(|word| word.name == Some(name))?;
        let word = self.named.remove(index);
        Some((word.value, word.at + name.len() + 1 + usize::from(word.quoted)))
    }

    /// `name="value"` that has to be there.
    pub(super) fn needed(&mut self, name: &str) -> Result<(&'a str, usize)> {
        match self.named(name) {
            Some((value, at)) if value.trim().is_empty() => {
                self.fault(at, &format!("`{name}=` is empty"))
            }
            Some(found) => Ok(found),
            None => self.fault(self.text.trim_end().len(), &format!("`{name}=` is missing")),
        }
    }

    /// `turns=`, from 1 to 20; 1 if it is not there.
    pub(super) fn turns(&mut self) -> Result<u32> {
        let Some((value, at)) = self.named("turns") else { return Ok(1) };
        match value.parse() {
            Ok(turns) if (1..=20).contains(&turns) => Ok(turns),
            _ => self.fault(at, &format!("`turns=` is a whole number from 1 to 20, not `{value}`")),
        }
    }

    /// Nothing may be left.
    pub(super) fn end(self) -> Result<()> {
        let left = self.plain.last().into_iter().chain(self.named.first()).min_by_key(|w| w.at);
        match left {
            Some(Word { at, name: Some(name), .. }) => {
                self.fault(*at, &format!("`{name}=` is unknown here, or stands twice"))
            }
            Some(Word { at, value, .. }) => self.fault(*at, &format!("`{value}` is too much")),
            None => Ok(()),
        }
    }

    pub(super) fn problem<T>(&self, at: usize, problem: &str) -> Result<T> {
        self.fault(at, problem)
    }
}

fn word_at(text: &str, start: usize) -> Result<(Word<'_>, usize)> {
    let rest = &text[start..];
    let stop = rest.find(|c: char| c.is_whitespace() || c == '"').unwrap_or(rest.len());
    let (name, value_at) = match rest[..stop].split_once('=') {
        Some((name, _)) if is_name(name) => (Some(name), start + name.len() + 1),
        _ => (None, start),
    };
    let Some(inner) = text[value_at..].strip_prefix('"') else {
        let word = Word { at: start, name, value: &text[value_at..start + stop], quoted: false };
        return Ok((word, start + stop));
    };
    let Some(length) = inner.find('"') else {
        return Err(CommandError::at(text, value_at, "this quote is not closed: end it with `\"`"));
    };
    let end = value_at + length + 2;
    if text[end..].starts_with(|c: char| !c.is_whitespace()) {
        return Err(CommandError::at(text, end, "a space is missing behind the quote"));
    }
    Ok((Word { at: start, name, value: &inner[..length], quoted: true }, end))
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}
