use std::path::PathBuf;

use super::{super::test_model, *};

const HELLO: &str = "Hello, Siwoo. I love your new song.";

/// "Hello Siwoo, I love your new song.", 16 kHz.
fn hello() -> Vec<f32> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/voice/hello.wav");
    let bytes = std::fs::read(path).expect("the clip");
    let samples = bytes[44..].chunks_exact(2);
    samples.map(|x| f32::from(i16::from_le_bytes([x[0], x[1]])) / 32_768.0).collect()
}

/// The model, which knows a name; and that nothing is cancelled.
fn whisper() -> (Whisper, AtomicBool) {
    let mut whisper = Whisper::load(&test_model()).expect("the listening model");
    whisper.expect_names(Language::English, "Hi, Siwoo! Hello, Jena.");
    (whisper, AtomicBool::new(false))
}

#[test]
fn what_is_said_is_written_in_the_language_it_is_said_in() {
    let (mut whisper, go) = whisper();
    for language in [None, Some(Language::English)] {
        let heard = whisper.transcribe(&hello(), language, &go).unwrap();
        assert_eq!(heard.text, HELLO);
        assert_eq!(heard.language, Language::English);
        assert!(heard.confidence > -0.4 && heard.no_speech < 0.4, "{heard:?}");
    }
}

#[test]
fn names_are_written_as_they_are_expected() {
    let (mut whisper, go) = whisper();
    whisper.expect_names(Language::English, "Hi, Shiwu! Hello, Jena.");
    let heard = whisper.transcribe(&hello(), None, &go).unwrap();
    assert_eq!(heard.text, "Hello, Shiwu. I love your new song.");
    let long = "Hello, Siwoo. ".repeat(100);
    whisper.expect_names(Language::English, &long);
    let heard = whisper.transcribe(&hello(), None, &go).unwrap();
    assert!(heard.text.contains("I love your new song"), "{}", heard.text);
}

#[test]
fn nothing_is_written_where_nobody_speaks() {
    let (mut whisper, go) = whisper();
    let mut seed = 1_u32;
    let noise = std::iter::repeat_with(|| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        0.05 * (seed as f32 / u32::MAX as f32 - 0.5)
    });
    let noise: Vec<f32> = noise.take(32_000).collect();
    for pcm in [vec![], vec![0.5; 100], vec![0.0; 32_000], vec![f32::NAN; 32_000], noise] {
        let heard = whisper.transcribe(&pcm, None, &go).unwrap();
        assert_eq!(heard.text, "");
    }
}

#[test]
fn what_is_longer_than_the_model_can_hear_is_written_whole() {
    let (mut whisper, go) = whisper();
    let pause = vec![0.0; 28 * SAMPLE_RATE as usize];
    let pcm = [hello(), pause, hello()].concat();
    let heard = whisper.transcribe(&pcm, Some(Language::English), &go).unwrap();
    assert_eq!(heard.text, [HELLO, HELLO].join(" "));
}

#[test]
fn it_ends_when_it_is_cancelled() {
    let (mut whisper, _) = whisper();
    let heard = whisper.transcribe(&hello(), None, &AtomicBool::new(true));
    assert_eq!(heard, Err(ListenError::Cancelled));
}

#[test]
fn a_folder_without_a_model_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let vocabulary = folder.path().join("vocabulary.txt");
    let error = Whisper::load(folder.path()).unwrap_err();
    assert_eq!(error, ListenError::Missing(vocabulary.clone()));
    std::fs::write(&vocabulary, "a\nb\n").unwrap();
    std::fs::write(folder.path().join("config.json"), "{}").unwrap();
    let error = Whisper::load(folder.path()).unwrap_err();
    assert!(matches!(error, ListenError::Broken { path, .. } if path == vocabulary));
}

/// A folder with the small files of the model and other weights.
fn folder_with(weights: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let from = test_model();
    let folder = tempfile::tempdir().expect("a folder");
    for file in ["vocabulary.txt", "config.json"] {
        std::fs::copy(from.join(file), folder.path().join(file)).expect("a copy");
    }
    let path = folder.path().join("model.bin");
    std::fs::write(&path, weights).expect("a file");
    (folder, path)
}

#[test]
fn broken_weights_are_told_with_the_place() {
    let (folder, path) = folder_with(b"\x06\0\0\0\x0c\0Whisper");
    let error = Whisper::load(folder.path()).unwrap_err();
    assert!(matches!(&error, ListenError::Weights { path: it, .. } if *it == path), "{error}");
    assert!(error.to_string().contains("at byte 6: the file ends too early"), "{error}");
}
