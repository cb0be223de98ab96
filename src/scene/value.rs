//! What a variable of a scene can hold.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A number, a text, or yes and no.
///
/// # Example
/// ```
/// use bevy_persona::scene::Value;
///
/// assert_eq!(Value::Number(3.0).to_string(), "3");
/// assert_eq!(Value::from("tea").to_string(), "tea");
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// A number; always finite where a scene has computed it.
    Number(f32),
    /// A text.
    Text(String),
    /// Yes or no.
    Bool(bool),
}

impl Value {
    /// The kind in words, for errors.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Number(_) => "a number",
            Self::Text(_) => "a text",
            Self::Bool(_) => "true or false",
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
            Self::Bool(yes) => write!(f, "{yes}"),
        }
    }
}

impl From<f32> for Value {
    fn from(number: f32) -> Self {
        Self::Number(number)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Value {
    fn from(yes: bool) -> Self {
        Self::Bool(yes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_bare_and_read_back() {
        for (value, json) in
            [(Value::Number(2.5), "2.5"), (Value::from("5"), "\"5\""), (Value::Bool(true), "true")]
        {
            assert_eq!(serde_json::to_string(&value).unwrap(), json);
            assert_eq!(serde_json::from_str::<Value>(json).unwrap(), value);
        }
    }
}
