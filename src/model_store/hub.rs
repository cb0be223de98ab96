//! Fetches a file from the Hugging Face hub.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use hf_hub::{
    Cache, Repo, RepoType,
    api::sync::{Api, ApiBuilder, ApiError, ApiRepo},
};
use tracing::info;

use super::{
    HubFile, ModelStoreError, checksum,
    files::{remove, remove_with_target, set_aside},
    hub_cache::HubCache,
    hub_thread::{Counter, on_thread},
    lock::Lock,
    progress::Reporter,
};

/// The hub, and the folder for what comes from there.
///
/// The folder is one of the store and not the one that Hugging Face tools share, so that
/// `BEVY_PERSONA_CACHE` moves all models, and deleting the store deletes all of them. What the
/// user's other tools have fetched is used where it lies.
pub(super) struct Hub {
    pub(super) cache: HubCache,
    /// Instead of what `HF_ENDPOINT` says.
    pub(super) endpoint: Option<String>,
}

/// What the hub says of a file.
struct Facts {
    etag: String,
    /// The hub's checksum of a large file is its etag; a small one has no such checksum.
    sha256: Option<String>,
    bytes: u64,
}

impl Hub {
    /// Fetches a file and compares it with `pinned`, or with the checksum that the hub gives.
    pub(super) fn fetch(
        &self,
        file: &HubFile,
        pinned: Option<&str>,
        reporter: &mut Reporter<'_>,
    ) -> Result<PathBuf, ModelStoreError> {
        let folder = &self.cache.0;
        fs::create_dir_all(folder).map_err(ModelStoreError::io("create", folder))?;
        let _lock = Lock::take(&self.cache.lock_name(file), reporter)?;
        if let Some(path) = self.cache.checked(file, pinned) {
            // Somebody else has fetched it while we waited.
            return Ok(path);
        }
        let remote = Remote::new(self, file);
        reporter.begin(format!("asking the hub for {}", name(file)), None, 0);
        let asked = remote.clone();
        let mut facts = on_thread(file, reporter, move |_| asked.ask())?;
        facts.sha256 = pinned.map(str::to_owned).or(facts.sha256);
        if let Some(path) = self.keep(file, &facts, reporter)? {
            return Ok(path);
        }
        let path = on_thread(file, reporter, move |news| remote.download(Counter::new(news)))?;
        compare(&path, &facts, reporter)?;
        info!("fetched {}", path.display());
        Ok(path)
    }

    /// Gives the file if it is here and right, and clears the way for a download if it is not.
    fn keep(
        &self,
        file: &HubFile,
        facts: &Facts,
        reporter: &mut Reporter<'_>,
    ) -> Result<Option<PathBuf>, ModelStoreError> {
        if let Some(path) = self.cache.pointer(file) {
            if let Some(sha256) = &facts.sha256
                && checksum::is_right(&path, sha256, facts.bytes, reporter)?
            {
                return Ok(Some(path));
            }
            set_aside(&path)?;
        }
        // hf-hub goes on where an unfinished file ends, even behind the end of the whole one.
        let part = self.cache.part(file, &facts.etag);
        if fs::metadata(&part).is_ok_and(|part| part.len() >= facts.bytes) {
            remove(&part);
        }
        Ok(None)
    }
}

/// Compares a downloaded file with what it should be; a wrong one is removed.
fn compare(path: &Path, facts: &Facts, reporter: &mut Reporter<'_>) -> Result<(), ModelStoreError> {
    let bytes = fs::metadata(path).map_err(ModelStoreError::io("read", path))?.len();
    let (expected, found) = if bytes == facts.bytes {
        let found = checksum::of_file(path, reporter)?;
        (facts.sha256.clone().unwrap_or_else(|| found.clone()), found)
    } else {
        (format!("{} bytes", facts.bytes), format!("{bytes} bytes"))
    };
    if expected == found {
        checksum::mark(path, &found);
        return Ok(());
    }
    remove_with_target(path);
    Err(ModelStoreError::Checksum { path: path.into(), expected, found })
}

/// The name of a file without its folders, for people to read.
pub(super) fn name(file: &HubFile) -> String {
    checksum::name(file.file().as_ref())
}

/// A file that another tool of the user has fetched.
pub(super) fn shared(file: &HubFile) -> Option<PathBuf> {
    shared_cache()?.repo(repo(file)).get(file.file())
}

/// The folder that Hugging Face tools share. hf-hub panics on a system without home folders.
fn shared_cache() -> Option<Cache> {
    (env::var("HF_HOME").is_ok() || dirs::home_dir().is_some()).then(Cache::from_env)
}

fn repo(file: &HubFile) -> Repo {
    let (repo, revision) = (file.repo().into(), file.revision_or_main().into());
    Repo::with_revision(repo, RepoType::Model, revision)
}

/// All that is needed to talk to the hub, on any thread.
#[derive(Clone)]
struct Remote {
    endpoint: String,
    folder: PathBuf,
    token: Option<String>,
    file: HubFile,
}

impl Remote {
    /// As the Hugging Face tools: `HF_ENDPOINT`, `HF_TOKEN`, or the token of their login.
    fn new(hub: &Hub, file: &HubFile) -> Self {
        let set = |name: &str| env::var(name).ok().filter(|value| !value.trim().is_empty());
        let endpoint = hub.endpoint.clone().or_else(|| set("HF_ENDPOINT"));
        let endpoint = endpoint.unwrap_or_else(|| "https://huggingface.co".into());
        let token = set("HF_TOKEN").map(|token| token.trim().to_owned());
        Self {
            endpoint: endpoint.trim().trim_end_matches('/').to_owned(),
            folder: hub.cache.0.clone(),
            token: token.or_else(|| shared_cache()?.token()),
            file: file.clone(),
        }
    }

    fn open(&self) -> Result<(Api, ApiRepo), ApiError> {
        let api = ApiBuilder::from_cache(Cache::new(self.folder.clone()))
            .with_endpoint(self.endpoint.clone())
            .with_token(self.token.clone())
            .with_user_agent("bevy_persona", env!("CARGO_PKG_VERSION"))
            .build()?;
        let repo = api.repo(repo(&self.file));
        Ok((api, repo))
    }

    fn ask(&self) -> Result<Facts, ModelStoreError> {
        let metadata = self
            .open()
            .and_then(|(api, repo)| api.metadata(&repo.url(self.file.file())))
            .map_err(|error| self.explain(error))?;
        let (etag, bytes) = (metadata.etag(), metadata.size() as u64);
        for name in [etag, metadata.commit_hash()] {
            // Both become names of files.
            if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
                let error = format!("`{name}` is no name of a version");
                return Err(ModelStoreError::HubAnswer { file: self.file.clone(), error });
            }
        }
        let is_sha256 = etag.len() == 64 && etag.bytes().all(|b| b.is_ascii_hexdigit());
        let sha256 = is_sha256.then(|| etag.to_ascii_lowercase());
        Ok(Facts { etag: etag.into(), sha256, bytes })
    }

    fn download(&self, counter: Counter) -> Result<PathBuf, ModelStoreError> {
        self.open()
            .and_then(|(_, repo)| repo.download_with_progress(self.file.file(), counter))
            .map_err(|error| self.explain(error))
    }

    fn explain(&self, error: ApiError) -> ModelStoreError {
        let file = self.file.clone();
        match error {
            ApiError::RequestError(error) => match status(&error.to_string()) {
                Some(404) => ModelStoreError::HubNotFound(file),
                Some(status @ (401 | 403)) => ModelStoreError::HubForbidden { file, status },
                Some(_) => ModelStoreError::HubAnswer { file, error: error.to_string() },
                None => ModelStoreError::HubUnreachable { file, error: error.to_string() },
            },
            ApiError::IoError(error) if is_of_the_disk(&error) => {
                ModelStoreError::io("write into", &self.folder)(error)
            }
            ApiError::IoError(error) => {
                ModelStoreError::HubUnreachable { file, error: error.to_string() }
            }
            other => ModelStoreError::HubAnswer { file, error: other.to_string() },
        }
    }
}

/// The status in the text of an HTTP error: its type belongs to a crate that hf-hub hides.
fn status(error: &str) -> Option<u16> {
    error.strip_prefix("http status: ")?.parse().ok()
}

/// hf-hub reads the network and writes the disk in one go; only the kind tells which one failed.
fn is_of_the_disk(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{
        NotFound, PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull,
    };
    matches!(
        error.kind(),
        NotFound | PermissionDenied | QuotaExceeded | ReadOnlyFilesystem | StorageFull
    )
}
