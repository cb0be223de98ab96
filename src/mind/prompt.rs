//! Writes who a character is, in the few words that a small model can use.

use super::{
    Beat, Beats, Budget, ChatTurn, ModelSize, Palette, PromptForm, TagParser, estimate_tokens,
    form::fitting,
};
use crate::persona::{Language, PersonaSheet, SpeechStyle};

/// How many rules of conduct a small model reads.
const RULES: usize = 3;
/// How many likes, dislikes, habits and phrases a small model reads of each.
const FEW: usize = 3;

/// The instructions: where all live, who speaks, how, and by which rules.
///
/// What the members of a group have in common comes first, so that the model reads it once for all
/// of them. A small model is told the most important only; a model that was fine-tuned on the
/// character only who she is.
///
/// # Example
/// ```
/// use bevy_persona::{
///     mind::{PromptForm, prompt::system_prompt},
///     persona::{Language, PersonaSheet},
/// };
///
/// let otto = PersonaSheet::new("otto".parse()?, "Otto", "the gate guard of a small town");
/// let text = system_prompt(&otto, Language::English, &PromptForm::default());
/// assert!(text.starts_with("You are Otto, the gate guard of a small town."));
/// # Ok::<(), bevy_persona::persona::ParsePersonaIdError>(())
/// ```
#[must_use]
pub fn system_prompt(sheet: &PersonaSheet, language: Language, form: &PromptForm) -> String {
    if form.is_tuned {
        return sentence("You are", [who(sheet, language)], "", 1).unwrap_or_default();
    }
    let Budget { world: of_world, persona, conduct: of_conduct, .. } = form.budget;
    let task = task(sheet, language);
    let of_rules = of_conduct.saturating_sub(estimate_tokens(&task));
    let told = [
        within(world(sheet, form.size), of_world),
        within(nature(sheet, language, form.size), persona),
        within(conduct(sheet, form.size), of_rules),
        vec![task],
    ];
    told.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// The first sentences that fit into so many tokens.
fn within(sentences: Vec<String>, tokens: usize) -> Vec<String> {
    fitting(sentences, tokens, |sentence| estimate_tokens(sentence))
}

/// The group and the world.
fn world(sheet: &PersonaSheet, size: ModelSize) -> Vec<String> {
    let most = if size == ModelSize::Small { 1 } else { usize::MAX };
    let facts = sheet.group.iter().take(most).chain(sheet.world.iter().take(most));
    facts.filter_map(|fact| sentence("", [fact.clone()], "", 1)).collect()
}

/// Who she is and how she speaks, the most important first.
fn nature(sheet: &PersonaSheet, language: Language, size: ModelSize) -> Vec<String> {
    let few = if size == ModelSize::Small { FEW } else { usize::MAX };
    let mbti = sheet.mbti.map(|mbti| format!("{mbti}, {}", mbti.hint()));
    let nature = [Some(sheet.temperament.clone()), mbti].into_iter().flatten();
    let speech = sheet.speech_in(language);
    let phrases = phrases(sheet, speech).iter().map(|phrase| format!("\"{phrase}\""));
    let mut told = vec![
        sentence("You are", [who(sheet, language)], "", 1),
        sentence("You are", nature, "; ", usize::MAX),
        sentence("You speak like this:", speech.map(|s| s.manner.clone()), "", 1),
        sentence("You like", sheet.likes.iter().cloned(), ", ", few),
        sentence("You dislike", sheet.dislikes.iter().cloned(), ", ", few),
        sentence("You", sheet.habits.iter().cloned(), ", ", few),
        sentence("You often say", phrases, " or ", few),
    ];
    if size == ModelSize::Large {
        let birthday = sheet.birthday.map(|day| day.to_string());
        told.push(sentence("Your birthday is", birthday, "", 1));
        told.extend(sheet.relations.values().map(|told| sentence("", [told.clone()], "", 1)));
    }
    told.into_iter().flatten().collect()
}

/// Her name and role.
fn who(sheet: &PersonaSheet, language: Language) -> String {
    format!("{}, {}", sheet.name_in(language), bare(&sheet.role))
}

/// Her rules, the most important first.
fn conduct(sheet: &PersonaSheet, size: ModelSize) -> Vec<String> {
    let most = if size == ModelSize::Small { RULES } else { usize::MAX };
    let rules = sheet.conduct.iter().take(most);
    let rules = rules.filter_map(|rule| sentence("", [rule.clone()], "", 1));
    let chats = (!sheet.conduct.is_empty()).then(|| "A fan chats with you.".into());
    chats.into_iter().chain(rules).collect()
}

/// What the model is to do.
fn task(sheet: &PersonaSheet, language: Language) -> String {
    let level = sheet.speech_in(language).and_then(|style| style.level);
    let tongue = match level.and_then(|level| level.word(language)) {
        Some(level) => format!("{} ({level})", language.name()),
        None => language.name().into(),
    };
    format!("Answer the fan's last message in {tongue}, in 1 to 3 short sentences.")
}

/// The turns that show how the character replies, in this language.
#[must_use]
pub fn examples(sheet: &PersonaSheet, language: Language) -> Vec<ChatTurn> {
    sheet
        .examples
        .iter()
        .filter(|example| example.language == language)
        .flat_map(|example| {
            [
                ChatTurn::Fan(example.fan.as_str().into()),
                authored_turn(&sheet.emotions, &example.idol),
            ]
        })
        .collect()
}

/// A reply that somebody wrote with its tags: `[joy] You came. [shy] I waited.`
///
/// # Example
/// ```
/// use bevy_persona::mind::{Palette, prompt::authored_turn};
///
/// let turn = authored_turn(&Palette::default(), "[joy] You came.  [shy] I waited.");
/// assert_eq!(turn.to_prompt(), "[joy] You came. [shy] I waited.");
/// ```
#[must_use]
pub fn authored_turn(palette: &Palette, written: &str) -> ChatTurn {
    ChatTurn::Idol(authored_beats(palette, written).into())
}

/// The beats of a reply that somebody wrote with its tags.
#[must_use]
pub fn authored_beats(palette: &Palette, written: &str) -> Vec<Beat> {
    let (segments, _) = TagParser::read(palette.clone(), written);
    let mut beats = Beats::default();
    segments.iter().for_each(|segment| beats.segment(segment));
    beats.take()
}

fn phrases<'a>(sheet: &'a PersonaSheet, speech: Option<&'a SpeechStyle>) -> &'a [String] {
    match speech {
        Some(style) if !style.phrases.is_empty() => &style.phrases,
        _ => &sheet.phrases,
    }
}

/// Without white space and full stop around it.
fn bare(text: &str) -> String {
    text.trim().trim_end_matches('.').to_owned()
}

/// A sentence that begins with `lead`, unless there is nothing to say.
fn sentence(
    lead: &str,
    parts: impl IntoIterator<Item = String>,
    between: &str,
    most: usize,
) -> Option<String> {
    let parts = parts.into_iter().filter(|part| !part.trim().is_empty()).take(most);
    let joined = bare(&parts.collect::<Vec<_>>().join(between));
    if joined.is_empty() {
        return None;
    }
    let gap = if lead.is_empty() { "" } else { " " };
    let is_ended = joined.trim_end_matches('"').ends_with(['.', '!', '?', '…']);
    let end = if is_ended { "" } else { "." };
    Some(format!("{lead}{gap}{joined}{end}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The four sample personas, as models read them.
    #[test]
    fn sample_personas_read_well() {
        for name in ["siwoo", "jena", "taira", "marty"] {
            for language in [Language::English, Language::Korean] {
                let file = format!("{}/personas/{name}.persona.ron", env!("CARGO_MANIFEST_DIR"));
                let sheet = PersonaSheet::from_bytes(&file, &std::fs::read(&file).unwrap());
                let sheet = sheet.unwrap();
                let mut text = system_prompt(&sheet, language, &ModelSize::Small.into());
                for turn in examples(&sheet, language) {
                    let mark = if matches!(turn, ChatTurn::Fan(_)) { "fan" } else { "idol" };
                    text += &format!("\n\n<{mark}> {}", turn.to_prompt());
                }
                insta::assert_snapshot!(format!("{name}_{language}"), text);
                let full = system_prompt(&sheet, language, &ModelSize::Large.into());
                insta::assert_snapshot!(format!("{name}_{language}_full"), full);
            }
        }
    }

    #[test]
    fn a_sheet_with_nothing_but_a_name_gives_whole_sentences() {
        let sheet = PersonaSheet::new("otto".parse().unwrap(), "Otto", "a guard. ");
        assert_eq!(
            system_prompt(&sheet, Language::English, &PromptForm::default()),
            "You are Otto, a guard. Answer the fan's last message in English, in 1 to 3 short \
             sentences."
        );
    }
}
