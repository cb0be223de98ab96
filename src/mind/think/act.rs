//! How a moment of a scene is played in her own words.

use std::sync::Arc;

use super::{Answer, Ask, Library, Source, Speaker, Thinking, Thought};
use crate::mind::{ChatTurn, Choice, Demands, Direction, Judge, ModelSize, memory::Extraction};

/// What an improvised reply should do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Act {
    /// What she should get across, in a sentence or two.
    pub brief: String,
    /// With whom she talks; nobody stands for the fan.
    pub partner: Option<String>,
    /// What her words must do and must not say.
    pub demands: Demands,
    /// What is said where no reply is good enough: a written line, with or without tags.
    pub fallback: String,
}

/// How many replies a small model makes, of which the best is said.
const CANDIDATES: usize = 4;
/// How many a large one may make, so that one of them does what the scene demands.
const RETRIES: usize = 2;
/// A small model's reply that is worse is not said where a line is written for that.
const FLOOR: f32 = 0.85;
/// The same where none is: nearly anything is better than silence.
const BARE_FLOOR: f32 = 0.6;
/// A large model's reply that is worse breaks a demand, is in another language or falls out of character.
const LARGE_FLOOR: f32 = 0.05;

/// Lets her play a moment of a scene in her own words.
///
/// What she must not tell is the same as in [`think`](super::think()), and a fan who needs care is
/// answered with care. Where the model does not speak the language, or no reply does what the scene
/// demands, the written line is said.
///
/// # Example
/// ```
/// use bevy_persona::{
///     mind::{
///         Act, Ask, Bond, Demands, FanMemory, History, Library, Speaker, Timestamp, Unlocked, act,
///     },
///     persona::{Language, PersonaSheet},
/// };
///
/// let otto = PersonaSheet::new("otto".parse()?, "Otto", "a guard");
/// let ask = Ask {
///     sheet: &otto,
///     fan: "문 좀 열어 주세요",
///     language: Language::Korean,
///     history: &History::default(),
///     bond: &Bond::default(),
///     memory: &FanMemory::default(),
///     unlocked: &Unlocked::new(),
///     scene: &[],
///     now: Timestamp(0),
/// };
/// let ask_for_the_word = Act {
///     brief: "He asks for the password.".into(),
///     demands: Demands { must: Some("a question".into()), ..Demands::default() },
///     fallback: "[neutral] 암호는요?".into(),
///     ..Act::default()
/// };
/// // This model speaks English only.
/// let thought = act(&Library::default(), &ask, &Speaker::default(), &ask_for_the_word);
/// assert_eq!(thought.answer.authored(), Some("[neutral] 암호는요?"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn act(library: &Library, ask: &Ask<'_>, speaker: &Speaker, act: &Act) -> Thought {
    let mut thinking = Thinking::of(library, ask, speaker);
    if act.partner.is_some() {
        // What another member says is no message of the fan.
        (thinking.flag, thinking.told) = (None, Extraction::default());
        thinking.language = ask.language;
    }
    if ask.fan.trim().is_empty() {
        thinking.language = ask.language;
    }
    let answer = match &act.partner {
        None => thinking.careful().or_else(|| thinking.withheld()),
        Some(_) => None,
    };
    let answer = answer.unwrap_or_else(|| thinking.acted(act));
    thinking.thought(answer)
}

impl Thinking<'_> {
    /// The model plays the moment, where it speaks the language; the written line else.
    fn acted(&self, act: &Act) -> Answer {
        // Small models lose the thread where members talk with each other.
        let is_written_better = act.partner.is_some()
            && self.speaker.size == ModelSize::Small
            && !act.fallback.is_empty();
        if !self.speaker.speaks(self.language) || is_written_better {
            return self.authored(&*act.fallback, Source::Scene);
        }
        let Answer::Model { mut moment, direction, .. } = self.spoken_of(&[]) else {
            return self.authored(&*act.fallback, Source::Scene);
        };
        moment.scene.insert(0, act.note());
        let shown = self.shown_how(act);
        let written = shown[1].words();
        if self.speaker.size == ModelSize::Small && !act.fallback.is_empty() {
            moment.exemplars.insert(0, shown);
        }
        let mut given: Vec<&str> = vec![&act.brief, &written, moment.memory.as_str()];
        given.extend(self.ask.scene.iter().map(String::as_str));
        let mut judge = Judge::new(self.ask.fan, &given, self.ask.history, self.language)
            .avoiding(self.harmful())
            .demanding(act.demands.clone())
            .not_reading_out(&act.brief);
        if let Some(watch) = &direction.watch {
            judge = judge.keeping(Arc::clone(&watch.locked));
        }
        let (candidates, floor) = match self.speaker.size {
            ModelSize::Small if act.fallback.is_empty() => (CANDIDATES, BARE_FLOOR),
            ModelSize::Small => (CANDIDATES, FLOOR),
            ModelSize::Large => (RETRIES, LARGE_FLOOR),
        };
        let choice = Choice { candidates, judge, floor, fallback: act.fallback.as_str().into() };
        let direction = Direction { choice: Some(choice), ..*direction };
        Answer::Model { moment, direction: Box::new(direction), facts: Vec::new() }
    }

    /// The written line as an example of what is meant: a small model follows an example better than
    /// a note.
    fn shown_how(&self, act: &Act) -> [ChatTurn; 2] {
        let palette = &self.ask.sheet.emotions;
        [ChatTurn::Fan("…".into()), crate::mind::prompt::authored_turn(palette, &act.fallback)]
    }
}

impl Act {
    /// What the model reads of the moment.
    fn note(&self) -> String {
        let brief = self.brief.trim();
        let stop = if brief.ends_with(['.', '!', '?']) { "" } else { "." };
        match &self.partner {
            None => format!("{brief}{stop}"),
            Some(partner) => format!("She talks with {partner} about {brief}{stop}"),
        }
    }
}
