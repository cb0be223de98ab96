//! Which rule of the guide a sentence falls under.

use super::guide::{Ask, Guide, Of, OfWord, RuleText, meant};
use super::lexicon::{Lexicon, Meaning};
use super::reading::{Owner, Reading};
use super::{Fact, Missing};
use crate::persona::{AssetFileError, PersonaId};

/// Stands for the character in the ids of a rule.
const MEMBER: &str = "{member}";

/// What a sentence is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Facts, best first.
    Facts(Vec<String>),
    Denied(String),
    Unknown(Missing),
    Secret,
    Chat,
}

#[derive(Debug)]
enum Condition {
    /// One of these is there.
    Any(Vec<usize>),
    Not(usize),
}

#[derive(Debug)]
struct Rule {
    when: Vec<Condition>,
    of: Option<Of>,
    ask: Ask,
    verdict: Verdict,
}

/// The rules in their order: the first that fits decides.
#[derive(Debug, Default)]
pub(super) struct Rules {
    rules: Vec<Rule>,
    members: Vec<PersonaId>,
}

impl Rules {
    pub(super) fn new(
        guide: &Guide,
        lexicon: &Lexicon,
        facts: &[Fact],
    ) -> Result<Self, AssetFileError> {
        let members: Vec<PersonaId> = guide.members.keys().cloned().collect();
        let rules = guide
            .rule
            .iter()
            .enumerate()
            .map(|(number, rule)| compile(guide, lexicon, number, rule))
            .collect::<Result<Vec<_>, _>>()?;
        let all = Self { rules, members };
        all.check(guide, facts)?;
        Ok(all)
    }

    /// Every fact that a rule names must exist.
    fn check(&self, guide: &Guide, facts: &[Fact]) -> Result<(), AssetFileError> {
        let known = |id: &str| facts.iter().any(|fact| fact.id == id);
        for (number, rule) in self.rules.iter().enumerate() {
            let ids: &[String] = match &rule.verdict {
                Verdict::Facts(ids) => ids,
                Verdict::Denied(id) => std::slice::from_ref(id),
                _ => continue,
            };
            for id in ids {
                let members = if id.contains(MEMBER) { self.possible(rule) } else { vec![None] };
                for member in members {
                    let full = filled(id, member);
                    if !known(&full) {
                        let advice = meant(&full, facts.iter().map(|fact| fact.id.as_str()));
                        let problem = format!("there is no fact `{full}`: {advice}");
                        return Err(guide.fault(id, &format!("rule[{number}]"), problem));
                    }
                }
            }
        }
        Ok(())
    }

    fn possible<'a>(&'a self, rule: &'a Rule) -> Vec<Option<&'a PersonaId>> {
        match &rule.of {
            Some(Of::Members(members)) => members.iter().map(Some).collect(),
            _ => self.members.iter().map(Some).collect(),
        }
    }

    /// The character whose fact this is, by its id: `m-siwoo-birthday`.
    pub(super) fn member_of(&self, id: &str) -> Option<&PersonaId> {
        self.members.iter().find(|member| id.split('-').any(|part| part == member.as_str()))
    }

    /// The verdict on a sentence, if a rule fits.
    pub(super) fn judge(&self, reading: &Reading<'_>, asked: &PersonaId) -> Option<Verdict> {
        self.rules.iter().find_map(|rule| self.apply(rule, reading, asked))
    }

    /// All facts that the rules for a few words find in the same sentence.
    pub(super) fn all_facts(&self, reading: &Reading<'_>, asked: &PersonaId) -> Vec<String> {
        let mut ids = Vec::new();
        for rule in self.rules.iter().filter(|rule| rule.ask == Ask::Loose) {
            if let Some(Verdict::Facts(found)) = self.apply(rule, reading, asked) {
                for id in found {
                    if !ids.contains(&id) {
                        ids.push(id);
                    }
                }
            }
        }
        ids
    }

    fn apply(&self, rule: &Rule, reading: &Reading<'_>, asked: &PersonaId) -> Option<Verdict> {
        if !reading.ask.meets(rule.ask) {
            return None;
        }
        let mut first = None;
        for condition in &rule.when {
            match condition {
                Condition::Not(id) => {
                    if reading.first(*id).is_some() {
                        return None;
                    }
                }
                Condition::Any(ids) => {
                    let found = ids.iter().find_map(|id| reading.first(*id))?;
                    first = first.or(Some(*found));
                }
            }
        }
        let Some(of) = &rule.of else { return Some(rule.verdict.clone()) };
        if *of == Of::Word(OfWord::Named) && !reading.names_somebody() {
            return None;
        }
        if *of == Of::Word(OfWord::Nobody) {
            return (!reading.is_about_somebody()).then(|| rule.verdict.clone());
        }
        let Owner::Members(owners) = reading.owner(&first?) else { return None };
        let owners = self.owners(of, owners, asked)?;
        Some(match &rule.verdict {
            Verdict::Facts(ids) => {
                let facts =
                    owners.iter().flat_map(|owner| ids.iter().map(|id| filled(id, Some(owner))));
                Verdict::Facts(facts.collect())
            }
            Verdict::Denied(id) => Verdict::Denied(filled(id, owners.first())),
            other => other.clone(),
        })
    }

    /// The owners that a rule is for; nothing if it is not for them. No owner means all.
    fn owners(
        &self,
        of: &Of,
        mut owners: Vec<PersonaId>,
        asked: &PersonaId,
    ) -> Option<Vec<PersonaId>> {
        let fits = |owner: &PersonaId| match of {
            Of::Word(OfWord::Member | OfWord::Named) => true,
            Of::Word(OfWord::Other) => owner != asked,
            Of::Word(OfWord::Asked) => owner == asked,
            Of::Word(OfWord::Nobody) => false,
            Of::Members(members) => members.contains(owner),
        };
        if owners.is_empty() {
            owners.push(asked.clone());
            owners.extend(self.members.iter().filter(|member| *member != asked).cloned());
            if *of == Of::Word(OfWord::Other) {
                return None;
            }
        }
        owners.retain(fits);
        (!owners.is_empty()).then_some(owners)
    }
}

fn filled(id: &str, member: Option<&PersonaId>) -> String {
    member.map_or_else(|| id.into(), |member| id.replace(MEMBER, member.as_str()))
}

fn compile(
    guide: &Guide,
    lexicon: &Lexicon,
    number: usize,
    rule: &RuleText,
) -> Result<Rule, AssetFileError> {
    let field = format!("rule[{number}]");
    let concept = |name: &str| {
        lexicon.id(&Meaning::Concept(name.into())).ok_or_else(|| {
            let advice = meant(name, lexicon.concepts());
            guide.fault(name, &field, format!("there is no concept `{name}`: {advice}"))
        })
    };
    let mut when = Vec::new();
    for condition in &rule.when {
        when.push(match condition.strip_prefix('!') {
            Some(name) => Condition::Not(concept(name)?),
            None => Condition::Any(condition.split('|').map(concept).collect::<Result<_, _>>()?),
        });
    }
    if !when.iter().any(|condition| matches!(condition, Condition::Any(_))) {
        let problem = "`when` names no concept that must be there: name one".into();
        return Err(guide.fault("[[rule]]", &field, problem));
    }
    let verdict = verdict(rule).ok_or_else(|| {
        let problem = "give exactly one of `tell`, `denies`, `unknown`, `secret`, `chat`".into();
        guide.fault(rule.when.first().map_or("", String::as_str), &field, problem)
    })?;
    Ok(Rule { when, of: rule.of.clone(), ask: rule.ask, verdict })
}

/// What the rule says, if it says exactly one thing.
fn verdict(rule: &RuleText) -> Option<Verdict> {
    let said = [
        (!rule.tell.is_empty()).then(|| Verdict::Facts(rule.tell.clone())),
        rule.denies.clone().map(Verdict::Denied),
        rule.unknown.map(Verdict::Unknown),
        rule.secret.then_some(Verdict::Secret),
        rule.chat.then_some(Verdict::Chat),
    ];
    let mut said = said.into_iter().flatten();
    said.next().filter(|_| said.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(rule: &str) -> String {
        let text = format!("[concepts]\nday = [\"birthday\"]\n[[rule]]\n{rule}");
        let guide = Guide::read("q.toml", &text).unwrap();
        let lexicon = Lexicon::new(&guide).unwrap();
        Rules::new(&guide, &lexicon, &[]).unwrap_err().to_string()
    }

    #[test]
    fn a_rule_that_makes_no_sense_is_named() {
        for (rule, part) in [
            (
                "when = [\"days\"]\nchat = true",
                "q.toml:4:9: in `rule[0]`: there is no concept `days`: did you mean `day`?",
            ),
            ("when = [\"day\"]", "exactly one"),
            ("when = [\"!day\"]\nchat = true", "names no concept"),
            ("when = [\"day\"]\ntell = [\"g1\"]", "there is no fact `g1`"),
        ] {
            assert!(fault(rule).contains(part), "{}", fault(rule));
        }
    }
}
