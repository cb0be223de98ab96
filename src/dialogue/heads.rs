//! The part of each character's prompt that stays, written once and not with every ask.

use std::collections::HashMap;

use bevy::prelude::*;

use crate::{
    mind::{PromptForm, PromptHead},
    persona::{Language, PersonaAsset},
};

/// Heads of prompts, by persona and language.
#[derive(Debug, Default, Resource)]
pub(super) struct PromptHeads(HashMap<(AssetId<PersonaAsset>, Language, PromptForm), PromptHead>);

impl PromptHeads {
    /// The head of a prompt.
    pub(super) fn get(
        &mut self,
        id: AssetId<PersonaAsset>,
        asset: &PersonaAsset,
        language: Language,
        form: PromptForm,
    ) -> &PromptHead {
        let written = self.0.entry((id, language, form));
        written.or_insert_with(|| PromptHead::in_form(&asset.sheet, language, form))
    }
}

/// What was written of a persona that changes is of no use any more.
pub(super) fn forget_changed(
    mut heads: ResMut<PromptHeads>,
    mut changes: MessageReader<AssetEvent<PersonaAsset>>,
) {
    for change in changes.read() {
        if let AssetEvent::Modified { id } | AssetEvent::Removed { id } = *change {
            heads.0.retain(|(known, ..), _| *known != id);
        }
    }
}
