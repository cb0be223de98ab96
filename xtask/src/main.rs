//! Set-up and checks of `bevy_persona`, each in one command: `cargo xtask demo`, `cargo xtask test`.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "its output is for the person at the terminal"
)]

mod checks;
mod command;
mod demo;
mod error;
mod kernels;
mod kit;
mod place;
mod screen;
mod setup;
mod test;
mod usage;
mod vulkan;

use std::{env, process::ExitCode};

use error::TaskError;
use usage::Task;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(error.exit_code())
        }
    }
}

fn run() -> Result<(), TaskError> {
    match Task::parse(env::args_os().skip(1))? {
        Task::Demo(args) => demo::run(&args),
        Task::Test => test::run(),
        Task::Sanitize => kernels::sanitize(),
        Task::Cross => kernels::cross(),
    }
}
