//! Lets the fan decide what is forgotten.

use bevy::prelude::*;

use super::{Conversation, Fan, Interrupt, Rapport, request::conversation_id};
use crate::{
    inference::InferenceHandle,
    mind::{
        Bond, ChatTurn, FanMemory, History,
        memory::{FactId, FanFact},
    },
    persona::Persona,
};

/// The shortest quote by which an exchange is recognised, in bytes; as in the store.
const TELLING: usize = 4;

/// Request: everybody forgets this fact, and the exchanges in which it was told.
///
/// A store forgets it too. Does nothing if there is no such fact.
///
/// # Example
/// ```
/// use bevy::prelude::*;
/// use bevy_persona::prelude::*;
///
/// fn forget_the_newest(fan: Res<Fan>, mut commands: Commands) {
///     if let Some(fact) = fan.memory.facts().last() {
///         commands.trigger(ForgetFact(fact.id));
///     }
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Event)]
pub struct ForgetFact(pub FactId);

/// Request: everybody forgets the fan: facts, closeness, mood, conversations, finished scenes.
///
/// Open replies are interrupted. A store forgets the fan too. They meet as strangers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Event)]
pub struct ForgetFan;

/// Fact: this was forgotten, everywhere but in a store, which follows in the same frame.
///
/// # Scheduling
/// Written at once when it was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Message)]
pub enum Forgotten {
    /// One fact.
    Fact(FactId),
    /// Everything.
    Fan,
}

pub(super) fn forget_fact(
    forget: On<ForgetFact>,
    mut fan: ResMut<Fan>,
    mut conversations: Query<&mut Conversation>,
    mut forgotten: MessageWriter<Forgotten>,
) {
    let id = forget.0;
    let Some(FanFact { source, .. }) = fan.memory.fact(id).cloned() else { return };
    fan.memory.forget(id);
    if source.quote.len() >= TELLING {
        for mut conversation in &mut conversations {
            let tells = |turn: &ChatTurn| matches!(turn, ChatTurn::Fan(text) if text.contains(&source.quote));
            if conversation.history.turns.iter().any(tells) {
                drop_exchanges(&mut conversation.history, tells);
            }
        }
    }
    forgotten.write(Forgotten::Fact(id));
}

/// Takes out the messages that are meant, with their replies.
fn drop_exchanges(history: &mut History, is_meant: impl Fn(&ChatTurn) -> bool) {
    let mut dropping = false;
    history.turns.retain(|turn| {
        if matches!(turn, ChatTurn::Fan(_)) {
            dropping = is_meant(turn);
        }
        !dropping
    });
}

pub(super) fn forget_fan(
    _: On<ForgetFan>,
    idols: Query<Entity, With<Persona>>,
    mut commands: Commands,
) {
    for entity in &idols {
        commands.trigger(Interrupt { entity });
    }
    // Behind the last of what the interrupted turns leave behind.
    commands.queue(|world: &mut World| {
        world.flush();
        if let Err(error) = world.run_system_cached(forget_all) {
            error!("the fan could not be forgotten: {error}");
        }
    });
}

fn forget_all(
    mut fan: ResMut<Fan>,
    mut idols: Query<(Entity, &mut Conversation, &mut Rapport)>,
    handle: Option<Res<InferenceHandle>>,
    mut forgotten: MessageWriter<Forgotten>,
) {
    fan.memory = FanMemory::default();
    fan.unlocked.clear();
    for (entity, mut conversation, mut rapport) in &mut idols {
        conversation.history.turns.clear();
        rapport.0 = Bond::default();
        if let Some(handle) = &handle {
            handle.forget(conversation_id(entity));
        }
    }
    forgotten.write(Forgotten::Fan);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mind::{Beat, Emotion};

    #[test]
    fn an_exchange_goes_with_its_reply_and_the_others_stay() {
        let mut history = History::default();
        for text in ["I have a cat", "Hello", "my cat is named Gus", "Bye"] {
            let beat = Beat { emotion: Emotion::Joy, intensity: 0.5, text: " I see.".into() };
            history.push_exchange(text, vec![beat]);
        }
        let tells = |turn: &ChatTurn| matches!(turn, ChatTurn::Fan(text) if text.contains("cat"));
        drop_exchanges(&mut history, tells);
        let said: Vec<String> = history.turns.iter().map(ChatTurn::words).collect();
        assert_eq!(said, ["Hello", " I see.", "Bye", " I see."]);
    }
}
