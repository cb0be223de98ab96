//! The tokens that are no text, and those that must not be written.

use std::path::Path;

use serde::Deserialize;

use super::super::{error::ListenError, vocabulary::Vocabulary};
use crate::persona::Language;

/// How much more probable the usual language is than another, as a natural logarithm.
const HABIT: f32 = 2.0;

/// Numbers of the tokens that steer the model.
#[derive(Debug)]
pub(super) struct Tokens {
    /// A text begins.
    pub(super) start: u32,
    /// What follows was said before.
    pub(super) before: u32,
    /// A text is over. All text tokens are below it, and all others that are no text above.
    pub(super) end: u32,
    /// Write what is said, and do not translate it.
    pub(super) transcribe: u32,
    /// Write no times.
    pub(super) no_times: u32,
    /// Nobody speaks.
    pub(super) no_speech: u32,
    /// What tells that a language is spoken.
    pub(super) languages: Vec<(Language, u32)>,
    suppressed: Vec<u32>,
    suppressed_first: Vec<u32>,
}

/// What we read of `config.json`.
#[derive(Debug, Deserialize)]
struct Config {
    #[serde(default)]
    suppress_ids: Vec<u32>,
    #[serde(default)]
    suppress_ids_begin: Vec<u32>,
}

impl Tokens {
    /// Finds them in the vocabulary of the model in `folder`, and what it must not write in its
    /// `config.json`.
    pub(super) fn load(vocabulary: &Vocabulary, folder: &Path) -> Result<Self, ListenError> {
        let find = |piece: &str| {
            vocabulary.number(piece).ok_or_else(|| ListenError::Broken {
                path: folder.join("vocabulary.txt"),
                problem: format!("it has no `{piece}`"),
            })
        };
        let path = folder.join("config.json");
        let text = super::read_text(&path)?;
        let config: Config = serde_json::from_str(&text)
            .map_err(|error| ListenError::Broken { path, problem: error.to_string() })?;
        let language = |language: Language| {
            find(&format!("<|{}|>", language.code())).map(|token| (language, token))
        };
        Ok(Self {
            start: find("<|startoftranscript|>")?,
            before: find("<|startofprev|>")?,
            end: find("<|endoftext|>")?,
            transcribe: find("<|transcribe|>")?,
            no_times: find("<|notimestamps|>")?,
            no_speech: find("<|nospeech|>").or_else(|_| find("<|nocaptions|>"))?,
            languages: Language::ALL.into_iter().map(language).collect::<Result<_, _>>()?,
            suppressed: config.suppress_ids,
            suppressed_first: config.suppress_ids_begin,
        })
    }

    /// Which language is spoken, by how well each token would begin the text; in doubt the usual one.
    pub(super) fn language(&self, fits: &[f32], usual: Option<Language>) -> Language {
        let fit = |(language, token): &(Language, u32)| {
            let fit = fits.get(*token as usize).copied().unwrap_or(f32::NEG_INFINITY);
            if Some(*language) == usual { fit + HABIT } else { fit }
        };
        let best = self.languages.iter().max_by(|a, b| fit(a).total_cmp(&fit(b)));
        best.map_or_else(Language::default, |(language, _)| *language)
    }

    /// What makes the model write a language.
    pub(super) fn prompt(&self, language: Language) -> Option<[u32; 3]> {
        let (_, token) = self.languages.iter().find(|(each, _)| *each == language)?;
        Some([*token, self.transcribe, self.no_times])
    }

    /// Rules out what is no text, and what the model is known to write without being right.
    pub(super) fn suppress(&self, fits: &mut [f32], first: bool) {
        if let Some(specials) = fits.get_mut(self.end as usize + 1..) {
            specials.fill(f32::NEG_INFINITY);
        }
        let at_first = if first { self.suppressed_first.as_slice() } else { &[] };
        for token in self.suppressed.iter().chain(at_first) {
            if let Some(fit) = fits.get_mut(*token as usize) {
                *fit = f32::NEG_INFINITY;
            }
        }
    }
}

/// How probable one of them is, as a natural logarithm.
pub(super) fn log_probability(fits: &[f32], token: u32) -> f32 {
    let most = fits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f32 = fits.iter().map(|fit| (fit - most).exp()).sum();
    fits.get(token as usize).map_or(f32::NEG_INFINITY, |fit| fit - most - sum.ln())
}

/// The most probable one.
pub(super) fn best(fits: &[f32]) -> Option<u32> {
    let place = (0..fits.len()).max_by(|a, b| fits[*a].total_cmp(&fits[*b]))?;
    u32::try_from(place).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const VOCABULARY: &str = "!\nĠ\nHi\n<|endoftext|>\n<|startoftranscript|>\n<|en|>\n<|ko|>\n\
        <|ja|>\n<|zh|>\n<|es|>\n<|fr|>\n<|de|>\n<|pt|>\n<|id|>\n<|th|>\n<|vi|>\n<|transcribe|>\n\
        <|nocaptions|>\n<|notimestamps|>\n<|startofprev|>\n";

    fn tokens(config: &str) -> Result<Tokens, ListenError> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("config.json"), config).unwrap();
        Tokens::load(&Vocabulary::parse(VOCABULARY), folder.path())
    }

    #[test]
    fn only_text_and_the_end_may_be_written() {
        let tokens = tokens(r#"{"suppress_ids": [0], "suppress_ids_begin": [1, 3]}"#).unwrap();
        let allowed = |first| {
            let mut fits = vec![0.0; 20];
            tokens.suppress(&mut fits, first);
            (0..20).filter(|n| fits[*n] == 0.0).collect::<Vec<_>>()
        };
        assert_eq!(allowed(true), [2]);
        assert_eq!(allowed(false), [1, 2, 3]);
    }

    #[test]
    fn the_language_is_the_one_that_fits_best() {
        let tokens = tokens("{}").unwrap();
        let mut fits = vec![0.0; 20];
        fits[0] = 9.0;
        fits[6] = 2.0;
        assert_eq!(tokens.language(&fits, None), Language::Korean);
        fits[7] = 3.5;
        assert_eq!(tokens.language(&fits, None), Language::Japanese);
        assert_eq!(tokens.language(&fits, Some(Language::Korean)), Language::Korean);
        assert_eq!(tokens.language(&fits, Some(Language::English)), Language::Japanese);
        assert_eq!(tokens.prompt(Language::Korean), Some([6, 16, 18]));
    }

    #[test]
    fn a_broken_config_is_told() {
        assert!(matches!(tokens("{"), Err(ListenError::Broken { .. })));
        let huge = tokens(r#"{"suppress_ids": [4000000000]}"#).unwrap();
        huge.suppress(&mut [0.0; 20], true);
        huge.suppress(&mut [], true);
    }

    #[test]
    fn probabilities_add_up_to_one() {
        let fits = [1.0, 2.0, f32::NEG_INFINITY, 3.0];
        let sum: f32 = (0..4).map(|n| log_probability(&fits, n).exp()).sum();
        assert!((sum - 1.0).abs() < 1e-6);
        assert_eq!(best(&fits), Some(3));
        assert_eq!(best(&[]), None);
    }
}
