//! Scripts of scenes as they are written, with the place of every word.
//!
//! The compiler says whether a script is right, and plays it. This reads it as a writer does, line by
//! line: a compiled script has no columns, and a broken one is not there at all.

mod command;
mod known;
mod node;
mod reader;
mod said;

use super::{piece::Piece, source::Source};
pub(super) use command::Command;
pub(super) use known::known;
pub(super) use node::Node;
pub(super) use said::{Said, placeholders};

/// A file of scenes.
#[derive(Debug)]
pub(super) struct Script<'a> {
    pub(super) file: &'a Source,
    pub(super) nodes: Vec<Node<'a>>,
}

impl<'a> Script<'a> {
    /// Reads a script as far as it can be read.
    pub(super) fn read(file: &'a Source) -> Self {
        Self { file, nodes: node::read(file.whole(), file.stem()) }
    }
}

/// What a node does, in its order.
#[derive(Debug)]
pub(super) enum Statement<'a> {
    /// Somebody speaks.
    Line(Said<'a>),
    /// The fan chooses.
    Options(Vec<Choice<'a>>),
    /// One of these, or none.
    If(Vec<Branch<'a>>),
    /// Anything in double angle brackets.
    Command(Command<'a>),
}

/// An option, and what follows it.
#[derive(Debug)]
pub(super) struct Choice<'a> {
    pub(super) said: Said<'a>,
    pub(super) body: Vec<Statement<'a>>,
}

/// A branch of an `if`; without a condition it is the `else`.
#[derive(Debug)]
pub(super) struct Branch<'a> {
    pub(super) condition: Option<Piece<'a>>,
    pub(super) body: Vec<Statement<'a>>,
}

/// Everything in some statements, those in branches and under options too, in its order.
pub(super) fn each<'s, 'a>(statements: &'s [Statement<'a>], see: &mut impl FnMut(Part<'s, 'a>)) {
    for statement in statements {
        match statement {
            Statement::Line(said) => see(Part::Line(said)),
            Statement::Command(command) => see(Part::Command(command)),
            Statement::Options(choices) => {
                for choice in choices {
                    see(Part::Option(&choice.said));
                    each(&choice.body, see);
                }
            }
            Statement::If(branches) => {
                for branch in branches {
                    branch.condition.into_iter().for_each(|condition| see(Part::If(condition)));
                    each(&branch.body, see);
                }
            }
        }
    }
}

/// A part of a node.
#[derive(Debug, Clone, Copy)]
pub(super) enum Part<'s, 'a> {
    Line(&'s Said<'a>),
    Option(&'s Said<'a>),
    If(Piece<'a>),
    Command(&'s Command<'a>),
}
