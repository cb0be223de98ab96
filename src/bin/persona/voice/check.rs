//! `persona voice check`: whether what the voices say is understood.

use std::{fs, io::Write, path::PathBuf};

use bevy_persona::{
    cue::CueSheet,
    listen::Whisper,
    model_store::ModelStore,
    persona::{Language, PersonaSheet, personas_folder},
    voice::{Synthesizer, join, read, with_files},
};
use clap::Args;

use super::errors;
use crate::{cast, error::CliError, hear, progress::Progress};

/// Who says what.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Sentences, a line each
    pub sentences: PathBuf,

    /// Their language
    #[arg(long, value_name = "CODE", default_value = "en")]
    pub lang: Language,

    /// A sentence with names, which a listener knows
    #[arg(long, value_name = "SENTENCE")]
    pub names: Option<String>,

    /// Only these characters
    #[arg(long, value_name = "NAME")]
    pub only: Vec<String>,

    /// Where the persona files are
    #[arg(long, value_name = "DIR")]
    pub personas: Option<PathBuf>,
}

/// Lets each character say each sentence, has Whisper write it down, and counts the errors: words, or
/// jamo for Korean.
///
/// # Errors
/// If there is no voice, no ear, or a file cannot be read.
pub fn run(args: &CheckArgs) -> Result<(), CliError> {
    let path = &args.sentences;
    let text =
        fs::read_to_string(path).map_err(|error| CliError::Read { path: path.clone(), error })?;
    // It keeps nothing: what is checked is made now.
    let store = ModelStore::user()?;
    let mut voice =
        with_files(&Progress::of(|show, cancelled| store.fetch_voice(show, cancelled))?)?;
    let mut whisper = hear::whisper()?;
    if let Some(names) = &args.names {
        whisper.expect_names(args.lang, names);
    }
    let folder = args.personas.clone().unwrap_or_else(personas_folder);
    let all = cast::names(&folder)?;
    let names = all.iter().filter(|name| args.only.is_empty() || args.only.contains(name));
    let mut output = anstream::stdout().lock();
    for name in names {
        let sheet = cast::find(name, Some(&folder))?;
        let (mut wrong, mut units) = (0, 0);
        for sentence in text.lines().filter(|line| !line.trim().is_empty()) {
            let heard = said_and_heard(&mut voice, &mut whisper, &sheet, args.lang, sentence)?;
            let (errors, length) = errors::count(args.lang, sentence, &heard);
            (wrong, units) = (wrong + errors, units + length);
            if errors > 0 {
                writeln!(output, "{name}  {errors}  {sentence}\n    heard: {}", heard.trim())?;
            }
        }
        let percent = 100.0 * wrong as f64 / units.max(1) as f64;
        writeln!(output, "{name}: {wrong} of {units} wrong, {percent:.1} %")?;
    }
    Ok(())
}

fn said_and_heard(
    voice: &mut dyn Synthesizer,
    whisper: &mut Whisper,
    sheet: &PersonaSheet,
    language: Language,
    sentence: &str,
) -> Result<String, CliError> {
    let mut parts = Vec::new();
    for clause in read(sheet, &CueSheet::default(), language, sentence) {
        let speech = voice.synthesize(&clause.request)?;
        parts.push((clause, speech));
    }
    let speech = join(&parts);
    Ok(hear::hear(whisper, &speech.pcm, speech.sample_rate, Some(language))?.text)
}
