//! Typed reading of what a model says of itself.

use std::collections::HashMap;

use candle_core::quantized::gguf_file::Value;
use thiserror::Error;

/// A value of the head that is missing or of the wrong type.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum MetadataError {
    /// It is not there.
    #[error("the model file lacks `{key}`; convert the model again with a current converter")]
    Missing {
        /// Its name.
        key: String,
    },
    /// It is something else.
    #[error("`{key}` in the model file is {found}, not {expected}; convert the model again")]
    WrongType {
        /// Its name.
        key: String,
        /// What it should be.
        expected: &'static str,
        /// What it is.
        found: String,
    },
}

/// What a model says of itself, by name.
#[derive(Debug, Clone, Copy)]
pub struct Metadata<'a> {
    values: &'a HashMap<String, Value>,
}

impl<'a> Metadata<'a> {
    /// The values of a model.
    #[must_use]
    pub fn new(values: &'a HashMap<String, Value>) -> Self {
        Self { values }
    }

    /// Whether there is a value of this name.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.values.contains_key(key)
    }

    /// A text.
    ///
    /// # Errors
    /// If it is missing or no text; so for all readers below.
    pub fn string(&self, key: &str) -> Result<&'a str, MetadataError> {
        let value = self.get(key)?;
        value.to_string().map(String::as_str).map_err(|_| wrong(key, "a text", value))
    }

    /// A whole number of any width that fits.
    ///
    /// # Errors
    /// See [`string`](Self::string).
    pub fn u32(&self, key: &str) -> Result<u32, MetadataError> {
        let value = self.get(key)?;
        integer(value)
            .and_then(|number| number.try_into().ok())
            .ok_or_else(|| wrong(key, "a whole number", value))
    }

    /// A number with a fraction.
    ///
    /// # Errors
    /// See [`string`](Self::string).
    pub fn f32(&self, key: &str) -> Result<f32, MetadataError> {
        let value = self.get(key)?;
        match value {
            Value::F32(number) => Ok(*number),
            Value::F64(number) => Ok(*number as f32),
            _ => Err(wrong(key, "a number", value)),
        }
    }

    /// Yes or no; `default` where the file says nothing.
    #[must_use]
    pub fn bool_or(&self, key: &str, default: bool) -> bool {
        self.get(key).ok().and_then(|value| value.to_bool().ok()).unwrap_or(default)
    }

    /// A list of texts.
    ///
    /// # Errors
    /// See [`string`](Self::string).
    pub fn strings(&self, key: &str) -> Result<Vec<&'a str>, MetadataError> {
        self.list(key, "a list of texts", |value| value.to_string().ok().map(String::as_str))
    }

    /// A list of numbers with fractions.
    ///
    /// # Errors
    /// See [`string`](Self::string).
    pub fn f32s(&self, key: &str) -> Result<Vec<f32>, MetadataError> {
        self.list(key, "a list of numbers", |value| value.to_f32().ok())
    }

    /// A list of yes and no.
    ///
    /// # Errors
    /// See [`string`](Self::string).
    pub fn bools(&self, key: &str) -> Result<Vec<bool>, MetadataError> {
        self.list(key, "a list of true and false", |value| value.to_bool().ok())
    }

    /// A list of whole numbers.
    ///
    /// # Errors
    /// See [`string`](Self::string).
    pub fn integers(&self, key: &str) -> Result<Vec<i64>, MetadataError> {
        self.list(key, "a list of whole numbers", integer)
    }

    fn get(&self, key: &str) -> Result<&'a Value, MetadataError> {
        self.values.get(key).ok_or_else(|| MetadataError::Missing { key: key.into() })
    }

    fn list<T>(
        &self,
        key: &str,
        expected: &'static str,
        read: impl Fn(&'a Value) -> Option<T>,
    ) -> Result<Vec<T>, MetadataError> {
        let value = self.get(key)?;
        let Value::Array(items) = value else { return Err(wrong(key, expected, value)) };
        items.iter().map(|item| read(item).ok_or_else(|| wrong(key, expected, item))).collect()
    }
}

fn integer(value: &Value) -> Option<i64> {
    match *value {
        Value::U8(number) => Some(number.into()),
        Value::I8(number) => Some(number.into()),
        Value::U16(number) => Some(number.into()),
        Value::I16(number) => Some(number.into()),
        Value::U32(number) => Some(number.into()),
        Value::I32(number) => Some(number.into()),
        Value::U64(number) => number.try_into().ok(),
        Value::I64(number) => Some(number),
        _ => None,
    }
}

fn wrong(key: &str, expected: &'static str, value: &Value) -> MetadataError {
    let found = format!("{:?}", value.value_type());
    MetadataError::WrongType { key: key.into(), expected, found }
}
