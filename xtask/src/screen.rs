//! The screen that the stage is shown on.

use std::{env, ffi::OsString, path::Path};

use crate::{command::CommandLine, place};

/// The screen that the stage is shown on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screen {
    /// The one in front of the user.
    Real,
    /// One in memory, because the machine has none.
    Virtual,
}

impl Screen {
    /// The screen of this machine.
    pub fn here() -> Self {
        Self::on(env::consts::OS, place::var)
    }

    fn on(os: &str, var: impl Fn(&str) -> Option<OsString>) -> Self {
        let named = ["DISPLAY", "WAYLAND_DISPLAY"].into_iter().any(|name| var(name).is_some());
        if os == "linux" && !named { Self::Virtual } else { Self::Real }
    }

    /// Runs `command` so that its windows open on this screen.
    ///
    /// A virtual screen belongs to no graphics card, so the software driver has to draw.
    pub fn show(self, command: CommandLine, software_driver: Option<&Path>) -> CommandLine {
        if self == Self::Real {
            return command;
        }
        let outer = CommandLine::new("xvfb-run -a -s").args(["-screen 0 1280x800x24"]);
        let command = command.inside(outer);
        match software_driver {
            Some(driver) => command.env("VK_ICD_FILENAMES", driver),
            None => command,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn screen(os: &str, set: &str) -> Screen {
        Screen::on(os, |name| (name == set).then(|| ":0".into()))
    }

    #[test]
    fn linux_without_a_display_has_no_screen() {
        assert_eq!(screen("linux", "HOME"), Screen::Virtual);
        assert_eq!(screen("linux", "DISPLAY"), Screen::Real);
        assert_eq!(screen("linux", "WAYLAND_DISPLAY"), Screen::Real);
    }

    #[test]
    fn other_systems_always_have_one() {
        assert_eq!(screen("macos", "HOME"), Screen::Real);
        assert_eq!(screen("windows", "HOME"), Screen::Real);
    }

    #[test]
    fn a_virtual_screen_is_drawn_by_the_software_driver() {
        let shown = Screen::Virtual.show(CommandLine::new("stage"), Some(Path::new("/lvp.json")));
        let expected = "VK_ICD_FILENAMES=/lvp.json xvfb-run -a -s '-screen 0 1280x800x24' stage";
        assert_eq!(shown.to_string(), expected);
    }

    #[test]
    fn a_real_screen_changes_nothing() {
        let stage = CommandLine::new("stage");
        assert_eq!(Screen::Real.show(stage.clone(), Some(Path::new("/lvp.json"))), stage);
    }
}
