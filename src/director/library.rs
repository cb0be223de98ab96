//! The scenes that can be played: read in the background, and again when a file of them changes.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
    time::Duration,
};

use bevy::{
    prelude::*,
    tasks::{AsyncComputeTaskPool, Task, block_on, poll_once},
};

use crate::{
    library::read_assets,
    scene::{SceneError, SceneErrors, Scenes},
};

/// All scenes, as far as they have been read.
#[derive(Debug, Clone, Default, Resource)]
pub struct SceneLibrary {
    current: Arc<Scenes>,
    faults: Vec<SceneError>,
    is_expected: bool,
}

impl SceneLibrary {
    /// Scenes that are there from the start.
    #[must_use]
    pub fn new(scenes: Scenes) -> Self {
        Self { current: Arc::new(scenes), ..Self::default() }
    }

    /// The scenes: those of the last reading without faults.
    #[must_use]
    pub fn current(&self) -> &Arc<Scenes> {
        &self.current
    }

    /// What was wrong at the last reading; empty, if it was good.
    #[must_use]
    pub fn faults(&self) -> &[SceneError] {
        &self.faults
    }

    /// Whether they are still being read for the first time; a scene that is to begin waits for it.
    #[must_use]
    pub fn is_expected(&self) -> bool {
        self.is_expected
    }
}

/// Fact: the scenes have been read, for the first time or because a file of them was edited.
///
/// # Scheduling
/// Written in [`PersonaSystems::Receive`](crate::PersonaSystems::Receive).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Message)]
pub struct ScenesChanged;

/// What a reading found; nothing where nothing changed.
type Found = Option<(u64, Result<Scenes, SceneErrors>)>;

/// The reading that is under way, and what the last one saw.
#[derive(Debug, Resource)]
pub(super) struct Reading {
    folder: String,
    task: Option<Task<Found>>,
    seen: Option<u64>,
    idle: Duration,
}

/// How often the files are looked at.
const EVERY: Duration = Duration::from_millis(500);

/// Lets an app read this folder.
pub(super) fn expect(app: &mut App, folder: &str) {
    let reading = Reading { folder: folder.into(), task: None, seen: None, idle: Duration::ZERO };
    app.insert_resource(SceneLibrary { is_expected: true, ..SceneLibrary::default() })
        .insert_resource(reading)
        .add_message::<ScenesChanged>();
}

/// Begins the first reading, and with the feature `hot_reload` another twice a second.
pub(super) fn look_again(
    mut reading: ResMut<Reading>,
    assets: Option<Res<AssetServer>>,
    time: Res<Time<Real>>,
) {
    let Some(assets) = assets.filter(|_| reading.task.is_none()) else { return };
    reading.idle += time.delta();
    let is_due = cfg!(feature = "hot_reload") && reading.idle >= EVERY;
    if reading.seen.is_none() || is_due {
        reading.start(assets.clone());
    }
}

impl Reading {
    fn start(&mut self, assets: AssetServer) {
        let (folders, seen) = ([self.folder.clone()], self.seen);
        self.idle = Duration::ZERO;
        self.task = Some(AsyncComputeTaskPool::get().spawn(async move {
            let files = read_assets(&assets, &folders, Scenes::takes).await;
            let mut hasher = DefaultHasher::new();
            files.hash(&mut hasher);
            let now = hasher.finish();
            (seen != Some(now)).then(|| (now, Scenes::from_files(files)))
        }));
    }
}

/// Takes what a reading found: the last good version stays until there is a better one.
pub(super) fn take(
    mut reading: ResMut<Reading>,
    mut library: ResMut<SceneLibrary>,
    mut changed: MessageWriter<ScenesChanged>,
) {
    let reading = reading.bypass_change_detection();
    let Some(task) = &mut reading.task else { return };
    let Some(found) = block_on(poll_once(task)) else { return };
    reading.task = None;
    let Some((seen, read)) = found else { return };
    reading.seen = Some(seen);
    let was_expected = std::mem::take(&mut library.is_expected);
    match read {
        Ok(scenes) => {
            library.current = Arc::new(scenes);
            library.faults.clear();
            changed.write(ScenesChanged);
        }
        Err(SceneErrors(faults)) => {
            let stays =
                if was_expected { "there are no scenes" } else { "the last good version stays" };
            for fault in &faults {
                warn!("{fault}");
            }
            warn!("{} in the scenes: {stays} until they are mended", counted(faults.len()));
            library.faults = faults;
        }
    }
}

fn counted(faults: usize) -> String {
    if faults == 1 { "1 fault".into() } else { format!("{faults} faults") }
}
