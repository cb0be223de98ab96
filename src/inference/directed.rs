//! Starts a reply as its [`Direction`](crate::mind::Direction) says, on any backend.

mod best_of;
mod watched;

use super::{Backend, Generation, InferenceError, Request, Step};
use best_of::BestOf;
pub(super) use watched::Watched;

/// How many replies are made at the same time for all who wait, where several are made of which the
/// best is said.
const AT_ONCE: usize = 16;

/// Where the words come from.
enum Source {
    One(Box<dyn Generation>),
    Best(Box<BestOf>),
}

impl Source {
    fn advance(&mut self, backend: &mut dyn Backend) -> Result<Step, InferenceError> {
        match self {
            Self::One(generation) => generation.advance(),
            Self::Best(best) => best.advance(backend),
        }
    }
}

/// Starts a reply: the best of several where that is asked for, under watch where something must not
/// be said or felt. `asked` replies are waited for in all, this one counted: the more, the fewer are
/// made at the same time of which the best is said.
pub(super) fn start(
    backend: &mut dyn Backend,
    request: Request,
    asked: usize,
) -> Result<Watched, InferenceError> {
    let (direction, palette) = (request.direction.clone(), request.palette.clone());
    let at_once = AT_ONCE / asked.max(1);
    let source = match direction.choice.clone() {
        Some(choice) => Source::Best(Box::new(BestOf::start(backend, request, choice, at_once)?)),
        None => Source::One(backend.start(request)?),
    };
    Ok(Watched::new(source, direction, palette))
}

#[cfg(test)]
mod tests;
