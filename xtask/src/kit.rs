//! What a check needs beside its tool: packages of pinned versions, in the user's cache folder.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::{command::CommandLine, error::TaskError, place};

/// Packages of pinned versions.
#[derive(Debug)]
pub struct Kit {
    /// Where they are; nothing else is in there.
    pub folder: PathBuf,
    /// The files that pin their versions, seen from the root of the repository.
    ///
    /// A copy of them lies in the folder, so that a change of them is seen.
    pub pins: &'static [&'static str],
    /// What installs them.
    pub install: Vec<CommandLine>,
    /// Answers once they can be used.
    pub works: CommandLine,
}

impl Kit {
    /// Installs the packages, unless they are here in these versions.
    pub fn make_ready(&self) -> Result<(), TaskError> {
        if self.is_as_pinned() && self.works.answers() {
            return Ok(());
        }
        println!("Installing what it needs into {}", self.folder.display());
        self.begin_anew()
            .map_err(|error| TaskError::Folder { folder: self.folder.clone(), error })?;
        self.install.iter().try_for_each(CommandLine::run)
    }

    fn is_as_pinned(&self) -> bool {
        self.pins.iter().all(|pin| {
            let kept = fs::read(self.copy_of(pin)).ok();
            kept.is_some() && kept == fs::read(place::root().join(pin)).ok()
        })
    }

    fn begin_anew(&self) -> io::Result<()> {
        match fs::remove_dir_all(&self.folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => fs::create_dir_all(&self.folder)?,
        }
        self.pins
            .iter()
            .try_for_each(|pin| fs::copy(place::root().join(pin), self.copy_of(pin)).map(drop))
    }

    fn copy_of(&self, pin: &str) -> PathBuf {
        self.folder.join(Path::new(pin).file_name().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use std::{env, process};

    use super::*;

    const SUCCEEDS: &str = "cargo --version";
    const CANNOT_START: &str = "no-such-program-here";

    /// A kit that is installed by this line, and works if that one answers.
    fn kit(name: &str, install: &str, works: &str) -> Kit {
        Kit {
            folder: env::temp_dir().join(format!("xtask-kit-{name}-{}", process::id())),
            pins: &["xtask/Cargo.toml"],
            install: vec![CommandLine::new(install)],
            works: CommandLine::new(works),
        }
    }

    #[test]
    fn what_is_as_pinned_and_works_is_not_installed_again() {
        let kit = kit("same", CANNOT_START, SUCCEEDS);
        kit.begin_anew().unwrap();
        assert!(kit.make_ready().is_ok());
        fs::remove_dir_all(kit.folder).unwrap();
    }

    #[test]
    fn what_is_pinned_anew_is_installed_anew() {
        let kit = kit("pins", SUCCEEDS, SUCCEEDS);
        kit.begin_anew().unwrap();
        let (old, copy) = (kit.folder.join("old"), kit.folder.join("Cargo.toml"));
        fs::write(&old, "").unwrap();
        fs::write(copy, "[package]").unwrap();
        assert!(kit.make_ready().is_ok());
        assert!(kit.is_as_pinned() && !old.exists());
        fs::remove_dir_all(kit.folder).unwrap();
    }

    #[test]
    fn what_does_not_work_is_installed_anew() {
        let kit = kit("broken", CANNOT_START, CANNOT_START);
        kit.begin_anew().unwrap();
        assert!(matches!(kit.make_ready(), Err(TaskError::Start { .. })));
        fs::remove_dir_all(kit.folder).unwrap();
    }
}
