//! What is checked, in which order.

use std::{ffi::OsStr, path::Path};

use crate::{command::CommandLine, place};

/// Builds what fetches the model, and the stage.
///
/// Both in one go: apart they would be built with different features of the dependencies.
pub const BUILD: &str = "build --all-features --bin persona --example stage";

/// Where the stage leaves its screenshots, seen from the root of the repository.
pub const SCREENSHOTS: &str = "target/stage";

/// One thing to check.
#[derive(Debug)]
pub struct Check {
    /// What it is called while it runs.
    pub name: &'static str,
    /// What checks it.
    pub command: CommandLine,
    /// Answers where an optional tool is installed; without the tool the check is skipped.
    pub tool: Option<CommandLine>,
}

/// All checks, the quick ones first. `show` gives the stage its screen.
pub fn checks(target: Option<&Path>, show: impl FnOnce(CommandLine) -> CommandLine) -> Vec<Check> {
    let cargo = |line: &str| CommandLine::cargo(line, target);
    let example = |name: &str| cargo("run --all-features --example").args([name]);
    let docs = "doc --workspace --all-features --no-deps --document-private-items";
    let stage = example("stage").args(["--", "--script", "assets/demo/first_hello.txt"]);
    let stage = stage.args(["--screenshot-dir", SCREENSHOTS]);
    vec![
        check("formatting", cargo("fmt --all --check")),
        optional("spelling", CommandLine::new("typos"), "typos --version"),
        optional("toml files", CommandLine::new("taplo fmt --check"), "taplo --version"),
        optional("dependencies", cargo("deny check"), "cargo deny --version"),
        check("clippy", cargo("clippy --workspace --all-features --all-targets -- -D warnings")),
        check("no features", cargo("clippy --no-default-features --lib -- -D warnings")),
        check("docs", cargo(docs).env("RUSTDOCFLAGS", "-Dwarnings")),
        check("build", cargo(BUILD)),
        check("model", fetch_model("default".as_ref(), target)),
        check("tests", cargo("test --workspace --all-features")),
        check("hello_persona", example("hello_persona")),
        check("custom_backend", example("custom_backend")),
        check("stage", show(stage)),
    ]
}

/// Fetches a model unless it is here, once [`BUILD`] has built what does it.
pub fn fetch_model(model: &OsStr, target: Option<&Path>) -> CommandLine {
    CommandLine::program(&place::built("persona", target)).args(["model", "get"]).args([model])
}

fn check(name: &'static str, command: CommandLine) -> Check {
    Check { name, command, tool: None }
}

fn optional(name: &'static str, command: CommandLine, tool: &str) -> Check {
    Check { name, command, tool: Some(CommandLine::new(tool)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checks_run_in_this_order() {
        let mut checks = checks(None, |stage| stage);
        let model = checks.remove(8);
        assert_eq!(model.command, fetch_model("default".as_ref(), None));
        let lines: Vec<_> = checks.iter().map(|check| check.command.to_string()).collect();
        assert_eq!(
            lines,
            [
                "cargo fmt --all --check",
                "typos",
                "taplo fmt --check",
                "cargo deny check",
                "cargo clippy --workspace --all-features --all-targets -- -D warnings",
                "cargo clippy --no-default-features --lib -- -D warnings",
                "RUSTDOCFLAGS=-Dwarnings cargo doc --workspace --all-features --no-deps \
                 --document-private-items",
                "cargo build --all-features --bin persona --example stage",
                "cargo test --workspace --all-features",
                "cargo run --all-features --example hello_persona",
                "cargo run --all-features --example custom_backend",
                "cargo run --all-features --example stage -- --script assets/demo/first_hello.txt \
                 --screenshot-dir target/stage",
            ]
        );
    }

    #[test]
    fn only_tools_beyond_rust_may_be_absent() {
        let checks = checks(None, |stage| stage);
        let optional = checks.iter().filter(|check| check.tool.is_some());
        let names: Vec<_> = optional.map(|check| check.name).collect();
        assert_eq!(names, ["spelling", "toml files", "dependencies"]);
    }

    #[test]
    fn all_of_cargo_builds_into_one_folder() {
        let target = Path::new("/cache/target");
        for check in checks(Some(target), |stage| stage) {
            let line = check.command.to_string();
            let cargo = line.contains("cargo ");
            assert_eq!(cargo, line.contains("CARGO_TARGET_DIR=/cache/target "), "{line}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn the_model_is_fetched_by_what_was_just_built() {
        let line = fetch_model("a b.gguf".as_ref(), Some(Path::new("/cache/target"))).to_string();
        assert_eq!(line, "/cache/target/debug/persona model get 'a b.gguf'");
    }

    #[test]
    fn the_stage_is_shown_on_the_given_screen() {
        let checks = checks(None, |stage| stage.inside(CommandLine::new("on-screen")));
        let shown = |check: &&Check| check.command.to_string().starts_with("on-screen");
        let names: Vec<_> = checks.iter().filter(shown).map(|check| check.name).collect();
        assert_eq!(names, ["stage"]);
    }
}
