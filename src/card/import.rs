//! From a card to a character of ours.

use super::{
    Card, Spec,
    book::{self, Told},
    spoken::Voice,
    talk::{Talk, talks},
    world::{Origin, World},
};
use crate::{
    mind::tongue::tongue,
    persona::{Example, Language, PersonaId, PersonaSheet},
};

/// How much of a card is looked at for its language, in characters.
const LOOKED_AT: usize = 4000;
/// How many exchanges stand in the persona, and how long they may be, in characters.
const EXAMPLES: usize = 3;
const EXAMPLE: usize = 300;

/// A character that was read from a card.
#[derive(Debug, Clone, PartialEq)]
pub struct Imported {
    /// Who it is.
    pub sheet: PersonaSheet,
    /// The language of the card.
    pub language: Language,
    /// What of the card is kept for an export, but not used.
    pub notes: Vec<String>,
    pub(super) world: World,
    pub(super) greetings: Vec<Greeting>,
    pub(super) talks: Vec<Talk>,
    pub(super) facts: Vec<Told>,
    pub(super) text: String,
}

/// A greeting of a card, and what we make of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Greeting {
    pub(super) original: String,
    /// Nothing, where it has no words.
    pub(super) line: Option<String>,
}

/// Makes a character of ours out of a card. The same card always gives the same.
///
/// See the [module](super) for an example.
#[must_use]
pub fn import(card: &Card, id: &PersonaId) -> Imported {
    let data = card.data();
    let language = language_of(card);
    let voice = Voice { name: data.called(), language };
    let mut world = World::of(data);
    let mut facts = Vec::new();
    if let Some(book) = &data.character_book {
        facts = book::facts(book, id, &voice);
        for (at, told) in book::constants(book, voice.name) {
            world.sentences.extend(told.into_iter().map(|told| (Origin::Entry(at), told)));
        }
    }
    let greetings = std::iter::once(&data.first_mes).chain(&data.alternate_greetings);
    let greeting =
        |original: &String| Greeting { original: original.clone(), line: voice.reply(original) };
    let mut imported = Imported {
        sheet: PersonaSheet::new(id.clone(), one_line(voice.name), world.role.clone()),
        language,
        notes: notes(card, facts.len()),
        greetings: greetings.map(greeting).collect(),
        talks: talks(&data.mes_example, &voice),
        world,
        facts,
        text: card.text().into(),
    };
    imported.fill_sheet();
    imported
}

impl Imported {
    fn fill_sheet(&mut self) {
        let mut examples: Vec<Example> = Vec::new();
        let first = self.talks.iter().filter_map(|talk| talk.turns.first());
        let hello =
            self.lines().next().map(|line| (hello(self.language)[0].to_owned(), line.into()));
        for (fan, idol) in first.cloned().chain(hello) {
            if examples.len() < EXAMPLES && idol.chars().count().max(fan.chars().count()) <= EXAMPLE
            {
                examples.push(Example { language: self.language, fan, idol });
            }
        }
        self.sheet.temperament = self.world.temperament.clone();
        self.sheet.world = self.world.sentences.iter().map(|(_, told)| told.clone()).collect();
        self.sheet.examples = examples;
    }

    /// The greetings as the character says them.
    pub(super) fn lines(&self) -> impl Iterator<Item = &str> + Clone {
        self.greetings.iter().filter_map(|greeting| greeting.line.as_deref())
    }
}

/// How fans greet.
pub(super) const fn hello(language: Language) -> [&'static str; 3] {
    match language {
        Language::English => ["hello", "hi", "hey"],
        Language::Korean => ["안녕", "안녕하세요", "하이"],
        Language::Japanese => ["こんにちは", "やあ", "こんばんは"],
        Language::Chinese => ["你好", "嗨", "您好"],
        Language::Spanish => ["hola", "buenas", "qué tal"],
        Language::French => ["bonjour", "salut", "coucou"],
        Language::German => ["hallo", "hi", "guten tag"],
        Language::Portuguese => ["olá", "oi", "bom dia"],
        Language::Indonesian => ["halo", "hai", "selamat malam"],
        Language::Thai => ["สวัสดี", "หวัดดี", "ฮัลโหล"],
        Language::Vietnamese => ["xin chào", "chào bạn", "chào"],
    }
}

pub(super) fn language_of(card: &Card) -> Language {
    let data = card.data();
    let texts = [&data.first_mes, &data.mes_example, &data.description, &data.personality];
    let mut text = texts.into_iter().flat_map(|text| text.chars().chain(" ".chars()));
    tongue(&text.by_ref().take(LOOKED_AT).collect::<String>(), Language::English)
}

pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What is kept, but not used.
fn notes(card: &Card, facts: usize) -> Vec<String> {
    let data = card.data();
    let instructs = [&data.system_prompt, &data.post_history_instructions];
    let entries = data.character_book.as_ref().map_or(0, |book| book.entries.len());
    let always = data.character_book.iter().flat_map(|book| &book.entries);
    let always = always.filter(|entry| entry.enabled && entry.constant && !entry.use_regex).count();
    let left = entries.saturating_sub(facts + always);
    let version =
        card.root().get("spec_version").and_then(|version| version.as_str()?.parse().ok());
    let is_newer = card.spec() == Spec::V3 && version.is_some_and(|version: f32| version > 3.0);
    let notes = [
        (
            instructs.iter().any(|text| !text.trim().is_empty()),
            "instructions for other programs (`system_prompt`, `post_history_instructions`): write what \
             matters under `conduct`"
                .to_owned(),
        ),
        (
            left > 0,
            format!(
                "{left} of {entries} lorebook entries: off, empty, without keys, or found by regular \
                 expressions"
            ),
        ),
        (!data.group_only_greetings.is_empty(), "greetings for groups".into()),
        (!data.assets.is_empty(), "pictures and other assets".into()),
        (is_newer, "what is newer than version 3.0".into()),
    ];
    notes.into_iter().filter(|(holds, _)| *holds).map(|(_, note)| note).collect()
}
