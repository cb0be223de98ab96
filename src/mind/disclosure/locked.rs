//! What must not be told to one fan.

use std::{fmt, ops::Range, sync::Arc};

use super::{
    cloaks::Cloak,
    confirm::Answers,
    overlap::{Facts, Instructions},
    patterns::Books,
    rules::Secret,
    scan::{Context, Cutter, Scanner, Verdict},
};
use crate::persona::PersonaId;

/// What all that is locked has in common.
#[derive(Default)]
pub(super) struct Shared {
    pub(super) secrets: Vec<Secret>,
    pub(super) books: Books,
    pub(super) answers: Answers,
    pub(super) window: u32,
    /// The name of leaks of instructions.
    pub(super) instructions: Arc<str>,
}

impl fmt::Debug for Shared {
    /// Names the secrets and does not tell them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.secrets.iter().map(|secret| &secret.id)).finish()
    }
}

/// What a member must not tell a fan. Copies share what is large.
///
/// Made by [`Disclosure::locked`](super::Disclosure::locked).
///
/// # Example
/// ```
/// use bevy_persona::mind::{Standing, Unlocked, disclosure::Disclosure};
///
/// let secrets = r#"
///     [treasure]
///     subject = "where the treasure is"
///     members = ["otto"]
///     unlock = "map_room"
///     certain = { en = ["under the old oak"] }
/// "#;
/// let secrets = Disclosure::from_toml("disclosure.toml", secrets)?;
/// let (otto, unlocked) = ("otto".parse()?, Unlocked::new());
/// let standing = Standing { member: &otto, affinity: 90.0, unlocked: &unlocked };
/// let locked = secrets.locked(&standing);
/// let leak = locked.finds("It lies u-n-d-e-r the 0ld 0ak!").unwrap();
/// assert_eq!(&*leak.id, "treasure");
/// assert!(locked.finds("I sat under the oak.").is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default)]
pub struct Locked {
    pub(super) shared: Arc<Shared>,
    /// For each secret, whether it is locked.
    pub(super) closed: Arc<[bool]>,
    pub(super) speaker: Option<PersonaId>,
    pub(super) facts: Arc<Facts>,
    pub(super) instructions: Arc<Instructions>,
}

impl fmt::Debug for Locked {
    /// Names the locked secrets and does not tell them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let secrets = self.shared.secrets.iter().zip(&*self.closed);
        let locked = secrets.filter(|(_, closed)| **closed).map(|(secret, _)| &secret.id);
        f.debug_set().entries(locked).finish()
    }
}

/// How something locked was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Manner {
    /// By a form that gives it away alone.
    Certain,
    /// By words that give it away together.
    Combined,
    /// By a short answer to the fan's guess.
    Confirmed,
    /// A fact that is locked for the fan, told in its own or in similar words.
    Fact,
    /// The prompt's instructions, repeated.
    Instructions,
}

/// A place where something locked is told. Safe to log: it names the secret and does not tell it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leak {
    /// The secret or fact; `instructions` for those.
    pub id: Arc<str>,
    /// How it is told.
    pub manner: Manner,
    /// How it is disguised.
    pub cloak: Cloak,
    /// The bytes of the text, from the first word that belongs to it to the one that completes it.
    pub at: Range<usize>,
}

/// A fan's message that tells or asks for a secret. Safe to log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// The secret.
    pub id: String,
    /// What the secret is about, without the secret.
    pub subject: Arc<str>,
}

impl Locked {
    /// Locks facts as well, each with its name and its text in one wording. A reply that has most
    /// of the words of a fact close together tells it.
    #[must_use]
    pub fn with_facts(mut self, facts: Vec<(String, String)>) -> Self {
        let known = Arc::make_mut(&mut self.facts);
        for (id, text) in &facts {
            known.add(id, text);
        }
        self
    }

    /// Locks instructions as well: a reply must not repeat eight words of them in a row.
    #[must_use]
    pub fn with_instructions(mut self, instructions: &str) -> Self {
        self.instructions = Arc::new(Instructions::new(instructions));
        self
    }

    /// Where the text first tells something locked.
    #[must_use]
    pub fn finds(&self, text: &str) -> Option<Leak> {
        self.first_leak(text, Scanner::default())
    }

    /// Where the text first tells something locked, as an answer to what the fan said: it may
    /// complete what the fan began, or confirm what the fan guessed.
    #[must_use]
    pub fn finds_in_answer(&self, fan_said: &str, text: &str) -> Option<Leak> {
        self.first_leak(text, Scanner::new(self.context(fan_said)))
    }

    /// The locked secret that a fan's message tells or asks for.
    #[must_use]
    pub fn probes(&self, fan_text: &str) -> Option<Probe> {
        let guessed = self.context(fan_text).guessed?;
        let secret = self.shared.secrets.get(guessed)?;
        Some(Probe { id: secret.id.to_string(), subject: secret.subject.clone() })
    }

    /// What a fan's message brings into the conversation.
    pub(crate) fn context(&self, fan_said: &str) -> Context {
        let mut scanner = Scanner::default();
        each_unit(fan_said, |unit, end| {
            scanner.note(self, unit, end);
            None::<()>
        });
        let secrets = self.shared.secrets.iter().zip(&scanner.hits).enumerate();
        let brought = secrets
            .map(|(index, (secret, hits))| secret.brings(hits, scanner.view(self, index, true)))
            .collect();
        let guessed = scanner.betrayal(self, u32::MAX, true).map(|(index, _)| index);
        Context { brought, guessed }
    }

    fn first_leak(&self, text: &str, mut scanner: Scanner) -> Option<Leak> {
        let mut open = None;
        let firm = each_unit(text, |unit, end| match scanner.read(self, unit, end) {
            Verdict::Leaks(leak) => Some(leak),
            Verdict::Open(leak) => {
                open = Some(leak);
                None
            }
            Verdict::Harmless => {
                open = None;
                None
            }
        });
        firm.or(open)
    }
}

/// Reads a text unit by unit, each with the byte at which it ends, until there is an answer.
fn each_unit<T>(text: &str, mut read: impl FnMut(&str, usize) -> Option<T>) -> Option<T> {
    let (mut cutter, mut from) = (Cutter::default(), 0);
    for (at, c) in text.char_indices() {
        if cutter.cuts_before(c) {
            if let Some(answer) = read(&text[from..at], at) {
                return Some(answer);
            }
            from = at;
        }
    }
    if text[from..].trim().is_empty() { None } else { read(&text[from..], text.len()) }
}
