//! What a turn leaves behind, once it is over.

use super::{
    Beat, Bond, Library, Mood, RelationEvent, Temperament, Thought,
    conduct::ConductKind,
    memory::{Change, FactId, FanMemory, Said, Timestamp},
};
use crate::persona::PersonaSheet;

/// What one turn changed, for those who keep or show it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Settlement {
    /// Facts about the fan that are new or different.
    pub learned: Vec<FactId>,
    /// Facts that were forgotten.
    pub forgotten: Vec<FactId>,
    /// How much closer they are, in points of affinity; negative, if less.
    pub closer: f32,
}

/// Lets a turn change what is between them and what is known of the fan: a reply that was cut off
/// counts as far as it was heard.
pub fn settle(
    library: &Library,
    thought: &Thought,
    sheet: &PersonaSheet,
    reply: &[Beat],
    bond: &mut Bond,
    memory: &mut FanMemory,
    now: Timestamp,
) -> Settlement {
    let (mut settlement, member) = (Settlement::default(), &sheet.id);
    if let (0, Some(mbti)) = (bond.turns, sheet.mbti) {
        bond.mood = Mood::new(Temperament::of(mbti));
    }
    let words: String = reply.iter().map(|beat| beat.text.as_str()).collect();
    let said = Said::new(&words, thought.language, member, bond.turns, now);
    let promised = library.memory.promises_of_reply(&said);
    let told = thought.learned.iter().cloned().chain(promised);
    let mut changes = Vec::new();
    for command in &thought.commands {
        changes.extend(memory.obey(command, member, now));
    }
    changes.extend(memory.learn(told.collect()));
    for change in changes {
        match change {
            Change::Forgotten(id) => settlement.forgotten.push(id),
            other => settlement.learned.push(other.id()),
        }
    }
    settlement.forgotten.extend(memory.decay(now));
    let before = bond.relationship.affinity();
    let away = bond.last_turn.map_or(0, |last| now.day().0 - last.day().0);
    let back = u32::try_from(away).ok().filter(|days| *days > 0);
    let back = back.map(|days_away| RelationEvent::Returned { days_away });
    for event in back.iter().chain(&thought.events) {
        bond.relationship.after(*event, i64::from(now.day().0));
    }
    settlement.closer = bond.relationship.affinity() - before;
    feel(bond, thought, reply, now);
    let conduct = thought.flagged.map(ConductKind::as_str);
    if let Some(feelings) = &library.feelings {
        bond.carry = feelings.carry(&bond.carry, &thought.appraisal, conduct);
    }
    if let Some(told) = thought.answer.told() {
        bond.last_fact = Some(told.to_owned());
    }
    bond.turns += 1;
    bond.last_turn = Some(now);
    settlement
}

/// Her mood follows the fan's feeling, and what she said.
fn feel(bond: &mut Bond, thought: &Thought, reply: &[Beat], now: Timestamp) {
    if let Some(last) = bond.last_turn {
        bond.mood.decay(now.0.saturating_sub(last.0) as f32);
    }
    bond.mood.hear(&thought.appraisal);
    for beat in reply {
        bond.mood.feel(&beat.emotion, 0.3 * beat.intensity);
    }
}
