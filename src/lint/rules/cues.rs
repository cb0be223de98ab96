//! Cue sheets: feelings and motions.

use super::super::{Code, check::Check, kind::Kind, piece::Piece, source::Source};
use crate::cue::CueSheet;

pub(super) fn run(check: &mut Check<'_>) {
    for file in check.asked(Kind::Cues) {
        let Ok(sheet) = CueSheet::from_ron(&file.name, &file.text) else { continue };
        for emotion in sheet.feelings.keys() {
            let at = named(file.whole(), emotion.as_str());
            check.emotion(file, at, emotion.as_str(), None);
        }
        let of_feelings = sheet.feelings.iter().flat_map(|(emotion, cue)| {
            cue.gestures.iter().map(move |gesture| (emotion.as_str(), gesture))
        });
        let of_activities = sheet.activities.iter().flat_map(|(activity, cue)| {
            cue.motions.iter().map(move |motion| (activity.as_str(), motion))
        });
        let of_words = sheet.words.iter().map(|cue| ("words", &cue.gesture));
        for (below, gesture) in of_feelings.chain(of_activities).chain(of_words) {
            motion(check, file, below, gesture);
        }
    }
}

/// A motion that is named somewhere below a word.
fn motion(check: &mut Check<'_>, file: &Source, below: &str, gesture: &str) {
    let world = check.world;
    // `{id}` stands for whoever has such a motion.
    let known = |name: &str| world.gestures.contains(name.trim_end_matches("_{id}"));
    if known(gesture) {
        return;
    }
    let whole = file.whole();
    let from = whole.text.find(below).map_or(whole, |at| whole.from(at));
    let names = world.gestures.iter().map(String::as_str);
    check.unknown(file, named(from, gesture), Code::UnknownGesture, "motion", gesture, names);
}

/// Where a name stands in quotes, without them.
fn named(piece: Piece<'_>, name: &str) -> std::ops::Range<usize> {
    let at = piece.find(&format!("\"{name}\""));
    if at.len() == name.len() + 2 { at.start + 1..at.end - 1 } else { at }
}
