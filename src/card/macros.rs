//! What stands in curly braces in a card, replaced by what it means.

/// A macro is no longer than this, in bytes.
const LONGEST: usize = 1024;

/// The text with every macro replaced. What is to be drawn at random is the first there is; what is
/// not known is left out.
pub(super) fn fill(text: &str, character: &str, user: &str) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['{', '<']) {
        let (before, from) = rest.split_at(at);
        filled.push_str(before);
        rest = match first(from) {
            Some((inside, after)) => {
                filled.push_str(&meaning(inside, character, user));
                after
            }
            None => {
                filled.push_str(&from[..1]);
                &from[1..]
            }
        };
    }
    filled.push_str(rest);
    filled
}

/// What stands in the macro with which a text begins, and what comes after it.
fn first(text: &str) -> Option<(&str, &str)> {
    if let Some(body) = text.strip_prefix("{{") {
        let near = &body[..body.floor_char_boundary(LONGEST)];
        let end = near.find("}}")?;
        return Some((&body[..end], &body[end + 2..]));
    }
    let old = ["<user>", "<char>", "<bot>"].into_iter();
    let mut found = old.filter_map(|old| Some((text.get(..old.len())?, old)));
    let (inside, _) = found.find(|(start, old)| start.eq_ignore_ascii_case(old))?;
    Some((inside.trim_matches(['<', '>']), &text[inside.len()..]))
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
