use proptest::prelude::*;

use super::*;
use crate::mind::FanFeeling;

fn emotion() -> impl Strategy<Value = Emotion> {
    let built_in = proptest::sample::select(Emotion::BUILT_IN.to_vec());
    prop_oneof![4 => built_in, 1 => Just(Emotion::Custom("smug".into()))]
}

fn mood() -> impl Strategy<Value = Mood> {
    let felt = proptest::collection::vec((emotion(), -0.5f32..1.5), 0..12);
    (felt, 0.0f32..3.0, 0.0f32..2_000.0, 0.0f32..1.5).prop_map(|(felt, swing, gloom, rest)| {
        let rest = [(Emotion::Playful, rest)].into();
        let mut mood = Mood::new(Temperament { swing, gloom, rest, ..Temperament::default() });
        for (emotion, amount) in felt {
            mood.feel(&emotion, amount);
        }
        mood
    })
}

#[test]
fn grief_of_a_fan_makes_sad_and_less_playful() {
    let mut mood = Mood::default();
    mood.feel(&Emotion::Playful, 0.8);
    let before = mood.intensity(&Emotion::Playful);
    mood.hear(&Appraisal {
        weights: vec![(Emotion::Sad, 0.75), (Emotion::Love, 0.25)],
        never: vec![Emotion::Joy],
        feeling: FanFeeling { grief: true, ..FanFeeling::default() },
    });
    assert!(mood.intensity(&Emotion::Sad) > 0.2);
    assert!(mood.intensity(&Emotion::Playful) < before);
    let bias = mood.bias();
    let of = |emotion| bias.iter().find(|(known, _)| *known == emotion).expect("known").1;
    assert!(of(Emotion::Sad) < 0.0 && of(Emotion::Playful) > 0.0, "still more playful than sad");
    mood.feel(&Emotion::Sad, 1.0);
    assert!(mood.bias().iter().any(|(e, push)| *e == Emotion::Joy && *push < -0.5));
}

#[test]
fn a_feeling_is_halved_in_its_half_life() {
    let mut mood = Mood::new(Temperament { bright: 100.0, ..Temperament::default() });
    mood.feel(&Emotion::Joy, 0.8);
    mood.decay(100.0);
    assert!((mood.intensity(&Emotion::Joy) - 0.4).abs() < 1e-5);
}

#[test]
fn a_damaged_save_is_mended() {
    let saved = r#"{"temperament": {"swing": 2.0}, "feelings": {"joy": 7.0, "sad": -1.0}}"#;
    let mood: Mood = serde_json::from_str(saved).expect("a mood");
    assert_eq!(mood.strongest(), Some(Emotion::Joy));
    assert!(mood.feelings.values().all(|felt| (0.0..=1.0).contains(felt)));
}

proptest! {
    #[test]
    fn intensities_stay_between_zero_and_one(mut mood in mood(), seconds in -10.0f32..1e6) {
        let good = |mood: &Mood| mood.feelings.values().all(|felt| (0.0..=1.0).contains(felt));
        prop_assert!(good(&mood));
        mood.decay(seconds);
        prop_assert!(good(&mood));
        mood.feel(&Emotion::Joy, f32::NAN);
        mood.decay(f32::NAN);
        prop_assert!(good(&mood));
        let most = Mood::MOST_BIAS + 1e-6;
        prop_assert!(mood.bias().iter().all(|(_, push)| push.abs() <= most));
    }

    #[test]
    fn feelings_come_to_rest(mut mood in mood()) {
        mood.decay(1e7);
        for (emotion, felt) in &mood.feelings {
            let rest = mood.temperament.rest.get(emotion).map_or(0.0, |rest| within(*rest));
            prop_assert!((felt - rest).abs() < 1e-5);
        }
    }

    #[test]
    fn time_may_pass_in_any_steps(mood in mood(), a in 0.0f32..4_000.0, b in 0.0f32..4_000.0) {
        let (mut once, mut twice) = (mood.clone(), mood);
        once.decay(a + b);
        twice.decay(a);
        twice.decay(b);
        for (emotion, felt) in &once.feelings {
            prop_assert!((felt - twice.intensity(emotion)).abs() < 1e-5);
        }
    }

    #[test]
    fn a_mood_reads_back_from_its_save(mood in mood()) {
        let saved = serde_json::to_string(&mood).expect("JSON");
        let loaded: Mood = serde_json::from_str(&saved).expect("a mood");
        for (emotion, felt) in &mood.feelings {
            prop_assert!((felt - loaded.intensity(emotion)).abs() < 1e-6);
        }
    }
}
