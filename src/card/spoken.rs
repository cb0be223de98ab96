//! Makes spoken words of what is written in cards: stage directions taken out, a feeling put before.

use super::macros::fill;
use crate::{mind::Emotion, persona::Language};

/// How long a reply may be, in characters; it ends with a sentence before that.
const LONGEST: usize = 400;
/// Stands for the fan while a text is being worked on.
const FAN: &str = "\u{e000}";

/// Begins of words that show a feeling.
const STEMS: [(Emotion, &[&str]); 7] = [
    (Emotion::Sad, &["sad", "sob", "cry", "cries", "tears", "sighs", "sighed", "sorry", "frown"]),
    (Emotion::Angry, &["angr", "glare", "growl", "scowl", "snarl", "furious", "hisses"]),
    (Emotion::Shy, &["blush", "shy", "stammer", "fidget", "embarrass", "bashful"]),
    (Emotion::Surprised, &["gasp", "startle", "surpris", "blink", "shock", "wow"]),
    (Emotion::Playful, &["wink", "smirk", "teases", "teasing", "giggl", "mischie", "chuckl"]),
    (Emotion::Love, &["hugs", "hugged", "kiss", "embrac", "love", "dear", "cuddl"]),
    (
        Emotion::Joy,
        &["smil", "laugh", "grin", "beam", "happy", "glad", "cheer", "welcome", "great"],
    ),
];

/// Whose words they are, in which language.
#[derive(Debug, Clone, Copy)]
pub(super) struct Voice<'a> {
    /// What the character is called.
    pub(super) name: &'a str,
    pub(super) language: Language,
}

impl Voice<'_> {
    /// A reply as we write it: `[joy] You came.` Nothing, if there are no words in it.
    pub(super) fn reply(&self, written: &str) -> Option<String> {
        let words = shortened(&self.words(written)?);
        Some(format!("[{}] {words}", feeling(written)))
    }

    /// What is said aloud of a text. Nothing, if there are no words in it.
    pub(super) fn words(&self, written: &str) -> Option<String> {
        let filled = fill(&written.replace(FAN, ""), self.name, FAN);
        let said = without_directions(&quoted(&filled).unwrap_or_else(|| filled.clone()));
        let has_words = |text: &String| text.contains(char::is_alphanumeric);
        [said, filled].into_iter().map(|text| self.tidy(&text)).find(has_words)
    }

    /// On one line, to nobody by name, without what means something to us.
    fn tidy(&self, text: &str) -> String {
        let mut text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for (from, to) in [(format!(", {FAN}"), ""), (format!("{FAN}, "), "")] {
            text = text.replace(&from, to);
        }
        let you = if self.language == Language::English { "you" } else { "" };
        let text = text.replace(FAN, you).replace('*', "");
        let text: String = text.chars().map(plain).collect();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// Brackets and braces mean feelings and slots in our files.
const fn plain(c: char) -> char {
    match c {
        '[' | '{' => '(',
        ']' | '}' => ')',
        other => other,
    }
}

/// What is said in quotes in a piece of prose; nothing, if it is none.
fn quoted(text: &str) -> Option<String> {
    let text = text.replace(['“', '”'], "\"");
    let parts: Vec<&str> = text.split('"').collect();
    let has_pairs = parts.len() >= 3 && parts.len() % 2 == 1;
    let is_speech =
        |part: &&&str| part.trim_end().ends_with(['.', '!', '?', '…', ',', '~', '—', '-']);
    let said: Vec<&str> =
        parts.iter().skip(1).step_by(2).filter(is_speech).map(|part| part.trim()).collect();
    (has_pairs && !said.is_empty()).then(|| said.join(" "))
}

/// Without what stands between asterisks, but for words that are only stressed.
fn without_directions(text: &str) -> String {
    let text = text.replace("**", "");
    let parts: Vec<&str> = text.split('*').collect();
    let mut said = String::new();
    let mut goes_on = false;
    for (at, part) in parts.iter().enumerate() {
        let is_inside = at % 2 == 1 && at + 1 < parts.len();
        let is_stressed = goes_on && !part.trim().contains(' ');
        if is_inside && !is_stressed {
            said.push(' ');
            continue;
        }
        said.push_str(part);
        if let Some(last) = part.trim_end().chars().next_back() {
            goes_on = last.is_alphanumeric() || last == '\'';
        }
    }
    said
}

/// The first sentences, as many as are not too long; a part of the first, if that is.
fn shortened(words: &str) -> String {
    let mut short = String::new();
    for sentence in sentences(words) {
        if !short.is_empty() {
            if short.chars().count() + sentence.chars().count() >= LONGEST {
                break;
            }
            short.push(' ');
        }
        short.push_str(&sentence);
    }
    match short.char_indices().nth(LONGEST) {
        Some((most, _)) => {
            let end = short[..most].rfind(' ').unwrap_or(most);
            format!("{}…", short[..end].trim_end())
        }
        None => short,
    }
}

/// The feeling that the words of a text show.
fn feeling(text: &str) -> Emotion {
    let folded = text.to_lowercase();
    let words = folded.split(|c: char| !c.is_alphanumeric());
    let shown = |word: &str| {
        STEMS.iter().find(|(_, stems)| stems.iter().any(|stem| word.starts_with(stem)))
    };
    words.filter_map(shown).next().map_or(Emotion::Neutral, |(emotion, _)| emotion.clone())
}

/// Titles that end with a full stop.
const TITLES: [&str; 6] = ["Mr", "Mrs", "Ms", "Dr", "St", "vs"];

fn is_title(before: &str) -> bool {
    before.rsplit(char::is_whitespace).next().is_some_and(|word| TITLES.contains(&word))
}

/// The sentences of a text, each on one line; what holds no words is left out.
pub(super) fn sentences(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in text.lines() {
        let mut start = 0;
        for (at, c) in line.char_indices() {
            let after = at + c.len_utf8();
            let is_last = line[after..].chars().next().is_none_or(char::is_whitespace);
            let closes = matches!(c, '"' | '”' | '\'' | '’' | ')')
                && line[..at].ends_with(['.', '!', '?', '…']);
            let ends = matches!(c, '。' | '！' | '？')
                || (is_last && (closes || matches!(c, '.' | '!' | '?' | '…')));
            if ends && !(c == '.' && is_title(&line[start..at])) {
                found.push(&line[start..after]);
                start = after;
            }
        }
        found.push(&line[start..]);
    }
    let folded =
        found.into_iter().map(|part| part.split_whitespace().collect::<Vec<_>>().join(" "));
    folded.filter(|sentence| sentence.contains(char::is_alphanumeric)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NURI: Voice<'_> = Voice { name: "Nuri", language: Language::English };

    #[test]
    fn only_what_is_said_aloud_is_left() {
        for (written, reply) in [
            ("*She smiles.* Evening, {{user}}!", "[joy] Evening!"),
            ("I *really* like fog. *winks*", "[playful] I really like fog."),
            ("Nuri sighs. \"You again?\" She pours. “Sit down.”", "[sad] You again? Sit down."),
            ("My song is \"Fog\", you know.", "[neutral] My song is \"Fog\", you know."),
            ("{{user}}, is {{user}} well?\n\nTell {{char}}.", "[neutral] is you well? Tell Nuri."),
            ("*waves*", "[neutral] waves"),
            ("[OOC: {slot}] Hi", "[neutral] (OOC: (slot)) Hi"),
            ("a * b", "[neutral] a b"),
        ] {
            assert_eq!(NURI.reply(written).as_deref(), Some(reply), "{written}");
        }
        assert_eq!(NURI.reply("* * ... \"\""), None);
    }

    #[test]
    fn a_long_reply_ends_with_a_sentence() {
        let reply = NURI.reply(&"This is said by her. ".repeat(80)).unwrap();
        assert!(reply.chars().count() <= LONGEST + 10 && reply.ends_with("her."), "{reply}");
        let reply = NURI.reply(&"너무 ".repeat(800)).unwrap();
        assert!(reply.chars().count() <= LONGEST + 12 && reply.ends_with('…'), "{reply}");
    }

    #[test]
    fn sentences_end_where_people_end_them() {
        let text = "Dr. Kim came. \"Go!\" He left…  Then\nfog? 안개였다。밤이다。\n---";
        let all =
            ["Dr. Kim came.", "\"Go!\"", "He left…", "Then", "fog?", "안개였다。", "밤이다。"];
        assert_eq!(sentences(text), all);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(\\*|\"|“|”|\\{\\{user\\}\\}|\\.|너|\\n| |\\PC){0,60}") {
            let _ = NURI.reply(&text);
            let _ = sentences(&text);
        }
    }
}
