//! The lines of a script, with their tags.

use std::collections::{BTreeMap, HashMap};

use yarnspinner_compiler::prelude::StringInfo;
use yarnspinner_core::prelude::LineId;

use super::bare;
use crate::{
    mind::EmotionTag,
    scene::{SceneError, WrittenLine, text},
};

/// Reads all lines; a tag that cannot be read is a fault.
pub(crate) fn read(
    table: &HashMap<LineId, StringInfo>,
    faults: &mut Vec<SceneError>,
) -> BTreeMap<String, WrittenLine> {
    let line = |(id, info): (&LineId, &StringInfo)| (bare(&id.0), line(&bare(&id.0), info, faults));
    table.iter().map(line).collect()
}

fn line(id: &str, info: &StringInfo, faults: &mut Vec<SceneError>) -> WrittenLine {
    let mut fault = |problem: String| {
        faults.push(SceneError::at_line(&info.file_name, info.line_number, problem));
    };
    let (speaker, spoken) = text::split_speaker(&info.text);
    let mut line = WrittenLine {
        id: id.into(),
        speaker,
        text: spoken.into(),
        emotion: None,
        gesture: None,
        has_own_id: !info.is_implicit_tag,
    };
    for tag in &info.metadata {
        let Some((key, value)) = tag.split_once(':') else { continue };
        match key {
            "emotion" => match emotion(value) {
                Ok(tag) => line.emotion = Some(tag),
                Err(problem) => fault(format!("in `#{tag}`: {problem}")),
            },
            "gesture" => line.gesture = Some(value.into()),
            "line" if value.is_empty() => fault("`#line:` without an id".into()),
            _ => {}
        }
    }
    line
}

/// `sad` or `sad:0.7`
fn emotion(value: &str) -> Result<EmotionTag, String> {
    let (name, strength) = value.split_once(':').unwrap_or((value, ""));
    let emotion = name.parse().map_err(|error| format!("{error}"))?;
    if strength.is_empty() {
        return Ok(EmotionTag::from(emotion));
    }
    match strength.parse() {
        Ok(strength) if (0.0..=1.0).contains(&strength) => Ok(EmotionTag::new(emotion, strength)),
        _ => Err(format!("`{strength}` is no strength: use a number from 0 to 1")),
    }
}
