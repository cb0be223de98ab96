//! The pieces of TOML in a file of lore.

use super::piece::Piece;

/// What stands between the fences of a Markdown file, and between the dashes at its top.
pub(super) fn blocks(whole: Piece<'_>) -> Vec<Piece<'_>> {
    let mut blocks = Vec::new();
    let mut open: Option<(&str, usize)> = None;
    for (number, line) in whole.lines().enumerate() {
        let trimmed = line.text.trim_end();
        match open {
            Some((end, from)) if trimmed == end => {
                blocks.push(whole.to(line.at).from(from));
                open = None;
            }
            Some(_) => {}
            None => {
                let end = match trimmed {
                    "```toml" => "```",
                    "~~~toml" => "~~~",
                    "---" | "+++" if number == 0 => trimmed,
                    _ => continue,
                };
                // Behind the end of the line, whatever it is.
                let rest = whole.from(line.at + line.text.len());
                let next = rest.text.find('\n').map_or(rest.text.len(), |at| at + 1);
                open = Some((end, rest.at + next));
            }
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_fenced_is_a_block() {
        let text =
            "a\n```toml\r\nb = 1\r\n```\n```rust\nc\n```\n~~~toml\nd = 2\n~~~\n```toml\nopen";
        let found = blocks(Piece::whole(text));
        assert_eq!(
            found.iter().map(|block| block.text).collect::<Vec<_>>(),
            ["b = 1\r\n", "d = 2\n"]
        );
        assert_eq!(&text[found[1].range()], "d = 2\n");
    }
}
