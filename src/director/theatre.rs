//! All that a scene can see and move.

use std::collections::BTreeMap;

use bevy::{asset::LoadState, ecs::system::SystemParam, prelude::*};

use super::{
    HourOfDay, ReadingPace,
    world::{WorldNow, hour_of},
};
use crate::{
    cue::{Activity, FanEyes, Voiced},
    dialogue::{AskIds, Conversation, Fan, FanLanguage, Interrupt, Rapport, SceneNotes, TalksWith},
    inference::ModelStatus,
    library::MindLibrary,
    mind::{Carry, ChatTurn, Standing},
    persona::{Language, Persona, PersonaAsset, PersonaId, PersonaSheet},
};

/// What the director sees of a member.
type Member = (
    Entity,
    &'static Persona,
    &'static mut Rapport,
    &'static mut FanLanguage,
    &'static Conversation,
    Option<&'static Activity>,
    Has<Voiced>,
);

/// The members, the fan, and what was written for them.
#[derive(SystemParam)]
pub(super) struct Theatre<'w, 's> {
    pub(super) time: Res<'w, Time>,
    pub(super) real: Res<'w, Time<Real>>,
    pub(super) pace: Res<'w, ReadingPace>,
    pub(super) library: Res<'w, MindLibrary>,
    pub(super) fan: ResMut<'w, Fan>,
    pub(super) notes: ResMut<'w, SceneNotes>,
    pub(super) ids: ResMut<'w, AskIds>,
    pub(super) commands: Commands<'w, 's>,
    hour: Res<'w, HourOfDay>,
    model: Option<Res<'w, ModelStatus>>,
    assets: Option<Res<'w, AssetServer>>,
    sheets: Option<Res<'w, Assets<PersonaAsset>>>,
    members: Query<'w, 's, Member, Without<TalksWith>>,
    eyes: Query<'w, 's, Entity, With<FanEyes>>,
}

impl Theatre<'_, '_> {
    /// A member who is there.
    pub(super) fn find(&self, member: &PersonaId) -> Option<Entity> {
        let is_her = |persona: &Persona| self.sheet(persona).is_some_and(|s| s.id == *member);
        self.members.iter().filter(|found| is_her(found.1)).map(|found| found.0).min()
    }

    /// Whether somebody is still there.
    pub(super) fn has(&self, entity: Entity) -> bool {
        self.members.contains(entity)
    }

    /// Who somebody is.
    pub(super) fn id(&self, entity: Entity) -> Option<PersonaId> {
        let persona = self.members.get(entity).ok()?.1;
        self.sheet(persona).map(|sheet| sheet.id.clone())
    }

    /// What a member is called; her id with a capital, if she is not there.
    pub(super) fn name(&self, member: &PersonaId, language: Language) -> String {
        let sheet = self.find(member).and_then(|entity| {
            let persona = self.members.get(entity).ok()?.1;
            self.sheet(persona)
        });
        sheet.map_or_else(|| capitalised(member.as_str()), |sheet| sheet.name_in(language).into())
    }

    /// Whether the sheets of all who are there have been read, or cannot be.
    pub(super) fn is_ready(&self) -> bool {
        let is_read = |persona: &Persona| {
            self.sheet(persona).is_some()
                || self.assets.as_ref().is_none_or(|assets| {
                    let state = assets.load_state(&persona.0);
                    state.is_failed() || matches!(state, LoadState::NotLoaded)
                })
        };
        !self.library.is_expected() && self.members.iter().all(|found| is_read(found.1))
    }

    /// Whether she speaks aloud at the moment, or shows that she does.
    pub(super) fn is_speaking(&self, entity: Entity) -> bool {
        self.members.get(entity).is_ok_and(|found| found.5 == Some(&Activity::Speaking))
    }

    /// Whether anybody speaks or looks for words.
    pub(super) fn is_busy(&self) -> bool {
        let busy = [Some(&Activity::Speaking), Some(&Activity::Thinking)];
        self.members.iter().any(|found| busy.contains(&found.5))
    }

    /// Whether she has a voice.
    pub(super) fn is_voiced(&self, entity: Entity) -> bool {
        self.members.get(entity).is_ok_and(|found| found.6)
    }

    /// Whether the model is still being loaded.
    pub(super) fn is_model_loading(&self) -> bool {
        self.model.as_deref().is_some_and(|status| matches!(status, ModelStatus::Loading(_)))
    }

    /// What stands for the fan's eyes.
    pub(super) fn fan_eyes(&self) -> Option<Entity> {
        self.eyes.iter().next()
    }

    /// What is between her and the fan.
    pub(super) fn rapport(&mut self, entity: Entity) -> Option<Mut<'_, Rapport>> {
        self.members.get_mut(entity).ok().map(|found| found.2)
    }

    /// The language in which the fan spoke last with one of them.
    pub(super) fn language_of(&self, cast: &[Entity]) -> Language {
        let spoken = cast.iter().filter_map(|entity| self.members.get(*entity).ok());
        // Of those with whom nobody spoke yet, the first one decides.
        let latest = spoken.rev().max_by_key(|found| found.2.0.last_turn);
        latest.map_or_else(Language::default, |found| found.3.0)
    }

    /// The members talk in this language from now on.
    pub(super) fn speak_in(&mut self, language: Language, cast: &[Entity]) {
        for entity in cast {
            if let Ok(mut found) = self.members.get_mut(*entity) {
                found.3.set_if_neq(FanLanguage(language));
            }
        }
    }

    /// Whether somebody has been talked with at all.
    pub(super) fn turns(&self, entity: Entity) -> u64 {
        self.members.get(entity).map_or(0, |found| found.2.0.turns)
    }

    /// The last words of the fan to her, and hers.
    pub(super) fn last_words(&self, entity: Entity) -> (String, String) {
        let Ok(found) = self.members.get(entity) else { return Default::default() };
        let history = &found.4.history;
        let fan = history.last_message().map(Into::into).unwrap_or_default();
        (fan, history.last_reply().map(ChatTurn::words).unwrap_or_default())
    }

    /// Whether the fan tells of something heavy, or asks for what is locked: whatever is written next
    /// would sound as if nobody had listened.
    pub(super) fn asks_for_an_answer(&self, to: &PersonaId, text: &str, tongue: Language) -> bool {
        let library = self.library.current();
        let her = self.find(to).and_then(|entity| self.members.get(entity).ok());
        let affinity = her.map_or(0.0, |found| found.2.0.relationship.affinity());
        let standing = Standing { member: to, affinity, unlocked: &self.fan.unlocked };
        if library.disclosure.locked(&standing).probes(text).is_some() {
            return true;
        }
        library.feelings.as_ref().is_some_and(|feelings| {
            feelings.appraise(to, text, tongue, &Carry::default()).feeling.is_heavy()
        })
    }

    /// The world as scenes see it.
    pub(super) fn world(&self, language: Language) -> WorldNow<'_> {
        let close = |found: (&Persona, &Rapport)| {
            let sheet = self.sheet(found.0)?;
            Some((sheet.id.clone(), found.1.0.relationship.affinity()))
        };
        let closeness: BTreeMap<PersonaId, f32> =
            self.members.iter().filter_map(|found| close((found.1, found.2))).collect();
        let hour = hour_of(*self.hour);
        WorldNow { language, hour, fan: &self.fan, library: self.library.current(), closeness }
    }

    /// She stops speaking.
    pub(super) fn interrupt(&mut self, entity: Entity) {
        if self.has(entity) {
            self.commands.trigger(Interrupt { entity });
        }
    }

    fn sheet(&self, persona: &Persona) -> Option<&PersonaSheet> {
        self.sheets.as_ref()?.get(&persona.0).map(|asset| &asset.sheet)
    }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
