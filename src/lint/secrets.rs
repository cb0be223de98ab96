//! What words give a secret away, whoever has heard it by now.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use crate::{
    mind::{
        disclosure::{Disclosure, Manner},
        lore::Unlock,
    },
    persona::PersonaId,
};

/// Secrets that are no secrets any more.
pub(super) type Open = BTreeSet<String>;

/// All secrets, and how they are noticed.
#[derive(Debug, Default)]
pub(super) struct Secrets {
    disclosure: Disclosure,
    /// The scene that opens each.
    scenes: BTreeMap<String, Unlock>,
}

/// A secret that words give away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Leak {
    pub(super) secret: String,
    /// The bytes of the words.
    pub(super) at: Range<usize>,
}

impl Secrets {
    pub(super) fn new(disclosure: Disclosure) -> Self {
        let scene =
            |unlock: Option<&str>| unlock.map_or(Unlock::Never, |s| Unlock::Scene(s.into()));
        let secrets = disclosure.secrets();
        let scenes = secrets.map(|(id, unlock)| (id.to_owned(), scene(unlock))).collect();
        Self { disclosure, scenes }
    }

    /// The ids.
    pub(super) fn ids(&self) -> impl Iterator<Item = &str> {
        self.scenes.keys().map(String::as_str)
    }

    pub(super) fn has(&self, id: &str) -> bool {
        self.scenes.contains_key(id)
    }

    /// The secrets that a finished scene has opened.
    pub(super) fn opened_by(&self, scene: &str) -> impl Iterator<Item = &str> {
        let is_opened = move |unlock: &Unlock| matches!(unlock, Unlock::Scene(of) if of == scene);
        self.scenes.iter().filter(move |(_, unlock)| is_opened(unlock)).map(|(id, _)| id.as_str())
    }

    /// The scene that opens a secret.
    pub(super) fn scene_of(&self, id: &str) -> Option<&str> {
        match self.scenes.get(id)? {
            Unlock::Scene(scene) => Some(scene),
            _ => None,
        }
    }

    /// Every secret that words of a member give away, but those that are open. What gives away an
    /// open one as well, such as a name that belongs to both, is free.
    pub(super) fn told(
        &self,
        fan: &str,
        words: &str,
        speaker: Option<&PersonaId>,
        open: &Open,
    ) -> Vec<Leak> {
        let closed = self.disclosure.locked_but(speaker, |id| open.contains(id));
        let others = self.disclosure.locked_but(speaker, |id| !open.contains(id));
        let mut left = words.to_owned();
        let mut told: Vec<Leak> = Vec::new();
        // Each turn takes at least one word away.
        for _ in 0..16 {
            let Some(leak) = closed.finds_in_answer(fan, &left) else { break };
            let at = trimmed(&left, leak.at.clone());
            let is_free = leak.manner == Manner::Certain
                && left.get(at.clone()).is_some_and(|said| others.finds(said).is_some());
            if !is_free && !told.iter().any(|before| *before.secret == *leak.id) {
                told.push(Leak { secret: leak.id.to_string(), at: at.clone() });
            }
            let Some(said) = left.get(at.clone()).filter(|said| !said.is_empty()) else { break };
            let blank: String = said.chars().map(|c| ". ".repeat(c.len_utf8())).collect();
            left.replace_range(at.clone(), &blank[..at.len()]);
        }
        told
    }

    /// A secret that the fan's own words tell.
    pub(super) fn probed(&self, words: &str, open: &Open) -> Option<String> {
        let closed = self.disclosure.locked_but(None, |id| open.contains(id));
        closed.probes(words).map(|probe| probe.id)
    }
}

/// The range without white space at its ends.
fn trimmed(text: &str, at: Range<usize>) -> Range<usize> {
    let said = text.get(at.clone()).unwrap_or_default();
    let start = at.start + (said.len() - said.trim_start().len());
    start..start + said.trim().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"
        [s1]
        subject = "who is gone"
        members = ["otto"]
        unlock = "tower"
        certain = { any = ["Ada"], en = ["the lost one"] }
        [s2]
        subject = "who taught her"
        members = ["berta"]
        unlock = "never"
        certain = { any = ["Ada"], en = ["my big sister"] }
    "#;

    fn told(words: &str, open: &[&str]) -> Vec<String> {
        let secrets = Secrets::new(Disclosure::from_toml("disclosure.toml", FILE).unwrap());
        let open = open.iter().map(ToString::to_string).collect();
        let told = secrets.told("", words, None, &open);
        told.into_iter().map(|leak| format!("{} {}", leak.secret, &words[leak.at])).collect()
    }

    #[test]
    fn a_name_that_two_secrets_share_is_free_with_the_first() {
        assert_eq!(told("It was Ada.", &[]).len(), 1);
        assert!(told("It was Ada.", &["s1"]).is_empty());
        assert_eq!(told("Ada was my big sister!", &["s1"]), ["s2 my big sister!"]);
        assert_eq!(told("She is the lost one.", &["s2"]), ["s1 the lost one."]);
    }

    #[test]
    fn scenes_open_their_secrets() {
        let secrets = Secrets::new(Disclosure::from_toml("disclosure.toml", FILE).unwrap());
        assert_eq!(secrets.opened_by("tower").collect::<Vec<_>>(), ["s1"]);
        assert_eq!((secrets.scene_of("s1"), secrets.scene_of("s2")), (Some("tower"), None));
        assert_eq!(secrets.ids().count(), 2);
    }
}
