//! Many fans at once: characters who talk with a fan of their own.

use bevy::{ecs::system::SystemParam, prelude::*};

use super::Fan;

/// One fan of many, on an entity of its own.
///
/// A game for one fan keeps the fan in the resource [`Fan`]. A server gives each fan an entity with a
/// profile, and characters who [`TalksWith`] it: each of them with the fan's own conversation and
/// closeness, all of them with the same memory. The model reads what they have in common once.
///
/// # Example
/// ```
/// use bevy::prelude::*;
/// use bevy_persona::{dialogue::{FanProfile, TalksWith}, prelude::*};
///
/// fn a_fan_comes_in(mut commands: Commands, assets: Res<AssetServer>) {
///     let id = "mina".parse().expect("a well-formed name");
///     let mina = commands.spawn(FanProfile(Fan { id, ..Fan::default() })).id();
///     let siwoo = Persona(assets.load("personas://siwoo.persona.ron"));
///     let siwoo = commands.spawn((siwoo, TalksWith(mina))).id();
///     commands.trigger(Say { entity: siwoo, text: "Hi Siwoo!".into() });
///     // When mina leaves, despawning her takes everybody with her who talks with her.
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Default, Component)]
pub struct FanProfile(pub Fan);

/// On a [`Persona`](crate::persona::Persona): she talks with the fan of this entity, which has a
/// [`FanProfile`], and not with the resource [`Fan`]. She plays in no scene.
#[derive(Debug, Clone, PartialEq, Eq, Component)]
#[relationship(relationship_target = TalksWithFan)]
pub struct TalksWith(pub Entity);

/// On an entity with a [`FanProfile`]: all who talk with this fan.
#[derive(Debug, Default, Component)]
#[relationship_target(relationship = TalksWith, linked_spawn)]
pub struct TalksWithFan(Vec<Entity>);

impl TalksWithFan {
    /// Who they are.
    pub fn iter(&self) -> impl Iterator<Item = Entity> + '_ {
        self.0.iter().copied()
    }
}

/// The fan of each character, to be read.
#[derive(SystemParam)]
pub(super) struct Fans<'w, 's> {
    only: Res<'w, Fan>,
    profiles: Query<'w, 's, &'static FanProfile>,
    talks: Query<'w, 's, &'static TalksWith>,
}

impl Fans<'_, '_> {
    /// The fan with whom she talks.
    pub(super) fn of(&self, entity: Entity) -> &Fan {
        let profile = self.talks.get(entity).and_then(|talks| self.profiles.get(talks.0));
        profile.map_or(&*self.only, |profile| &profile.0)
    }
}

/// The fan of each character, to be changed.
#[derive(SystemParam)]
pub(super) struct FansMut<'w, 's> {
    only: ResMut<'w, Fan>,
    profiles: Query<'w, 's, &'static mut FanProfile>,
    talks: Query<'w, 's, &'static TalksWith>,
}

impl FansMut<'_, '_> {
    /// The fan with whom she talks; a change of it is noticed.
    pub(super) fn of(&mut self, entity: Entity) -> &mut Fan {
        let fan = self.talks.get(entity).map_or(Entity::PLACEHOLDER, |talks| talks.0);
        match self.profiles.get_mut(fan) {
            Ok(profile) => &mut profile.into_inner().0,
            Err(_) => &mut self.only,
        }
    }
}
