//! Cuts a reply that is still being written into clauses that can be spoken already.

use std::ops::Range;

/// A part of a reply that can be spoken by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// The words, with what stands around them; all clauses of a reply together are the reply.
    pub text: String,
    /// Where it stands in the reply, in bytes.
    pub range: Range<usize>,
}

/// No clause is longer, in characters.
const LONGEST: usize = 200;
/// From how many characters on a comma ends a clause.
const COMMA: usize = 40;
/// The same for the first clause, which should be heard soon.
const FIRST_COMMA: usize = 10;
/// Sentences shorter than this are spoken with the next, in characters; but the first is not.
const SHORTEST: usize = 12;

/// The clauses of one reply, while it is written.
#[derive(Debug, Clone, Default)]
pub struct Clauses {
    /// What is not spoken yet.
    rest: String,
    /// Where that begins in the reply.
    start: usize,
}

impl Clauses {
    /// Adds what was written; gives the clauses that are whole now.
    pub fn push(&mut self, text: &str) -> impl Iterator<Item = Clause> {
        self.rest.push_str(text);
        let mut whole = Vec::new();
        while let Some(end) = clause_end(&self.rest, self.start == 0, false) {
            whole.push(self.take(end));
        }
        whole.into_iter()
    }

    /// Gives what is left, whole or not: nothing more comes, or what comes is said in another way.
    pub fn finish(&mut self) -> impl Iterator<Item = Clause> {
        let mut last = Vec::new();
        while let Some(end) = clause_end(&self.rest, self.start == 0, true) {
            last.push(self.take(end));
        }
        if !self.rest.is_empty() {
            let end = self.rest.len();
            last.push(self.take(end));
        }
        last.into_iter()
    }

    fn take(&mut self, end: usize) -> Clause {
        let after = self.rest.split_off(end);
        let text = std::mem::replace(&mut self.rest, after);
        let range = self.start..self.start + text.len();
        self.start = range.end;
        Clause { text, range }
    }
}

/// Where the first clause ends, if it is whole: behind its sign, the quotes that close there, and spaces.
///
/// What follows a sign decides whether it ends something; so while more may come, the last sign waits.
fn clause_end(text: &str, first: bool, all: bool) -> Option<usize> {
    let mut spoken = 0;
    let mut last_space = None;
    let (mut quotes, mut brackets) = (0_usize, 0_usize);
    for (count, (at, c)) in text.char_indices().enumerate() {
        if count >= LONGEST {
            // Without a place to breathe it is cut at a space, or anywhere.
            return Some(last_space.unwrap_or(at));
        }
        let next = at + c.len_utf8();
        match c {
            '(' | '[' | '（' => brackets += 1,
            ')' | ']' | '）' => brackets = brackets.saturating_sub(1),
            '"' | '“' | '”' | '「' | '」' => quotes += 1,
            ' ' => last_space = Some(next),
            _ => {}
        }
        spoken += usize::from(c.is_alphanumeric());
        let Some(strength) = strength(c) else { continue };
        let end = end_behind(text, next, all)?;
        let rest = &text[end..];
        if rest.is_empty() && !all || !ends_here(text, at, c, end) {
            continue;
        }
        // The sign before a closing quote ends the quote as well.
        let closed = text[next..end].chars().filter(|c| "\"“”「」".contains(*c)).count();
        let quoted = (quotes + closed) % 2 == 1;
        // `"Now!" she said`
        if closed > 0 && rest.starts_with(char::is_lowercase) {
            continue;
        }
        let closes = text[next..end].chars().filter(|c| ")]）".contains(*c)).count();
        let inside = brackets > closes || quoted;
        let long = match (strength, first) {
            (Strength::Sentence, true) => spoken > 0,
            (Strength::Sentence, false) => count + 1 >= SHORTEST && spoken > 0,
            (Strength::Comma, true) => count + 1 >= FIRST_COMMA && spoken > 0,
            (Strength::Comma, false) => count + 1 >= COMMA && spoken > 0,
        };
        if long
            && (!inside || strength == Strength::Sentence && count >= COMMA && brackets <= closes)
        {
            return Some(end);
        }
    }
    None
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Strength {
    Sentence,
    Comma,
}

fn strength(c: char) -> Option<Strength> {
    match c {
        '.' | '!' | '?' | '…' | '。' | '！' | '？' | '\n' => Some(Strength::Sentence),
        ',' | ';' | ':' | '—' | '–' | '、' | '，' => Some(Strength::Comma),
        _ => None,
    }
}

/// Behind more signs, closing quotes and brackets, and spaces; nothing if that is not clear yet.
fn end_behind(text: &str, from: usize, all: bool) -> Option<usize> {
    let rest = &text[from..];
    let signs = rest.trim_start_matches(|c| ".!?…。！？~\"”’'」)]）*".contains(c));
    let rest_of = signs.trim_start_matches([' ', '\n']);
    // An opening quote behind a space is not ours, and was not taken.
    (!rest_of.is_empty() || all).then_some(text.len() - rest_of.len())
}

/// Whether a sign ends something, and is not part of a number, an abbreviation, an ellipsis.
fn ends_here(text: &str, at: usize, c: char, end: usize) -> bool {
    let before = &text[..at];
    let behind = &text[at + c.len_utf8()..];
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let wide = matches!(c, '。' | '！' | '？' | '、' | '，' | '\n' | '—' | '…');
    if !wide && end == at + c.len_utf8() && end < text.len() {
        // `3.5`, `3,000`, `example.com`, `3:30`: no space follows.
        return false;
    }
    match c {
        '.' => {
            // The last of several dots decides.
            let follows = behind.chars().next();
            if follows.is_some_and(|c| ".!?…".contains(c)) {
                return false;
            }
            if before.ends_with('.') {
                return goes_on_anew(&text[end..]);
            }
            let word = before.rsplit([' ', '\n', '(', '"', '“']).next().unwrap_or_default();
            !(is_abbreviation(word) || is_list_number(before))
        }
        '…' => goes_on_anew(&text[end..]),
        '–' => text[..at].ends_with(' '),
        ',' => !(digit(before.chars().next_back()) && digit(behind.chars().next())),
        _ => true,
    }
}

/// Behind an ellipsis a sentence may go on: `well… you know`.
fn goes_on_anew(rest: &str) -> bool {
    rest.chars().next().is_none_or(|c| !c.is_lowercase())
}

/// `1.` at the beginning of a line.
fn is_list_number(before: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or_default().trim_start();
    !line.is_empty() && line.len() < 3 && line.chars().all(|c| c.is_ascii_digit())
}

fn is_abbreviation(word: &str) -> bool {
    const ABBREVIATIONS: [&str; 24] = [
        "dr", "mr", "mrs", "ms", "prof", "st", "mt", "sr", "jr", "vs", "e.g", "i.e", "no", "vol",
        "ft", "feat", "approx", "p.s", "a.m", "p.m", "jan", "feb", "nov", "dec",
    ];
    let lower = word.to_lowercase();
    // `no.` is more often an answer.
    let title = ABBREVIATIONS.contains(&&*lower) && (lower != "no" || word == "No");
    // `J.`, `U.S`
    let initials = word.chars().next().is_some_and(char::is_uppercase)
        && word != "I"
        && word.split('.').all(|part| part.chars().count() == 1);
    title || initials
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cut(text: &str) -> Vec<String> {
        let mut clauses = Clauses::default();
        let mut all: Vec<Clause> = clauses.push(text).collect();
        all.extend(clauses.finish());
        all.into_iter().map(|clause| clause.text).collect()
    }

    #[test]
    fn clauses_end_where_one_breathes() {
        for (text, expected) in [
            ("Hi! I missed you so much today.", vec!["Hi! ", "I missed you so much today."]),
            ("Hello Rafa, how was your day?", vec!["Hello Rafa, ", "how was your day?"]),
            (
                "I paid 3,000 won. It was 3.5 percent off.",
                vec!["I paid 3,000 won. ", "It was 3.5 percent off."],
            ),
            (
                "Dr. Kim came. He smiled a lot at us.",
                vec!["Dr. Kim came. ", "He smiled a lot at us."],
            ),
            ("Well… you know me. I sing all day.", vec!["Well… you know me. ", "I sing all day."]),
            ("Wait... what? I did not say that!", vec!["Wait... what? ", "I did not say that!"]),
            ("Yes. No. Maybe so, I think.", vec!["Yes. ", "No. Maybe so, I think."]),
            (
                "She said \"Go! Now!\" and left. I stayed at home.",
                vec!["She said \"Go! Now!\" and left. ", "I stayed at home."],
            ),
            (
                "안녕하세요! 오늘도 와 줘서 정말 고마워요.",
                vec!["안녕하세요! ", "오늘도 와 줘서 정말 고마워요."],
            ),
            ("ありがとう。またね。", vec!["ありがとう。", "またね。"]),
            (
                "We live at example.com now. Come and see it!",
                vec!["We live at example.com now. ", "Come and see it!"],
            ),
            (
                "See you at 3:30 then, at the usual place!",
                vec!["See you at 3:30 then, ", "at the usual place!"],
            ),
            ("", vec![]),
        ] {
            assert_eq!(cut(text), expected, "{text}");
        }
    }

    #[test]
    fn the_first_clause_comes_as_soon_as_it_is_whole() {
        let mut clauses = Clauses::default();
        assert_eq!(clauses.push("Hi").count(), 0);
        assert_eq!(clauses.push("!").count(), 0);
        let first: Vec<Clause> = clauses.push(" I").collect();
        assert_eq!(first, [Clause { text: "Hi! ".into(), range: 0..4 }]);
    }

    #[test]
    fn long_text_without_signs_is_cut_at_a_space() {
        let text = "la ".repeat(200);
        let clauses = cut(&text);
        assert!(
            clauses.iter().all(|clause| clause.chars().count() <= LONGEST && clause.ends_with(' '))
        );
        assert_eq!(clauses.concat(), text);
        assert_eq!(cut(&"한".repeat(500)).len(), 3);
    }

    proptest! {
        #[test]
        fn clauses_together_are_the_text(pieces in prop::collection::vec("[a-z.,!?…\"( )한1—\n]{0,12}|\\PC{0,6}", 0..40)) {
            let mut clauses = Clauses::default();
            let mut all: Vec<Clause> = Vec::new();
            for piece in &pieces {
                all.extend(clauses.push(piece));
            }
            all.extend(clauses.finish());
            let whole = pieces.concat();
            let mut at = 0;
            for clause in &all {
                prop_assert_eq!(clause.range.start, at);
                prop_assert_eq!(&whole[clause.range.clone()], &clause.text);
                prop_assert!(clause.text.chars().count() <= LONGEST + 40);
                at = clause.range.end;
            }
            prop_assert_eq!(at, whole.len());
        }

        #[test]
        fn it_is_the_same_in_pieces(text in "[a-z]{1,8}([ ,.!?…]{1,2}[a-zA-Z0-9]{1,8}){0,30}", step in 1_usize..9) {
            let mut clauses = Clauses::default();
            let mut all: Vec<String> = Vec::new();
            let letters: Vec<char> = text.chars().collect();
            for piece in letters.chunks(step) {
                all.extend(clauses.push(&piece.iter().collect::<String>()).map(|clause| clause.text));
            }
            all.extend(clauses.finish().map(|clause| clause.text));
            prop_assert_eq!(all, cut(&text));
        }
    }
}
