//! `+`, `==`, `and` and their like.

use super::{Value, kinds};

/// An operator of a program; the compiler has checked what stands on its sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    Equal,
    NotEqual,
    Less,
    AtMost,
    More,
    AtLeast,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Negate,
    And,
    Or,
    Xor,
    Not,
}

impl Operator {
    /// By the name in the program: `Number.Add`.
    pub(super) fn named(name: &str) -> Option<Self> {
        let (_, operator) = name.split_once('.')?;
        Some(match operator {
            "EqualTo" => Self::Equal,
            "NotEqualTo" => Self::NotEqual,
            "LessThan" => Self::Less,
            "LessThanOrEqualTo" => Self::AtMost,
            "GreaterThan" => Self::More,
            "GreaterThanOrEqualTo" => Self::AtLeast,
            "Add" => Self::Add,
            "Subtract" => Self::Subtract,
            "Multiply" => Self::Multiply,
            "Divide" => Self::Divide,
            "Modulo" => Self::Modulo,
            "UnarySubtract" => Self::Negate,
            "And" => Self::And,
            "Or" => Self::Or,
            "Xor" => Self::Xor,
            "Not" => Self::Not,
            _ => return None,
        })
    }

    pub(super) fn apply(self, values: &[Value]) -> Result<Value, String> {
        Ok(match (self, values) {
            (Self::Equal, [left, right]) => (left == right).into(),
            (Self::NotEqual, [left, right]) => (left != right).into(),
            (Self::Add, [Value::Text(left), right]) => format!("{left}{right}").into(),
            (Self::Negate, [Value::Number(number)]) => (-number).into(),
            (Self::Not, [Value::Bool(yes)]) => (!yes).into(),
            (_, [Value::Number(left), Value::Number(right)]) => {
                return self.numbers(*left, *right).ok_or_else(|| self.refuses(values));
            }
            (Self::And, [Value::Bool(left), Value::Bool(right)]) => (*left && *right).into(),
            (Self::Or, [Value::Bool(left), Value::Bool(right)]) => (*left || *right).into(),
            (Self::Xor, [Value::Bool(left), Value::Bool(right)]) => (left ^ right).into(),
            _ => return Err(self.refuses(values)),
        })
    }

    fn numbers(self, left: f32, right: f32) -> Option<Value> {
        Some(match self {
            Self::Less => (left < right).into(),
            Self::AtMost => (left <= right).into(),
            Self::More => (left > right).into(),
            Self::AtLeast => (left >= right).into(),
            Self::Add => (left + right).into(),
            Self::Subtract => (left - right).into(),
            Self::Multiply => (left * right).into(),
            Self::Divide => (left / right).into(),
            Self::Modulo => (left % right).into(),
            _ => return None,
        })
    }

    fn refuses(self, values: &[Value]) -> String {
        format!("`{self:?}` does not go with {}", kinds(values))
    }
}
