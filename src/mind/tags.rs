//! Reads emotion tags out of a reply that arrives in pieces.

use super::{Emotion, EmotionTag, Palette};

/// A piece of a reply: a change of feeling, or some text.
#[derive(Debug, Clone, PartialEq)]
pub enum Segment {
    /// From here on she feels this.
    Emotion(EmotionTag),
    /// Words to show and speak; never empty.
    Text(String),
}

/// Something tag-like that was not an allowed tag and was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagDiagnostic {
    /// The tag as written, without the brackets.
    pub tag: String,
}

/// Splits streamed text into [`Segment`]s.
///
/// A tag is `[word]` or `[word:intensity]`, the word in any case, the intensity 0..1. A tag whose
/// word is in the palette becomes a [`Segment::Emotion`]; one bracketed word that is not is left
/// out and reported; any other use of brackets is text. White space around a tag shrinks to one
/// space between words and to none at the ends of the reply.
///
/// The result does not depend on how the text was split, except that neighbouring
/// [`Segment::Text`]s may be cut differently.
///
/// # Example
/// ```
/// use bevy_persona::mind::{Emotion, EmotionTag, Palette, Segment, TagParser};
///
/// let mut parser = TagParser::new(Palette::default());
/// let mut segments = Vec::new();
/// for piece in ["[jo", "y] Hi", "!"] {
///     segments.extend(parser.push(piece).0);
/// }
/// segments.extend(parser.finish());
/// assert_eq!(segments[0], Segment::Emotion(EmotionTag::from(Emotion::Joy)));
/// assert_eq!(segments[1], Segment::Text("Hi".into()));
/// ```
#[derive(Debug, Clone)]
pub struct TagParser {
    palette: Palette,
    /// A `[` and what followed it, as long as it can still become a tag.
    open: String,
    /// White space seen since the last word, dropped at the ends of the reply.
    space: String,
    any_text: bool,
    /// A tag stands between the last word and the next one.
    after_tag: bool,
}

impl TagParser {
    /// The longest tag that is recognised, in bytes, without its brackets.
    const MAX_TAG: usize = 32;

    /// A parser at the start of a reply.
    #[must_use]
    pub fn new(palette: Palette) -> Self {
        Self {
            palette,
            open: String::new(),
            space: String::new(),
            any_text: false,
            after_tag: false,
        }
    }

    /// Reads a whole reply; gives its segments and the tags that were left out.
    #[must_use]
    pub fn read(palette: Palette, reply: &str) -> (Vec<Segment>, Vec<TagDiagnostic>) {
        let mut parser = Self::new(palette);
        let (mut segments, left_out) = parser.push(reply);
        segments.extend(parser.finish());
        (segments, left_out)
    }

    /// Reads the next piece; gives what is certain so far and the tags that were left out.
    pub fn push(&mut self, piece: &str) -> (Vec<Segment>, Vec<TagDiagnostic>) {
        let (mut segments, mut diagnostics) = (Vec::new(), Vec::new());
        for c in piece.chars() {
            if self.open.is_empty() {
                if c == '[' { self.open.push(c) } else { self.text(c, &mut segments) }
            } else if c == ']' {
                let tag = std::mem::take(&mut self.open).split_off(1);
                self.close(&tag, &mut segments, &mut diagnostics);
            } else if can_be_in_tag(c) && self.open.len() <= Self::MAX_TAG {
                self.open.push(c);
            } else {
                self.not_a_tag(&mut segments);
                if c == '[' { self.open.push(c) } else { self.text(c, &mut segments) }
            }
        }
        (segments, diagnostics)
    }

    /// Ends the reply: gives the text that was held back in case it became a tag.
    #[must_use]
    pub fn finish(mut self) -> Vec<Segment> {
        let mut segments = Vec::new();
        self.not_a_tag(&mut segments);
        segments
    }

    fn not_a_tag(&mut self, segments: &mut Vec<Segment>) {
        for c in std::mem::take(&mut self.open).chars() {
            self.text(c, segments);
        }
    }

    fn close(
        &mut self,
        tag: &str,
        segments: &mut Vec<Segment>,
        diagnostics: &mut Vec<TagDiagnostic>,
    ) {
        match read_tag(tag) {
            Some(read) if self.palette.contains(&read.emotion) => {
                segments.push(Segment::Emotion(read));
                self.after_tag = true;
            }
            Some(_) => {
                diagnostics.push(TagDiagnostic { tag: tag.into() });
                self.after_tag = true;
            }
            None => {
                for c in "[".chars().chain(tag.chars()).chain("]".chars()) {
                    self.text(c, segments);
                }
            }
        }
    }

    fn text(&mut self, c: char, segments: &mut Vec<Segment>) {
        if c.is_whitespace() {
            self.space.push(c);
            return;
        }
        let mut space = std::mem::take(&mut self.space);
        if !self.any_text {
            space.clear();
        } else if self.after_tag && !space.is_empty() {
            space = " ".into();
        }
        self.any_text = true;
        self.after_tag = false;
        space.push(c);
        match segments.last_mut() {
            Some(Segment::Text(text)) => text.push_str(&space),
            _ => segments.push(Segment::Text(space)),
        }
    }
}

fn can_be_in_tag(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | ':' | '.' | ' ')
}

fn read_tag(tag: &str) -> Option<EmotionTag> {
    let tag = tag.trim().to_ascii_lowercase();
    let (word, intensity) = match tag.split_once(':') {
        Some((word, number)) => (word.trim_end(), Some(number.trim_start().parse::<f32>().ok()?)),
        None => (tag.as_str(), None),
    };
    let emotion = word.parse::<Emotion>().ok()?;
    Some(match intensity {
        Some(intensity) => EmotionTag::new(emotion, intensity),
        None => emotion.into(),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::cuts::cuts;

    fn read(pieces: &[&str]) -> (Vec<Segment>, Vec<TagDiagnostic>) {
        let mut parser = TagParser::new(Palette::default());
        let (mut segments, mut diagnostics) = (Vec::new(), Vec::new());
        for piece in pieces {
            let (more, left_out) = parser.push(piece);
            segments.extend(more);
            diagnostics.extend(left_out);
        }
        segments.extend(parser.finish());
        (joined(segments), diagnostics)
    }

    fn joined(segments: Vec<Segment>) -> Vec<Segment> {
        let mut out: Vec<Segment> = Vec::new();
        for segment in segments {
            match (out.last_mut(), segment) {
                (Some(Segment::Text(text)), Segment::Text(more)) => text.push_str(&more),
                (_, segment) => out.push(segment),
            }
        }
        out
    }

    fn text(text: &str) -> Segment {
        Segment::Text(text.into())
    }

    #[test]
    fn tags_split_a_reply_into_beats() {
        let (segments, left_out) = read(&["[joy:0.5] You came back. [SAD] I missed you."]);
        assert_eq!(
            segments,
            [
                Segment::Emotion(EmotionTag::new(Emotion::Joy, 0.5)),
                text("You came back."),
                Segment::Emotion(EmotionTag::from(Emotion::Sad)),
                text(" I missed you."),
            ]
        );
        assert!(left_out.is_empty());
    }

    #[test]
    fn an_unknown_tag_is_left_out_and_reported() {
        let (segments, left_out) = read(&["Hi [smug] there"]);
        assert_eq!(segments, [text("Hi there")]);
        assert_eq!(left_out, [TagDiagnostic { tag: "smug".into() }]);
    }

    #[test]
    fn other_brackets_are_text() {
        for reply in ["a[0] b", "see [1, 2]", "[", "[[x", "[너]", "[joy", "[joy:x]"] {
            assert_eq!(read(&[reply]).0, [text(reply)], "{reply}");
        }
    }

    proptest! {
        #[test]
        fn any_split_gives_the_same_reply(
            reply in r"(\[(joy|sad|smug|love:0\.3|x)\]|\[|\]| |[a-z너😀.!])*",
            cuts in cuts(),
        ) {
            prop_assert_eq!(read(&cuts.of(&reply)), read(&[&reply]));
        }

        #[test]
        fn no_text_makes_the_parser_panic(reply in ".*") {
            read(&[&reply]);
        }
    }
}
