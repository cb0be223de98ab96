//! What is wrong with the files of a game while it runs.

use std::collections::BTreeMap;

use bevy::{asset::AssetLoadFailedEvent, prelude::*};

/// The faults of all content files, as they are now.
///
/// Personas, cue sheets and the library write it; what else reads files may, too. A file with a fault is
/// not used: where there was a good version before, that one stays.
///
/// # Example
/// ```
/// use bevy::prelude::*;
/// use bevy_persona::ContentFaults;
///
/// fn tell(faults: Res<ContentFaults>) {
///     for fault in faults.iter() {
///         warn!("{}: {}", fault.source, fault.problem);
///     }
/// }
/// ```
#[derive(Debug, Clone, Default, Resource)]
pub struct ContentFaults(BTreeMap<String, Vec<ContentFault>>);

/// A fault of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentFault {
    /// The file, or what reads it: `personas://siwoo.persona.ron`, `library`.
    pub source: String,
    /// What is wrong, where, and what to do about it.
    pub problem: String,
    /// Whether an earlier version without faults is still used.
    pub last_good_stays: bool,
}

/// Fact: a file has a fault that it did not have before, or has none any more.
#[derive(Debug, Clone, PartialEq, Eq, Message)]
pub enum ContentNews {
    /// A new fault.
    Found(ContentFault),
    /// All faults of this source are mended.
    Mended(String),
}

impl ContentFaults {
    /// All faults, ordered by their sources.
    pub fn iter(&self) -> impl Iterator<Item = &ContentFault> {
        self.0.values().flatten()
    }

    /// A source has just been read: these are its faults now. Gives what is new.
    pub fn report(
        &mut self,
        source: &str,
        problems: impl IntoIterator<Item = String>,
        last_good_stays: bool,
    ) -> Vec<ContentNews> {
        let fault = |problem| ContentFault { source: source.into(), problem, last_good_stays };
        let now: Vec<_> = problems.into_iter().map(fault).collect();
        let before = self.0.remove(source).unwrap_or_default();
        if now.is_empty() {
            return if before.is_empty() {
                vec![]
            } else {
                vec![ContentNews::Mended(source.into())]
            };
        }
        let is_new =
            |fault: &&ContentFault| before.iter().all(|known| known.problem != fault.problem);
        let news = now.iter().filter(is_new).cloned().map(ContentNews::Found).collect();
        self.0.insert(source.into(), now);
        news
    }
}

/// Lets an app keep the faults of this kind of asset.
pub(crate) fn watch<A: Asset>(app: &mut App) {
    app.init_resource::<ContentFaults>()
        .add_message::<ContentNews>()
        // In which order faults are told does not matter.
        .add_systems(
            PreUpdate,
            watch_assets::<A>.run_if(resource_exists::<AssetServer>).ambiguous_with_all(),
        );
}

fn watch_assets<A: Asset>(
    mut failures: MessageReader<AssetLoadFailedEvent<A>>,
    mut events: MessageReader<AssetEvent<A>>,
    assets: Option<Res<Assets<A>>>,
    server: Res<AssetServer>,
    mut faults: ResMut<ContentFaults>,
    mut told: MessageWriter<ContentNews>,
) {
    for AssetLoadFailedEvent { id, path, error } in failures.read() {
        let stays = assets.as_ref().is_some_and(|assets| assets.contains(*id));
        told.write_batch(faults.report(&path.to_string(), [error.to_string()], stays));
    }
    for event in events.read() {
        if let AssetEvent::Added { id } | AssetEvent::Modified { id } = event
            && let Some(path) = server.get_path(*id)
        {
            told.write_batch(faults.report(&path.to_string(), [], true));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_news_once_and_so_is_that_it_is_mended() {
        let mut faults = ContentFaults::default();
        let lone = || ["3:5: no such field".to_owned()];
        let news = faults.report("otto.ron", lone(), true);
        let [ContentNews::Found(fault)] = &news[..] else { panic!("{news:?}") };
        assert!(fault.last_good_stays);
        assert!(faults.report("otto.ron", lone(), true).is_empty());
        assert_eq!(faults.iter().count(), 1);
        assert_eq!(faults.report("otto.ron", [], true), [ContentNews::Mended("otto.ron".into())]);
        assert!(faults.report("otto.ron", [], true).is_empty());
        assert_eq!(faults.iter().count(), 0);
    }
}
