//! Writes a condition.

use std::fmt;

use super::{Comparison, Condition, Expr, Term};
use crate::scene::Value;

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(expr) => write!(f, "{expr}"),
            None => f.write_str("none"),
        }
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All(parts) => join(f, parts, " and "),
            Self::Any(parts) => join(f, parts, " or "),
            Self::Not(part) => {
                f.write_str("not ")?;
                inner(f, part)
            }
            Self::Is(term) => write!(f, "{term}"),
            Self::Compare(left, comparison, right) => write!(f, "{left} {comparison} {right}"),
        }
    }
}

fn join(f: &mut fmt::Formatter<'_>, parts: &[Expr], word: &str) -> fmt::Result {
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            f.write_str(word)?;
        }
        inner(f, part)?;
    }
    Ok(())
}

fn inner(f: &mut fmt::Formatter<'_>, part: &Expr) -> fmt::Result {
    if matches!(part, Expr::All(_) | Expr::Any(_)) {
        write!(f, "({part})")
    } else {
        write!(f, "{part}")
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(Value::Text(text)) => write!(f, "\"{text}\""),
            Self::Value(value) => write!(f, "{value}"),
            Self::Variable(name) => f.write_str(name),
            Self::Affinity(member) => write!(f, "affinity(\"{member}\")"),
            Self::Knows(secret) => write!(f, "knows(\"{secret}\")"),
            Self::Fan(key) => write!(f, "fan(\"{key}\")"),
            Self::Visited(node) => write!(f, "visited(\"{node}\")"),
            Self::VisitedCount(node) => write!(f, "visited_count(\"{node}\")"),
            Self::Hour => f.write_str("hour()"),
        }
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::More => ">",
            Self::AtLeast => ">=",
        })
    }
}
