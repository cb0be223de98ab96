//! Contact sheets of the sample avatars: every expression and every motion, side by side.
//!
//! It needs neither a language model nor a screen; without a graphics card a software driver draws.
//!
//! ```sh
//! cargo run --features full --example gallery -- --out docs/gallery
//! ```
//!
//! With `--check` it draws a few pictures only, and makes sure that faces and hands move.

mod check;
mod cli;
mod label;
mod picture;
mod sheet;
mod sheets;
mod studio;

use std::fs;

use bevy::prelude::*;

use cli::{Cli, Part};
use picture::PictureError;
use studio::{Studio, StudioError};
use thiserror::Error;

/// Why there is no gallery.
#[derive(Debug, Error)]
enum GalleryError {
    #[error(transparent)]
    Studio(#[from] StudioError),
    #[error(transparent)]
    Picture(#[from] PictureError),
    #[error("{}: {error}", .folder.display())]
    Folder { folder: std::path::PathBuf, error: std::io::Error },
    #[error("the avatars do not show what they should: {0}")]
    Check(String),
}

fn main() -> AppExit {
    match run(&Cli::read()) {
        Ok(()) => AppExit::Success,
        Err(error) => {
            error!("{error}");
            AppExit::error()
        }
    }
}

fn run(cli: &Cli) -> Result<(), GalleryError> {
    let mut studio = Studio::open(cli.avatars)?;
    if cli.check {
        return check::run(&mut studio, cli.out.as_deref());
    }
    let Some(folder) = &cli.out else { return Ok(()) };
    fs::create_dir_all(folder)
        .map_err(|error| GalleryError::Folder { folder: folder.clone(), error })?;
    if cli.draws(Part::Motions) {
        sheets::motions(&mut studio, folder)?;
    }
    // The last part, because all hold still for it.
    if cli.draws(Part::Expressions) {
        sheets::expressions(&mut studio, folder)?;
    }
    Ok(())
}
