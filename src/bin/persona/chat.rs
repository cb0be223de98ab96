//! `persona chat`: a conversation, for people or for programs.

mod interactive;
mod json;

use std::{
    hash::{BuildHasher, Hasher, RandomState},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use bevy_persona::{
    inference::{
        Backend, BackendFactory, GgufSettings, InferenceError, LoadReport, ScriptedBackend,
    },
    persona::PersonaSheet,
};

use crate::{
    args::ChatArgs,
    cast,
    error::CliError,
    keeper::Keeper,
    script, shelf,
    talk::{Acquaintance, FanState, Talk},
};

/// Talks to a character until the input ends.
///
/// # Errors
/// If the character, her file, the script or the model is at fault, or the output is closed.
pub fn run(args: &ChatArgs) -> Result<(), CliError> {
    let mut sheet = cast::find(&args.name, args.personas.as_deref())?;
    if let Some(tokens) = args.max_tokens {
        sheet.sampling.max_tokens = tokens as usize;
    }
    let factory = match &args.script {
        Some(path) => scripted(path, &sheet)?,
        None => args.server.factory(
            &args.model,
            args.template.clone(),
            folder_of_adapters(args.adapters.as_deref(), args.no_adapters),
        ),
    };
    let library = Arc::new(shelf::of(&args.name, args.personas.as_deref())?);
    let seed = args.seed.unwrap_or_else(any_seed);
    let mut talk = Talk::new(sheet.clone(), args.lang, seed, library, factory);
    talk.improvises = args.improvise;
    let mut keeper = None;
    if let Some(fan) = &args.fan {
        let mut opened = Keeper::open(args.store.as_deref(), fan.clone())?;
        let saved = opened.load()?;
        let with = Acquaintance::saved(&saved, &sheet.id);
        talk.meet(sheet, FanState::saved(&saved), with);
        keeper = Some(opened);
    }
    let input = io::stdin().lock();
    if args.json {
        json::run(talk, keeper, args.timings, input, io::stdout().lock())
    } else {
        interactive::run(talk, keeper, input, anstream::stdout().lock())
    }
}

/// Where the adapters are that the characters speak with: the folder named, or the usual one.
pub fn folder_of_adapters(named: Option<&Path>, none: bool) -> Option<PathBuf> {
    let usual = || GgufSettings::default().adapter_folder;
    if none { None } else { named.map(Path::to_path_buf).or_else(usual) }
}

/// Replies from a file.
fn scripted(path: &Path, sheet: &PersonaSheet) -> Result<Arc<BackendFactory>, CliError> {
    let replies = script::read(path)?;
    for (number, tag) in script::foreign_tags(&replies, &sheet.emotions) {
        let (path, name) = (path.display(), &sheet.name);
        let warning = format!("{path}: reply {number}: {name} cannot show [{tag}]; it is left out");
        // A warning that nobody reads is no reason to stop.
        let _ = writeln!(anstream::stderr(), "persona: {warning}");
    }
    let make = move |_: &mut LoadReport<'_>| -> Result<Box<dyn Backend>, InferenceError> {
        Ok(ScriptedBackend::from_replies(replies.clone()).boxed())
    };
    Ok(Arc::new(make))
}

/// A seed that is another one each time.
fn any_seed() -> u64 {
    RandomState::new().build_hasher().finish()
}
