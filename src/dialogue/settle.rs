//! Lets a turn that is over change what is between fan and character.

use bevy::prelude::*;

use super::{
    AffinityChanged, FanLanguage, FanRemembered, Rapport, TurnSettled, ask::Open, profile::FansMut,
};
use crate::{
    library::MindLibrary,
    mind::{Beat, ChatTurn, Thought, Timestamp, settle},
    persona::{Persona, PersonaAsset},
};

/// A turn that is over.
pub(super) struct Turn {
    entity: Entity,
    thought: Box<Thought>,
    fan: String,
    reply: Vec<Beat>,
}

impl Turn {
    /// The turn of an ask that has just ended; takes its thought.
    pub(super) fn of(entity: Entity, open: &mut Open) -> Option<Self> {
        let thought = open.thought.take()?;
        let reply = open.beats.as_slice().to_vec();
        Some(Self { entity, thought, fan: open.fan.clone(), reply })
    }
}

/// Settles a turn, as soon as commands are applied.
pub(super) fn settle_later(turn: Option<Turn>, commands: &mut Commands) {
    if let Some(turn) = turn {
        commands.run_system_cached_with(settle_one, turn);
    }
}

fn settle_one(
    In(turn): In<Turn>,
    library: Res<MindLibrary>,
    sheets: Res<Assets<PersonaAsset>>,
    mut fans: FansMut,
    mut idols: Query<(&Persona, &mut Rapport, &mut FanLanguage)>,
    mut settled: MessageWriter<TurnSettled>,
    mut commands: Commands,
) {
    let Turn { entity, thought, fan: said, reply } = turn;
    let Ok((persona, mut rapport, mut language)) = idols.get_mut(entity) else { return };
    let Some(PersonaAsset { sheet }) = sheets.get(&persona.0) else { return };
    language.set_if_neq(FanLanguage(thought.language));
    let (bond, memory) = (&mut rapport.0, &mut fans.of(entity).memory);
    let library = library.current();
    let done = settle(library, &thought, sheet, &reply, bond, memory, Timestamp::now());
    if done.closer != 0.0 {
        let affinity = bond.relationship.affinity();
        commands.trigger(AffinityChanged { entity, affinity, change: done.closer });
    }
    if !done.learned.is_empty() {
        commands.trigger(FanRemembered { entity, facts: done.learned.clone() });
    }
    let lines = [ChatTurn::Fan(said.into()), ChatTurn::Idol(reply.into())];
    let (learned, forgotten) = (done.learned, done.forgotten);
    settled.write(TurnSettled { entity, member: sheet.id.clone(), lines, learned, forgotten });
}
