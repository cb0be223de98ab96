//! Lines that are too long to be read at a glance.

use super::super::{
    Code,
    check::Check,
    piece::Piece,
    script::{Part, each},
    source::Source,
};

/// So many characters a line may have.
const LINE: usize = 200;
/// So many characters an option may have.
const OPTION: usize = 90;

pub(super) fn run(check: &mut Check<'_>) {
    for script in check.world.scripts.iter().filter(|script| script.file.asked) {
        for node in &script.nodes {
            each(&node.body, &mut |part| match part {
                Part::Line(said) => length(check, script.file, said.words, (LINE, Code::LongLine)),
                Part::Option(said) => {
                    length(check, script.file, said.words, (OPTION, Code::LongOption));
                }
                Part::Command(command) => {
                    let options = command.value("options").into_iter();
                    for option in options.flat_map(|options| options.split('|')) {
                        length(check, script.file, option, (OPTION, Code::LongOption));
                    }
                    // A talk has a line for each turn, with bars between.
                    let lines = command.value("fallback").into_iter();
                    for words in lines.flat_map(|lines| lines.split('|')) {
                        length(check, script.file, words, (LINE, Code::LongLine));
                    }
                }
                Part::If(_) => {}
            });
        }
    }
}

fn length(check: &mut Check<'_>, file: &Source, words: Piece<'_>, (most, code): (usize, Code)) {
    let has = words.text.chars().count();
    if has > most {
        let message = format!("this has {has} characters, and {most} can be read at a glance");
        let help = if code == Code::LongLine { "make two lines of it" } else { "say it shorter" };
        check.report(file, words.range(), code, message, help);
    }
}
