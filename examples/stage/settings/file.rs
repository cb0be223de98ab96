//! The file that keeps the settings.

use std::{
    io,
    path::{Path, PathBuf},
};

use bevy::log::warn;

use super::Settings;

/// In the user's folder for settings.
pub fn usual_file() -> Option<PathBuf> {
    Some(dirs::config_dir()?.join("bevy_persona").join("stage.toml"))
}

/// Reads settings; the usual ones where there are none or they cannot be understood.
pub fn read(file: &Path) -> Settings {
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Settings::default(),
        Err(error) => {
            warn!("{}: {error}; the usual settings are used", file.display());
            return Settings::default();
        }
    };
    let read: Result<Settings, _> = toml::from_str(&text);
    read.map(Settings::sane).unwrap_or_else(|error| {
        warn!("{}: {error}; the usual settings are used", file.display());
        Settings::default()
    })
}

/// Writes settings.
///
/// # Errors
/// If the folder cannot be made or the file not be written.
pub fn write(file: &Path, settings: &Settings) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let text = toml::to_string(settings).map_err(io::Error::other)?;
    std::fs::write(file, text)
}

#[cfg(test)]
mod tests {
    use super::{super::*, *};

    #[test]
    fn settings_come_back_as_they_were_kept() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("new").join("stage.toml");
        assert_eq!(read(&file), Settings::default());
        let chosen = Settings {
            language: Tongue::Korean,
            quality: Quality::LowPoly,
            volume: 0.5,
            voices: 0.6,
            text_size: 1.25,
            reduced_motion: true,
        };
        write(&file, &chosen).unwrap();
        assert_eq!(read(&file), chosen);
    }

    #[test]
    fn a_broken_file_gives_the_usual_settings_and_a_short_one_the_rest() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("stage.toml");
        std::fs::write(&file, "volume = \"loud\"").unwrap();
        assert_eq!(read(&file), Settings::default());
        std::fs::write(&file, "volume = 0.25").unwrap();
        assert_eq!(read(&file), Settings { volume: 0.25, ..Settings::default() });
    }
}
