//! Tests of each sound.

use super::*;
use crate::voice::{
    MouthShape,
    formant::{RATE, spectrum},
};

fn hear(sound: NonVerbal, seed: u64) -> Speech {
    sound.sound(&FormantVoice::new("jena", 245.0), seed)
}

#[test]
fn every_sound_reads_back_from_its_word() {
    for sound in NonVerbal::ALL {
        assert_eq!(sound.as_str().parse(), Ok(sound));
        let json = serde_json::to_string(&sound).unwrap();
        assert_eq!(json, format!("\"{sound}\""));
        assert_eq!(serde_json::from_str::<NonVerbal>(&json).unwrap(), sound);
    }
    let error = "whistle loudly".parse::<NonVerbal>().unwrap_err().to_string();
    assert!(error.contains("use one of giggle, gasp"), "{error}");
}

#[test]
fn all_are_finite_level_and_as_long_as_the_mouth_moves() {
    for sound in NonVerbal::ALL {
        for seed in 0..40 {
            let pitch = [80.0, 190.0, 255.0, 500.0][seed as usize % 4];
            let voice = FormantVoice::new(["siwoo", "taira"][seed as usize % 2], pitch);
            let speech = sound.sound(&voice, seed);
            assert!(speech.pcm.iter().all(|sample| sample.abs() < 0.9), "{sound}");
            let keys = speech.mouth_keys.iter();
            let samples: usize = keys.map(|key| (key.seconds * RATE).round() as usize).sum();
            assert_eq!(samples, speech.pcm.len(), "{sound}");
            assert!((0.3..3.0).contains(&speech.seconds()), "{sound}: {}", speech.seconds());
            let rms = finish::active_rms(&speech.pcm);
            assert!((rms / sound.loudness() - 1.0).abs() < 0.25, "{sound}: {rms}");
            let mean = speech.pcm.iter().sum::<f32>() / speech.pcm.len() as f32;
            assert!(mean.abs() < 1e-3, "{sound}: mean {mean}");
        }
    }
}

#[test]
fn laughter_comes_in_pulses() {
    for (sound, counts) in [(NonVerbal::Giggle, 4..=9), (NonVerbal::Laugh, 4..=8)] {
        for seed in 0..10 {
            let speech = hear(sound, seed);
            let pulses = spectrum::pulses(&speech.pcm);
            assert!(counts.contains(&pulses), "{sound} {seed}: {pulses}");
        }
    }
}

#[test]
fn a_gasp_is_noise_and_a_hum_is_voice() {
    for seed in 0..10 {
        let gasp = spectrum::pitches(&hear(NonVerbal::Gasp, seed).pcm);
        assert!(gasp.1 < 0.2, "gasp {seed}: {} voiced", gasp.1);
        for sound in [NonVerbal::Hum, NonVerbal::Ooh, NonVerbal::Hmm] {
            let speech = hear(sound, seed);
            let (_, voiced) = spectrum::pitches(&speech.pcm);
            assert!(voiced > 0.85, "{sound} {seed}: {voiced} voiced");
        }
    }
}

#[test]
fn a_giggle_is_higher_than_speech() {
    let (mut pitches, _) = spectrum::pitches(&hear(NonVerbal::Giggle, 3).pcm);
    pitches.sort_by(f32::total_cmp);
    assert!(pitches[pitches.len() / 2] > 1.15 * 245.0, "{pitches:?}");
}

#[test]
fn the_mouth_is_shut_to_hum_and_wide_to_laugh() {
    let shapes = |sound| hear(sound, 1).mouth_keys;
    assert!(shapes(NonVerbal::Hum).iter().all(|key| key.shape == MouthShape::Closed));
    let wide = |key: &&crate::voice::MouthKey| key.shape == MouthShape::Aa && key.weight > 0.5;
    assert!(shapes(NonVerbal::Laugh).iter().filter(wide).count() >= 3);
}

#[test]
fn the_seed_and_the_voice_decide() {
    for sound in NonVerbal::ALL {
        assert_eq!(hear(sound, 7), hear(sound, 7));
        assert_ne!(hear(sound, 7).pcm, hear(sound, 8).pcm);
        let other = sound.sound(&FormantVoice::new("marty", 245.0), 7);
        assert_ne!(hear(sound, 7).pcm, other.pcm);
    }
}
