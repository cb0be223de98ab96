//! What was asked for on the command line.

use std::ffi::OsString;

use crate::error::TaskError;

/// Shown when nothing, or nothing we know, was asked for.
pub const USAGE: &str = "\
Usage:
  cargo xtask demo [-- ARGS]   set up, fetch model and voices, open the stage (ARGS go to it)
  cargo xtask test             set up, then check everything that CI checks
  cargo xtask sanitize         test the kernels under AddressSanitizer
  cargo xtask cross            check the library for 64-bit Arm, test the kernels in an emulator
  cargo xtask help             show this";

/// What to do.
#[derive(Debug, PartialEq, Eq)]
pub enum Task {
    /// Run the stage with these arguments.
    Demo(Vec<OsString>),
    /// Run what CI runs.
    Test,
    /// Run the tests of the kernels under a sanitizer.
    Sanitize,
    /// Check for another processor.
    Cross,
}

impl Task {
    /// Reads the arguments that follow `cargo xtask`.
    pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Self, TaskError> {
        let mut args = args.into_iter();
        let Some(task) = args.next() else { return Err(usage(None)) };
        let rest: Vec<OsString> = args.collect();
        match (task.to_str(), rest.split_first()) {
            (Some("demo"), None) => Ok(Self::Demo(Vec::new())),
            (Some("demo"), Some((dashes, rest))) if dashes == "--" => Ok(Self::Demo(rest.into())),
            (Some("demo"), Some((word, _))) => {
                let word = word.to_string_lossy();
                Err(usage(Some(format!("arguments of the stage go after `--`: demo -- {word} …"))))
            }
            (Some("test"), None) => Ok(Self::Test),
            (Some("sanitize"), None) => Ok(Self::Sanitize),
            (Some("cross"), None) => Ok(Self::Cross),
            (Some(task @ ("test" | "sanitize" | "cross")), Some(_)) => {
                Err(usage(Some(format!("`{task}` takes no arguments"))))
            }
            (Some("help" | "-h" | "--help"), _) => Err(usage(None)),
            _ => Err(usage(Some(format!("no task `{}`", task.to_string_lossy())))),
        }
    }
}

fn usage(complaint: Option<String>) -> TaskError {
    TaskError::Usage { complaint }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Task, TaskError> {
        Task::parse(line.split_whitespace().map(OsString::from))
    }

    /// The complaint about a wrong line; all of them end with exit code 2.
    fn complaint(line: &str) -> Option<String> {
        let error = parse(line).unwrap_err();
        assert_eq!(error.exit_code(), 2);
        match error {
            TaskError::Usage { complaint } => complaint,
            other => panic!("not about usage: {other}"),
        }
    }

    #[test]
    fn demo_passes_on_what_follows_the_dashes() {
        assert_eq!(parse("demo").unwrap(), Task::Demo(Vec::new()));
        assert_eq!(parse("demo --").unwrap(), Task::Demo(Vec::new()));
        let args = ["--script", "hello.txt", "--"].map(OsString::from).to_vec();
        assert_eq!(parse("demo -- --script hello.txt --").unwrap(), Task::Demo(args));
    }

    #[test]
    fn demo_says_where_arguments_go() {
        assert!(complaint("demo --script hello.txt").unwrap().contains("demo -- --script"));
    }

    #[test]
    fn checks_stand_alone() {
        for (line, task) in
            [("test", Task::Test), ("sanitize", Task::Sanitize), ("cross", Task::Cross)]
        {
            assert_eq!(parse(line).unwrap(), task);
            let complaint = complaint(&format!("{line} fast")).unwrap();
            assert_eq!(complaint, format!("`{line}` takes no arguments"));
        }
    }

    #[test]
    fn nothing_and_help_show_the_usage_without_a_complaint() {
        for line in ["", "help", "-h", "--help", "help demo"] {
            assert_eq!(complaint(line), None, "{line}");
        }
    }

    #[test]
    fn an_unknown_task_is_named() {
        assert_eq!(complaint("demos").unwrap(), "no task `demos`");
    }
}
