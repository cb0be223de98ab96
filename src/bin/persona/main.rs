//! The `persona` command: talk to a character in the terminal, see and fetch models.
//!
//! Everything it does, a game can do with the library: this is also a worked example of
//! [`Worker`](bevy_persona::inference::Worker) without Bevy's app.

mod args;
mod bench;
mod card;
mod cast;
mod chat;
mod dice;
mod error;
mod eval;
mod events;
#[cfg(feature = "listen")]
mod hear;
mod keeper;
mod lines;
mod lint;
mod load;
mod memory;
mod model;
mod new;
mod paint;
mod play;
mod progress;
mod scenes;
mod script;
mod shelf;
mod source;
mod strings;
mod talk;
#[cfg(feature = "train")]
mod tune;
#[cfg(feature = "voice")]
mod voice;

use std::{io::Write, process::ExitCode};

use clap::Parser;

use args::{Cli, Command};

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Chat(args) => chat::run(&args),
        Command::Play(args) => play::run(&args),
        Command::Scenes(command) => scenes::run(&command),
        Command::Strings(command) => strings::run(&command),
        Command::New(command) => new::run(&command),
        Command::Model(command) => model::run(&command),
        #[cfg(feature = "voice")]
        Command::Voice(command) => voice::run(&command),
        #[cfg(feature = "listen")]
        Command::Hear(args) => hear::run(&args),
        Command::Memory(command) => memory::run(&command),
        Command::ImportCard(args) => card::run_import(&args),
        Command::ExportCard(args) => card::run_export(&args),
        Command::Lint(args) => return lint::run(&args),
        Command::Eval(args) => eval::run(&args),
        Command::Bench(args) => bench::run(&args),
        Command::Load(args) => return load::run(&args),
        #[cfg(feature = "train")]
        Command::Tune(args) => tune::run(&args),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read our output has had enough, as in `persona chat … | head`.
        Err(error) if error.is_broken_pipe() => ExitCode::SUCCESS,
        Err(error) => {
            // Where even stderr is closed, nobody is left to tell.
            let _ = writeln!(anstream::stderr(), "persona: {error}");
            ExitCode::FAILURE
        }
    }
}
