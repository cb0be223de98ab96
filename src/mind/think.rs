//! Decides how a message is answered: with authored words, or by the model, and then under which
//! directions.
//!
//! What can be decided without a model is decided here, in the order of how much depends on it: what
//! needs care, what must not be told, what is asked of the fan's own past, what the lore knows. The
//! model speaks where there is nothing better.

mod act;
mod answer;
mod care;
mod facts;
mod fan;
mod feel;
mod likeness;
mod speak;

use super::{
    Bond, ChatTurn, Direction, Emotion, History, Library, ModelSize, Moment, PromptForm, Standing,
    Unlocked,
    conduct::{ConductKind, Flag, FlagSource},
    feeling::{Appraisal, Feelings},
    memory::{Command, Extraction, FanFact, FanMemory, Said, Timestamp},
    relationship::RelationEvent,
    tongue::tongue,
};
use crate::persona::{Language, PersonaSheet};
pub use act::{Act, act};
pub use answer::{Answer, Source};

/// A message, and all that its answer may depend on.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// Who is asked.
    pub sheet: &'a PersonaSheet,
    /// What the fan wrote, as [`fan_text`](super::fan_text) gives it.
    pub fan: &'a str,
    /// The language in which they talked so far.
    pub language: Language,
    /// What was said before.
    pub history: &'a History,
    /// What is between them.
    pub bond: &'a Bond,
    /// What is known of the fan.
    pub memory: &'a FanMemory,
    /// The scenes the fan has finished.
    pub unlocked: &'a Unlocked,
    /// What happens around them, a sentence each.
    pub scene: &'a [String],
    /// When it is asked.
    pub now: Timestamp,
}

impl<'a> Ask<'a> {
    /// How the fan stands with her.
    #[must_use]
    pub fn standing(&self) -> Standing<'a> {
        let affinity = self.bond.relationship.affinity();
        Standing { member: &self.sheet.id, affinity, unlocked: self.unlocked }
    }
}

/// What is known of the model that may answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Speaker {
    /// How large it is.
    pub size: ModelSize,
    /// The languages it speaks; none stands for all.
    pub languages: Option<Vec<Language>>,
    /// Whether it was fine-tuned on the character who is asked.
    pub is_tuned: bool,
}

impl Default for Speaker {
    /// A small model that speaks English.
    fn default() -> Self {
        Self { size: ModelSize::Small, languages: Some(vec![Language::English]), is_tuned: false }
    }
}

impl Speaker {
    /// The form of the prompts that suit it.
    #[must_use]
    pub fn form(&self) -> PromptForm {
        if self.is_tuned { PromptForm::tuned(self.size) } else { self.size.into() }
    }

    /// Whether it speaks a language well enough to be heard.
    #[must_use]
    pub fn speaks(&self, language: Language) -> bool {
        self.languages.as_ref().is_none_or(|known| known.contains(&language))
    }

    /// The language in which it is asked to answer: the fan's, or the one it speaks best.
    #[must_use]
    pub fn nearest(&self, language: Language) -> Language {
        let best = self.languages.as_ref().and_then(|known| known.first().copied());
        if self.speaks(language) { language } else { best.unwrap_or(language) }
    }
}

/// What a message made her think.
#[derive(Debug, Clone)]
pub struct Thought {
    /// The language of the message, in which she answers.
    pub language: Language,
    /// How she answers.
    pub answer: Answer,
    /// What about the message needs care.
    pub flagged: Option<ConductKind>,
    /// What the fan feels, and what suits it.
    pub appraisal: Appraisal,
    /// What the fan told of themself.
    pub learned: Vec<FanFact>,
    /// What the fan wants forgotten.
    pub commands: Vec<Command>,
    /// What the message does to how they get along.
    pub events: Vec<RelationEvent>,
}

/// One message being thought about.
struct Thinking<'a> {
    library: &'a Library,
    ask: &'a Ask<'a>,
    speaker: &'a Speaker,
    standing: Standing<'a>,
    language: Language,
    flag: Option<Flag>,
    appraisal: Appraisal,
    told: Extraction,
    /// What like dialogues are about, with their parts of the vote.
    topics: Vec<(String, f32)>,
}

/// Decides how a message is answered. Takes about a millisecond.
///
/// # Example
/// ```
/// use bevy_persona::{
///     mind::{Ask, Bond, FanMemory, History, Library, Speaker, Timestamp, Unlocked, think},
///     persona::{Language, PersonaSheet},
/// };
///
/// let otto = PersonaSheet::new("otto".parse()?, "Otto", "a guard");
/// let lines = ("otto.lines.toml", "[empty]\nen = [\"[neutral] Say something.\"]");
/// let ask = Ask {
///     sheet: &otto,
///     fan: "...",
///     language: Language::English,
///     history: &History::default(),
///     bond: &Bond::default(),
///     memory: &FanMemory::default(),
///     unlocked: &Unlocked::new(),
///     scene: &[],
///     now: Timestamp(0),
/// };
/// let thought = think(&Library::from_files([lines])?, &ask, &Speaker::default());
/// assert_eq!(thought.answer.authored(), Some("[neutral] Say something."));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn think(library: &Library, ask: &Ask<'_>, speaker: &Speaker) -> Thought {
    let thinking = Thinking::of(library, ask, speaker);
    let answer = thinking.answer();
    thinking.thought(answer)
}

/// Lets the model find the words, whatever was written for the message: to hear what a model says by
/// itself, or in a scene that is to be improvised. What it is told, and what it must not say, is the
/// same as in [`think`]; a message that needs care is answered with care all the same.
#[must_use]
pub fn improvise(library: &Library, ask: &Ask<'_>, speaker: &Speaker) -> Thought {
    let thinking = Thinking::of(library, ask, speaker);
    let answer = thinking.careful().unwrap_or_else(|| thinking.improvised());
    thinking.thought(answer)
}

impl<'a> Thinking<'a> {
    fn of(library: &'a Library, ask: &'a Ask<'a>, speaker: &'a Speaker) -> Self {
        let language = tongue(ask.fan, ask.language);
        let member = &ask.sheet.id;
        let flag = library.conduct.as_ref().and_then(|conduct| conduct.check(ask.fan));
        let feelings = library.feelings.as_ref();
        let appraise = |f: &Feelings| f.appraise(member, ask.fan, language, &ask.bond.carry);
        let told = match flag {
            Some(Flag { by: FlagSource::Pattern, .. }) => Extraction::default(),
            _ => {
                let said = Said::new(ask.fan, language, member, ask.bond.turns, ask.now);
                let idol = ask.history.last_reply().map(ChatTurn::words).unwrap_or_default();
                let fan = ask.history.last_message().unwrap_or_default();
                library.memory.extract(&said.after(&idol, fan))
            }
        };
        Self {
            appraisal: feelings.map(appraise).unwrap_or_default(),
            standing: ask.standing(),
            topics: library.exemplars.topics(ask.fan, language),
            library,
            ask,
            speaker,
            language,
            flag,
            told,
        }
    }

    fn thought(self, answer: Answer) -> Thought {
        let Self { language, flag, appraisal, told, topics, .. } = self;
        let Extraction { facts: learned, commands, .. } = told;
        let flagged = flag.map(|flag| flag.kind);
        let conduct = flagged.map(ConductKind::as_str);
        let events = RelationEvent::of_exchange(&appraisal.feeling, conduct, &topics);
        Thought { language, answer, flagged, appraisal, learned, commands, events }
    }

    fn answer(&self) -> Answer {
        self.careful()
            .or_else(|| self.in_a_foreign_tongue())
            .or_else(|| self.wordless())
            .or_else(|| self.about_the_fan())
            .or_else(|| self.withheld())
            .or_else(|| self.of_the_scene())
            .or_else(|| self.lore_says())
            .or_else(|| self.likely_careful())
            .or_else(|| self.still_in_danger())
            .or_else(|| self.noted())
            .or_else(|| self.like_before())
            .or_else(|| self.unknown())
            .or_else(|| self.felt())
            .unwrap_or_else(|| self.spoken())
    }

    /// An authored line for a moment, in the language of the message.
    ///
    /// One that opens with a feeling that suits the message well, if there is one.
    fn line(&self, moment: &str) -> Option<&'a str> {
        let lines = self.library.lines(&self.ask.sheet.id)?;
        let (history, turns) = (self.ask.history, self.ask.bond.turns);
        let pick = |least| {
            let fits = |line: &str| self.suits(line, least);
            lines.pick_where(moment, self.language, history, turns, fits)
        };
        pick(0.15).or_else(|| pick(0.02)).or_else(|| pick(-1.0))
    }

    /// Whether words open with a feeling that suits the message at least so well (0..1), and show
    /// none that does not.
    fn suits(&self, written: &str, least: f32) -> bool {
        let tags = written.split('[').filter_map(|part| part.split_once(']')?.0.parse().ok());
        let tags: Vec<Emotion> = tags.collect();
        let weights = &self.appraisal.weights;
        let weight = |tag: &Emotion| {
            weights.iter().find(|(emotion, _)| emotion == tag).map_or(0.0, |(_, weight)| *weight)
        };
        let opens_well = weights.is_empty() || tags.first().is_none_or(|tag| weight(tag) >= least);
        let never = &self.appraisal.never;
        opens_well && (least < 0.0 || !tags.iter().any(|tag| never.contains(tag)))
    }

    /// Whether the model finds better words than those that were written.
    fn model_is_trusted(&self) -> bool {
        self.speaker.size == ModelSize::Large && self.speaker.speaks(self.language)
    }

    /// Whether the model talks as the character does: its words are then preferred to written ones that
    /// are only like what is wanted.
    fn model_is_herself(&self) -> bool {
        self.model_is_trusted() || (self.speaker.is_tuned && self.speaker.speaks(self.language))
    }

    /// Whether no feeling asks for an answer of its own.
    fn is_calm(&self) -> bool {
        let feeling = &self.appraisal.feeling;
        let is_weak =
            |emotion: &Emotion| *emotion == Emotion::Neutral || feeling.score(emotion) < 0.5;
        !feeling.grief && feeling.strongest.as_ref().is_none_or(is_weak)
    }

    /// Whether the fan feels something that comes before any question.
    fn is_moved(&self) -> bool {
        self.appraisal.feeling.is_heavy()
    }

    fn authored(&self, line: impl Into<String>, source: Source) -> Answer {
        Answer::Authored { line: line.into(), source }
    }

    /// The answer that is written for a moment.
    fn line_for(&self, moment: &'static str) -> Option<Answer> {
        self.line(moment).map(|line| self.authored(line, Source::Line(moment)))
    }
}
