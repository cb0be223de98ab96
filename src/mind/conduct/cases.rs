//! The authored replies of a category, and which of them suit a message.

use std::collections::BTreeMap;

use super::{
    file::{Case, Patterns},
    rules::{Rules, Source},
};
use crate::{
    mind::content::{ByLanguage, fault},
    persona::{AssetFileError, Language, PersonaId, Place},
};

/// Replies by member and language.
type ByMember = BTreeMap<PersonaId, ByLanguage<Vec<String>>>;

/// The replies of a category.
#[derive(Debug)]
pub(super) struct Replies {
    cases: Vec<(Option<Rules>, Vec<usize>)>,
    by_member: ByMember,
}

impl Replies {
    pub(super) fn new(
        source: &Source<'_>,
        category: &str,
        cases: &[Case],
        by_member: ByMember,
    ) -> Result<Self, AssetFileError> {
        let read = |case| read_case(source, category, case, &by_member);
        Ok(Self { cases: cases.iter().map(read).collect::<Result<_, _>>()?, by_member })
    }

    /// The first case that a message belongs to.
    pub(super) fn case(&self, plain: &str) -> Option<usize> {
        let fits = |rules: &Option<Rules>| rules.as_ref().is_none_or(|rules| rules.find(plain));
        self.cases.iter().position(|(rules, _)| fits(rules))
    }

    /// A reply to a message of a case; the `nth` one, in turn.
    pub(super) fn get(
        &self,
        case: Option<usize>,
        member: &PersonaId,
        language: Language,
        nth: usize,
    ) -> Option<&str> {
        let replies = self.by_member.get(member)?;
        let replies = replies.get(&language).or_else(|| replies.get(&Language::English))?;
        let suited = case.and_then(|case| self.cases.get(case)).map_or(&[][..], |(_, these)| these);
        let at = match suited.len() {
            0 => nth.checked_rem(replies.len())?,
            suitable => suited[nth % suitable],
        };
        replies.get(at).map(String::as_str)
    }
}

/// The rules of a case, if it has any, and the places of its replies.
fn read_case(
    source: &Source<'_>,
    category: &str,
    case: &Case,
    by_member: &ByMember,
) -> Result<(Option<Rules>, Vec<usize>), AssetFileError> {
    let field = format!("{category}.cases.{}.", case.name);
    let lists = by_member.values().flat_map(ByLanguage::values);
    let fewest = lists.map(Vec::len).min().unwrap_or(0);
    if let Some(wrong) = case.replies.as_ref().iter().find(|&&reply| reply == 0 || reply > fewest) {
        let place = Place::of_byte(source.text, case.replies.span().start);
        let problem = format!("there is no reply {wrong}: some member has only {fewest}; write it");
        return Err(fault(source.file, place, field + "replies", problem));
    }
    let is_open = case.patterns.is_empty();
    let rules = Rules::new(source, &field, &Patterns::new(), &case.patterns)?;
    let places = case.replies.as_ref().iter().map(|reply| reply - 1).collect();
    Ok(((!is_open).then_some(rules), places))
}
