//! Which sheet a character follows.

use std::sync::Arc;

use bevy::prelude::*;

use super::CueSheet;

/// A character's own cue sheet; what it does not say, the sheet of the crate says.
///
/// Spawn it beside a [`Persona`](crate::persona::Persona). An edit of the file shows while the game
/// runs; a file with an error leaves the last good version.
#[derive(Debug, Clone, Component)]
pub struct Cues(pub Handle<CueSheet>);

/// The sheet that a character follows: her own over that of the crate.
#[derive(Debug, Clone, Component, Deref)]
pub struct CueBook(Arc<CueSheet>);

impl CueBook {
    /// A character follows this sheet.
    #[must_use]
    pub fn new(sheet: CueSheet) -> Self {
        Self(Arc::new(sheet))
    }
}

/// The sheet of all who have none of their own, read once.
#[derive(Debug, Clone, Resource)]
pub(super) struct CommonBook(CueBook);

impl CommonBook {
    /// The book of somebody with a sheet of her own.
    fn under(&self, own: &CueSheet) -> CueBook {
        CueBook::new(own.clone().over(&self.0))
    }
}

impl Default for CommonBook {
    fn default() -> Self {
        Self(CueBook::new(CueSheet::default()))
    }
}

/// Whoever has no book gets one.
pub(super) fn hand_out(
    common: Res<CommonBook>,
    without: Query<Entity, (With<super::EmotionBlend>, Without<CueBook>)>,
    mut commands: Commands,
) {
    for entity in &without {
        commands.entity(entity).insert(common.0.clone());
    }
}

/// A sheet has been read, or read again.
pub(super) fn reread(
    mut events: MessageReader<AssetEvent<CueSheet>>,
    sheets: Res<Assets<CueSheet>>,
    common: Res<CommonBook>,
    mut characters: Query<(&Cues, &mut CueBook)>,
) {
    for event in events.read() {
        let (AssetEvent::Added { id } | AssetEvent::Modified { id }) = event else { continue };
        let Some(sheet) = sheets.get(*id) else { continue };
        let book = common.under(sheet);
        for (cues, mut known) in &mut characters {
            if cues.0.id() == *id {
                *known = book.clone();
            }
        }
    }
}

/// A character who came later than her sheet.
pub(super) fn look_up(
    sheets: Res<Assets<CueSheet>>,
    common: Res<CommonBook>,
    mut characters: Query<(&Cues, &mut CueBook), Or<(Changed<Cues>, Added<CueBook>)>>,
) {
    for (cues, mut known) in &mut characters {
        if let Some(sheet) = sheets.get(&cues.0) {
            *known = common.under(sheet);
        }
    }
}
