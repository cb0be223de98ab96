//! Checks whether what a pattern caught is what the rule looks for.

use super::{
    Extractor,
    trim::{Side, trimmed},
};
use crate::mind::{
    memory::{
        korean::{bare_name, without_particle},
        rules::Filter,
    },
    text::{fold, is_hangul, words},
};

const ARTICLES: [&str; 6] = ["a", "an", "the", "my", "our", "this"];

/// The longest thing, in words.
const MAX_WORDS: usize = 9;
/// The longest Korean thing, in words.
const MAX_KOREAN_WORDS: usize = 4;

impl Extractor {
    /// The value without words that do not belong to it, if it passes the check.
    pub(super) fn checked(&self, value: &str, filter: Filter, message: &str) -> Option<String> {
        match filter {
            Filter::Name => self.name(value),
            Filter::MaybeName => self.maybe_name(value, message),
            Filter::KoName | Filter::MaybeKoName if !value.chars().any(is_hangul) => {
                self.name(value)
            }
            Filter::KoName => self.korean_name(value),
            Filter::MaybeKoName => self.maybe_korean_name(value, message),
            Filter::Age => age(value),
            Filter::Member => self.member(value),
            Filter::KoThing | Filter::KoPlace => self.korean_thing(value, filter),
            Filter::Text | Filter::Pet | Filter::KoPet => self.tidied(value),
            Filter::Date => {
                let value = self.tidied(value)?;
                let is_date = value.chars().any(|c| c.is_ascii_digit()) || self.names_day(&value);
                is_date.then_some(value)
            }
            Filter::Job => {
                let value = self.tidied(value)?;
                let folded = fold(&value);
                let last = words(&folded).last()?;
                self.rules.is_allowed("job", last).then_some(value)
            }
            Filter::KoJob => {
                let value = self.tidied(value)?;
                let last = value.rsplit(' ').next()?;
                let ends = |job: &String| last.ends_with(job.as_str());
                let known = self.rules.allow.get("ko_job")?.iter().any(ends);
                (known && !self.rules.is_stopped("ko_place", &value)).then_some(value)
            }
            Filter::Event => self.event(value),
            Filter::Place => self.thing(value, "place"),
            Filter::Thing => self.thing(value, "thing"),
        }
    }

    /// The names of pets or people: "Miso and Soba", "콩이랑 팥".
    pub(super) fn checked_names(&self, names: &str, filter: Filter) -> Option<String> {
        if names.chars().any(is_hangul) {
            let name = bare_name(names.trim());
            let stopped = self.rules.is_stopped("ko_name", name) && filter != Filter::KoPet;
            return (!stopped).then(|| name.to_owned());
        }
        let mut kept: Vec<&str> = Vec::new();
        for name in names.split(' ') {
            let folded = fold(name);
            let is_and = ["and", "&", "n", "und"].contains(&folded.as_str());
            if !is_and && (self.rules.is_stopped("name", &folded) || folded.len() < 2) {
                break;
            }
            kept.push(name);
        }
        while kept.last().is_some_and(|last| ["and", "&", "n", "und"].contains(last)) {
            kept.pop();
        }
        (!kept.is_empty()).then(|| kept.join(" "))
    }

    fn names_day(&self, value: &str) -> bool {
        crate::mind::memory::when::find_when(&self.rules, value, Default::default()).is_some()
    }

    fn member(&self, value: &str) -> Option<String> {
        let value = self.tidied(value)?;
        let folded = fold(&value);
        let is_member = |word: &str| self.rules.is_stopped("member", word);
        words(&folded).any(is_member).then_some(value)
    }

    fn thing(&self, value: &str, list: &str) -> Option<String> {
        let value = self.tidied(value)?;
        let folded = fold(&value);
        let all: Vec<&str> = words(&folded).collect();
        let begins = |count: usize| {
            all.get(..count).is_some_and(|front| self.rules.is_stopped(list, &front.join(" ")))
        };
        let fits = (1..=MAX_WORDS).contains(&all.len()) && value.chars().any(char::is_alphabetic);
        (fits && !(1..=4).any(begins)).then_some(value)
    }

    /// What happens, without its article: no verb stands in it, and it is more than "exam".
    fn event(&self, value: &str) -> Option<String> {
        let value = self.thing(value, "thing")?;
        let is_article = |front: &str| ARTICLES.contains(&fold(front).as_str());
        let bare = value.split_once(' ').filter(|(front, _)| is_article(front));
        let bare = bare.map_or(value.as_str(), |(_, rest)| rest);
        let folded = fold(bare);
        let has_verb = words(&folded).any(|word| self.rules.is_stopped("event_word", word));
        let fits = !has_verb && !self.rules.is_stopped("event", &folded);
        fits.then(|| bare.to_owned())
    }

    fn korean_thing(&self, value: &str, filter: Filter) -> Option<String> {
        let list = if filter == Filter::KoPlace { "ko_place" } else { "ko_thing" };
        let value = self.tidied(value)?;
        let value = if filter == Filter::KoThing {
            without_particle(&value, self.rules.trim.get("ko_keeps").map_or(&[], Vec::as_slice))
        } else {
            &value
        };
        let stopped = |word: &str| self.rules.is_stopped(list, word);
        let first = value.split(' ').next()?;
        let ends = self.rules.trim.get("ko_not_ends").map_or(&[][..], Vec::as_slice);
        let is_half = ends.iter().any(|end| value.ends_with(end.as_str()));
        let fits = words(value).count() <= MAX_KOREAN_WORDS && !value.is_empty() && !is_half;
        (fits && !stopped(value) && !stopped(first)).then(|| value.to_owned())
    }

    /// The value without fillers around it.
    pub(in crate::mind::memory) fn tidied(&self, value: &str) -> Option<String> {
        let is_korean = value.chars().any(is_hangul);
        let list = |name: &str| self.rules.trim.get(name).map_or(&[][..], Vec::as_slice);
        let (lead, tail) = if is_korean { ("lead_ko", "tail_ko") } else { ("lead_en", "tail_en") };
        let value = trimmed(value, list(lead), Side::Front);
        let value = trimmed(value, list(tail), Side::Back);
        (!value.is_empty()).then(|| value.to_owned())
    }
}

/// A number of years, in digits or words.
fn age(value: &str) -> Option<String> {
    let value = value.trim();
    let fits = match value.parse::<u32>() {
        Ok(years) => (5..=110).contains(&years),
        Err(_) => {
            let folded = fold(value);
            let last = folded.split([' ', '-']).next_back()?;
            NUMBERS.contains(&last) || NUMBERS.contains(&folded.split([' ', '-']).next()?)
        }
    };
    fits.then(|| value.to_owned())
}

const NUMBERS: [&str; 28] = [
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
    "thirty",
    "forty",
    "fourty",
    "fifty",
    "sixty",
    "seventy",
    "eighty",
    "ninety",
    "one",
    "two",
    "three",
    "four",
    "five",
];
