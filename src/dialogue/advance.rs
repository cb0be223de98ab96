//! Lets the next ask of each character begin.

use bevy::{asset::LoadState, platform::time::Instant, prelude::*};

use super::{
    ConductFlagged, Conversation, DialogueState, FanFocus, FanLanguage, Rapport, ReplyFailed,
    ThoughtTrace,
    ask::{Asks, Stage, Task, Waiting},
    request::{SayError, conversation_id},
    thinking::{Asked, Minds},
};
use crate::{
    cue::EmotionRig,
    inference::{InferenceError, InferenceHandle, SubmitError},
    persona::{Persona, PersonaAsset},
};

/// Everybody who may be asked.
type Idols<'w, 's> = Query<
    'w,
    's,
    (
        Entity,
        &'static Persona,
        &'static Conversation,
        &'static Rapport,
        &'static FanLanguage,
        Option<&'static EmotionRig>,
        &'static mut Asks,
    ),
>;

/// Opens the first waiting ask of everybody who is free and whose persona is loaded.
pub(super) fn begin(
    mut minds: Minds,
    sheets: Res<Assets<PersonaAsset>>,
    assets: Res<AssetServer>,
    mut idols: Idols,
    mut commands: Commands,
) {
    for (entity, persona, conversation, rapport, language, rig, mut asks) in &mut idols {
        if asks.open.is_some() || asks.waiting.is_empty() {
            continue;
        }
        let Some(asset) = sheets.get(&persona.0) else {
            let state = assets.load_state(&persona.0);
            if state.is_failed() || matches!(state, LoadState::NotLoaded) {
                refuse_all(entity, &mut asks, &mut commands);
            }
            continue;
        };
        let rig = rig.map(|rig| &rig.0[..]);
        let language = *language;
        let asked = Asked { entity, persona, asset, conversation, rapport, language, rig };
        let is_written = |waiting: &mut Waiting| matches!(waiting.task, Task::Perform(_));
        if let Some(waiting) = asks.waiting.pop_front_if(is_written) {
            asks.open = Some(asked.perform(waiting));
            continue;
        }
        let must_wait = minds.wait_for_model();
        if minds.are_asleep() || (asks.needs_model && must_wait) {
            continue;
        }
        let Some(waiting) = asks.waiting.front() else { continue };
        let began = Instant::now();
        let thought = minds.think(&asked, waiting);
        asks.needs_model = must_wait && thought.answer.authored().is_none();
        if asks.needs_model {
            continue;
        }
        let Some(waiting) = asks.waiting.pop_front() else { continue };
        if let Some(kind) = thought.flagged {
            commands.trigger(ConductFlagged { entity, ask: waiting.ask, kind });
        }
        let open = minds.open(&asked, waiting, thought);
        if let Some(trace) = ThoughtTrace::of(&open, began.elapsed().as_secs_f64()) {
            commands.entity(entity).try_insert(trace);
        }
        asks.open = Some(open);
    }
}

fn refuse_all(entity: Entity, asks: &mut Asks, commands: &mut Commands) {
    for Waiting { ask, .. } in std::mem::take(&mut asks.waiting) {
        let error = InferenceError::request(SayError::PersonaNotLoaded(entity));
        commands.trigger(ReplyFailed { entity, ask, error });
    }
}

/// Lets whom the fan looks at be served first.
pub(super) fn look(mut handle: ResMut<InferenceHandle>, focus: Res<FanFocus>) {
    if focus.is_changed() {
        handle.focus(focus.0.map(conversation_id));
    }
}

/// Hands prepared requests to the worker.
pub(super) fn submit(mut handle: ResMut<InferenceHandle>, mut idols: Query<&mut Asks>) {
    for mut asks in &mut idols {
        let Some(open) = &mut asks.bypass_change_detection().open else { continue };
        let Stage::Prepared(request) = &mut open.stage else { continue };
        let Some(ready) = request.take() else { continue };
        match handle.ask(ready) {
            Ok(ticket) => open.stage = Stage::Asked(ticket),
            Err(SubmitError::Busy(refused) | SubmitError::Stopped(refused)) => {
                *request = Some(refused);
                return;
            }
        }
    }
}

/// Keeps [`DialogueState`] true.
pub(super) fn show_state(mut idols: Query<(&Asks, &mut DialogueState)>) {
    for (asks, mut state) in &mut idols {
        let now = match &asks.open {
            Some(open) if open.started => DialogueState::Replying,
            None if asks.waiting.is_empty() => DialogueState::Idle,
            _ => DialogueState::Waiting,
        };
        state.set_if_neq(now);
    }
}
