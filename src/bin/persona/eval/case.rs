//! The cases of a suite: what the fan says, and what the reply must and must not be.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use bevy_persona::{
    mind::{
        Emotion, Timestamp,
        memory::{FactKind, FanFact},
    },
    persona::{Language, PersonaId},
};
use serde::{Deserialize, Deserializer};
use thiserror::Error;

/// Why a suite cannot be run.
#[derive(Debug, Error)]
pub enum SuiteError {
    /// It cannot be read.
    #[error("cannot read the suite {path}: {error}; check that the path is right", path = .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// A line is no case.
    #[error("{path}:{line}: {problem}; a case is one JSON object a line, see docs/writing/evals.md", path = .path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// From 1.
        line: usize,
        /// What is wrong.
        problem: String,
    },
}

/// The cases of one file.
#[derive(Debug)]
pub struct Suite {
    /// The name of the file, without its ending.
    pub name: String,
    /// Its cases, each with the line it stands on.
    pub cases: Vec<(usize, Case)>,
}

/// One case.
#[derive(Debug, Clone, Deserialize)]
pub struct Case {
    /// What the case is called; its line, where it has no name.
    #[serde(default)]
    pub id: Option<String>,
    /// Who is asked; nobody in a case of [`text`](Self::text).
    #[serde(default)]
    member: Option<String>,
    /// The language in which the talk begins.
    #[serde(default)]
    pub lang: Language,
    /// How close fan and member are, 0..100.
    #[serde(default = "Case::usual_affinity")]
    pub affinity: f32,
    /// The scenes the fan has finished.
    #[serde(default)]
    pub unlocked: BTreeSet<String>,
    /// What the fan says.
    #[serde(default, alias = "fan", alias = "session2", deserialize_with = "one_or_many")]
    pub turns: Vec<String>,
    /// What is known of the fan, `key=value` each, such as `fan_name=Mina`.
    #[serde(default, deserialize_with = "one_or_many")]
    pub memory: Vec<String>,
    /// What happens around them, a sentence each.
    #[serde(default, alias = "told", deserialize_with = "one_or_many")]
    pub scene: Vec<String>,
    /// What the fan says before the game is saved and started again.
    #[serde(default, deserialize_with = "one_or_many")]
    pub session1: Vec<String>,
    /// Who is asked afterwards.
    #[serde(default)]
    other_member: Option<String>,
    /// What the other member is asked.
    #[serde(default, deserialize_with = "one_or_many")]
    pub other_turns: Vec<String>,
    /// What the other member must not say.
    #[serde(default, deserialize_with = "one_or_many")]
    pub other_member_must_not: Vec<String>,
    /// One alternative of each must be in the last reply.
    #[serde(default, deserialize_with = "groups")]
    pub must_any: Vec<Vec<String>>,
    /// None of them may be in a reply.
    #[serde(default, deserialize_with = "one_or_many")]
    pub must_not: Vec<String>,
    /// What must hold for earlier replies.
    #[serde(default)]
    pub checks: Vec<Check>,
    /// The feelings with which the last reply may begin; any, where none is named.
    #[serde(default, deserialize_with = "one_or_many")]
    pub accept: Vec<Emotion>,
    /// The feelings with which it must not begin.
    #[serde(default, deserialize_with = "one_or_many")]
    pub reject: Vec<Emotion>,
    /// A text whose feeling is asked for, instead of a talk.
    #[serde(default)]
    pub text: Option<String>,
}

/// What must hold for one reply.
#[derive(Debug, Clone, Deserialize)]
pub struct Check {
    /// Which reply, from 0.
    pub turn: usize,
    /// One alternative of each must be in it.
    #[serde(default, deserialize_with = "groups")]
    pub must_any: Vec<Vec<String>>,
    /// None of them may be in it.
    #[serde(default, deserialize_with = "one_or_many")]
    pub must_not: Vec<String>,
}

impl Case {
    const fn usual_affinity() -> f32 {
        10.0
    }

    /// What is known of the fan.
    pub fn known(&self, member: &PersonaId, now: Timestamp) -> Vec<FanFact> {
        let fact = |entry: &String| {
            let (key, value) = entry.split_once('=')?;
            let key = key.trim();
            Some(FanFact {
                id: Default::default(),
                key: key.strip_prefix("fan_").unwrap_or(key).parse().ok()?,
                value: value.trim().into(),
                kind: FactKind::default(),
                member: member.clone(),
                private_to: None,
                when: None,
                source: Default::default(),
                confidence: 1.0,
                learned: now,
                used: now,
                uses: 0,
                replaced: false,
            })
        };
        self.memory.iter().filter_map(fact).collect()
    }

    /// Who is asked, as in the name of her file.
    pub fn member(&self) -> String {
        self.member.as_deref().unwrap_or_default().to_lowercase()
    }

    /// Who is asked afterwards.
    pub fn other_member(&self) -> Option<String> {
        self.other_member.as_deref().map(str::to_lowercase)
    }

    fn fault(&self) -> Option<&'static str> {
        match &self.text {
            Some(_) if self.accept.is_empty() => Some("a case with `text` needs `accept`"),
            None if self.member.is_none() => Some("`member` is missing"),
            None if self.memory.iter().any(|entry| !entry.contains('=')) => {
                Some("`memory` holds an entry that is not `key=value`")
            }
            None if self.turns.is_empty() => Some("`turns`, `fan` or `session2` is missing"),
            Some(_) | None => None,
        }
    }
}

impl Suite {
    /// Reads a file, at most `limit` cases of it.
    ///
    /// # Errors
    /// If it cannot be read, or a line is no case.
    pub fn read(path: &Path, limit: usize) -> Result<Self, SuiteError> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| SuiteError::Io { path: path.into(), error })?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
        let cases = lines.take(limit).map(|(line, json)| {
            let fault = |problem| SuiteError::Line { path: path.into(), line, problem };
            let case: Case =
                serde_json::from_str(json).map_err(|error| fault(error.to_string()))?;
            match case.fault() {
                Some(problem) => Err(fault(problem.into())),
                None => Ok((line, case)),
            }
        });
        Ok(Self { name, cases: cases.collect::<Result<_, _>>()? })
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany<T> {
    One(T),
    Many(Vec<T>),
}

impl<T> From<OneOrMany<T>> for Vec<T> {
    fn from(some: OneOrMany<T>) -> Self {
        match some {
            OneOrMany::One(one) => vec![one],
            OneOrMany::Many(many) => many,
        }
    }
}

fn one_or_many<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    OneOrMany::deserialize(deserializer).map(Into::into)
}

/// Groups of alternatives; a text alone is a group of one.
fn groups<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Vec<String>>, D::Error> {
    let groups: Vec<OneOrMany<String>> = Vec::deserialize(deserializer)?;
    Ok(groups.into_iter().map(Into::into).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Suite, SuiteError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lore.jsonl");
        std::fs::write(&path, text).unwrap();
        Suite::read(&path, usize::MAX)
    }

    #[test]
    fn cases_are_read_in_all_their_forms() {
        let suite = read(
            "{\"member\":\"SIWOO\",\"fan\":\"hi\",\"must_any\":[[\"a\",\"b\"]],\"note\":1}\n\n\
             {\"member\":\"jena\",\"session1\":[\"i'm Mina\"],\"session2\":[\"my name?\"],\
             \"other_member\":\"Taira\"}\n{\"text\":\"yay\",\"accept\":[\"joy\"]}",
        )
        .unwrap();
        assert_eq!(suite.name, "lore");
        let (line, case) = &suite.cases[1];
        assert_eq!((*line, case.turns[0].as_str()), (3, "my name?"));
        assert_eq!(suite.cases[0].1.member(), "siwoo");
        assert_eq!(case.other_member().as_deref(), Some("taira"));
        assert!((case.affinity - 10.0).abs() < f32::EPSILON);
    }

    #[test]
    fn a_broken_case_is_named_by_its_line() {
        for (text, part) in [
            ("{\"member\":\"siwoo\"}", "lore.jsonl:1: `turns`, `fan`"),
            ("\n{\"fan\":\"hi\"}", "lore.jsonl:2: `member` is missing"),
            ("{\"text\":\"hi\"}", "needs `accept`"),
            ("{", "lore.jsonl:1: EOF"),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
    }
}
