//! A tiny llama model in a GGUF file: everything is real but its size. Its weights are random.

use std::{io::Cursor, path::Path};

use candle_core::{
    Device, Tensor,
    quantized::{
        GgmlDType, QTensor,
        gguf_file::{self, Value},
    },
};

/// The template of models that mark turns with `<|im_start|>`.
const CHATML: &str = "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\\n' + \
    m['content'] + '<|im_end|>\\n' }}{% endfor %}\
    {% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

/// How large a tiny model is.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Values per token.
    pub width: usize,
    /// Values per token within the feed-forward part.
    pub hidden: usize,
}

impl Size {
    /// One whose matrices are of whole blocks.
    pub const EVEN: Self = Self { width: 32, hidden: 64 };
    /// One whose matrices are not.
    pub const UNEVEN: Self = Self { width: 48, hidden: 80 };
}

/// A model file in the making.
pub struct TinyGguf {
    /// The values of its head.
    pub metadata: Vec<(String, Value)>,
    /// Its tensors, in the order of the file.
    pub tensors: Vec<(String, QTensor)>,
    /// The bytes that each token stands for; none for control tokens.
    pub pieces: Vec<Vec<u8>>,
}

/// A token: its spelling in the file, its kind, and the bytes it stands for.
struct Token {
    spelling: String,
    kind: i32,
    bytes: Vec<u8>,
}

impl Token {
    const NORMAL: i32 = 1;
    const UNKNOWN: i32 = 2;
    const CONTROL: i32 = 3;
    const BYTE: i32 = 6;

    fn control(spelling: &str, kind: i32) -> Self {
        Self { spelling: spelling.into(), kind, bytes: Vec::new() }
    }
}

impl TinyGguf {
    const HEADS: usize = 2;
    const KV_HEADS: usize = 1;
    const LAYERS: usize = 2;
    const CONTEXT: u32 = 2048;

    /// A model with a byte-level vocabulary and the ChatML template.
    pub fn byte_level(size: Size) -> Self {
        let mut tokens: Vec<Token> = (0..=255)
            .map(|byte| Token {
                spelling: alphabet(byte).into(),
                kind: Token::NORMAL,
                bytes: vec![byte],
            })
            .collect();
        let merges = ["j o", "jo y", "s a", "sa d", "l o", "lo v", "lov e", "Ġ [", "t h", "th e"];
        for merge in merges {
            let spelling = merge.replace(' ', "");
            let bytes = spelling.replace('Ġ', " ").into_bytes();
            tokens.push(Token { spelling, kind: Token::NORMAL, bytes });
        }
        for spelling in ["<|endoftext|>", "<|im_start|>", "<|im_end|>"] {
            tokens.push(Token::control(spelling, Token::CONTROL));
        }
        let end = tokens.len() as u32 - 1;
        let mut tiny = Self::new(&tokens, size);
        tiny.set("tokenizer.ggml.model", text("gpt2"));
        tiny.set("tokenizer.ggml.pre", text("smollm"));
        tiny.set("tokenizer.ggml.merges", texts(merges));
        tiny.set("tokenizer.ggml.bos_token_id", Value::U32(end - 1));
        tiny.set("tokenizer.ggml.eos_token_id", Value::U32(end));
        tiny.set("tokenizer.ggml.add_bos_token", Value::Bool(false));
        tiny.set("tokenizer.chat_template", text(CHATML));
        tiny
    }

    /// A model with a SentencePiece vocabulary and no template.
    pub fn sentence_piece(size: Size) -> Self {
        let mut tokens = vec![
            Token::control("<unk>", Token::UNKNOWN),
            Token::control("<s>", Token::CONTROL),
            Token::control("</s>", Token::CONTROL),
        ];
        tokens.extend((0..=255).map(|byte: u8| Token {
            spelling: format!("<0x{byte:02X}>"),
            kind: Token::BYTE,
            bytes: vec![byte],
        }));
        let words = ["▁the", "▁hello", "▁hell", "▁he", "ll", "▁th", "▁t", "he", "lo"];
        let letters = ('a'..='z').chain('A'..='Z').chain("▁.!?".chars()).map(String::from);
        for spelling in words.map(String::from).into_iter().chain(letters) {
            let bytes = spelling.replace('▁', " ").into_bytes();
            tokens.push(Token { spelling, kind: Token::NORMAL, bytes });
        }
        // The later a piece stands, the later it is merged.
        let scores = (0..tokens.len()).map(|place| Value::F32(-(place as f32)));
        let scores = Value::Array(scores.collect());
        let mut tiny = Self::new(&tokens, size);
        tiny.set("tokenizer.ggml.model", text("llama"));
        tiny.set("tokenizer.ggml.scores", scores);
        tiny.set("tokenizer.ggml.unknown_token_id", Value::U32(0));
        tiny.set("tokenizer.ggml.bos_token_id", Value::U32(1));
        tiny.set("tokenizer.ggml.eos_token_id", Value::U32(2));
        tiny
    }

    fn new(tokens: &[Token], size: Size) -> Self {
        let mut tiny = Self {
            metadata: Vec::new(),
            tensors: Vec::new(),
            pieces: tokens.iter().map(|token| token.bytes.clone()).collect(),
        };
        tiny.set("general.architecture", text("llama"));
        tiny.set("general.name", text("tiny"));
        let head_dim = size.width / Self::HEADS;
        for (key, value) in [
            ("context_length", Self::CONTEXT),
            ("embedding_length", size.width as u32),
            ("block_count", Self::LAYERS as u32),
            ("feed_forward_length", size.hidden as u32),
            ("attention.head_count", Self::HEADS as u32),
            ("attention.head_count_kv", Self::KV_HEADS as u32),
            ("rope.dimension_count", head_dim as u32),
        ] {
            tiny.set(&format!("llama.{key}"), Value::U32(value));
        }
        tiny.set("llama.attention.layer_norm_rms_epsilon", Value::F32(1e-5));
        tiny.set("llama.rope.freq_base", Value::F32(10_000.0));
        tiny.set("tokenizer.ggml.tokens", texts(tokens.iter().map(|token| &*token.spelling)));
        let kinds = tokens.iter().map(|token| Value::I32(token.kind)).collect();
        tiny.set("tokenizer.ggml.token_type", Value::Array(kinds));
        tiny.add_weights(tokens.len(), size);
        tiny
    }

    fn add_weights(&mut self, vocabulary: usize, size: Size) {
        let Size { width, hidden } = size;
        let head_dim = width / Self::HEADS;
        let (queries, keys) = (Self::HEADS * head_dim, Self::KV_HEADS * head_dim);
        let mut random = Random(7);
        let mut tensors = Vec::new();
        let mut add = |name: String, shape: &[usize]| {
            tensors.push((name, random.tensor(shape)));
        };
        add("token_embd.weight".into(), &[vocabulary, width]);
        add("output.weight".into(), &[vocabulary, width]);
        for layer in 0..Self::LAYERS {
            for (part, shape) in [
                ("attn_norm", &[width][..]),
                ("attn_q", &[queries, width]),
                ("attn_k", &[keys, width]),
                ("attn_v", &[keys, width]),
                ("attn_output", &[width, queries]),
                ("ffn_norm", &[width]),
                ("ffn_gate", &[hidden, width]),
                ("ffn_up", &[hidden, width]),
                ("ffn_down", &[width, hidden]),
            ] {
                add(format!("blk.{layer}.{part}.weight"), shape);
            }
        }
        add("output_norm.weight".into(), &[width]);
        self.tensors = tensors;
    }

    /// Sets a value of the head.
    pub fn set(&mut self, key: &str, value: Value) {
        match self.metadata.iter_mut().find(|(known, _)| known == key) {
            Some((_, known)) => *known = value,
            None => self.metadata.push((key.into(), value)),
        }
    }

    /// A value of the head.
    pub fn value(&self, key: &str) -> Option<&Value> {
        self.metadata.iter().find(|(known, _)| known == key).map(|(_, value)| value)
    }

    /// Takes a value out of the head.
    pub fn remove(&mut self, key: &str) {
        let count = self.metadata.len();
        self.metadata.retain(|(known, _)| known != key);
        assert_eq!(self.metadata.len(), count - 1, "there is no {key}");
    }

    /// Takes a tensor out.
    pub fn remove_tensor(&mut self, name: &str) {
        let count = self.tensors.len();
        self.tensors.retain(|(known, _)| known != name);
        assert_eq!(self.tensors.len(), count - 1, "there is no {name}");
    }

    /// Gives a tensor another shape, and other random values.
    pub fn reshape(&mut self, name: &str, shape: &[usize]) {
        let tensor = self.tensors.iter_mut().find(|(known, _)| known == name);
        tensor.expect("a tensor of this name").1 = Random(11).tensor(shape);
    }

    /// The bytes of the file.
    pub fn bytes(&self) -> Vec<u8> {
        let metadata: Vec<_> = self.metadata.iter().map(|(key, value)| (&**key, value)).collect();
        let tensors: Vec<_> = self.tensors.iter().map(|(name, tensor)| (&**name, tensor)).collect();
        let mut file = Cursor::new(Vec::new());
        gguf_file::write(&mut file, &metadata, &tensors).expect("memory takes every byte");
        file.into_inner()
    }

    /// Writes the file.
    pub fn write(&self, path: &Path) {
        std::fs::write(path, self.bytes()).expect("a folder to write into");
    }

    /// The text that these tokens stand for.
    pub fn decode(&self, ids: &[u32]) -> String {
        let bytes: Vec<u8> = ids.iter().flat_map(|&id| self.pieces[id as usize].clone()).collect();
        String::from_utf8(bytes).expect("whole characters")
    }
}

/// A text in the head of a file.
pub fn text(value: &str) -> Value {
    Value::String(value.into())
}

/// A list of texts in the head of a file.
pub fn texts<'a>(values: impl IntoIterator<Item = &'a str>) -> Value {
    Value::Array(values.into_iter().map(text).collect())
}

/// The character that stands for a byte in byte-level vocabularies: printable bytes of Latin-1
/// stand for themselves, the others for the characters from U+0100 on.
fn alphabet(byte: u8) -> char {
    let printable = |byte: &u8| matches!(byte, b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff);
    if printable(&byte) {
        return byte.into();
    }
    let place = (0..byte).filter(|other| !printable(other)).count() as u32;
    char::from_u32(0x100 + place).expect("far below the surrogates")
}

/// Always the same random numbers: splitmix64 (Steele et al., 2014).
struct Random(u64);

impl Random {
    /// A number from -1 to 1.
    fn number(&mut self) -> f32 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (bits >> 40) as f32 / (1 << 23) as f32 - 1.0
    }

    /// A matrix that keeps the size of what it is multiplied with; a vector near 1.
    fn tensor(&mut self, shape: &[usize]) -> QTensor {
        let count = shape.iter().product();
        let (middle, spread) = match shape {
            [_, columns] => (0.0, 1.7 / (*columns as f32).sqrt()),
            _ => (1.0, 0.1),
        };
        let values: Vec<f32> = (0..count).map(|_| middle + spread * self.number()).collect();
        let tensor = Tensor::from_vec(values, shape, &Device::Cpu).expect("values for the shape");
        QTensor::quantize(&tensor, GgmlDType::F32).expect("any shape can be f32")
    }
}
