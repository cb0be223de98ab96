//! Characters that cannot be seen.

use crate::mind::disclosure::is_unseen;

/// The text without characters that cannot be seen, but for those that hold emoji together.
pub(super) fn without(text: &str) -> String {
    let chars: Vec<char> =
        text.chars().filter(|c| !c.is_control() || "\n\t".contains(*c)).collect();
    let mut kept = String::with_capacity(text.len());
    for (at, &c) in chars.iter().enumerate() {
        let next = || chars[at + 1..].iter().copied().find(|next| !is_unseen(*next));
        let holds = match c {
            '\u{200d}' => {
                kept.chars().next_back().is_some_and(is_picture) && next().is_some_and(is_picture)
            }
            '\u{fe0f}' => {
                kept.chars().next_back().is_some_and(is_picture) || next() == Some('\u{20e3}')
            }
            _ => !is_unseen(c),
        };
        if holds {
            kept.push(c);
        }
    }
    kept
}

/// An emoji, or a part of one.
fn is_picture(c: char) -> bool {
    let other = matches!(c, '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ffef}');
    c == '\u{fe0f}' || (c >= '\u{2190}' && !c.is_alphanumeric() && !c.is_whitespace() && !other)
}
