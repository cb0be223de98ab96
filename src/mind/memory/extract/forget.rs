//! What a fan wants forgotten or corrected.

use super::{Command, Extractor};
use crate::mind::{memory::rules::languages_of, text::fold};

impl Extractor {
    /// What a message wants forgotten, if it wants that.
    pub(super) fn forgetting(&self, text: &str) -> Option<Vec<Command>> {
        if self.rules.never_forget.iter().any(|pattern| pattern.is_match(text)) {
            return None;
        }
        let patterns = languages_of(text).filter_map(|language| self.rules.forget.get(&language));
        let groups = patterns.flatten().find_map(|pattern| pattern.captures(text))?;
        let what = fold(groups.name("what").map_or("", |what| what.as_str()));
        let is_all = what.is_empty()
            || self
                .rules
                .forget_all
                .iter()
                .any(|all| what == *all || what.starts_with(&format!("{all} ")));
        if is_all {
            return Some(vec![Command::ForgetAll]);
        }
        let asked = self.asked(&what);
        if asked.everything {
            return Some(vec![Command::ForgetAll]);
        }
        if asked.keys.is_empty() || !asked.specific.is_empty() {
            return Some(vec![Command::ForgetAbout(asked.words)]);
        }
        Some(asked.keys.into_iter().map(Command::Forget).collect())
    }

    /// "it's Minji, not Mina".
    pub(super) fn correct(&self, text: &str, commands: &mut Vec<Command>) {
        let patterns = languages_of(text).filter_map(|language| self.rules.correct.get(&language));
        let Some(groups) = patterns.flatten().find_map(|pattern| pattern.captures(text)) else {
            return;
        };
        let part = |name| groups.name(name).map(|part| part.as_str().trim().to_owned());
        if let (Some(old), Some(new)) = (part("old"), part("new")) {
            commands.push(Command::Correct { old, new });
        }
    }
}
