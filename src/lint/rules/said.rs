//! Lines of scenes: who speaks, with which feeling and gesture.

use super::{
    super::{
        Code,
        check::Check,
        script::{Part, Said, each},
        source::Source,
    },
    commands,
};

pub(super) fn run(check: &mut Check<'_>) {
    for script in check.world.scripts.iter().filter(|script| script.file.asked) {
        for node in &script.nodes {
            each(&node.body, &mut |part| {
                if let Part::Line(said) = part {
                    line(check, script.file, said);
                }
            });
        }
    }
}

fn line(check: &mut Check<'_>, file: &Source, said: &Said<'_>) {
    let Some(speaker) = said.speaker else {
        return no_speaker(check, file, said);
    };
    let id = speaker.text.to_ascii_lowercase();
    if !check.world.members.is_empty() && !check.world.members.contains_key(&id) {
        let known = check.world.members.values().map(|member| member.name.as_str());
        check.unknown(file, speaker.range(), Code::UnknownMember, "member", speaker.text, known);
    }
    match said.tag("emotion") {
        Some(tag) => {
            let word = tag.to(tag.text.find(':').unwrap_or(tag.text.len()));
            check.emotion(file, word.range(), word.text, Some(&id));
        }
        None => {
            let message = format!("{} says this without a feeling", speaker.text);
            let help = "write one behind it, such as `#emotion:neutral`";
            check.report(file, said.whole.range(), Code::MissingEmotion, message, help);
        }
    }
    commands::gesture(check, file, said.tag("gesture"));
}

/// Narration; unless somebody's name in another script stands before a colon.
fn no_speaker(check: &mut Check<'_>, file: &Source, said: &Said<'_>) {
    let Some((name, _)) = said.words.split_once(":") else { return };
    let name = name.trim();
    if let Some(member) = check.world.named(name.text) {
        let message = format!("the player does not know `{}` as a speaker", name.text);
        let help = format!("write her id: `{}: …`; the stage shows her name", member.id);
        check.report(file, name.range(), Code::UnknownMember, message, help);
    }
}
