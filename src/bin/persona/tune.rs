//! `persona tune`: trains an adapter that gives characters voices of their own.

mod show;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::{Arc, atomic::AtomicBool},
};

use bevy_persona::{
    inference::{
        GgufSettings,
        model::{self, GgufFile, MatrixSizes, ModelFile, PeftAdapter, PeftError},
    },
    mind::exemplars::Exemplar,
    model_store::{ModelSource, ModelStore},
    persona::{PersonaSheet, personas_folder},
    train::{
        Arithmetic, Curriculum, DataError, LoraSettings, TrainError, TrainReport, TrainSettings,
        Trainer, loss_curve, merge, read_dialogues,
    },
};
use candle_core::Device;
use clap::{Args, ValueEnum};
use thiserror::Error;

use self::show::Show;
use crate::{cast, error::CliError, progress::Progress, shelf::library};

/// The files of dialogues beside a persona, by their endings.
const BESIDE: [&str; 2] = [".dialogues.jsonl", ".training.jsonl"];

/// Why there is no training.
#[derive(Debug, Error)]
pub enum TuneError {
    /// The data is broken.
    #[error("{0}")]
    Data(#[from] DataError),
    /// A file of data cannot be read.
    #[error("{path}: {error}; check that it is there and may be read", path = .path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// There is no data.
    #[error(
        "there are no dialogues of `{name}` beside her persona ({looked_for}); name files with `--data FILE`"
    )]
    NoData {
        /// Who.
        name: String,
        /// Where they could be.
        looked_for: String,
    },
    /// The training failed.
    #[error(transparent)]
    Train(#[from] TrainError),
    /// An adapter cannot be read or written.
    #[error(transparent)]
    Adapter(#[from] PeftError),
    /// What was asked for cannot be computed on.
    #[error("cannot compute on `{device}`: {error}; this build may lack the feature for it")]
    Device {
        /// Which.
        device: &'static str,
        /// What candle said.
        error: String,
    },
}

/// What is computed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DeviceName {
    /// All cores of this machine.
    Cpu,
    /// The first GPU of NVIDIA; needs a build with candle's feature `cuda`.
    Cuda,
    /// The GPU of a Mac; needs a build with candle's feature `metal`.
    Metal,
}

/// What to train, and how.
#[derive(Debug, Args)]
pub struct TuneArgs {
    /// The characters: names such as `siwoo`, or paths of `.persona.ron` files; several share one adapter
    #[arg(required = true, value_name = "NAME")]
    pub names: Vec<String>,

    /// The folder for the adapter, its loss curve, and checkpoints while it is trained
    #[arg(long, value_name = "DIR", required_unless_present = "check")]
    pub out: Option<PathBuf>,

    /// Dialogues to learn from, instead of those beside the personas
    ///
    /// One JSON object a line: our own form, `ShareGPT` or ChatML. What is in the latter two is said by
    /// the first character named.
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub data: Vec<PathBuf>,

    /// Only look for faults in the data
    #[arg(long)]
    pub check: bool,

    /// Begin with an adapter that was trained before: its folder
    #[arg(long, value_name = "DIR")]
    pub from: Option<PathBuf>,

    /// Go on with a training that was interrupted
    #[arg(long)]
    pub resume: bool,

    /// What other tools know the model as, for those who load the adapter; guessed without it
    #[arg(long, value_name = "NAME")]
    pub base: Option<String>,

    /// Write the model with the adapter merged into it as a GGUF file, too
    #[arg(long, value_name = "FILE.gguf")]
    pub merge: Option<PathBuf>,

    /// The model: `default`, the path of a .gguf file, or `hub:owner/repo/file.gguf`
    #[arg(long, value_name = "SOURCE", default_value = "default")]
    pub model: ModelSource,

    /// Where the persona files are
    #[arg(long, value_name = "DIR")]
    pub personas: Option<PathBuf>,

    /// The most steps
    #[arg(long, value_name = "N")]
    pub steps: Option<usize>,

    /// How often all dialogues are read
    #[arg(long, value_name = "N", default_value_t = TrainSettings::default().epochs)]
    pub epochs: usize,

    /// The highest learning rate
    #[arg(long, value_name = "RATE", default_value_t = TrainSettings::default().learning_rate)]
    pub rate: f64,

    /// How much can be learnt, and how large the file is
    #[arg(long, value_name = "N", default_value_t = LoraSettings::default().rank)]
    pub rank: usize,

    /// How strongly the change counts: alpha / rank; twice the rank without it
    #[arg(long, value_name = "X")]
    pub alpha: Option<f32>,

    /// The part of what the change reads that is left out at random, 0..1
    #[arg(long, value_name = "X", default_value_t = 0.0)]
    pub dropout: f32,

    /// The matrices that are changed: q, k, v, o, gate, up, down
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = show::target)]
    pub targets: Vec<model::Target>,

    /// Tokens of a step
    #[arg(long, value_name = "N", default_value_t = TrainSettings::default().tokens_per_step)]
    pub batch: usize,

    /// Keep what was learnt last, not what did best on what is held out
    #[arg(long)]
    pub last: bool,

    /// The same seed gives the same adapter
    #[arg(long, value_name = "N", default_value_t = TrainSettings::default().seed)]
    pub seed: u64,

    /// What is computed on
    #[arg(long, value_enum, default_value_t = DeviceName::Cpu)]
    pub device: DeviceName,

    /// The most threads; all cores without it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: Option<u16>,

    /// Compute all in 32 bits, which is slow on a CPU
    #[arg(long)]
    pub full: bool,

    /// Write each step and measurement as a JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// Trains an adapter.
///
/// # Errors
/// If a character, the data, the model or a setting is at fault.
pub fn run(args: &TuneArgs) -> Result<(), CliError> {
    leave_threads_to_us()?;
    let sheets = args.names.iter().map(|name| cast::find(name, args.personas.as_deref()));
    let sheets: Vec<PersonaSheet> = sheets.collect::<Result<_, _>>()?;
    let dialogues = dialogues(args, &sheets)?;
    let (mut file, settings) = (open_model(&args.model)?, settings(args));
    let library = Arc::new(library(args.personas.as_deref())?);
    let title = sheets.iter().map(|sheet| sheet.name.clone()).collect::<Vec<_>>().join(", ");
    let curriculum = Curriculum::new(&*file, sheets, library, dialogues, settings.longest)
        .map_err(TuneError::from)?;
    let show = Show::new(args.json, curriculum.counts());
    let Some(out) = args.out.as_deref().filter(|_| !args.check) else {
        show.checked()?;
        return Ok(());
    };
    if !args.resume && Trainer::is_unfinished(out) {
        let path = out.into();
        return Err(TuneError::from(TrainError::Unfinished { path }).into());
    }
    let (device, arithmetic) = (device(args.device)?, arithmetic(args));
    let cache = GgufSettings::default().cache_folder;
    let cache = cache.as_deref();
    let trainer = Trainer::new(&mut *file, curriculum, settings, arithmetic, &device, cache);
    let mut trainer = trainer.map_err(TuneError::from)?;
    if let Some(threads) = args.threads {
        trainer = trainer.on_threads(threads.into());
    }
    let sizes = MatrixSizes::of(&*file).map_err(TrainError::from).map_err(TuneError::from)?;
    if let Some(from) = &args.from {
        let from = PeftAdapter::read(from, &sizes).map_err(TuneError::from)?;
        trainer.begin_with(&from.adapter).map_err(TuneError::from)?;
    }
    train(args, &mut trainer, out, &title, show)?;
    let adapter = trainer
        .peft(args.base.clone().unwrap_or_else(|| base_name(&*file)))
        .map_err(TuneError::from)?;
    adapter.write(out, &sizes).map_err(TuneError::from)?;
    if let Some(merged) = &args.merge {
        let gguf = GgufFile::open(file.path()).map_err(TrainError::from);
        let mut gguf = gguf.map_err(TuneError::from)?;
        merge(&mut gguf, &adapter.adapter, merged).map_err(TuneError::from)?;
    }
    Ok(())
}

/// What other tools know the model as: where its file says it comes from, else what it is called.
fn base_name(file: &dyn ModelFile) -> String {
    let url = file.metadata().string("general.source.url").ok();
    let url = url.or_else(|| file.metadata().string("general.base_model.0.repo_url").ok());
    let repo = url.and_then(|url| url.strip_prefix("https://huggingface.co/"));
    let stem = || match file.path().is_dir() {
        true => file.name(),
        false => file.path().file_stem().unwrap_or_default().to_string_lossy().into_owned(),
    };
    repo.map_or_else(stem, str::to_owned)
}

/// Keeps candle from spreading each small operation over all cores: we give each of them a part of
/// the batch, and its threads would spin in between. It reads that from the environment, which only
/// a new process can have another one of.
fn leave_threads_to_us() -> std::io::Result<()> {
    const NAMES: [&str; 2] = ["CANDLE_NUM_THREADS", "RAYON_NUM_THREADS"];
    if NAMES.iter().all(|name| std::env::var_os(name).is_some()) {
        return Ok(());
    }
    let unset = NAMES.into_iter().filter(|name| std::env::var_os(name).is_none());
    let mut again = Command::new(std::env::current_exe()?);
    let status =
        again.args(std::env::args_os().skip(1)).envs(unset.map(|name| (name, "1"))).status()?;
    std::process::exit(status.code().unwrap_or(1));
}

fn train(
    args: &TuneArgs,
    trainer: &mut Trainer,
    out: &Path,
    title: &str,
    mut show: Show,
) -> Result<(), CliError> {
    let before = trainer.held_out_loss().map_err(TuneError::from)?;
    if args.resume {
        trainer.resume(out).map_err(TuneError::from)?;
    }
    let report = trainer.run(out, &mut |event| show.event(&event)).map_err(TuneError::from)?;
    write_curve(out, title, &report)?;
    let after = trainer.held_out_loss().map_err(TuneError::from)?;
    show.done(&report, before, after, out)?;
    Ok(())
}

fn write_curve(out: &Path, title: &str, report: &TrainReport) -> Result<(), TuneError> {
    let path = out.join("loss.svg");
    fs::create_dir_all(out)
        .and_then(|()| fs::write(&path, loss_curve(title, &report.record)))
        .map_err(|error| TuneError::Io { path, error })
}

fn settings(args: &TuneArgs) -> TrainSettings {
    let usual = TrainSettings::default();
    let mut lora = LoraSettings {
        rank: args.rank,
        alpha: args.alpha.unwrap_or(2.0 * args.rank as f32),
        dropout: args.dropout,
        ..usual.lora
    };
    if !args.targets.is_empty() {
        lora.targets.clone_from(&args.targets);
    }
    TrainSettings {
        lora,
        epochs: args.epochs,
        steps: args.steps,
        learning_rate: args.rate,
        tokens_per_step: args.batch,
        seed: args.seed,
        keep_last: args.last,
        ..usual
    }
}

fn arithmetic(args: &TuneArgs) -> Arithmetic {
    if args.full { Arithmetic::Full } else { Arithmetic::Packed }
}

fn device(name: DeviceName) -> Result<Device, TuneError> {
    let of = |device, made: candle_core::Result<Device>| {
        made.map_err(|error| TuneError::Device { device, error: error.to_string() })
    };
    match name {
        DeviceName::Cpu => Ok(Device::Cpu),
        DeviceName::Cuda => of("cuda", Device::new_cuda(0)),
        DeviceName::Metal => of("metal", Device::new_metal(0)),
    }
}

fn open_model(source: &ModelSource) -> Result<Box<dyn ModelFile>, CliError> {
    let mut progress = Progress::default();
    let cancelled = AtomicBool::new(false);
    let mut told = |loading| progress.show(&loading);
    let path = ModelStore::user()?.fetch(source, &mut told, &cancelled)?;
    Ok(model::open(&path).map_err(TrainError::from).map_err(TuneError::from)?)
}

/// The dialogues that are named, or those beside the personas.
fn dialogues(args: &TuneArgs, sheets: &[PersonaSheet]) -> Result<Vec<Exemplar>, TuneError> {
    let mut read = Vec::new();
    for path in &args.data {
        read.extend(dialogues_of(path, &sheets[0])?);
    }
    if !args.data.is_empty() {
        return Ok(read);
    }
    for (name, sheet) in args.names.iter().zip(sheets) {
        let persona = match cast::is_path(name) {
            true => PathBuf::from(name.trim_end_matches(".persona.ron")),
            false => args.personas.clone().unwrap_or_else(personas_folder).join(name),
        };
        let beside = BESIDE.map(|ending| PathBuf::from(format!("{}{ending}", persona.display())));
        let there: Vec<&PathBuf> = beside.iter().filter(|path| path.is_file()).collect();
        if there.is_empty() {
            let looked_for = beside.map(|path| path.display().to_string()).join(", ");
            return Err(TuneError::NoData { name: name.clone(), looked_for });
        }
        for path in there {
            read.extend(dialogues_of(path, sheet)?);
        }
    }
    Ok(read)
}

fn dialogues_of(path: &Path, sheet: &PersonaSheet) -> Result<Vec<Exemplar>, TuneError> {
    let text =
        fs::read_to_string(path).map_err(|error| TuneError::Io { path: path.into(), error })?;
    Ok(read_dialogues(&path.display().to_string(), &text, &sheet.id, &sheet.emotions)?)
}
