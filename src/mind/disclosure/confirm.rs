//! Short answers that confirm what the fan has guessed.

use super::canon;
use crate::hangul::is_syllable;

/// The answers, as words.
#[derive(Debug, Default)]
pub(super) struct Answers(Vec<String>);

/// What the reply says so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Confirms {
    No,
    /// It would, if it ended here.
    Open,
    Yes,
}

/// The sentence that is being said.
#[derive(Debug, Default)]
pub(super) struct Sentence {
    words: String,
    /// Where it begins.
    start: Option<u32>,
    is_later: bool,
}

impl Answers {
    pub(super) fn new<'a>(forms: impl IntoIterator<Item = &'a String>) -> Self {
        Self(forms.into_iter().map(|form| canon::words(form)).collect())
    }

    /// Whether the whole sentence is an answer.
    fn is_whole(&self, sentence: &str) -> bool {
        self.0.iter().any(|answer| answer == sentence)
    }

    /// Whether a reply that begins like this begins with an answer.
    fn begins(&self, reply: &str) -> bool {
        self.0.iter().any(|answer| {
            let Some(rest) = reply.strip_prefix(answer.as_str()) else { return false };
            // One syllable is the beginning of too much; what follows it must be an answer too.
            if answer.chars().count() == 1 {
                return rest.strip_prefix(' ').is_some_and(|rest| self.begins(rest));
            }
            let in_syllables = answer.chars().filter(|c| is_syllable(*c)).count() > 1;
            rest.is_empty() || rest.starts_with(' ') || in_syllables
        })
    }

    fn may_become(&self, reply: &str) -> bool {
        !reply.is_empty()
            && self.0.iter().any(|answer| {
                let rest = answer.strip_prefix(reply);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
            })
    }
}

impl Sentence {
    /// Goes on with a unit of the reply: as it was written, and its words.
    pub(super) fn read<'a>(
        &mut self,
        answers: &Answers,
        unit: &str,
        words: impl IntoIterator<Item = (&'a str, u32)>,
    ) -> Confirms {
        for (word, at) in words {
            if !self.words.is_empty() {
                self.words.push(' ');
            }
            self.words.push_str(word);
            self.start = self.start.or(Some(at));
        }
        let is_whole = answers.is_whole(&self.words);
        let (ends, pauses) = (unit.ends_with(ENDS), unit.ends_with(PAUSES));
        if (!self.is_later && answers.begins(&self.words)) || (is_whole && (ends || pauses)) {
            return Confirms::Yes;
        }
        if ends || (pauses && self.is_filler()) {
            self.is_later |= !self.is_filler();
            self.words.clear();
            self.start = None;
        }
        if is_whole { Confirms::Open } else { Confirms::No }
    }

    /// Where the sentence begins, if it may become an answer.
    pub(super) fn held(&self, answers: &Answers) -> Option<u32> {
        self.start.filter(|_| !self.is_later && answers.may_become(&self.words))
    }

    /// A sound before the first word, such as `um…`.
    fn is_filler(&self) -> bool {
        self.words.chars().count() <= 3
    }
}

const ENDS: [char; 9] = ['.', '!', '?', '…', '~', '。', '！', '？', '♪'];
const PAUSES: [char; 4] = [',', '，', '、', ':'];

#[cfg(test)]
mod tests {
    use super::*;

    fn read(reply: &str) -> Confirms {
        let forms = ["yes", "you're right", "네", "맞아요", "对"].map(String::from);
        let (answers, mut sentence) = (Answers::new(&forms), Sentence::default());
        let mut last = Confirms::No;
        for unit in reply.split(' ') {
            let words = canon::words(unit);
            last = sentence.read(&answers, unit, words.split(' ').map(|word| (word, 0)));
            if last == Confirms::Yes {
                break;
            }
        }
        last
    }

    #[test]
    fn an_answer_at_the_beginning_confirms() {
        for reply in
            ["Yes", "yes!", "Um… yes.", "You're right about it", "네, 그래", "맞아요~", "네 맞아요"]
        {
            assert_eq!(read(reply), Confirms::Yes, "{reply}");
        }
        assert_eq!(read("You saw it. Yes. Bye"), Confirms::Yes);
        assert_eq!(read("네"), Confirms::Open);
        for reply in ["Yesterday", "네 명이", "I say yes to tea", "对不起"] {
            assert_eq!(read(reply), Confirms::No, "{reply}");
        }
    }
}
