//! How packages are installed.

use super::{
    needs::Need,
    probe::{self, Probe},
};
use crate::command::CommandLine;

/// A package manager.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manager {
    /// Debian, Ubuntu and their like.
    Apt,
    /// Fedora and its like.
    Dnf,
    /// Arch Linux and its like.
    Pacman,
    /// openSUSE.
    Zypper,
}

impl Manager {
    /// The one this machine has.
    pub fn find(on_path: impl Fn(&str) -> bool) -> Option<Self> {
        [Self::Apt, Self::Dnf, Self::Pacman, Self::Zypper]
            .into_iter()
            .find(|manager| on_path(manager.program()))
    }

    fn program(self) -> &'static str {
        match self {
            Self::Apt => "apt-get",
            Self::Dnf => "dnf",
            Self::Pacman => "pacman",
            Self::Zypper => "zypper",
        }
    }

    /// What installs these, to be run as root one after the other.
    pub fn commands(self, needs: &[&Need]) -> Vec<CommandLine> {
        let packages = needs.iter().map(|need| need.packages.of(self));
        match self {
            Self::Apt => {
                // Ubuntu has no package of a browser; what is asked for with it would not come either.
                let (browser, others): (Vec<&Need>, _) =
                    needs.iter().copied().partition(|need| need.probe == Probe::Browser);
                let install = "env DEBIAN_FRONTEND=noninteractive apt-get install -y \
                    --no-install-recommends";
                let installs = [others, browser].into_iter().filter(|part| !part.is_empty());
                let installs = installs.map(|part| {
                    CommandLine::new(install).args(part.iter().map(|need| need.packages.of(self)))
                });
                [CommandLine::new("apt-get update")].into_iter().chain(installs).collect()
            }
            Self::Dnf => vec![CommandLine::new("dnf install").args(packages)],
            Self::Pacman => vec![CommandLine::new("pacman -S --needed").args(packages)],
            Self::Zypper => vec![CommandLine::new("zypper install").args(packages)],
        }
    }
}

/// How this user may act as root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rights {
    /// The user is root.
    Root,
    /// The user may borrow its rights.
    Sudo,
}

impl Rights {
    /// The rights of this user; none if there is no way to act as root.
    pub fn find() -> Option<Self> {
        let user = CommandLine::new("id -u").output();
        Self::of(user.as_deref(), probe::on_path("sudo"))
    }

    fn of(user: Option<&str>, sudo: bool) -> Option<Self> {
        match user.map(str::trim) {
            Some("0") => Some(Self::Root),
            _ => sudo.then_some(Self::Sudo),
        }
    }

    /// The commands with these rights.
    pub fn lend(self, commands: &[CommandLine]) -> Vec<CommandLine> {
        let lent = |command: CommandLine| match self {
            Self::Root => command,
            Self::Sudo => command.inside(CommandLine::new("sudo")),
        };
        commands.iter().cloned().map(lent).collect()
    }
}

/// The commands as one line for a shell.
pub fn one_line(commands: &[CommandLine]) -> String {
    commands.iter().map(ToString::to_string).collect::<Vec<_>>().join(" && ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        screen::Screen,
        setup::{Purpose, needs::missing},
    };

    /// What installs ALSA and the virtual screen.
    fn commands(manager: Manager) -> Vec<CommandLine> {
        let wanted = [Probe::PkgConfig("alsa"), Probe::Program("xvfb-run")];
        let found = |probe| !wanted.contains(&probe);
        manager.commands(&missing(Screen::Virtual, Purpose::Test, found))
    }

    #[test]
    fn apt_refreshes_its_lists_first() {
        assert_eq!(
            one_line(&commands(Manager::Apt)),
            "apt-get update && env DEBIAN_FRONTEND=noninteractive apt-get install -y \
             --no-install-recommends libasound2-dev xvfb"
        );
    }

    #[test]
    fn a_browser_that_apt_does_not_know_holds_up_nothing_else() {
        let wanted = [Probe::PkgConfig("alsa"), Probe::Browser];
        let found = |probe| !wanted.contains(&probe);
        let commands = Manager::Apt.commands(&missing(Screen::Real, Purpose::Test, found));
        let lines: Vec<_> = commands.iter().map(ToString::to_string).collect();
        assert_eq!(lines.len(), 3);
        assert!(lines[1].ends_with("libasound2-dev") && lines[2].ends_with(" chromium"));
    }

    #[test]
    fn each_manager_gets_its_own_names() {
        let line = |manager| one_line(&commands(manager));
        assert_eq!(line(Manager::Dnf), "dnf install alsa-lib-devel xorg-x11-server-Xvfb");
        assert_eq!(line(Manager::Pacman), "pacman -S --needed alsa-lib xorg-server-xvfb");
        assert_eq!(line(Manager::Zypper), "zypper install alsa-devel xvfb-run");
    }

    #[test]
    fn a_user_who_is_not_root_needs_sudo() {
        assert_eq!(Rights::of(Some("0\n"), false), Some(Rights::Root));
        assert_eq!(Rights::of(Some("1000\n"), true), Some(Rights::Sudo));
        assert_eq!(Rights::of(Some("1000\n"), false), None);
        assert_eq!(Rights::of(None, false), None);
    }

    #[test]
    fn sudo_runs_each_command() {
        let line = one_line(&Rights::Sudo.lend(&commands(Manager::Apt)));
        assert!(line.starts_with("sudo apt-get update && sudo env DEBIAN_FRONTEND="), "{line}");
        assert_eq!(Rights::Root.lend(&commands(Manager::Dnf)), commands(Manager::Dnf));
    }

    #[test]
    fn the_manager_is_the_one_on_the_path() {
        assert_eq!(Manager::find(|program| program == "pacman"), Some(Manager::Pacman));
        assert_eq!(Manager::find(|_| false), None);
    }
}
