//! Commands: a name, and words of which some have a key.

use crate::lint::piece::Piece;

/// `<<name word key="value">>`.
#[derive(Debug)]
pub(in crate::lint) struct Command<'a> {
    pub(in crate::lint) name: Piece<'a>,
    /// All behind the name.
    pub(in crate::lint) rest: Piece<'a>,
    pub(in crate::lint) args: Vec<Arg<'a>>,
    /// All of it, with its brackets.
    pub(in crate::lint) whole: Piece<'a>,
}

/// A word of a command, without its quotes.
#[derive(Debug, Clone, Copy)]
pub(in crate::lint) struct Arg<'a> {
    pub(in crate::lint) key: Option<Piece<'a>>,
    pub(in crate::lint) value: Piece<'a>,
}

impl<'a> Command<'a> {
    /// Reads a line in double angle brackets.
    pub(super) fn read(whole: Piece<'a>) -> Option<Self> {
        whole.text.strip_prefix("<<")?;
        let inside = whole.from(2);
        let inside = inside.to(inside.text.rfind(">>").unwrap_or(inside.text.len())).trim();
        let end = inside.text.find(char::is_whitespace).unwrap_or(inside.text.len());
        let rest = inside.from(end).trim();
        Some(Self { name: inside.to(end), rest, args: args(rest), whole })
    }

    /// The words without a key, by their number from 0.
    pub(in crate::lint) fn word(&self, number: usize) -> Option<Piece<'a>> {
        self.args.iter().filter(|arg| arg.key.is_none()).nth(number).map(|arg| arg.value)
    }

    /// The value of a key.
    pub(in crate::lint) fn value(&self, key: &str) -> Option<Piece<'a>> {
        let has_key = |arg: &&Arg<'_>| arg.key.is_some_and(|at| at.text == key);
        self.args.iter().find(has_key).map(|arg| arg.value)
    }

    /// What stands inside of the brackets.
    pub(in crate::lint) fn inside(&self) -> Piece<'a> {
        let inside = self.whole.from(2);
        inside.to(inside.text.rfind(">>").unwrap_or(inside.text.len())).trim()
    }
}

fn args(rest: Piece<'_>) -> Vec<Arg<'_>> {
    let mut args = Vec::new();
    let mut rest = rest.trim();
    while !rest.text.is_empty() {
        let word_end = rest.text.find(char::is_whitespace).unwrap_or(rest.text.len());
        let key_end = rest.to(word_end).text.find(['=', '"']);
        let key = key_end.filter(|at| rest.text[*at..].starts_with('=')).map(|at| rest.to(at));
        let value = key.map_or(rest, |key| rest.from(key.text.len() + 1));
        let end = if value.text.starts_with('"') {
            let inside = value.from(1);
            let end = inside.text.find('"').unwrap_or(inside.text.len());
            args.push(Arg { key, value: inside.to(end) });
            end + 2
        } else {
            let end = value.text.find(char::is_whitespace).unwrap_or(value.text.len());
            args.push(Arg { key, value: value.to(end) });
            end
        };
        // A value of no length would be read for ever.
        rest = value.from(end.min(value.text.len()).max(usize::from(key.is_none()))).trim();
    }
    args
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_and_keys_are_told_apart() {
        let line = r#"<<ask_fan siwoo "Which = which?" into=$word options="a b|c" fallback="c">>"#;
        let command = Command::read(Piece::whole(line)).unwrap();
        assert_eq!(command.name.text, "ask_fan");
        assert_eq!(command.word(1).map(|word| word.text), Some("Which = which?"));
        assert_eq!(command.value("into").map(|value| value.text), Some("$word"));
        assert_eq!(command.value("options").map(|value| value.text), Some("a b|c"));
        assert!(command.value("must").is_none());
        assert!(Command::read(Piece::whole("Siwoo: <<no>>")).is_none());
    }

    proptest! {
        #[test]
        fn any_line_ends(text in "<<([a-z너]| |=|\"|>|\\|){0,40}") {
            let command = Command::read(Piece::whole(&text)).unwrap();
            for arg in command.args {
                prop_assert_eq!(&text[arg.value.range()], arg.value.text);
            }
        }
    }
}
