//! The program of a node, as our machine runs it: names of places and functions are resolved.

use super::{NodeInfo, SceneCommand, Value, functions::Function};
use crate::persona::Place;

/// A node that can be played.
#[derive(Debug)]
pub(crate) struct Code {
    pub(crate) info: NodeInfo,
    pub(crate) ops: Vec<Op>,
    /// Where each of the operations stands in the file.
    pub(crate) places: Vec<Option<Place>>,
    /// Changes with the operations, though not with the wording of lines.
    pub(crate) fingerprint: u32,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Op {
    /// Goes on elsewhere in the node.
    Go(usize),
    /// Goes on where the topmost value says.
    GoToTop,
    /// As `Go`, if the topmost value is false.
    GoIfFalse(usize),
    Line {
        id: String,
        values: usize,
    },
    Do(Order),
    /// Adds an option.
    Offer {
        id: String,
        to: usize,
        values: usize,
        conditional: bool,
    },
    /// Lets the fan choose, then pushes where it goes on.
    Choose,
    Push(Value),
    Pop,
    Call(Function),
    Load(String),
    Store(String),
    Stop,
    /// Begins the node that the topmost value names.
    Run,
}

/// A command in a program.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Order {
    Known(SceneCommand),
    /// Values go into the slots of the text, and only then it is read.
    Template {
        text: String,
        values: usize,
    },
}

/// What changes if the flow of a node does.
pub(crate) fn fingerprint(ops: &[Op]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    for op in ops {
        let text = match op {
            // An id that the compiler gave changes with what stands before it in the file.
            Op::Line { values, .. } => format!("line {values}"),
            Op::Offer { to, values, conditional, .. } => {
                format!("offer {to} {values} {conditional}")
            }
            op => format!("{op:?}"),
        };
        hasher.update(text.as_bytes());
        hasher.update(b"\n");
    }
    hasher.finalize()
}
