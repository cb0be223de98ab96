//! What is edited in our files is what the card says after it.

use bevy_persona::{
    card::{Card, Export, Spec},
    mind::Library,
    persona::{Language, PersonaSheet},
};
use serde_json::Value;

use super::{V2, V3, card, imported};

/// The V2 card after an edit of one of its files.
fn edited(kind: &str, from: &str, to: &str) -> Value {
    let card = card(V2);
    let (made, ..) = imported(&card);
    let mut files = made.files();
    let (_, text) = files.iter_mut().find(|(name, _)| name.ends_with(kind)).expect("a file");
    assert!(text.contains(from), "{from}\nis not in\n{text}");
    *text = text.replacen(from, to, 1);
    let sheet = PersonaSheet::from_ron("nuri.persona.ron", &files[0].1).expect("a persona");
    let library = Library::from_files(files).expect("a library");
    Export { kept: Some(&card), ..Export::new(&sheet, &library) }.card().json()["data"].clone()
}

/// The fields of the card that are different after an edit.
fn changed(kind: &str, from: &str, to: &str) -> (Vec<String>, Value) {
    let before: Value = serde_json::from_slice(V2).expect("JSON");
    let after = edited(kind, from, to);
    let fields = after.as_object().into_iter().flatten();
    let fields = fields.filter(|(field, now)| before["data"].get(field) != Some(*now));
    (fields.map(|(field, _)| field.clone()).collect(), after)
}

#[test]
fn an_edit_of_the_persona_changes_the_field_it_came_from() {
    for (from, to, field, part) in [
        ("name: \"Nuri\"", "name: \"Nuria\"", "name", "Nuria"),
        (
            "the keeper of a night kiosk",
            "the owner of a boat",
            "description",
            "{{char}} is the owner of a boat by the harbour.\nShe keeps an old radio",
        ),
        (
            "She keeps an old radio",
            "She keeps a new radio",
            "description",
            "She keeps a new radio under",
        ),
        ("past midnight", "past noon", "scenario", "It is past noon.\nThe last ferry has gone."),
        (
            "sleepy, generous",
            "wide awake",
            "personality",
            "wide awake and a little nosy\nShe never hurries.",
        ),
        (
            "temperament:",
            "likes: [\"fog\", \"rain\"],\n    temperament:",
            "description",
            "captain\".\n{{char}} likes fog, rain.",
        ),
        (
            "fan: \"hello\"",
            "fan: \"hey you\"",
            "mes_example",
            "{{user}}: hey you\n{{char}}: Evening!",
        ),
    ] {
        let (fields, after) = changed("persona.ron", from, to);
        assert_eq!(fields, [field], "{from}");
        let text = after[field].as_str().unwrap();
        assert!(text.contains(part), "{text}\nlacks: {part}");
    }
}

#[test]
fn an_edit_of_a_sentence_that_always_holds_changes_its_entry() {
    let (fields, after) =
        changed("persona.ron", "The harbour never sleeps.", "The harbour sleeps.");
    assert_eq!(fields, ["character_book"]);
    let entries = &after["character_book"]["entries"];
    assert_eq!(entries[2]["content"], "The harbour sleeps.");
    assert_eq!(entries.as_array().unwrap().len(), 4);
}

#[test]
fn a_new_line_is_a_new_greeting_and_the_others_keep_their_words() {
    let (fields, after) = changed("lines.toml", "\"[neutral] Back again?\"", "\"[joy] Come in!\"");
    assert_eq!(fields, ["alternate_greetings"]);
    let before: Value = serde_json::from_slice(V2).unwrap();
    assert_eq!(after["first_mes"], before["data"]["first_mes"]);
    assert_eq!(after["alternate_greetings"], serde_json::json!(["Come in!", "..."]));
}

#[test]
fn an_edited_dialogue_is_written_anew_and_the_others_keep_their_words() {
    let (fields, after) = changed("dialogues.jsonl", "Good. Two bowls.", "Good. One bowl.");
    assert_eq!(fields, ["mes_example"]);
    let text = after["mes_example"].as_str().unwrap();
    assert!(text.contains("{{char}}: Oh no. First soup, then words."), "{text}");
    assert!(text.contains("{{char}}: Good. One bowl."), "{text}");
    assert!(text.contains("Nuri: I am always open when it is dark."), "{text}");
    assert!(text.contains("A block in which nobody speaks."), "{text}");
}

#[test]
fn edited_lore_is_an_edited_entry() {
    let (fields, after) = changed("lore.md", "behind the fish market", "behind the church");
    assert_eq!(fields, ["character_book"]);
    let entry = &after["character_book"]["entries"][0];
    assert!(entry["content"].as_str().unwrap().contains("behind the church"), "{entry}");
    assert_eq!((&entry["priority"], &entry["secondary_keys"][0]), (&10.into(), &"tide".into()));
    let (_, after) = changed("lore.md", "\"glowing well\"", "\"glowing well\", \"bright spring\"");
    let keys = serde_json::json!(["moonwell", "glowing well", "bright spring"]);
    assert_eq!(after["character_book"]["entries"][0]["keys"], keys);
}

#[test]
fn what_becomes_a_secret_leaves_the_card() {
    let card = card(V2);
    let (made, sheet, _) = imported(&card);
    let secret =
        |(name, text): (String, String)| (name, text.replacen("\"public\"", "\"friend\"", 1));
    let library = Library::from_files(made.files().into_iter().map(secret)).unwrap();
    let exported = Export { kept: Some(&card), ..Export::new(&sheet, &library) }.card();
    assert!(!exported.to_json().contains("moonwell"), "{}", exported.to_json());
    assert_eq!(exported.json()["data"]["character_book"]["entries"].as_array().unwrap().len(), 3);
    assert_eq!(exported.notes, ["1 facts that are not public were left out"]);
}

#[test]
fn where_a_file_is_gone_the_card_stays() {
    let card = card(V2);
    let (_, sheet, _) = imported(&card);
    let library = Library::default();
    let exported = Export { kept: Some(&card), ..Export::new(&sheet, &library) }.card();
    assert_eq!(*exported.json(), serde_json::from_slice::<Value>(V2).unwrap());
}

#[test]
fn another_language_than_that_of_the_card_says_nothing_of_it() {
    let card = card(V2);
    let (_, sheet, library) = imported(&card);
    let language = Some(Language::Korean);
    let exported = Export { kept: Some(&card), language, ..Export::new(&sheet, &library) }.card();
    assert_eq!(*exported.json(), serde_json::from_slice::<Value>(V2).unwrap());
}

#[test]
fn a_nickname_is_what_an_edit_of_the_name_changes_and_the_day_is_noted() {
    let card = card(V3);
    let (_, mut sheet, library) = imported(&card);
    sheet.name = "누리야".into();
    let export =
        Export { kept: Some(&card), now: Some(1_800_000_000), ..Export::new(&sheet, &library) };
    let data = export.card().json()["data"].clone();
    assert_eq!((&data["name"], &data["nickname"]), (&"한누리".into(), &"누리야".into()));
    assert_eq!(data["creation_date"], 1_700_000_000);
    assert_eq!(data["modification_date"], 1_800_000_000);
}

#[test]
fn a_character_of_ours_becomes_a_card_that_can_be_imported() {
    let read = |file: &str| {
        let path = format!("{}/{file}", env!("CARGO_MANIFEST_DIR"));
        (file.to_owned(), std::fs::read_to_string(path).unwrap())
    };
    let sheet = PersonaSheet::from_ron("jena", &read("personas/jena.persona.ron").1).unwrap();
    let files =
        ["personas/jena.lines.toml", "assets/lore/member-jena.md", "assets/lore/secrets.md"];
    let library = Library::from_files(files.map(read)).unwrap();
    for spec in [Spec::V2, Spec::V3] {
        let exported = Export { spec: Some(spec), ..Export::new(&sheet, &library) }.card();
        let card = Card::from_bytes("jena.json", exported.to_json().as_bytes()).unwrap();
        assert_eq!((card.spec(), card.data().name.as_str()), (spec, "Jena"));
        assert!(card.data().mes_example.contains("{{user}}: hey jena! what are you doing?"));
        assert!(!card.data().mes_example.contains("[joy]") && !card.data().first_mes.is_empty());
        let (_, again, _) = imported(&card);
        assert_eq!(
            (again.role, again.temperament),
            (sheet.role.clone(), sheet.temperament.clone())
        );
        let secret = library.lore.facts().find(|fact| fact.file.ends_with("secrets.md")).unwrap();
        assert!(!exported.to_json().contains(secret.text.values().next().unwrap()));
    }
}
