//! What an evaluation found, for people and for programs.

use std::io::{self, Write};

use serde::Serialize;

/// A case that was played.
#[derive(Debug, Clone, Serialize)]
pub struct Played {
    /// The suite.
    pub suite: String,
    /// The name of the case, or its line.
    pub case: String,
    /// Why it failed, if it did.
    pub reason: Option<String>,
    /// What was said.
    pub transcript: Vec<Exchange>,
}

/// A message and the reply to it.
#[derive(Debug, Clone, Serialize)]
pub struct Exchange {
    /// Who was asked.
    pub member: String,
    /// What the fan said.
    pub fan: String,
    /// The reply, with its tags.
    pub reply: String,
    /// Where its words come from.
    pub source: String,
}

/// The figures of one suite.
#[derive(Debug, Clone, Serialize)]
pub struct SuiteResult {
    /// Its name.
    pub name: String,
    /// How many cases it has.
    pub total: usize,
    /// How many of them passed.
    pub passed: usize,
    /// The part that passed, 0..1.
    pub rate: f64,
    /// The part whose first feeling was inappropriate, 0..1, where cases name such feelings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inappropriate: Option<f64>,
    /// The part of replies whose words the model found, 0..1.
    pub by_model: f64,
    /// The part of these that sound like the character who said them, 0..1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_her_voice: Option<f64>,
}

/// The figures of all suites.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// In the order in which they were run.
    pub suites: Vec<SuiteResult>,
}

impl Report {
    /// Writes a table, in Markdown.
    ///
    /// # Errors
    /// If nobody reads it.
    pub fn table(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(
            out,
            "| suite | cases | passed | rate | inappropriate first feeling | said by the model | in her voice |"
        )?;
        writeln!(out, "|---|---:|---:|---:|---:|---:|---:|")?;
        let percent = |part: f64| format!("{:.1} %", part * 100.0);
        for suite in &self.suites {
            let SuiteResult { name, total, passed, rate, inappropriate, by_model, in_her_voice } =
                suite;
            let [inappropriate, in_her_voice] =
                [inappropriate, in_her_voice].map(|part| part.map(percent).unwrap_or_default());
            let (rate, by_model) = (percent(*rate), percent(*by_model));
            writeln!(
                out,
                "| {name} | {total} | {passed} | {rate} | {inappropriate} | {by_model} | {in_her_voice} |"
            )?;
        }
        Ok(())
    }
}
