//! How to see whether the machine has something.

use std::{env, fs, path::Path};

use crate::{command::CommandLine, vulkan};

/// How to see whether the machine has something: by its effect, not by the name of a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Probe {
    /// A program on the path.
    Program(&'static str),
    /// A library to build with, as `pkg-config` names it.
    PkgConfig(&'static str),
    /// A library that is loaded at run time.
    SharedLibrary(&'static str),
    /// A Vulkan driver of any kind.
    VulkanDriver,
    /// The Vulkan driver that needs no graphics card.
    SoftwareVulkanDriver,
    /// The Python package installer.
    Pip,
    /// Python that can make environments with a package installer of their own.
    PythonVenv,
    /// The programs of a PostgreSQL server.
    Postgres,
    /// A browser that runs without a window.
    Browser,
}

/// The programs that the tests of pages know to look for.
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome-stable", "chrome"];

impl Probe {
    /// Whether the machine has it.
    pub fn found(self) -> bool {
        match self {
            Self::Program(name) => on_path(name),
            Self::PkgConfig(name) => CommandLine::new("pkg-config --exists").args([name]).answers(),
            Self::SharedLibrary(file) => names_library(&loader_cache(), file),
            Self::VulkanDriver => !vulkan::drivers().is_empty(),
            Self::SoftwareVulkanDriver => vulkan::software(&vulkan::drivers()).is_some(),
            Self::Pip => ["python3 -m pip --version", "pip --version", "pip3 --version"]
                .into_iter()
                .any(|line| CommandLine::new(line).answers()),
            Self::PythonVenv => {
                CommandLine::new("python3 -c").args(["import venv, ensurepip"]).answers()
            }
            Self::Postgres => on_path("initdb") || has_postgres(Path::new("/usr/lib/postgresql")),
            Self::Browser => {
                let named = env::var_os("CHROME").is_some_and(|file| Path::new(&file).is_file());
                named || BROWSERS.into_iter().any(on_path)
            }
        }
    }

    /// Whether what is not found is certainly missing.
    ///
    /// Libraries and drivers may be in folders of which only the loader knows, pip is not needed once
    /// the model is here, the check that takes environments of Python is skipped without, and the
    /// tests that take a PostgreSQL server or a browser say themselves what to do.
    pub fn is_sure(self) -> bool {
        match self {
            Self::Program(_) | Self::PkgConfig(_) => true,
            Self::Pip
            | Self::PythonVenv
            | Self::Postgres
            | Self::Browser
            | Self::SharedLibrary(_)
            | Self::VulkanDriver
            | Self::SoftwareVulkanDriver => false,
        }
    }
}

/// Whether a program of this name is on the path.
pub fn on_path(program: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// Whether a server of some version lies here, where Debian and its like hide them from the path.
fn has_postgres(place: &Path) -> bool {
    let versions = fs::read_dir(place).into_iter().flatten();
    versions.flatten().any(|version| version.path().join("bin/initdb").is_file())
}

/// All libraries that the loader knows. Its tool is often not on the path of users.
fn loader_cache() -> String {
    let tool = ["/sbin/ldconfig", "/usr/sbin/ldconfig"].into_iter().find(|p| Path::new(p).exists());
    let list = CommandLine::new(tool.unwrap_or("ldconfig")).args(["-p"]);
    list.output().unwrap_or_default()
}

fn names_library(cache: &str, file: &str) -> bool {
    cache.lines().any(|line| line.split_whitespace().next() == Some(file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_is_found_by_its_whole_name() {
        let cache = "2 libs found in cache `/etc/ld.so.cache'\n\
            \tlibXi.so.6 (libc6,x86-64) => /lib/x86_64-linux-gnu/libXi.so.6\n\
            \tlibX11-xcb.so.1 (libc6,x86-64) => /lib/x86_64-linux-gnu/libX11-xcb.so.1\n";
        assert!(names_library(cache, "libXi.so.6"));
        assert!(names_library(cache, "libX11-xcb.so.1"));
        assert!(!names_library(cache, "libXi.so"));
        assert!(!names_library(cache, "libX11.so.6"));
    }

    #[test]
    fn a_database_server_that_is_not_on_the_path_is_found() {
        let folder = env::temp_dir().join(format!("postgres-{}", std::process::id()));
        let bin = folder.join("17/bin");
        fs::create_dir_all(&bin).unwrap();
        assert!(!has_postgres(&folder));
        fs::write(bin.join("initdb"), "").unwrap();
        let found = has_postgres(&folder);
        fs::remove_dir_all(&folder).unwrap();
        assert!(found);
    }

    #[test]
    fn a_program_that_nobody_has_is_not_found() {
        assert!(!Probe::Program("no-such-program-here").found());
    }
}
