//! Reads a file of replies, to play a character through without a model.

use std::{
    io,
    path::{Path, PathBuf},
};

use bevy_persona::{
    inference::ScriptedReply,
    mind::{Palette, TagParser},
};
use thiserror::Error;

/// Why a file of replies cannot be used.
#[derive(Debug, Error)]
pub enum ScriptError {
    /// It cannot be read.
    #[error(
        "cannot read the script {path}: {error}; check that the path is right",
        path = .path.display()
    )]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// It is no list of replies.
    #[error(
        "{path}:{line}:{column}: {problem}; write a list such as \
         [(when: \"exam\", say: \"[sad] Oh no.\"), (say: \"[joy] Hi!\")]",
        path = .path.display()
    )]
    Content {
        /// The file.
        path: PathBuf,
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// What is wrong.
        problem: String,
    },
}

/// The replies of a file: a RON list of [`ScriptedReply`].
///
/// # Errors
/// If it cannot be read, or is no such list.
pub fn read(path: &Path) -> Result<Vec<ScriptedReply>, ScriptError> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| ScriptError::Io { path: path.into(), error })?;
    parse(path, text.trim_start_matches('\u{feff}'))
}

fn parse(path: &Path, text: &str) -> Result<Vec<ScriptedReply>, ScriptError> {
    ron::from_str(text).map_err(|error| ScriptError::Content {
        path: path.into(),
        line: error.span.start.line,
        column: error.span.start.col,
        problem: error.code.to_string(),
    })
}

/// Tags that the character cannot show, and which reply they stand in, counted from 1.
pub fn foreign_tags(replies: &[ScriptedReply], palette: &Palette) -> Vec<(usize, String)> {
    let left_out = |reply: &ScriptedReply| TagParser::new(palette.clone()).push(&reply.say).1;
    (1..)
        .zip(replies)
        .flat_map(|(number, reply)| {
            left_out(reply).into_iter().map(move |diagnostic| (number, diagnostic.tag))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use bevy_persona::mind::Emotion;

    use super::*;

    #[test]
    fn a_list_of_replies_is_read() {
        let text = "[(when: \"exam\", say: \"[sad] Oh no.\"), (say: \"[joy] Hi!\")]";
        let replies = parse(Path::new("a.ron"), text).unwrap();
        assert_eq!((replies[0].when.as_str(), replies[1].when.as_str()), ("exam", ""));
        assert_eq!(replies[1].say, "[joy] Hi!");
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        let error = parse(Path::new("a.ron"), "[\n    (nmae: \"Hi\"),\n]").unwrap_err().to_string();
        assert!(error.starts_with("a.ron:2:"), "{error}");
        assert!(error.contains("nmae"), "{error}");
    }

    #[test]
    fn foreign_tags_are_found() {
        let palette = Palette::new([Emotion::Joy]).unwrap();
        let text = "[(say: \"[joy] a [smug] b\"), (say: \"[sad] c\")]";
        let replies = parse(Path::new("a.ron"), text).unwrap();
        let expected = [(1, "smug".to_owned()), (2, "sad".to_owned())];
        assert_eq!(foreign_tags(&replies, &palette), expected);
    }
}
