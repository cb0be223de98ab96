//! Something that a member says in a scene, until it was said.

use bevy::prelude::*;

use super::{
    Narration,
    beat::{Hall, Now},
    inbox::ReplyNotice,
    theatre::Theatre,
};
use crate::{
    cue::Gesture,
    dialogue::{AnswerFan, AskId, Improvise, Perform},
    mind::{Act, Palette, Segment, TagParser},
    persona::PersonaId,
};

/// Seconds for which nobody waits any longer: for the first word, for the first word while the model still
/// loads, and for the last word.
const FIRST_WORD: f32 = 30.0;
const FIRST_WORD_WHILE_LOADING: f32 = 6.0;
const LAST_WORD: f32 = 120.0;

/// Something that is said in a scene.
#[derive(Debug)]
pub(super) struct Speech {
    pub(super) member: PersonaId,
    words: Words,
    gesture: Option<String>,
    state: State,
    /// Seconds in this state.
    seconds: f32,
    /// Seconds since the first word.
    shown: f32,
    was_cut: bool,
}

/// Where the words come from.
#[derive(Debug, Clone)]
pub(super) enum Words {
    /// They are written, with their tags.
    Written(String),
    /// She finds her own words for a moment.
    Improvised {
        /// What was said to her.
        fan: String,
        act: Box<Act>,
    },
    /// She answers the fan as she does outside of scenes.
    Answer(String),
}

#[derive(Debug, PartialEq)]
enum State {
    /// She is to begin, once she has arrived.
    New,
    Asked(Entity, AskId),
    Begun(Entity, AskId),
    /// All words have come; none, if it failed.
    Worded(Entity, Option<String>),
    /// It stays to be read for some more seconds.
    Shown(f32, Option<String>),
    Over(Option<String>),
}

impl Speech {
    pub(super) fn new(member: PersonaId, words: Words) -> Self {
        Self {
            member,
            words,
            gesture: None,
            state: State::New,
            seconds: 0.0,
            shown: 0.0,
            was_cut: false,
        }
    }

    pub(super) fn with_gesture(mut self, gesture: Option<String>) -> Self {
        self.gesture = gesture;
        self
    }

    /// Words of nobody.
    pub(super) fn narration(text: &str, now: &mut Now<'_, '_, '_>) -> Self {
        let nobody = now.hall.host.clone();
        let mut speech = Self::new(nobody, Words::Written(text.into()));
        speech.narrate(text.into(), now.theatre);
        speech
    }

    /// What was said in the end; none before that, and if nothing was.
    pub(super) fn said(&self) -> Option<&str> {
        match &self.state {
            State::Over(text) | State::Shown(_, text) => text.as_deref(),
            _ => None,
        }
    }

    pub(super) fn is_over(&self) -> bool {
        matches!(self.state, State::Over(_))
    }

    /// Hears what became of it.
    pub(super) fn notice(&mut self, notice: &ReplyNotice) {
        match (&self.state, notice) {
            (State::Asked(entity, ask), ReplyNotice::Began(began)) if ask == began => {
                self.enter(State::Begun(*entity, *ask));
            }
            (
                State::Asked(entity, ask) | State::Begun(entity, ask),
                ReplyNotice::Ended(ended, text),
            ) if ask == ended => self.enter(State::Worded(*entity, text.clone())),
            _ => {}
        }
    }

    /// Moves on by a frame; gives whether it is over.
    pub(super) fn advance(&mut self, now: &mut Now<'_, '_, '_>) -> bool {
        let dt = now.theatre.real.delta_secs();
        self.seconds += dt;
        if !matches!(self.state, State::New | State::Asked(..)) {
            self.shown += dt;
            if let (Some(motion), Some(entity)) = (self.gesture.take(), self.entity()) {
                now.theatre.commands.trigger(Gesture { entity, motion });
            }
        }
        match self.state {
            State::New => self.begin(now),
            State::Asked(entity, _) => self.wait_for_the_first_word(entity, now.theatre),
            State::Begun(entity, _) => {
                if !now.theatre.has(entity) {
                    self.enter(State::Over(None));
                } else if self.seconds > LAST_WORD {
                    now.theatre.interrupt(entity);
                    self.enter(State::Worded(entity, Some(String::new())));
                }
            }
            State::Worded(entity, _) => self.wait_for_her_voice(entity, now.theatre),
            State::Shown(..) | State::Over(_) => {}
        }
        if let State::Shown(left, text) = &mut self.state {
            *left -= now.theatre.time.delta_secs();
            if *left <= 0.0 {
                self.state = State::Over(text.take());
            }
        }
        self.is_over()
    }

    /// What is said is cut short.
    ///
    /// What is not begun, because she still walks, is begun at once.
    pub(super) fn cut(&mut self, now: &mut Now<'_, '_, '_>) {
        match &mut self.state {
            State::New => now.hall.arrive(),
            State::Asked(entity, _) | State::Begun(entity, _) | State::Worded(entity, _) => {
                self.was_cut = true;
                now.theatre.interrupt(*entity);
            }
            State::Shown(left, _) => *left = 0.0,
            State::Over(_) => {}
        }
    }

    /// Nobody waits for the rest.
    pub(super) fn drop_rest(&self, theatre: &mut Theatre<'_, '_>) {
        if let Some(entity) = self.entity() {
            theatre.interrupt(entity);
        }
    }

    fn entity(&self) -> Option<Entity> {
        match self.state {
            State::Asked(entity, _) | State::Begun(entity, _) | State::Worded(entity, _) => {
                Some(entity)
            }
            State::New | State::Shown(..) | State::Over(_) => None,
        }
    }

    fn enter(&mut self, state: State) {
        self.state = state;
        self.seconds = 0.0;
    }

    fn begin(&mut self, now: &mut Now<'_, '_, '_>) {
        let Some(entity) = now.theatre.find(&self.member) else {
            self.do_without_her(now.theatre, now.hall);
            return;
        };
        if now.hall.is_walking(entity) {
            return;
        }
        let ask = now.theatre.ids.draw();
        let commands = &mut now.theatre.commands;
        match self.words.clone() {
            Words::Written(line) => {
                let fan = std::mem::take(&mut now.hall.fan_said);
                commands.trigger(Perform { entity, ask, fan, line });
            }
            Words::Improvised { fan, act } => {
                commands.trigger(Improvise { entity, ask, fan, act: *act });
            }
            Words::Answer(text) => commands.trigger(AnswerFan { entity, ask, text }),
        }
        now.hall.speaker = Some(self.member.clone());
        self.enter(State::Asked(entity, ask));
    }

    fn wait_for_the_first_word(&mut self, entity: Entity, theatre: &mut Theatre<'_, '_>) {
        if !theatre.has(entity) {
            self.enter(if self.was_cut { State::Over(None) } else { State::New });
            return;
        }
        let patience =
            if theatre.is_model_loading() { FIRST_WORD_WHILE_LOADING } else { FIRST_WORD };
        if self.seconds > patience {
            theatre.interrupt(entity);
            self.enter(State::Worded(entity, None));
        }
    }

    fn wait_for_her_voice(&mut self, entity: Entity, theatre: &mut Theatre<'_, '_>) {
        let State::Worded(_, text) = &mut self.state else { return };
        if text.is_none() && !self.was_cut {
            self.fall_back(theatre);
            return;
        }
        if theatre.is_speaking(entity) && self.seconds < LAST_WORD {
            return;
        }
        let text = text.take();
        let pause = text.as_deref().map_or(0.0, |text| theatre.pace.seconds_for(text));
        let stays = !self.was_cut && !theatre.is_voiced(entity);
        let left = if stays { (pause - self.shown).max(0.0) } else { 0.0 };
        self.enter(State::Shown(left, text));
    }

    /// It could not be said.
    fn fall_back(&mut self, theatre: &mut Theatre<'_, '_>) {
        match &self.words {
            Words::Improvised { act, .. } if !act.fallback.is_empty() => {
                self.words = Words::Written(act.fallback.clone());
                self.enter(State::New);
            }
            Words::Written(line) => {
                let text = without_tags(line);
                self.narrate(text, theatre);
            }
            Words::Improvised { .. } | Words::Answer(_) => self.enter(State::Over(None)),
        }
    }

    /// She is not there: her line is told.
    fn do_without_her(&mut self, theatre: &mut Theatre<'_, '_>, hall: &Hall) {
        let line = match &self.words {
            Words::Written(line) => line,
            Words::Improvised { act, .. } => &act.fallback,
            Words::Answer(_) => "",
        };
        let text = without_tags(line);
        if text.is_empty() {
            self.enter(State::Over(None));
            return;
        }
        let name = theatre.name(&self.member, hall.language);
        self.narrate(format!("{name}: {text}"), theatre);
    }

    fn narrate(&mut self, text: String, theatre: &mut Theatre<'_, '_>) {
        let left = theatre.pace.seconds_for(&text);
        theatre.commands.trigger(Narration(text));
        self.enter(State::Shown(left, None));
    }
}

/// The words of a line.
fn without_tags(line: &str) -> String {
    let (segments, _) = TagParser::read(Palette::default(), line);
    let words = segments.into_iter().filter_map(|segment| match segment {
        Segment::Text(text) => Some(text),
        Segment::Emotion(_) => None,
    });
    words.collect::<String>().trim().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_told_without_its_tags() {
        assert_eq!(without_tags("[sad:0.7] You came. [joy] At last."), "You came. At last.");
        assert_eq!(without_tags(""), "");
    }
}
