//! `persona play`: a scene in the terminal, by the same director as in a game.

mod args;
mod backstage;
mod coverage;
mod entry;
mod error;
mod fan;
mod keep;
mod order;
mod performance;
mod record;
mod script;
mod stock;
mod transcript;

use std::{
    collections::BTreeSet,
    io::{self, Write},
    path::Path,
};

use bevy_persona::{
    library::MindLibrary,
    mind::{Library, Unlocked, lore::Unlock},
    persona::personas_folder,
    scene::{SceneInfo, Scenes},
};
use serde::Serialize;

pub use args::PlayArgs;
use args::Speaker;
use backstage::{Backstage, Setting};
use entry::Words;
pub use error::{PlayError, advice};
use fan::{AutoFan, Fan, ListedFan, TypedFan};
use keep::Kept;
use performance::{Performance, Tally};
use script::Script;
use transcript::Transcript;

use crate::{cast, chat::folder_of_adapters, error::CliError, paint::QUIET, shelf};

/// Of so many seeds with `--coverage`, one plays all scenes in any order, whatever they need: some
/// nodes are only for fans who come too early.
const EARLY: u64 = 4;
/// What a fan is called who is tried out.
const SOMEBODY: &str = "Mina";

/// Plays what was asked.
///
/// # Errors
/// If there is no such scene, something in the folders is broken, a scene fails, or what was to be
/// checked does not hold.
pub fn run(args: &PlayArgs) -> Result<(), CliError> {
    let scenes = shelf::scenes(args.assets.as_deref())?;
    let library = shelf::library_in(args.assets.as_deref(), args.personas.as_deref())?;
    let played = played(&scenes, args)?;
    let unlocked = unlocked(&library, &args.unlocked)?;
    let setting = setting(args, library)?;
    let script = Script::new(&scenes, &setting.cast);
    let tally = Tally::default();
    let mut house = House { args, scenes, script, unlocked, setting, tally };
    for seed in args.seed..=args.seed.saturating_add(args.seeds.unwrap_or(1) - 1) {
        if !house.evening(seed)? {
            break;
        }
    }
    house.report(&played)
}

/// The scenes that are asked for, by name.
fn played(scenes: &Scenes, args: &PlayArgs) -> Result<BTreeSet<String>, PlayError> {
    if args.scene == "all" {
        return Ok(scenes.iter().map(|scene| scene.id.clone()).collect());
    }
    shelf::scene(scenes, &args.scene).map(|scene| [scene.id.clone()].into())
}

/// Under which names secrets are unlocked.
fn unlocked(library: &Library, secrets: &[String]) -> Result<Unlocked, PlayError> {
    let lock = |name: &String| match library.lore.get(name).map(|fact| &fact.unlock) {
        Some(Unlock::Scene(lock)) => Ok(lock.clone()),
        _ => {
            let locks =
                |fact: &&bevy_persona::mind::lore::Fact| matches!(fact.unlock, Unlock::Scene(_));
            let known: Vec<&str> =
                library.lore.facts().filter(locks).map(|fact| fact.id.as_str()).collect();
            Err(PlayError::NoSecret { name: name.clone(), advice: advice(name, &known) })
        }
    };
    secrets.iter().map(lock).collect()
}

fn setting(args: &PlayArgs, library: Library) -> Result<Setting, CliError> {
    let absolute = |path: &Path| {
        std::path::absolute(path).map_err(|error| PlayError::File { path: path.into(), error })
    };
    let personas = args.personas.clone().unwrap_or_else(personas_folder);
    let names = cast::names(&personas)
        .map_err(|error| PlayError::File { path: personas.clone(), error })?;
    let cast: Result<_, _> = names.iter().map(|name| cast::find(name, Some(&personas))).collect();
    Ok(Setting {
        assets: absolute(&shelf::assets(args.assets.as_deref()))?,
        personas: absolute(&personas)?,
        files: names.iter().map(|name| format!("{name}.persona.ron")).collect(),
        cast: cast?,
        library: MindLibrary::new(library),
        model: match &args.model {
            Speaker::Scripted => None,
            Speaker::Model(model) => {
                Some(args.server.factory(model, None, folder_of_adapters(None, false)))
            }
        },
        seed: args.seed,
        language: args.language,
        hour: args.hour,
    })
}

/// Where scenes are played, evening after evening.
struct House<'a> {
    args: &'a PlayArgs,
    scenes: Scenes,
    script: Script,
    unlocked: Unlocked,
    setting: Setting,
    tally: Tally,
}

/// The figures of all that was played.
#[derive(Debug, Serialize)]
struct Figures {
    event: &'static str,
    said_by_the_model: usize,
    written: usize,
    guarded: usize,
    library: usize,
    silent: usize,
    failed: usize,
    leaks: usize,
}

impl House<'_> {
    /// Plays the scenes with one seed; gives whether the fan stayed to the end.
    fn evening(&mut self, seed: u64) -> Result<bool, CliError> {
        let Self { args, scenes, script, unlocked, setting, tally } = self;
        setting.seed = seed;
        let mut stage = Backstage::open(setting, script.clone())?;
        // Some lines are only for fans who have told their name, others for those who have not.
        let name = (args.coverage && seed.is_multiple_of(2)).then_some(SOMEBODY);
        let name = args.fan_name.as_deref().or(name);
        keep::introduce(&mut stage, name, &args.affinity, unlocked)?;
        let mut transcript = Transcript::new(anstream::stdout(), args.json, setting.cast.clone());
        let mut fan = fan(args, seed);
        let is_early = args.coverage && args.scene == "all" && seed % EARLY == EARLY - 1;
        for scene in order(scenes, args, seed, is_early)? {
            if args.scene == "all" && !is_early {
                let closeness = keep::closeness(&mut stage);
                for (member, least) in order::closeness(scene) {
                    if closeness.get(&member).is_none_or(|now| *now < least) {
                        keep::set_closeness(&mut stage, &member, least);
                    }
                }
            }
            let (stage, fan, transcript) = (&mut stage, &mut *fan, &mut transcript);
            let (save, scene) = (args.save.as_deref(), scene.id.as_str());
            let mut performance = Performance { stage, fan, transcript, tally, save, scene };
            let stayed = match &args.resume {
                Some(path) => resume(&mut performance, seed, path)?,
                None => performance.play(seed, args.force || is_early)?,
            };
            if !stayed {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn report(&self, played: &BTreeSet<String>) -> Result<(), CliError> {
        let (json, mut output) = (self.args.json, anstream::stdout().lock());
        let mut never = Vec::new();
        if self.args.coverage {
            if !json {
                writeln!(output)?;
            }
            never = self.tally.coverage.report(&self.scenes, played, json, &mut output)?;
        }
        self.figures(&mut output)?;
        if !never.is_empty() {
            return Err(PlayError::NeverReached(never).into());
        }
        match self.tally.leaks {
            leaks if leaks > 0 && self.args.check_secrets => Err(PlayError::Leaks(leaks).into()),
            _ => Ok(()),
        }
    }

    fn figures(&self, output: &mut impl Write) -> io::Result<()> {
        let of = |words| self.tally.improvised.get(&words).copied().unwrap_or_default();
        let figures = Figures {
            event: "figures",
            said_by_the_model: of(Words::Model),
            written: of(Words::Written),
            guarded: of(Words::Guarded),
            library: of(Words::Library),
            silent: of(Words::Silent),
            failed: of(Words::Nobody),
            leaks: self.tally.leaks,
        };
        if self.args.json {
            serde_json::to_writer(&mut *output, &figures)?;
            return writeln!(output);
        }
        let Figures { said_by_the_model, written, guarded, library, silent, failed, leaks, .. } =
            figures;
        writeln!(
            output,
            "\n{QUIET}improvised lines: {said_by_the_model} by the model, {written} written, \
             {guarded} guarded, {library} from the library, {silent} silent, {failed} failed; {leaks} leaks{QUIET:#}"
        )
    }
}

/// The scenes in the order in which they are played.
fn order<'s>(
    scenes: &'s Scenes,
    args: &PlayArgs,
    seed: u64,
    is_early: bool,
) -> Result<Vec<&'s SceneInfo>, PlayError> {
    match args.scene.as_str() {
        "all" if is_early => Ok(order::by_chance(scenes, seed)),
        "all" => Ok(order::of_a_story(scenes)),
        name => Ok(vec![shelf::scene(scenes, name)?]),
    }
}

fn fan(args: &PlayArgs, seed: u64) -> Box<dyn Fan> {
    let auto = AutoFan::new(seed, args.language);
    match &args.choose {
        Some(listed) => Box::new(ListedFan::new(listed, auto)),
        None if args.auto => Box::new(auto),
        None => {
            let prompts: Box<dyn Write> =
                if args.json { Box::new(io::sink()) } else { Box::new(anstream::stdout()) };
            Box::new(TypedFan::new(io::stdin().lock(), prompts))
        }
    }
}

fn resume<W: Write>(
    performance: &mut Performance<'_, W>,
    seed: u64,
    path: &Path,
) -> Result<bool, PlayError> {
    let kept = Kept::read(path)?;
    if kept.scene.scene != performance.scene {
        let problem =
            format!("holds the scene `{0}`: `persona play {0} --resume …`", kept.scene.scene);
        return Err(PlayError::Save { path: path.into(), problem });
    }
    kept.restore(performance.stage, path)?;
    performance.resume(seed, kept)
}
