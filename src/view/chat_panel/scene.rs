//! Who is there, read from the ECS as plain data.

use std::ops::Range;

use bevy::{asset::LoadState, ecs::system::SystemParam, prelude::*};
use bevy_egui::egui::Color32;

use super::{style, transcript::Transcript};
use crate::{
    cue::{EmotionBlend, SpokenWord},
    dialogue::{Conversation, DialogueState, FanLanguage},
    mind::{Emotion, History},
    persona::{Language, Persona, PersonaAsset},
};

/// One character, as the panel shows her.
pub(super) struct Idol<'a> {
    pub(super) entity: Entity,
    pub(super) name: String,
    pub(super) colour: Color32,
    pub(super) language: Language,
    pub(super) state: DialogueState,
    /// What she feels at the moment, unless she is calm.
    pub(super) feeling: Option<Emotion>,
    /// Why her persona is not there.
    pub(super) fault: Option<String>,
    /// The word that she is saying aloud: where it stands in the reply, in bytes.
    pub(super) word: Option<&'a Range<usize>>,
    pub(super) history: &'a History,
    pub(super) transcript: &'a Transcript,
}

/// Everybody with a persona.
#[derive(SystemParam)]
pub(super) struct Cast<'w, 's> {
    sheets: Res<'w, Assets<PersonaAsset>>,
    assets: Option<Res<'w, AssetServer>>,
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
            Option<&'static EmotionBlend>,
            Option<&'static SpokenWord>,
        ),
    >,
}

impl Cast<'_, '_> {
    /// All characters, in the order in which they came.
    pub(super) fn idols(&self) -> Vec<Idol<'_>> {
        let mut idols: Vec<_> = self
            .idols
            .iter()
            .map(|(entity, persona, conversation, state, language, transcript, blend, word)| {
                let sheet = self.sheets.get(&persona.0).map(|asset| &asset.sheet);
                let language = language.0;
                Idol {
                    entity,
                    name: sheet.map_or("…", |sheet| sheet.name_in(language)).to_owned(),
                    colour: style::readable(sheet.and_then(|sheet| sheet.colour)),
                    language,
                    state: *state,
                    feeling: blend.and_then(felt),
                    fault: if sheet.is_none() { self.fault(persona) } else { None },
                    word: word.and_then(|word| word.0.as_ref()),
                    history: &conversation.history,
                    transcript,
                }
            })
            .collect();
        // The order of entities themselves runs backwards.
        idols.sort_by_key(|idol| idol.entity.index_u32());
        idols
    }

    fn fault(&self, persona: &Persona) -> Option<String> {
        match self.assets.as_ref()?.load_state(&persona.0) {
            LoadState::Failed(error) => Some(error.to_string()),
            _ => None,
        }
    }
}

/// The feeling that a face shows, if it shows one.
fn felt(blend: &EmotionBlend) -> Option<Emotion> {
    const SHOWS: f32 = 0.15;
    let calm = |emotion: &Emotion| *emotion == Emotion::Neutral;
    let strong = blend.weights().iter().filter(|(felt, weight)| !calm(felt) && *weight > SHOWS);
    strong.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(emotion, _)| emotion.clone())
}
