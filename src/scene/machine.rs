//! Runs the program of a scene until something is to be shown or done.

use super::{
    SceneCommand, SceneError, SceneWorld, Scenes, Story, Value,
    code::{Code, Op, Order},
    functions::{Around, Dice},
    save::{Offered, Spot},
    text,
};

/// A scene that shows nothing for so many operations runs in a circle.
const MOST_OPERATIONS: usize = 100_000;

/// What the machine stopped at.
pub(crate) enum Stop {
    Line { id: String, values: Vec<String> },
    Choices,
    Command(Box<SceneCommand>),
    End,
}

/// What runs, and on what.
pub(crate) struct Machine<'a> {
    pub(crate) scenes: &'a Scenes,
    pub(crate) world: &'a dyn SceneWorld,
    pub(crate) story: &'a mut Story,
    pub(crate) spot: &'a mut Spot,
    /// Where the operation began that it stopped at.
    pub(crate) before: Option<Spot>,
}

type Result<T> = std::result::Result<T, String>;

impl<'a> Machine<'a> {
    /// Runs to the next stop.
    pub(crate) fn run(&mut self) -> std::result::Result<Stop, SceneError> {
        for _ in 0..MOST_OPERATIONS {
            let Some(code) = self.scenes.code(&self.spot.node) else {
                let problem = format!("there is no node `{}`", self.spot.node);
                return Err(SceneError::new("", None, problem));
            };
            let Some(op) = code.ops.get(self.spot.at) else { return Ok(Stop::End) };
            let at = self.spot.at;
            match self.step(code, op) {
                Ok(Some(stop)) => return Ok(stop),
                Ok(None) => {}
                Err(problem) => return Err(fault(code, at, problem)),
            }
        }
        let node = &self.spot.node;
        let problem = format!(
            "node `{node}` runs in a circle and shows nothing: let a line or a choice be on the way"
        );
        match self.scenes.code(node) {
            Some(code) => Err(fault(code, self.spot.at, problem)),
            None => Err(SceneError::new("", None, problem)),
        }
    }

    fn step(&mut self, code: &'a Code, op: &Op) -> Result<Option<Stop>> {
        if matches!(op, Op::Line { .. } | Op::Do(_)) {
            self.before = Some(self.spot.clone());
        }
        self.spot.at += 1;
        match op {
            Op::Go(to) => self.spot.at = *to,
            Op::GoToTop => self.spot.at = self.top_place()?,
            Op::GoIfFalse(to) => match self.spot.stack.last() {
                Some(Value::Bool(true)) => {}
                Some(Value::Bool(false)) => self.spot.at = *to,
                _ => return Err(NO_CONDITION.into()),
            },
            Op::Line { id, values } => {
                let values = self.pop_texts(*values)?;
                return Ok(Some(Stop::Line { id: id.clone(), values }));
            }
            Op::Do(Order::Known(command)) => {
                return Ok(Some(Stop::Command(Box::new(command.clone()))));
            }
            Op::Do(Order::Template { text, values }) => {
                let text = text::fill(text, &self.pop_texts(*values)?);
                let command = SceneCommand::parse(&text);
                let command = command.map_err(|error| format!("in `{text}`: {error}"))?;
                let command = self.scenes.resolved(command);
                return Ok(Some(Stop::Command(Box::new(command))));
            }
            Op::Offer { id, to, values, conditional } => {
                let values = self.pop_texts(*values)?;
                let available = match conditional.then(|| self.pop()).transpose()? {
                    None | Some(Value::Bool(true)) => true,
                    Some(Value::Bool(false)) => false,
                    Some(_) => return Err(NO_CONDITION.into()),
                };
                self.spot.options.push(Offered { id: id.clone(), values, to: *to, available });
            }
            Op::Choose => {
                // Stays here until the fan has chosen.
                self.spot.at -= 1;
                if !self.spot.options.iter().any(|option| option.available) {
                    return Err(NO_OPTION.into());
                }
                return Ok(Some(Stop::Choices));
            }
            Op::Push(value) => self.spot.stack.push(value.clone()),
            Op::Pop => drop(self.pop()?),
            Op::Call(function) => {
                let count = match self.pop()? {
                    #[expect(
                        clippy::cast_possible_truncation,
                        clippy::cast_sign_loss,
                        reason = "the compiler counts from 0"
                    )]
                    Value::Number(count) => count as usize,
                    _ => return Err("a call without its count".into()),
                };
                let values = self.pop_many(count)?;
                let mut dice = Dice(self.spot.seed);
                let around = Around { story: self.story, world: self.world };
                let value = function.call(&values, &around, &mut dice)?;
                self.spot.seed = dice.0;
                self.spot.stack.push(value);
            }
            Op::Load(name) => {
                let value = self.story.variables.get(name).or_else(|| self.scenes.declared(name));
                // The compiler's own counters are the only ones that are unknown.
                self.spot.stack.push(value.cloned().unwrap_or(Value::Number(0.0)));
            }
            Op::Store(name) => {
                let Some(value) = self.spot.stack.last() else { return Err(EMPTY.into()) };
                if self.scenes.declared(name).is_some() {
                    self.story.variables.insert(name.clone(), value.clone());
                }
            }
            Op::Stop => {
                self.story.count_visit(&self.spot.node);
                self.spot.at = code.ops.len();
                self.spot.stack.clear();
            }
            Op::Run => {
                let Value::Text(to) = self.pop()? else {
                    return Err("a jump needs the name of a node".into());
                };
                let Some(next) = self.scenes.code(&to) else {
                    return Err(format!("there is no node `{to}` to jump to"));
                };
                self.story.count_visit(&self.spot.node);
                *self.spot = Spot::beginning(next, self.spot.seed);
            }
        }
        Ok(None)
    }

    fn pop(&mut self) -> Result<Value> {
        self.spot.stack.pop().ok_or_else(|| EMPTY.into())
    }

    /// The topmost values, the lowest first.
    fn pop_many(&mut self, count: usize) -> Result<Vec<Value>> {
        let left = self.spot.stack.len().checked_sub(count).ok_or(EMPTY)?;
        Ok(self.spot.stack.split_off(left))
    }

    fn pop_texts(&mut self, count: usize) -> Result<Vec<String>> {
        Ok(self.pop_many(count)?.iter().map(Value::to_string).collect())
    }

    fn top_place(&self) -> Result<usize> {
        match self.spot.stack.last() {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "choosing has pushed it"
            )]
            Some(Value::Number(place)) => Ok(*place as usize),
            _ => Err("nothing was chosen".into()),
        }
    }
}

const NO_CONDITION: &str = "a condition should be true or false here: compare something";
const NO_OPTION: &str = "no option is available here: let one stand without a condition";
const EMPTY: &str = "a value is missing: this is a fault of the player";

fn fault(code: &Code, at: usize, problem: String) -> SceneError {
    SceneError::new(&code.info.file, code.places.get(at).copied().flatten(), problem)
}
