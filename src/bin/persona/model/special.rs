//! The tokens of a vocabulary that open and end texts and turns.

use bevy_persona::inference::model::{
    ModelFile,
    template::{ChatTemplate, Part, Role, TemplateError},
    tokenizer::Tokenizer,
};
use serde::Serialize;

/// A token and how it is spelt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Token {
    /// Its number.
    pub id: u32,
    /// Its spelling.
    pub text: String,
}

/// A vocabulary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VocabularyReport {
    /// How text is split.
    pub kind: String,
    /// How words are cut before that, where the file says it.
    pub cut: Option<String>,
    /// What opens a prompt, and whether every prompt is opened so.
    pub opens: Option<Token>,
    /// Whether prompts begin with it, whatever the template says.
    pub always_opens: bool,
    /// What ends a text.
    pub ends: Option<Token>,
    /// What ends a reply.
    pub ends_reply: Vec<Token>,
}

/// How conversations are written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TemplateReport {
    /// Where the template comes from.
    pub from: String,
    /// A short conversation, as the model reads it.
    pub sample: String,
}

impl VocabularyReport {
    /// Of the vocabulary of a file.
    pub fn of(file: &dyn ModelFile, tokenizer: &Tokenizer) -> Self {
        let token = |id: u32| {
            let text = tokenizer.control_spelling(id).unwrap_or_default().to_owned();
            Token { id, text }
        };
        let cut = file.metadata().string("tokenizer.ggml.pre").ok();
        Self {
            kind: tokenizer.kind().to_string(),
            cut: cut.map(str::to_owned),
            opens: tokenizer.bos().map(token),
            always_opens: tokenizer.add_bos() && tokenizer.bos().is_some(),
            ends: tokenizer.eos().map(token),
            ends_reply: tokenizer.ends_of_turn().iter().copied().map(token).collect(),
        }
    }
}

/// What is said in the sample.
const SAMPLE: [(Role, &str); 4] = [
    (Role::System, "You are Siwoo."),
    (Role::User, "Hi!"),
    (Role::Assistant, "Hello there."),
    (Role::User, "How are you?"),
];

impl TemplateReport {
    /// Of the template of a file, or of the one that is named.
    pub fn of(
        file: &dyn ModelFile,
        tokenizer: &Tokenizer,
        named: Option<&str>,
    ) -> Result<Self, TemplateError> {
        let of_file = file.metadata().has("tokenizer.chat_template");
        let (from, template) = match named {
            Some(name) => {
                let template = ChatTemplate::named(name)?.with_ends_of(tokenizer);
                (format!("`{name}`, as asked for"), template)
            }
            None if of_file => ("the model".into(), ChatTemplate::of(file, tokenizer)?),
            None => {
                let name = ChatTemplate::fitting_name(file, tokenizer);
                let from =
                    format!("`{name}`: the model has none, and its tokens or its name fit that");
                (from, ChatTemplate::named(name)?.with_ends_of(tokenizer))
            }
        };
        let parts = template.render(&SAMPLE.map(|(role, _)| role), true)?;
        let text = |part| match part {
            Part::Template(text) => text,
            Part::Content(message) => SAMPLE[message].1.to_owned(),
        };
        Ok(Self { from, sample: parts.into_iter().map(text).collect() })
    }
}
