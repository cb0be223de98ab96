//! Tells a good reply from a bad one: what best-of-n needs.

use std::{collections::HashSet, sync::Arc};

use super::{
    Beat, ChatTurn, Demands, History, Locked,
    text::{fold, is_hangul, words},
};
use crate::persona::Language;

/// Scores replies to one message of the fan.
///
/// A small model's replies differ more in whether they make sense than in style, so the score asks
/// plain questions: is it about what the fan said, does it end, is it in the right language, does it
/// repeat itself or the fan, does it invent numbers or names, does it speak as an assistant would.
///
/// # Example
/// ```
/// use bevy_persona::{mind::{Beat, Emotion, History, Judge}, persona::Language};
///
/// let judge = Judge::new("I planted tomatoes on my balcony", &[], &History::default(), Language::English);
/// let says = |text: &str| vec![Beat { emotion: Emotion::Joy, intensity: 0.8, text: text.into() }];
/// let good = judge.score(&says("Tomatoes on your balcony! How tall are they?"));
/// let bad = judge.score(&says("As an AI language model I was born in 1998 in Ohio, and 12"));
/// assert!(good > 0.6 && bad < 0.3, "{good} {bad}");
/// ```
#[derive(Debug, Clone)]
pub struct Judge {
    fan: Arc<HashSet<String>>,
    given: Arc<HashSet<String>>,
    said: Arc<Vec<HashSet<String>>>,
    harmful: Arc<HashSet<String>>,
    fan_text: Arc<str>,
    language: Language,
    demands: Option<Arc<Demands>>,
    locked: Option<Arc<Locked>>,
}

/// Words that carry no topic.
const PLAIN: &[&str] = &[
    "a", "an", "the", "i", "i'm", "you", "your", "my", "me", "it", "it's", "is", "are", "am",
    "was", "were", "be", "been", "to", "of", "in", "on", "at", "and", "or", "but", "so", "do",
    "does", "did", "have", "has", "had", "that", "this", "what", "how", "why", "when", "who",
    "for", "with", "not", "no", "yes", "just", "really", "very", "can", "will", "would", "we",
    "they", "he", "she", "im", "u", "ur", "lol", "too", "up", "out", "about", "if", "as", "like",
    "get", "got", "today",
];

/// After so many words a small model mostly goes astray; each more counts against the reply.
const ENOUGH_WORDS: usize = 18;
const LONG: f32 = 0.01;

/// Words of one who warns.
const CAUTION: &[&str] =
    &["no", "not", "never", "without", "avoid", "allergic", "allergy", "free", "don't", "skip"];

/// Foods that are of a kind somebody may be allergic to; only the kind is remembered, as a rule.
const KINDS: &[(&[&str], &[&str])] = &[
    (
        &["dairy", "lactose", "milk"],
        &["milk", "butter", "cheese", "cream", "yogurt", "latte", "custard"],
    ),
    (
        &["nut", "treenut"],
        &["almond", "hazelnut", "walnut", "pecan", "cashew", "pistachio", "praline", "marzipan"],
    ),
    (&["peanut"], &["satay"]),
    (&["gluten", "wheat"], &["bread", "noodle", "pasta", "cake", "cookie", "toast", "ramen"]),
    (&["egg"], &["omelette", "meringue", "mayonnaise", "custard"]),
    (
        &["shellfish", "seafood"],
        &["shrimp", "crab", "lobster", "prawn", "clam", "oyster", "mussel"],
    ),
    (&["fish", "seafood"], &["salmon", "tuna", "cod", "sushi", "anchovy"]),
    (&["soy"], &["tofu", "miso", "edamame"]),
];

/// Numbers in words that say how many, how late or how long; small ones are figures of speech.
const NUMBERS: &[(&str, u32)] = &[
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
    ("thirteen", 13),
    ("fourteen", 14),
    ("fifteen", 15),
    ("sixteen", 16),
    ("seventeen", 17),
    ("eighteen", 18),
    ("nineteen", 19),
    ("twenty", 20),
    ("thirty", 30),
    ("forty", 40),
    ("fifty", 50),
    ("sixty", 60),
    ("seventy", 70),
    ("eighty", 80),
    ("ninety", 90),
    ("hundred", 100),
    ("thousand", 1000),
];

/// What an assistant says, and an idol does not.
const ASSISTANT: &[&str] = &[
    "as an ai",
    "language model",
    "i'm sorry, but",
    "how can i assist",
    "how can i help",
    "happy to help",
    "here's a",
    "here are",
    "in conclusion",
    "please provide",
    "[name]",
    "let me know if",
    "i cannot",
    "i'm here to help",
    "certainly!",
    "sure!",
    "the user",
    "the fan",
    "assistant",
    "instructions",
    "dear ",
];

impl Judge {
    /// A judge of replies to `fan`, who knows what the prompt gave (facts, memory) and what was said.
    #[must_use]
    pub fn new(fan: &str, given: &[&str], history: &History, language: Language) -> Self {
        let folded = fold(fan);
        let given = given.iter().flat_map(|text| content_words(&fold(text))).collect();
        let replies = history.turns.iter().rev().filter_map(|turn| match turn {
            ChatTurn::Idol(_) => Some(content_words(&fold(&turn.to_prompt()))),
            ChatTurn::Fan(_) => None,
        });
        Self {
            fan: Arc::new(content_words(&folded)),
            given: Arc::new(given),
            said: Arc::new(replies.take(6).collect()),
            harmful: Arc::default(),
            fan_text: folded.into(),
            language,
            demands: None,
            locked: None,
        }
    }

    /// The same for a moment of a scene: a reply that does not do what it must is worth nothing.
    #[must_use]
    pub fn demanding(mut self, demands: Demands) -> Self {
        self.demands = Some(Arc::new(demands));
        self
    }

    /// The same where something is locked: a reply that tells it is worth nothing.
    #[must_use]
    pub fn keeping(mut self, locked: Arc<Locked>) -> Self {
        self.locked = Some(locked);
        self
    }

    /// The same for a fan who must not be offered these, such as what they are allergic to: a reply
    /// that names one without a word of caution is worth nothing.
    #[must_use]
    pub fn avoiding<'a>(mut self, harmful: impl IntoIterator<Item = &'a str>) -> Self {
        let words = harmful.into_iter().flat_map(|text| content_words(&fold(text)));
        let words: Vec<_> = words.collect();
        let kinds =
            KINDS.iter().filter(|(kind, _)| words.iter().any(|word| kind.contains(&word.as_str())));
        let within = kinds.flat_map(|(_, foods)| foods.iter().flat_map(|food| content_words(food)));
        self.harmful = Arc::new(within.chain(words.iter().cloned()).collect());
        self
    }

    /// How good a reply is, 0..1.
    #[must_use]
    pub fn score(&self, reply: &[Beat]) -> f32 {
        let text: String = reply.iter().map(|beat| beat.text.as_str()).collect();
        let folded = fold(&text);
        let own: Vec<&str> = words(&folded).collect();
        let is_unfit = self.is_out_of_character(&folded) || !self.is_in_language(&text);
        if own.is_empty() || is_unfit || self.does_harm(&own) || self.breaks_a_bound(&text) {
            return 0.0;
        }
        let mut score = 0.35;
        score += 0.35 * self.topic(&folded);
        score +=
            if text.trim_end().ends_with(['.', '!', '?', '…', '"', '~']) { 0.15 } else { -0.15 };
        score += if (3..=45).contains(&own.len()) { 0.1 } else { -0.2 };
        score -= LONG * own.len().saturating_sub(ENOUGH_WORDS).min(20) as f32;
        score += if folded.contains('?') { 0.05 } else { 0.0 };
        score -= 0.5 * repetition(&own);
        score -= self.invention(&text);
        score -= self.told_before(&folded);
        score -= if own.len() > 3 && self.fan_text.contains(folded.trim_matches('.')) {
            0.4
        } else {
            0.0
        };
        score.clamp(0.0, 1.0)
    }

    fn is_out_of_character(&self, folded: &str) -> bool {
        let says = |phrase: &&&str| folded.contains(**phrase) && !self.fan_text.contains(**phrase);
        ASSISTANT.iter().find(says).is_some()
    }

    fn breaks_a_bound(&self, text: &str) -> bool {
        self.demands.as_ref().is_some_and(|demands| !demands.are_met_by(text))
            || self
                .locked
                .as_ref()
                .is_some_and(|locked| locked.finds_in_answer(&self.fan_text, text).is_some())
    }

    fn does_harm(&self, own: &[&str]) -> bool {
        let names_one = own.iter().any(|word| self.harmful.contains(&stem(word)));
        names_one && !own.iter().any(|word| CAUTION.contains(word))
    }

    fn is_in_language(&self, text: &str) -> bool {
        let letters = text.chars().filter(|c| c.is_alphabetic());
        let (all, hangul) = letters.fold((0usize, 0usize), |(all, hangul), c| {
            (all + 1, hangul + usize::from(is_hangul(c)))
        });
        match self.language {
            Language::Korean => hangul * 2 >= all,
            Language::English => hangul * 4 <= all && !text.chars().any(is_foreign),
            _ => true,
        }
    }

    /// How much of it is about what the fan said or what was given, 0..1.
    fn topic(&self, folded: &str) -> f32 {
        let own = content_words(folded);
        let shared =
            own.iter().filter(|word| self.fan.contains(*word) || self.given.contains(*word));
        match shared.count() {
            0 if self.fan.is_empty() => 0.7,
            0 => 0.0,
            1 => 0.7,
            _ => 1.0,
        }
    }

    /// Numbers and names that nobody gave.
    fn invention(&self, text: &str) -> f32 {
        let has = |word: &str| {
            self.fan.contains(word) || self.given.contains(word) || self.fan_text.contains(word)
        };
        let is_given = |word: &str| {
            let word = fold(word);
            has(&word) || other_spellings(&word).any(|other| has(&other))
        };
        let mut invented = 0;
        let mut opens = true;
        for word in text.split_whitespace() {
            let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
            let is_number =
                bare.chars().any(|c| c.is_ascii_digit()) || number(&fold(bare)).is_some();
            let is_name = !opens
                && bare.chars().count() > 1
                && bare.chars().next().is_some_and(char::is_uppercase)
                && !bare.starts_with("I'");
            invented += usize::from((is_number || is_name) && !is_given(bare));
            opens = word.ends_with(['.', '!', '?', '…', '"', ':']);
        }
        (0.15 * invented as f32).min(0.6)
    }

    /// How much it says again what she has just said.
    fn told_before(&self, folded: &str) -> f32 {
        let own = content_words(folded);
        let overlap = |said: &HashSet<String>| {
            let shared = own.intersection(said).count();
            shared as f32 / own.len().max(3) as f32
        };
        let most = self.said.iter().map(overlap).fold(0.0f32, f32::max);
        if most > 0.6 { 0.5 * most } else { 0.0 }
    }
}

fn number(word: &str) -> Option<u32> {
    NUMBERS.iter().find(|(name, _)| *name == word).map(|(_, value)| *value)
}

/// The same number in digits or in words.
fn other_spellings(word: &str) -> impl Iterator<Item = String> {
    let of_digits = word.parse().ok().and_then(|value: u32| {
        NUMBERS.iter().find(|(_, known)| *known == value).map(|(name, _)| (*name).to_owned())
    });
    number(word).map(|value| value.to_string()).into_iter().chain(of_digits)
}

fn is_foreign(c: char) -> bool {
    matches!(c, '\u{400}'..='\u{52f}' | '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}')
}

fn content_words(folded: &str) -> HashSet<String> {
    let carries = |word: &&str| word.chars().count() > 1 && !PLAIN.contains(word);
    words(folded).filter(carries).map(stem).collect()
}

/// A word without the endings that change most.
fn stem(word: &str) -> String {
    let bare = word.strip_suffix("'s").unwrap_or(word);
    let bare = bare.strip_suffix("ing").filter(|rest| rest.len() > 3).unwrap_or(bare);
    let bare = bare.strip_suffix("ed").filter(|rest| rest.len() > 3).unwrap_or(bare);
    bare.strip_suffix('s').filter(|rest| rest.len() > 2).unwrap_or(bare).to_owned()
}

/// How much a reply repeats its own runs of three words, 0..1.
fn repetition(own: &[&str]) -> f32 {
    let runs: Vec<&[&str]> = own.windows(3).collect();
    let different: HashSet<&[&str]> = runs.iter().copied().collect();
    if runs.is_empty() { 0.0 } else { 1.0 - different.len() as f32 / runs.len() as f32 }
}

/// Whether two texts have a word in common that says what they are about.
pub(super) fn shares_topic(a: &str, b: &str) -> bool {
    let (a, b) = (content_words(&fold(a)), content_words(&fold(b)));
    a.intersection(&b).any(|word| word.chars().count() > 3)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mind::Emotion;

    fn says(text: &str) -> Vec<Beat> {
        vec![Beat { emotion: Emotion::Neutral, intensity: 0.8, text: text.into() }]
    }

    fn score(fan: &str, reply: &str) -> f32 {
        Judge::new(fan, &[], &History::default(), Language::English).score(&says(reply))
    }

    #[test]
    fn a_reply_about_the_message_beats_one_that_is_not() {
        let fan = "my cat knocked over the plant again";
        let on = score(fan, "Your cat again? Is the plant all right?");
        assert!(on > score(fan, "It was a long day for the mountains. Are you there?"));
    }

    #[test]
    fn an_assistant_and_another_tongue_score_nothing() {
        assert!(score("hi", "As an AI language model, I am happy.") < 0.01);
        assert!(score("hi", "안녕하세요, 반가워요.") < 0.01);
        assert!(score("hi", "") < 0.01);
    }

    #[test]
    fn numbers_are_the_fans() {
        let fan = "it was at 4 in the morning, and i had slept for two hours";
        let right = score(fan, "Four in the morning, after two hours of sleep. Was it cold?");
        assert!(
            right > score(fan, "Seven in the morning, after nine hours of sleep. Was it cold?")
        );
    }

    #[test]
    fn nobody_is_offered_what_harms_them() {
        let judge = Judge::new("what should i bake", &[], &History::default(), Language::English)
            .avoiding(["peanuts"]);
        assert!(judge.score(&says("Bake a peanut cake! Who will eat it?")) < 0.01);
        assert!(judge.score(&says("Bake a cake without peanuts! Who will eat it?")) > 0.5);
    }

    #[test]
    fn who_must_not_have_dairy_is_not_offered_butter() {
        let judge = Judge::new("what can i drink", &[], &History::default(), Language::English)
            .avoiding(["dairy"]);
        assert!(judge.score(&says("Would you like a strawberry milk with butter?")) < 0.01);
    }

    #[test]
    fn a_scene_gets_what_it_demands() {
        let demands = Demands { must: Some("a question".into()), avoid: vec!["Ria".into()] };
        let judge =
            Judge::new("a song", &[], &History::default(), Language::English).demanding(demands);
        assert!(judge.score(&says("A song? Where did you hear it?")) > 0.5);
        assert!(judge.score(&says("A song is a fine thing to follow.")) < 0.01);
        assert!(judge.score(&says("A song? Did Ria sing it?")) < 0.01);
    }

    #[test]
    fn repeats_and_inventions_cost() {
        let fan = "how was your day";
        let plain = score(fan, "Quiet and slow. How was your day?");
        assert!(plain > score(fan, "It was a day it was a day it was a day it was a day."));
        assert!(plain > score(fan, "I met Robert Miller in Chicago at 9, your day was fine."));
    }
}
