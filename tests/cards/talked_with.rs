//! Whoever came from a card can be talked with at once.

use bevy_persona::{
    card::Card,
    mind::{
        Ask, Bond, FanMemory, History, Library, ModelSize, PromptForm, Speaker, Timestamp,
        Unlocked, prompt::system_prompt, think,
    },
    persona::{Language, PersonaSheet},
};

use super::{V2, V3, card, imported};

/// What answers a message, and with which words.
fn answer(sheet: &PersonaSheet, library: &Library, fan: &str) -> (String, String) {
    let ask = Ask {
        sheet,
        fan,
        language: Language::English,
        history: &History::default(),
        bond: &Bond::default(),
        memory: &FanMemory::default(),
        unlocked: &Unlocked::new(),
        scene: &[],
        now: Timestamp(0),
    };
    let answer = think(library, &ask, &Speaker::default()).answer;
    (answer.source().to_string(), answer.authored().unwrap_or_default().into())
}

#[test]
fn greetings_talks_and_lore_are_answered_from_the_card() {
    let (_, sheet, library) = imported(&card(V2));
    for (fan, source, words) in [
        ("hello", "dialogue:nuri-card-hello-1", "[joy] Evening! The soup is just hot."),
        ("hi!!", "dialogue:nuri-card-hello-2", "[neutral] Back again?"),
        ("i missed the last ferry", "dialogue:nuri-card-1", "[sad] Oh no. First soup, then words."),
        ("what is the moonwell?", "lore:nuri-book-1", "[neutral] The moonwell is a spring"),
    ] {
        let (from, said) = answer(&sheet, &library, fan);
        assert!(from == source && said.starts_with(words), "{fan}: {from}: {said}");
    }
    for fan in ["what do you think of rain", "there is a storm", "help me", "yellow is nice"] {
        assert_eq!(answer(&sheet, &library, fan).0, "model", "{fan}");
    }
}

#[test]
fn lore_is_found_beside_that_of_the_sample_cast() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/lore");
    let (made, sheet, _) = imported(&card(V2));
    let mut files = made.files();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        files.push((path.display().to_string(), std::fs::read_to_string(&path).unwrap()));
    }
    let library = Library::from_files(files).unwrap();
    for fan in ["what is the moonwell?", "what is the glowing well"] {
        assert_eq!(answer(&sheet, &library, fan).0, "lore:nuri-book-1", "{fan}");
    }
}

#[test]
fn a_card_in_korean_becomes_a_korean_character() {
    let (made, sheet, library) = imported(&card(V3));
    assert_eq!((made.language, sheet.name.as_str()), (Language::Korean, "누리"));
    let (source, said) = answer(&sheet, &library, "안녕");
    assert_eq!(source, "dialogue:nuri-card-hello-1");
    assert!(said.contains("어서 와요! 국물이 딱 따뜻해요."), "{said}");
    let fact = library.lore.get("nuri-book-1").unwrap();
    assert_eq!(fact.text_in(Language::Korean), Some("달우물은 어시장 뒤에 있는 샘이다."));
    assert_eq!(library.lore.facts().len(), 1);
}

#[test]
fn the_prompt_reads_as_a_prompt_of_ours() {
    let (_, sheet, _) = imported(&card(V2));
    let small = system_prompt(&sheet, Language::English, &ModelSize::Small.into());
    let text = "It is past midnight. You are Nuri, the keeper of a night kiosk by the harbour. You are \
                sleepy, generous and a little nosy. Answer the fan's last message in English, in 1 to 3 \
                short sentences.";
    assert_eq!(small, text);
    let form: PromptForm = ModelSize::Large.into();
    let large = system_prompt(&sheet, Language::English, &form);
    for part in
        ["Nuri calls the fan \"captain\".", "The harbour never sleeps.", "She never hurries."]
    {
        assert!(large.contains(part), "{large}\nlacks: {part}");
    }
    assert_eq!(sheet.emotions.emotions().len(), 8);
}

#[test]
fn what_is_not_used_is_said() {
    let (made, ..) = imported(&card(V2));
    let [instructions, entries] = &made.notes[..] else { panic!("{:?}", made.notes) };
    assert!(instructions.contains("`system_prompt`") && instructions.contains("`conduct`"));
    assert!(entries.starts_with("1 of 4 lorebook entries: off"), "{entries}");
}

#[test]
fn a_name_alone_is_enough() {
    let card = Card::from_bytes("a.json", br#"{"name": "Otto"}"#).unwrap();
    let (made, sheet, _) = imported(&card);
    assert_eq!((sheet.name.as_str(), sheet.role.as_str()), ("Otto", "a character in a story"));
    let files: Vec<String> = made.files().into_iter().map(|(name, _)| name).collect();
    assert_eq!(files, ["nuri.persona.ron", "nuri.card.json"]);
}
