//! What the model itself says. They fetch the weights if need be.

use std::{fs, path::PathBuf, process, sync::OnceLock};

use super::{style::WIDTH, *};
use crate::{
    cue::VoiceCue,
    persona::Language,
    voice::{PronouncedWord, SpeechRequest, Synthesizer},
};

/// The loaded model: once for all tests, since it is large.
fn kokoro() -> &'static Kokoro {
    static MODEL: OnceLock<Kokoro> = OnceLock::new();
    MODEL.get_or_init(|| Kokoro::load(&test_model()).expect("the voice model"))
}

fn voices() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("assets/voices")
}

fn style() -> StyleTable {
    StyleTable::load(&voices().join("siwoo.voice")).expect("her style")
}

fn phones(ipa: &str) -> Pronunciation {
    Pronunciation { phones: ipa.chars().collect(), words: Vec::new() }
}

fn seconds(sound: &KokoroSound) -> f32 {
    sound.pcm.len() as f32 / SAMPLE_RATE as f32
}

#[test]
fn she_says_hello() {
    let kokoro = kokoro();
    let said = phones("hɛlˈO wˈɜɹld!");
    let sound = kokoro.speak(&said, &style(), 1.0).unwrap().levelled(1.0);
    assert!((0.5..1.6).contains(&seconds(&sound)), "{} s", seconds(&sound));
    assert_eq!(sound.edges.len(), said.phones.len() + 1);
    assert!(sound.edges.is_sorted() && *sound.edges.last().unwrap() <= sound.pcm.len());
    let loudness = loudness::loudness(&sound.pcm).unwrap();
    assert!((0.08..0.12).contains(&loudness), "{loudness}");
    // The silence around it is cut.
    let loud = |sample: &f32| sample.abs() > 0.03;
    assert!(sound.pcm.iter().position(loud).unwrap() < 24_000 / 8);
    assert!(sound.pcm.iter().rev().position(loud).unwrap() < 24_000 / 4);
}

#[test]
fn speed_and_pitch_change_what_they_should() {
    let kokoro = kokoro();
    let said = phones("ˌI wˈɪl sˈɪŋ fɔɹ ju tənˈIt.");
    // Phones last whole frames of 25 ms, so small changes of speed do little to a short text.
    let [usual, fast] = [1.0, 1.5].map(|speed| kokoro.speak(&said, &style(), speed).unwrap());
    let ratio = seconds(&usual) / seconds(&fast);
    assert!((1.1..1.8).contains(&ratio), "{ratio}");
    // Higher, but hardly shorter: it is said slower, then played faster.
    let high = kokoro.speak(&said, &style(), 1.0 / 1.1).unwrap().pitched(1.1);
    let ratio = seconds(&usual) / seconds(&high);
    assert!((0.88..1.13).contains(&ratio), "{ratio}");
}

#[test]
fn what_has_no_sound_is_silent() {
    let kokoro = kokoro();
    for silent in ["", "…", " , ", "❓❓", "ˈː"] {
        let sound = kokoro.speak(&phones(silent), &style(), 1.0).unwrap();
        assert!(sound.pcm.is_empty(), "{silent}");
        assert_eq!(sound.edges.len(), silent.chars().count() + 1);
    }
    let odd = kokoro.speak(&phones("❓hˈI❓한!"), &style(), f32::NAN).unwrap();
    assert!(!odd.pcm.is_empty());
    assert_eq!(odd.edges.len(), 8);
}

#[test]
fn a_text_beyond_the_limit_is_said_in_pieces() {
    let kokoro = kokoro();
    let long = phones(&"lˈɑ lˈɑ lˈɑ, ".repeat(12));
    assert!(long.phones.len() > MOST_TOKENS);
    let sound = kokoro.speak(&long, &style(), 2.0).unwrap();
    assert_eq!(sound.edges.len(), long.phones.len() + 1);
    assert!(sound.edges.is_sorted());
    assert!(*sound.edges.last().unwrap() <= sound.pcm.len());
}

#[test]
fn her_mouth_and_words_are_in_time() {
    let path = test_model();
    let pronounce = Box::new(|_: &str, _| Pronunciation {
        phones: "hˈI mˈɑmɑ".chars().collect(),
        words: vec![
            PronouncedWord { text: 0..2, phones: 0..3 },
            PronouncedWord { text: 3..7, phones: 4..9 },
        ],
    });
    let mut voice = KokoroVoice::new(Kokoro::load(&path).unwrap(), voices(), pronounce);
    let mut request = SpeechRequest {
        speaker: "marty".into(),
        pitch_hz: 250.0,
        text: "Hi Mama".into(),
        language: Language::English,
        tone: VoiceCue { pitch: 1.05, rate: 0.95, energy: 0.9, ..VoiceCue::default() },
    };
    let speech = voice.synthesize(&request).unwrap();
    let total = speech.mouth_keys.iter().fold(0.0, |sum, key| sum + key.seconds);
    assert!((total - speech.seconds()).abs() < 1e-5);
    assert_eq!(speech.words.len(), 2);
    assert!(speech.words[0].time.end <= speech.words[1].time.start);
    assert!(speech.words[1].time.end <= speech.seconds());

    // Who has no voice of her own borrows one.
    request.speaker = "nobody".into();
    assert_eq!(voice.synthesize(&request).unwrap().words.len(), 2);
}

#[test]
fn broken_weights_are_told_and_nothing_panics() {
    let path = test_model();
    let whole = fs::read(path).unwrap();
    let file = std::env::temp_dir().join(format!("broken-{}.onnx", process::id()));
    let middle = whole.len() / 2;
    let breaks: [fn(&mut Vec<u8>, usize); 4] = [
        |bytes, middle| bytes.truncate(middle),
        |bytes, middle| bytes[middle..middle + 100_000].fill(0),
        |bytes, _| {
            bytes[..4_000].iter_mut().enumerate().for_each(|(i, byte)| *byte = (i * 31) as u8);
        },
        |bytes, _| bytes.clear(),
    ];
    for (case, damage) in breaks.into_iter().enumerate() {
        let mut bytes = whole.clone();
        damage(&mut bytes, middle);
        fs::write(&file, &bytes).unwrap();
        let error = Kokoro::load(&file).err();
        assert!(matches!(error, Some(VoiceError::Broken { .. })), "{case}: {error:?}");
        // Behind the checksum there is a second line: whatever it is, it must not panic.
        if let Ok(model) = Model::from_bytes(bytes) {
            let _ = model.run(&[50, 51, 52], &[0.1; WIDTH], 1.0);
        }
    }
    fs::remove_file(file).unwrap();
    let missing = Kokoro::load(Path::new("none.onnx")).err();
    assert!(matches!(missing, Some(VoiceError::Missing(_))));
}
