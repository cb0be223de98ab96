//! Lets the fan decide what is forgotten.

use bevy::prelude::*;

use super::{
    Conversation, Fan, FanProfile, Interrupt, Rapport, TalksWith, TalksWithFan,
    request::conversation_id,
};
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

/// Request: those who talk with the fan of this entity, which has a [`FanProfile`], forget a fact of
/// it, or all of it. Of the latter open replies are interrupted.
///
/// Who keeps profiles in a store must forget it there.
///
/// # Example
/// ```
/// use bevy::prelude::*;
/// use bevy_persona::{dialogue::{FanProfile, ForgetProfile}, prelude::*};
///
/// fn forget_them_all(fans: Query<Entity, With<FanProfile>>, mut commands: Commands) {
///     for entity in &fans {
///         commands.trigger(ForgetProfile { entity, what: Forgotten::Fan });
///     }
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, EntityEvent)]
pub struct ForgetProfile {
    /// Whose.
    pub entity: Entity,
    /// What.
    pub what: Forgotten,
}

pub(super) fn forget_fact(
    forget: On<ForgetFact>,
    mut fan: ResMut<Fan>,
    mut conversations: Query<&mut Conversation, Without<TalksWith>>,
    mut forgotten: MessageWriter<Forgotten>,
) {
    let Some(quote) = forget_in(&mut fan.memory, forget.0) else { return };
    for mut conversation in &mut conversations {
        drop_quoted(&mut conversation, &quote);
    }
    forgotten.write(Forgotten::Fact(forget.0));
}

/// Forgets a fact; gives the words in which it was told, if it was known.
fn forget_in(memory: &mut FanMemory, id: FactId) -> Option<String> {
    let FanFact { source, .. } = memory.fact(id).cloned()?;
    memory.forget(id);
    Some(source.quote)
}

/// Takes out the exchanges in which these words were said.
fn drop_quoted(conversation: &mut Mut<Conversation>, quote: &str) {
    let tells = |turn: &ChatTurn| matches!(turn, ChatTurn::Fan(text) if text.contains(quote));
    if quote.len() >= TELLING && conversation.history.turns.iter().any(tells) {
        drop_exchanges(&mut conversation.history, tells);
    }
}

pub(super) fn forget_profile(
    forget: On<ForgetProfile>,
    mut profiles: Query<(&mut FanProfile, Option<&TalksWithFan>)>,
    mut conversations: Query<&mut Conversation>,
    mut commands: Commands,
) {
    let ForgetProfile { entity, what } = *forget;
    let Ok((mut profile, talks)) = profiles.get_mut(entity) else { return };
    let talks: Vec<Entity> = talks.into_iter().flat_map(TalksWithFan::iter).collect();
    match what {
        Forgotten::Fact(id) => {
            let Some(quote) = forget_in(&mut profile.0.memory, id) else { return };
            let mut each = conversations.iter_many_mut(&talks);
            while let Some(mut conversation) = each.fetch_next() {
                drop_quoted(&mut conversation, &quote);
            }
        }
        Forgotten::Fan => {
            for entity in talks {
                commands.trigger(Interrupt { entity });
            }
            // Behind the last of what the interrupted turns leave behind.
            commands.queue_silenced(move |world: &mut World| {
                world.flush();
                world.run_system_cached_with(forget_all_of, entity)
            });
        }
    }
}

fn forget_all_of(
    In(entity): In<Entity>,
    mut profiles: Query<(&mut FanProfile, Option<&TalksWithFan>)>,
    mut idols: Query<(&mut Conversation, &mut Rapport)>,
    handle: Option<Res<InferenceHandle>>,
) {
    let Ok((mut profile, talks)) = profiles.get_mut(entity) else { return };
    profile.0 = Fan { id: profile.0.id.clone(), ..Fan::default() };
    for entity in talks.into_iter().flat_map(TalksWithFan::iter) {
        if let Ok((mut conversation, mut rapport)) = idols.get_mut(entity) {
            estrange(entity, &mut conversation, &mut rapport, handle.as_deref());
        }
    }
}

/// They meet as strangers.
fn estrange(
    entity: Entity,
    conversation: &mut Conversation,
    rapport: &mut Rapport,
    handle: Option<&InferenceHandle>,
) {
    conversation.history.turns.clear();
    rapport.0 = Bond::default();
    if let Some(handle) = handle {
        handle.forget(conversation_id(entity));
    }
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
    idols: Query<Entity, (With<Persona>, Without<TalksWith>)>,
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
    mut idols: Query<(Entity, &mut Conversation, &mut Rapport), Without<TalksWith>>,
    handle: Option<Res<InferenceHandle>>,
    mut forgotten: MessageWriter<Forgotten>,
) {
    fan.memory = FanMemory::default();
    fan.unlocked.clear();
    for (entity, mut conversation, mut rapport) in &mut idols {
        estrange(entity, &mut conversation, &mut rapport, handle.as_deref());
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
