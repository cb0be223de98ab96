//! What can be typed after `persona load`.

use std::{path::PathBuf, str::FromStr, time::Duration};

use bevy_persona::persona::PersonaId;
use clap::{Args, value_parser};
use thiserror::Error;

use super::address::Address;

/// The end of the command's help.
pub const LOAD_HELP: &str = "\
Each fan tells the members facts with words that only she knows, and asks for them later. A word that
comes to another fan is cross-talk. After a connection was lost, and at the end, the history that the
server shows is compared with what she heard the end of: what is not there is a lost turn.

Exit code: 0 if there was no error, no cross-talk and no lost turn, 1 if there was, 2 if there was
nothing to measure. Ctrl-C ends the run with the report so far.";

/// Who comes, for how long, and what is measured.
#[derive(Debug, Args)]
pub struct LoadArgs {
    /// Where the server is: `http://host:port`, or `https://…`
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080")]
    pub url: Address,

    /// How many fans come
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = value_parser!(u32).range(1..=10_000))]
    pub fans: u32,

    /// How long they stay
    #[arg(long, value_name = "MINUTES", default_value = "1", value_parser = minutes)]
    pub minutes: Duration,

    /// Their tokens, one at the end of each line; without it they sign up where the server lets them
    #[arg(long, value_name = "FILE")]
    pub tokens: Option<PathBuf>,

    /// In how many seconds they come, one after the other; at most half of the time
    #[arg(long, value_name = "SECONDS", default_value = "20", value_parser = seconds)]
    pub ramp: Duration,

    /// How many seconds a fan thinks between two messages
    #[arg(long, value_name = "FROM..TO", default_value = "6..14")]
    pub think: Think,

    /// After how many seconds without the end of an answer a fan gives up
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = seconds)]
    pub patience: Duration,

    /// Where chance begins: the same seed says the same
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,

    /// To whom all speak; without it each fan has a favourite and greets the others
    #[arg(long, value_name = "ID")]
    pub member: Option<PersonaId>,

    /// The part of the fans who speak Korean, 0 to 1
    #[arg(long, value_name = "SHARE", default_value = "0", value_parser = share)]
    pub korean: f64,

    /// So many more come half of the time, and send as fast as they can
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = value_parser!(u32).range(0..=1_000))]
    pub flood: u32,

    /// It is no error that those who flood are refused, sent away or cut off
    #[arg(long, requires = "flood")]
    pub allow_refusals: bool,

    /// It is no error that the server goes away for a while
    #[arg(long)]
    pub allow_disconnects: bool,

    /// Whose memory is watched: the server's process, if it runs on this machine
    #[arg(long, value_name = "PID", conflicts_with = "metrics")]
    pub pid: Option<u32>,

    /// Where the server tells its memory, as `…process_resident_bytes`
    #[arg(long, value_name = "URL")]
    pub metrics: Option<Address>,

    /// Write one JSON object instead of a table
    #[arg(long)]
    pub json: bool,
}

/// From how long to how long a fan thinks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Think {
    /// At least.
    pub from: Duration,
    /// At most.
    pub to: Duration,
}

/// A text that is no [`Think`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("write two numbers of seconds, the smaller one first, like `6..14`")]
pub struct ParseThinkError;

impl FromStr for Think {
    type Err = ParseThinkError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (from, to) = text.split_once("..").ok_or(ParseThinkError)?;
        let (from, to) = (seconds(from), seconds(to));
        match (from, to) {
            (Ok(from), Ok(to)) if from <= to => Ok(Self { from, to }),
            _ => Err(ParseThinkError),
        }
    }
}

/// More than a week is a mistake.
const LONGEST: f64 = 7.0 * 24.0 * 3600.0;

fn seconds(text: &str) -> Result<Duration, String> {
    match text.trim().parse::<f64>() {
        Ok(seconds) if (0.0..=LONGEST).contains(&seconds) => Ok(Duration::from_secs_f64(seconds)),
        _ => Err("write a number of seconds, such as `20` or `0.5`".into()),
    }
}

fn minutes(text: &str) -> Result<Duration, String> {
    match text.trim().parse::<f64>() {
        Ok(minutes) if minutes > 0.0 && minutes * 60.0 <= LONGEST => {
            Ok(Duration::from_secs_f64(minutes * 60.0))
        }
        _ => Err("write a number of minutes, such as `10` or `0.5`".into()),
    }
}

fn share(text: &str) -> Result<f64, String> {
    match text.trim().parse::<f64>() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err("write a number from 0 to 1, such as `0.25`".into()),
    }
}

#[cfg(test)]
mod tests {
    use clap::{Parser, error::ErrorKind};
    use proptest::prelude::*;

    use super::*;

    /// A command of these arguments alone.
    #[derive(Debug, Parser)]
    struct Alone {
        #[command(flatten)]
        args: LoadArgs,
    }

    fn load(line: &str) -> Result<LoadArgs, clap::Error> {
        Ok(Alone::try_parse_from(format!("load {line}").split_whitespace())?.args)
    }

    #[test]
    fn nothing_is_a_must() {
        let args = load("").unwrap();
        assert_eq!(args.url.to_string(), "http://127.0.0.1:8080");
        assert_eq!((args.fans, args.flood, args.minutes.as_secs()), (10, 0, 60));
        assert_eq!((args.think.from.as_secs(), args.think.to.as_secs()), (6, 14));
        assert_eq!((args.ramp.as_secs(), args.seed, args.korean), (20, 1, 0.0));
    }

    #[test]
    fn every_option_is_read() {
        let line = "--url http://h:1 --fans 50 --minutes 0.5 --tokens t --think 1..2.5 --ramp 3 \
            --flood 4 --allow-refusals --allow-disconnects --member siwoo --korean 0.25 --json \
            --seed 9 --patience 5 --metrics http://h:2/metrics";
        let args = load(line).unwrap();
        assert_eq!((args.fans, args.flood, args.minutes.as_secs()), (50, 4, 30));
        assert_eq!(args.think.to, Duration::from_millis(2500));
        assert!(args.metrics.unwrap().to_string().ends_with("/metrics"));
        assert!(args.json && args.allow_refusals && args.allow_disconnects);
        assert_eq!(load("--pid 12").unwrap().pid, Some(12));
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for (line, kind) in [
            ("--url club", ErrorKind::ValueValidation),
            ("--fans 0", ErrorKind::ValueValidation),
            ("--minutes 0", ErrorKind::ValueValidation),
            ("--minutes nan", ErrorKind::ValueValidation),
            ("--think 14..6", ErrorKind::ValueValidation),
            ("--think 6", ErrorKind::ValueValidation),
            ("--korean 2", ErrorKind::ValueValidation),
            ("--ramp=-1", ErrorKind::ValueValidation),
            ("--allow-refusals", ErrorKind::MissingRequiredArgument),
            ("--pid 1 --metrics http://h:1/m", ErrorKind::ArgumentConflict),
        ] {
            assert_eq!(load(line).unwrap_err().kind(), kind, "{line}");
        }
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_reading_of_times(text in "[0-9.e+naif-]{0,12}|.{0,12}") {
            if let Ok(think) = text.parse::<Think>() {
                prop_assert!(think.from <= think.to);
            }
            let _ = (seconds(&text), minutes(&text), share(&text));
        }
    }
}
