//! The texts between quotes in RON, with their places.

use super::piece::Piece;

/// Every text between double quotes, as it is written; comments are passed over.
pub(super) fn quoted(whole: Piece<'_>) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut rest = whole;
    while let Some(at) = rest.text.find(['"', '/']) {
        let here = rest.from(at);
        let passed = match here.text {
            comment if comment.starts_with("//") => comment.find('\n').unwrap_or(comment.len()),
            comment if comment.starts_with("/*") => {
                comment.find("*/").map_or(comment.len(), |end| end + 2)
            }
            text if text.starts_with('"') => {
                let inside = here.from(1);
                let end = length(inside.text);
                found.push(inside.to(end));
                end + 2
            }
            _ => 1,
        };
        rest = here.from(passed);
    }
    found
}

/// The bytes up to the quote that ends a text.
fn length(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            '"' if !escaped => return at,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn texts_are_found_and_comments_are_not() {
        let text = "(a: \"x \\\"y\\\"\", // no \"text\"\n b: [\"\", \"끝\"], /* \"c\" */ d: 1/2)";
        let found: Vec<_> = quoted(Piece::whole(text)).iter().map(|piece| piece.text).collect();
        assert_eq!(found, ["x \\\"y\\\"", "", "끝"]);
    }

    proptest! {
        #[test]
        fn any_text_ends(text in "[\"/*\\\\a너\n]{0,40}") {
            for piece in quoted(Piece::whole(&text)) {
                prop_assert_eq!(&text[piece.range()], piece.text);
            }
        }
    }
}
