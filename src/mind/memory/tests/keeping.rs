//! How facts are kept, change and go.

use proptest::prelude::*;

use super::*;
use crate::mind::{
    Emotion,
    memory::{Change, FactKey, Talk},
};

fn values(memory: &FanMemory, member: &PersonaId, key: &str) -> Vec<String> {
    let known = memory.facts_for(member);
    let of_key = known.iter().filter(|fact| fact.key.as_str() == key);
    of_key.map(|fact| fact.value.clone()).collect()
}

#[test]
fn the_new_takes_the_place_of_the_old() {
    let (extractor, siwoo, mut memory) = (extractor(), member("siwoo"), FanMemory::default());
    let messages =
        ["i live in lisbon", "i love coffee", "i moved to Busan", "i don't like coffee anymore"];
    tell(&extractor, &mut memory, &messages, &siwoo);
    assert_eq!(values(&memory, &siwoo, "home"), ["Busan"]);
    assert_eq!(values(&memory, &siwoo, "dislikes"), ["coffee"]);
    assert!(values(&memory, &siwoo, "likes").is_empty());
    assert_eq!(memory.facts().iter().filter(|fact| fact.replaced).count(), 2);
}

#[test]
fn a_correction_reaches_the_right_fact() {
    let (extractor, siwoo, mut memory) = (extractor(), member("siwoo"), FanMemory::default());
    let messages = [
        "im Mina",
        "우리 강아지 이름은 두부야",
        "actually it's Minji not Mina",
        "두부 아니고 순두부야",
    ];
    tell(&extractor, &mut memory, &messages, &siwoo);
    assert_eq!(values(&memory, &siwoo, "name"), ["Minji"]);
    assert_eq!(values(&memory, &siwoo, "pet"), ["강아지 순두부"]);
}

#[test]
fn what_is_said_again_is_surer() {
    let (extractor, siwoo, mut memory) = (extractor(), member("siwoo"), FanMemory::default());
    tell(&extractor, &mut memory, &["i love barley tea"], &siwoo);
    let before = memory.facts()[0].confidence;
    tell(&extractor, &mut memory, &["i love barley tea"], &siwoo);
    assert_eq!(memory.facts().len(), 1);
    assert!(memory.facts()[0].confidence > before);
}

#[test]
fn what_is_to_be_forgotten_is_gone_from_quotes_too() {
    let (extractor, siwoo, mut memory) = (extractor(), member("siwoo"), FanMemory::default());
    tell(&extractor, &mut memory, &["hi im Mina and i have a turtle named Gus"], &siwoo);
    tell(&extractor, &mut memory, &["pls forget my name"], &siwoo);
    assert!(!memory.to_json().unwrap().contains("Mina"));
    assert_eq!(values(&memory, &siwoo, "pet"), ["a turtle named Gus"]);
    tell(&extractor, &mut memory, &["나에 대한 거 다 잊어 줘"], &siwoo);
    assert!(memory.facts().is_empty());
    tell(&extractor, &mut memory, &["i have a turtle named Gus", "never forget my turtle"], &siwoo);
    assert_eq!(values(&memory, &siwoo, "pet"), ["a turtle named Gus"]);
}

#[test]
fn a_wish_for_secrecy_reaches_what_was_told_before() {
    let (extractor, siwoo, jena) = (extractor(), member("siwoo"), member("jena"));
    let mut memory = FanMemory::default();
    tell(&extractor, &mut memory, &["im scared of flying", "don't tell the others ok?"], &siwoo);
    assert_eq!(values(&memory, &siwoo, "fear"), ["flying"]);
    assert!(values(&memory, &jena, "fear").is_empty());
}

#[test]
fn notes_fade_and_who_the_fan_is_stays() {
    let (extractor, siwoo, mut memory) = (extractor(), member("siwoo"), FanMemory::default());
    let messages = ["im Mina", "i painted the kitchen wall yellow", "i'll come back tomorrow"];
    tell(&extractor, &mut memory, &messages, &siwoo);
    assert_eq!(memory.facts().len(), 3, "{:?}", memory.facts());
    memory.decay(Timestamp(NOW.0 + 400 * 86_400));
    let keys: Vec<_> = memory.facts().iter().map(|fact| fact.key.as_str()).collect();
    assert_eq!(keys, ["name", "promise"]);
}

#[test]
fn memory_stays_small_over_a_thousand_turns() {
    let (extractor, siwoo, mut memory) = (extractor(), member("siwoo"), FanMemory::default());
    for turn in 0..1_000 {
        let text = format!("i love thing{turn} and my cousin painted wall{turn} in a colour{turn}");
        memory.learn(extractor.extract(&said(&text, &siwoo, turn)).facts);
    }
    assert!(memory.to_json().unwrap().len() < 400_000);
}

#[test]
fn a_long_talk_is_summed_up_and_stays_with_its_member() {
    let (extractor, siwoo, jena) = (extractor(), member("siwoo"), member("jena"));
    let mut memory = FanMemory::default();
    let fan = ["my turtle Gus escaped", "the turtle was in the garden", "im Mina"];
    tell(&extractor, &mut memory, &fan, &siwoo);
    let feelings = [Emotion::Joy, Emotion::Sad, Emotion::Joy];
    let talk = Talk { member: &siwoo, turns: (0, 2), fan: &fan, feelings: &feelings };
    let episode = memory.sum_up(&extractor, &talk, NOW);
    assert!(episode.summary.starts_with("turtle, gus, escaped"), "{}", episode.summary);
    assert!(episode.summary.contains("name=Mina"), "{}", episode.summary);
    assert_eq!(episode.feelings[0], Emotion::Joy);
    assert_eq!((memory.episodes_with(&siwoo).count(), memory.episodes_with(&jena).count()), (1, 0));
}

#[test]
fn a_note_for_the_prompt_is_within_its_budget_and_names_the_fan() {
    let (extractor, siwoo, mut memory) = (extractor(), member("siwoo"), FanMemory::default());
    let messages =
        ["im Mina", "i have a turtle named Gus", "i live in lisbon", "my fav colour is teal"];
    tell(&extractor, &mut memory, &messages, &siwoo);
    let note = memory.note_for_prompt(&extractor, "guess what my turtle did", &siwoo, NOW, 60);
    assert!(note.starts_with("fan_name=Mina; pet=a turtle named Gus"), "{note}");
    assert!(note.chars().count() <= 60);
    assert_eq!(memory.name_for(&siwoo), Some("Mina"));
}

#[test]
fn she_remembers_what_she_promised() {
    let (extractor, siwoo, mut memory) = (extractor(), member("siwoo"), FanMemory::default());
    let reply = said("I'll remember your song. How was it?", &siwoo, 4);
    let changes = memory.learn(extractor.promises_of_reply(&reply));
    assert!(matches!(changes[..], [Change::Learned(_)]));
    assert_eq!(memory.facts()[0].key, FactKey::HER_PROMISE);
}

fn any_message() -> impl Strategy<Value = String> {
    let words = [
        "im",
        "Mina",
        "not",
        "my",
        "name",
        "is",
        "나",
        "민지야",
        "just between us",
        "forget",
        ",",
        "?",
        "dog",
        "named",
        "잊어 줘",
        "🙂",
        "it's",
        "i love",
        "on friday",
    ];
    let some = prop::collection::vec(prop::sample::select(words.to_vec()), 0..12);
    prop_oneof![some.prop_map(|words| words.join(" ")), ".{0,80}"]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_message_breaks_anything(messages in prop::collection::vec(any_message(), 1..5)) {
        let (extractor, siwoo, jena) = (shared(), member("siwoo"), member("jena"));
        let mut memory = FanMemory::default();
        let messages: Vec<&str> = messages.iter().map(String::as_str).collect();
        tell(extractor, &mut memory, &messages, &siwoo);
        for fact in memory.facts() {
            prop_assert!(fact.value.chars().count() <= 120);
            prop_assert!(fact.source.quote.chars().count() <= 200);
            let spoken = extractor.spoken(fact, Language::Korean, NOW);
            prop_assert!(!spoken.is_empty());
        }
        let is_private = memory.facts_for(&jena).iter().any(|fact| fact.private_to.is_some());
        prop_assert!(!is_private);
        for text in &messages {
            let note = memory.note_for_prompt(extractor, text, &siwoo, NOW, 90);
            prop_assert!(note.chars().count() <= 90);
            if let Some(asked) = extractor.question(text) {
                let _ = memory.answer(extractor, &asked, &siwoo, NOW);
            }
        }
        let json = memory.to_json().unwrap();
        prop_assert_eq!(FanMemory::from_json(&json).unwrap(), memory);
    }

    #[test]
    fn no_text_breaks_the_import(
        text in ".{0,60}",
        from in any::<prop::sample::Index>(),
        to in any::<prop::sample::Index>(),
    ) {
        let whole = concat!(
            r#"{"version":1,"last_fact":18446744073709551615,"episodes":[],"facts":["#,
            r#"{"id":7,"key":"name","value":"Mina","member":"siwoo","confidence":1e30},"#,
            r#"{"id":7,"key":"pet","value":"","member":"siwoo","confidence":-1}]}"#,
        );
        let (a, b) = (from.index(whole.len()), to.index(whole.len()));
        let broken = format!("{}{text}{}", &whole[..a.min(b)], &whole[a.max(b)..]);
        let _ = FanMemory::from_json(&text);
        if let Ok(memory) = FanMemory::from_json(&broken) {
            prop_assert!(memory.facts().iter().all(|fact| (0.0..=1.0).contains(&fact.confidence)));
        }
    }
}

fn shared() -> &'static Extractor {
    static EXTRACTOR: std::sync::OnceLock<Extractor> = std::sync::OnceLock::new();
    EXTRACTOR.get_or_init(extractor)
}
