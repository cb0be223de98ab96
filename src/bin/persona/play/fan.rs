//! Who plays the fan: somebody at the terminal, a list of choices, or a fan of its own mind.

mod auto;
mod listed;
mod typed;

use std::io;

pub use auto::AutoFan;
pub use listed::ListedFan;
pub use typed::TypedFan;

/// What the scene waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The node.
    pub node: String,
    /// What may be chosen: the words, and whether it can be.
    pub choices: Vec<(String, bool)>,
    /// How often the scene waited in this node before.
    pub number: usize,
    /// What may be answered; empty for anything.
    pub labels: Vec<String>,
    /// How often the fan was asked this in vain.
    pub tries: usize,
}

impl Waiting {
    /// The numbers of the choices that can be taken, from 0.
    pub fn open(&self) -> Vec<usize> {
        (0..self.choices.len()).filter(|&number| self.choices[number].1).collect()
    }
}

/// What the fan does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// Takes this choice, from 0.
    Choose(usize),
    /// Says something.
    Say(String),
    /// Wants on.
    GoOn,
    /// Leaves.
    Leave,
}

/// Somebody who plays the fan.
pub trait Fan {
    /// What the fan does now.
    ///
    /// # Errors
    /// If nothing can be read from the fan.
    fn act(&mut self, waiting: &Waiting) -> io::Result<Deed>;
}
