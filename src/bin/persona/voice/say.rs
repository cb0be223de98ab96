//! `persona voice say` and `persona voice render`: speech as files.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use bevy_persona::{
    cue::CueSheet,
    mind::Lines,
    model_store::ModelStore,
    persona::{Language, PersonaSheet, personas_folder},
    voice::{Babble, MouthShape, Speech, Synthesizer, join, keeping, read, wav, with_files},
};
use clap::Args;
use serde::Serialize;

use crate::{cast, error::CliError, progress::Progress, shelf};

/// What to say, and where to put it.
#[derive(Debug, Args)]
pub struct SayArgs {
    /// The character: a name such as `siwoo`, or the path of a `.persona.ron` file
    pub name: String,

    /// What she says, with emotion tags if need be: `[joy] You came!`
    pub text: String,

    /// The sound, as a WAVE file
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,

    /// Mouth shapes and words with their times, as JSON
    #[arg(long, value_name = "FILE")]
    pub keys: Option<PathBuf>,

    /// The language, where the script does not tell: `en`, `ko`, …
    #[arg(long, value_name = "CODE", default_value = "en")]
    pub lang: Language,

    /// Babble, as she does without the voice model
    #[arg(long)]
    pub babble: bool,

    /// Where the persona files are
    #[arg(long, value_name = "DIR")]
    pub personas: Option<PathBuf>,
}

/// Whose lines to make, and where to put them.
#[derive(Debug, Args)]
pub struct RenderArgs {
    /// The characters: names such as `siwoo`; all of them without it
    pub names: Vec<String>,

    /// Where the persona files are
    #[arg(long, value_name = "DIR")]
    pub personas: Option<PathBuf>,

    /// Where the speech is kept; a game finds it in `voices/lines` of its assets, and in the user's cache,
    /// which is meant without this
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,

    /// Only lines of these languages
    #[arg(long, value_name = "CODE")]
    pub lang: Vec<Language>,
}

/// What `--keys` writes.
#[derive(Debug, Serialize)]
struct Keys<'a> {
    seconds: f32,
    sample_rate: u32,
    mouth: Vec<Key>,
    words: Vec<Word<'a>>,
}

#[derive(Debug, Serialize)]
struct Key {
    shape: &'static str,
    weight: f32,
    seconds: f32,
}

#[derive(Debug, Serialize)]
struct Word<'a> {
    word: &'a str,
    start: f32,
    end: f32,
}

/// Says something into a file.
///
/// # Errors
/// If there is no such character or no voice, or a file cannot be written.
pub fn say(args: &SayArgs) -> Result<(), CliError> {
    let sheet = cast::find(&args.name, args.personas.as_deref())?;
    let mut voice: Box<dyn Synthesizer> =
        if args.babble { Box::new(Babble) } else { own_voice(None)? };
    let clauses = read(&sheet, &CueSheet::default(), args.lang, &args.text);
    let mut parts = Vec::new();
    for clause in clauses {
        let speech = voice.synthesize(&clause.request)?;
        parts.push((clause, speech));
    }
    if parts.is_empty() {
        return Err(CliError::NothingToSay);
    }
    let speech = join(&parts);
    let text: String = parts.iter().map(|(clause, _)| clause.request.text.as_str()).collect();
    write(&args.out, &wav::write(&speech.pcm, speech.sample_rate))?;
    if let Some(file) = &args.keys {
        write(file, &serde_json::to_vec_pretty(&keys(&speech, &text)).unwrap_or_default())?;
    }
    Ok(())
}

/// Makes all lines that are written for characters, so that no game has to wait for them.
///
/// # Errors
/// As [`say`].
pub fn render(args: &RenderArgs) -> Result<(), CliError> {
    let library = shelf::library(args.personas.as_deref())?;
    let names = if args.names.is_empty() {
        cast::names(&args.personas.clone().unwrap_or_else(personas_folder))?
    } else {
        args.names.clone()
    };
    let mut voice = own_voice(args.out.clone())?;
    let mut output = anstream::stdout().lock();
    for name in names {
        let sheet = cast::find(&name, args.personas.as_deref())?;
        let (mut count, mut seconds) = (0, 0.0);
        for (_, language, line) in library.lines(&sheet.id).into_iter().flat_map(Lines::iter) {
            // What a line leaves open is known in the game only.
            let is_open = line.contains('{');
            let is_asked_for = args.lang.is_empty() || args.lang.contains(&language);
            if is_open || !is_asked_for {
                continue;
            }
            seconds += made(voice.as_mut(), &sheet, language, line)?;
            count += 1;
        }
        writeln!(output, "{name}: {count} lines, {seconds:.0} s of speech")?;
    }
    Ok(())
}

fn made(
    voice: &mut dyn Synthesizer,
    sheet: &PersonaSheet,
    language: Language,
    line: &str,
) -> Result<f32, CliError> {
    let clauses = read(sheet, &CueSheet::default(), language, line);
    let made = clauses.iter().map(|clause| Ok(voice.synthesize(&clause.request)?.seconds()));
    made.sum()
}

/// The voice model; what it says is kept in this folder, or in the user's cache.
///
/// # Errors
/// If its files are not to be had, or are broken.
pub fn own_voice(keep: Option<PathBuf>) -> Result<Box<dyn Synthesizer>, CliError> {
    let store = ModelStore::user()?;
    let files = Progress::of(|show, cancelled| store.fetch_voice(show, cancelled))?;
    Ok(Box::new(keeping(with_files(&files)?, keep)))
}

fn keys<'a>(speech: &Speech, text: &'a str) -> Keys<'a> {
    let mouth = speech.mouth_keys.iter().map(|key| Key {
        shape: name_of(key.shape),
        weight: key.weight,
        seconds: key.seconds,
    });
    let words = speech.words.iter().map(|word| Word {
        word: text.get(word.text.clone()).unwrap_or_default(),
        start: word.time.start,
        end: word.time.end,
    });
    Keys {
        seconds: speech.seconds(),
        sample_rate: speech.sample_rate,
        mouth: mouth.collect(),
        words: words.collect(),
    }
}

fn name_of(shape: MouthShape) -> &'static str {
    match shape {
        MouthShape::Rest => "rest",
        MouthShape::Closed => "closed",
        MouthShape::Aa => "aa",
        MouthShape::Ih => "ih",
        MouthShape::Ou => "ou",
        MouthShape::Ee => "ee",
        MouthShape::Oh => "oh",
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    fs::write(path, bytes).map_err(|error| CliError::Write { path: path.into(), error })
}
