//! What comes before everything else: messages that need care, tongues she does not speak, messages
//! without words.

use super::{Answer, Source, Thinking};
use crate::mind::{
    Emotion, MAX_FAN_TEXT,
    conduct::{ConductKind, Flag, FlagSource},
};

impl Thinking<'_> {
    /// What is written for messages that surely need care, or that may be about life and death.
    pub(super) fn careful(&self) -> Option<Answer> {
        let flag = self.flag.as_ref()?;
        if flag.kind == ConductKind::PersonalData && self.is_question() {
            return self.line_for("unknown_private");
        }
        let is_sure = flag.by == FlagSource::Pattern || flag.kind.is_crisis();
        if is_sure { self.with_care(flag) } else { None }
    }

    /// What is written for messages that only look as if they need care, and are about nothing else.
    pub(super) fn likely_careful(&self) -> Option<Answer> {
        let flag = self.flag.as_ref()?;
        // Somebody is asked about, not spoken ill of.
        let is_harmless = flag.kind == ConductKind::RealPeople && self.is_question();
        if is_harmless { None } else { self.with_care(flag) }
    }

    /// A fan who was in danger a moment ago, and does not say that all is well.
    pub(super) fn still_in_danger(&self) -> Option<Answer> {
        let feeling = &self.appraisal.feeling;
        let glad = [Emotion::Joy, Emotion::Love, Emotion::Playful];
        let is_well = glad.iter().any(|emotion| feeling.score(emotion) >= 0.4);
        if self.ask.bond.carry.crisis == 0 || is_well {
            return None;
        }
        let (kind, by) = (ConductKind::SelfHarm, FlagSource::Pattern);
        self.with_care(&Flag { kind, by, case: None })
    }

    fn with_care(&self, flag: &Flag) -> Option<Answer> {
        let nth = usize::try_from(self.ask.bond.turns).unwrap_or_default();
        let member = &self.ask.sheet.id;
        let reply = self.library.conduct.as_ref()?.reply(flag, member, self.language, nth)?;
        Some(self.authored(reply, Source::Conduct(flag.kind)))
    }

    /// A bridge to a language that she speaks, where neither she nor the model speaks the fan's.
    pub(super) fn in_a_foreign_tongue(&self) -> Option<Answer> {
        let lines = self.library.lines(&self.ask.sheet.id)?;
        let is_hers = lines.has("smalltalk", self.language);
        if is_hers || self.speaker.speaks(self.language) {
            return None;
        }
        self.line_for("bridge")
    }

    /// A message of marks and pictures only, or one that is too long to be taken in.
    pub(super) fn wordless(&self) -> Option<Answer> {
        let fan = self.ask.fan;
        if fan.chars().count() >= MAX_FAN_TEXT {
            return self.line_for("too_long");
        }
        if fan.chars().any(char::is_alphanumeric) {
            return None;
        }
        self.felt().or_else(|| self.line_for("empty"))
    }
}
