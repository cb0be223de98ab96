//! `persona hear`: writes down what is said in a sound file.

use std::{fs, io::Write, path::PathBuf, sync::atomic::AtomicBool};

use bevy_persona::{
    listen::{Heard, ListenError, SAMPLE_RATE, Transcribe, Whisper},
    model_store::ModelStore,
    persona::Language,
    voice::{resample, wav},
};
use clap::Args;

use crate::{error::CliError, progress::Progress};

/// What to listen to.
#[derive(Debug, Args)]
pub struct HearArgs {
    /// Sound files: RIFF WAVE
    #[arg(required = true)]
    pub files: Vec<PathBuf>,

    /// The language; without it the one that is heard
    #[arg(long, value_name = "CODE")]
    pub lang: Option<Language>,

    /// A sentence with names that may be said, so that they are written right: "Hi, Siwoo!"
    #[arg(long, value_name = "SENTENCE")]
    pub names: Option<String>,
}

/// Writes a line for each file.
///
/// # Errors
/// If a file is no sound, or the listening model is not to be had.
pub fn run(args: &HearArgs) -> Result<(), CliError> {
    let mut whisper = whisper()?;
    if let Some(names) = &args.names {
        whisper.expect_names(args.lang.unwrap_or_default(), names);
    }
    let mut output = anstream::stdout().lock();
    for file in &args.files {
        let bytes = fs::read(file).map_err(|error| CliError::Read { path: file.clone(), error })?;
        let sound = wav::read(&bytes)?;
        let heard = hear(&mut whisper, &sound.pcm, sound.sample_rate, args.lang)?;
        writeln!(output, "{}\t{}\t{}", file.display(), heard.language.code(), heard.text)?;
    }
    Ok(())
}

/// The listening model.
///
/// # Errors
/// If it is not to be had, or is broken.
pub fn whisper() -> Result<Whisper, CliError> {
    let store = ModelStore::user()?;
    let files = Progress::of(|show, cancelled| store.fetch_listen(show, cancelled))?;
    Ok(Whisper::load(&files.folder)?)
}

/// What is said in a sound of any sample rate.
///
/// # Errors
/// If the model fails.
pub fn hear(
    whisper: &mut Whisper,
    pcm: &[f32],
    sample_rate: u32,
    language: Option<Language>,
) -> Result<Heard, ListenError> {
    let pcm = resample(pcm, sample_rate, SAMPLE_RATE);
    Transcribe::transcribe(whisper, &pcm, language, &AtomicBool::new(false))
}
