//! When a scene may begin: `affinity(siwoo) >= 40 and knows(s01)`.

mod need;
mod parse;
mod show;

use super::{SceneWorld, Story, Value};

pub use need::Need;
pub use parse::ConditionError;

/// Something that holds or does not, by what has happened and who the fan is.
///
/// Texts may stand without quotes where they are one word. `none`, or nothing, always holds.
///
/// # Example
/// ```
/// use bevy_persona::scene::{Condition, Need};
///
/// let needs: Condition = "affinity(siwoo) >= 40 and not visited(echo_tower_end)".parse()?;
/// assert_eq!(needs.to_string(), r#"affinity("siwoo") >= 40 and not visited("echo_tower_end")"#);
/// assert_eq!(needs.parts()[1], Need::Visited("echo_tower_end".into()));
/// assert!("affinity(siwoo) >=".parse::<Condition>().is_err());
/// # Ok::<(), bevy_persona::scene::ConditionError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Condition(Option<Expr>);

#[derive(Debug, Clone, PartialEq)]
enum Expr {
    /// At least two, joined by `and`.
    All(Vec<Self>),
    /// At least two, joined by `or`.
    Any(Vec<Self>),
    Not(Box<Self>),
    Is(Term),
    Compare(Term, Comparison, Term),
}

#[derive(Debug, Clone, PartialEq)]
enum Term {
    Value(Value),
    Variable(String),
    Affinity(String),
    Knows(String),
    Fan(String),
    Visited(String),
    VisitedCount(String),
    Hour,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Equal,
    NotEqual,
    Less,
    AtMost,
    More,
    AtLeast,
}

impl Condition {
    /// Whether it holds. A variable that the story does not have equals nothing.
    #[must_use]
    pub fn holds(&self, story: &Story, world: &dyn SceneWorld) -> bool {
        self.0.as_ref().is_none_or(|expr| expr.holds(story, world))
    }

    /// Whether it holds whatever happens, because it asks for nothing.
    #[must_use]
    pub const fn is_none(&self) -> bool {
        self.0.is_none()
    }
}

impl Expr {
    fn holds(&self, story: &Story, world: &dyn SceneWorld) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(story, world)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(story, world)),
            Self::Not(part) => !part.holds(story, world),
            Self::Is(term) => term.value(story, world) == Some(Value::Bool(true)),
            Self::Compare(left, comparison, right) => {
                comparison.holds(left.value(story, world), right.value(story, world))
            }
        }
    }
}

impl Term {
    fn value(&self, story: &Story, world: &dyn SceneWorld) -> Option<Value> {
        Some(match self {
            Self::Value(value) => value.clone(),
            Self::Variable(name) => story.variables.get(name)?.clone(),
            Self::Affinity(member) => world.affinity(member).into(),
            Self::Knows(secret) => world.knows(secret).into(),
            Self::Fan(key) => world.fan(key).into(),
            Self::Visited(node) => (story.visits_of(node) > 0).into(),
            #[expect(clippy::cast_precision_loss, reason = "nobody visits a node that often")]
            Self::VisitedCount(node) => (story.visits_of(node) as f32).into(),
            Self::Hour => world.hour().into(),
        })
    }
}

impl Comparison {
    fn holds(self, left: Option<Value>, right: Option<Value>) -> bool {
        match (self, &left, &right) {
            (Self::Equal, ..) => left.is_some() && left == right,
            (Self::NotEqual, ..) => left != right,
            (_, Some(Value::Number(left)), Some(Value::Number(right))) => match self {
                Self::Less => left < right,
                Self::AtMost => left <= right,
                Self::More => left > right,
                _ => left >= right,
            },
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests;
