//! `persona model info`: what a model is, and whether it fits.

use std::io::{self, Write};

use bevy_persona::{
    inference::{free_memory, model},
    model_store::{ModelSource, ModelStore},
};
use clap::{Args, value_parser};

use super::{here, report::Report, text};
use crate::error::CliError;

/// What the numbers mean.
pub const INFO_HELP: &str = "\
Memory is told in MB of 1,000,000 bytes. `weights` are as they are held, which may be more or less \
than the file: what our own kernels compute has 5 to 8.5 bits a weight. `conversations` are those \
of four idols at their longest. `loading` is what the conversion of the largest matrix takes for a \
moment. What is needed is the weights and the larger of loading and all the rest.

`persona chat` and games refuse a model that does not fit, unless BEVY_PERSONA_ANY_MEMORY is set.";

/// Which model, and how it is to be used.
#[derive(Debug, Args)]
pub struct InfoArgs {
    /// `default`, `hub:owner/repo/file.gguf[@revision]` that was fetched, or the path of a GGUF file or of a
    /// folder of safetensors
    #[arg(value_name = "SOURCE", default_value = "default")]
    pub model: ModelSource,

    /// The tokens of a conversation for which memory is reckoned
    #[arg(long, value_name = "N", default_value_t = 2048,
        value_parser = value_parser!(u32).range(1..=16_777_216))]
    pub context: u32,

    /// The chat template, by name, instead of the one of the model
    #[arg(long, value_name = "NAME")]
    pub template: Option<String>,

    /// Write a JSON object
    #[arg(long)]
    pub json: bool,
}

/// Tells what a model is.
///
/// # Errors
/// If it is not here, its file is broken, or nobody reads the answer.
pub fn run(store: &ModelStore, args: &InfoArgs, output: &mut impl Write) -> Result<(), CliError> {
    let file = model::open(&here(store, &args.model)?)?;
    let template = args.template.as_deref();
    let report = Report::of(&*file, args.context as usize, template, free_memory());
    if args.json {
        serde_json::to_writer_pretty(&mut *output, &report).map_err(io::Error::from)?;
        writeln!(output)?;
    } else {
        text::write(&report, output)?;
    }
    Ok(())
}
