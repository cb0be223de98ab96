//! The folder of files from the hub: what is where, without asking the hub.
//!
//! It has the layout of the Hugging Face tools: `models--OWNER--REPO/` with `refs/REVISION`, a file
//! that holds a commit, and `snapshots/COMMIT/FILE`, a link to `blobs/ETAG` where links can be.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{HubFile, checksum};

/// Files from the hub, in a folder of the store.
#[derive(Debug, Clone)]
pub(super) struct HubCache(pub(super) PathBuf);

impl HubCache {
    /// The deepest folder in a repository that is looked into.
    const DEPTH: usize = 8;

    fn repo(&self, file: &HubFile) -> PathBuf {
        self.0.join(format!("models--{}", file.repo().replace('/', "--")))
    }

    /// Where a file is, checked or not.
    pub(super) fn pointer(&self, file: &HubFile) -> Option<PathBuf> {
        let (repo, revision) = (self.repo(file), file.revision_or_main());
        let named = fs::read_to_string(repo.join("refs").join(revision));
        let commit = named.as_deref().map_or(revision, str::trim);
        let path = repo.join("snapshots").join(commit).join(file.file());
        path.is_file().then_some(path)
    }

    /// Where a file is, if it was found right and has not changed since; with this checksum, if
    /// one is given.
    pub(super) fn checked(&self, file: &HubFile, sha256: Option<&str>) -> Option<PathBuf> {
        let path = self.pointer(file)?;
        let known = checksum::marked(&path)?;
        sha256.is_none_or(|sha256| sha256 == known).then_some(path)
    }

    /// Where an unfinished download is kept.
    #[cfg(feature = "hub")]
    pub(super) fn part(&self, file: &HubFile, etag: &str) -> PathBuf {
        self.repo(file).join("blobs").join(format!("{etag}.part"))
    }

    /// A name for the lock of a file.
    #[cfg(feature = "hub")]
    pub(super) fn lock_name(&self, file: &HubFile) -> PathBuf {
        self.0.join(format!("{}/{}", file.repo(), file.file()).replace('/', "--"))
    }

    /// All checked GGUF files.
    pub(super) fn list(&self) -> Vec<(HubFile, PathBuf)> {
        let mut found = Vec::new();
        for (folder, repo) in entries(&self.0) {
            let Some((owner, repo)) =
                repo.strip_prefix("models--").and_then(|r| r.split_once("--"))
            else {
                continue;
            };
            for (snapshot, commit) in entries(&folder.join("snapshots")) {
                let revision = revision_of(&folder.join("refs"), &commit);
                for (path, file) in files(&snapshot, Self::DEPTH) {
                    let repo = format!("{owner}/{repo}");
                    let file = HubFile::new(&repo, &file, revision.as_deref());
                    let checked = checksum::marked(&path).is_some();
                    found.extend(file.ok().filter(|_| checked).map(|file| (file, path)));
                }
            }
        }
        found
    }
}

/// How people call a commit: nothing for `main`, a branch or tag, or the commit itself.
fn revision_of(refs: &Path, commit: &str) -> Option<String> {
    let is_it = |path: &Path| fs::read_to_string(path).is_ok_and(|found| found.trim() == commit);
    if is_it(&refs.join("main")) {
        return None;
    }
    let mut names = files(refs, HubCache::DEPTH);
    names.retain(|(path, _)| is_it(path));
    let name = names.into_iter().map(|(_, name)| name).min();
    Some(name.unwrap_or_else(|| commit.to_owned()))
}

/// What is in a folder: paths and names.
fn entries(folder: &Path) -> Vec<(PathBuf, String)> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| Some((entry.path(), entry.file_name().into_string().ok()?)))
        .collect()
}

/// The files in a folder and its folders, with their names from there: `folder/file`.
fn files(folder: &Path, depth: usize) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for (path, name) in entries(folder) {
        if path.is_file() {
            found.push((path, name));
        } else if depth > 0 {
            let inner = files(&path, depth - 1).into_iter();
            found.extend(inner.map(|(path, file)| (path, format!("{name}/{file}"))));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHA256: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    /// Two commits; `main` and a tag name the first, nothing names the second.
    fn cache() -> (tempfile::TempDir, HubCache) {
        let folder = tempfile::tempdir().unwrap();
        let cache = HubCache(folder.path().join("hub"));
        let repo = cache.0.join("models--o--r");
        for commit in ["c1", "c2"] {
            let snapshot = repo.join("snapshots").join(commit).join("small");
            fs::create_dir_all(&snapshot).unwrap();
            fs::write(snapshot.join("a.gguf"), "abc").unwrap();
        }
        fs::create_dir_all(repo.join("refs/v")).unwrap();
        fs::write(repo.join("refs/main"), "c1").unwrap();
        fs::write(repo.join("refs/v/1"), "c1\n").unwrap();
        (folder, cache)
    }

    fn file(revision: Option<&str>) -> HubFile {
        HubFile::new("o/r", "small/a.gguf", revision).unwrap()
    }

    #[test]
    fn a_file_is_found_by_branch_tag_and_commit() {
        let (_folder, cache) = cache();
        for (revision, commit) in
            [(None, "c1"), (Some("main"), "c1"), (Some("v/1"), "c1"), (Some("c2"), "c2")]
        {
            let found = cache.pointer(&file(revision)).unwrap();
            assert!(found.ends_with(Path::new(commit).join("small").join("a.gguf")));
        }
        assert_eq!(cache.pointer(&file(Some("v/2"))), None);
    }

    #[test]
    fn only_what_was_checked_counts() {
        let (_folder, cache) = cache();
        assert_eq!(cache.checked(&file(None), None), None);
        assert!(cache.list().is_empty());
        for commit in [None, Some("c2")] {
            checksum::mark(&cache.pointer(&file(commit)).unwrap(), SHA256);
        }
        assert!(cache.checked(&file(None), Some(SHA256)).is_some());
        assert_eq!(cache.checked(&file(None), Some("another")), None);
        let mut names: Vec<_> = cache.list().iter().map(|(file, _)| file.to_string()).collect();
        names.sort();
        assert_eq!(names, ["o/r/small/a.gguf", "o/r/small/a.gguf@c2"]);
    }
}
