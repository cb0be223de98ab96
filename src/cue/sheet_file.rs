//! Sheets as files and as assets.

use bevy::{
    asset::{AssetLoader, LoadContext, io::Reader},
    prelude::*,
};

use super::{CueSheet, Posture};
use crate::{
    asset_file,
    persona::{AssetFileError, Place, read_ron, read_text},
};

impl CueSheet {
    /// Reads a sheet; `file` is its name in errors.
    ///
    /// # Errors
    /// If the text is not RON, a field is unknown or of the wrong type, or an angle or a weight is
    /// out of its range. The error names file, line, column and field.
    ///
    /// # Example
    /// ```
    /// use bevy_persona::cue::CueSheet;
    ///
    /// let error = CueSheet::from_ron("a.cues.ron", "(feelngs: {})").unwrap_err();
    /// assert!(error.to_string().contains("did you mean `feelings`?"), "{error}");
    /// ```
    pub fn from_ron(file: &str, text: &str) -> Result<Self, AssetFileError> {
        let sheet: Self = read_ron(file, text)?;
        let fault = |field: String, problem: &str| AssetFileError::Content {
            file: file.into(),
            place: Place::of_byte(text, 0),
            field,
            problem: problem.into(),
        };
        for (emotion, cue) in &sheet.feelings {
            if !cue.posture.is_bearable() {
                return Err(fault(format!("feelings.{emotion}.posture"), Posture::LIMIT));
            }
        }
        for (activity, cue) in &sheet.activities {
            if !cue.posture.is_bearable() {
                return Err(fault(
                    format!("activities.{}.posture", activity.as_str()),
                    Posture::LIMIT,
                ));
            }
        }
        if let Some(index) = sheet.words.iter().position(|cue| cue.any.iter().any(String::is_empty))
        {
            return Err(fault(format!("words.{}.any", index + 1), "an empty word fits everywhere"));
        }
        Ok(sheet)
    }
}

/// Loads `*.cues.ron`.
#[derive(Debug, Clone, Copy, Default, TypePath)]
pub struct CueSheetLoader;

impl AssetLoader for CueSheetLoader {
    type Asset = CueSheet;
    type Settings = ();
    type Error = AssetFileError;

    async fn load(
        &self,
        reader: &mut dyn Reader,
        _settings: &(),
        context: &mut LoadContext<'_>,
    ) -> Result<CueSheet, AssetFileError> {
        let (file, bytes) = asset_file::read(reader, context).await?;
        CueSheet::from_ron(&file, read_text(&file, &bytes)?)
    }

    fn extensions(&self) -> &[&str] {
        &["cues.ron"]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_angle_that_no_neck_bears_is_refused() {
        let text = r#"(feelings: { "sad": (posture: (nod: 400)) })"#;
        let error = CueSheet::from_ron("a.cues.ron", text).unwrap_err();
        assert!(error.to_string().contains("feelings.sad.posture"), "{error}");
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in ".{0,200}") {
            let _ = CueSheet::from_ron("a.cues.ron", &text);
        }
    }
}
