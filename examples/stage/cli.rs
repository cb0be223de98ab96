//! The command line.

use std::{fmt::Display, path::PathBuf, str::FromStr};

use bevy_persona::{director::PlayScene, model_store::ModelSource, prelude::*};
use clap::{CommandFactory, Parser, error::ErrorKind};

use crate::script::{Record, Script, ScriptPlugin};

/// Talk with four idols on a small stage.
#[derive(Debug, Parser)]
#[command(name = "stage")]
pub struct Cli {
    /// Say the lines of this file instead of waiting for the keyboard, then quit
    #[arg(long, value_name = "FILE")]
    pub script: Option<PathBuf>,
    /// Where a script puts its pictures and transcript.jsonl
    #[arg(long, value_name = "DIR", requires = "script")]
    pub screenshot_dir: Option<PathBuf>,
    /// `default`, the path of a GGUF file, or hub:owner/repo/file.gguf
    #[arg(long, value_name = "SOURCE", default_value = "default")]
    pub model: ModelSource,
    /// Makes the same conversation go the same way
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// The size of the window in pixels [default: 1280x800, for a script 640x400]
    #[arg(long, value_name = "WxH")]
    pub size: Option<Size>,
    /// Who you are: the four remember you from one visit to the next
    #[arg(long, value_name = "ID", default_value = "fan")]
    pub fan: FanId,
    /// The file in which they remember [default: in the user's data folder]
    #[arg(long, value_name = "FILE")]
    pub store: Option<PathBuf>,
    /// Who is talked with first, alone in her room
    #[arg(long, value_name = "NAME", value_parser = ["siwoo", "jena", "taira", "marty"])]
    pub idol: Option<String>,
    /// Begin with this written scene, `echo_tower` for example
    #[arg(long, value_name = "ID")]
    pub scene: Option<String>,
    /// Play it though what it needs is not met
    #[arg(long, requires = "scene")]
    pub force: bool,
    /// Let the stage choose and answer for the fan, the same way for the same number
    #[arg(long, value_name = "SEED")]
    pub auto_fan: Option<u64>,
    /// Let the idols speak aloud while a script plays
    #[arg(long, requires = "script")]
    pub voice: bool,
    /// Log how many meshes, triangles and materials there are, once all four are on stage
    #[arg(long)]
    pub report: bool,
}

impl Cli {
    /// Reads the command line; explains it and quits if it cannot be followed.
    pub fn read() -> Self {
        Self::parse()
    }

    /// The scene to begin with.
    pub fn opening(&self) -> Option<PlayScene> {
        Some(PlayScene { scene: self.scene.clone()?, force: self.force })
    }

    /// The size of the window.
    pub fn size(&self) -> Size {
        let usual = if self.script.is_some() { Size(640, 400) } else { Size(1280, 800) };
        self.size.unwrap_or(usual)
    }

    /// What remembers the fan, unless a script plays.
    pub fn memory(&self) -> Option<FanStorePlugin> {
        if self.script.is_some() && self.store.is_none() {
            return None;
        }
        let file = self.store.clone().unwrap_or_else(FanStorePlugin::usual_file);
        Some(FanStorePlugin { file, fan: self.fan.clone() })
    }

    /// Where the settings are kept, unless a script plays: its pictures are to be compared.
    pub fn settings_file(&self) -> Option<PathBuf> {
        self.script.is_none().then(crate::settings::usual_file).flatten()
    }

    /// What plays the script, if there is one; quits if its files cannot be used.
    pub fn script_plugin(&self) -> Option<ScriptPlugin> {
        let script = Script::read(self.script.as_ref()?).unwrap_or_else(|error| refuse(error));
        let record =
            Record::open(self.screenshot_dir.clone()).unwrap_or_else(|error| refuse(error));
        Some(ScriptPlugin { script, record })
    }
}

/// Says what is wrong and quits.
fn refuse(error: impl Display) -> ! {
    Cli::command().error(ErrorKind::Io, error).exit()
}

/// A width and a height, written `1280x800`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size(pub u32, pub u32);

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let sides = text.split_once('x').map(|(width, height)| (width.parse(), height.parse()));
        match sides {
            Some((Ok(width), Ok(height))) if width >= 320 && height >= 200 => {
                Ok(Self(width, height))
            }
            _ => Err("write it as 1280x800, at least 320x200".into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_holds_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_size_is_two_numbers() {
        assert_eq!("1280x800".parse(), Ok(Size(1280, 800)));
        for wrong in ["", "1280", "1280x", "x800", "1280×800", "100x100", "-1x800"] {
            assert!(wrong.parse::<Size>().is_err(), "{wrong}");
        }
    }
}
