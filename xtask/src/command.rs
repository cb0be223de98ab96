//! A command line as data: it can be run, shown and tested.

use std::{
    borrow::Cow,
    env,
    ffi::{OsStr, OsString},
    fmt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{error::TaskError, place};

/// A program, its arguments, and what is added to its environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandLine {
    program: OsString,
    args: Vec<OsString>,
    env: Vec<(&'static str, OsString)>,
    /// Where it runs; in the root of the repository if not given.
    folder: Option<PathBuf>,
}

impl CommandLine {
    /// The words of `line`, without any quoting.
    pub fn new(line: &str) -> Self {
        let mut words = line.split_whitespace().map(OsString::from);
        let program = words.next().unwrap_or_default();
        Self { program, args: words.collect(), env: Vec::new(), folder: None }
    }

    /// The program at this path.
    pub fn program(path: &Path) -> Self {
        Self { program: path.into(), args: Vec::new(), env: Vec::new(), folder: None }
    }

    /// Cargo with the words of `line`, which builds into `target`, or where it likes if there is none.
    pub fn cargo(line: &str, target: Option<&Path>) -> Self {
        let cargo = Self::new("cargo").args(line.split_whitespace());
        match target {
            Some(target) => cargo.env("CARGO_TARGET_DIR", target),
            None => cargo,
        }
    }

    /// Adds arguments.
    pub fn args(mut self, args: impl IntoIterator<Item = impl Into<OsString>>) -> Self {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    /// Adds a variable to the environment.
    pub fn env(mut self, name: &'static str, value: impl Into<OsString>) -> Self {
        self.env.push((name, value.into()));
        self
    }

    /// Runs it where the person at the terminal stands, so that the paths among its arguments hold.
    pub fn here(mut self) -> Self {
        self.folder = env::current_dir().ok();
        self
    }

    /// Lets `outer` run this command, as `sudo` does.
    pub fn inside(self, mut outer: Self) -> Self {
        outer.args.push(self.program);
        outer.args.extend(self.args);
        outer.env.extend(self.env);
        outer.folder = self.folder;
        outer
    }

    /// Runs it to its end.
    pub fn run(&self) -> Result<(), TaskError> {
        let command = || self.to_string();
        match self.process().status() {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(TaskError::Failed { command: command(), status }),
            Err(error) => Err(TaskError::Start { command: command(), error }),
        }
    }

    /// What it prints; none if it does not succeed.
    pub fn output(&self) -> Option<String> {
        let output = self.process().stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Whether the program is there and succeeds.
    pub fn answers(&self) -> bool {
        self.output().is_some()
    }

    fn process(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.args).current_dir(self.folder.as_deref().unwrap_or(place::root()));
        for (name, _) in env::vars_os().filter(|(name, _)| describes_this_package(name)) {
            command.env_remove(name);
        }
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
        command
    }
}

/// Whether Cargo set the variable to describe xtask to itself.
///
/// Build scripts of some dependencies watch these variables; with them a build from here and one
/// from the shell would undo each other.
fn describes_this_package(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
}

/// As one would type it.
impl fmt::Display for CommandLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, value) in &self.env {
            write!(f, "{name}={} ", quoted(value))?;
        }
        f.write_str(&quoted(&self.program))?;
        self.args.iter().try_for_each(|arg| write!(f, " {}", quoted(arg)))
    }
}

fn quoted(word: &OsStr) -> Cow<'_, str> {
    let word = word.to_string_lossy();
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@%+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word
    } else {
        format!("'{}'", word.replace('\'', r"'\''")).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_shown_as_one_would_type_it() {
        let line = CommandLine::new("persona chat").args(["siwoo", "", "it's me"]).env("A", "1 2");
        assert_eq!(line.to_string(), r"A='1 2' persona chat siwoo '' 'it'\''s me'");
    }

    #[test]
    fn cargo_gets_the_target_folder() {
        let line = CommandLine::cargo("test --workspace", Some(Path::new("/cache/target")));
        assert_eq!(line.to_string(), "CARGO_TARGET_DIR=/cache/target cargo test --workspace");
        assert_eq!(CommandLine::cargo("doc", None).to_string(), "cargo doc");
    }

    #[test]
    fn an_outer_program_takes_over_words_and_environment() {
        let inner = CommandLine::new("stage --script a").env("B", "2");
        let outer = CommandLine::new("xvfb-run -a").env("A", "1");
        assert_eq!(inner.inside(outer).to_string(), "A=1 B=2 xvfb-run -a stage --script a");
    }

    #[test]
    fn only_what_describes_xtask_is_kept_from_children() {
        for name in ["CARGO_PKG_NAME", "CARGO_PKG_VERSION_MAJOR", "CARGO_MANIFEST_DIR"] {
            assert!(describes_this_package(OsStr::new(name)), "{name}");
        }
        for name in ["CARGO", "CARGO_HOME", "CARGO_TERM_COLOR", "CARGO_TARGET_DIR", "PATH"] {
            assert!(!describes_this_package(OsStr::new(name)), "{name}");
        }
    }

    #[test]
    fn an_absent_program_does_not_answer() {
        assert!(!CommandLine::new("no-such-program-here --version").answers());
    }

    #[test]
    fn an_absent_program_cannot_be_started() {
        let error = CommandLine::new("no-such-program-here --version").run().unwrap_err();
        assert!(matches!(error, TaskError::Start { .. }));
        assert!(error.to_string().ends_with("no-such-program-here --version"));
    }
}
