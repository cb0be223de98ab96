//! Reads a condition.

use std::str::FromStr;

use thiserror::Error;

use super::{Comparison, Condition, Expr, Term};
use crate::scene::Value;

/// Deeper brackets are a mistake, and would cost stack.
const DEEPEST: usize = 32;

/// Why a text is no condition.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{problem} (column {column})")]
pub struct ConditionError {
    /// In characters of the text, from 1.
    pub column: usize,
    /// What is wrong and what to do.
    pub problem: String,
}

type Result<T> = std::result::Result<T, ConditionError>;

impl FromStr for Condition {
    type Err = ConditionError;

    fn from_str(text: &str) -> Result<Self> {
        if text.trim().is_empty() || text.trim() == "none" {
            return Ok(Self(None));
        }
        let mut parser = Parser { text, at: 0, depth: 0 };
        let expr = parser.any()?;
        match parser.peek() {
            None => Ok(Self(Some(expr))),
            Some(_) => parser.fault("`and`, `or` or the end should stand here"),
        }
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn fault<T>(&self, problem: &str) -> Result<T> {
        let column = self.text[..self.at].chars().count() + 1;
        Err(ConditionError { column, problem: problem.into() })
    }

    /// The next sign; what is before it is skipped.
    fn peek(&mut self) -> Option<char> {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
        self.text[self.at..].chars().next()
    }

    fn takes(&mut self, sign: &str) -> bool {
        self.peek();
        let found = self.text[self.at..].starts_with(sign);
        self.at += if found { sign.len() } else { 0 };
        found
    }

    /// A word of letters, digits and `_`; it is not taken.
    fn word(&mut self) -> &'a str {
        self.peek();
        word_of(&self.text[self.at..])
    }

    fn takes_word(&mut self, word: &str) -> bool {
        let found = self.word() == word;
        self.at += if found { word.len() } else { 0 };
        found
    }

    fn any(&mut self) -> Result<Expr> {
        let mut parts = vec![self.all()?];
        while self.takes_word("or") || self.takes("||") {
            parts.push(self.all()?);
        }
        Ok(joined(parts, Expr::Any))
    }

    fn all(&mut self) -> Result<Expr> {
        let mut parts = vec![self.not()?];
        while self.takes_word("and") || self.takes("&&") {
            parts.push(self.not()?);
        }
        Ok(joined(parts, Expr::All))
    }

    fn not(&mut self) -> Result<Expr> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return self.fault("the brackets are too deep: write it plainer");
        }
        let expr = if self.takes_word("not") || self.takes("!") {
            Expr::Not(Box::new(self.not()?))
        } else if self.takes("(") {
            let inner = self.any()?;
            if !self.takes(")") {
                return self.fault("`)` is missing");
            }
            inner
        } else {
            self.comparison()?
        };
        self.depth -= 1;
        Ok(expr)
    }

    fn comparison(&mut self) -> Result<Expr> {
        self.peek();
        let start = self.at;
        let left = self.term()?;
        let Some(comparison) = self.sign() else {
            return match left.kind() {
                None | Some("true or false") => Ok(Expr::Is(left)),
                Some(kind) => {
                    self.at = start;
                    self.fault(&format!("this is {kind}: compare it, as in `hour() >= 18`"))
                }
            };
        };
        let right = self.term()?;
        let ordered = !matches!(comparison, Comparison::Equal | Comparison::NotEqual);
        let kinds = (left.kind(), right.kind());
        let fits = match kinds {
            (Some(left), Some(right)) => left == right && (!ordered || left == "a number"),
            (Some(kind), None) | (None, Some(kind)) => !ordered || kind == "a number",
            (None, None) => true,
        };
        if !fits {
            self.at = start;
            let name = |kind: Option<&'static str>| kind.unwrap_or("a variable");
            let (left, right) = (name(kinds.0), name(kinds.1));
            return self.fault(&format!("{left} and {right} cannot be compared like this"));
        }
        Ok(Expr::Compare(left, comparison, right))
    }

    fn sign(&mut self) -> Option<Comparison> {
        let signs = [
            ("==", Comparison::Equal),
            ("!=", Comparison::NotEqual),
            ("<=", Comparison::AtMost),
            (">=", Comparison::AtLeast),
            ("<", Comparison::Less),
            (">", Comparison::More),
        ];
        if self.takes_word("is") {
            return Some(Comparison::Equal);
        }
        signs.into_iter().find(|(sign, _)| self.takes(sign)).map(|(_, comparison)| comparison)
    }

    fn term(&mut self) -> Result<Term> {
        match self.peek() {
            Some('"') => Ok(Term::Value(Value::Text(self.quoted()?))),
            Some('$') => {
                self.at += 1;
                let name = word_of(&self.text[self.at..]);
                if name.is_empty() || name.contains('-') {
                    return self.fault("the name of a variable should stand here");
                }
                self.at += name.len();
                Ok(Term::Variable(format!("${name}")))
            }
            Some(c) if c.is_ascii_digit() || c == '-' || c == '.' => self.number(),
            Some(_) => self.named(),
            None => self.fault("something is missing at the end"),
        }
    }

    fn quoted(&mut self) -> Result<String> {
        let inner = &self.text[self.at + 1..];
        let Some(end) = inner.find('"') else {
            return self.fault("this quote is not closed");
        };
        self.at += end + 2;
        Ok(inner[..end].into())
    }

    fn number(&mut self) -> Result<Term> {
        let rest = &self.text[self.at..];
        let end = rest.find(|c: char| !(c.is_ascii_digit() || "-.".contains(c)));
        let digits = &rest[..end.unwrap_or(rest.len())];
        match digits.parse::<f32>() {
            Ok(number) if number.is_finite() => {
                self.at += digits.len();
                Ok(Term::Value(Value::Number(number)))
            }
            _ => self.fault(&format!("`{digits}` is no number")),
        }
    }

    fn named(&mut self) -> Result<Term> {
        let word = self.word();
        if word.is_empty() {
            return self.fault("a value, a variable or a function should stand here");
        }
        let start = self.at;
        self.at += word.len();
        if !self.takes("(") {
            return Ok(Term::Value(match word {
                "true" => Value::Bool(true),
                "false" => Value::Bool(false),
                _ => Value::Text(word.into()),
            }));
        }
        let argument = match self.peek() {
            Some(')') => None,
            Some('"') => Some(self.quoted()?),
            _ => {
                let bare = self.word();
                self.at += bare.len();
                Some(bare.to_owned())
            }
        };
        if !self.takes(")") {
            return self.fault("`)` is missing");
        }
        let empty = argument.as_ref().is_none_or(String::is_empty);
        let of: fn(String) -> Term = match word {
            "hour" if argument.is_none() => return Ok(Term::Hour),
            "affinity" => Term::Affinity,
            "knows" => Term::Knows,
            "fan" => Term::Fan,
            "visited" => Term::Visited,
            "visited_count" => Term::VisitedCount,
            _ => {
                self.at = start;
                return self.fault(&format!(
                    "`{word}` is unknown here: there are affinity(member), knows(secret), \
                     fan(key), visited(node), visited_count(node) and hour()"
                ));
            }
        };
        if empty {
            self.at = start;
            return self.fault(&format!("`{word}` needs one name in its brackets"));
        }
        Ok(of(argument.unwrap_or_default()))
    }
}

fn word_of(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-'));
    &text[..end.unwrap_or(text.len())]
}

fn joined(mut parts: Vec<Expr>, join: fn(Vec<Expr>) -> Expr) -> Expr {
    if parts.len() > 1 { join(parts) } else { parts.remove(0) }
}

impl Term {
    /// What it gives; unknown for a variable.
    const fn kind(&self) -> Option<&'static str> {
        match self {
            Self::Value(value) => Some(value.kind()),
            Self::Variable(_) => None,
            Self::Affinity(_) | Self::VisitedCount(_) | Self::Hour => Some("a number"),
            Self::Fan(_) => Some("a text"),
            Self::Knows(_) | Self::Visited(_) => Some("true or false"),
        }
    }
}
