//! Lets the next ask of each character begin.

use bevy::{asset::LoadState, prelude::*};

use super::{
    Conversation, DialogueState, FanFocus, FanLanguage, ReplyFailed,
    ask::{Asks, Open, Stage, Waiting},
    heads::PromptHeads,
    request::{SayError, Seed, conversation_id},
};
use crate::{
    cue::EmotionRig,
    inference::{InferenceError, InferenceHandle, Request, SubmitError, seed_of_ask},
    mind::{Beats, Emotion},
    persona::{Persona, PersonaAsset},
};

/// Opens the first waiting ask of everybody who is free and whose persona is loaded.
pub(super) fn begin(
    seed: Res<Seed>,
    sheets: Res<Assets<PersonaAsset>>,
    assets: Res<AssetServer>,
    mut heads: ResMut<PromptHeads>,
    mut idols: Query<(
        Entity,
        &Persona,
        &Conversation,
        &FanLanguage,
        Option<&EmotionRig>,
        &mut Asks,
    )>,
    mut commands: Commands,
) {
    for (entity, persona, conversation, language, rig, mut asks) in &mut idols {
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
        let Some(Waiting { ask, fan }) = asks.waiting.pop_front() else { continue };
        let sheet = &asset.sheet;
        let palette = &sheet.emotions;
        let request = Request {
            conversation: conversation_id(entity),
            prompt: heads
                .get(persona.0.id(), asset, language.0)
                .prompt(&conversation.history, &fan),
            palette: rig.map_or_else(|| palette.clone(), |rig| palette.limited_to(&rig.0)),
            sampling: sheet.sampling.clone(),
            seed: seed_of_ask(seed.0, ask.0),
        };
        let stage = Stage::Prepared(Some(Box::new(request)));
        let (beats, emotion) = (Beats::default(), Emotion::Neutral);
        asks.open = Some(Open { ask, fan, stage, beats, emotion, started: false });
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
