//! The kinds of messages that need care.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a fan may write that is not answered like small talk.
///
/// # Example
/// ```
/// use bevy_persona::mind::conduct::ConductKind;
///
/// assert_eq!(ConductKind::SelfHarm.as_str(), "self_harm");
/// assert!(ConductKind::SelfHarm.is_crisis() && !ConductKind::ClaimsHuman.is_crisis());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConductKind {
    /// Dying, self-injury, an overdose, starving: the fan's own, or somebody's near to the fan.
    SelfHarm,
    /// A child in danger: abuse, grooming, strangers; romance with a fan who is under age.
    MinorsSafety,
    /// Sexual talk.
    Sexual,
    /// Attempts to change who she is or what she may say.
    PromptInjection,
    /// Questions for her instructions, rules or model.
    SystemPromptRequest,
    /// Addresses, numbers and passwords, given or asked for; what other fans said.
    PersonalData,
    /// Questions for medical, legal or financial advice.
    MedicalLegalFinancial,
    /// Insults, threats and bullying, of others or of the fan by others.
    HarassmentOfOthers,
    /// Judgement or gossip about real people, or speaking as one of them.
    RealPeople,
    /// Wanting her as a partner.
    RomancePressure,
    /// Insults at her.
    HarassmentOfIdol,
    /// Whether she is human or real.
    ClaimsHuman,
}

impl ConductKind {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::SelfHarm,
        Self::MinorsSafety,
        Self::Sexual,
        Self::PromptInjection,
        Self::SystemPromptRequest,
        Self::PersonalData,
        Self::MedicalLegalFinancial,
        Self::HarassmentOfOthers,
        Self::RealPeople,
        Self::RomancePressure,
        Self::HarassmentOfIdol,
        Self::ClaimsHuman,
    ];

    /// The name, as content files write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SelfHarm => "self_harm",
            Self::MinorsSafety => "minors_safety",
            Self::Sexual => "sexual",
            Self::PromptInjection => "prompt_injection",
            Self::SystemPromptRequest => "system_prompt_request",
            Self::PersonalData => "personal_data",
            Self::MedicalLegalFinancial => "medical_legal_financial",
            Self::HarassmentOfOthers => "harassment_of_others",
            Self::RealPeople => "real_people",
            Self::RomancePressure => "romance_pressure",
            Self::HarassmentOfIdol => "harassment_of_idol",
            Self::ClaimsHuman => "claims_human",
        }
    }

    /// Whether somebody may be in danger: the turns that follow stay careful.
    #[must_use]
    pub const fn is_crisis(self) -> bool {
        matches!(self, Self::SelfHarm | Self::MinorsSafety)
    }
}

impl fmt::Display for ConductKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_content_files() {
        for kind in ConductKind::ALL {
            let json = serde_json::to_string(&kind).unwrap();
            assert_eq!(json, format!("\"{kind}\""));
            assert_eq!(serde_json::from_str::<ConductKind>(&json).unwrap(), kind);
        }
    }
}
