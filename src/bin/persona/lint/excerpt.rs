//! The few lines around a mistake, short enough for a terminal.

use std::ops::Range;

/// So many characters of a line are shown.
const WIDTH: usize = 120;
/// So many of them before what is pointed at.
const BEFORE: usize = 40;

/// Some lines of a file: the empty lines before them keep their numbers.
#[derive(Debug, PartialEq, Eq)]
pub struct Excerpt {
    pub text: String,
    /// What is pointed at, in bytes of `text`.
    pub at: Range<usize>,
}

/// The lines around some bytes of a text. Of more than one line the first is pointed at.
pub fn excerpt(text: &str, at: &Range<usize>) -> Excerpt {
    let before = text.get(..at.start).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    let line = text[start..].lines().next().unwrap_or_default();
    let end = at.end.min(start + line.len()).max(at.start);
    let number = before.matches('\n').count();

    let mut shown = "\n".repeat(number.saturating_sub(1));
    if let Some(above) = text[..start].lines().next_back() {
        shown.push_str(&cut(above, 0).0);
        shown.push('\n');
    }
    let from = line[..at.start.saturating_sub(start).min(line.len())].chars().count();
    let (window, cut_off, added) = cut(line, from.saturating_sub(BEFORE));
    let point = |byte: usize| {
        let inside = (byte.saturating_sub(start)).saturating_sub(cut_off) + added;
        window.floor_char_boundary(inside.min(window.len()))
    };
    let at = shown.len() + point(at.start)..shown.len() + point(end);
    shown.push_str(&window);
    Excerpt { text: shown, at }
}

/// A line from one of its characters on: what is shown, the bytes that are left out before it, and the
/// bytes that stand in their place.
fn cut(line: &str, from: usize) -> (String, usize, usize) {
    let from = from.min(line.chars().count().saturating_sub(WIDTH));
    let byte = |nth| line.char_indices().nth(nth).map_or(line.len(), |(at, _)| at);
    let (start, end) = (byte(from), byte(from + WIDTH));
    let lead = if start > 0 { "…" } else { "" };
    let tail = if end < line.len() { "…" } else { "" };
    // What steers a terminal takes no place; a tab would be drawn wider than it counts.
    let shown = |c: char| if c.is_control() { " ".repeat(c.len_utf8()) } else { c.to_string() };
    let middle: String = line[start..end].chars().map(shown).collect();
    (format!("{lead}{middle}{tail}"), start, lead.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_line_keeps_its_number_and_is_cut_to_the_point() {
        let text = format!("one\ntwo\n{}here{}\nfour", "a".repeat(300), "b".repeat(300));
        let at = text.find("here").map_or(0..0, |at| at..at + 4);
        let Excerpt { text, at } = excerpt(&text, &at);
        assert_eq!(&text[at.clone()], "here");
        assert_eq!(text[..at.start].matches('\n').count(), 2);
        let line = text.lines().nth(2).unwrap();
        assert!(line.starts_with('…') && line.ends_with('…') && line.chars().count() <= WIDTH + 2);
        assert_eq!(text.lines().nth(1), Some("two"));
    }

    proptest! {
        #[test]
        fn any_place_of_any_text_can_be_shown(
            text in "([a너\n\r\t…]|aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa){0,20}",
            one in any::<prop::sample::Index>(),
            two in any::<prop::sample::Index>(),
        ) {
            let byte = |index: prop::sample::Index| text.floor_char_boundary(index.index(text.len() + 1));
            let (one, two) = (byte(one), byte(two));
            let Excerpt { text, at } = excerpt(&text, &(one.min(two)..one.max(two)));
            prop_assert!(text.get(at).is_some());
        }
    }
}
