//! Starts a reply as its [`Direction`](crate::mind::Direction) says, on any backend.

mod best_of;
mod watched;

use super::{Backend, Generation, InferenceError, Request};
use best_of::BestOf;
use watched::Watched;

/// Starts a reply: the best of several where that is asked for, under watch where something must not
/// be said or felt.
pub(super) fn start(
    backend: &mut dyn Backend,
    request: Request,
) -> Result<Box<dyn Generation>, InferenceError> {
    let (direction, palette) = (request.direction.clone(), request.palette.clone());
    let generation = match direction.choice.clone() {
        Some(choice) => Box::new(BestOf::start(backend, &request, choice)?),
        None => backend.start(request)?,
    };
    Ok(Box::new(Watched::new(generation, direction, palette)))
}
