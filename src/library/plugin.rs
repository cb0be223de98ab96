//! Reads the library of a game in the background, and again when a file of it changes.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
    time::Duration,
};

use bevy::{
    prelude::*,
    tasks::{AsyncComputeTaskPool, Task, block_on, poll_once},
};

use super::files::read_assets;
use crate::{
    ContentFaults, ContentNews, PersonaSystems, mind::Library, persona::AssetFileError, systems,
};

/// What was written for the characters, as far as it has been read. Empty at first, and for good
/// without a [`LibraryPlugin`].
#[derive(Debug, Clone, Default, Resource)]
pub struct MindLibrary {
    current: Arc<Library>,
    is_expected: bool,
}

impl MindLibrary {
    /// A library that is there from the start.
    #[must_use]
    pub fn new(library: Library) -> Self {
        Self { current: Arc::new(library), is_expected: false }
    }

    /// The library.
    #[must_use]
    pub fn current(&self) -> &Arc<Library> {
        &self.current
    }

    /// Whether it is still being read for the first time; asks wait for it.
    #[must_use]
    pub fn is_expected(&self) -> bool {
        self.is_expected
    }
}

/// Fact: the library has been read, for the first time or because a file of it was edited.
///
/// # Scheduling
/// Written in [`PersonaSystems::Receive`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Message)]
pub struct LibraryChanged;

/// Reads lore, dialogues, lines and rules of conduct from asset folders.
///
/// Not part of [`PersonaPlugins`](crate::PersonaPlugins), because a game has its own world. With the
/// feature `hot_reload` the files are looked at every second; an edit with a fault is told and
/// not used.
///
/// # Example
/// ```no_run
/// use bevy::prelude::*;
/// use bevy_persona::prelude::*;
///
/// App::new()
///     .add_plugins((PersonaSourcePlugin::default(), DefaultPlugins))
///     .add_plugins((PersonaPlugins::default(), LibraryPlugin::default()));
/// ```
#[derive(Debug, Clone)]
pub struct LibraryPlugin {
    /// Asset paths of folders; folders in them are not looked into.
    pub folders: Vec<String>,
}

impl Default for LibraryPlugin {
    /// `lore`, `conduct` and `personas://`.
    fn default() -> Self {
        Self { folders: ["lore", "conduct", "personas://"].map(Into::into).to_vec() }
    }
}

impl Plugin for LibraryPlugin {
    fn build(&self, app: &mut App) {
        systems::configure(app);
        app.insert_resource(MindLibrary { is_expected: true, ..MindLibrary::default() })
            .insert_resource(Reading { folders: self.folders.clone(), ..Reading::default() })
            .init_resource::<ContentFaults>()
            .add_message::<ContentNews>()
            .add_message::<LibraryChanged>()
            .add_systems(Startup, begin)
            .add_systems(PreUpdate, (look_again, take).chain().in_set(PersonaSystems::Receive));
    }
}

/// What a reading found: the library, or what is wrong with it; nothing where nothing changed.
type Found = Option<(u64, Result<Library, AssetFileError>)>;

/// The reading that is under way, and what the last one saw.
#[derive(Debug, Default, Resource)]
struct Reading {
    folders: Vec<String>,
    task: Option<Task<Found>>,
    seen: Option<u64>,
    idle: Duration,
}

/// What it is called where faults are told.
const SOURCE: &str = "library";

/// How often the files are looked at.
const EVERY: Duration = Duration::from_secs(1);

fn begin(mut reading: ResMut<Reading>, assets: Res<AssetServer>) {
    reading.start(assets.clone());
}

fn look_again(mut reading: ResMut<Reading>, assets: Res<AssetServer>, time: Res<Time<Real>>) {
    if cfg!(feature = "hot_reload") && reading.task.is_none() {
        reading.idle += time.delta();
        if reading.idle >= EVERY {
            reading.start(assets.clone());
        }
    }
}

impl Reading {
    fn start(&mut self, assets: AssetServer) {
        let (folders, seen) = (self.folders.clone(), self.seen);
        self.idle = Duration::ZERO;
        self.task = Some(AsyncComputeTaskPool::get().spawn(async move {
            let files = read_assets(&assets, &folders, Library::takes).await;
            let mut hasher = DefaultHasher::new();
            files.hash(&mut hasher);
            let now = hasher.finish();
            (seen != Some(now)).then(|| (now, Library::from_files(files)))
        }));
    }
}

fn take(
    mut reading: ResMut<Reading>,
    mut library: ResMut<MindLibrary>,
    mut changed: MessageWriter<LibraryChanged>,
    mut faults: ResMut<ContentFaults>,
    mut news: MessageWriter<ContentNews>,
) {
    let Some(task) = &mut reading.task else { return };
    let Some(found) = block_on(poll_once(task)) else { return };
    reading.task = None;
    let Some((seen, read)) = found else { return };
    reading.seen = Some(seen);
    let problem = read.as_ref().err().map(ToString::to_string);
    news.write_batch(faults.report(SOURCE, problem, !library.is_expected));
    match read {
        Ok(read) => {
            *library = MindLibrary::new(read);
            changed.write(LibraryChanged);
        }
        Err(error) if library.is_expected => {
            error!("{error}; the characters talk without it");
            library.is_expected = false;
        }
        Err(error) => warn!("{error}; the edit is not used, the last good version stays"),
    }
}
