//! Whether replies are as a case wants them.

use bevy_persona::mind::{Emotion, text::fold};

use super::case::Case;

/// A reply, as a case looks at it.
#[derive(Debug, Clone)]
pub struct Said {
    /// All words, without tags.
    pub text: String,
    /// The feeling it begins with.
    pub feeling: Option<Emotion>,
}

/// Why a case fails; nothing, if it passes.
pub fn fault(case: &Case, replies: &[Said]) -> Option<String> {
    let empty = replies.iter().position(|reply| reply.text.trim().is_empty());
    if let Some(turn) = empty {
        return Some(format!("reply {turn} is empty"));
    }
    let last = replies.last()?;
    let forbidden = replies.iter().find_map(|reply| says_one(&reply.text, &case.must_not));
    let checks = case.checks.iter().find_map(|check| {
        let Some(reply) = replies.get(check.turn) else {
            return Some(format!("there is no reply {}", check.turn));
        };
        let fault = says_one(&reply.text, &check.must_not)
            .or_else(|| lacks_one(&reply.text, &check.must_any));
        fault.map(|fault| format!("reply {}: {fault}", check.turn))
    });
    forbidden
        .or_else(|| lacks_one(&last.text, &case.must_any))
        .or(checks)
        .or_else(|| feels_wrong(case, last.feeling.as_ref()))
}

/// Why a reply of another member fails.
pub fn fault_of_other(case: &Case, replies: &[Said]) -> Option<String> {
    let told = replies.iter().find_map(|r| says_one(&r.text, &case.other_member_must_not));
    told.map(|fault| format!("the other member: {fault}"))
}

/// Why a feeling does not fit.
pub fn feels_wrong(case: &Case, feeling: Option<&Emotion>) -> Option<String> {
    let name = feeling.map_or("nothing", Emotion::as_str);
    if feeling.is_some_and(|feeling| case.reject.contains(feeling)) {
        return Some(format!("it begins with {name}, which is inappropriate"));
    }
    let fits = |feeling: &Emotion| case.accept.is_empty() || case.accept.contains(feeling);
    (!feeling.map_or(case.accept.is_empty(), fits)).then(|| format!("it begins with {name}"))
}

fn says_one(reply: &str, forbidden: &[String]) -> Option<String> {
    let reply = framed(reply);
    let found = forbidden.iter().find(|text| reply.contains(&plain(text)));
    found.map(|text| format!("it says `{text}`"))
}

fn lacks_one(reply: &str, groups: &[Vec<String>]) -> Option<String> {
    let reply = framed(reply);
    let has = |group: &[String]| group.iter().any(|text| reply.contains(&plain(text)));
    let missing = groups.iter().find(|group| !has(group));
    missing.map(|group| format!("it says none of {}", group.join(" | ")))
}

/// A reply made comparable, with a space at both ends.
fn framed(reply: &str) -> String {
    format!(" {} ", fold(reply))
}

/// A text made comparable; spaces at its ends count.
fn plain(text: &str) -> String {
    let kept = fold(&format!("|{text}|"));
    kept[1..kept.len() - 1].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Said {
        Said { text: text.into(), feeling: Some(Emotion::Joy) }
    }

    fn case(json: &str) -> Case {
        serde_json::from_str(&format!("{{\"member\":\"siwoo\",\"fan\":\"hi\",{json}}}")).unwrap()
    }

    #[test]
    fn words_are_compared_without_case_and_quotes() {
        let case = case(r#""must_any":[["don’t know"],[" tea "]],"must_not":[" hot"]"#);
        assert_eq!(fault(&case, &[said("I DON'T  know. Some\ntea ?")]), None);
        let fault_of = |text| fault(&case, &[said(text)]).unwrap_or_default();
        assert_eq!(fault_of("I don't know steam"), "it says none of  tea ");
        assert_eq!(fault_of("Hot tea . I don't know"), "it says ` hot`");
        assert_eq!(fault_of(" "), "reply 0 is empty");
    }

    #[test]
    fn every_reply_is_looked_at_for_what_must_not_be_said() {
        let case = case(r#""must_not":["ria"],"checks":[{"turn":0,"must_any":["yes"]}]"#);
        assert_eq!(fault(&case, &[said("Ria!"), said("no")]).unwrap(), "it says `ria`");
        let missing = "reply 0: it says none of yes";
        assert_eq!(fault(&case, &[said("no"), said("yes")]).unwrap(), missing);
        assert_eq!(fault(&case, &[said("yes"), said("no")]), None);
    }

    #[test]
    fn the_first_feeling_must_fit() {
        let case = case(r#""accept":["sad"],"reject":["joy"]"#);
        assert!(fault(&case, &[said("hi")]).unwrap().contains("inappropriate"));
        let sad = Said { feeling: Some(Emotion::Sad), ..said("hi") };
        assert_eq!(fault(&case, &[sad]), None);
    }
}
