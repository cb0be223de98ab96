//! What a fan finds when it comes in.

use bevy::{ecs::system::SystemParam, prelude::*};
use bevy_persona::{
    club::{FromServer, Line, Member, Recollection, Speaker},
    dialogue::{Conversation, Rapport},
    library::MindLibrary,
    mind::{ChatTurn, Timestamp},
    persona::Language,
    prelude::Fan,
};

use super::{
    cast::{Idol, Idols},
    state::{Rules, Seat},
};

/// Lines of a talk that are shown to one who comes back.
const LINES: usize = 40;

/// What a welcome is made of.
#[derive(SystemParam)]
pub struct Welcoming<'w, 's> {
    rules: Res<'w, Rules>,
    idols: Res<'w, Idols>,
    talks: Query<'w, 's, (&'static Conversation, &'static Rapport)>,
}

impl Welcoming<'_, '_> {
    /// The first frame of a fan, where so many are here.
    pub fn frame(&self, seat: &Seat, fan: &Fan, online: usize) -> FromServer {
        FromServer::Welcome {
            fan: fan.id.clone(),
            members: self.idols.0.iter().map(|idol| self.member(idol, seat)).collect(),
            online,
            max_chars: self.rules.max_chars,
        }
    }

    fn member(&self, idol: &Idol, seat: &Seat) -> Member {
        let her = seat.idols.get(&idol.id).and_then(|entity| self.talks.get(*entity).ok());
        let turns = her.map_or(&[][..], |(conversation, _)| &conversation.history.turns);
        Member {
            id: idol.id.clone(),
            name: idol.name.clone(),
            names: idol.names.clone(),
            colour: idol.colour.clone(),
            closeness: her.map_or(0.0, |(_, rapport)| rapport.0.relationship.affinity()),
            history: turns[turns.len().saturating_sub(LINES)..].iter().map(line).collect(),
        }
    }
}

fn line(turn: &ChatTurn) -> Line {
    let by = match turn {
        ChatTurn::Fan(_) => Speaker::Fan,
        ChatTurn::Idol(_) => Speaker::Member,
    };
    Line { by, text: turn.words() }
}

/// What the idols know of a fan, in words.
pub fn remembered(
    library: &MindLibrary,
    fan: &Fan,
    language: Language,
    now: Timestamp,
) -> FromServer {
    let memory = &library.current().memory;
    let told = |fact| memory.spoken(fact, language, now);
    let facts = fan.memory.facts().iter();
    let facts = facts.map(|fact| Recollection { fact: fact.id, text: told(fact) });
    FromServer::Remembered { facts: facts.collect() }
}
