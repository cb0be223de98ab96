//! What a server says in one event, or in one whole answer.

use serde_json::Value;

/// One thing that a server says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// Words of the reply.
    Text(String),
    /// It is at work: it thinks, or says who speaks.
    Alive,
    /// Why the reply ends.
    Finish(Finish),
    /// How many tokens it took.
    Usage(Usage),
    /// It failed.
    Error(String),
}

/// Why a server ends a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Finish {
    /// The model was done, or came to a stop text.
    Stop,
    /// The longest reply was reached.
    Length,
    /// What the model would have said is not allowed there.
    Filtered,
}

/// Token counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Usage {
    pub(super) prompt: usize,
    pub(super) cached: usize,
    pub(super) reply: usize,
}

/// Reads a chunk of a stream, or a whole answer; `None` for what is neither.
///
/// What is not known in it is left out, and what is missing is not there: servers differ.
pub(super) fn read(json: &str) -> Option<Vec<Piece>> {
    let value: Value = serde_json::from_str(json).ok()?;
    let object = value.as_object()?;
    if let Some(error) = object.get("error").filter(|error| !error.is_null()) {
        return Some(vec![Piece::Error(message(error).unwrap_or_else(|| error.to_string()))]);
    }
    if object.get("object").and_then(Value::as_str) == Some("error") {
        return Some(vec![Piece::Error(message(&value).unwrap_or_else(|| json.into()))]);
    }
    let choices = object.get("choices").and_then(Value::as_array);
    let usage = object.get("usage").and_then(usage);
    if choices.is_none() && usage.is_none() {
        return None;
    }
    let mut pieces = Vec::new();
    if let Some(choice) = choices.and_then(|choices| choices.first()) {
        let said = choice.get("delta").or_else(|| choice.get("message"));
        let content = said.and_then(|said| said.get("content")).or_else(|| choice.get("text"));
        let text = content.map(text).unwrap_or_default();
        pieces.push(if text.is_empty() { Piece::Alive } else { Piece::Text(text) });
        pieces.extend(choice.get("finish_reason").and_then(Value::as_str).map(finish));
    }
    pieces.extend(usage.map(Piece::Usage));
    Some(pieces)
}

/// The message in an error, wherever a server puts it.
pub(super) fn message(error: &Value) -> Option<String> {
    let nested = error.get("error").filter(|nested| !nested.is_null());
    let said = error.get("message").or_else(|| error.get("detail")).or(nested).unwrap_or(error);
    match said {
        Value::String(text) => Some(text.clone()),
        Value::Object(_) if !std::ptr::eq(said, error) => message(said),
        Value::Null | Value::Object(_) => None,
        other => Some(other.to_string()),
    }
}

/// Text as such, or in parts.
fn text(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(parts) => {
            parts.iter().filter_map(|part| part.get("text")?.as_str()).collect::<String>()
        }
        _ => String::new(),
    }
}

fn finish(reason: &str) -> Piece {
    Piece::Finish(match reason {
        "length" | "max_tokens" => Finish::Length,
        "content_filter" => Finish::Filtered,
        _ => Finish::Stop,
    })
}

fn usage(value: &Value) -> Option<Usage> {
    let count = |value: Option<&Value>| {
        value.and_then(Value::as_u64).and_then(|count| usize::try_from(count).ok())
    };
    let cached = value.get("prompt_tokens_details").and_then(|known| known.get("cached_tokens"));
    Some(Usage {
        prompt: count(value.get("prompt_tokens"))?,
        cached: count(cached).unwrap_or_default(),
        reply: count(value.get("completion_tokens")).unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(text: &str) -> Piece {
        Piece::Text(text.into())
    }

    #[test]
    fn chunks_and_whole_answers_say_the_same() {
        let chunk = r#"{"choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":null}],"usage":null}"#;
        assert_eq!(read(chunk), Some(vec![text("Hi")]));
        let last = r#"{"choices":[{"delta":{},"finish_reason":"length"}]}"#;
        assert_eq!(read(last), Some(vec![Piece::Alive, Piece::Finish(Finish::Length)]));
        let whole = r#"{"choices":[{"message":{"role":"assistant","content":[{"type":"text","text":"Hi"}]},
            "finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":2,
            "prompt_tokens_details":{"cached_tokens":4}}}"#;
        let usage = Piece::Usage(Usage { prompt: 9, cached: 4, reply: 2 });
        assert_eq!(read(whole), Some(vec![text("Hi"), Piece::Finish(Finish::Stop), usage.clone()]));
        let counts = r#"{"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":2,
            "prompt_tokens_details":{"cached_tokens":4}}}"#;
        assert_eq!(read(counts), Some(vec![usage]));
        let thinks = r#"{"choices":[{"delta":{"reasoning_content":"Hm","content":null}}]}"#;
        assert_eq!(read(thinks), Some(vec![Piece::Alive]));
    }

    #[test]
    fn errors_are_found_wherever_they_stand() {
        for json in [
            r#"{"error":{"message":"no room","code":500}}"#,
            r#"{"error":"no room"}"#,
            r#"{"object":"error","message":"no room"}"#,
            r#"{"error":{"error":{"message":"no room"}}}"#,
        ] {
            assert_eq!(read(json), Some(vec![Piece::Error("no room".into())]), "{json}");
        }
    }

    #[test]
    fn what_is_no_answer_is_none() {
        for json in
            ["", "nonsense", "7", "[]", "{}", "{\"choices\"", r#"{"object":"list","data":[]}"#]
        {
            assert_eq!(read(json), None, "{json}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(
            json in r#"(\{|\}|\[|\]|"choices"|"delta"|"error"|"content"|"usage"|"message"|:|,|null|7|"a")*"#,
        ) {
            read(&json);
        }
    }
}
