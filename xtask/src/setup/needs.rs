//! What building the crate and showing the stage take on Linux.

use super::{install::Manager, probe::Probe};
use crate::screen::Screen;

/// One thing the machine must have.
#[derive(Debug, PartialEq, Eq)]
pub struct Need {
    /// How to see whether it is there.
    pub probe: Probe,
    /// Which package brings it.
    pub packages: Packages,
    /// What it is for.
    pub why: &'static str,
    /// The only screen that takes it; none if both do.
    screen: Option<Screen>,
    /// The only purpose that takes it; none if both do.
    purpose: Option<Purpose>,
}

/// What the machine is made ready for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To show the stage.
    Demo,
    /// To run all checks.
    Test,
}

/// The name of a package in each distribution.
#[derive(Debug, PartialEq, Eq)]
pub struct Packages {
    apt: &'static str,
    dnf: &'static str,
    pacman: &'static str,
    zypper: &'static str,
}

impl Packages {
    /// The name that this package manager knows.
    pub fn of(&self, manager: Manager) -> &'static str {
        match manager {
            Manager::Apt => self.apt,
            Manager::Dnf => self.dnf,
            Manager::Pacman => self.pacman,
            Manager::Zypper => self.zypper,
        }
    }
}

/// What is needed with this screen, for this purpose, and not found.
pub fn missing(
    screen: Screen,
    purpose: Purpose,
    found: impl Fn(Probe) -> bool,
) -> Vec<&'static Need> {
    NEEDS
        .iter()
        .filter(|need| need.screen.is_none_or(|only| only == screen))
        .filter(|need| need.purpose.is_none_or(|only| only == purpose))
        .filter(|need| !found(need.probe))
        .collect()
}

const fn need(probe: Probe, packages: [&'static str; 4], why: &'static str) -> Need {
    let [apt, dnf, pacman, zypper] = packages;
    Need {
        probe,
        packages: Packages { apt, dnf, pacman, zypper },
        why,
        screen: None,
        purpose: None,
    }
}

const fn need_on(screen: Screen, need: Need) -> Need {
    Need { screen: Some(screen), ..need }
}

const fn need_for(purpose: Purpose, need: Need) -> Need {
    Need { purpose: Some(purpose), ..need }
}

static NEEDS: [Need; 16] = [
    need(
        Probe::Program("cc"),
        ["build-essential", "gcc", "base-devel", "gcc"],
        "compiles the parts that are written in C",
    ),
    need(
        Probe::Program("pkg-config"),
        ["pkg-config", "pkgconf-pkg-config", "pkgconf", "pkg-config"],
        "finds libraries while building",
    ),
    need(
        Probe::PkgConfig("alsa"),
        ["libasound2-dev", "alsa-lib-devel", "alsa-lib", "alsa-devel"],
        "plays sound",
    ),
    need(
        Probe::SharedLibrary("libxkbcommon-x11.so.0"),
        ["libxkbcommon-x11-0", "libxkbcommon-x11", "libxkbcommon-x11", "libxkbcommon-x11-0"],
        "reads the keyboard",
    ),
    need(
        Probe::SharedLibrary("libX11-xcb.so.1"),
        ["libx11-xcb1", "libX11-xcb", "libx11", "libX11-xcb1"],
        "opens windows",
    ),
    need(
        Probe::SharedLibrary("libXcursor.so.1"),
        ["libxcursor1", "libXcursor", "libxcursor", "libXcursor1"],
        "shows the pointer",
    ),
    need(
        Probe::SharedLibrary("libXi.so.6"),
        ["libxi6", "libXi", "libxi", "libXi6"],
        "follows the pointer",
    ),
    need(
        Probe::SharedLibrary("libvulkan.so.1"),
        ["libvulkan1", "vulkan-loader", "vulkan-icd-loader", "libvulkan1"],
        "finds the graphics driver",
    ),
    need_on(
        Screen::Real,
        need(
            Probe::VulkanDriver,
            ["mesa-vulkan-drivers", "mesa-vulkan-drivers", "vulkan-swrast", "libvulkan_lvp"],
            "draws, on a graphics card or without",
        ),
    ),
    need_on(
        Screen::Virtual,
        need(
            Probe::SoftwareVulkanDriver,
            ["mesa-vulkan-drivers", "mesa-vulkan-drivers", "vulkan-swrast", "libvulkan_lvp"],
            "draws without a graphics card",
        ),
    ),
    need(
        Probe::Pip,
        ["python3-pip", "python3-pip", "python-pip", "python3-pip"],
        "fetches the language model and the voices",
    ),
    need_for(
        Purpose::Test,
        need(
            Probe::PythonVenv,
            ["python3-venv", "python3", "python", "python3"],
            "checks the avatars with the tool that made them",
        ),
    ),
    need_for(
        Purpose::Test,
        need(
            Probe::Postgres,
            ["postgresql", "postgresql-server", "postgresql", "postgresql-server"],
            "is the database of the fan club's tests",
        ),
    ),
    need_for(
        Purpose::Test,
        need(
            Probe::Browser,
            ["chromium", "chromium", "chromium", "chromium"],
            "tries the page of the fan club (on Ubuntu, install Google Chrome from google.com/chrome)",
        ),
    ),
    need_on(
        Screen::Virtual,
        need(
            Probe::Program("xvfb-run"),
            ["xvfb", "xorg-x11-server-Xvfb", "xorg-server-xvfb", "xvfb-run"],
            "is a screen for a machine that has none",
        ),
    ),
    need_on(
        Screen::Virtual,
        need(
            Probe::Program("xauth"),
            ["xauth", "xorg-x11-xauth", "xorg-xauth", "xauth"],
            "guards that screen",
        ),
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn names(screen: Screen, found: impl Fn(Probe) -> bool) -> Vec<&'static str> {
        let missing = missing(screen, Purpose::Test, found);
        missing.iter().map(|need| need.packages.of(Manager::Apt)).collect()
    }

    #[test]
    fn a_complete_machine_lacks_nothing() {
        assert_eq!(names(Screen::Real, |_| true), Vec::<&str>::new());
        assert_eq!(names(Screen::Virtual, |_| true), Vec::<&str>::new());
    }

    #[test]
    fn a_bare_machine_lacks_each_package_once() {
        let mut all = names(Screen::Virtual, |_| false);
        assert!(all.contains(&"libasound2-dev") && all.contains(&"xvfb"));
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }

    #[test]
    fn a_virtual_screen_is_needed_only_where_there_is_no_real_one() {
        let real = names(Screen::Real, |_| false);
        assert!(!real.contains(&"xvfb") && !real.contains(&"xauth"));
    }

    #[test]
    fn the_demo_needs_nothing_that_only_checks_take() {
        let found = |probe| !matches!(probe, Probe::PythonVenv | Probe::Browser);
        let of = |purpose| missing(Screen::Real, purpose, found);
        assert_eq!(of(Purpose::Demo), Vec::<&Need>::new());
        assert_eq!(of(Purpose::Test).len(), 2);
    }

    #[test]
    fn a_graphics_card_cannot_draw_on_a_virtual_screen() {
        let card_only = |probe| probe != Probe::SoftwareVulkanDriver;
        assert_eq!(names(Screen::Real, card_only), Vec::<&str>::new());
        assert_eq!(names(Screen::Virtual, card_only), ["mesa-vulkan-drivers"]);
    }

    #[test]
    fn only_what_is_not_found_is_missing() {
        let missing = [Probe::PkgConfig("alsa"), Probe::Pip];
        let found = |probe| !missing.contains(&probe);
        assert_eq!(names(Screen::Real, found), ["libasound2-dev", "python3-pip"]);
    }
}
