//! Files that their own readers refuse.

use super::super::{Code, check::Check, kind::Kind, nearest::advice, source::Source};
use crate::{
    cue::CueSheet,
    mind::{
        Feelings, Lines, Palette, conduct::Conduct, disclosure::Disclosure, exemplars::Exemplars,
        lore::Lore, memory::Extractor,
    },
    persona::{AssetFileError, PersonaSheet},
};

pub(super) fn run(check: &mut Check<'_>) {
    for (file, byte) in check.not_text() {
        let at = byte..byte + '\u{fffd}'.len_utf8();
        let help = "save it as UTF-8 in your editor";
        check.report(file, at, Code::DoesNotParse, "this is not UTF-8 text", help);
    }
    each(check, Kind::Persona, |file| PersonaSheet::from_ron(&file.name, &file.text).map(drop));
    each(check, Kind::Cues, |file| CueSheet::from_ron(&file.name, &file.text).map(drop));
    each(check, Kind::Lines, |file| Lines::from_toml(&file.name, &file.text).map(drop));
    each(check, Kind::Conduct, |file| Conduct::from_toml(&file.name, &file.text).map(drop));
    each(check, Kind::Disclosure, |file| Disclosure::from_toml(&file.name, &file.text).map(drop));
    each(check, Kind::Feelings, |file| Feelings::from_toml(&file.name, &file.text).map(drop));
    each(check, Kind::Memory, |file| Extractor::from_toml(&file.name, &file.text).map(drop));
    messages(check);
    dialogues(check);
    lore(check);
}

fn each(check: &mut Check<'_>, kind: Kind, read: impl Fn(&Source) -> Result<(), AssetFileError>) {
    for file in check.asked(kind) {
        if let Err(error) = read(file) {
            tell(check, &error);
        }
    }
}

/// Messages of fans are read by what feelings there are.
fn messages(check: &mut Check<'_>) {
    let feelings = check.all(Kind::Feelings).next();
    let feelings = || feelings.and_then(|file| Feelings::from_toml(&file.name, &file.text).ok());
    for file in check.asked(Kind::Messages) {
        let read = feelings().map(|feelings| feelings.with_messages(&file.name, &file.text));
        if let Some(Err(error)) = read {
            tell(check, &error);
        }
    }
}

/// Every line is read for itself, so that one fault does not hide the next.
fn dialogues(check: &mut Check<'_>) {
    // Which feelings each member may show is another rule's.
    let all = check.world.emotions.iter().filter_map(|word| word.parse().ok());
    let palette = Palette::new(all).unwrap_or_default();
    for kind in [Kind::Dialogues, Kind::Training] {
        for file in check.asked(kind) {
            for (number, line) in (1..).zip(file.text.lines()) {
                if line.trim().is_empty() {
                    continue;
                }
                let read = match kind {
                    Kind::Training => {
                        Exemplars::from_line(&file.name, number, line, &palette).map(drop)
                    }
                    // Empty lines before it keep the number of the line.
                    _ => {
                        let text = format!("{}{line}", "\n".repeat(number - 1));
                        Exemplars::from_jsonl(&file.name, &text, &palette).map(drop)
                    }
                };
                read.unwrap_or_else(|error| tell(check, &error));
            }
        }
    }
}

/// Each file of facts for itself, and if they are right, the guide together with all of them.
fn lore(check: &mut Check<'_>) {
    let mut files = Vec::new();
    let mut any_fault = false;
    for file in check.all(Kind::Lore) {
        match Lore::from_files([(&file.name, &file.text)]) {
            Ok(_) => files.push(file),
            Err(error) => {
                any_fault = true;
                tell(check, &error);
            }
        }
    }
    files.extend(check.all(Kind::Questions));
    if !any_fault && let Err(error) = Lore::from_files(files.iter().map(|f| (&f.name, &f.text))) {
        tell(check, &error);
    }
}

/// Tells of a reader's fault, unless a rule has told of that line already.
fn tell(check: &mut Check<'_>, error: &AssetFileError) {
    let AssetFileError::Content { file, place, problem, field } = error else { return };
    let told = |line| check.found.iter().any(|f| f.file == *file && f.place.line == line);
    if told(place.line) {
        return;
    }
    let Some(file) = check.file(file).filter(|file| file.not_text.is_none()) else { return };
    let (message, help) = apart(problem);
    let message = if field.is_empty() { message } else { format!("in `{field}`: {message}") };
    let at = file.word_at(*place);
    check.report(file, at, Code::DoesNotParse, message, help);
}

/// What is wrong, and what to do about it.
pub(super) fn apart(problem: &str) -> (String, String) {
    let Some((message, help)) = problem.rsplit_once("; ").or_else(|| problem.rsplit_once(": "))
    else {
        // Some readers only say what must stand there.
        let is_advice = ["use ", "write ", "must "].iter().any(|word| problem.starts_with(word));
        return if is_advice || problem.contains(", not `") {
            ("this is not as it must be".into(), problem.into())
        } else {
            (problem.into(), GUIDE.into())
        };
    };
    let help =
        if help == GUIDE { by_name(message).unwrap_or(help.to_owned()) } else { help.into() };
    (message.to_owned(), help)
}

/// What the readers say where they know no better.
const GUIDE: &str = "see the guide in docs/writing";

/// What was meant by a name of which the message says what could stand there.
fn by_name(message: &str) -> Option<String> {
    let names = |text: &str| -> Vec<String> {
        text.split('`').skip(1).step_by(2).map(ToOwned::to_owned).collect()
    };
    if let Some(field) = message.split("missing field ").nth(1) {
        return names(field).first().map(|field| format!("add `{field}`, as {GUIDE_OF_FIELDS}"));
    }
    let (wrong, known) = message.split_once(", expected ")?;
    let wrong = names(wrong.rsplit_once("unknown ")?.1).into_iter().next()?;
    Some(advice(&wrong, names(known).iter().map(String::as_str)))
}

const GUIDE_OF_FIELDS: &str = "the guide in docs/writing says";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_and_its_advice_are_told_apart() {
        for (problem, message, help) in [
            ("there is no `a`: did you mean `b`?", "there is no `a`", "did you mean `b`?"),
            (
                "unknown field `topik`, expected one of `id`, `topic`; see the guide in docs/writing",
                "unknown field `topik`, expected one of `id`, `topic`",
                "did you mean `topic`?",
            ),
            (
                "missing field `id`; see the guide in docs/writing",
                "missing field `id`",
                "add `id`, as the guide in docs/writing says",
            ),
            ("broken", "broken", "see the guide in docs/writing"),
            ("use 1 or 2", "this is not as it must be", "use 1 or 2"),
        ] {
            assert_eq!(apart(problem), (message.into(), help.into()));
        }
    }
}
