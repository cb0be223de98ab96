//! Commands: that they are written as they must be, and that what they name is there.

use super::{
    super::{
        Code,
        check::Check,
        piece::Piece,
        script::{Command, Part, each},
        source::Source,
        world::{Entries, StageNames},
    },
    headers,
    parse::apart,
};
use crate::{scene::SceneCommand, voice::NonVerbal};

/// Commands of Yarn itself.
const FLOW: [&str; 9] = ["if", "elseif", "else", "endif", "set", "declare", "jump", "stop", "once"];

pub(super) fn run(check: &mut Check<'_>) {
    for script in check.world.scripts.iter().filter(|script| script.file.asked) {
        for node in &script.nodes {
            each(&node.body, &mut |part| {
                if let Part::Command(command) = part
                    && !FLOW.contains(&command.name.text)
                {
                    one(check, script.file, command);
                }
            });
        }
    }
}

fn one(check: &mut Check<'_>, file: &Source, command: &Command<'_>) {
    let inside = command.inside();
    let told = |check: &Check<'_>| {
        let here = command.whole.range();
        check
            .found
            .iter()
            .any(|f| f.file == file.name && f.at.start >= here.start && f.at.end <= here.end)
    };
    let names = SceneCommand::NAMES;
    if !names.contains(&command.name.text) {
        let (at, word) = (command.name.range(), command.name.text);
        return check.unknown(file, at, Code::BadCommand, "command", word, names.iter().copied());
    }
    // Values are only known while it plays.
    if inside.text.contains('{') {
        return;
    }
    named(check, file, command);
    if told(check) {
        return;
    }
    if let Err(error) = SceneCommand::parse(inside.text) {
        let byte = inside.text.char_indices().nth(error.column.saturating_sub(1));
        let at = inside.from(byte.map_or(inside.text.len(), |(at, _)| at));
        let word = at.words().next().unwrap_or(command.whole);
        let (message, help) = apart(&error.problem);
        check.report(file, word.range(), Code::BadCommand, message, help);
    }
}

/// What the words of a command name.
fn named(check: &mut Check<'_>, file: &Source, command: &Command<'_>) {
    let word = |number| command.word(number);
    match command.name.text {
        "camera" => member(check, file, word(1)),
        "talk" => {
            member(check, file, word(0));
            member(check, file, word(1));
        }
        "light" => {
            on_stage(check, file, word(0), (Code::UnknownLight, "light", |stage| &stage.lights));
        }
        "music" => {
            on_stage(check, file, word(1), (Code::UnknownMusic, "music", |stage| &stage.music));
        }
        "affinity" | "improvise" | "ask_fan" | "chat" => {
            member(check, file, word(0));
            if let Some(until) = command.value("until") {
                headers::condition(check, file, until);
            }
        }
        "gesture" => {
            member(check, file, word(0));
            gesture(check, file, word(1));
        }
        "emotion" => {
            member(check, file, word(0));
            if let Some(word) = word(1) {
                let of = command.word(0).map(|member| member.text);
                check.emotion(file, word.range(), word.text, of);
            }
        }
        "voice" => {
            member(check, file, word(0));
            sound(check, file, word(1));
        }
        "look" => {
            member(check, file, word(0));
            let members = &check.world.members;
            let at = behind(command, "at");
            let at = at.filter(|at| at.text != "fan" && !members.contains_key(at.text));
            mark(check, file, at);
        }
        "move" => {
            member(check, file, word(0));
            mark(check, file, behind(command, "to"));
        }
        _ => {}
    }
}

/// The third word, if the second is what it must be.
fn behind<'a>(command: &Command<'a>, keyword: &str) -> Option<Piece<'a>> {
    command.word(1).filter(|word| word.text == keyword).and_then(|_| command.word(2))
}

fn member(check: &mut Check<'_>, file: &Source, word: Option<Piece<'_>>) {
    if let Some(word) = word {
        check.member(file, word.range(), word.text);
    }
}

/// A motion that a script asks for.
pub(super) fn gesture(check: &mut Check<'_>, file: &Source, word: Option<Piece<'_>>) {
    let world = check.world;
    if let Some(word) = word.filter(|word| !world.gestures.contains(word.text)) {
        let known = world.gestures.iter().map(String::as_str);
        check.unknown(file, word.range(), Code::UnknownGesture, "motion", word.text, known);
    }
}

fn sound(check: &mut Check<'_>, file: &Source, word: Option<Piece<'_>>) {
    if let Some(word) = word.filter(|word| word.text.parse::<NonVerbal>().is_err()) {
        let known = NonVerbal::ALL.iter().map(|sound| sound.as_str());
        check.unknown(file, word.range(), Code::UnknownSound, "sound", word.text, known);
    }
}

fn mark(check: &mut Check<'_>, file: &Source, word: Option<Piece<'_>>) {
    on_stage(check, file, word, (Code::UnknownMark, "mark", |stage| &stage.marks));
}

/// Something that the stage must have, if a file says what it has.
fn on_stage(
    check: &mut Check<'_>,
    file: &Source,
    word: Option<Piece<'_>>,
    (code, what, list): (Code, &str, fn(&StageNames) -> &Entries),
) {
    let world = check.world;
    let Some(list) = world.stage.as_ref().map(list) else { return };
    if let Some(word) = word.filter(|word| !list.has(word.text)) {
        check.unknown(file, word.range(), code, what, word.text, list.names());
    }
}
