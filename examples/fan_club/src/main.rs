//! A server on which many fans talk with the four idols at once.
//!
//! ```sh
//! cargo run --features full --bin fan_club -- serve --open
//! ```

use std::{
    io::{IsTerminal, Write},
    process::ExitCode,
};

use clap::Parser;
use fan_club::{
    args::{AccountArgs, Cli, Command, Deed, ServeArgs},
    run::{self, RunError},
};
use tracing::{error, info};

fn main() -> ExitCode {
    let cli = Cli::parse();
    log();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&RunError::Thread(error)),
    };
    let done = runtime.block_on(async {
        match cli.command {
            Command::Serve(args) => serve(&args).await,
            Command::Account(args) => account(&args).await,
        }
    });
    match done {
        Ok(code) => code,
        Err(error) => fail(&error),
    }
}

fn fail(error: &RunError) -> ExitCode {
    error!("{error}");
    ExitCode::FAILURE
}

/// Logs to the standard error, as `RUST_LOG` says.
fn log() {
    use tracing_subscriber::{EnvFilter, fmt, prelude::*};
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let to_stderr =
        fmt::layer().with_ansi(std::io::stderr().is_terminal()).with_writer(std::io::stderr);
    tracing_subscriber::registry().with(filter).with(to_stderr).init();
}

async fn serve(args: &ServeArgs) -> Result<ExitCode, RunError> {
    let mut running = run::start(args).await?;
    let is_broken = tokio::select! {
        () = told_to_stop() => false,
        () = running.broken() => true,
    };
    running.stop().await;
    info!("closed");
    Ok(if is_broken { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Waits for Ctrl-C, or for the system that wants the process to end.
async fn told_to_stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let Ok(mut terminated) = signal(SignalKind::terminate()) else {
            return std::future::pending().await;
        };
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminated.recv() => {}
        }
    }
    #[cfg(not(unix))]
    {
        let _ = tokio::signal::ctrl_c().await;
    }
}

async fn account(args: &AccountArgs) -> Result<ExitCode, RunError> {
    let accounts = run::open_accounts(&args.data).await?;
    let mut lines = Vec::new();
    match &args.deed {
        Deed::Add { fan } => lines.push(accounts.add(fan).await?.reveal().to_owned()),
        Deed::Renew { fan } => lines.push(accounts.renew(fan).await?.reveal().to_owned()),
        Deed::Remove { fan } => {
            if !accounts.remove(fan).await? {
                error!("{fan} has no account: see `fan_club account list`");
                return Ok(ExitCode::FAILURE);
            }
        }
        Deed::List => {
            let all = accounts.list().await?;
            lines.extend(all.iter().map(|account| account.fan.to_string()));
        }
    }
    let mut output = std::io::stdout().lock();
    for line in lines {
        if writeln!(output, "{line}").is_err() {
            return Ok(ExitCode::FAILURE);
        }
    }
    Ok(ExitCode::SUCCESS)
}
