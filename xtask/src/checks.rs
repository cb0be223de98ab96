//! What is checked, in which order.

mod avatars;
pub mod kernels;

use std::{ffi::OsStr, path::Path};

use crate::{command::CommandLine, kit::Kit, place};

/// Builds what fetches the model, and the stage.
///
/// Both in one go: apart they would be built with different features of the dependencies.
pub const BUILD: &str = "build --features full --bin persona --example stage";

/// Where the stage leaves its screenshots, seen from the root of the repository.
pub const SCREENSHOTS: &str = "target/stage";

/// One thing to check.
#[derive(Debug)]
pub struct Check {
    /// What it is called while it runs.
    pub name: &'static str,
    /// What checks it.
    pub command: CommandLine,
    /// The optional tool that it takes; without the tool the check is skipped.
    pub tool: Option<Tool>,
    /// What is installed for it in the user's cache folder.
    pub kit: Option<Kit>,
}

/// A tool that not every machine has.
#[derive(Debug)]
pub struct Tool {
    /// What it is called by those who lack it.
    pub name: &'static str,
    /// Answers where it is installed.
    pub probe: CommandLine,
}

/// All checks, the quick ones first.
///
/// Cargo builds into `target`, other tools keep what they need in `cache`, and `show` gives the
/// stage its screen.
pub fn checks(
    target: Option<&Path>,
    cache: &Path,
    show: impl FnOnce(CommandLine) -> CommandLine,
) -> Vec<Check> {
    let cargo = |line: &str| CommandLine::cargo(line, target);
    let example = |name: &str| cargo("run --features full --example").args([name]);
    let docs = "doc --workspace --features full --no-deps --document-private-items";
    let stage = example("stage").args(["--", "--script", "assets/demo/first_hello.txt"]);
    let stage = stage.args(["--screenshot-dir", SCREENSHOTS]);
    vec![
        check("formatting", cargo("fmt --all --check")),
        optional("spelling", CommandLine::new("typos"), "typos"),
        optional("toml files", CommandLine::new("taplo fmt --check"), "taplo"),
        optional("dependencies", cargo("deny check"), "cargo deny"),
        avatars::validator(cache),
        check("clippy", cargo("clippy --workspace --features full --all-targets -- -D warnings")),
        check("no features", cargo("clippy --no-default-features --lib -- -D warnings")),
        check("docs", cargo(docs).env("RUSTDOCFLAGS", "-Dwarnings")),
        avatars::builder(cache),
        check("build", cargo(BUILD)),
        check("model", fetch_model("default".as_ref(), target)),
        check("tests", cargo("test --workspace --features full")),
        check("hello_persona", example("hello_persona")),
        check("custom_backend", example("custom_backend")),
        check("stage", show(stage)),
        // It draws into memory, so that it needs no screen.
        check("gallery", example("gallery").args(["--", "--check"])),
    ]
}

/// Fetches a model unless it is here, once [`BUILD`] has built what does it.
pub fn fetch_model(model: &OsStr, target: Option<&Path>) -> CommandLine {
    CommandLine::program(&place::built("persona", target)).args(["model", "get"]).args([model])
}

/// Fetches what the voices take unless it is here, once [`BUILD`] has built what does it.
pub fn fetch_voice(target: Option<&Path>) -> CommandLine {
    CommandLine::program(&place::built("persona", target)).args(["voice", "fetch"])
}

fn check(name: &'static str, command: CommandLine) -> Check {
    Check { name, command, tool: None, kit: None }
}

fn optional(name: &'static str, command: CommandLine, tool: &'static str) -> Check {
    let probe = CommandLine::new(tool).args(["--version"]);
    Check { name, command, tool: Some(Tool { name: tool, probe }), kit: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CACHE: &str = "/cache";

    fn all(target: Option<&Path>) -> Vec<Check> {
        checks(target, CACHE.as_ref(), |stage| stage)
    }

    #[cfg(unix)]
    #[test]
    fn checks_run_in_this_order() {
        let mut checks = all(None);
        let model = checks.remove(10);
        assert_eq!(model.command, fetch_model("default".as_ref(), None));
        let python = checks.remove(8);
        assert_eq!(python.command, avatars::builder(CACHE.as_ref()).command);
        let lines: Vec<_> = checks.iter().map(|check| check.command.to_string()).collect();
        assert_eq!(
            lines,
            [
                "cargo fmt --all --check",
                "typos",
                "taplo fmt --check",
                "cargo deny check",
                "NODE_PATH=/cache/gltf-validator/node_modules node \
                 tools/avatars/tests/validate.js assets/avatars assets/motions",
                "cargo clippy --workspace --features full --all-targets -- -D warnings",
                "cargo clippy --no-default-features --lib -- -D warnings",
                "RUSTDOCFLAGS=-Dwarnings cargo doc --workspace --features full --no-deps \
                 --document-private-items",
                "cargo build --features full --bin persona --example stage",
                "cargo test --workspace --features full",
                "cargo run --features full --example hello_persona",
                "cargo run --features full --example custom_backend",
                "cargo run --features full --example stage -- --script assets/demo/first_hello.txt \
                 --screenshot-dir target/stage",
                "cargo run --features full --example gallery -- --check",
            ]
        );
    }

    #[test]
    fn only_tools_beyond_rust_may_be_absent() {
        let checks = all(None);
        let optional = checks.iter().filter(|check| check.tool.is_some());
        let names: Vec<_> = optional.map(|check| check.name).collect();
        assert_eq!(names, ["spelling", "toml files", "dependencies", "gltf-validator", "avatars"]);
    }

    #[test]
    fn all_of_cargo_builds_into_one_folder() {
        let target = Path::new("/cache/target");
        for check in all(Some(target)) {
            let line = check.command.to_string();
            let cargo = line.contains("cargo ");
            assert_eq!(cargo, line.contains("CARGO_TARGET_DIR=/cache/target "), "{line}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn model_and_voice_are_fetched_by_what_was_just_built() {
        let line = fetch_model("a b.gguf".as_ref(), Some(Path::new("/cache/target"))).to_string();
        assert_eq!(line, "/cache/target/debug/persona model get 'a b.gguf'");
        let line = fetch_voice(Some(Path::new("/cache/target"))).to_string();
        assert_eq!(line, "/cache/target/debug/persona voice fetch");
    }

    #[test]
    fn the_stage_is_shown_on_the_given_screen() {
        let checks =
            checks(None, CACHE.as_ref(), |stage| stage.inside(CommandLine::new("on-screen")));
        let shown = |check: &&Check| check.command.to_string().starts_with("on-screen");
        let names: Vec<_> = checks.iter().filter(shown).map(|check| check.name).collect();
        assert_eq!(names, ["stage"]);
    }
}
