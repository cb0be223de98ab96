//! Finds values of a sheet that are of the right type and still cannot be meant.

use super::{AvatarRef, Birthday, Example, PersonaSheet, VoiceRef};
use crate::mind::{Palette, Segment, TagParser};

/// A value that cannot be meant.
pub(super) struct Fault {
    /// The field, from the outside in; items of lists count from 1.
    pub(super) path: Vec<String>,
    pub(super) problem: String,
}

fn fault(path: &[&str], problem: impl Into<String>) -> Fault {
    Fault { path: path.iter().map(|&step| step.into()).collect(), problem: problem.into() }
}

/// Checks the values of a sheet, in the order of its fields.
pub(super) fn check(sheet: &PersonaSheet) -> Result<(), Fault> {
    for (field, text) in [("name", &sheet.name), ("role", &sheet.role)] {
        if text.trim().is_empty() {
            return Err(fault(&[field], "it is empty: write at least a word"));
        }
    }
    if let Some(birthday) = sheet.birthday {
        check_birthday(birthday)?;
    }
    for (number, example) in (1..).zip(&sheet.examples) {
        check_example(example, &sheet.emotions)
            .map_err(|problem| fault(&["examples", &i32::to_string(&number)], problem))?;
    }
    if let Err(error) = sheet.sampling.check() {
        let problem =
            format!("it is {}; it must be from {} to {}", error.value, error.min, error.max);
        return Err(fault(&["sampling", error.field], problem));
    }
    check_voice(sheet.voice)?;
    sheet.avatar.as_ref().map_or(Ok(()), check_avatar)
}

fn check_birthday(birthday: Birthday) -> Result<(), Fault> {
    let Some((month, days)) = birthday.month() else {
        let problem = format!("{} is no month: write 1 to 12", birthday.month);
        return Err(fault(&["birthday", "month"], problem));
    };
    if (1..=days).contains(&birthday.day) {
        Ok(())
    } else {
        Err(fault(&["birthday", "day"], format!("{month} has at most {days} days")))
    }
}

fn check_example(example: &Example, palette: &Palette) -> Result<(), String> {
    if example.fan.trim().is_empty() {
        return Err("the fan says nothing: write what she or he says".into());
    }
    let (segments, left_out) = TagParser::read(palette.clone(), &example.idol);
    if let Some(tag) = left_out.first() {
        let known: Vec<_> = palette.emotions().iter().map(ToString::to_string).collect();
        return Err(format!(
            "the reply uses [{}], which is not among `emotions`: there are {}",
            tag.tag,
            known.join(", ")
        ));
    }
    match segments.as_slice() {
        [Segment::Emotion(_), rest @ ..] if rest.iter().any(|s| matches!(s, Segment::Text(_))) => {
            Ok(())
        }
        _ => Err("the reply must begin with a tag and go on with words: `[joy] Hello.`".into()),
    }
}

fn in_range(path: &[&str], value: f32, min: f32, max: f32) -> Result<(), Fault> {
    if (min..=max).contains(&value) {
        Ok(())
    } else {
        Err(fault(path, format!("it is {value}; it must be from {min} to {max}")))
    }
}

fn check_voice(voice: VoiceRef) -> Result<(), Fault> {
    in_range(&["voice", "pitch_hz"], voice.pitch_hz, 80.0, 500.0)?;
    in_range(&["voice", "speed"], voice.speed, 0.5, 2.0)
}

fn check_avatar(avatar: &AvatarRef) -> Result<(), Fault> {
    if avatar.path.trim().is_empty() {
        return Err(fault(&["avatar", "path"], "it is empty: name a file, or leave `avatar` out"));
    }
    in_range(&["avatar", "height_m"], avatar.height_m, 0.1, 10.0)
}
