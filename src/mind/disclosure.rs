//! Secrets: which are locked for a fan, and whether a text tells one, however it is written.
//!
//! A text is read unit by unit (a word with the white space before it). Forms of secrets are looked
//! for in several readings at once: the words as they look, the letters without the spaces, digits
//! read as letters, and what is spelled, coded or hidden in first letters. Other disguises, such as
//! words written backwards, are made from the forms when the file is read.

mod automaton;
mod canon;
mod cloaks;
mod codes;
mod compile;
mod confirm;
mod content;
mod hidden;
mod keyboard;
mod locked;
mod names;
mod numerals;
mod overlap;
mod patterns;
mod rules;
mod scan;
mod strand;
#[cfg(test)]
pub(super) mod tests;

use std::sync::Arc;

use super::{Standing, content::read_toml};
use crate::persona::AssetFileError;
#[cfg(feature = "scene")]
use crate::persona::PersonaId;
pub(super) use canon::is_unseen;
pub use cloaks::Cloak;
use locked::Shared;
pub use locked::{Leak, Locked, Manner, Probe};
pub(super) use scan::{Cutter, Scanner, Verdict};

/// What gives each secret away. Never changes once it is read; without a file there are no secrets.
///
/// # Example
/// See [`Locked`].
#[derive(Debug, Default)]
pub struct Disclosure {
    shared: Arc<Shared>,
}

impl Disclosure {
    /// Reads the file; `file` is its name in errors. The guide is `docs/writing/disclosure.md`.
    ///
    /// # Errors
    /// If it is no TOML, lacks a field, names a group that is not there, or holds a form without a
    /// letter or digit. The error does not repeat any form.
    pub fn from_toml(file: &str, text: &str) -> Result<Self, AssetFileError> {
        let content = read_toml(file, 1, text)?;
        let shared = compile::compile(file, text, &content)?;
        Ok(Self { shared: Arc::new(shared) })
    }

    /// What this member must not tell this fan. Cheap.
    ///
    /// A secret is free when its scene is finished and it is one of the member's.
    #[must_use]
    pub fn locked(&self, standing: &Standing<'_>) -> Arc<Locked> {
        let secrets = self.shared.secrets.iter();
        let closed: Vec<bool> = secrets.map(|secret| secret.is_locked(standing)).collect();
        Arc::new(Locked {
            shared: self.shared.clone(),
            closed: closed.into(),
            speaker: Some(standing.member.clone()),
            ..Locked::default()
        })
    }

    /// What nobody must tell while only these secrets are open, said by this member.
    #[cfg(feature = "scene")]
    pub(crate) fn locked_but(
        &self,
        speaker: Option<&PersonaId>,
        is_open: impl Fn(&str) -> bool,
    ) -> Locked {
        let closed = self.shared.secrets.iter().map(|secret| !is_open(&secret.id));
        Locked {
            shared: self.shared.clone(),
            closed: closed.collect(),
            speaker: speaker.cloned(),
            ..Locked::default()
        }
    }

    /// The ids of all secrets, each with the scene that opens it.
    #[cfg(feature = "scene")]
    pub(crate) fn secrets(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.shared.secrets.iter().map(|secret| (&*secret.id, secret.unlock.as_deref()))
    }
}
