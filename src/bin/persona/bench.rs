//! `persona bench`: how fast the model is on this machine, and what it costs a game.

mod adapters;
mod ask;
mod busy;
mod error;
mod first_token;
mod frame;
mod full;
mod guesses;
mod memory;
mod profile;
pub mod report;
mod scratch;
mod speed;
pub mod statistics;
mod subject;
mod text;
#[cfg(feature = "voice")]
mod voice;
mod world;

use std::{
    io::{self, Write},
    path::PathBuf,
};

use bevy_persona::{
    inference::{InferenceBudget, model::Level},
    model_store::ModelSource,
};
use clap::{Args, value_parser};
use serde::Serialize;

pub use error::BenchError;

use crate::error::CliError;
use busy::Busy;
use report::Table;
pub use scratch::Scratch;
use subject::Subject;

/// Who talks.
const IDOLS: [&str; 4] = ["siwoo", "jena", "taira", "marty"];

/// What is measured, and under which load.
#[derive(Debug, Args)]
pub struct BenchArgs {
    /// The model: `default`, the path of a .gguf file or of a folder of safetensors, or
    /// `hub:owner/repo/file.gguf`
    #[arg(long, value_name = "SOURCE", default_value = "default")]
    pub model: ModelSource,

    /// Write one JSON object instead of a table
    #[arg(long)]
    pub json: bool,

    /// The most threads of the model; without it one for each core but one
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(1..=1024))]
    pub threads: Option<u32>,

    /// Keep so many cores busy meanwhile, as the rest of a game does
    #[arg(
        long,
        value_name = "N",
        default_value_t = 0,
        value_parser = value_parser!(u32).range(0..=1024)
    )]
    pub busy: u32,

    /// Measure instead what four idols who talk cost the frames of a game
    ///
    /// A game without a window runs at 60 frames a second: 10 seconds in silence, then 20 seconds
    /// in which all four speak.
    #[arg(long)]
    pub frame: bool,

    /// Measure instead how fast the voice model speaks, alone and beside the language model
    #[cfg(feature = "voice")]
    #[arg(long, conflicts_with = "frame")]
    pub voice: bool,

    /// Measure instead where the time of the model's passes goes, operation by operation
    #[arg(long, conflicts_with = "frame")]
    pub profile: bool,

    /// Measure instead what is saved by guessing ahead what an idol says
    #[arg(long, conflicts_with_all = ["frame", "profile"])]
    pub guesses: bool,

    /// The instructions that the model's own kernels may use at most: `scalar`, `avx2`, `avx512`, …
    ///
    /// Without it, the fastest that this machine has. What is measured with vocabulary and tags (the
    /// times to a first piece) uses these always.
    #[arg(long, value_name = "LEVEL")]
    pub instructions: Option<Level>,

    /// Measure only memory, with the repacked weights in this folder
    #[arg(long, value_name = "DIR", hide = true, conflicts_with = "frame")]
    pub memory_in: Option<PathBuf>,
}

/// Measures, and shows the figures.
///
/// # Errors
/// If the model is at fault, there is no folder or thread, or the output is closed.
pub fn run(args: &BenchArgs) -> Result<(), CliError> {
    let threads = args
        .threads
        .map_or_else(|| InferenceBudget::default().max_threads, |threads| threads as usize);
    let level = args.instructions.map_or_else(Level::detect, Level::supported);
    let subject = Subject::fetch(&args.model, threads, level)?;
    if let Some(folder) = &args.memory_in {
        return memory::write(&subject, folder, &mut io::stdout().lock());
    }
    let busy = Busy::start(args.busy)?;
    #[cfg(feature = "voice")]
    if args.voice {
        let report = voice::measure(&subject, args.busy)?;
        drop(busy);
        return show(&report, report.table(), args.json);
    }
    if args.guesses {
        let report = guesses::measure(&subject, args.busy)?;
        drop(busy);
        show(&report, report.table(), args.json)
    } else if args.profile {
        let report = profile::measure(&subject, args.busy)?;
        drop(busy);
        show(&report, report.table(), args.json)
    } else if args.frame {
        let report = frame::measure(&subject, args.busy)?;
        drop(busy);
        show(&report, report.table(), args.json)
    } else {
        let report = full::measure(&subject, args.busy)?;
        drop(busy);
        show(&report, report.table(), args.json)
    }
}

fn show(report: &impl Serialize, table: Table, json: bool) -> Result<(), CliError> {
    if json {
        let mut output = io::stdout().lock();
        serde_json::to_writer(&mut output, report).map_err(io::Error::from)?;
        writeln!(output)?;
    } else {
        table.write(&mut anstream::stdout().lock())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use clap::{Parser, error::ErrorKind};

    use super::*;

    /// A command of these arguments alone.
    #[derive(Debug, Parser)]
    struct Alone {
        #[command(flatten)]
        args: BenchArgs,
    }

    fn bench(line: &str) -> Result<BenchArgs, clap::Error> {
        Ok(Alone::try_parse_from(format!("bench {line}").split_whitespace())?.args)
    }

    #[test]
    fn nothing_is_a_must() {
        let args = bench("").unwrap();
        assert!(!args.json && !args.frame && args.busy == 0);
        assert!(args.threads.is_none() && args.memory_in.is_none());
        assert!(matches!(args.model, ModelSource::Default));
    }

    #[test]
    fn every_option_is_read() {
        let args = bench("--json --profile --instructions scalar").unwrap();
        assert!(args.profile);
        assert_eq!(args.instructions, Some(Level::Scalar));
        let args = bench("--json --frame --threads 3 --busy 2 --model a/b.gguf").unwrap();
        assert!(args.json && args.frame);
        assert_eq!((args.threads, args.busy), (Some(3), 2));
        assert!(matches!(&args.model, ModelSource::Path(path) if path.ends_with("b.gguf")));
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for (line, kind) in [
            ("--threads 0", ErrorKind::ValueValidation),
            ("--busy many", ErrorKind::ValueValidation),
            ("--instructions mmx", ErrorKind::ValueValidation),
            ("--frame --memory-in x", ErrorKind::ArgumentConflict),
        ] {
            assert_eq!(bench(line).unwrap_err().kind(), kind, "{line}");
        }
    }
}
