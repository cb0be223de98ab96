//! The command line.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};

/// Draw every expression and every motion of the sample avatars.
#[derive(Debug, Parser)]
#[command(name = "gallery")]
pub struct Cli {
    /// Where the sheets go
    #[arg(long, value_name = "DIR", required_unless_present = "check")]
    pub out: Option<PathBuf>,
    /// Which files of the avatars are drawn
    #[arg(long, value_enum, default_value_t = Detail::Lod)]
    pub avatars: Detail,
    /// Draw only these sheets
    #[arg(long, value_enum)]
    pub only: Option<Part>,
    /// Draw no sheets: make sure that faces and hands move (with --out, keep the pictures)
    #[arg(long, conflicts_with = "only")]
    pub check: bool,
}

/// How detailed the avatars are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Detail {
    /// The light files, for weak machines
    Lod,
    /// The full files
    Full,
}

impl Detail {
    /// The file of an avatar in the asset folder.
    pub fn file(self, name: &str) -> String {
        match self {
            Self::Lod => format!("avatars/{name}.lod.vrm"),
            Self::Full => format!("avatars/{name}.vrm"),
        }
    }
}

/// A part of the gallery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// Faces
    Expressions,
    /// Bodies
    Motions,
}

impl Cli {
    /// Reads the command line; explains it and quits if it cannot be followed.
    pub fn read() -> Self {
        Self::parse()
    }

    /// Whether this part is to be drawn.
    pub fn draws(&self, part: Part) -> bool {
        self.only.is_none_or(|only| only == part)
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_holds_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn sheets_need_a_folder_and_a_check_does_not() {
        assert!(Cli::try_parse_from(["gallery"]).is_err());
        assert!(Cli::try_parse_from(["gallery", "--check"]).is_ok());
    }

    #[test]
    fn one_part_can_be_drawn_alone() {
        let cli = Cli::try_parse_from(["gallery", "--out", "x", "--only", "motions"]).unwrap();
        assert!(cli.draws(Part::Motions) && !cli.draws(Part::Expressions));
    }
}
