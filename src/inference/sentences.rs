//! Where sentences end, as far as their marks tell.

/// Abbreviations whose full stop ends no sentence.
const ABBREVIATIONS: [&str; 9] = ["Mr", "Mrs", "Ms", "Dr", "St", "vs", "No", "e.g", "i.e"];

/// Marks that may stand between the end of a sentence and the space after it.
const CLOSING: [char; 9] = ['"', '\'', '”', '’', ')', '」', '』', '*', '~'];

/// Marks that end a sentence.
const ENDING: [char; 7] = ['.', '!', '?', '…', '。', '！', '？'];

/// Without what may follow the end of a sentence: closing marks, white space, emoji.
fn without_tail(text: &str) -> &str {
    let is_emoji = |c: char| c > '\u{2100}' && !c.is_alphanumeric() && !ENDING.contains(&c);
    text.trim_end_matches(|c: char| CLOSING.contains(&c) || c.is_whitespace() || is_emoji(c))
}

/// Marks with which a sentence may open.
const OPENING: [char; 7] = ['"', '\'', '“', '‘', '「', '『', '('];

/// Whether a sentence ends where `text` ends, if what comes next opens one.
pub(super) fn may_end_sentence(text: &str) -> bool {
    let text = without_tail(text);
    let Some(sentence) = text.strip_suffix(ENDING) else { return false };
    let word = sentence.rsplit(char::is_whitespace).next().unwrap_or_default();
    !(text.ends_with('.') && ABBREVIATIONS.contains(&word))
}

/// Whether `piece`, the text of the next token, opens a new sentence after `text`.
pub(super) fn opens_sentence(text: &str, piece: &str) -> bool {
    let Some(first) = piece.trim_start().chars().next() else { return false };
    let can_open = first.is_alphanumeric() && !first.is_lowercase() || OPENING.contains(&first);
    let apart = text.ends_with(char::is_whitespace) || piece.starts_with(char::is_whitespace);
    can_open && (apart || without_tail(text).ends_with(['。', '！', '？']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_where_a_reader_would_end_them() {
        for (text, piece) in [
            ("Hi!", " You"),
            ("So…", " I"),
            ("\"Yes.\"\n", "No"),
            ("안녕.", " 나"),
            ("はい。", "私"),
            ("Great! 😊", " You"),
        ] {
            assert!(may_end_sentence(text) && opens_sentence(text, piece), "{text}|{piece}");
        }
        for (text, piece) in [
            ("3.", "5"),
            ("Mr.", " Kim"),
            ("um…", " maybe"),
            ("Wait", " You"),
            ("What?", "!"),
            ("e.g.", " Tea"),
            ("Great!", " 😊"),
            ("Great!", "\n"),
            ("Great!", " \u{fffd}"),
        ] {
            assert!(!(may_end_sentence(text) && opens_sentence(text, piece)), "{text}|{piece}");
        }
    }
}
