//! A written reply as it may be spoken to another fan.

use super::{Exemplar, Match, exemplar::untagged, particle};
use crate::mind::{
    retrieval::stems,
    text::{fold, is_hangul},
};

/// The key of the one fact that is only ever said as it is.
const NAME: &str = "fan_name";
/// A word that so many of a hundred messages have says nothing about a fan.
const COMMON: usize = 4;

/// The reply with what is known about this fan in place of what was known about another; nothing
/// if that is not known.
pub(super) fn for_fan(
    exemplar: &Exemplar,
    reply: &str,
    known: &dyn Fn(&str) -> Option<String>,
) -> Option<String> {
    let mut reply = reply.to_owned();
    for (key, theirs) in exemplar.fan_facts() {
        let ours = known(key).filter(|ours| is_plain(ours));
        if ours.as_ref().is_some_and(|ours| fold(ours) == fold(theirs)) {
            continue;
        }
        match ours {
            Some(ours) if find(&reply, theirs).is_some() => {
                reply = replaced(&reply, theirs, &ours)?;
            }
            // A reply may lean on a fact without naming it; only a name is always named.
            _ if key != NAME || names_part(&reply, theirs) => return None,
            _ => {}
        }
    }
    Some(reply)
}

/// Fit to stand inside a reply.
fn is_plain(value: &str) -> bool {
    !value.trim().is_empty() && !value.contains(['[', ']', '<', '>', '|', '\n'])
}

/// Where `value` stands in a reply as words of their own, in any case: from where to where.
fn find(reply: &str, value: &str) -> Option<(usize, usize)> {
    let wanted: Vec<char> = value.chars().flat_map(char::to_lowercase).collect();
    let starts = reply.char_indices().map(|(at, _)| at);
    let apart = |c: Option<char>| !c.is_some_and(|c| c.is_alphanumeric() && !is_hangul(c));
    starts.filter(|&at| apart(reply[..at].chars().next_back())).find_map(|at| {
        let mut left = wanted.iter();
        let mut end = at;
        for c in reply[at..].chars() {
            if left.len() == 0 || !c.to_lowercase().all(|lower| left.next() == Some(&lower)) {
                break;
            }
            end += c.len_utf8();
        }
        let whole = left.len() == 0 && end > at && fold(&reply[at..end]) == fold(value);
        (whole && apart(reply[end..].chars().next())).then_some((at, end))
    })
}

fn replaced(reply: &str, theirs: &str, ours: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = reply;
    while let Some((start, end)) = find(rest, theirs) {
        out.push_str(&rest[..start]);
        out.push_str(ours);
        let (particle, after) = particle::after(ours, &rest[end..])?;
        out.push_str(particle);
        rest = after;
    }
    out.push_str(rest);
    Some(out)
}

/// Whether a reply has a word of `value`.
fn names_part(reply: &str, value: &str) -> bool {
    let (said, reply) = (keys(&untagged(reply)), fold(reply));
    keys(value).iter().any(|key| said.contains(key)) || reply.contains(&fold(value))
}

/// Whether the reply takes up something that only the fan of the dialogue said.
pub(super) fn leans_on_its_fan(found: &Match<'_>) -> bool {
    let exemplar = found.exemplar;
    let theirs: Vec<String> =
        exemplar.turns[..=found.turn].iter().flat_map(|turn| keys(&turn.fan)).collect();
    let ours: Vec<String> = [found.text, found.previous].into_iter().flat_map(keys).collect();
    let only_theirs = |key: &String| {
        !ours.contains(key) && found.index.spread(key).1 * 100 <= COMMON * found.index.len() + 100
    };
    let here = keys(&found.exchange().fan);
    let numbers = here.iter().any(|key| is_number(key) && !ours.contains(key));
    let said = keys(&untagged(&found.exchange().idol));
    // A reply to signs alone may count them.
    let wordless = !found.exchange().fan.contains(char::is_alphanumeric);
    let signs = wordless && fold(found.text) != fold(&found.exchange().fan);
    signs || numbers || theirs.iter().filter(|key| only_theirs(key)).any(|key| said.contains(key))
}

fn is_number(key: &str) -> bool {
    key.contains(char::is_numeric)
}

/// The words that can name something: without endings; of Korean ones the first two syllables,
/// because the rest may be an ending.
fn keys(text: &str) -> Vec<String> {
    let long_enough = |stem: &String| is_number(stem) || stem.chars().count() >= 2;
    let cut = |stem: String| match stem.chars().next() {
        Some(first) if is_hangul(first) => stem.chars().take(2).collect(),
        _ => stem,
    };
    stems(text).into_iter().filter(long_enough).map(cut).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::mind::{
        Standing, Unlocked,
        exemplars::{Ask, Exchange, Exemplars},
    };

    fn exemplar(memory: &[(&str, &str)], fan: &str, idol: &str) -> Exemplar {
        let memory = memory.iter().map(|(key, value)| ((*key).into(), (*value).into()));
        Exemplar {
            id: "a".into(),
            member: "otto".parse().unwrap(),
            language: crate::persona::Language::English,
            topic: "a".into(),
            affinity: 10,
            told: Vec::new(),
            vary: Vec::new(),
            facts: Vec::new(),
            memory: memory.collect(),
            turns: vec![Exchange { fan: fan.into(), idol: idol.into() }],
        }
    }

    fn reply(exemplar: Exemplar, text: &str, name: Option<&str>) -> Option<String> {
        let (otto, unlocked) = (exemplar.member.clone(), Unlocked::new());
        let ask = Ask {
            standing: &Standing { member: &otto, affinity: 10.0, unlocked: &unlocked },
            language: exemplar.language,
            text,
            previous: None,
            may_tell: &|_| true,
        };
        let exemplars = Exemplars::new(vec![exemplar]);
        let found = exemplars.similar(&ask, 1);
        found.first()?.as_reply(&|key| name.filter(|_| key == NAME).map(str::to_owned))
    }

    #[test]
    fn the_name_of_another_fan_becomes_this_fans_or_nothing() {
        let mina = || exemplar(&[(NAME, "Mina")], "im back", "[joy] MINA! Mina's back, minaret.");
        assert_eq!(reply(mina(), "im back", None), None);
        assert_eq!(
            reply(mina(), "im back", Some("Jo")).as_deref(),
            Some("[joy] Jo! Jo's back, minaret.")
        );
        assert_eq!(reply(mina(), "im back", Some("[sad] <|x|>")), None);
        let korean = || exemplar(&[(NAME, "민아")], "나 왔어", "[joy] 민아야, 민아는 늦었어요.");
        assert_eq!(
            reply(korean(), "나 왔어", Some("지훈")).as_deref(),
            Some("[joy] 지훈아, 지훈은 늦었어요.")
        );
        assert_eq!(reply(korean(), "나 왔어", Some("Jo")), None);
        let short = exemplar(&[(NAME, "이")], "나 왔어", "[joy] 이라 좋아요.");
        assert_eq!(reply(short, "나 왔어", Some("강")).as_deref(), Some("[joy] 강이라 좋아요."));
        let unnamed = exemplar(&[(NAME, "Mina")], "im back", "[joy] You came.");
        assert_eq!(reply(unnamed, "im back", None).as_deref(), Some("[joy] You came."));
    }

    #[test]
    fn what_only_the_other_fan_is_or_said_is_not_told() {
        let nurse = exemplar(&[("fan_job", "nurse")], "im tired", "[sad] Another long night.");
        assert_eq!(reply(nurse, "im tired", None), None);
        let rafa = exemplar(&[], "hi im rafa", "[joy] Rafa! Hello.");
        assert_eq!(reply(rafa, "hi im jo", None), None);
        let days = exemplar(&[], "exam in 3 days", "[neutral] Three is enough.");
        assert_eq!(reply(days.clone(), "exam in 5 days", None), None);
        assert!(reply(days, "Exam in 3 days!!", None).is_some());
        let signs = exemplar(&[], "💀💀💀", "[playful] Three of them.");
        assert_eq!(reply(signs, "💀", None), None);
    }

    proptest! {
        #[test]
        fn a_replaced_name_is_gone(name in "[A-Z][a-z]{1,6}|[가-힣]{2,3}", text in ".{0,30}") {
            let written = format!("[joy] {text} Zyx, zyx! {text}");
            let told = reply(exemplar(&[(NAME, "Zyx")], "hi", &written), "hi", Some(&name));
            prop_assert!(told.is_none_or(|told| find(&told, "zyx").is_none()));
        }

        #[test]
        fn no_text_makes_it_panic(reply in ".{0,30}", value in ".{0,6}", ours in ".{0,6}") {
            find(&reply, &value);
            replaced(&reply, &value, &ours);
            names_part(&reply, &value);
        }
    }
}
