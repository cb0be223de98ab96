//! How a fact is said to the fan.

use super::{
    extract::Extractor,
    facts::{FactKind, FanFact, When},
    question::Asked,
    recall::part_said,
    sentence::{Sentence, sentences},
    time::{Day, Timestamp},
};
use crate::{
    mind::text::{fold, is_hangul},
    persona::{Birthday, Language},
};

/// The longest sentence that is said again, in characters.
const MAX_SENTENCE: usize = 80;

impl Extractor {
    /// A fact in few words that can stand in a line of hers: `a turtle named Gus`,
    /// `chemistry exam on friday`, `you're knitting a scarf for your grandmother`.
    ///
    /// What the fan said of themself is turned round; Korean sentences are quoted instead. Days are
    /// said as they are seen from `now`.
    #[must_use]
    pub fn spoken(&self, fact: &FanFact, language: Language, now: Timestamp) -> String {
        let is_sentence = matches!(fact.kind, FactKind::Note | FactKind::Private);
        let Some(when) = &fact.when else { return self.in_her_words(&fact.value, is_sentence) };
        let when_spoken = spoken_when(when, language, now);
        if fact.kind == FactKind::Date {
            let is_date = when.said.chars().any(|c| c.is_ascii_digit());
            return if is_date { fact.value.clone() } else { when_spoken };
        }
        if fact.value.contains(&when.said) {
            let value = fact.value.replace(&when.said, &when_spoken);
            return self.in_her_words(&value, is_sentence);
        }
        let value = self.in_her_words(&fact.value, is_sentence);
        let is_korean = language == Language::Korean;
        if is_korean { format!("{when_spoken} {value}") } else { format!("{value} {when_spoken}") }
    }

    /// What answers a question: the fact in few words, or the fan's sentence if the question asks
    /// for something that only the sentence holds.
    #[must_use]
    pub fn told(
        &self,
        asked: &Asked,
        fact: &FanFact,
        language: Language,
        now: Timestamp,
    ) -> String {
        let short = self.spoken(fact, language, now);
        let has_name =
            fact.value.contains(" named ") || (!fact.value.is_ascii() && fact.value.contains(' '));
        if asked.named && !has_name && ["pet", "family"].contains(&fact.key.as_str()) {
            return self.in_her_words(&fact.source.quote, true);
        }
        let said = part_said(&format!("{} {short}", fact.key), &asked.words, self);
        let value: Vec<String> = self.telling_words(&fact.value).collect();
        let better = sentences(&fact.source.quote).into_iter().find(|sentence| {
            let holds_value = part_said(&sentence.text, &value, self) > 0.99;
            holds_value && part_said(&sentence.text, &asked.words, self) > said
        });
        let better = better.or_else(|| self.fuller(fact)).or_else(|| self.whole(asked, fact));
        match better {
            Some(sentence) if fact.kind != FactKind::Note => {
                self.in_her_words(&sentence.text, true)
            }
            _ => short,
        }
    }

    /// The sentence in which something that happens was told, if it says more than the fact does.
    fn fuller(&self, fact: &FanFact) -> Option<Sentence> {
        let said_when = fact.when.as_ref().map_or("", |when| &when.said);
        let known = fold(&format!("{} {said_when}", fact.value));
        sentences(&fact.source.quote).into_iter().find(|sentence| {
            let more = |word: &String| !known.contains(word.as_str());
            let value = fold(&fact.value);
            fact.kind == FactKind::Event
                && sentence.text.chars().count() <= MAX_SENTENCE
                && fold(&sentence.text).contains(&value)
                && self.content_words(&sentence.text).filter(more).count() > 1
        })
    }

    /// The sentence that names a pet or a person, if the question asks for more than the name.
    fn whole(&self, asked: &Asked, fact: &FanFact) -> Option<Sentence> {
        if asked.named || !["pet", "family", "friend", "partner"].contains(&fact.key.as_str()) {
            return None;
        }
        let value = self.telling_words(&fact.value);
        let value: Vec<String> =
            value.filter(|word| !self.rules.is_stopped("naming", word)).collect();
        sentences(&fact.source.quote).into_iter().find(|sentence| {
            sentence.text.chars().count() <= MAX_SENTENCE
                && part_said(&sentence.text, &value, self) > 0.99
        })
    }

    fn in_her_words(&self, text: &str, is_sentence: bool) -> String {
        let is_korean = text.chars().any(is_hangul);
        match (is_korean, is_sentence) {
            (true, true) => format!("\u{201c}{text}\u{201d}"),
            (true, false) => text.to_owned(),
            (false, _) => self.turned(text),
        }
    }

    /// The fan's words, from her mouth: "my sister" is "your sister".
    fn turned(&self, text: &str) -> String {
        let words: Vec<&str> = text.split(' ').collect();
        let mut out: Vec<String> = Vec::with_capacity(words.len());
        let mut at = 0;
        while at < words.len() {
            let pair = words.get(at..at + 2).map(|pair| pair.join(" "));
            let turned_pair = pair.as_deref().and_then(|pair| self.turned_words(pair));
            at += if turned_pair.is_some() { 2 } else { 1 };
            let one = || self.turned_words(words[at - 1]);
            out.push(turned_pair.or_else(one).unwrap_or_else(|| words[at - 1].to_owned()));
        }
        out.join(" ")
    }

    fn turned_words(&self, words: &str) -> Option<String> {
        let bare = words.trim_end_matches([',', '.', ':']);
        let turned = self.rules.turned.get(&fold(bare))?;
        Some(format!("{turned}{}", &words[bare.len()..]))
    }
}

/// A day as it is seen from `now`: "tomorrow", "on friday", "on 27 November".
fn spoken_when(when: &When, language: Language, now: Timestamp) -> String {
    let Some(day) = when.day else { return when.said.clone() };
    let is_korean = language == Language::Korean;
    let ahead = day.0.saturating_sub(now.day().0);
    let names_weekday = fold(&when.said).contains("day") || when.said.contains("요일");
    let is_relative = fold(&when.said).starts_with("today") || !names_weekday;
    match (ahead, is_korean) {
        _ if when.said.chars().any(|c| c.is_ascii_digit()) && !is_ago(&when.said) => {
            when.said.clone()
        }
        (0, true) => "오늘".to_owned(),
        (0, false) => "today".to_owned(),
        (1, true) if is_relative => "내일".to_owned(),
        (1, false) if is_relative => "tomorrow".to_owned(),
        (1..=13, _) if names_weekday => with_on(&when.said),
        _ => date(day, is_korean),
    }
}

/// "in 3 days" means another day tomorrow; "3 march" does not.
fn is_ago(said: &str) -> bool {
    let folded = fold(said);
    let units = ["day", "week", "month", "hour", "ago", "뒤", "후", "전"];
    units.iter().any(|unit| folded.contains(unit))
}

/// "friday" is said "on friday".
fn with_on(said: &str) -> String {
    let first = said.split(' ').next().unwrap_or_default().to_ascii_lowercase();
    let is_bare = first.ends_with("day") && !first.starts_with("to");
    if is_bare { format!("on {said}") } else { said.to_owned() }
}

fn date(day: Day, is_korean: bool) -> String {
    let (_, month, date) = day.date();
    if is_korean {
        return format!("{month}월 {date}일");
    }
    let small = |n: u32| u8::try_from(n).unwrap_or(1);
    format!("on {}", Birthday { month: small(month), day: small(date) })
}
