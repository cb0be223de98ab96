//! How a server is made to put emotion tags into its replies.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use thiserror::Error;

use crate::{
    inference::Request,
    mind::{Emotion, Palette},
};

/// How replies are made to hold emotion tags.
///
/// Whatever the mode, tags are read from the stream, one that the persona does not declare is left
/// out, and a reply without one opens with the feeling that suits the fan's message best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TagMode {
    /// The model is asked to: any server can do that.
    #[default]
    Text,
    /// vLLM from 0.10.2 on: `structured_outputs` with a regular expression.
    Regex,
    /// vLLM before that: `guided_regex`.
    GuidedRegex,
    /// SGLang: `regex`.
    SglangRegex,
    /// llama.cpp, and llama-cpp-python: `grammar`, in GBNF.
    Grammar,
    /// Servers with structured output, such as Upstage, OpenAI and Ollama: `response_format` with a
    /// JSON schema.
    Json,
}

impl TagMode {
    /// All modes, the simplest first.
    pub const ALL: [Self; 6] =
        [Self::Text, Self::Regex, Self::GuidedRegex, Self::SglangRegex, Self::Grammar, Self::Json];

    /// What it is called in settings.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Regex => "regex",
            Self::GuidedRegex => "guided_regex",
            Self::SglangRegex => "sglang_regex",
            Self::Grammar => "grammar",
            Self::Json => "json",
        }
    }
}

impl fmt::Display for TagMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for TagMode {
    type Err = ParseTagModeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL.into_iter().find(|mode| mode.as_str() == text);
        known.ok_or_else(|| ParseTagModeError(text.into()))
    }
}

/// A text that names no [`TagMode`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is no way to tag feelings; write one of {all}", all = TagMode::ALL.map(TagMode::as_str).join(", "))]
pub struct ParseTagModeError(String);

/// The feelings that a reply may open with, and those it may go on with.
pub(super) struct Feelings {
    opening: Palette,
    between: Palette,
    sentences: usize,
}

impl Feelings {
    pub(super) fn of(request: &Request) -> Self {
        let Request { palette, direction, sampling, .. } = request;
        let direction = direction.clone().within(palette);
        Self {
            opening: direction.opening_of(palette),
            between: palette.without(&direction.never),
            sentences: sampling.max_sentences,
        }
    }
}

impl TagMode {
    /// What the model is told of tags: the same for all replies, so that a server need not read it
    /// again.
    pub(super) fn instruction(self, palette: &Palette) -> String {
        let words: Vec<String> = palette.emotions().iter().map(|e| format!("[{e}]")).collect();
        let tags = words.join(" ");
        match self {
            Self::Json => format!(
                "Answer in JSON: a list of beats, each with a `feeling`, one of {tags} without \
                 brackets, and its `words`, one sentence. No stage directions."
            ),
            _ => format!(
                "Write before each sentence how you feel, as one of these tags: {tags}. Use no other \
                 brackets and no stage directions."
            ),
        }
    }

    /// Adds what makes the server keep to the tags.
    pub(super) fn constrain(self, feelings: &Feelings, body: &mut Map<String, Value>) {
        let mut set = |field: &str, value: Value| body.insert(field.into(), value);
        match self {
            Self::Text => None,
            Self::Regex => set("structured_outputs", json!({ "regex": feelings.regex() })),
            Self::GuidedRegex => set("guided_regex", feelings.regex().into()),
            Self::SglangRegex => set("regex", feelings.regex().into()),
            Self::Grammar => set("grammar", feelings.grammar().into()),
            Self::Json => set("response_format", feelings.schema()),
        };
    }
}

impl Feelings {
    /// `\[(joy|sad)\] [^\[\]]+(\[(joy|shy)\] [^\[\]]+){0,2}`
    fn regex(&self) -> String {
        let beat = |palette: &Palette| {
            let words: Vec<String> = words(palette).map(regex::escape).collect();
            format!(r"\[({})\] [^\[\]]+", words.join("|"))
        };
        let more = match self.sentences {
            0 => "*".to_owned(),
            sentences => format!("{{0,{}}}", sentences - 1),
        };
        format!("{}({}){more}", beat(&self.opening), beat(&self.between))
    }

    /// The same as rules of llama.cpp.
    fn grammar(&self) -> String {
        let tag = |palette: &Palette| {
            let words: Vec<String> = words(palette).map(|word| format!("{word:?}")).collect();
            words.join(" | ")
        };
        let more = match self.sentences {
            0 => "(next)*".to_owned(),
            sentences => optional("next", sentences - 1),
        };
        format!(
            "root ::= \"[\" opening \"] \" words {more}\nnext ::= \"[\" between \"] \" words\n\
             opening ::= {}\nbetween ::= {}\nwords ::= [^\\[\\]]+\n",
            tag(&self.opening),
            tag(&self.between),
        )
    }

    /// The same as a JSON schema. All its beats have the same feelings: servers know no way to have
    /// another set for the first one.
    fn schema(&self) -> Value {
        let feelings: Vec<&str> = words(&self.between).collect();
        json!({
            "type": "json_schema",
            "json_schema": { "name": "reply", "strict": true, "schema": {
                "type": "object",
                "properties": { "beats": { "type": "array", "items": {
                    "type": "object",
                    "properties": {
                        "feeling": { "type": "string", "enum": feelings },
                        "words": { "type": "string" },
                    },
                    "required": ["feeling", "words"],
                    "additionalProperties": false,
                } } },
                "required": ["beats"],
                "additionalProperties": false,
            } },
        })
    }
}

/// At most `times` of a rule: `(next (next)?)?`.
fn optional(rule: &str, times: usize) -> String {
    let times = times.min(MOST_BEATS);
    let open: Vec<String> = (0..times).map(|_| format!("({rule}")).collect();
    format!("{}{}", open.join(" "), ")?".repeat(times))
}

/// Rules of more beats than anybody says would only be slow.
const MOST_BEATS: usize = 16;

fn words(palette: &Palette) -> impl Iterator<Item = &str> {
    palette.emotions().iter().map(Emotion::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feelings(sentences: usize) -> Feelings {
        let palette = |emotions: &[Emotion]| Palette::new(emotions.iter().cloned()).unwrap();
        Feelings {
            opening: palette(&[Emotion::Sad]),
            between: palette(&[Emotion::Sad, Emotion::Love]),
            sentences,
        }
    }

    #[test]
    fn the_regular_expression_lets_only_declared_tags_through() {
        let whole =
            |sentences| regex::Regex::new(&format!("^(?:{})$", feelings(sentences).regex()));
        let three = whole(3).unwrap();
        for reply in
            ["[sad] Oh no.", "[sad] Oh. [love] I'm here. [sad] I know.", "[sad] 그랬구나 😢"]
        {
            assert!(three.is_match(reply), "{reply}");
        }
        for reply in ["Oh no.", "[love] Oh.", "[sad] Oh. [joy] Ha!", "[sad] a[0]", "[sad] "] {
            assert!(!three.is_match(reply), "{reply}");
        }
        let long = "[sad] Oh. [sad] Oh. [sad] Oh. [sad] Oh.";
        assert!(!three.is_match(long) && whole(0).unwrap().is_match(long));
    }

    #[test]
    fn a_mode_is_called_the_same_everywhere() {
        for mode in TagMode::ALL {
            assert_eq!(mode.as_str().parse(), Ok(mode));
            assert_eq!(serde_json::to_value(mode).unwrap(), mode.as_str());
        }
        assert!("xml".parse::<TagMode>().unwrap_err().to_string().contains("grammar, json"));
    }

    #[test]
    fn the_grammar_says_the_same() {
        insta::assert_snapshot!(feelings(3).grammar(), @r#"
        root ::= "[" opening "] " words (next (next)?)?
        next ::= "[" between "] " words
        opening ::= "sad"
        between ::= "sad" | "love"
        words ::= [^\[\]]+
        "#);
        assert!(feelings(0).grammar().contains("words (next)*"));
        assert!(feelings(1).grammar().starts_with("root ::= \"[\" opening \"] \" words \n"));
    }
}
