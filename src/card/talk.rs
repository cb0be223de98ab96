//! Talks of a card (`mes_example`), taken apart and put together.

use super::spoken::Voice;

/// What begins a talk.
const START: &str = "<START>";

/// One talk of a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Talk {
    /// As the card has it, without the `<START>`.
    pub(super) original: String,
    /// What the fan says, and the reply as we write it. Empty, where nobody can be told apart.
    pub(super) turns: Vec<(String, String)>,
}

/// The talks of a card.
pub(super) fn talks(example: &str, voice: &Voice<'_>) -> Vec<Talk> {
    let talk = |block: &str| Talk {
        original: block.trim().into(),
        turns: exchanges(&turns(block, voice.name), voice),
    };
    blocks(example).into_iter().filter(|block| !block.trim().is_empty()).map(talk).collect()
}

/// Talks as a card has them.
pub(super) fn joined(talks: impl IntoIterator<Item = String>) -> String {
    let blocks: Vec<String> = talks.into_iter().map(|talk| format!("{START}\n{talk}")).collect();
    blocks.join("\n")
}

/// A talk as a card has it, of plain words.
pub(super) fn written<'a>(turns: impl IntoIterator<Item = (&'a str, String)>) -> String {
    let lines =
        turns.into_iter().map(|(fan, idol)| format!("{{{{user}}}}: {fan}\n{{{{char}}}}: {idol}"));
    lines.collect::<Vec<_>>().join("\n")
}

/// What stands between the `<START>`s, however they are written.
fn blocks(example: &str) -> Vec<&str> {
    let folded = example.to_ascii_lowercase();
    let start = START.to_ascii_lowercase();
    let mut blocks = Vec::new();
    let mut from = 0;
    for (at, _) in folded.match_indices(&start) {
        blocks.push(&example[from..at]);
        from = at + start.len();
    }
    blocks.push(&example[from..]);
    blocks
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    User,
    Character,
}

/// Who says what; what comes before the first name is left out.
fn turns(block: &str, name: &str) -> Vec<(Who, String)> {
    let mut turns: Vec<(Who, String)> = Vec::new();
    for line in block.lines() {
        let said = line.split_once([':', '：']);
        match said.and_then(|(label, said)| Some((speaker(label, name)?, said))) {
            Some((who, said)) if turns.last().is_none_or(|(last, _)| *last != who) => {
                turns.push((who, said.into()));
            }
            Some((_, said)) => push_line(&mut turns, said),
            None => push_line(&mut turns, line),
        }
    }
    turns
}

fn push_line(turns: &mut [(Who, String)], line: &str) {
    if let Some((_, said)) = turns.last_mut() {
        said.push('\n');
        said.push_str(line);
    }
}

fn speaker(label: &str, name: &str) -> Option<Who> {
    let label = label.trim().to_lowercase();
    match label.as_str() {
        "{{user}}" | "<user>" | "user" | "you" => Some(Who::User),
        "{{char}}" | "<char>" | "<bot>" | "{{bot}}" => Some(Who::Character),
        other if other == name.to_lowercase() => Some(Who::Character),
        _ => None,
    }
}

/// Messages with their replies.
fn exchanges(turns: &[(Who, String)], voice: &Voice<'_>) -> Vec<(String, String)> {
    let exchange = |pair: &[(Who, String)]| match pair {
        [(Who::User, fan), (Who::Character, idol)] => Some((voice.words(fan)?, voice.reply(idol)?)),
        _ => None,
    };
    turns.windows(2).filter_map(exchange).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::persona::Language;

    const NURI: Voice<'_> = Voice { name: "Nuri", language: Language::English };

    #[test]
    fn a_talk_falls_into_messages_and_replies() {
        let example = "A note.\n<start>\n{{char}}: Welcome.\n{{user}}: hi\nwet today\nNURI : *smiles* \
                       Wet indeed.\n<USER>: bye\n<START>\nNothing said\n<START>";
        let found = talks(example, &NURI);
        let turns: Vec<usize> = found.iter().map(|talk| talk.turns.len()).collect();
        assert_eq!(turns, [0, 1, 0]);
        assert_eq!(found[1].turns[0], ("hi wet today".into(), "[joy] Wet indeed.".into()));
        assert_eq!(found[2].original, "Nothing said");
    }

    #[test]
    fn what_is_written_reads_back() {
        let talk = written([("hi", "Hello.".to_owned()), ("bye", "Go well.".to_owned())]);
        let found = talks(&joined([talk.clone(), talk]), &NURI);
        assert_eq!(found.len(), 2);
        assert_eq!(found[1].turns[1], ("bye".into(), "[neutral] Go well.".into()));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(<START>|\\{\\{user\\}\\}:|Nuri：|\\n|너|\\PC){0,40}") {
            let _ = talks(&text, &NURI);
        }
    }
}
