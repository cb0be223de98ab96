//! Who is there, read from the ECS as plain data.

use bevy::{ecs::system::SystemParam, prelude::*};
use bevy_egui::egui::Color32;

use super::{style, transcript::Transcript};
use crate::{
    dialogue::{Conversation, DialogueState, FanLanguage},
    mind::History,
    persona::{Language, Persona, PersonaAsset},
};

/// One character, as the panel shows her.
pub(super) struct Idol<'a> {
    pub(super) entity: Entity,
    pub(super) name: String,
    pub(super) colour: Color32,
    pub(super) language: Language,
    pub(super) state: DialogueState,
    pub(super) history: &'a History,
    pub(super) transcript: &'a Transcript,
}

/// Everybody with a persona.
#[derive(SystemParam)]
pub(super) struct Cast<'w, 's> {
    sheets: Res<'w, Assets<PersonaAsset>>,
    idols: Query<
        'w,
        's,
        (
            Entity,
            &'static Persona,
            &'static Conversation,
            &'static DialogueState,
            &'static FanLanguage,
            &'static Transcript,
        ),
    >,
}

impl Cast<'_, '_> {
    /// All characters, in the order in which they came.
    pub(super) fn idols(&self) -> Vec<Idol<'_>> {
        let mut idols: Vec<_> = self
            .idols
            .iter()
            .map(|(entity, persona, conversation, state, language, transcript)| {
                let sheet = self.sheets.get(&persona.0).map(|asset| &asset.sheet);
                let language = language.0;
                Idol {
                    entity,
                    name: sheet.map_or("…", |sheet| sheet.name_in(language)).to_owned(),
                    colour: style::readable(sheet.and_then(|sheet| sheet.colour)),
                    language,
                    state: *state,
                    history: &conversation.history,
                    transcript,
                }
            })
            .collect();
        // The order of entities themselves runs backwards.
        idols.sort_by_key(|idol| idol.entity.index_u32());
        idols
    }
}
