//! How long a fan waits: from her message to the first piece of the reply, and for the model to
//! load.

use std::{path::Path, time::Instant};

use bevy_persona::inference::{GgufBackend, InferenceError};

use super::{
    ask::{Begun, message, request},
    scratch::Scratch,
    statistics::{median_of, milliseconds, percentile},
    subject::Subject,
    text::text_of,
};
use crate::error::CliError;

/// How often each figure is measured; the median counts.
const RUNS: usize = 3;
/// The tokens of a persona.
const PERSONA: usize = 512;
/// The tokens of a message; with the marks around it 20 are new.
const MESSAGE: usize = 14;

/// Milliseconds.
#[derive(Debug)]
pub struct Waiting {
    /// To a first piece, where nothing of the persona is known.
    pub cold: f64,
    /// To a first piece, for the second message of a conversation.
    pub warm: f64,
    /// Tokens that had to be read for that: the message and the marks around it.
    pub new_tokens: usize,
    /// To a first piece after a restart, once the model is loaded.
    pub restart: f64,
    /// To load the model, where its repacked weights are kept.
    pub load: f64,
}

/// Measures a model whose repacked weights are in `folder`.
///
/// # Errors
/// If it cannot be loaded, or a reply fails.
pub fn measure(subject: &Subject, folder: &Path) -> Result<Waiting, CliError> {
    let mut texts = Texts { subject, made: 0 };
    // Dropped at once, so that what was read of the personas is on the disk.
    let personas = Talked::measure(&mut texts, &mut subject.backend(Some(folder))?)?;
    let (mut loads, mut restarts) = (Vec::new(), Vec::new());
    for (conversation, persona) in (0..).zip(&personas.known) {
        let start = Instant::now();
        let mut backend = subject.backend(Some(folder))?;
        loads.push(milliseconds(start.elapsed()));
        let asked = request(conversation, persona, message(&texts.message()?));
        restarts.push(milliseconds(Begun::wait(&mut backend, asked)?.waited));
    }
    Ok(Waiting {
        cold: personas.cold,
        warm: personas.warm,
        new_tokens: personas.new_tokens as usize,
        restart: percentile(&restarts, 50.0),
        load: percentile(&loads, 50.0),
    })
}

/// The milliseconds to load the model where nothing is kept of it.
///
/// # Errors
/// If it cannot be loaded, or there is no folder to keep it in.
pub fn first_load(subject: &Subject) -> Result<f64, CliError> {
    median_of(RUNS, || {
        let scratch = Scratch::new()?;
        let start = Instant::now();
        let backend = subject.backend(Some(scratch.path()))?;
        let took = milliseconds(start.elapsed());
        drop(backend);
        Ok(took)
    })
}

/// What a first start gave.
struct Talked {
    cold: f64,
    warm: f64,
    new_tokens: f64,
    /// The personas that were read.
    known: Vec<String>,
}

impl Talked {
    fn measure(texts: &mut Texts<'_>, backend: &mut GgufBackend) -> Result<Self, CliError> {
        let (mut cold, mut warm, mut known) = (Vec::new(), Vec::new(), Vec::new());
        let mut new_tokens = Vec::new();
        for conversation in 0..RUNS as u64 {
            let persona = texts.persona()?;
            let fan = texts.message()?;
            let mut history = message(&fan);
            let asked = request(conversation, &persona, history.clone());
            let first = Begun::wait(backend, asked)?;
            cold.push(milliseconds(first.waited));
            history.push_idol(first.finish(backend)?.beats);
            history.push_fan(texts.message()?);
            let next = Begun::wait(backend, request(conversation, &persona, history))?;
            warm.push(milliseconds(next.waited));
            new_tokens.push(next.finish(backend)?.new_tokens as f64);
            known.push(persona);
        }
        Ok(Self {
            cold: percentile(&cold, 50.0),
            warm: percentile(&warm, 50.0),
            new_tokens: percentile(&new_tokens, 50.0),
            known,
        })
    }
}

/// Personas and messages, each another one.
struct Texts<'a> {
    subject: &'a Subject,
    made: usize,
}

impl Texts<'_> {
    fn persona(&mut self) -> Result<String, InferenceError> {
        self.made += 1;
        let opening = format!("Number {} is who you are.", self.made);
        text_of(&self.subject.tokenizer, &opening, PERSONA)
    }

    fn message(&mut self) -> Result<String, InferenceError> {
        self.made += 1;
        text_of(&self.subject.tokenizer, &format!("Letter {} for you:", self.made), MESSAGE)
    }
}
