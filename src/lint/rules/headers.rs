//! Headers of nodes: which there are, and what `needs:` asks for.

use super::super::{
    Code, check::Check, nearest::advice, piece::Piece, script::Node, source::Source,
};
use crate::{persona::Language, scene::Condition};

/// What we read, and what Yarn's editors write.
const HEADERS: [&str; 15] = [
    "title",
    "tags",
    "scene",
    "needs",
    "unlocks",
    "name",
    "salience",
    "begins",
    "repeat",
    "interrupt",
    "position",
    "color",
    "colorID",
    "group",
    "comment",
];

pub(super) fn run(check: &mut Check<'_>) {
    for script in check.world.scripts.iter().filter(|script| script.file.asked) {
        for node in &script.nodes {
            names(check, script.file, node);
            if let Some(needs) = node.header("needs") {
                condition(check, script.file, needs);
            }
        }
    }
}

fn names(check: &mut Check<'_>, file: &Source, node: &Node<'_>) {
    for header in &node.headers {
        let key = header.key.text;
        let is_name = key.strip_prefix("name_").is_some_and(|of| of.parse::<Language>().is_ok());
        if !HEADERS.contains(&key) && !is_name {
            let help = advice(key, HEADERS);
            let message = format!("nobody reads the header `{key}`");
            check.report(file, header.key.range(), Code::UnknownHeader, message, help);
        }
    }
}

/// A condition in our own words, as in `needs:` and `until=`.
pub(super) fn condition(check: &mut Check<'_>, file: &Source, written: Piece<'_>) {
    if let Err(error) = written.text.parse::<Condition>() {
        let byte = written.text.char_indices().nth(error.column.saturating_sub(1));
        let at = byte.map_or(written.range(), |(at, _)| written.from(at).range());
        let help = "write it like `affinity(siwoo) >= 40 and knows(s01)`";
        check.report(file, at, Code::BadCondition, error.problem, help);
    }
    asked(check, file, written);
}

/// What a condition asks for by name must be there.
pub(super) fn asked(check: &mut Check<'_>, file: &Source, condition: Piece<'_>) {
    let world = check.world;
    for (function, argument) in calls(condition) {
        let (at, word) = (argument.range(), argument.text);
        match function.text {
            "affinity" => {
                check.member(file, at, word);
            }
            "knows" => super::unlocks::secret(check, file, at, word),
            "visited" | "visited_count" => {
                let titles = || world.scripts.iter().flat_map(|s| &s.nodes).map(|n| n.title.text);
                if !titles().any(|title| title == word) {
                    check.unknown(file, at, Code::UnknownNode, "node", word, titles());
                }
            }
            _ => {}
        }
    }
}

/// Functions with a name or a text as their only argument.
fn calls(condition: Piece<'_>) -> Vec<(Piece<'_>, Piece<'_>)> {
    let mut calls = Vec::new();
    let mut rest = condition;
    while let Some((before, after)) = rest.split_once("(") {
        let is_name = |c: char| c.is_alphanumeric() || c == '_';
        let start = before
            .text
            .rfind(|c| !is_name(c))
            .map_or(0, |at| at + before.text[at..].chars().next().map_or(1, char::len_utf8));
        let function = before.from(start);
        if let Some((argument, _)) = after.split_once(")") {
            let argument = argument.trim();
            let plain = argument.text.trim_matches('"');
            let inside =
                argument.from(argument.text.len() - argument.text.trim_start_matches('"').len());
            let argument = inside.to(plain.len());
            let is_plain = |c: char| is_name(c) || c == '-';
            if !function.text.is_empty() && !plain.is_empty() && plain.chars().all(is_plain) {
                calls.push((function, argument));
            }
        }
        rest = after;
    }
    calls
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_that_are_asked_for_are_found() {
        let text =
            "affinity(\"siwoo\") >= 40 and (knows(s01) or not visited( \"x_end\" )) and hour() > 2";
        let calls: Vec<_> =
            calls(Piece::whole(text)).iter().map(|(f, a)| (f.text, a.text)).collect();
        assert_eq!(calls, [("affinity", "siwoo"), ("knows", "s01"), ("visited", "x_end")]);
    }

    proptest! {
        #[test]
        fn any_text_is_looked_through(text in "[a너(\")$ ]{0,30}") {
            for (function, argument) in calls(Piece::whole(&text)) {
                prop_assert_eq!(&text[function.range()], function.text);
                prop_assert_eq!(&text[argument.range()], argument.text);
            }
        }
    }
}
