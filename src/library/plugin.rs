//! Reads the library of a game in the background, and again when a file of it changes.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use bevy::{
    asset::{AssetPath, io::ErasedAssetReader},
    prelude::*,
    tasks::{AsyncComputeTaskPool, Task, block_on, futures_lite::StreamExt, poll_once},
};

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
            let files = read(&assets, &folders).await;
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

/// The files of some folders, in order. What cannot be read is told and left out.
async fn read(assets: &AssetServer, folders: &[String]) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for folder in folders {
        let path = AssetPath::from(folder.clone());
        let Ok(source) = assets.get_source(path.source()) else {
            warn!("{folder}: there is no such asset source");
            continue;
        };
        let reader = source.reader();
        for file in list(reader, path.path().to_path_buf(), folder).await {
            let name = AssetPath::from(file.clone()).with_source(path.source().clone_owned());
            match text(reader, &file).await {
                Ok(text) => files.push((name.to_string(), text)),
                Err(problem) => warn!("{name}: cannot be read: {problem}; it is left out"),
            }
        }
    }
    files
}

async fn list(reader: &dyn ErasedAssetReader, path: PathBuf, folder: &str) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = match reader.read_directory(&path).await {
        Ok(stream) => stream.collect().await,
        Err(error) => {
            warn!("{folder}: cannot be read: {error}; check that the folder exists");
            Vec::new()
        }
    };
    found.retain(|file| Library::takes(&file.to_string_lossy()));
    found.sort_unstable();
    found
}

async fn text(reader: &dyn ErasedAssetReader, file: &std::path::Path) -> Result<String, String> {
    let mut opened = reader.read(file).await.map_err(|error| error.to_string())?;
    let mut bytes = Vec::new();
    opened.read_to_end(&mut bytes).await.map_err(|error| error.to_string())?;
    String::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".into())
}
