//! Chat templates: how a model wants the turns of a conversation to be written.
//!
//! A template is rendered with a placeholder for each message, and cut at the placeholders. So the
//! text of the template and the text of people are tokenized apart, and nothing that a fan writes can
//! become a control token or template syntax.

mod named;

use std::sync::Arc;

use minijinja::{
    Environment, Error as JinjaError, ErrorKind, Value, context, syntax::SyntaxConfig,
};
use thiserror::Error;

use super::{
    ModelFile,
    tokenizer::{Tokenizer, TokenizerError},
};

/// Why a conversation could not be written as the model wants it.
#[derive(Debug, Clone, Error)]
#[non_exhaustive]
pub enum TemplateError {
    /// The template itself is broken.
    #[error("the model's chat template cannot be read: {0}; choose a named template")]
    Syntax(Arc<JinjaError>),
    /// The template refuses the conversation.
    #[error("the model's chat template refuses the conversation: {0}")]
    Refused(Arc<JinjaError>),
    /// The template leaves a message out.
    #[error("the model's chat template leaves out message {message}; choose a named template")]
    Lost {
        /// The place of the message, from 0.
        message: usize,
    },
    /// There is no template of this name.
    #[error("no template is named `{name}`; there are {known}")]
    Unknown {
        /// The name asked for.
        name: String,
        /// The names there are.
        known: String,
    },
    /// The tokenizer failed.
    #[error(transparent)]
    Tokenizer(#[from] TokenizerError),
}

/// Who says a message, in the words of chat templates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The instructions.
    System,
    /// The person.
    User,
    /// The model.
    Assistant,
}

impl Role {
    fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::User => "user",
            Self::Assistant => "assistant",
        }
    }
}

/// A part of a rendered conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Text of the template, with control tokens spelt in it.
    Template(String),
    /// The content of the message in this place, from 0.
    Content(usize),
}

/// A template, ready to be rendered.
///
/// # Example
/// ```
/// use bevy_persona::inference::model::template::{ChatTemplate, Part, Role};
///
/// let template = ChatTemplate::named("chatml")?;
/// let parts = template.render(&[Role::User], true)?;
/// assert_eq!(parts[0], Part::Template("<|im_start|>user\n".into()));
/// assert_eq!(parts[1], Part::Content(0));
/// assert_eq!(parts[2], Part::Template("<|im_end|>\n<|im_start|>assistant\n".into()));
/// # Ok::<(), bevy_persona::inference::model::template::TemplateError>(())
/// ```
pub struct ChatTemplate {
    environment: Environment<'static>,
    bos: String,
    eos: String,
}

/// What a model may be called, in small letters.
fn names(file: &dyn ModelFile) -> String {
    let stem = file.path().file_stem().unwrap_or_default().to_string_lossy().into_owned();
    format!("{} {stem}", file.name()).to_lowercase()
}

/// What a template sees of a message.
fn message(role: Role, content: String) -> Value {
    context! { role => role.as_str(), content }
}

/// Private-use characters around the number of a message.
const OPEN: char = '\u{F8F0}';
const CLOSE: char = '\u{F8F1}';

impl ChatTemplate {
    /// A template of this source, in Jinja with Python's string methods, as on the Hugging Face hub.
    ///
    /// # Errors
    /// If it cannot be parsed.
    pub fn new(source: &str) -> Result<Self, TemplateError> {
        let mut environment = Environment::new();
        let syntax = SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .build()
            .map_err(|error| TemplateError::Syntax(Arc::new(error)))?;
        environment.set_syntax(syntax);
        environment
            .set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
        environment.add_function("raise_exception", |message: String| {
            Err::<String, _>(JinjaError::new(ErrorKind::InvalidOperation, message))
        });
        // Templates print the date into the instructions; ours stay the same from day to day.
        environment.add_function("strftime_now", |_format: String| String::new());
        environment
            .add_template_owned("chat", without_marks(source))
            .map_err(|error| TemplateError::Syntax(Arc::new(error)))?;
        Ok(Self { environment, bos: String::new(), eos: String::new() })
    }

    /// One of the templates that we know by name: `chatml`, `llama-2`, `llama-3`, `gemma`, `mistral`,
    /// `solar`, `plain`.
    ///
    /// # Errors
    /// If there is none of this name.
    pub fn named(name: &str) -> Result<Self, TemplateError> {
        let source = named::source(name).ok_or_else(|| TemplateError::Unknown {
            name: name.into(),
            known: named::NAMES.join(", "),
        })?;
        Self::new(source)
    }

    /// The name of the template that the control tokens of a model's vocabulary, or its name, fit.
    #[must_use]
    pub fn fitting_name(file: &dyn ModelFile, tokenizer: &Tokenizer) -> &'static str {
        named::guess(tokenizer, &names(file))
    }

    /// The template of a model; where it has none, the [fitting](Self::fitting_name) one.
    ///
    /// # Errors
    /// If the model's template cannot be parsed.
    pub fn of(file: &dyn ModelFile, tokenizer: &Tokenizer) -> Result<Self, TemplateError> {
        let template = match file.metadata().string("tokenizer.chat_template") {
            Ok(source) => Self::new(source)?,
            Err(_) => {
                let name = Self::fitting_name(file, tokenizer);
                tracing::info!("the model has no chat template; using `{name}`");
                Self::named(name)?
            }
        };
        Ok(template.with_ends_of(tokenizer))
    }

    /// Lets the template write the tokens that open and end texts as this vocabulary spells them.
    #[must_use]
    pub fn with_ends_of(mut self, tokenizer: &Tokenizer) -> Self {
        let spelling = |id: Option<u32>| {
            let text = id.and_then(|id| tokenizer.control_spelling(id)).unwrap_or_default();
            text.to_owned()
        };
        (self.bos, self.eos) = (spelling(tokenizer.bos()), spelling(tokenizer.eos()));
        self
    }

    /// Renders a conversation; with `reply_follows` up to where the model's reply begins.
    ///
    /// A template that knows no system role gets the system message in front of the first message
    /// of the user, with an empty line between.
    ///
    /// # Errors
    /// If the template refuses the conversation or loses a message.
    pub fn render(&self, roles: &[Role], reply_follows: bool) -> Result<Vec<Part>, TemplateError> {
        let messages = |roles: &[Role], first: usize| -> Vec<Value> {
            let numbered = roles.iter().zip(first..);
            numbered.map(|(&role, index)| message(role, placeholder(index))).collect()
        };
        let plain = self.render_messages(messages(roles, 0), reply_follows);
        let whole = plain.and_then(|text| cut(&text, roles.len()));
        match (whole, roles) {
            (Err(_), [Role::System, Role::User, ..]) => {
                let mut folded = messages(&roles[1..], 1);
                let both = format!("{}\n\n{}", placeholder(0), placeholder(1));
                folded[0] = message(Role::User, both);
                let text = self.render_messages(folded, reply_follows)?;
                cut(&text, roles.len())
            }
            (whole, _) => whole,
        }
    }

    fn render_messages(
        &self,
        messages: Vec<Value>,
        add_generation_prompt: bool,
    ) -> Result<String, TemplateError> {
        let (bos_token, eos_token) = (&self.bos, &self.eos);
        // Idols answer at once: models that can think aloud are told not to.
        let enable_thinking = false;
        let values =
            context! { messages, add_generation_prompt, bos_token, eos_token, enable_thinking };
        self.environment
            .get_template("chat")
            .and_then(|template| template.render(values))
            .map_err(|error| TemplateError::Refused(Arc::new(error)))
    }
}

/// A template without the marks `{% generation %}` around replies, which are for training only.
fn without_marks(source: &str) -> String {
    let mut rest = source;
    let mut kept = String::with_capacity(source.len());
    while let Some((before, after)) = rest.split_once("{%") {
        kept.push_str(before);
        let Some((tag, behind)) = after.split_once("%}") else {
            rest = &rest[before.len()..];
            break;
        };
        let is_mark = matches!(tag.trim_matches(['-', '+']).trim(), "generation" | "endgeneration");
        match is_mark {
            // White space around it goes where the mark took it away.
            true => {
                let trims = |has: bool| if has { "-" } else { "" };
                let (left, right) = (trims(tag.starts_with('-')), trims(tag.ends_with('-')));
                kept.extend(["{%", left, " if true %}{% endif ", right, "%}"]);
            }
            false => kept.extend(["{%", tag, "%}"]),
        }
        rest = behind;
    }
    kept.push_str(rest);
    kept
}

fn placeholder(message: usize) -> String {
    format!("{OPEN}{message}{CLOSE}")
}

/// Cuts a rendered conversation at its placeholders; each of `count` messages must be there.
fn cut(rendered: &str, count: usize) -> Result<Vec<Part>, TemplateError> {
    let mut parts = Vec::new();
    let mut found = vec![false; count];
    let mut rest = rendered;
    while let Some((before, after)) = rest.split_once(OPEN) {
        let (number, after) = after.split_once(CLOSE).unwrap_or((after, ""));
        if !before.is_empty() {
            parts.push(Part::Template(before.into()));
        }
        if let Ok(message) = number.parse::<usize>()
            && let Some(found) = found.get_mut(message)
        {
            *found = true;
            parts.push(Part::Content(message));
        }
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(Part::Template(rest.into()));
    }
    match found.iter().position(|found| !found) {
        Some(message) => Err(TemplateError::Lost { message }),
        None => Ok(parts),
    }
}

/// The tokens of a part of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncodedPart {
    /// The message whose content this is; none for text of the template.
    pub message: Option<usize>,
    /// The tokens.
    pub ids: Vec<u32>,
}

/// The tokens of a conversation, part by part, ready for the model's reply.
///
/// `known` may give the tokens of a message that are known already: those of a reply as it was made.
///
/// # Errors
/// If the template refuses the conversation, or the tokenizer fails.
pub fn encode_chat(
    tokenizer: &Tokenizer,
    template: &ChatTemplate,
    messages: &[(Role, &str)],
    known: impl Fn(usize) -> Option<Vec<u32>>,
) -> Result<Vec<EncodedPart>, TemplateError> {
    let roles: Vec<Role> = messages.iter().map(|(role, _)| *role).collect();
    let mut parts = Vec::new();
    let mut last = None;
    for part in template.render(&roles, true)? {
        let opens = tokenizer.opens_after(last);
        let part = match part {
            Part::Template(text) => {
                EncodedPart { message: None, ids: tokenizer.encode_template(&text, opens)? }
            }
            Part::Content(message) => {
                let ids = match known(message) {
                    Some(ids) => ids,
                    None => tokenizer.encode_text(messages[message].1, opens)?,
                };
                EncodedPart { message: Some(message), ids }
            }
        };
        last = part.ids.last().copied().or(last);
        parts.push(part);
    }
    if tokenizer.add_bos()
        && let Some(bos) = tokenizer.bos()
        && parts.first().is_none_or(|part| part.ids.first() != Some(&bos))
    {
        parts.insert(0, EncodedPart { message: None, ids: vec![bos] });
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONVERSATION: [Role; 4] = [Role::System, Role::User, Role::Assistant, Role::User];

    fn rendered(name: &str) -> String {
        let parts = ChatTemplate::named(name).unwrap().render(&CONVERSATION, true).unwrap();
        parts
            .into_iter()
            .map(|part| match part {
                Part::Template(text) => text,
                Part::Content(message) => ["SYS", "Hi", "Hello!", "Bye"][message].into(),
            })
            .collect()
    }

    #[test]
    fn named_templates_write_conversations_as_their_models_want_them() {
        insta::assert_snapshot!("chatml", rendered("chatml"));
        insta::assert_snapshot!("llama-2", rendered("llama-2"));
        insta::assert_snapshot!("llama-3", rendered("llama-3"));
        insta::assert_snapshot!("gemma", rendered("gemma"));
        insta::assert_snapshot!("mistral", rendered("mistral"));
        insta::assert_snapshot!("solar", rendered("solar"));
        insta::assert_snapshot!("plain", rendered("plain"));
    }

    #[test]
    fn a_template_without_a_system_role_gets_it_in_the_first_message() {
        let source = "{% for m in messages %}{% if m.role == 'system' %}\
            {{ raise_exception('no system') }}{% endif %}<{{ m.role }}>{{ m.content }}{% endfor %}";
        let parts = ChatTemplate::new(source).unwrap().render(&CONVERSATION, false).unwrap();
        assert_eq!(
            parts[..4],
            [
                Part::Template("<user>".into()),
                Part::Content(0),
                Part::Template("\n\n".into()),
                Part::Content(1)
            ]
        );
    }

    #[test]
    fn a_template_that_loses_a_message_is_refused() {
        let template = ChatTemplate::new("{{ messages[0].content }}").unwrap();
        let lost = template.render(&[Role::User, Role::Assistant], false);
        assert!(matches!(lost, Err(TemplateError::Lost { message: 1 })));
    }

    #[test]
    fn marks_that_are_for_training_only_are_left_out() {
        let source = "{% for m in messages %} {%- generation -%} {{ m.content }} \
            {% endgeneration %}{% if not enable_thinking %}!{% endif %}{% endfor %}{% x";
        assert!(without_marks(source).ends_with("{% x"));
        let template = ChatTemplate::new(source.trim_end_matches("{% x")).unwrap();
        let parts = template.render(&[Role::User], false).unwrap();
        assert_eq!(parts, [Part::Content(0), Part::Template(" !".into())]);
    }

    #[test]
    fn broken_templates_and_unknown_names_are_errors() {
        assert!(matches!(ChatTemplate::new("{% if %}"), Err(TemplateError::Syntax(_))));
        assert!(matches!(ChatTemplate::named("x"), Err(TemplateError::Unknown { .. })));
    }
}
