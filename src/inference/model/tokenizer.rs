//! From text to tokens and back, with the vocabulary of a GGUF file or of a `tokenizer.json`.
//!
//! Control tokens (`<|im_start|>`, `<end_of_turn>` …) are kept apart from the text tokenizer: text
//! of a fan can never become one. Only the text of a chat template is searched for them.

mod byte_level;
mod decode;
mod json;
mod library;
mod pieces;
mod sentence_piece;
mod spellings;

use std::{borrow::Cow, collections::HashMap, fmt, path::PathBuf};

use candle_core::quantized::gguf_file::Content;
use thiserror::Error;

pub use decode::StreamDecoder;

use super::{Metadata, MetadataError};
use crate::inference::constrain::Vocabulary;
use byte_level::ByteLevel;
pub(super) use json::{JsonVocabulary, Mark};
use library::LibrarySplitter;
use pieces::Pieces;
use sentence_piece::{SPACE, SentencePiece};
use spellings::{Span, Spellings};

/// Why the vocabulary of a file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TokenizerError {
    /// A value is missing or of the wrong type.
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    /// The kind of vocabulary is not known.
    #[error(
        "the model's vocabulary is of the kind `{found}`; supported: `gpt2` (byte-level BPE) and \
         `llama` (SentencePiece)"
    )]
    Kind {
        /// What the file says.
        found: String,
    },
    /// The way of splitting words is not known.
    #[error("the model splits text by `{found}`; supported: {supported}")]
    PreTokenizer {
        /// What the file says.
        found: String,
        /// The names we know.
        supported: String,
    },
    /// The lists of the vocabulary contradict each other.
    #[error("the model's vocabulary is broken: {0}; convert the model again")]
    Broken(String),
    /// A file of a model's folder is missing or broken.
    #[error("{0}")]
    Folder(String),
    /// A `tokenizer.json` cannot be used.
    #[error("{path} cannot be used: {error}; fetch it again, or take a GGUF file of this model",
        path = .path.display())]
    Json {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        error: String,
    },
    /// The tokenizer library failed.
    #[error("the text could not be split into tokens: {0}")]
    Library(String),
}

/// The kinds of tokens, as GGUF numbers them in `tokenizer.ggml.token_type`.
mod token_type {
    pub(super) const NORMAL: i64 = 1;
    pub(super) const UNKNOWN: i64 = 2;
    pub(super) const CONTROL: i64 = 3;
    pub(super) const USER_DEFINED: i64 = 4;
    pub(super) const BYTE: i64 = 6;
}

/// Spellings of tokens that end a turn, in the vocabularies that we know.
const ENDS_OF_TURN: [&str; 6] =
    ["<|im_end|>", "<end_of_turn>", "<|eot_id|>", "<|end|>", "<|eom_id|>", "<|endoftext|>"];

/// How a vocabulary splits text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenizerKind {
    /// Pairs of bytes are merged, in the order in which that was learnt.
    ByteLevel,
    /// Pieces are merged by score; characters without a piece are bytes.
    SentencePiece,
    /// In the steps that a `tokenizer.json` says.
    Json,
}

impl fmt::Display for TokenizerKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ByteLevel => "byte-level BPE",
            Self::SentencePiece => "SentencePiece",
            Self::Json => "BPE, in the steps of its `tokenizer.json`",
        })
    }
}

/// A vocabulary, and how text is split into its tokens.
///
/// # Example
/// ```no_run
/// use bevy_persona::inference::model::{GgufFile, tokenizer::Tokenizer};
///
/// let file = GgufFile::open("model.gguf".as_ref())?;
/// let tokenizer = Tokenizer::from_gguf(file.content())?;
/// let ids = tokenizer.encode_text("Hi!", true)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Tokenizer {
    splitter: Splitter,
    pieces: Pieces,
    control: Vec<bool>,
    /// Control tokens by their spelling.
    controls: Spellings,
    /// Tokens that stand for their spelling in any text.
    user_defined: Spellings,
    /// What stands for characters that the vocabulary has no token for.
    unknown: Option<u32>,
    bos: Option<u32>,
    eos: Option<u32>,
    ends: Vec<u32>,
    add_bos: bool,
}

enum Splitter {
    ByteLevel(Box<ByteLevel>),
    SentencePiece(SentencePiece),
    Library(Box<LibrarySplitter>),
}

/// What a file says of its vocabulary.
struct Words<'a> {
    tokens: &'a [&'a str],
    types: &'a [i64],
    pieces: Pieces,
    bos: Option<u32>,
    eos: Option<u32>,
    /// More tokens that end a reply.
    ends: Vec<u32>,
    add_bos: bool,
}

impl Tokenizer {
    /// Builds the tokenizer of a model file.
    ///
    /// # Errors
    /// If the vocabulary is missing, broken or of an unknown kind.
    pub fn from_gguf(content: &Content) -> Result<Self, TokenizerError> {
        let metadata = Metadata::new(&content.metadata);
        let tokens = metadata.strings("tokenizer.ggml.tokens")?;
        let types = metadata
            .integers("tokenizer.ggml.token_type")
            .unwrap_or_else(|_| vec![token_type::NORMAL; tokens.len()]);
        if types.len() != tokens.len() {
            let (tokens, types) = (tokens.len(), types.len());
            return Err(TokenizerError::Broken(format!("{tokens} tokens, {types} types")));
        }
        let splitter = Splitter::from_gguf(&metadata, &tokens, &types)?;
        let is_byte_level = matches!(splitter, Splitter::ByteLevel(_));
        let pieces = match is_byte_level {
            true => Pieces::byte_level(&tokens, &types),
            false => Pieces::sentence_piece(&tokens, &types),
        };
        let id = |key: &str| metadata.u32(&format!("tokenizer.ggml.{key}_token_id")).ok();
        let add_bos = metadata.bool_or("tokenizer.ggml.add_bos_token", !is_byte_level);
        let (bos, eos, ends) = (id("bos"), id("eos"), id("eot").into_iter().collect());
        let (tokens, types) = (&tokens[..], &types[..]);
        Self::new(splitter, Words { tokens, types, pieces, bos, eos, ends, add_bos })
    }

    fn new(splitter: Splitter, words: Words<'_>) -> Result<Self, TokenizerError> {
        let Words { tokens, types, pieces, bos, eos, mut ends, add_bos } = words;
        ends.extend(eos);
        if let Some(id) = bos.iter().chain(&ends).find(|&&id| id as usize >= tokens.len()) {
            let count = tokens.len();
            return Err(TokenizerError::Broken(format!(
                "token {id} of {count} opens or ends texts"
            )));
        }
        let by_spelling: HashMap<&str, u32> = tokens.iter().copied().zip(0..).collect();
        ends.extend(ENDS_OF_TURN.iter().filter_map(|spelling| by_spelling.get(spelling)));
        ends.sort_unstable();
        ends.dedup();
        let is_control = |kind: i64| matches!(kind, token_type::UNKNOWN | token_type::CONTROL);
        let mut control: Vec<bool> = types.iter().map(|&kind| is_control(kind)).collect();
        for &end in &ends {
            if let Some(control) = control.get_mut(end as usize) {
                *control = true;
            }
        }
        for (id, control) in control.iter_mut().enumerate() {
            // Some converters write what steers a model as text that people may type.
            *control |= types[id] == token_type::USER_DEFINED && steers(tokens[id]);
        }
        let spelled = |wanted: &dyn Fn(usize) -> bool| {
            let wanted = tokens.iter().zip(0u32..).filter(|(_, id)| wanted(*id as usize));
            Spellings::new(wanted.map(|(token, id)| (splitter.written(token).into_owned(), id)))
        };
        let controls = spelled(&|id| control[id]);
        let is_text = |id: usize| types[id] == token_type::USER_DEFINED && !control[id];
        let user_defined = spelled(&is_text);
        let unknown = types.iter().position(|&kind| kind == token_type::UNKNOWN);
        let unknown = unknown.map(|id| id as u32);
        Ok(Self {
            splitter,
            pieces,
            control,
            controls,
            user_defined,
            unknown,
            bos,
            eos,
            ends,
            add_bos,
        })
    }

    /// The tokens of a plain text. No spelling in it becomes a control token.
    ///
    /// `opens` tells that nothing or a control token stands before it: some vocabularies then put a
    /// space in front.
    ///
    /// # Errors
    /// If the tokenizer library fails.
    pub fn encode_text(&self, text: &str, opens: bool) -> Result<Vec<u32>, TokenizerError> {
        let mut ids = Vec::new();
        self.encode_plain(&self.splitter.written(text), opens, &mut ids)?;
        Ok(ids)
    }

    /// The tokens of the text of a chat template: control tokens that are spelt in it included.
    ///
    /// # Errors
    /// If the tokenizer library fails.
    pub fn encode_template(&self, text: &str, opens: bool) -> Result<Vec<u32>, TokenizerError> {
        let mut ids = Vec::new();
        let mut opens = opens;
        for span in self.controls.split(&self.splitter.written(text)) {
            match span {
                Span::Token(id) => {
                    ids.push(id);
                    opens = self.opens_after(Some(id));
                }
                Span::Text(text) => {
                    self.encode_plain(text, opens, &mut ids)?;
                    opens = false;
                }
            }
        }
        Ok(ids)
    }

    /// Of a text with spaces as the vocabulary writes them.
    fn encode_plain(
        &self,
        text: &str,
        mut opens: bool,
        ids: &mut Vec<u32>,
    ) -> Result<(), TokenizerError> {
        for span in self.user_defined.split(text) {
            match (span, &self.splitter) {
                (Span::Token(id), _) => {
                    ids.push(id);
                    opens = self.opens_behind_control();
                    continue;
                }
                (Span::Text(text), Splitter::ByteLevel(splitter)) => splitter.encode(text, ids)?,
                (Span::Text(text), Splitter::SentencePiece(splitter)) => {
                    splitter.encode(text, opens, ids);
                }
                (Span::Text(text), Splitter::Library(splitter)) => {
                    self.encode_by(splitter, text, opens, ids)?;
                }
            }
            opens = false;
        }
        Ok(())
    }

    /// How it splits text.
    #[must_use]
    pub fn kind(&self) -> TokenizerKind {
        match self.splitter {
            Splitter::ByteLevel(_) => TokenizerKind::ByteLevel,
            Splitter::SentencePiece(_) => TokenizerKind::SentencePiece,
            Splitter::Library(_) => TokenizerKind::Json,
        }
    }

    /// Splits text by the library; where it makes a control token of it, character by character.
    fn encode_by(
        &self,
        splitter: &LibrarySplitter,
        text: &str,
        opens: bool,
        ids: &mut Vec<u32>,
    ) -> Result<(), TokenizerError> {
        let first = ids.len();
        splitter.encode(text, opens, ids)?;
        let is_text = |id: &u32| !self.is_control(*id) || Some(*id) == self.unknown;
        if ids[first..].iter().all(is_text) {
            return Ok(());
        }
        ids.truncate(first);
        let mut single = Vec::new();
        for (place, letter) in text.chars().enumerate() {
            single.clear();
            splitter.encode(letter.encode_utf8(&mut [0; 4]), opens && place == 0, &mut single)?;
            ids.extend(single.iter().filter(|id| is_text(id)));
        }
        Ok(())
    }

    /// Whether text behind this token opens: some vocabularies then put a space in front.
    pub(super) fn opens_after(&self, last: Option<u32>) -> bool {
        last.is_none_or(|id| self.is_control(id) && self.opens_behind_control())
    }

    fn opens_behind_control(&self) -> bool {
        match &self.splitter {
            Splitter::Library(splitter) => splitter.opens_behind_control(),
            Splitter::ByteLevel(_) | Splitter::SentencePiece(_) => true,
        }
    }

    /// How many tokens there are.
    #[must_use]
    pub fn token_count(&self) -> usize {
        self.control.len()
    }

    /// The token that opens a text, where the file names one.
    #[must_use]
    pub fn bos(&self) -> Option<u32> {
        self.bos
    }

    /// Whether a prompt begins with [`bos`](Self::bos).
    #[must_use]
    pub fn add_bos(&self) -> bool {
        self.add_bos
    }

    /// The tokens that end a reply.
    #[must_use]
    pub fn ends_of_turn(&self) -> &[u32] {
        &self.ends
    }

    /// How a control token is spelt in templates.
    #[must_use]
    pub fn control_spelling(&self, id: u32) -> Option<&str> {
        self.controls.iter().find(|(_, control)| *control == id).map(|(text, _)| text)
    }

    /// The end of a text, where the file names it.
    #[must_use]
    pub fn eos(&self) -> Option<u32> {
        self.eos
    }

    /// Whether the vocabulary has a control token of this spelling.
    #[must_use]
    pub fn has_control(&self, spelling: &str) -> bool {
        self.controls.iter().any(|(text, _)| text == spelling)
    }
}

impl Vocabulary for Tokenizer {
    fn size(&self) -> usize {
        self.control.len()
    }

    fn bytes(&self, id: u32) -> &[u8] {
        self.pieces.get(id)
    }

    fn is_control(&self, id: u32) -> bool {
        self.control.get(id as usize).copied().unwrap_or(true)
    }

    fn ends_reply(&self, id: u32) -> bool {
        self.ends.contains(&id)
    }

    fn encode(&self, text: &str) -> Vec<u32> {
        self.encode_text(text, false).unwrap_or_default()
    }
}

impl Splitter {
    fn from_gguf(
        metadata: &Metadata<'_>,
        tokens: &[&str],
        types: &[i64],
    ) -> Result<Self, TokenizerError> {
        match metadata.string("tokenizer.ggml.model")? {
            "gpt2" => ByteLevel::from_gguf(metadata, tokens).map(|b| Self::ByteLevel(Box::new(b))),
            "llama" => SentencePiece::from_gguf(metadata, tokens, types).map(Self::SentencePiece),
            other => Err(TokenizerError::Kind { found: other.into() }),
        }
    }

    /// A text with spaces as the vocabulary writes them.
    fn written<'a>(&self, text: &'a str) -> Cow<'a, str> {
        match self {
            Self::ByteLevel(_) | Self::Library(_) => text.into(),
            Self::SentencePiece(_) => text.replace(' ', SPACE.encode_utf8(&mut [0; 4])).into(),
        }
    }
}

/// Whether a token is spelt as those are with which chat templates mark turns, or with which other
/// media than text begin and end.
fn steers(token: &str) -> bool {
    const MARKS: [&str; 7] = [
        "<start_of_turn>",
        "<end_of_turn>",
        "[INST]",
        "[/INST]",
        "<start_of_image>",
        "<end_of_image>",
        "[multimodal]",
    ];
    token.starts_with("<|") && token.ends_with("|>") || MARKS.contains(&token)
}
