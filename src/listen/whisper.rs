//! From sound to text: Whisper, run by candle on the CPU.

mod decoder;
mod encoder;
mod guard;
mod layers;
mod pauses;
mod tokens;

use std::{
    collections::HashMap,
    fs::File,
    io::{BufReader, ErrorKind},
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
};

use candle_core::Tensor;

use self::{decoder::Decoder, encoder::Encoder, layers::Weights, tokens::Tokens};
use super::{
    SAMPLE_RATE,
    error::ListenError,
    mel::{HOP, Mel},
    vocabulary::Vocabulary,
};
use crate::persona::Language;

/// Silence that is put behind the words, in samples: the model writes worse without, and it takes
/// short words for other languages where all is shorter than five seconds.
const SILENCE_BEHIND: usize = 3 * SAMPLE_RATE as usize / 2;
const LEAST: usize = 5 * SAMPLE_RATE as usize;
/// Nothing shorter is a word, in samples.
const SHORTEST: usize = SAMPLE_RATE as usize / 10;
/// Nothing is said where no sample is louder.
const QUIETEST: f32 = 0.002;
/// A text of lower confidence is tried once more.
const UNSURE: f32 = -1.0;
/// With so much silence behind that all is as long, in samples. The model was trained on 30 seconds
/// and is surer with more, but slower.
const AGAIN: usize = 12 * SAMPLE_RATE as usize;
/// A text of higher confidence tells which language its speaker uses.
const SURE: f32 = -0.6;
/// How many tokens of names may stand before a text.
const MOST_NAMES: usize = 150;
/// Nobody speaks faster, in tokens a second.
const TOKENS_A_SECOND: usize = 20;

/// What somebody said.
#[derive(Debug, Clone, PartialEq)]
pub struct Heard {
    /// The words; empty if nobody spoke.
    pub text: String,
    /// The language of the words.
    pub language: Language,
    /// The mean natural logarithm of how probable each token is: 0 is sure, below -1 is doubtful.
    pub confidence: f32,
    /// How probable it is that nobody spoke. 0..1.
    pub no_speech: f32,
}

impl Heard {
    fn nothing(language: Option<Language>) -> Self {
        let language = language.unwrap_or_default();
        Self { text: String::new(), language, confidence: 0.0, no_speech: 1.0 }
    }
}

/// A model that turns speech into text.
#[derive(Debug)]
pub struct Whisper {
    mel: Mel,
    encoder: Encoder,
    decoder: Decoder,
    vocabulary: Vocabulary,
    tokens: Tokens,
    /// The language that was last heard: its speaker probably goes on in it.
    usual: Option<Language>,
    /// Names that may be said, by language.
    names: HashMap<Language, Vec<u32>>,
}

/// What was written about one piece of sound.
struct Written {
    tokens: Vec<u32>,
    language: Language,
    /// The sum over all tokens and the end, and how many they are.
    log_probability: f32,
    scored: usize,
    no_speech: f32,
    /// Whether it went round in circles.
    looped: bool,
}

impl Whisper {
    /// Loads the model from a folder with `model.bin` (`CTranslate2`), `vocabulary.txt` and
    /// `config.json`.
    ///
    /// # Errors
    /// If a file is not there, or is not what it should be.
    pub fn load(folder: &Path) -> Result<Self, ListenError> {
        let vocabulary = Vocabulary::parse(&read_text(&folder.join("vocabulary.txt"))?);
        let tokens = Tokens::load(&vocabulary, folder)?;
        let path = folder.join("model.bin");
        let file = File::open(&path).map_err(|error| cannot_read(&path, &error))?;
        let load = || {
            let mut weights = Weights::open(BufReader::new(file))?;
            Ok((Encoder::load(&mut weights)?, Decoder::load(&mut weights)?))
        };
        let (encoder, decoder) =
            load().map_err(|error| ListenError::Weights { path: path.clone(), error })?;
        if decoder.vocabulary_size() != vocabulary.len() {
            let (path, pieces) = (folder.join("vocabulary.txt"), decoder.vocabulary_size());
            let problem = format!("it has {} lines and not {pieces}", vocabulary.len());
            return Err(ListenError::Broken { path, problem });
        }
        let (mel, usual, names) = (Mel::new()?, None, HashMap::new());
        Ok(Self { mel, encoder, decoder, vocabulary, tokens, usual, names })
    }

    /// Tells which names may be said in a language, and how they are written: in a sentence that
    /// could have been said before, such as `Hi, Siwoo! Hello, Jena.` A mere list makes it worse.
    ///
    /// Of a long text only the end counts.
    pub fn expect_names(&mut self, language: Language, names: &str) {
        let mut pieces = self.vocabulary.pieces_of(&format!(" {}", names.trim()));
        pieces.drain(..pieces.len().saturating_sub(MOST_NAMES));
        self.names.insert(language, pieces);
    }

    /// Writes what is said in a sound of 16 kHz; in `language`, or else in the one that is heard.
    ///
    /// # Errors
    /// If `cancelled` is set meanwhile, or the model fails.
    pub fn transcribe(
        &mut self,
        pcm: &[f32],
        language: Option<Language>,
        cancelled: &AtomicBool,
    ) -> Result<Heard, ListenError> {
        let pcm: Vec<f32> =
            pcm.iter().map(|x| if x.is_finite() { x.clamp(-1.0, 1.0) } else { 0.0 }).collect();
        let mut heard = Heard::nothing(language);
        let mut known = language;
        let (mut scored, mut log_probability) = (0, 0.0);
        for piece in pauses::pieces(&pcm) {
            let Some((written, text)) = self.piece(&pcm[piece], known, cancelled)? else {
                continue;
            };
            if !heard.text.is_empty() && has_spaces(written.language) {
                heard.text.push(' ');
            }
            heard.text += &text;
            heard.language = written.language;
            heard.no_speech = heard.no_speech.min(written.no_speech);
            known = Some(written.language);
            scored += written.scored;
            log_probability += written.log_probability;
        }
        heard.confidence = log_probability / scored.max(1) as f32;
        if scored > 0 && heard.confidence > SURE {
            self.usual = Some(heard.language);
        }
        Ok(heard)
    }

    /// Writes what is said in a piece; nothing if nobody speaks in it.
    fn piece(
        &self,
        pcm: &[f32],
        language: Option<Language>,
        cancelled: &AtomicBool,
    ) -> Result<Option<(Written, String)>, ListenError> {
        if pcm.len() < SHORTEST || pcm.iter().all(|sample| sample.abs() < QUIETEST) {
            return Ok(None);
        }
        let whole = pcm.len() + SILENCE_BEHIND;
        let mut written = self.write(pcm, whole.max(LEAST), language, cancelled)?;
        let doubtful = written.looped || written.confidence() < UNSURE;
        if doubtful && whole < AGAIN && written.no_speech < guard::NO_SPEECH {
            let again = self.write(pcm, AGAIN, language, cancelled)?;
            if (again.looped, -again.confidence()) < (written.looped, -written.confidence()) {
                written = again;
            }
        }
        let text = self.vocabulary.text(&written.tokens).trim().to_string();
        let invented = guard::is_invented(&text, written.no_speech, written.confidence());
        tracing::debug!(text, invented, no_speech = written.no_speech, "heard");
        Ok((!invented).then_some((written, text)))
    }

    /// Writes what is said, with silence behind so that all is so many samples long.
    fn write(
        &self,
        pcm: &[f32],
        samples: usize,
        language: Option<Language>,
        cancelled: &AtomicBool,
    ) -> Result<Written, ListenError> {
        let columns = (samples / HOP).next_multiple_of(2).min(self.encoder.most_columns());
        let sound = self.encoder.hear(&self.mel.columns(pcm, columns)?, cancelled)?;
        self.write_down(&sound, pcm.len(), language, cancelled)
    }

    /// Writes token after token, always the most probable one.
    fn write_down(
        &self,
        sound: &Tensor,
        samples: usize,
        language: Option<Language>,
        cancelled: &AtomicBool,
    ) -> Result<Written, ListenError> {
        let mut writing = self.decoder.begin(sound)?;
        let fits = self.decoder.write(&mut writing, &[self.tokens.start])?;
        let language = language.unwrap_or_else(|| self.tokens.language(&fits, self.usual));
        let no_speech = tokens::log_probability(&fits, self.tokens.no_speech).exp();
        let Some(prompt) = self.tokens.prompt(language) else {
            return Err(ListenError::Model(format!("it does not know the language {language}")));
        };
        let prompt = match self.names.get(&language) {
            None => prompt.to_vec(),
            Some(names) => {
                // Without them it was told who speaks; with them it begins anew.
                writing.clear();
                let before = [&[self.tokens.before], names.as_slice(), &[self.tokens.start]];
                [before.concat(), prompt.to_vec()].concat()
            }
        };
        let mut fits = self.decoder.write(&mut writing, &prompt)?;
        let most = (8 + samples * TOKENS_A_SECOND / SAMPLE_RATE as usize)
            .min(self.decoder.most_tokens().saturating_sub(prompt.len() + 1));
        let mut written = Written::nothing(language, no_speech);
        while written.tokens.len() < most {
            if cancelled.load(Ordering::Relaxed) {
                return Err(ListenError::Cancelled);
            }
            self.tokens.suppress(&mut fits, written.tokens.is_empty());
            let Some(token) = tokens::best(&fits) else { break };
            written.log_probability += tokens::log_probability(&fits, token);
            written.scored += 1;
            if token == self.tokens.end {
                break;
            }
            written.tokens.push(token);
            if let Some(kept) = guard::loop_start(&written.tokens) {
                written.tokens.truncate(kept);
                written.looped = true;
                break;
            }
            fits = self.decoder.write(&mut writing, &[token])?;
        }
        Ok(written)
    }
}

impl Written {
    fn nothing(language: Language, no_speech: f32) -> Self {
        let (log_probability, scored, looped) = (0.0, 0, false);
        Self { tokens: vec![], language, log_probability, scored, no_speech, looped }
    }

    fn confidence(&self) -> f32 {
        self.log_probability / self.scored.max(1) as f32
    }
}

/// Whether a language puts spaces between its sentences.
fn has_spaces(language: Language) -> bool {
    !matches!(language, Language::Japanese | Language::Chinese | Language::Thai)
}

fn read_text(path: &Path) -> Result<String, ListenError> {
    std::fs::read_to_string(path).map_err(|error| cannot_read(path, &error))
}

fn cannot_read(path: &Path, error: &std::io::Error) -> ListenError {
    match error.kind() {
        ErrorKind::NotFound => ListenError::Missing(path.into()),
        _ => ListenError::Broken { path: path.into(), problem: error.to_string() },
    }
}

#[cfg(test)]
mod tests;
