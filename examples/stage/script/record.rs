//! The pictures and the transcript of a script.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use bevy::{
    prelude::*,
    render::view::screenshot::{Screenshot, ScreenshotCaptured, save_to_disk},
};
use bevy_persona::dialogue::ReplyEnd;
use serde::Serialize;
use thiserror::Error;

use super::{compare::differing, heard::Finished};

const TRANSCRIPT: &str = "transcript.jsonl";

/// What one step brought.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Entry {
    pub step: usize,
    pub idol: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fan: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<&'static str>,
    /// What else its picture shows.
    #[serde(rename = "view", skip_serializing_if = "Option::is_none")]
    pub shows: Option<String>,
    /// The feelings shown, in order.
    pub emotions: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds_to_first_word: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tokens_per_second: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
}

impl Entry {
    /// The feeling that is on her face now.
    pub fn emotion(&self) -> &str {
        self.emotions.last().map_or("neutral", String::as_str)
    }

    /// What its picture shows, in a word.
    pub fn shows(&self) -> &str {
        self.shows.as_deref().unwrap_or(self.emotion())
    }

    /// Takes down a whole reply.
    pub fn reply(&mut self, finished: Finished, emotions: Vec<String>) {
        self.reply = Some(finished.text);
        self.end = Some(match finished.reason {
            ReplyEnd::Complete => "complete",
            ReplyEnd::Length => "length",
            ReplyEnd::Stop => "stop",
            ReplyEnd::Guarded => "guarded",
            ReplyEnd::Written => "written",
            ReplyEnd::Heard => "heard",
            ReplyEnd::Interrupted => "interrupted",
        });
        self.emotions = emotions;
        self.seconds_to_first_word = Some(finished.seconds_to_first_word);
        self.tokens_per_second = Some(finished.tokens_per_second);
    }
}

/// Where pictures and transcript go; nowhere, if no folder was named.
#[derive(Debug, Clone, Resource)]
pub struct Record {
    folder: Option<PathBuf>,
    /// Whether the picture that was asked for last has been taken.
    taken: bool,
    /// The last picture, and the one before it.
    last: [Option<Image>; 2],
}

/// A folder or file that cannot be written.
#[derive(Debug, Error)]
#[error("{}: {error}", .path.display())]
pub struct RecordError {
    path: PathBuf,
    error: io::Error,
}

impl RecordError {
    fn at(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |error| Self { path, error }
    }
}

impl Record {
    /// Makes the folder and an empty transcript.
    ///
    /// # Errors
    /// If they cannot be made.
    pub fn open(folder: Option<PathBuf>) -> Result<Self, RecordError> {
        if let Some(folder) = &folder {
            fs::create_dir_all(folder).map_err(RecordError::at(folder))?;
            let transcript = folder.join(TRANSCRIPT);
            File::create(&transcript).map_err(RecordError::at(&transcript))?;
        }
        Ok(Self { folder, taken: false, last: [None, None] })
    }

    /// Asks for a picture; gives its name, if pictures are wanted.
    pub fn photograph(&mut self, entry: &Entry, commands: &mut Commands) -> Option<String> {
        let folder = self.folder.as_ref()?;
        let name = format!("{:02}-{}-{}.png", entry.step, entry.idol, entry.shows());
        self.taken = false;
        commands
            .spawn(Screenshot::primary_window())
            .observe(save_to_disk(folder.join(&name)))
            // Both have run before the script looks again.
            .observe(|captured: On<ScreenshotCaptured>, mut record: ResMut<Self>| {
                record.taken = true;
                let [last, _] = &mut record.last;
                record.last = [Some(captured.image.clone()), last.take()];
            });
        Some(name)
    }

    /// Makes sure that the last two pictures differ in `percent` of their pixels, or more.
    ///
    /// # Errors
    /// If they do not. Where no pictures are wanted there is nothing to compare.
    pub fn expect_difference(&self, percent: f32) -> Result<(), String> {
        if self.folder.is_none() {
            return Ok(());
        }
        let [Some(last), Some(before)] = &self.last else {
            return Err("`!differ` needs two pictures before it".into());
        };
        let found = differing(before, last).ok_or("the last two pictures cannot be compared")?;
        let found = found * 100.0;
        info!("the last two pictures differ in {found:.1} % of their pixels");
        if found >= percent {
            Ok(())
        } else {
            Err(format!("the last two pictures differ in {found:.1} % only, not in {percent} %"))
        }
    }

    /// Whether the picture has been taken and, if so, whether it could be saved.
    pub fn developed(&self, picture: &str) -> Option<bool> {
        let folder = self.folder.as_ref()?;
        self.taken.then(|| folder.join(picture).is_file())
    }

    /// Adds a step to the transcript.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&self, entry: &Entry) -> Result<(), RecordError> {
        let Some(folder) = &self.folder else { return Ok(()) };
        let path = folder.join(TRANSCRIPT);
        let line = serde_json::to_string(entry).map_err(io::Error::from);
        line.and_then(|line| writeln!(File::options().append(true).open(&path)?, "{line}"))
            .map_err(RecordError::at(&path))
    }
}
