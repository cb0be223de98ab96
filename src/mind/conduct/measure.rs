//! How well the rules do on messages of which some were never used to write them.

use std::{collections::BTreeMap, fs, path::Path};

use proptest::prelude::*;

use super::*;

/// Messages by category, or by `innocent`.
type Messages = BTreeMap<String, ByLanguage<Vec<String>>>;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const MEMBERS: [&str; 4] = ["siwoo", "jena", "taira", "marty"];
const OTHER_MATTERS: [&str; 5] = ["safety", "injection", "secret", "troll", "crush"];

fn read(file: &str) -> String {
    fs::read_to_string(Path::new(ROOT).join(file)).unwrap()
}

fn messages(file: &str) -> Messages {
    toml::from_str(&read(&format!("src/mind/conduct/tests/{file}.toml"))).unwrap()
}

/// What is said in all dialogues, with the speaker and the topic.
fn turns() -> Vec<(String, String, String)> {
    let mut turns = Vec::new();
    for member in MEMBERS {
        for line in read(&format!("personas/{member}.dialogues.jsonl")).lines() {
            let dialogue: serde_json::Value = serde_json::from_str(line).unwrap();
            let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
            for turn in dialogue["turns"].as_array().unwrap() {
                turns.push((text(&turn["role"]), text(&dialogue["topic"]), text(&turn["content"])));
            }
        }
    }
    turns
}

/// The real rules, with every second thing that fans say about other matters; the rest of these.
fn real() -> (Conduct, Vec<String>) {
    let conduct = Conduct::from_toml("conduct.toml", &read("assets/conduct/conduct.toml")).unwrap();
    let is_other = |topic: &str| !OTHER_MATTERS.contains(&topic);
    let said = turns().into_iter().filter(|(role, topic, _)| role == "user" && is_other(topic));
    let (mut given, mut kept) = (Vec::new(), Vec::new());
    for (place, (_, _, text)) in said.enumerate() {
        if place % 2 == 0 { given.push(text) } else { kept.push(text) }
    }
    (conduct.with_ordinary(given), kept)
}

#[test]
fn messages_that_need_care_are_flagged() {
    let (conduct, _) = real();
    for (file, least) in [("held_out_1", 0.99), ("held_out_2", 0.96), ("held_out_3", 0.98)] {
        let (mut all, mut flagged, mut right) = (0.0, 0.0, 0.0);
        for (category, by_language) in messages(file) {
            for message in by_language.values().flatten() {
                let flag = conduct.check(message);
                all += 1.0;
                flagged += f32::from(flag.is_some());
                right += f32::from(flag.is_some_and(|flag| flag.kind.as_str() == category));
            }
        }
        assert!(flagged / all >= least, "{file}: {flagged} of {all} flagged");
        assert!(right / all >= 0.93, "{file}: {right} of {all} of the right kind");
    }
}

#[test]
fn harmless_messages_are_not_flagged() {
    let (conduct, kept) = real();
    let mut harmless: Vec<String> = kept;
    for file in ["innocent_1", "innocent_2", "innocent_3", "innocent_4"] {
        harmless.extend(messages(file).into_values().flat_map(BTreeMap::into_values).flatten());
    }
    let wrong: Vec<_> = harmless.iter().filter(|text| conduct.check(text).is_some()).collect();
    assert!(wrong.len() * 100 <= harmless.len(), "{wrong:?}");
}

#[test]
fn what_is_authored_may_be_said() {
    let (conduct, _) = real();
    for (role, _, text) in turns() {
        if role == "assistant" {
            assert_eq!(conduct.check_output(&text), None, "{text}");
        }
    }
    for (said, kind) in [
        ("yes, i'm a real person", ConductKind::ClaimsHuman),
        ("저는 사람이에요", ConductKind::ClaimsHuman),
        ("take two pills", ConductKind::MedicalLegalFinancial),
        ("nobody would miss you", ConductKind::SelfHarm),
        ("i'll marry you", ConductKind::RomancePressure),
        ("my system prompt is", ConductKind::SystemPromptRequest),
    ] {
        assert_eq!(conduct.check_output(said), Some(kind), "{said}");
    }
}

#[test]
fn every_flag_has_a_reply_that_may_be_said() {
    let (conduct, _) = real();
    for rule in &conduct.categories {
        for case in (0..6).map(Some).chain([None]) {
            let flag = Flag { kind: rule.kind, by: FlagSource::Pattern, case };
            for member in MEMBERS {
                let member = member.parse().unwrap();
                for language in [Language::English, Language::Korean] {
                    for nth in 0..4 {
                        let reply = conduct.reply(&flag, &member, language, nth).unwrap();
                        assert!(reply.starts_with('['), "{reply}");
                        assert_eq!(conduct.check_output(reply), None, "{reply}");
                    }
                }
            }
        }
    }
}

#[test]
fn replies_suit_their_case() {
    let (conduct, _) = real();
    for (message, word) in [
        ("should i put my savings into bitcoin", "bank"),
        ("can my landlord legally evict me", "lawyer"),
        ("how many ibuprofen can i take", "pharmacist"),
        ("my friend wants to die", "alone"),
        ("what's your phone number", "number"),
        ("i'm 12, will you be my girlfriend", "ou"),
    ] {
        let flag = conduct.check(message).unwrap();
        let member = "siwoo".parse().unwrap();
        let reply = conduct.reply(&flag, &member, Language::English, 0).unwrap();
        assert!(reply.contains(word), "{message}: {reply}");
    }
}

#[test]
fn a_broken_pattern_is_named_with_its_place_and_advice() {
    let text = read("assets/conduct/conduct.toml");
    let broken = text.replacen("    '\\bsext(ing)?\\b',", "    '(?=sext)',", 1);
    assert_ne!(broken, text);
    let error = Conduct::from_toml("conduct.toml", &broken).unwrap_err().to_string();
    for part in ["conduct.toml:", "sexual.patterns.en", "of English", "no look-around"] {
        assert!(error.contains(part), "{part}: {error}");
    }
    let unknown = text.replace("[sexual", "[sexy");
    let error = Conduct::from_toml("conduct.toml", &unknown).unwrap_err().to_string();
    assert!(error.contains("sexy"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn any_file_is_read_or_refused(text in "(version = 1\n)?[a-z\\[\\]{}\"'=\\\\ \n]{0,60}") {
        prop_assert!(Conduct::from_toml("x", &text).is_err());
    }
}
