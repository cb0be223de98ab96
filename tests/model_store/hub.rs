//! Models from a hub.

use std::{
    fs,
    net::TcpListener,
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
};

use bevy_persona::{
    inference::Loading,
    model_store::{ModelSource, ModelStore, ModelStoreError},
};
use tempfile::TempDir;

use super::{
    content,
    fake_hub::{FakeHub, Manner},
    fetch, names, sha256,
};

/// A hub with one file, and an empty store that asks it.
fn hub_and_store() -> (FakeHub, ModelStore, TempDir) {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let hub = FakeHub::new(content());
    let store = ModelStore::at(folder.path().join("models")).with_endpoint(hub.endpoint());
    (hub, store, folder)
}

/// A name that no cache of this machine has.
fn source() -> ModelSource {
    "hub:bevy-persona-test/nowhere/small/a.gguf".parse().expect("it is a name")
}

/// What lies in the folder of the repository.
fn blobs(store: &ModelStore) -> std::path::PathBuf {
    store.folder().join("hub/models--bevy-persona-test--nowhere/blobs")
}

#[test]
fn a_file_is_fetched_once() {
    let (hub, store, _folder) = hub_and_store();
    let (fetched, told) = fetch(&store, &source());
    let path = fetched.unwrap();
    assert_eq!(fs::read(&path).unwrap(), content());
    let total = Some(content().len() as u64);
    for stage in ["asking the hub for a.gguf", "downloading a.gguf", "checking a.gguf"] {
        assert!(told.iter().any(|step| step.stage == stage), "{stage} is missing in {told:?}");
    }
    let mut downloading = told.iter().filter(|step| step.stage.starts_with("downloading"));
    assert!(downloading.all(|step| step.total == total));

    let (again, told) = fetch(&store, &source());
    assert_eq!((again.unwrap(), told.len()), (path.clone(), 0));
    assert_eq!(store.locate(&source()), Some(path.clone()));
    let models = store.list().unwrap();
    assert_eq!(models.len(), 1);
    assert_eq!((&models[0].source, &models[0].path), (&source(), &path));
    assert_eq!(hub.state().starts, [0]);
}

#[test]
fn a_revision_is_another_file() {
    let (hub, store, _folder) = hub_and_store();
    let at = |revision: &str| format!("{}@{revision}", source()).parse::<ModelSource>().unwrap();
    fetch(&store, &at("v2")).0.unwrap();
    assert!(store.locate(&at("v2")).is_some());
    assert_eq!(store.locate(&source()), None);
    assert_eq!(store.list().unwrap()[0].source, at("v2"));
    assert_eq!(hub.state().starts, [0]);
}

#[test]
fn wrong_bytes_are_removed_and_fetched_again_by_the_next_call() {
    let (hub, store, _folder) = hub_and_store();
    hub.state().file[1_000_000] ^= 1;
    let error = fetch(&store, &source()).0.unwrap_err();
    let ModelStoreError::Checksum { expected, .. } = &error else { panic!("{error}") };
    assert_eq!(*expected, sha256(&content()));
    assert_eq!(store.locate(&source()), None);
    assert!(names(&blobs(&store)).is_empty());

    hub.state().file = content();
    assert_eq!(fs::read(fetch(&store, &source()).0.unwrap()).unwrap(), content());
}

#[test]
fn a_cut_connection_goes_on_where_it_ended() {
    let (hub, store, _folder) = hub_and_store();
    hub.state().manner = Manner::Cut;
    let error = fetch(&store, &source()).0.unwrap_err();
    assert!(matches!(error, ModelStoreError::HubUnreachable { .. }), "{error}");
    assert_eq!(store.locate(&source()), None);

    let (fetched, told) = fetch(&store, &source());
    assert_eq!(fs::read(fetched.unwrap()).unwrap(), content());
    let half = content().len() / 2;
    assert_eq!(hub.state().starts, [0, half]);
    let began = told.iter().find(|step| step.stage.starts_with("downloading"));
    assert_eq!(began.map(|step| step.done), Some(half as u64));
}

#[test]
fn an_unfinished_file_that_cannot_be_continued_is_dropped() {
    let (hub, store, _folder) = hub_and_store();
    let etag = hub.state().etag.clone();
    fs::create_dir_all(blobs(&store)).unwrap();
    fs::write(blobs(&store).join(format!("{etag}.part")), vec![7; content().len()]).unwrap();
    assert_eq!(fs::read(fetch(&store, &source()).0.unwrap()).unwrap(), content());
    assert_eq!(hub.state().starts, [0]);
}

#[test]
fn a_file_that_changed_is_set_aside_and_fetched_again() {
    let (hub, store, _folder) = hub_and_store();
    let path = fetch(&store, &source()).0.unwrap();
    fs::write(&path, "something else").unwrap();
    assert_eq!(store.locate(&source()), None);
    let again = fetch(&store, &source()).0.unwrap();
    assert_eq!((fs::read(&again).unwrap(), again), (content(), path.clone()));
    let folders = [blobs(&store), path.parent().map(Path::to_path_buf).unwrap()];
    let kept = folders.iter().flat_map(|folder| names(folder));
    assert_eq!(kept.filter(|name| name.ends_with(".broken")).count(), 1);
    assert_eq!(hub.state().starts, [0, 0]);
}

#[test]
fn a_file_without_its_note_is_checked_instead_of_fetched() {
    let (hub, store, _folder) = hub_and_store();
    let path = fetch(&store, &source()).0.unwrap();
    fs::remove_file(path.with_extension("gguf.sha256")).unwrap();
    assert_eq!(store.locate(&source()), None);
    assert_eq!(fetch(&store, &source()).0.unwrap(), path);
    assert!(store.locate(&source()).is_some());
    assert_eq!(hub.state().starts, [0]);
}

#[test]
fn a_refusal_says_what_to_do() {
    for (status, advice) in [
        (404, "check owner, repository, file and revision"),
        (401, "set HF_TOKEN"),
        (403, "accept the licence"),
        (503, "try again later"),
    ] {
        let (hub, store, _folder) = hub_and_store();
        hub.state().manner = Manner::Status(status);
        let error = fetch(&store, &source()).0.unwrap_err().to_string();
        assert!(error.contains(advice), "{status}: {error}");
        assert!(error.contains("hub:bevy-persona-test/nowhere/small/a.gguf"), "{error}");
    }
}

#[test]
fn a_hub_that_is_not_there_is_an_error_about_the_network() {
    let folder = tempfile::tempdir().unwrap();
    // The port was free a moment ago, and nobody listens there now.
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let store = ModelStore::at(folder.path().into()).with_endpoint(format!("http://{address}/"));
    let error = fetch(&store, &source()).0.unwrap_err();
    assert!(matches!(error, ModelStoreError::HubUnreachable { .. }), "{error}");
    assert!(error.to_string().contains("check the network"), "{error}");
}

#[test]
fn names_of_versions_cannot_lead_out_of_the_store() {
    let (hub, store, _folder) = hub_and_store();
    hub.state().etag = "../../../evil".into();
    let error = fetch(&store, &source()).0.unwrap_err();
    assert!(matches!(error, ModelStoreError::HubAnswer { .. }), "{error}");
    assert!(hub.state().starts.is_empty());
}

#[test]
fn a_silent_hub_does_not_hold_up_a_cancel() {
    let (hub, store, _folder) = hub_and_store();
    hub.state().manner = Manner::Silent;
    let cancelled = AtomicBool::new(false);
    let mut tell = |loading: Loading| {
        if loading.stage.starts_with("downloading") {
            cancelled.store(true, Ordering::Relaxed);
        }
    };
    let fetched = store.fetch(&source(), &mut tell, &cancelled);
    assert!(matches!(fetched, Err(ModelStoreError::Cancelled)));
    assert_eq!(store.locate(&source()), None);
}
