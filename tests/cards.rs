//! Character cards: what is read, what becomes of it, and that nothing is lost on the way back.

#[path = "cards/edits.rs"]
mod edits;
#[path = "cards/malformed.rs"]
mod malformed;
#[path = "cards/round_trip.rs"]
mod round_trip;
#[path = "cards/talked_with.rs"]
mod talked_with;

use bevy_persona::{
    card::{Card, Imported, import},
    mind::Library,
    persona::PersonaSheet,
};

const V1: &[u8] = include_bytes!("cards/v1.json");
const V2: &[u8] = include_bytes!("cards/v2.json");
const V3: &[u8] = include_bytes!("cards/v3.json");
/// A picture without a card.
const PLAIN: &[u8] = include_bytes!("cards/plain.png");
/// A picture with the V2 card under `Chara` and the V3 card under `ccv3`.
const BOTH: &[u8] = include_bytes!("cards/both.png");

fn card(bytes: &[u8]) -> Card {
    Card::from_bytes("a card", bytes).expect("a good card")
}

/// The character of a card, as our own parsers read it from its files.
fn imported(card: &Card) -> (Imported, PersonaSheet, Library) {
    let imported = import(card, &"nuri".parse().expect("an id"));
    let files = imported.files();
    let (name, text) = &files[0];
    let sheet = PersonaSheet::from_ron(name, text).expect("a good persona");
    let library = Library::from_files(files).expect("good files");
    (imported, sheet, library)
}
