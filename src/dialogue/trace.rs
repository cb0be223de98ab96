//! How a character came to her latest reply, for those who write her.

use bevy::prelude::*;

use super::{
    AskId,
    ask::{Open, Stage},
};
use crate::{
    inference::Request,
    mind::{Answer, ChatTurn, Emotion, Moment, Source, conduct::ConductKind},
    persona::Language,
};

/// What a character made of the latest message, before she answered.
///
/// Put on the entity of the [`Persona`](crate::persona::Persona) when a message is thought about, in
/// [`PersonaSystems::Advance`](crate::PersonaSystems::Advance). For tools; nothing reads it here.
///
/// # Example
/// ```
/// use bevy::prelude::*;
/// use bevy_persona::dialogue::ThoughtTrace;
///
/// fn why(traces: Query<&ThoughtTrace, Changed<ThoughtTrace>>) {
///     for trace in &traces {
///         info!("{:?} is answered from {}", trace.fan, trace.source);
///     }
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Component)]
pub struct ThoughtTrace {
    /// Which ask it is about.
    pub ask: AskId,
    /// What the fan said.
    pub fan: String,
    /// The language of the answer.
    pub language: Language,
    /// Where the words come from.
    pub source: Source,
    /// What about the message needs care.
    pub flagged: Option<ConductKind>,
    /// What the fan feels, where one feeling stands out.
    pub fan_feels: Option<Emotion>,
    /// How well each feeling suits the reply, best first; sums to 1.
    pub suits: Vec<(Emotion, f32)>,
    /// The facts of the lore that are told, by their ids.
    pub facts: Vec<String>,
    /// The facts that the model reads, a sentence each.
    pub lore: Vec<String>,
    /// The dialogues like this one that the model reads: message and reply.
    pub exemplars: Vec<[String; 2]>,
    /// What the model reads of the fan.
    pub memory: String,
    /// The parts of the prompt with their tokens, estimated; none for written words.
    pub sections: Vec<(&'static str, usize)>,
    /// How many replies are made, of which the best is said; 0 for written words.
    pub candidates: usize,
    /// How long she thought, in seconds.
    pub seconds: f64,
}

impl ThoughtTrace {
    /// The trace of an ask that has just been opened; nothing, if it was not thought about.
    pub(super) fn of(open: &Open, seconds: f64) -> Option<Self> {
        let thought = open.thought.as_deref()?;
        let request = match &open.stage {
            Stage::Prepared(request) => request.as_deref(),
            Stage::Asked(_) | Stage::Written(_) => None,
        };
        let moment = match &thought.answer {
            Answer::Model { moment, .. } => Moment::clone(moment),
            Answer::Authored { .. } => Moment::default(),
        };
        Some(Self {
            ask: open.ask,
            fan: open.fan.clone(),
            language: thought.language,
            source: thought.answer.source(),
            flagged: thought.flagged,
            fan_feels: thought.appraisal.feeling.strongest.clone(),
            suits: thought.appraisal.weights.clone(),
            facts: told(&thought.answer),
            lore: moment.lore,
            exemplars: moment
                .exemplars
                .iter()
                .map(|pair| pair.each_ref().map(ChatTurn::words))
                .collect(),
            memory: moment.memory,
            sections: request.map(|request| request.prompt.sections().to_vec()).unwrap_or_default(),
            candidates: request.map_or(0, candidates),
            seconds,
        })
    }
}

fn told(answer: &Answer) -> Vec<String> {
    match answer {
        Answer::Model { facts, .. } => facts.clone(),
        Answer::Authored { .. } => answer.told().map(Into::into).into_iter().collect(),
    }
}

fn candidates(request: &Request) -> usize {
    request.direction.choice.as_ref().map_or(1, |choice| choice.candidates)
}
