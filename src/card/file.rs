//! Reads cards from the bytes of a file.

use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use serde::Deserialize;
use serde_json::Value;

use super::{CardData, CardError, png};
use crate::persona::Place;

/// The largest file that is read, in bytes.
pub const MAX_FILE: u64 = 32 * 1024 * 1024;
/// The longest name, in characters.
const MAX_NAME: usize = 200;
/// Where a card stands in a picture, the better place first.
pub(super) const KEYWORDS: [&str; 2] = ["ccv3", "chara"];

/// Which form a card has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Spec {
    /// Six texts and nothing around them.
    V1,
    /// `chara_card_v2`.
    V2,
    /// `chara_card_v3`.
    V3,
}

impl Spec {
    /// What `spec` and `spec_version` say.
    pub(super) const fn says(self) -> (&'static str, &'static str) {
        match self {
            Self::V1 | Self::V2 => ("chara_card_v2", "2.0"),
            Self::V3 => ("chara_card_v3", "3.0"),
        }
    }
}

/// A character card as it was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    spec: Spec,
    text: String,
    root: Value,
    data: CardData,
}

/// A card of V2 or V3.
#[derive(Deserialize)]
struct Root {
    data: CardData,
}

impl Card {
    /// Reads a card from a PNG picture or from JSON; `file` is its name in errors.
    ///
    /// # Errors
    /// If it holds no card, or one that does not say what it should. The error names the file, the
    /// place in it and the field.
    ///
    /// # Example
    /// ```
    /// use bevy_persona::card::{Card, Spec};
    ///
    /// let card = Card::from_bytes("nuri.json", br#"{"name": "Nuri", "personality": "sleepy"}"#)?;
    /// assert_eq!((card.spec(), card.data().personality.as_str()), (Spec::V1, "sleepy"));
    /// # Ok::<(), bevy_persona::card::CardError>(())
    /// ```
    pub fn from_bytes(file: &str, bytes: &[u8]) -> Result<Self, CardError> {
        if bytes.len() as u64 > MAX_FILE {
            return Err(CardError::TooLarge { file: file.into(), size: bytes.len() as u64 });
        }
        if bytes.starts_with(&png::SIGNATURE) {
            let (word, packed) = packed_card(file, bytes)?;
            let text = unpacked(file, &word, packed)?;
            return Self::from_json(&format!("{file} (chunk `{word}`)"), &text);
        }
        let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
        match bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
            Some(b'{') => Self::from_json(file, bytes),
            _ => Err(CardError::NotACard { file: file.into(), what: instead(bytes) }),
        }
    }

    /// The form it had.
    #[must_use]
    pub const fn spec(&self) -> Spec {
        self.spec
    }

    /// What it says.
    #[must_use]
    pub const fn data(&self) -> &CardData {
        &self.data
    }

    /// Its JSON as it was written, to the letter.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    pub(super) const fn root(&self) -> &Value {
        &self.root
    }

    fn from_json(file: &str, bytes: &[u8]) -> Result<Self, CardError> {
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let valid = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
            CardError::NotText { file: file.into(), place: Place::of_byte(&valid, valid.len()) }
        })?;
        let at = |error: &serde_json::Error| Place { line: error.line(), column: error.column() };
        let root: Value = serde_json::from_str(text).map_err(|error| {
            fault(file, at(&error), "", format!("not JSON: {}", without_place(&error)))
        })?;
        let spec = spec_of(&root)
            .map_err(|(field, problem)| fault(file, place_of(text, field), field, problem))?;
        let mut json = serde_json::Deserializer::from_str(text);
        let data = match spec {
            Spec::V1 => serde_path_to_error::deserialize(&mut json),
            _ => serde_path_to_error::deserialize(&mut json).map(|root: Root| root.data),
        };
        let data: CardData = data.map_err(|error| {
            let field = error.path().to_string();
            let problem = format!("{}; see docs/writing/cards.md", without_place(error.inner()));
            fault(file, at(error.inner()), if field == "." { "" } else { &field }, problem)
        })?;
        check(&data).map_err(|(field, problem)| {
            let last = field.rsplit('.').next().unwrap_or(&field);
            let place = place_of(text, last.split('[').next().unwrap_or(last));
            let inside = if spec == Spec::V1 { "" } else { "data." };
            fault(file, place, &format!("{inside}{field}"), problem)
        })?;
        Ok(Self { spec, text: text.into(), root, data })
    }
}

/// The card in a picture: under which keyword, and as it is packed.
fn packed_card<'a>(file: &str, picture: &'a [u8]) -> Result<(String, &'a [u8]), CardError> {
    let mut texts = png::texts(file, picture)?;
    let best = KEYWORDS
        .iter()
        .find_map(|known| texts.iter().position(|(word, _)| png::is_same(known, word)));
    match best {
        Some(best) => Ok(texts.swap_remove(best)),
        None => Err(CardError::NoCard { file: file.into() }),
    }
}

fn unpacked(file: &str, word: &str, packed: &[u8]) -> Result<Vec<u8>, CardError> {
    let lenient =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let packed: Vec<u8> =
        packed.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    GeneralPurpose::new(&STANDARD, lenient).decode(packed).map_err(|error| CardError::Base64 {
        file: file.into(),
        chunk: word.into(),
        problem: error.to_string(),
    })
}

/// What a file is that is no card.
fn instead(bytes: &[u8]) -> &'static str {
    match bytes {
        [] => "it is empty",
        [b'P', b'K', 3, 4, ..] => {
            "it is an archive (CHARX is one; its `card.json` can be imported)"
        }
        [0xff, 0xd8, ..] | [b'R', b'I', b'F', b'F', ..] => "it is a picture, but not a PNG picture",
        _ => "it is neither a PNG picture nor a JSON object",
    }
}

/// The form of a card; or the field that makes it none, and why.
fn spec_of(root: &Value) -> Result<Spec, (&'static str, String)> {
    let says =
        |word: &str| format!("`{word}` is no character card: write `chara_card_v2` or `_v3`");
    match root.get("spec") {
        Some(Value::String(spec)) => match spec.as_str() {
            "chara_card_v2" => Ok(Spec::V2),
            "chara_card_v3" => Ok(Spec::V3),
            other => Err(("spec", says(&other.chars().take(40).collect::<String>()))),
        },
        Some(other) => Err(("spec", says(&other.to_string().chars().take(40).collect::<String>()))),
        None if root.get("data").is_some() => {
            Err(("spec", "is missing: write `\"spec\": \"chara_card_v2\"`".into()))
        }
        None => Ok(Spec::V1),
    }
}

/// Finds what is of the right type and still cannot be meant.
fn check(data: &CardData) -> Result<(), (String, String)> {
    if !data.called().contains(char::is_alphanumeric) {
        return Err(("name".into(), "it is empty: give the character a name".into()));
    }
    if data.name.chars().count() > MAX_NAME {
        return Err((
            "name".into(),
            format!("it is longer than {MAX_NAME} characters: shorten it"),
        ));
    }
    let steers = |c: &char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    for (field, text) in data.texts() {
        if let Some(c) = text.chars().find(|c| steers(c)) {
            let problem = format!("it holds the control character U+{:04X}: remove it", c as u32);
            return Err((field, problem));
        }
    }
    Ok(())
}

fn place_of(text: &str, field: &str) -> Place {
    Place::of_byte(text, text.find(&format!("\"{field}\"")).unwrap_or_default())
}

/// What is wrong, without the place, which stands before it.
fn without_place(error: &serde_json::Error) -> String {
    let said = error.to_string();
    said.rsplit_once(" at line").map_or(said.clone(), |(said, _)| said.into())
}

fn fault(file: &str, place: Place, field: &str, problem: impl Into<String>) -> CardError {
    CardError::Content { file: file.into(), place, field: field.into(), problem: problem.into() }
}
