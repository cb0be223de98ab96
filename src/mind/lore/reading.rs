//! What a sentence says, as far as the guide knows its words.

use super::guide::{Ask, Sign};
use super::lexicon::{Found, Lexicon, Meaning};
use super::line::Line;
use crate::mind::text::is_hangul;
use crate::persona::PersonaId;

/// So many words may stand between an owner and what is owned.
const REACH: usize = 2;

/// A sentence may be a question without a verb up to this length.
const FRAGMENT: usize = 6;

/// Whose something is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Owner {
    Members(Vec<PersonaId>),
    /// The fan, or people of hers or his.
    Elsewhere,
}

/// A sentence that was read.
#[derive(Debug)]
pub(super) struct Reading<'a> {
    lexicon: &'a Lexicon,
    pub(super) line: Line,
    found: Vec<Found>,
    /// How much of a question it is.
    pub(super) ask: Ask,
    asked: PersonaId,
    /// Who was named last, before this sentence.
    before: Vec<PersonaId>,
}

impl<'a> Reading<'a> {
    pub(super) fn new(
        lexicon: &'a Lexicon,
        sentence: &str,
        asked: &PersonaId,
        before: &[PersonaId],
    ) -> Self {
        let line = lexicon.line(sentence);
        let found = lexicon.find(&line);
        let before = before.to_vec();
        let mut reading =
            Self { lexicon, line, found, ask: Ask::Any, asked: asked.clone(), before };
        reading.ask = reading.how_much_asked();
        reading
    }

    /// A sentence together with the one before it, which it leans on.
    pub(super) fn after(mut self, earlier: &Self) -> Self {
        let mut line = earlier.line.clone();
        let shift = line.units.len();
        let characters = line.chars.len();
        line.chars.extend(&self.line.chars);
        line.units.extend(self.line.units.iter().cloned().map(|mut unit| {
            unit.start += characters;
            unit
        }));
        let moved = self.found.iter().map(|found| Found {
            from: found.from + shift,
            to: found.to + shift,
            ..*found
        });
        let mut found = earlier.found.clone();
        let names_other = !self.named().is_empty();
        found.retain(|found| match self.lexicon.meaning(found.meaning) {
            Meaning::Member(_) => !names_other,
            Meaning::Value(..) => false,
            _ => true,
        });
        found.extend(moved);
        self.line = line;
        self.found = found;
        self.ask = self.ask.max(Ask::Loose);
        self
    }

    pub(super) fn has(&self, sign: Sign) -> bool {
        self.signs(sign).next().is_some()
    }

    fn signs(&self, sign: Sign) -> impl Iterator<Item = &Found> {
        let id = self.lexicon.id(&Meaning::Sign(sign));
        self.found.iter().filter(move |found| Some(found.meaning) == id)
    }

    /// Where a meaning is found first that belongs to none of the fan's people.
    pub(super) fn first(&self, meaning: usize) -> Option<&Found> {
        let mut here = self.found.iter().filter(|found| found.meaning == meaning);
        here.find(|found| !self.is_fans(found))
    }

    /// The values of a kind of claim that are said.
    pub(super) fn values(&self, kind: &str) -> Vec<&str> {
        let value = |found: &Found| match self.lexicon.meaning(found.meaning) {
            Meaning::Value(of, value) if of == kind => Some(value.as_str()),
            _ => None,
        };
        self.found.iter().filter_map(value).collect()
    }

    /// The characters that are named, in their order.
    pub(super) fn named(&self) -> Vec<PersonaId> {
        let mut named = Vec::new();
        for (_, member) in self.names() {
            if !named.contains(member) {
                named.push(member.clone());
            }
        }
        named
    }

    /// Whether somebody is named or spoken to.
    pub(super) fn names_somebody(&self) -> bool {
        self.names().next().is_some() || self.has(Sign::You) || self.has(Sign::Group)
    }

    /// Whether it is about anybody at all, or leans on what was said before.
    pub(super) fn is_about_somebody(&self) -> bool {
        let signs = [Sign::She, Sign::Fan, Sign::Mine, Sign::Others, Sign::That];
        self.names_somebody() || signs.into_iter().any(|sign| self.has(sign))
    }

    fn names(&self) -> impl Iterator<Item = (&Found, &PersonaId)> {
        self.found.iter().filter_map(|found| match self.lexicon.meaning(found.meaning) {
            Meaning::Member(member) => Some((found, member)),
            _ => None,
        })
    }

    /// Whether something belongs to the fan, or to people of hers or his: "my birthday", "my
    /// sister's birthday".
    fn is_fans(&self, found: &Found) -> bool {
        let owns = |owner: &Found| {
            let near = owner.to <= found.from && found.from - owner.to < REACH;
            let between = |other: &Found| other.from >= owner.to && other.to <= found.from;
            let nearer =
                self.names().any(|(name, _)| between(name)) || self.signs(Sign::You).any(between);
            near && !nearer
        };
        let possessive = |owner: &&Found| {
            let last = owner.to.checked_sub(1).and_then(|at| self.line.units.get(at));
            last.is_some_and(|unit| unit.possessive || unit.text.chars().any(is_hangul))
        };
        self.signs(Sign::Mine).any(owns) || self.signs(Sign::Others).filter(possessive).any(owns)
    }

    /// Whose the thing is that was found here.
    pub(super) fn owner(&self, found: &Found) -> Owner {
        if self.is_fans(found) {
            return Owner::Elsewhere;
        }
        let distance = |other: &Found| found.from.abs_diff(other.from);
        let others: Vec<_> = self.names().filter(|(_, name)| **name != self.asked).collect();
        let you = self.signs(Sign::You).map(distance).min();
        let other = others.iter().map(|(name, _)| distance(name)).min();
        match (other, you) {
            (Some(other), you) if you.is_none_or(|you| other <= you) => {
                let mut named: Vec<_> = others.into_iter().map(|(_, name)| name.clone()).collect();
                named.dedup();
                return Owner::Members(named);
            }
            (_, Some(_)) => return Owner::Members(vec![self.asked.clone()]),
            _ => {}
        }
        if self.names().next().is_some() {
            Owner::Members(vec![self.asked.clone()])
        } else if self.has(Sign::She) && !self.before.is_empty() {
            Owner::Members(self.before.clone())
        } else if self.has(Sign::Group) {
            Owner::Members(Vec::new())
        } else if self.has(Sign::Fan)
            || self.signs(Sign::Others).any(|other| other.to <= found.from)
        {
            Owner::Elsewhere
        } else {
            Owner::Members(vec![self.asked.clone()])
        }
    }

    fn how_much_asked(&self) -> Ask {
        let which: Vec<usize> = self.signs(Sign::Which).map(|found| found.from).collect();
        let fan = self.fan_from();
        let korean = |at: usize| self.line.units[at].text.chars().any(is_hangul);
        let anywhere = |at: usize| fan.is_none() && (korean(at) || !self.has(Sign::Others));
        let opens = |at: &usize| anywhere(*at) || self.opens_clause(*at, &|_| true);
        if self.has(Sign::Tell)
            || (self.line.marked && !which.is_empty())
            || which.iter().any(opens)
        {
            return Ask::Question;
        }
        let asks = self.line.marked || self.has(Sign::Tag) || self.begins() || self.ends();
        if which.is_empty() && asks {
            return Ask::YesNo;
        }
        let named_first = self.names().any(|(name, _)| fan.is_none_or(|fan| name.from < fan));
        let short = self.line.units.len() <= FRAGMENT
            && (fan.is_none() || named_first)
            && !self.has(Sign::Statement);
        if short { Ask::Loose } else { Ask::Any }
    }

    /// Whether it asks for what is so rather than for what she thinks of it: for more than yes or no,
    /// or for something about her and hers. A few words count if they are `all` that is said.
    pub(super) fn asks_what_is_so(&self, all: bool) -> bool {
        let which = || self.signs(Sign::Which).map(|found| found.from);
        let is_question = |at| self.line.marked || self.opens_clause(at, &|_| true);
        match self.ask {
            Ask::Question => self.has(Sign::Tell) || which().any(is_question),
            Ask::YesNo => self.names_somebody() || (all && self.line.marked && !self.begins()),
            Ask::Any | Ask::Loose | Ask::Open => false,
        }
    }

    fn fan_from(&self) -> Option<usize> {
        self.signs(Sign::Fan).chain(self.signs(Sign::Mine)).map(|found| found.from).min()
    }

    /// Whether a clause begins as questions do. After a name that is only so where she is spoken
    /// to: "Jena is loud" asks nothing.
    fn begins(&self) -> bool {
        self.signs(Sign::Begin).any(|found| {
            let to_you = self.signs(Sign::You).any(|you| you.from == found.to);
            self.opens_clause(found.from, &|at| to_you || !self.is_name(at))
        })
    }

    fn is_name(&self, at: usize) -> bool {
        self.names().any(|(name, _)| name.from <= at && at < name.to)
    }

    /// Whether a word is the first of a clause, but for words that may stand before a question.
    fn opens_clause(&self, at: usize, skipping: &dyn Fn(usize) -> bool) -> bool {
        let filler =
            |at: usize| self.signs(Sign::Filler).any(|found| found.from <= at && at < found.to);
        let skipped = |at: usize| skipping(at) && (filler(at) || self.is_name(at));
        self.line.clauses.iter().any(|start| *start <= at && (*start..at).all(skipped))
    }

    fn ends(&self) -> bool {
        self.fan_from().is_none() && self.has(Sign::End)
    }
}
