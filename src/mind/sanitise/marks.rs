//! Marks with which chat templates and tags are written.

use std::{borrow::Cow, sync::LazyLock};

use regex::{Captures, Regex};

use crate::mind::Emotion;

/// The text with such marks in plain brackets.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    static MARKS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(&pattern()).ok());
    let Some(marks) = MARKS.as_ref().filter(|_| text.contains(OPENS)) else {
        return Cow::Borrowed(text);
    };
    marks.replace_all(text, |found: &Captures<'_>| {
        let inner = found.iter().skip(1).flatten().next().map_or("", |inner| inner.as_str());
        format!("({})", inner.trim())
    })
}

const OPENS: [char; 4] = ['<', '＜', '[', '［'];

/// Words in `<…>` that are control tokens of some model; others are somebody's markup.
const ANGLED: &[&str] = &[
    "s|bos|eos|pad|unk|sep|cls|mask|sop|eop|eot|eod|system|sys|user|assistant|human|ai|bot|model",
    "tool|tools|developer|think|thinking|thought|inst|instructions?|prompt|messages?|turn|context",
    "admin|narrator|0x[0-9a-f]{2}",
    "[a-z]+_(?:of|start|end|begin|token|header|id|prefix|suffix|middle|calls?|response|turn)",
    "[a-z]+_(?:of|start|end|begin)_[a-z_]+|[a-z]+_(?:message|prompt)",
    "(?:start|end|begin|im|fim|tool|pad|eot|eom|bos|eos|reserved|unused)_?[a-z0-9_]+",
];
/// Words in `[…]` that are.
const SQUARE: &[&str] = &[
    "inst|sys|system|user|assistant|human|ai|bot|model|developer|admin|narrator|g?mask|smask|cls",
    "sep|pad|bos|eos|unk|available_tools|tool_calls|tool_results|tool_content|system_prompt",
    "prefix|suffix|middle|img|img_break|img_end|begin_inst|end_inst",
];

fn pattern() -> String {
    let (angled, square) = (ANGLED.join("|"), SQUARE.join("|"));
    let emotions = Emotion::BUILT_IN.map(|emotion| emotion.as_str().to_owned()).join("|");
    [
        // `<|…|>`, the fullest of all forms: any words may stand in it.
        r"(?i)[<＜]\s*[|｜]([^<>＜＞|｜\n]{0,60})[|｜]\s*[>＞]",
        r"[<＜]{2}\s*(/?[a-z_ ]{1,24})[>＞]{2}",
        &format!(r"[<＜]\s*(/?\s*(?:{angled}))(?:\s[^<>\n]{{0,60}})?\s*/?[>＞]"),
        &format!(r"[\[［]\s*(/?\s*(?:{square}))\s*[\]］]"),
        &format!(r"[\[［]\s*((?:{emotions})(?:\s*:\s*[\d.]+)?)\s*[\]］]"),
    ]
    .join("|")
}
