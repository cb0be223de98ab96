//! What stands in curly braces in a card, replaced by what it means.

/// A macro is no longer than this, in bytes.
const LONGEST: usize = 1024;

/// The text with every macro replaced. What is to be drawn at random is the first there is; what is
/// not known is left out.
pub(super) fn fill(text: &str, character: &str, user: &str) -> String {
    let mut filled = String::with_capacity(text.len());
    let (mut at, mut closed) = (0, 0);
    while let Some(found) = text[at..].find(['{', '<']) {
        let open = at + found;
        filled.push_str(&text[at..open]);
        if let Some(rest) = text[open..].strip_prefix("{{").filter(|_| closed < open + 2) {
            // Looked for once, however many braces are open before it.
            closed = rest.find("}}").map_or(text.len(), |rest| open + 2 + rest);
        }
        at = match first(&text[open..], closed.saturating_sub(open)) {
            Some((inside, length)) => {
                filled.push_str(&meaning(inside, character, user));
                open + length
            }
            None => {
                filled.push_str(&text[open..=open]);
                open + 1
            }
        };
    }
    filled.push_str(&text[at..]);
    filled
}

/// What stands in the macro with which a text begins, and how many bytes it has; `close` is the next
/// place where braces close.
fn first(text: &str, close: usize) -> Option<(&str, usize)> {
    if text.starts_with("{{") {
        let is_macro = close <= LONGEST && text.get(close..)?.starts_with("}}");
        return is_macro.then(|| Some((text.get(2..close)?, close + 2))).flatten();
    }
    let old = ["<user>", "<char>", "<bot>"].into_iter();
    let mut starts = old.filter_map(|old| Some((text.get(..old.len())?, old)));
    let (inside, _) = starts.find(|(start, old)| start.eq_ignore_ascii_case(old))?;
    Some((inside.trim_matches(['<', '>']), inside.len()))
}

fn meaning(inside: &str, character: &str, user: &str) -> String {
    let word = inside.trim();
    let (name, value) = word.split_once(':').unwrap_or((word, ""));
    let value = value.trim_start_matches(':');
    match name.trim().to_ascii_lowercase().as_str() {
        "char" | "bot" => character.into(),
        "user" => user.into(),
        "random" | "pick" => {
            value.split([',', ':']).next().unwrap_or_default().trim().trim_end_matches('\\').into()
        }
        "reverse" => value.chars().rev().collect(),
        "roll" => "1".into(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_macro_of_the_formats_is_replaced() {
        for (text, filled) in [
            ("{{char}} and {{USER}}", "Nuri and Mina"),
            ("<BOT>, <char>, <User>!", "Nuri, Nuri, Mina!"),
            ("{{random:fog,rain}} {{pick::soup::tea}}", "fog soup"),
            ("{{roll:d6}}{{reverse:gof}}", "1fog"),
            ("a{{// note}}b{{comment: no}}c{{hidden_key:k}}{{original}}", "abc"),
            ("{ {{ <b> }} >", "{  >"),
            ("{{char", "{{char"),
            ("<한 {{char}} {{{user}}", "<한 Nuri "),
        ] {
            assert_eq!(fill(text, "Nuri", "Mina"), filled, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(\\{|\\}|<|>|char|user|너|:|,|\\PC){0,40}") {
            let _ = fill(&text, "누리", "");
        }
    }
}
