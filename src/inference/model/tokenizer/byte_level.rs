//! Byte-level BPE, as GPT-2 introduced it, with the ways of splitting words that came later.
//!
//! The regular expressions are those of the models' own `tokenizer.json` files; which name stands for
//! which is what llama.cpp writes into GGUF files.

use tokenizers::{
    Tokenizer as Library,
    models::bpe::BPE,
    normalizers::unicode::NFC,
    pre_tokenizers::{
        PreTokenizerWrapper,
        byte_level::ByteLevel as Bytes,
        digits::Digits,
        sequence::Sequence,
        split::{Split, SplitPattern},
    },
    tokenizer::SplitDelimiterBehavior,
};

use super::TokenizerError;
use crate::inference::model::Metadata;

/// How text is cut before pairs are merged.
struct Recipe {
    /// The names in `tokenizer.ggml.pre`.
    names: &'static [&'static str],
    cut: Cut,
    /// Whether a word that is a token is taken whole, whatever the merges say.
    ignore_merges: bool,
    normalise: bool,
}

enum Cut {
    /// GPT-2's expression, which the library has built in.
    Gpt2,
    /// Each digit alone, then as GPT-2.
    DigitsThenGpt2,
    Expression(&'static str),
}

const LLAMA_3: &str = r"(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
const QWEN_2: &str = r"(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
const TEKKEN: &str = r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

const RECIPES: [Recipe; 5] = [
    Recipe {
        names: &["smollm", "starcoder", "refact", "command-r"],
        cut: Cut::DigitsThenGpt2,
        ignore_merges: false,
        normalise: false,
    },
    Recipe {
        names: &["gpt-2", "phi-2", "mpt", "olmo"],
        cut: Cut::Gpt2,
        ignore_merges: false,
        normalise: false,
    },
    Recipe {
        names: &["llama-bpe", "llama3", "llama-v3", "falcon3", "lfm2", "smaug-bpe"],
        cut: Cut::Expression(LLAMA_3),
        ignore_merges: true,
        normalise: false,
    },
    Recipe {
        names: &["qwen2", "deepseek-r1-qwen"],
        cut: Cut::Expression(QWEN_2),
        ignore_merges: false,
        normalise: true,
    },
    Recipe {
        names: &["tekken"],
        cut: Cut::Expression(TEKKEN),
        ignore_merges: true,
        normalise: false,
    },
];

/// Splits text by merging pairs of bytes.
pub(super) struct ByteLevel {
    library: Library,
}

impl ByteLevel {
    pub(super) fn from_gguf(
        metadata: &Metadata<'_>,
        tokens: &[&str],
    ) -> Result<Self, TokenizerError> {
        let name = metadata.string("tokenizer.ggml.pre")?;
        let recipe = RECIPES.iter().find(|recipe| recipe.names.contains(&name));
        let recipe = recipe.ok_or_else(|| TokenizerError::PreTokenizer {
            found: name.into(),
            supported: RECIPES.map(|recipe| recipe.names.join(", ")).join(", "),
        })?;
        let vocabulary = tokens.iter().map(|&token| token.to_owned()).zip(0u32..);
        let merges = metadata
            .strings("tokenizer.ggml.merges")?
            .into_iter()
            .map(|merge| match merge.split_once(' ') {
                Some((left, right)) => Ok((left.to_owned(), right.to_owned())),
                None => Err(TokenizerError::Broken(format!("`{merge}` is no pair to merge"))),
            })
            .collect::<Result<Vec<_>, _>>()?;
        let model = BPE::builder()
            .vocab_and_merges(vocabulary.collect::<tokenizers::models::bpe::Vocab>(), merges)
            .ignore_merges(recipe.ignore_merges)
            .build()
            .map_err(|error| TokenizerError::Broken(error.to_string()))?;
        let mut library = Library::new(model);
        library.with_pre_tokenizer(Some(recipe.cut.pre_tokenizer()?));
        if recipe.normalise {
            library
                .with_normalizer(Some(NFC))
                .map_err(|error| TokenizerError::Library(error.to_string()))?;
        }
        Ok(Self { library })
    }

    pub(super) fn encode(&self, text: &str, ids: &mut Vec<u32>) -> Result<(), TokenizerError> {
        let encoding = self
            .library
            .encode_fast(text, false)
            .map_err(|error| TokenizerError::Library(error.to_string()))?;
        ids.extend_from_slice(encoding.get_ids());
        Ok(())
    }
}

impl Cut {
    fn pre_tokenizer(&self) -> Result<PreTokenizerWrapper, TokenizerError> {
        let steps = match self {
            Self::Gpt2 => vec![Bytes::new(false, false, true).into()],
            Self::DigitsThenGpt2 => {
                vec![Digits::new(true).into(), Bytes::new(false, false, true).into()]
            }
            Self::Expression(expression) => {
                let pattern = SplitPattern::Regex((*expression).into());
                let split = Split::new(pattern, SplitDelimiterBehavior::Isolated, false)
                    .map_err(|error| TokenizerError::Library(error.to_string()))?;
                vec![split.into(), Bytes::new(false, false, false).into()]
            }
        };
        Ok(Sequence::new(steps).into())
    }
}
