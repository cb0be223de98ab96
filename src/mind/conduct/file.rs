//! What the conduct file says.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::ConductKind;
use crate::{
    mind::content::{ByLanguage, fault, read_toml},
    persona::{AssetFileError, PersonaId, Place},
};

/// Regular expressions, with the bytes of the file where they stand.
pub(super) type Patterns = ByLanguage<Vec<Spanned<String>>>;

/// The file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    version: u32,
    pub(super) shorthand: BTreeMap<String, String>,
    pub(super) spelling: Spellings,
    self_harm: Category,
    minors_safety: Category,
    sexual: Category,
    prompt_injection: Category,
    system_prompt_request: Category,
    personal_data: Category,
    medical_legal_financial: Category,
    harassment_of_others: Category,
    real_people: Category,
    romance_pressure: Category,
    harassment_of_idol: Category,
    claims_human: Category,
}

/// How words are spelled before they are compared.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Spellings {
    pub(super) words: BTreeMap<String, String>,
    pub(super) typos_of: Vec<String>,
}

/// A category.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Category {
    pub(super) priority: Spanned<u8>,
    #[expect(dead_code, reason = "tells the writer what belongs here")]
    description: ByLanguage<String>,
    pub(super) examples: ByLanguage<Vec<String>>,
    #[serde(default)]
    pub(super) mask: Patterns,
    pub(super) patterns: Patterns,
    pub(super) innocent: ByLanguage<Vec<String>>,
    #[serde(default)]
    pub(super) output_mask: Patterns,
    #[serde(default)]
    pub(super) output: Patterns,
    #[serde(default)]
    pub(super) cases: Vec<Case>,
    pub(super) replies: BTreeMap<PersonaId, ByLanguage<Vec<String>>>,
}

/// Which replies suit which messages of a category.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Case {
    pub(super) name: String,
    /// Numbers of replies, from 1.
    pub(super) replies: Spanned<Vec<usize>>,
    #[serde(default)]
    pub(super) patterns: Patterns,
}

impl File {
    pub(super) fn from_toml(file: &str, text: &str) -> Result<Self, AssetFileError> {
        let content: Self = read_toml(file, 1, text)?;
        if content.version != 1 {
            let problem = format!("version {} is not known: write `version = 1`", content.version);
            return Err(fault(file, Place { line: 1, column: 1 }, "version", problem));
        }
        Ok(content)
    }

    pub(super) fn into_categories(self) -> [(ConductKind, Category); 12] {
        use ConductKind as Kind;
        [
            (Kind::SelfHarm, self.self_harm),
            (Kind::MinorsSafety, self.minors_safety),
            (Kind::Sexual, self.sexual),
            (Kind::PromptInjection, self.prompt_injection),
            (Kind::SystemPromptRequest, self.system_prompt_request),
            (Kind::PersonalData, self.personal_data),
            (Kind::MedicalLegalFinancial, self.medical_legal_financial),
            (Kind::HarassmentOfOthers, self.harassment_of_others),
            (Kind::RealPeople, self.real_people),
            (Kind::RomancePressure, self.romance_pressure),
            (Kind::HarassmentOfIdol, self.harassment_of_idol),
            (Kind::ClaimsHuman, self.claims_human),
        ]
    }
}
