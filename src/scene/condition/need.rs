//! What a condition asks for, one thing at a time.

use super::{Comparison, Condition, Expr, Term};
use crate::scene::{SceneWorld, Story, Value};

/// One thing that a condition asks for: to look it up, or to tell a fan what is missing.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Need {
    /// The affinity of a member.
    Affinity {
        /// Whose.
        member: String,
        /// How much, where it says `>=` or `>`.
        at_least: Option<f32>,
    },
    /// A secret is unlocked.
    Secret(String),
    /// Something is known of the fan.
    Fan(String),
    /// A node was visited.
    Visited(String),
    /// The hour of the day.
    Hour,
    /// A variable, with its dollar.
    Variable(String),
}

impl Condition {
    /// All that it asks for, in order, doubles included.
    #[must_use]
    pub fn parts(&self) -> Vec<Need> {
        let mut needs = Vec::new();
        if let Some(expr) = &self.0 {
            expr.collect(&mut needs, &|_| true);
        }
        needs
    }

    /// What it asks for and does not get; empty if it holds.
    ///
    /// Of an `or` that does not hold, all of its parts.
    #[must_use]
    pub fn missing(&self, story: &Story, world: &dyn SceneWorld) -> Vec<Need> {
        let mut needs = Vec::new();
        if let Some(expr) = &self.0 {
            expr.collect(&mut needs, &|expr| !expr.holds(story, world));
        }
        needs
    }
}

impl Expr {
    fn collect(&self, needs: &mut Vec<Need>, wanted: &dyn Fn(&Self) -> bool) {
        if !wanted(self) {
            return;
        }
        match self {
            Self::All(parts) | Self::Any(parts) => {
                for part in parts {
                    part.collect(needs, wanted);
                }
            }
            // What lacks inside of a `not` is what holds there.
            Self::Not(part) => part.collect(needs, &|_| true),
            Self::Is(term) => needs.extend(term.need(None)),
            Self::Compare(left, comparison, right) => {
                let least = |other: &Term| match (comparison, other) {
                    (Comparison::AtLeast | Comparison::More, Term::Value(Value::Number(least))) => {
                        Some(*least)
                    }
                    _ => None,
                };
                needs.extend(left.need(least(right)));
                needs.extend(right.need(None));
            }
        }
    }
}

impl Term {
    fn need(&self, at_least: Option<f32>) -> Option<Need> {
        Some(match self {
            Self::Value(_) => return None,
            Self::Variable(name) => Need::Variable(name.clone()),
            Self::Affinity(member) => Need::Affinity { member: member.clone(), at_least },
            Self::Knows(secret) => Need::Secret(secret.clone()),
            Self::Fan(key) => Need::Fan(key.clone()),
            Self::Visited(node) | Self::VisitedCount(node) => Need::Visited(node.clone()),
            Self::Hour => Need::Hour,
        })
    }
}
