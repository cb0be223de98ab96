//! `persona lint`: mistakes in what was written for the characters.

mod excerpt;
mod report;

use std::{
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
};

use bevy_persona::{
    library::assets_folder,
    lint::{Content, Finding, Severity, lint},
    persona::personas_folder,
};
use clap::Args;

use crate::paint::visible;

/// The end of the command's help.
pub const LINT_HELP: &str = "\
Exit code: 0 if there is no error (and with --deny-warnings no warning), 1 if there is, 2 if a path
cannot be read. docs/writing/lint.md says what is checked.";

/// What to check.
#[derive(Debug, Args)]
pub struct LintArgs {
    /// Files, or folders with all that is in them; the personas and the game's assets without it
    ///
    /// Members, facts and scenes that a single file names are looked for around it.
    #[arg(value_name = "PATHS")]
    pub paths: Vec<PathBuf>,

    /// Write one JSON array, for editors
    #[arg(long)]
    pub json: bool,

    /// Fail on warnings, too
    #[arg(long)]
    pub deny_warnings: bool,
}

/// The folders in the game's assets that hold content.
const FOLDERS: [&str; 5] = ["lore", "conduct", "cues", "scenes", "motions"];

/// Checks files and shows what is wrong with them.
pub fn run(args: &LintArgs) -> ExitCode {
    let content = match Content::read(&paths(args)) {
        Ok(content) => content,
        Err(error) => {
            // Where even stderr is closed, nobody is left to tell.
            let _ = writeln!(anstream::stderr(), "persona: {}", visible(&error.to_string()));
            return ExitCode::from(2);
        }
    };
    let findings = lint(&content);
    match show(args, &content, &findings) {
        Ok(()) => {}
        // Whoever read our output has had enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        Err(_) => return ExitCode::from(2),
    }
    let worst = if args.deny_warnings { Severity::Warning } else { Severity::Error };
    let fails = findings.iter().any(|finding| finding.severity >= worst);
    if fails { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn paths(args: &LintArgs) -> Vec<PathBuf> {
    if !args.paths.is_empty() {
        return args.paths.clone();
    }
    let assets = FOLDERS.map(|folder| assets_folder().join(folder));
    let all = assets.into_iter().chain([personas_folder()]);
    all.filter(|folder| folder.is_dir()).collect()
}

fn show(args: &LintArgs, content: &Content, findings: &[Finding]) -> io::Result<()> {
    let mut out = io::BufWriter::new(anstream::stdout().lock());
    if args.json {
        serde_json::to_writer_pretty(&mut out, findings)?;
        writeln!(out)?;
        return out.flush();
    }
    for finding in findings {
        let text = content.text(&finding.file).unwrap_or_default();
        writeln!(out, "{}", report::drawn(text, finding))?;
    }
    writeln!(out, "{}", summary(content.asked(), findings))?;
    out.flush()
}

/// `2 errors, 1 warning in 49 files`
fn summary(files: usize, findings: &[Finding]) -> String {
    let count = |severity| findings.iter().filter(|found| found.severity == severity).count();
    let told = |severity: Severity| match count(severity) {
        0 => None,
        1 => Some(format!("1 {severity}")),
        many => Some(format!("{many} {severity}s")),
    };
    let told = [Severity::Error, Severity::Warning, Severity::Hint].map(told);
    let told: Vec<String> = told.into_iter().flatten().collect();
    let files = if files == 1 { "1 file".to_owned() } else { format!("{files} files") };
    if told.is_empty() {
        format!("no mistakes in {files}")
    } else {
        format!("{} in {files}", told.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_counts() {
        let mut content = Content::default();
        assert_eq!(summary(49, &[]), "no mistakes in 49 files");
        content.add("a.lines.toml", "[greetings]\nen = [\"[joy] Hi\"]\n");
        let mut findings = lint(&content);
        assert_eq!(summary(1, &findings), "1 error in 1 file");
        findings.extend(lint(&content));
        assert_eq!(summary(2, &findings), "2 errors in 2 files");
    }
}
