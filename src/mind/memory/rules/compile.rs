//! Makes what the file says ready to be used.

use std::collections::{BTreeMap, HashMap};

use regex::Regex;

use super::{
    Rule, Rules, Topic, WhenWords, Words,
    file::{Alike, Allow, Everything, Note, RuleEntry, RuleFile, TopicEntry},
    shapes::Compiler,
};
use crate::{
    mind::content::{ByLanguage, fault, read_toml},
    persona::{AssetFileError, Language, Place},
};

/// The version of the file's form that this code reads.
const VERSION: u32 = 1;

impl RuleFile {
    pub fn read(file: &str, text: &str) -> Result<Self, AssetFileError> {
        let read: Self = read_toml(file, 1, text)?;
        if read.version == VERSION {
            return Ok(read);
        }
        let place = Place::of_byte(text, text.find("version").unwrap_or(0));
        let problem = format!("this is version {}; version {VERSION} is read", read.version);
        Err(fault(file, place, "version", problem))
    }

    pub fn compiled(self, file: &str, text: &str) -> Result<Rules, AssetFileError> {
        let compiler = Compiler { file, text, shapes: &self.shapes };
        let by_language = |field: &str, lists: &ByLanguage<Vec<String>>| {
            let list = lists.iter();
            let read = list.map(|(language, list)| Ok((*language, compiler.all(field, list)?)));
            read.collect::<Result<_, AssetFileError>>()
        };
        let pair = |field: &str, en: &[String], ko: &[String]| {
            let lists = [(Language::English, en.to_vec()), (Language::Korean, ko.to_vec())].into();
            by_language(field, &lists)
        };
        let (en, ko) = (std::slice::from_ref::<String>, std::slice::from_ref::<String>);
        let rules = Rules {
            skip: pair("skip", &self.skip.en, &self.skip.ko)?,
            joined: compiler.all("skip.joined", &self.skip.joined)?,
            soft_ask: pair("ask", &self.ask.soft_en, &self.ask.soft_ko)?,
            soft_about: compiler.all("ask.soft_about", &self.ask.soft_about)?,
            soft_short: Some(compiler.one("ask.soft_short", &self.ask.soft_short)?),
            never_soft: compiler.all("ask.soft_not", &self.ask.soft_not)?,
            ignored: compiler.all("skip.ignored", &self.skip.ignored)?,
            secret: by_language("secret", &self.secret)?,
            secret_opener: by_language("secret_opener", &self.secret_opener)?,
            asked_name: by_language("asked_name", &self.asked_name)?,
            correct: by_language("correct", &self.correct)?,
            forget: pair("forget", &self.forget.en, &self.forget.ko)?,
            never_forget: compiler.all("forget.never", &self.forget.never)?,
            ask: pair("ask", &self.ask.en, &self.ask.ko)?,
            never_ask: pair("ask", &self.ask.not_en, &self.ask.not_ko)?,
            greeting: pair("allow", en(&self.allow.greeting_en), ko(&self.allow.greeting_ko))?,
            note: pair("note", en(&self.note.en), ko(&self.note.ko))?,
            reply_promise: by_language("reply_promise", &self.reply_promise)?,
            rules: rules_of(&compiler, &self.rules)?,
            when: when_of(&compiler, self.when)?,
            members: self.members,
            ..Rules::default()
        };
        Ok(Rules { forget_all: self.forget.all.into_iter().collect(), ..rules }
            .with_questions(self.topics, self.everything, self.alike)
            .with_words(self.things, self.stop, self.allow)
            .with_small_words(self.trim, self.note, self.turned_en))
    }
}

fn rules_of(
    compiler: &Compiler<'_>,
    entries: &[RuleEntry],
) -> Result<ByLanguage<Vec<Rule>>, AssetFileError> {
    let mut rules = ByLanguage::<Vec<Rule>>::new();
    for entry in entries {
        let one = |pattern: &Option<String>| {
            pattern.as_ref().map(|pattern| compiler.one("rules", pattern)).transpose()
        };
        rules.entry(entry.language).or_default().push(Rule {
            key: entry.key.clone(),
            kind: entry.kind,
            filter: entry.filter,
            confidence: entry.confidence.clamp(0.0, 1.0),
            in_question: entry.in_question,
            dated: entry.dated,
            needs_when: entry.needs_when,
            needs: one(&entry.needs)?,
            needs_before: one(&entry.needs_before)?,
            unless_before: one(&entry.unless_before)?,
            compose: entry.compose.clone(),
            patterns: compiler.all("rules", &entry.patterns)?,
        });
    }
    Ok(rules)
}

fn when_of(
    compiler: &Compiler<'_>,
    when: ByLanguage<WhenWords>,
) -> Result<ByLanguage<(Vec<Regex>, WhenWords)>, AssetFileError> {
    when.into_iter()
        .map(|(language, words)| {
            let patterns = compiler.all("when", &words.patterns)?;
            Ok((language, (patterns, words)))
        })
        .collect()
}

impl Rules {
    fn with_questions(
        mut self,
        topics: Vec<TopicEntry>,
        everything: Everything,
        alike: Alike,
    ) -> Self {
        let both = |en, ko| [(Language::English, en), (Language::Korean, ko)].into();
        self.topics = topics
            .into_iter()
            .map(|entry| Topic { keys: entry.keys, words: both(entry.en, entry.ko) })
            .collect();
        self.everything = both(everything.en, everything.ko);
        self.secret_words = both(everything.secret_en, everything.secret_ko);
        for (group, words) in alike.groups.into_iter().enumerate() {
            for word in words {
                self.alike.entry(word).or_insert(group);
            }
        }
        self.specific = alike.specific;
        self
    }

    fn with_words(
        mut self,
        things: BTreeMap<String, Vec<String>>,
        stop: BTreeMap<String, Vec<String>>,
        allow: Allow,
    ) -> Self {
        for (thing, words) in things {
            self.things.extend(words.into_iter().map(|word| (word, thing.clone())));
        }
        let sets = |lists: BTreeMap<String, Vec<String>>| -> Words {
            lists.into_iter().map(|(list, words)| (list, words.into_iter().collect())).collect()
        };
        self.stop = sets(stop);
        let lists = [
            ("job", allow.job),
            ("ko_job", allow.ko_job),
            ("name", allow.name),
            ("ko_name", allow.ko_name),
        ];
        self.allow = sets(lists.map(|(list, words)| (list.to_owned(), words)).into());
        self.syllables = allow.ko_syllables.chars().collect();
        self.surnames = allow.ko_surnames.chars().collect();
        self.not_name_ends = allow.not_name_ends;
        self
    }

    fn with_small_words(
        mut self,
        trim: BTreeMap<String, Vec<String>>,
        note: Note,
        turned: HashMap<String, String>,
    ) -> Self {
        self.trim = trim;
        self.plain = note.words.into_iter().collect();
        self.dull = note.dull.into_iter().collect();
        self.orders = note.orders.into_iter().collect();
        self.turned = turned;
        self
    }
}
