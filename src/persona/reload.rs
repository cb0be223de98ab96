//! Says what an edit of a persona file changed.

use bevy::{
    asset::{AssetLoadFailedEvent, AssetPath},
    platform::collections::HashMap,
    prelude::*,
};

use super::{PersonaAsset, PersonaSheet};

/// Fact: a persona file was edited, and the edit is in use from the next reply on.
///
/// # Scheduling
/// Written in [`PersonaSystems::Receive`](crate::PersonaSystems::Receive).
#[derive(Debug, Clone, PartialEq, Eq, Message)]
pub struct PersonaReloaded {
    /// The persona.
    pub id: AssetId<PersonaAsset>,
    /// The fields that are different now, in the order of the sheet; never empty.
    pub changed: Vec<&'static str>,
}

/// The sheets as they were last read without an error.
#[derive(Debug, Default, Resource)]
pub(super) struct LastGood(HashMap<AssetId<PersonaAsset>, PersonaSheet>);

pub(super) fn tell_changes(
    mut events: MessageReader<AssetEvent<PersonaAsset>>,
    sheets: Res<Assets<PersonaAsset>>,
    mut last_good: ResMut<LastGood>,
    mut reloaded: MessageWriter<PersonaReloaded>,
) {
    for event in events.read() {
        match *event {
            AssetEvent::Added { id } | AssetEvent::Modified { id } => {
                let Some(PersonaAsset { sheet }) = sheets.get(id) else { continue };
                let Some(before) = last_good.0.insert(id, sheet.clone()) else { continue };
                let changed = sheet.changed_since(&before);
                if !changed.is_empty() {
                    info!("{} was edited: {}", sheet.name, changed.join(", "));
                    reloaded.write(PersonaReloaded { id, changed });
                }
            }
            AssetEvent::Removed { id } => {
                last_good.0.remove(&id);
            }
            AssetEvent::Unused { .. } | AssetEvent::LoadedWithDependencies { .. } => {}
        }
    }
}

/// Bevy logs the error itself; this adds what it means for a game that runs.
pub(super) fn tell_failures(
    mut failures: MessageReader<AssetLoadFailedEvent<PersonaAsset>>,
    last_good: Res<LastGood>,
) {
    for AssetLoadFailedEvent { id, path, .. } in failures.read() {
        let path: &AssetPath = path;
        if last_good.0.contains_key(id) {
            warn!("{path}: the edit is not used; the last good version stays");
        }
    }
}

/// Compares two sheets field by field; a field left out of the list does not compile.
macro_rules! changed_fields {
    ($before:expr, $now:expr, $($field:ident),+ $(,)?) => {{
        let PersonaSheet { $($field: _),+ } = $now;
        let compared = [$((stringify!($field), $before.$field != $now.$field)),+];
        compared.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
    }};
}

impl PersonaSheet {
    /// The fields in which this sheet differs from an earlier one.
    fn changed_since(&self, before: &Self) -> Vec<&'static str> {
        changed_fields!(
            before,
            self,
            id,
            name,
            names,
            role,
            group,
            world,
            birthday,
            colour,
            mbti,
            temperament,
            speech,
            likes,
            dislikes,
            habits,
            phrases,
            relations,
            conduct,
            emotions,
            examples,
            sampling,
            adapter,
            voice,
            avatar,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_changed_fields_are_named_in_order() {
        let before = PersonaSheet::new("otto".parse().unwrap(), "Otto", "a guard");
        let mut now = before.clone();
        assert!(now.changed_since(&before).is_empty());
        now.likes.push("soup".into());
        now.role = "a retired guard".into();
        assert_eq!(now.changed_since(&before), ["role", "likes"]);
    }
}
