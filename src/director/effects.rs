//! What a scene changes at once.

use bevy::prelude::*;

use super::{StageCue, StageShot, beat::Now, theatre::Theatre, world::lock_of};
use crate::{
    cue::{Feel, Gesture, LookAtThis, Utter},
    dialogue::{AffinityChanged, BondShifted, FanRemembered},
    mind::memory::{Change, FactKey, FactKind, FanFact, SourceTurn, Timestamp},
    persona::PersonaId,
    scene::{LookAt, SceneCommand, Shot},
};

/// Does what a command says; nothing for those that take their time.
pub(super) fn carry_out(command: SceneCommand, now: &mut Now<'_, '_, '_>) {
    let her = |member: &PersonaId, now: &Now<'_, '_, '_>| now.theatre.find(member);
    match command {
        SceneCommand::Emotion { member, tag } => {
            if let Some(entity) = her(&member, now) {
                now.theatre.commands.trigger(Feel { entity, tag });
            }
        }
        SceneCommand::Gesture { member, gesture: motion } => {
            if let Some(entity) = her(&member, now) {
                now.theatre.commands.trigger(Gesture { entity, motion });
            }
        }
        SceneCommand::Look { member, at } => {
            if let Some(entity) = her(&member, now) {
                look(entity, at, now);
            }
        }
        SceneCommand::Move { member, to, seconds } => {
            if let Some(entity) = her(&member, now) {
                now.hall.walk(entity, seconds);
                now.theatre.commands.trigger(StageCue::Move { entity, to, seconds });
            }
        }
        SceneCommand::Camera(shot) => {
            let close = match &shot {
                Shot::Wide => None,
                Shot::Close(member) => her(member, now),
            };
            let shot = close.map_or(StageShot::Wide, StageShot::Close);
            now.theatre.commands.trigger(StageCue::Camera(shot));
        }
        SceneCommand::Light(preset) => now.theatre.commands.trigger(StageCue::Light(preset)),
        SceneCommand::Music(cue) => now.theatre.commands.trigger(StageCue::Music(cue)),
        SceneCommand::Voice { member, sound } => {
            if let (Some(entity), Ok(sound)) = (her(&member, now), sound.parse()) {
                now.theatre.commands.trigger(Utter { entity, sound });
            }
        }
        SceneCommand::Remember(text) => remember(text, now),
        SceneCommand::Unlock(secret) => unlock(&secret, now.theatre),
        SceneCommand::Affinity { member, by } => {
            if let Some(entity) = her(&member, now) {
                come_closer(entity, by, now.theatre);
            }
        }
        SceneCommand::Wait(_)
        | SceneCommand::Improvise(_)
        | SceneCommand::AskFan(_)
        | SceneCommand::Chat(_)
        | SceneCommand::Talk(_) => {}
    }
}

fn look(entity: Entity, at: LookAt, now: &mut Now<'_, '_, '_>) {
    let target = match &at {
        LookAt::Fan => now.theatre.fan_eyes(),
        LookAt::Member(member) => now.theatre.find(member),
        LookAt::Mark(_) => None,
    };
    let mut her = now.theatre.commands.entity(entity);
    match target {
        Some(target) => her.try_insert(LookAtThis(target)),
        None => her.try_remove::<LookAtThis>(),
    };
    now.hall.lookers.insert(entity);
    if let LookAt::Mark(at) = at {
        now.theatre.commands.trigger(StageCue::Look { entity, at });
    }
}

fn come_closer(entity: Entity, by: f32, theatre: &mut Theatre<'_, '_>) {
    let Some(mut rapport) = theatre.rapport(entity) else { return };
    let before = rapport.0.relationship.affinity();
    rapport.0.relationship.shift(by);
    let affinity = rapport.0.relationship.affinity();
    let change = affinity - before;
    if change != 0.0 {
        theatre.commands.trigger(AffinityChanged { entity, affinity, change });
        tell_the_store(entity, theatre);
    }
}

fn unlock(secret: &str, theatre: &mut Theatre<'_, '_>) {
    match lock_of(theatre.library.current(), secret) {
        Some(lock) => {
            if !theatre.fan.unlocked.contains(&lock) {
                theatre.fan.unlocked.insert(lock);
            }
        }
        None => warn!("`{secret}` is never told: no scene can unlock it"),
    }
}

/// A sentence about the fan, told to whoever spoke last.
fn remember(text: String, now: &mut Now<'_, '_, '_>) {
    let host = &now.hall.host;
    let told = now.hall.speaker.as_ref().unwrap_or(host).clone();
    let there = now.theatre.find(&told).or_else(|| now.theatre.find(host));
    let Some(entity) = there else { return };
    let (turn, learned) = (now.theatre.turns(entity), Timestamp::now());
    let fact = FanFact {
        id: Default::default(),
        key: FactKey::NOTE,
        value: text.clone(),
        kind: FactKind::Note,
        member: told,
        private_to: None,
        when: None,
        source: SourceTurn { turn, quote: text },
        confidence: 0.95,
        learned,
        used: learned,
        uses: 0,
        replaced: false,
    };
    learn(entity, vec![fact], now.theatre);
}

/// Takes facts about the fan into memory, told to somebody.
pub(super) fn learn(entity: Entity, facts: Vec<FanFact>, theatre: &mut Theatre<'_, '_>) {
    if facts.is_empty() {
        return;
    }
    let changes = theatre.fan.memory.learn(facts);
    let facts: Vec<_> = changes.iter().map(Change::id).collect();
    if !facts.is_empty() {
        theatre.commands.trigger(FanRemembered { entity, facts });
        tell_the_store(entity, theatre);
    }
}

fn tell_the_store(entity: Entity, theatre: &mut Theatre<'_, '_>) {
    if let Some(member) = theatre.id(entity) {
        theatre.commands.write_message(BondShifted { entity, member });
    }
}
