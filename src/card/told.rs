//! What our sheet says of a character and a card has no field for, in plain sentences.

use crate::{
    mind::{Palette, Segment, TagParser},
    persona::PersonaSheet,
};

/// The sentences, for the description.
pub(super) fn told(sheet: &PersonaSheet) -> Vec<String> {
    let mut told = Vec::new();
    for (language, name) in &sheet.names {
        told.push(format!("In {} {{{{char}}}} is called {name}.", language.name()));
    }
    told.extend(sheet.group.iter().cloned());
    if let Some(birthday) = sheet.birthday {
        told.push(format!("{{{{char}}}}'s birthday is {birthday}."));
    }
    if let Some(mbti) = sheet.mbti {
        told.push(format!("{{{{char}}}} is an {mbti}: {}.", mbti.hint()));
    }
    for (language, style) in &sheet.speech {
        let (language, manner) = (language.name(), style.manner.trim().trim_end_matches('.'));
        told.push(format!("In {language} {{{{char}}}} speaks like this: {manner}."));
        told.extend(list(
            &format!("In {language} {{{{char}}}} often says: "),
            &style.phrases,
            " / ",
        ));
    }
    told.extend(list("{{char}} likes ", &sheet.likes, ", "));
    told.extend(list("{{char}} dislikes ", &sheet.dislikes, ", "));
    told.extend(list("What {{char}} does without thinking: ", &sheet.habits, ", "));
    told.extend(list("{{char}} often says: ", &sheet.phrases, " / "));
    told.extend(sheet.relations.values().cloned());
    told.extend(list("Rules that {{char}} keeps: ", &sheet.conduct, " "));
    told
}

fn list(lead: &str, parts: &[String], between: &str) -> Option<String> {
    let joined = parts.join(between);
    let end = if joined.ends_with(['.', '!', '?']) { "" } else { "." };
    (!parts.is_empty()).then(|| format!("{lead}{joined}{end}"))
}

/// A reply of ours without its tags.
pub(super) fn untagged(reply: &str) -> String {
    let (segments, _) = TagParser::read(Palette::default(), reply);
    let words = segments.into_iter().filter_map(|segment| match segment {
        Segment::Text(text) => Some(text),
        Segment::Emotion(_) => None,
    });
    words.collect::<String>().trim().into()
}
