//! Finds in a fan's message what is worth remembering.

mod check;
mod find;
mod forget;
mod name;
mod trim;

use super::{
    facts::{FactKey, FactKind, FanFact, MAX_QUOTE, SourceTurn, clipped},
    rules::{Rules, any_matches, languages_of},
    sentence::{Sentence, sentences},
    time::Timestamp,
};
use crate::persona::{AssetFileError, Language, PersonaId};

/// A message of a fan, and what it may depend on.
///
/// # Example
/// ```
/// use bevy_persona::{
///     mind::memory::{Said, Timestamp},
///     persona::Language,
/// };
///
/// let siwoo = "siwoo".parse()?;
/// let said = Said::new("im Mina", Language::English, &siwoo, 3, Timestamp(1_795_643_107));
/// assert_eq!(said.after("[joy] What should I call you?", "hi").turn, 3);
/// # Ok::<(), bevy_persona::persona::ParsePersonaIdError>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Said<'a> {
    /// What the fan wrote.
    pub text: &'a str,
    /// The language of the talk; a message is read in every language whose letters it has.
    pub language: Language,
    /// Who was told.
    pub member: &'a PersonaId,
    /// The number of the turn.
    pub turn: u64,
    /// When, in the fan's time.
    pub now: Timestamp,
    /// What she said before, to know what a bare "Wren" means.
    pub reply_before: Option<&'a str>,
    /// What the fan said before, to know that this is the secret that was announced.
    pub fan_before: Option<&'a str>,
}

impl<'a> Said<'a> {
    /// A message of which nothing before is known.
    #[must_use]
    pub const fn new(
        text: &'a str,
        language: Language,
        member: &'a PersonaId,
        turn: u64,
        now: Timestamp,
    ) -> Self {
        Self { text, language, member, turn, now, reply_before: None, fan_before: None }
    }

    /// The same message, after a reply of hers and the fan's message before that.
    #[must_use]
    pub const fn after(mut self, reply: &'a str, fan: &'a str) -> Self {
        self.reply_before = Some(reply);
        self.fan_before = Some(fan);
        self
    }
}

/// What a message asks to be done with what is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Forget everything under a key.
    Forget(FactKey),
    /// Forget what has to do with these words.
    ForgetAbout(Vec<String>),
    /// Forget everything.
    ForgetAll,
    /// What was told to a member in a turn stays with her.
    KeepSecret {
        /// With whom.
        member: PersonaId,
        /// The turn.
        turn: u64,
    },
    /// Wherever it stands, the old value was wrong.
    Correct {
        /// What was believed.
        old: String,
        /// What is so.
        new: String,
    },
}

/// What was found in a message.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Extraction {
    /// What the fan told.
    pub facts: Vec<FanFact>,
    /// What the fan wants done.
    pub commands: Vec<Command>,
    /// Whether it was told in confidence.
    pub secret: bool,
}

/// Finds in messages what is worth remembering, by the rules of a file. Without one it finds
/// nothing.
///
/// # Example
/// ```
/// use bevy_persona::{
///     mind::memory::{Extractor, Said, Timestamp},
///     persona::Language,
/// };
///
/// let rules = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/conduct/memory.toml");
/// let extractor = Extractor::from_toml("memory.toml", &std::fs::read_to_string(rules)?)?;
/// let siwoo = "siwoo".parse()?;
/// let said = |text| Said::new(text, Language::English, &siwoo, 0, Timestamp(1_795_643_107));
/// let found = extractor.extract(&said("hii im Mina and i have a turtle named Gus"));
/// assert_eq!(found.facts[0].value, "Mina");
/// assert_eq!(found.facts[1].value, "a turtle named Gus");
/// assert!(extractor.extract(&said("im tired")).facts.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Default)]
pub struct Extractor {
    pub(super) rules: Rules,
}

impl Extractor {
    /// Reads `memory.toml`; `file` is its name in errors.
    ///
    /// # Errors
    /// If it is no TOML, does not say what it should, or a pattern is no regular expression.
    pub fn from_toml(file: &str, text: &str) -> Result<Self, AssetFileError> {
        Ok(Self { rules: Rules::from_toml(file, text)? })
    }

    /// What a message tells. Facts have no number yet.
    #[must_use]
    pub fn extract(&self, said: &Said<'_>) -> Extraction {
        let mut found = Extraction { secret: self.announced(said), ..Extraction::default() };
        if let Some(commands) = self.forgetting(said.text) {
            found.commands = commands;
            return found;
        }
        let whole = self.without_quotes(&clipped(said.text, MAX_MESSAGE));
        let mut content = 0;
        for sentence in self.joined(sentences(&whole)) {
            let (text, is_secret) = self.without_secret_mark(&sentence.text);
            found.secret |= is_secret && self.question_in(&sentence.text).is_none();
            content += self.content_words(&text).count();
            self.find_in(&text, sentence.asks, &whole, said, &mut found);
        }
        self.bare_answer(said, &mut found);
        merge_pet_name(&mut found.facts);
        if found.secret {
            self.keep_secret(said, content > 0, &mut found);
        }
        found
    }

    /// "Fav color? Green." is one sentence.
    fn joined(&self, all: Vec<Sentence>) -> Vec<Sentence> {
        let mut joined: Vec<Sentence> = Vec::with_capacity(all.len());
        for sentence in all {
            let answers = |last: &&mut Sentence| {
                let is_open = |pattern: &regex::Regex| pattern.is_match(&last.text);
                last.asks && !sentence.asks && self.rules.joined.iter().any(is_open)
            };
            match joined.last_mut().filter(answers) {
                Some(last) => {
                    last.text = format!("{}: {}", last.text, sentence.text);
                    last.asks = false;
                }
                None => joined.push(sentence),
            }
        }
        joined
    }

    fn without_quotes(&self, text: &str) -> String {
        let cut =
            |text: String, pattern: &regex::Regex| pattern.replace_all(&text, " ").into_owned();
        self.rules.ignored.iter().fold(text.to_owned(), cut)
    }

    /// Marks what was found; a message that only asks for secrecy means what was told before it.
    fn keep_secret(&self, said: &Said<'_>, has_content: bool, found: &mut Extraction) {
        for fact in &mut found.facts {
            fact.private_to = Some(said.member.clone());
        }
        if !has_content && !any_matches(&self.rules.secret_opener, said.text) {
            let (member, turn) = (said.member.clone(), said.turn.saturating_sub(1));
            found.commands.push(Command::KeepSecret { member, turn });
        }
    }

    /// Whether the message before only announced a secret.
    fn announced(&self, said: &Said<'_>) -> bool {
        let Some(before) = said.fan_before else { return false };
        let mut secret = false;
        let mut content = 0;
        for sentence in sentences(&clipped(before, MAX_MESSAGE)) {
            let (text, is_secret) = self.without_secret_mark(&sentence.text);
            secret |= is_secret && self.question_in(&sentence.text).is_none();
            content += self.content_words(&text).count();
        }
        secret && (content <= 1 || any_matches(&self.rules.secret_opener, before))
    }

    /// The sentence without the words that ask for secrecy, and whether there were any.
    fn without_secret_mark(&self, sentence: &str) -> (String, bool) {
        let mut text = sentence.to_owned();
        for language in languages_of(sentence) {
            for pattern in self.rules.secret.get(&language).into_iter().flatten() {
                if pattern.is_match(&text) {
                    text = pattern.replace_all(&text, " , ").into_owned();
                }
            }
        }
        let is_secret = text != sentence;
        let edges = |c: char| c.is_whitespace() || ",.:-".contains(c);
        (text.trim_matches(edges).to_owned(), is_secret)
    }

    /// A fact as it is before it is learned.
    pub(super) fn fact(
        &self,
        said: &Said<'_>,
        key: FactKey,
        kind: FactKind,
        value: &str,
        confidence: f32,
    ) -> FanFact {
        let value = clipped(value, super::facts::MAX_VALUE);
        FanFact {
            id: super::facts::FactId::default(),
            key,
            value,
            kind,
            member: said.member.clone(),
            private_to: None,
            when: None,
            source: SourceTurn { turn: said.turn, quote: clipped(said.text, MAX_QUOTE) },
            confidence,
            learned: said.now,
            used: said.now,
            uses: 0,
            replaced: false,
        }
    }
}

/// How much of a message is read, in characters.
const MAX_MESSAGE: usize = 1_000;

/// "We adopted a puppy! His name is Waffle" is one pet.
fn merge_pet_name(facts: &mut Vec<FanFact>) {
    let nameless = |fact: &FanFact| fact.key == FactKey::PET && !fact.value.contains(" named ");
    let Some(name) = facts.iter().position(|fact| fact.key == FactKey::PET_NAME) else { return };
    let Some(pet) = facts.iter().position(nameless) else { return };
    let name = facts[name].value.clone();
    let is_korean = facts[pet].value.chars().any(crate::mind::text::is_hangul);
    let joint = if is_korean { " " } else { " named " };
    facts[pet].value = format!("{}{joint}{name}", facts[pet].value);
    facts.retain(|fact| fact.key != FactKey::PET_NAME);
}
