//! The functions and operators that scenes can use.

use yarnspinner_core::prelude::Library;

use super::{SceneWorld, Story, Value};

mod dice;
mod operator;

pub(crate) use dice::Dice;
use operator::Operator;

/// A function of a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Function {
    Affinity,
    Knows,
    Fan,
    Visited,
    VisitedCount,
    Hour,
    Random,
    RandomRange,
    RandomRangeFloat,
    Dice,
    Round,
    RoundPlaces,
    Floor,
    Ceil,
    Inc,
    Dec,
    Decimal,
    Int,
    Text,
    Number,
    Bool,
    Operator(Operator),
}

const NAMES: [(&str, Function); 22] = [
    ("affinity", Function::Affinity),
    ("knows", Function::Knows),
    ("fan", Function::Fan),
    ("visited", Function::Visited),
    ("visited_count", Function::VisitedCount),
    ("hour", Function::Hour),
    ("random", Function::Random),
    ("random_range", Function::RandomRange),
    ("random_range_float", Function::RandomRangeFloat),
    ("dice", Function::Dice),
    ("round", Function::Round),
    ("round_places", Function::RoundPlaces),
    ("floor", Function::Floor),
    ("ceil", Function::Ceil),
    ("inc", Function::Inc),
    ("dec", Function::Dec),
    ("decimal", Function::Decimal),
    ("int", Function::Int),
    ("string", Function::Text),
    ("format_invariant", Function::Text),
    ("number", Function::Number),
    ("bool", Function::Bool),
];

/// What the compiler has to know to check calls.
pub(crate) fn declared() -> Library {
    let mut library = Library::standard_library();
    library
        .add_function("affinity", |_: String| 0.0_f32)
        .add_function("knows", |_: String| false)
        .add_function("fan", |_: String| String::new())
        .add_function("visited", |_: String| false)
        .add_function("visited_count", |_: String| 0.0_f32)
        .add_function("hour", || 0.0_f32);
    library
}

/// What a function may look at.
pub(crate) struct Around<'a> {
    pub(crate) story: &'a Story,
    pub(crate) world: &'a dyn SceneWorld,
}

impl Function {
    pub(crate) fn named(name: &str) -> Option<Self> {
        let known = NAMES.iter().find(|(known, _)| *known == name).map(|(_, function)| *function);
        known.or_else(|| Operator::named(name).map(Self::Operator))
    }

    /// The names of all functions, for errors.
    pub(crate) fn names() -> String {
        NAMES.map(|(name, _)| name).join(", ")
    }

    /// Calls it.
    #[expect(clippy::cast_precision_loss, reason = "nobody visits a node that often")]
    pub(crate) fn call(
        self,
        values: &[Value],
        around: &Around<'_>,
        dice: &mut Dice,
    ) -> Result<Value, String> {
        let Around { story, world } = *around;
        let value = match (self, values) {
            (Self::Operator(operator), values) => operator.apply(values)?,
            (Self::Affinity, [Value::Text(member)]) => world.affinity(member).into(),
            (Self::Knows, [Value::Text(secret)]) => world.knows(secret).into(),
            (Self::Fan, [Value::Text(key)]) => world.fan(key).into(),
            (Self::Visited, [Value::Text(node)]) => (story.visits_of(node) > 0).into(),
            (Self::VisitedCount, [Value::Text(node)]) => (story.visits_of(node) as f32).into(),
            (Self::Hour, []) => world.hour().into(),
            (Self::Random, []) => dice.unit().into(),
            (Self::RandomRange, [Value::Number(from), Value::Number(to)]) => {
                dice.between(*from, *to).into()
            }
            (Self::RandomRangeFloat, [Value::Number(from), Value::Number(to)]) => {
                (from + dice.unit() * (to - from)).into()
            }
            (Self::Dice, [Value::Number(sides)]) => {
                dice.between(1.0, sides.trunc().max(1.0)).into()
            }
            (Self::RoundPlaces, [Value::Number(number), Value::Number(places)]) => {
                let scale = 10_f32.powf(places.trunc().clamp(0.0, 6.0));
                ((number * scale).round() / scale).into()
            }
            (Self::Text, [value]) => value.to_string().into(),
            (Self::Number, [value]) => number(value)?.into(),
            (Self::Bool, [value]) => yes(value)?.into(),
            (function, [Value::Number(number)]) => function.of_number(*number, values)?.into(),
            _ => return Err(self.refuses(values)),
        };
        match value {
            Value::Number(number) if !number.is_finite() => {
                Err("this gives no finite number: is something divided by 0?".into())
            }
            value => Ok(value),
        }
    }

    fn of_number(self, number: f32, values: &[Value]) -> Result<f32, String> {
        Ok(match self {
            Self::Round => number.round(),
            Self::Floor => number.floor(),
            Self::Ceil => number.ceil(),
            Self::Inc => number.floor() + 1.0,
            Self::Dec => number.ceil() - 1.0,
            Self::Decimal => number.fract(),
            Self::Int => number.trunc(),
            _ => return Err(self.refuses(values)),
        })
    }

    fn refuses(self, values: &[Value]) -> String {
        let name =
            NAMES.iter().find(|(_, function)| *function == self).map_or("?", |(name, _)| name);
        format!("`{name}` cannot be called with {}", kinds(values))
    }
}

fn kinds(values: &[Value]) -> String {
    if values.is_empty() {
        return "nothing".into();
    }
    values.iter().map(Value::kind).collect::<Vec<_>>().join(" and ")
}

fn number(value: &Value) -> Result<f32, String> {
    match value {
        Value::Number(number) => Ok(*number),
        Value::Bool(yes) => Ok(f32::from(u8::from(*yes))),
        Value::Text(text) => text.trim().parse().map_err(|_| format!("`{text}` is no number")),
    }
}

fn yes(value: &Value) -> Result<bool, String> {
    match value {
        Value::Bool(yes) => Ok(*yes),
        Value::Number(number) => Ok(*number != 0.0),
        Value::Text(text) => {
            text.trim().parse().map_err(|_| format!("`{text}` is neither `true` nor `false`"))
        }
    }
}
