//! Why a scene cannot be played, or was not played well.

use std::{io, path::PathBuf};

use bevy_persona::inference::InferenceError;
use thiserror::Error;

/// Why a scene cannot be played, or was not played well.
#[derive(Debug, Error)]
pub enum PlayError {
    /// No scene is called so.
    #[error("there is no scene `{name}`: {advice}")]
    NoScene {
        /// The name asked for.
        name: String,
        /// The nearest, and all there are.
        advice: String,
    },
    /// No secret is called so.
    #[error("there is no secret `{name}`: {advice}")]
    NoSecret {
        /// The name asked for.
        name: String,
        /// The nearest, and all there are.
        advice: String,
    },
    /// Nobody is called so.
    #[error("nobody is called `{name}`: {advice}")]
    Nobody {
        /// The name asked for.
        name: String,
        /// The nearest, and all there are.
        advice: String,
    },
    /// Something in the folders cannot be loaded.
    #[error("{0}")]
    Folder(String),
    /// The model cannot be loaded.
    #[error(transparent)]
    Model(#[from] InferenceError),
    /// The scene could not begin, or broke.
    #[error("{scene}: {why}")]
    Failed {
        /// Which.
        scene: String,
        /// Why, and what to do.
        why: String,
    },
    /// Nothing happens any more.
    #[error("{scene}: nothing happens any more in the node `{node}`")]
    Stuck {
        /// Which.
        scene: String,
        /// Where.
        node: String,
    },
    /// Nodes were never reached.
    #[error(
        "never reached: {}; is a jump missing, or a condition that cannot hold?",
        .0.join(", ")
    )]
    NeverReached(Vec<String>),
    /// Something locked was told.
    #[error("{0} lines told what is locked; put its words into `avoid=`, and out of the brief")]
    Leaks(usize),
    /// What was kept cannot be used.
    #[error("{}: {problem}", path.display())]
    Save {
        /// The file.
        path: PathBuf,
        /// What is wrong, and what to do.
        problem: String,
    },
    /// A file cannot be read or written.
    #[error("cannot read or write {}: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// The terminal or the pipe failed.
    #[error("cannot read the fan or write the transcript: {0}")]
    Terminal(#[from] io::Error),
}

/// Which of the names there are is nearest to one that there is not, and all of them.
pub fn advice(name: &str, known: &[&str]) -> String {
    let name = name.to_lowercase();
    let likeness = |known: &str| {
        // The first knows long names with letters in the wrong place, the second short ones that lack one.
        strsim::jaro_winkler(&name, known).max(strsim::normalized_levenshtein(&name, known))
    };
    let nearest = known.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    let all = if known.is_empty() { "none".into() } else { known.join(", ") };
    match nearest.filter(|nearest| likeness(nearest) > 0.65) {
        Some(nearest) => format!("did you mean `{nearest}`? There are {all}"),
        None => format!("there are {all}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_proposed() {
        let known = ["echo_tower", "first_hello"];
        let near = advice("frist_hello", &known);
        assert_eq!(near, "did you mean `first_hello`? There are echo_tower, first_hello");
        assert!(advice("s1", &["s01", "s02"]).starts_with("did you mean `s01`?"));
        assert_eq!(advice("zzz", &known), "there are echo_tower, first_hello");
        assert_eq!(advice("a", &[]), "there are none");
    }
}
