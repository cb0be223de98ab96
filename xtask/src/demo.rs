//! `cargo xtask demo`: the stage, from a bare machine.

use std::ffi::{OsStr, OsString};

use crate::{
    checks,
    command::CommandLine,
    error::TaskError,
    place,
    screen::Screen,
    setup::{self, Purpose},
    vulkan,
};

/// What to do where nobody could see the stage.
pub const NO_SCREEN: &str = "\
The stage needs a screen, and this machine has none (DISPLAY and WAYLAND_DISPLAY are not set).
Without one you can
  play a script and look at the pictures of it:
    cargo xtask demo -- --script assets/demo/first_hello.txt --screenshot-dir target/demo
  talk in the terminal:
    cargo install --path . --features cli && persona chat siwoo";

/// How it goes on where their voices cannot be fetched.
const PLAIN_VOICES: &str = "Going on without: they speak with plainer voices until they are here.";

/// Sets up, fetches model and voices, and runs the stage.
pub fn run(args: &[OsString]) -> Result<(), TaskError> {
    let screen = Screen::here();
    if screen == Screen::Virtual && option(args, "--script").is_none() {
        return Err(TaskError::NoScreen);
    }
    setup::prepare(screen, Purpose::Demo)?;
    let target = place::target();
    println!("Building; the first time takes long, because Bevy is built too.");
    CommandLine::cargo(checks::BUILD, target.as_deref()).run()?;
    let model = option(args, "--model").unwrap_or("default".as_ref());
    checks::fetch_model(model, target.as_deref()).here().run()?;
    if let Err(error) = checks::fetch_voice(target.as_deref()).here().run() {
        println!("Fetching the voices {error}\n{PLAIN_VOICES}");
    }
    let stage = CommandLine::cargo("run --features full --example stage", target.as_deref());
    let stage = if args.is_empty() { stage } else { stage.args(["--"]).args(args) };
    screen.show(stage.here(), vulkan::software(&vulkan::drivers())).run()
}

/// The value of an option of the stage, in either spelling.
fn option<'a>(args: &'a [OsString], name: &str) -> Option<&'a OsStr> {
    let apart = args.iter().zip(args.iter().skip(1)).find(|(arg, _)| *arg == name);
    let joined = |arg: &'a OsString| arg.to_str()?.strip_prefix(name)?.strip_prefix('=');
    match apart {
        Some((_, value)) => Some(value),
        None => args.iter().find_map(joined).map(OsStr::new),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<OsString> {
        line.split_whitespace().map(OsString::from).collect()
    }

    #[test]
    fn an_option_is_seen_in_both_spellings() {
        let value = |line, name| option(&words(line), name).map(OsStr::to_owned);
        assert_eq!(value("--seed 1 --script a.txt", "--script"), Some("a.txt".into()));
        assert_eq!(value("--script=a.txt --seed 1", "--script"), Some("a.txt".into()));
        assert_eq!(value("--seed 1", "--script"), None);
        assert_eq!(value("--scripted a --model script", "--script"), None);
        assert_eq!(value("--script", "--script"), None);
        assert_eq!(value("", "--model"), None);
    }
}
