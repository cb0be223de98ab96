//! Tests of whole texts.

use proptest::prelude::*;

use super::*;
use crate::{
    persona::Language,
    voice::{Synthesizer, formant::spectrum},
};

fn request(text: &str, pitch_hz: f32) -> SpeechRequest {
    SpeechRequest {
        speaker: "siwoo".into(),
        pitch_hz,
        text: text.into(),
        language: Language::English,
        tone: VoiceCue::default(),
    }
}

fn say(request: &SpeechRequest) -> Speech {
    FormantVoice::default().synthesize(request).unwrap()
}

const HELLO: &str = "Hello everybody, I am so happy to see you today. Let us sing a new song!";

fn median(mut values: Vec<f32>) -> f32 {
    values.sort_by(f32::total_cmp);
    values[values.len() / 2]
}

#[test]
fn it_speaks_at_the_pitch_that_was_asked() {
    for pitch in [130.0, 190.0, 215.0, 255.0, 400.0] {
        let (pitches, voiced) = spectrum::pitches(&say(&request(HELLO, pitch)).pcm);
        let heard = median(pitches);
        assert!((heard / pitch - 1.0).abs() < 0.1, "{heard} Hz for {pitch}");
        assert!(voiced > 0.5, "only {voiced} voiced at {pitch}");
    }
}

#[test]
fn a_question_rises_at_its_end() {
    let end_pitch = |text: &str| {
        let speech = say(&request(text, 220.0));
        let end = speech.words.last().unwrap().time.end * 24_000.0;
        spectrum::periodicity(&speech.pcm[end as usize - 1400..end as usize - 200]).0
    };
    assert!(end_pitch("Do you love me?") > 1.2 * end_pitch("Do you love me."));
}

#[test]
fn the_tone_changes_speed_pitch_and_loudness() {
    let plain = say(&request(HELLO, 220.0));
    let tone = VoiceCue { pitch: 1.3, rate: 1.5, energy: 0.6, ..VoiceCue::default() };
    let other = say(&SpeechRequest { tone, ..request(HELLO, 220.0) });
    assert!((plain.seconds() / other.seconds() - 1.5).abs() < 0.15);
    assert!(finish::active_rms(&other.pcm) < 0.85 * finish::active_rms(&plain.pcm));
    let high = median(spectrum::pitches(&other.pcm).0);
    assert!((high / 286.0 - 1.0).abs() < 0.12, "{high}");
}

#[test]
fn four_members_are_heard_apart() {
    let members = [("siwoo", 215.0), ("jena", 245.0), ("taira", 190.0), ("marty", 255.0)];
    let say = |(name, pitch): (&str, f32)| {
        say(&SpeechRequest { speaker: name.into(), ..request("la la la la", pitch) })
    };
    let colour = |speech: &Speech| {
        [700.0, 1100.0, 1600.0, 2400.0, 3400.0, 5000.0, 7000.0]
            .map(|hz| 20.0 * spectrum::level(&speech.pcm[2400..12_000], hz, 400.0).log10())
    };
    let colours = members.map(|member| colour(&say(member)));
    for (index, one) in colours.iter().enumerate() {
        for other in &colours[..index] {
            let apart: f32 = one.iter().zip(other).map(|(one, other)| (one - other).abs()).sum();
            assert!(apart > 7.0, "{apart} dB in all: {one:?} {other:?}");
        }
    }
}

#[test]
fn nothing_to_say_is_no_sound() {
    for text in ["", "   ", "😊💖", "[joy]", "...!?", "* * *"] {
        let speech = say(&request(text, 220.0));
        assert_eq!((speech.pcm.len(), speech.mouth_keys.len(), speech.words.len()), (0, 0, 0));
        assert_eq!(speech.sample_rate, SAMPLE_RATE);
    }
}

#[test]
fn a_very_long_text_is_cut() {
    for text in
        ["la ".repeat(3400), "a".repeat(10_000), "bdk".repeat(3300), "안녕하세요".repeat(2000)]
    {
        let speech = say(&request(&text, 220.0));
        assert!(f64::from(speech.seconds()) < LONGEST + 5.0);
        check(&text, &speech);
    }
}

#[test]
fn it_is_as_loud_as_speech_and_has_pauses() {
    let speech = say(&request(HELLO, 220.0));
    let rms = finish::active_rms(&speech.pcm);
    assert!((rms / finish::SPEECH - 1.0).abs() < 0.15, "{rms}");
    let pause = speech.words.windows(2).find(|pair| pair[0].time.end < pair[1].time.start).unwrap();
    assert_eq!(&HELLO[pause[0].text.clone()], "everybody");
}

/// What holds for every speech.
fn check(text: &str, speech: &Speech) {
    assert!(speech.pcm.iter().all(|sample| sample.abs() < 0.9), "clipped or not finite");
    let samples = speech.mouth_keys.iter().map(|key| (key.seconds * RATE).round() as usize);
    assert_eq!(samples.sum::<usize>(), speech.pcm.len());
    assert!(speech.mouth_keys.iter().all(|key| (0.0..=1.0).contains(&key.weight)));
    let (mut byte, mut time) = (0, 0.0);
    for word in &speech.words {
        assert!(word.text.start >= byte && word.text.end > word.text.start);
        assert!(text.get(word.text.clone()).is_some(), "a word is cut in the middle of a letter");
        assert!(word.time.start >= time && word.time.end > word.time.start);
        (byte, time) = (word.text.end, word.time.end);
    }
    assert!(time <= speech.seconds() + 1e-3);
    if !speech.pcm.is_empty() {
        let mean = speech.pcm.iter().sum::<f32>() / speech.pcm.len() as f32;
        assert!(mean.abs() < 2e-3, "mean {mean}");
        assert!(speech.pcm[0].abs() < 1e-3 && speech.pcm[speech.pcm.len() - 1].abs() < 1e-3);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_text_in_any_tone_is_a_sound_speech(
        text in "(\\PC|[가-힣ぁ-んァ-ヶ一-龥]|[a-zA-Z ,.!?~…\\[\\]<>'0-9]){0,60}",
        pitch_hz in prop_oneof![Just(f32::NAN), -10.0..1000.0f32],
        pitch in prop_oneof![Just(f32::INFINITY), -1.0..4.0f32],
        rate in prop_oneof![Just(0.0f32), -1.0..9.0f32],
        energy in prop_oneof![Just(f32::NAN), -1.0..5.0f32],
    ) {
        let tone = VoiceCue { pitch, rate, energy, ..VoiceCue::default() };
        let request = SpeechRequest { tone, ..request(&text, pitch_hz) };
        let speech = say(&request);
        check(&text, &speech);
        prop_assert_eq!(speech, say(&request));
    }
}
