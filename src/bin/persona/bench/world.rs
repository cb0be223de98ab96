//! What a second idol costs who lives in the same world as the first.

use bevy_persona::inference::GgufBackend;

use super::{
    ask::{Begun, message, request},
    subject::Subject,
    text::{count, text_of},
};
use crate::error::CliError;

/// The tokens of the world.
const WORLD: usize = 384;
/// The tokens of what is said of one idol alone.
const HER_OWN: usize = 128;

/// How many tokens of the world are read once more for the second idol.
///
/// What is really hers is known from a model that has read nothing before: all that it reads for
/// her but the world.
///
/// # Errors
/// If the model cannot be loaded, or a reply fails.
pub fn tokens_read_again(subject: &Subject) -> Result<u64, CliError> {
    let world = text_of(&subject.tokenizer, "All of you live in one world.", WORLD)?;
    let idol = |name: &str| -> Result<String, CliError> {
        let opening = format!("You are {name}, a singer.");
        Ok(format!("{world} {}", text_of(&subject.tokenizer, &opening, HER_OWN)?))
    };
    let (first, second) = (idol("Ada")?, idol("Rosa")?);
    let alone = tokens_read(&mut subject.backend(None)?, 2, &second)?;
    let hers = alone.saturating_sub(count(&subject.tokenizer, &world)? as u64);
    let mut backend = subject.backend(None)?;
    tokens_read(&mut backend, 1, &first)?;
    Ok(tokens_read(&mut backend, 2, &second)?.saturating_sub(hers))
}

/// How many tokens are read until an idol begins to reply.
fn tokens_read(
    backend: &mut GgufBackend,
    conversation: u64,
    persona: &str,
) -> Result<u64, CliError> {
    let before = backend.counts().read;
    let asked = request(conversation, persona, message("Good evening! Who is there?"));
    Begun::wait(backend, asked)?;
    Ok(backend.counts().read - before)
}
