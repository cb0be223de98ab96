//! `persona load`: simulated fans at a fan club server, to measure it and to see that it keeps its
//! promises.
//!
//! A fan is a thread with a socket (`crew.rs`, `wire.rs`) that does what a state machine tells it
//! (`fan.rs`); what she says is in `script.rs`. She plants words that nobody else knows (`markers.rs`)
//! and compares what the server has kept with what she heard (`history.rs`). All that she notes
//! (`note.rs`) is counted in one place (`tally.rs`), from which the report is made (`report.rs`).

mod address;
mod args;
mod crew;
mod error;
mod fan;
mod flood;
mod history;
mod http;
mod join;
mod markers;
mod minutes;
mod note;
mod plan;
mod report;
mod script;
mod tally;
mod times;
mod turn;
mod watch;
mod wire;

use std::{
    io::{self, Write},
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use bevy::app::ctrlc;
use crossbeam_channel::RecvTimeoutError;

pub use args::{LOAD_HELP, LoadArgs};
use crew::Crew;
use error::LoadError;
use minutes::Minutes;
use plan::Plan;
use report::Report;
use tally::Tally;
use watch::Watch;

use crate::paint::visible;

/// Lets fans come, and shows what became of it.
pub fn run(args: &LoadArgs) -> ExitCode {
    match measure(args).and_then(|report| Ok((report.ok, show(&report, args.json)?))) {
        Ok((true, ())) => ExitCode::SUCCESS,
        Ok((false, ())) => ExitCode::FAILURE,
        // Whoever read our output has had enough.
        Err(LoadError::Terminal(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(error) => {
            // Where even stderr is closed, nobody is left to tell.
            let _ = writeln!(anstream::stderr(), "persona: {}", visible(&error.to_string()));
            ExitCode::from(2)
        }
    }
}

fn measure(args: &LoadArgs) -> Result<Report, LoadError> {
    let stop = Arc::new(AtomicBool::new(false));
    end_on_interrupt(&stop)?;
    let crowd = join::crowd(args, &stop)?;
    let plan = Arc::new(Plan::of(args, &crowd));
    let watch = Watch::start(args, plan.clock)?;
    let (crew, news) = Crew::start(args, &plan, &crowd, &stop)?;
    let mut tally = Tally::default();
    let mut minutes = Minutes::default();
    loop {
        let heard = news.recv_timeout(minutes::LOOK);
        let is_over = heard.as_ref().is_err_and(RecvTimeoutError::is_disconnected);
        if let Ok(heard) = heard {
            tally.add(heard);
        }
        minutes.tell(&tally, &watch, plan.clock.now());
        if is_over {
            break;
        }
    }
    tally.panicked(crew.join());
    let seconds = plan.clock.now().min(plan.end);
    Ok(Report::of(
        args,
        &plan,
        tally,
        watch.finish(plan.end),
        seconds,
        stop.load(Ordering::Relaxed),
    ))
}

/// The first Ctrl-C ends the run with a report, the second one at once.
fn end_on_interrupt(stop: &Arc<AtomicBool>) -> Result<(), LoadError> {
    let stop = stop.clone();
    let handler = move || {
        if stop.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
    };
    match ctrlc::try_set_handler(handler) {
        // Interrupts are ignored here, as under `nohup`, and so they stay.
        Ok(()) | Err(ctrlc::Error::MultipleHandlers) => Ok(()),
        Err(error) => Err(LoadError::Interrupts(error.to_string())),
    }
}

fn show(report: &Report, json: bool) -> Result<(), LoadError> {
    if json {
        let mut output = io::stdout().lock();
        serde_json::to_writer(&mut output, report).map_err(io::Error::from)?;
        writeln!(output)?;
    } else {
        report.write(&mut anstream::stdout().lock())?;
    }
    Ok(())
}
