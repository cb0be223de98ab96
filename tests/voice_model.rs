//! The real voice model: it is understood, and mouths go with its sound. Fetches what it needs.

use std::{
    path::Path,
    process::{Command, Output},
    sync::atomic::AtomicBool,
};

use bevy_persona::{
    cue::VoiceCue,
    listen::{SAMPLE_RATE, Whisper},
    model_store::ModelStore,
    persona::Language,
    voice::{
        KokoroVoice, MouthPose, MouthTrack, Speech, SpeechRequest, Synthesizer, resample, wav,
        with_files,
    },
};
use serde_json::Value;

static NEVER: AtomicBool = AtomicBool::new(false);

fn voice() -> KokoroVoice {
    let store = ModelStore::user().expect("a cache folder");
    let files = store.fetch_voice(&mut |_| {}, &NEVER).expect("the files of the voices");
    with_files(&files).expect("the voice model")
}

fn whisper() -> Whisper {
    let store = ModelStore::user().expect("a cache folder");
    let files = store.fetch_listen(&mut |_| {}, &NEVER).expect("the files of Whisper");
    let mut whisper = Whisper::load(&files.folder).expect("the listening model");
    whisper.expect_names(Language::English, "Hi, Mina!");
    whisper
}

fn request(speaker: &str, text: &str, language: Language) -> SpeechRequest {
    let (speaker, text, tone) = (speaker.into(), text.into(), VoiceCue::default());
    SpeechRequest { speaker, pitch_hz: 220.0, text, language, tone }
}

/// How far the loudness of a sound and the opening of the mouth go together, -1..1, in steps of 10 ms.
fn correlation(speech: &Speech) -> f32 {
    let step = speech.sample_rate as usize / 100;
    let loud = speech.pcm.chunks(step).map(|piece| {
        (piece.iter().map(|sample| sample * sample).sum::<f32>() / piece.len() as f32).sqrt()
    });
    let track = MouthTrack::new(&speech.mouth_keys);
    let open = (0..speech.pcm.len().div_ceil(step)).map(|place| {
        let MouthPose { aa, ih, ou, ee, oh } = track.sample(place as f32 * 0.01);
        aa + ih + ou + ee + oh
    });
    let pairs: Vec<(f32, f32)> = loud.zip(open).collect();
    let mean = |of: fn(&(f32, f32)) -> f32| pairs.iter().map(of).sum::<f32>() / pairs.len() as f32;
    let (loud, open) = (mean(|pair| pair.0), mean(|pair| pair.1));
    let sums = pairs.iter().fold([0.0; 3], |[both, a, b], (x, y)| {
        let (x, y) = (x - loud, y - open);
        [both + x * y, a + x * x, b + y * y]
    });
    sums[0] / (sums[1] * sums[2]).sqrt().max(1e-9)
}

/// Twenty sentences, five for each voice, in two languages.
fn clips() -> impl Iterator<Item = (&'static str, &'static str, Language)> {
    let english = include_str!("voices/english.txt").lines().map(|line| (line, Language::English));
    let korean = include_str!("voices/korean.txt").lines().map(|line| (line, Language::Korean));
    let sentences = english.zip(korean).flat_map(|pair| [pair.0, pair.1]);
    let speakers = ["siwoo", "jena", "taira", "marty"].into_iter().cycle();
    speakers.zip(sentences).map(|(speaker, (text, language))| (speaker, text, language)).take(20)
}

#[test]
fn mouths_go_with_the_sound_and_are_shut_at_its_end() {
    let mut voice = voice();
    let mut correlations = Vec::new();
    for (speaker, text, language) in clips() {
        let speech = voice.synthesize(&request(speaker, text, language)).expect("speech");
        correlations.push((correlation(&speech), text));
        let keys: f32 = speech.mouth_keys.iter().map(|key| key.seconds).sum();
        assert!((keys - speech.seconds()).abs() < 1e-3, "{text}: {keys} {}", speech.seconds());
        let last = speech.pcm.iter().rposition(|sample| sample.abs() > 0.005).expect("a sound");
        let end = last as f32 / speech.sample_rate as f32;
        let shut = MouthTrack::new(&speech.mouth_keys).sample(end + 0.1);
        assert_eq!(shut, MouthPose::default(), "{speaker}: {text}");
        assert!(
            speech.words.len() >= text.split_whitespace().count(),
            "{text}: {:?}",
            speech.words
        );
        assert!(speech.words.windows(2).all(|pair| pair[0].time.end <= pair[1].time.start + 1e-3));
    }
    // Short questions, whose melody is louder than their vowels, have the lowest.
    assert!(correlations.iter().all(|(together, _)| *together > 0.25), "{correlations:?}");
    let mean = correlations.iter().map(|(together, _)| together).sum::<f32>() / 20.0;
    assert!(mean > 0.6, "{mean}: {correlations:?}");
}

#[test]
fn all_four_are_understood() {
    let (mut voice, mut whisper) = (voice(), whisper());
    for speaker in ["siwoo", "jena", "taira", "marty"] {
        let text = "Hello Mina, I was waiting for you.";
        let speech = voice.synthesize(&request(speaker, text, Language::English)).expect("speech");
        let pcm = resample(&speech.pcm, speech.sample_rate, SAMPLE_RATE);
        let heard = whisper.transcribe(&pcm, Some(Language::English), &NEVER).expect("words");
        let plain = |text: &str| text.to_lowercase().replace([',', '.', '!'], "");
        assert_eq!(plain(heard.text.trim()), plain(text), "{speaker}");
    }
}

#[test]
fn what_cannot_be_said_is_silent_and_what_is_long_is_said() {
    let mut voice = voice();
    for text in ["", "💜✨", "   ", "\n", "[joy]", "…"] {
        let speech = voice.synthesize(&request("siwoo", text, Language::English)).expect("speech");
        assert!(speech.seconds() < 0.5 && speech.words.is_empty(), "{text:?}");
    }
    let long = "We walked along the river and nobody said a word. ".repeat(6);
    let speech = voice.synthesize(&request("siwoo", &long, Language::English)).expect("speech");
    assert!(speech.seconds() > 10.0, "{}", speech.seconds());
    assert_eq!(speech.words.len(), 60);
}

fn persona(args: &[&str], cache: Option<&Path>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_persona"));
    if let Some(cache) = cache {
        command.env("BEVY_PERSONA_CACHE", cache);
    }
    command.args(args).output().expect("the command runs")
}

#[test]
fn the_command_says_it_and_hears_it_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let (sound, keys) = (folder.path().join("a.wav"), folder.path().join("a.json"));
    let [sound, keys] = [&sound, &keys].map(|path| path.to_str().expect("a name"));
    let text = "[joy] Hello Mina, I was waiting for you.";
    let said = persona(&["voice", "say", "siwoo", text, "--out", sound, "--keys", keys], None);
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    let told: Value =
        serde_json::from_slice(&std::fs::read(keys).expect("the keys")).expect("JSON");
    let sum: f64 = told["mouth"]
        .as_array()
        .expect("keys")
        .iter()
        .map(|key| key["seconds"].as_f64().expect("a number"))
        .sum();
    let recording = wav::read(&std::fs::read(sound).expect("the sound")).expect("a WAVE file");
    let seconds = recording.pcm.len() as f64 / f64::from(recording.sample_rate);
    assert!((sum - seconds).abs() < 1e-3, "{sum} {seconds}");
    assert_eq!(told["words"][1]["word"], "Mina");
    let heard = persona(&["hear", sound, "--lang", "en", "--names", "Hi, Mina!"], None);
    let heard = String::from_utf8_lossy(&heard.stdout).into_owned();
    assert!(heard.contains("waiting for you"), "{heard}");
}

#[test]
fn babble_needs_nothing_and_a_broken_sound_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let sound = folder.path().join("a.wav");
    let sound = sound.to_str().expect("a name");
    let empty = folder.path().join("cache");
    let said = persona(
        &["voice", "say", "jena", "Who took my cake?", "--babble", "--out", sound],
        Some(&empty),
    );
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    let recording = wav::read(&std::fs::read(sound).expect("the sound")).expect("a WAVE file");
    assert!(recording.pcm.len() > 10_000);
    std::fs::write(sound, b"RIFF....WAVE").expect("a file");
    let heard = persona(&["hear", sound], None);
    assert!(!heard.status.success());
    let error = String::from_utf8_lossy(&heard.stderr).into_owned();
    assert!(error.starts_with("persona: "), "{error}");
}
