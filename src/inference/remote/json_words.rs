//! Reads the words and feelings out of JSON that arrives in pieces.

/// What comes of `{"beats": [{"feeling": "joy", "words": "Hi."}]}` is `[joy] Hi.`
///
/// A reply that does not begin like JSON is let through as it is: not every server keeps to a schema.
#[derive(Debug, Clone, Default)]
pub(super) struct JsonWords {
    form: Form,
    is_fenced: bool,
    /// The string that is being read.
    string: Option<Str>,
    /// The last string that was read to its end.
    last: String,
    /// The name behind which a value is expected.
    field: Field,
    any_words: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Form {
    #[default]
    Unknown,
    Json,
    Plain,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Field {
    #[default]
    None,
    Feeling,
    Words,
    Other,
}

/// A string with what an escape in it has brought so far.
#[derive(Debug, Clone, Default)]
struct Str {
    escape: Option<String>,
    /// The first half of a character outside of the basic plane.
    high: Option<u16>,
}

impl JsonWords {
    /// Reads the next piece; gives the text with its tags.
    pub(super) fn push(&mut self, piece: &str) -> String {
        let mut out = String::new();
        for c in piece.chars() {
            self.char(c, &mut out);
        }
        out
    }

    fn char(&mut self, c: char, out: &mut String) {
        if self.form == Form::Unknown {
            // Models like to put JSON into a fenced block.
            match c {
                '{' => self.form = Form::Json,
                '`' => self.is_fenced = true,
                _ if self.is_fenced || c.is_whitespace() => {}
                _ => self.form = Form::Plain,
            }
        }
        match &mut self.string {
            _ if self.form == Form::Unknown => {}
            _ if self.form == Form::Plain => out.push(c),
            None => self.between(c, out),
            Some(string) => match string.read(c) {
                Read::More => {}
                Read::Chars(chars) => chars.into_iter().flatten().for_each(|c| self.say(c, out)),
                Read::End => self.end_string(out),
            },
        }
    }

    fn between(&mut self, c: char, out: &mut String) {
        match c {
            '"' => {
                self.string = Some(Str::default());
                self.last.clear();
                if self.field == Field::Words && self.any_words {
                    out.push(' ');
                }
            }
            ':' => {
                self.field = match self.last.as_str() {
                    "feeling" => Field::Feeling,
                    "words" => Field::Words,
                    _ => Field::Other,
                }
            }
            ',' | '{' | '}' | '[' | ']' => self.field = Field::None,
            _ => {}
        }
    }

    /// The next character of a string.
    fn say(&mut self, c: char, out: &mut String) {
        if self.field != Field::Words {
            if self.last.len() < LONGEST_NAME {
                self.last.push(c);
            }
            return;
        }
        self.any_words = true;
        // A bracket in words is no tag.
        out.push(match c {
            '[' => '(',
            ']' => ')',
            c => c,
        });
    }

    fn end_string(&mut self, out: &mut String) {
        self.string = None;
        if self.field == Field::Feeling {
            out.push('[');
            out.push_str(&self.last);
            out.push(']');
        }
    }
}

/// The longest name of a field or feeling that is kept, in bytes.
const LONGEST_NAME: usize = 64;

enum Read {
    More,
    Chars([Option<char>; 2]),
    End,
}

impl Str {
    fn read(&mut self, c: char) -> Read {
        let Some(escape) = &mut self.escape else {
            return match c {
                '"' => Read::End,
                '\\' => {
                    self.escape = Some(String::new());
                    Read::More
                }
                c => self.whole(c),
            };
        };
        if escape.is_empty() && c != 'u' {
            self.escape = None;
            return self.whole(match c {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                'b' | 'f' => ' ',
                c => c,
            });
        }
        escape.push(c);
        if escape.len() < 5 && c.is_ascii_alphanumeric() {
            return Read::More;
        }
        let unit = escape.get(1..5).and_then(|digits| u16::from_str_radix(digits, 16).ok());
        self.escape = None;
        match unit {
            Some(high @ 0xd800..=0xdbff) => {
                Read::Chars([self.high.replace(high).map(|_| LOST), None])
            }
            Some(low @ 0xdc00..=0xdfff) => {
                let pair = self.high.take().map(|high| char::decode_utf16([high, low]).next());
                Read::Chars([Some(pair.flatten().and_then(Result::ok).unwrap_or(LOST)), None])
            }
            Some(unit) => self.whole(char::from_u32(u32::from(unit)).unwrap_or(LOST)),
            None => self.whole(LOST),
        }
    }

    /// A whole character; half a one before it is lost.
    fn whole(&mut self, c: char) -> Read {
        Read::Chars([self.high.take().map(|_| LOST), Some(c)])
    }
}

const LOST: char = char::REPLACEMENT_CHARACTER;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::cuts::cuts;

    fn read(pieces: &[&str]) -> String {
        let mut reader = JsonWords::default();
        pieces.iter().map(|piece| reader.push(piece)).collect()
    }

    #[test]
    fn beats_become_tagged_words() {
        let json = r#"{"beats": [{"feeling": "joy", "words": "You \"came\".\n"},
            {"feeling":"shy","words":"I waited\u2026 \ud83d\ude00 [sad]"}], "mood": "x", "n": [1, "b"]}"#;
        assert_eq!(read(&[json]), "[joy]You \"came\".\n[shy] I waited… 😀 (sad)");
    }

    #[test]
    fn a_reply_that_is_no_json_is_let_through() {
        assert_eq!(read(&[" [joy] Hi {you}"]), "[joy] Hi {you}");
        assert_eq!(read(&["```json\n{\"words\": \"Hi\"}\n```"]), "Hi");
    }

    #[test]
    fn half_a_character_is_lost_and_no_more() {
        assert_eq!(read(&[r#"{"words":"a\ud83db\udc00\uZZZZ"}"#]), "a\u{fffd}b\u{fffd}\u{fffd}");
    }

    proptest! {
        #[test]
        fn any_split_gives_the_same_words(
            beats in proptest::collection::vec(("(joy|sad)", "[a-z너😀\"\\\\\n\\[]{0,8}"), 0..4),
            cuts in cuts(),
        ) {
            let beats: Vec<_> = beats.iter()
                .map(|(feeling, words)| serde_json::json!({ "feeling": feeling, "words": words }))
                .collect();
            let json = serde_json::json!({ "beats": beats }).to_string();
            prop_assert_eq!(read(&cuts.of(&json)), read(&[&json]));
        }

        #[test]
        fn all_words_come_through(words in "[a-z너😀\"\\\\\n]{1,12}") {
            let json = serde_json::json!({ "beats": [{ "feeling": "joy", "words": words }] });
            prop_assert_eq!(read(&[&json.to_string()]), format!("[joy]{words}"));
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in r#"\{("|\\|u|d8|00|:|,|words|feeling|\{|\}|.)*"#) {
            read(&[&text]);
        }
    }
}
