//! From a message to what the lore says to it.

use super::guide::{Ask, Sign};
use super::line::sentences;
use super::nearest::Label;
use super::reading::Reading;
use super::rules::Verdict;
use super::{Answer, Fact, Lore, Missing, Question};
use crate::mind::{Audience, Standing};
use crate::persona::PersonaId;

/// At most so many facts answer one question, but for one about all characters.
const MOST_FACTS: usize = 4;

/// More sentences of a message are not read.
const MOST_SENTENCES: usize = 24;

/// A sentence of so many words may lean on the one before it.
const LEANING: usize = 7;

/// How similar a known wording must be for its fact, and for anything else it was labelled with.
const SAME_FACT: f32 = 0.62;
const SAME_KIND: f32 = 0.72;

/// Fewer words are similar to too much.
const SHORTEST: usize = 3;

/// How sure a rule is.
const RULE: f32 = 0.95;

impl Lore {
    /// What the lore says to a question.
    #[must_use]
    pub fn look_up(&self, question: &Question<'_>) -> Answer<'_> {
        let mut best = Answer::NotAQuestionForLore;
        let before = question.previous.and_then(|previous| sentences(previous).last());
        let mut earlier = before.map(|before| self.read(before, question, &[]));
        let mut leans = self.earlier_answer(question);
        for sentence in sentences(question.text).take(MOST_SENTENCES) {
            let mut named = earlier.as_ref().map(Reading::named).unwrap_or_default();
            if named.is_empty() {
                named.extend(question.last_fact.and_then(|id| self.rules.member_of(id)).cloned());
            }
            let reading = self.read(sentence, question, &named);
            let mut answer = self.answer(sentence, &reading, question);
            if matches!(answer, Answer::NotAQuestionForLore | Answer::Unknown { .. }) {
                let alone = answer;
                answer = self.follow_up(sentence, &earlier, leans.as_ref(), question);
                if answer == Answer::NotAQuestionForLore {
                    answer = alone;
                }
            }
            earlier = Some(reading);
            leans = Some(answer.clone());
            best = stronger(best, answer);
        }
        best
    }

    fn read<'l>(
        &'l self,
        sentence: &str,
        question: &Question<'_>,
        before: &[PersonaId],
    ) -> Reading<'l> {
        Reading::new(&self.lexicon, sentence, question.standing.member, before)
    }

    /// Whether a message asks for something, whatever it is.
    #[must_use]
    pub fn is_question(&self, question: &Question<'_>) -> bool {
        self.readings(question).any(|reading| reading.ask.meets(Ask::Question))
    }

    /// Whether a message asks for what she thinks or would do, or for her company, rather than for
    /// what is so.
    #[must_use]
    pub fn is_invitation(&self, question: &Question<'_>) -> bool {
        let is_talk = |reading: &Reading<'_>| {
            self.rules.judge(reading, question.standing.member) == Some(Verdict::Chat)
        };
        self.readings(question).any(|reading| reading.has(Sign::Invite) || is_talk(&reading))
    }

    /// Whether a message asks for what is so: something that one knows or does not know.
    #[must_use]
    pub fn asks_what_is_so(&self, question: &Question<'_>) -> bool {
        let all = sentences(question.text).nth(1).is_none();
        self.readings(question).any(|reading| reading.asks_what_is_so(all))
    }

    /// The sentences of a message, each by itself.
    fn readings<'l>(&'l self, question: &Question<'l>) -> impl Iterator<Item = Reading<'l>> {
        let question = *question;
        sentences(question.text).take(MOST_SENTENCES).map(move |s| self.read(s, &question, &[]))
    }

    /// What the message before this one asked for.
    fn earlier_answer(&self, question: &Question<'_>) -> Option<Answer<'_>> {
        let text = question.previous?;
        Some(self.look_up(&Question { text, previous: None, last_fact: None, ..*question }))
    }

    /// The answer to a sentence that leans on nothing.
    fn answer(&self, sentence: &str, reading: &Reading<'_>, question: &Question<'_>) -> Answer<'_> {
        let standing = &question.standing;
        match self.rules.judge(reading, standing.member) {
            Some(verdict) => self.by_rule(verdict, reading, standing),
            None => self.by_similarity(sentence, reading, standing),
        }
    }

    fn by_rule(
        &self,
        verdict: Verdict,
        reading: &Reading<'_>,
        standing: &Standing<'_>,
    ) -> Answer<'_> {
        match verdict {
            Verdict::Chat => Answer::NotAQuestionForLore,
            Verdict::Unknown(kind) => Answer::Unknown { kind },
            Verdict::Secret => self.secret_of(standing),
            Verdict::Denied(id) => match self.get(&id) {
                Some(fact) if fact.may_be_told(standing) => Answer::FalsePremise { fact },
                Some(fact) => Answer::Withhold { fact, score: RULE },
                None => Answer::NotAQuestionForLore,
            },
            Verdict::Facts(ids) => {
                let facts: Vec<&Fact> = ids.iter().filter_map(|id| self.get(id)).collect();
                self.tell(facts, reading, standing)
            }
        }
    }

    /// Tells what may be told of these facts, and else holds back the first of them.
    fn tell<'l>(
        &'l self,
        facts: Vec<&'l Fact>,
        reading: &Reading<'_>,
        standing: &Standing<'_>,
    ) -> Answer<'l> {
        let Some(first) = facts.first().copied() else { return Answer::NotAQuestionForLore };
        let mut told: Vec<_> = facts.into_iter().filter(|f| f.may_be_told(standing)).collect();
        let Some(best) = told.first().copied() else {
            return Answer::Withhold { fact: first, score: RULE };
        };
        if self.premises.contradicted(best, reading, standing.member) {
            return Answer::FalsePremise { fact: best };
        }
        for id in self.rules.all_facts(reading, standing.member) {
            let further = self.get(&id).filter(|fact| fact.may_be_told(standing));
            told.extend(further.filter(|fact| !told.iter().any(|told| told.id == fact.id)));
        }
        told.truncate(MOST_FACTS);
        Answer::Tell { facts: told, score: RULE }
    }

    /// Whatever this character keeps secret, or anybody does.
    fn secret_of(&self, standing: &Standing<'_>) -> Answer<'_> {
        let locked = || {
            let secret = |fact: &&Fact| fact.audience == Audience::Secret;
            self.locked_for(standing).filter(secret)
        };
        let own = locked().filter(|fact| fact.known_by.contains(standing.member));
        let own = own.min_by_key(|fact| fact.known_by.len());
        own.or_else(|| locked().next())
            .map_or(Answer::NotAQuestionForLore, |fact| Answer::Withhold { fact, score: RULE })
    }

    fn by_similarity(
        &self,
        sentence: &str,
        reading: &Reading<'_>,
        standing: &Standing<'_>,
    ) -> Answer<'_> {
        let short = reading.line.units.len() < SHORTEST;
        if short || !reading.ask.meets(Ask::Question) || reading.has(Sign::Fan) {
            return Answer::NotAQuestionForLore;
        }
        let Some((label, score)) = self.nearest.label(sentence) else {
            return Answer::NotAQuestionForLore;
        };
        match label {
            Label::Fact(number) if score >= SAME_FACT => {
                let Some(fact) = self.facts.get(*number) else {
                    return Answer::NotAQuestionForLore;
                };
                match self.tell(vec![fact], reading, standing) {
                    Answer::Tell { facts, .. } => Answer::Tell { facts, score },
                    Answer::Withhold { fact, .. } => Answer::Withhold { fact, score },
                    other => other,
                }
            }
            Label::Unknown if score >= SAME_KIND => Answer::Unknown { kind: Missing::Member },
            Label::Secret if score >= SAME_KIND => self.secret_of(standing),
            _ => Answer::NotAQuestionForLore,
        }
    }

    /// The answer to a sentence that leans on what was said before it.
    fn follow_up(
        &self,
        sentence: &str,
        earlier: &Option<Reading<'_>>,
        leans: Option<&Answer<'_>>,
        question: &Question<'_>,
    ) -> Answer<'_> {
        let reading = self.read(sentence, question, &[]);
        let short = reading.line.units.len() <= LEANING;
        if let Some(Answer::Withhold { fact, score }) = leans
            && reading.has(Sign::Probe)
            && let Some(fact) = self.get(&fact.id)
        {
            return Answer::Withhold { fact, score: *score };
        }
        if let Some(fact) = question.last_fact.and_then(|id| self.get(id)).filter(|_| short) {
            let answer = self.after_fact(fact, &reading, question);
            if answer != Answer::NotAQuestionForLore {
                return answer;
            }
        }
        let asks = reading.ask >= Ask::Question && (short || reading.has(Sign::That));
        let matters = !matches!(leans, None | Some(Answer::NotAQuestionForLore));
        match earlier {
            Some(earlier) if matters && asks => {
                let both = reading.after(earlier);
                let verdict = self.rules.judge(&both, question.standing.member);
                verdict.map_or(Answer::NotAQuestionForLore, |verdict| {
                    self.by_rule(verdict, &both, &question.standing)
                })
            }
            _ => Answer::NotAQuestionForLore,
        }
    }

    /// "And Jena?", "why?", after a fact was told.
    fn after_fact(
        &self,
        fact: &Fact,
        reading: &Reading<'_>,
        question: &Question<'_>,
    ) -> Answer<'_> {
        let you = question.standing.member;
        if reading.has(Sign::Why) {
            let reason = self.reasons.get(&fact.id).and_then(|id| self.get(id));
            return match reason {
                Some(reason) => self.tell(vec![reason], reading, &question.standing),
                None => Answer::Unknown { kind: Missing::World },
            };
        }
        let meant = match reading.named().first() {
            Some(named) => named.clone(),
            None if reading.has(Sign::You) => you.clone(),
            None => return Answer::NotAQuestionForLore,
        };
        let swapped = self
            .rules
            .member_of(&fact.id)
            .and_then(|member| self.get(&fact.id.replacen(member.as_str(), meant.as_str(), 1)));
        match swapped {
            Some(fact) if reading.ask >= Ask::Loose => {
                self.tell(vec![fact], reading, &question.standing)
            }
            _ => Answer::NotAQuestionForLore,
        }
    }
}

/// The one of two answers that counts for the whole message.
fn stronger<'l>(first: Answer<'l>, second: Answer<'l>) -> Answer<'l> {
    let rank = |answer: &Answer<'_>| match answer {
        Answer::Withhold { .. } => 4,
        Answer::FalsePremise { .. } => 3,
        Answer::Tell { .. } => 2,
        Answer::Unknown { .. } => 1,
        Answer::NotAQuestionForLore => 0,
    };
    match (first, second) {
        (Answer::Tell { mut facts, score }, Answer::Tell { facts: more, score: other }) => {
            facts.extend(
                more.into_iter()
                    .filter(|fact| !facts.iter().any(|f| f.id == fact.id))
                    .collect::<Vec<_>>(),
            );
            facts.truncate(MOST_FACTS);
            Answer::Tell { facts, score: score.max(other) }
        }
        (first, second) if rank(&second) > rank(&first) => second,
        (first, _) => first,
    }
}
