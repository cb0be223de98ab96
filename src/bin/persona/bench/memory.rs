//! How much memory the model and four idols take.
//!
//! Measured in a process of its own: what this one has used before would count too.

use std::{
    env, fs,
    io::{self, Write},
    path::Path,
    process::{Command, Stdio},
};

use bevy_persona::inference::{
    InferenceError,
    model::{CausalModel, Span},
};
use serde::{Deserialize, Serialize};

use super::{error::BenchError, statistics::rounded, subject::Subject, text::Prompts};
use crate::error::CliError;

/// How many idols there are.
const IDOLS: usize = 4;
/// The tokens of each, those of the world included.
const CONTEXT: usize = 1024;
/// How many eighths of them are the world's, which all share: 384 of 1,024.
const WORLD_EIGHTHS: usize = 3;
/// How many tokens are read at once; as in a game.
const CHUNK: usize = 128;
/// Bytes.
const MB: f64 = 1_000_000.0;

/// Memory. Where the system does not tell, there is none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Memory {
    /// Of the process, with the model and four idols.
    pub rss_mb: Option<f64>,
    /// The part of it that belongs to the process alone.
    pub rss_anon_mb: Option<f64>,
    /// The part of it that is mapped from files: the system may take it back.
    pub rss_file_mb: Option<f64>,
    /// What one idol more takes.
    pub kv_mb_per_idol: f64,
    /// What each token takes of which she alone knows.
    pub kv_bytes_per_token: f64,
}

/// Starts this program once more to measure a model whose repacked weights are in `folder`.
///
/// # Errors
/// If it cannot be started, or fails.
pub fn measure_apart(subject: &Subject, folder: &Path) -> Result<Memory, CliError> {
    let program = env::current_exe().map_err(BenchError::Again)?;
    let output = Command::new(program)
        .args(["bench", "--threads", &subject.threads.to_string(), "--model"])
        .arg(&subject.path)
        .arg("--memory-in")
        .arg(folder)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(BenchError::Again)?;
    if !output.status.success() {
        return Err(BenchError::Memory(output.status).into());
    }
    Ok(serde_json::from_slice(&output.stdout).map_err(BenchError::Figures)?)
}

/// Measures in this process, and writes the figures for the one that has started it.
///
/// # Errors
/// If the model cannot be loaded or computed, or nobody reads the figures.
pub fn write(subject: &Subject, folder: &Path, output: &mut impl Write) -> Result<(), CliError> {
    let memory = measure(subject, folder)?;
    serde_json::to_writer(&mut *output, &memory).map_err(io::Error::from)?;
    writeln!(output)?;
    Ok(())
}

fn measure(subject: &Subject, folder: &Path) -> Result<Memory, CliError> {
    let mut model = subject.model(folder)?;
    let mut prompts = Prompts::new(&subject.tokenizer, model.vocabulary())?;
    let context = CONTEXT.min(model.context_length());
    let world = prompts.unknown(context * WORLD_EIGHTHS / 8);
    let own = context - world.len();
    for _ in 0..IDOLS {
        enter(&mut *model, &world, &prompts.unknown(own))?;
    }
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let before = model.memory().cache;
    enter(&mut *model, &world, &prompts.unknown(own))?;
    let bytes = model.memory().cache.saturating_sub(before) as f64;
    Ok(Memory {
        rss_mb: resident(&status, "VmRSS:"),
        rss_anon_mb: resident(&status, "RssAnon:"),
        rss_file_mb: resident(&status, "RssFile:"),
        kv_mb_per_idol: rounded(bytes / MB, 2),
        kv_bytes_per_token: rounded(bytes / own.max(1) as f64, 1),
    })
}

/// Lets the model read what one more idol knows. She stays.
fn enter(model: &mut dyn CausalModel, world: &[u32], own: &[u32]) -> Result<(), InferenceError> {
    let prompt = [world, own].concat();
    let sequence = model.open(None);
    let known = model.rewind(sequence, &prompt, 0);
    let mut logits = Vec::new();
    for tokens in prompt[known..].chunks(CHUNK) {
        let mut spans = [Span::new(sequence, tokens).giving(&mut logits)];
        model.forward(&mut spans).map_err(InferenceError::backend)?;
    }
    Ok(())
}

/// A line of `/proc/self/status`, in MB.
fn resident(status: &str, name: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kib: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(rounded(kib * 1024.0 / MB, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_of_the_system_are_read() {
        let status = "Name:\tpersona\nVmRSS:\t  250000 kB\nRssAnon:\t    1000 kB\nRssFile:\tmany\n";
        assert_eq!(resident(status, "VmRSS:"), Some(256.0));
        assert_eq!(resident(status, "RssAnon:"), Some(1.0));
        assert_eq!(resident(status, "RssFile:"), None);
        assert_eq!(resident("", "VmRSS:"), None);
    }

    #[test]
    fn figures_pass_from_one_process_to_the_other() {
        let memory = Memory {
            rss_mb: Some(250.5),
            rss_anon_mb: None,
            rss_file_mb: Some(98.0),
            kv_mb_per_idol: 7.9,
            kv_bytes_per_token: 12_345.6,
        };
        let written = serde_json::to_vec(&memory).unwrap();
        assert_eq!(serde_json::from_slice::<Memory>(&written).unwrap(), memory);
    }
}
