//! From what the compiler gives to nodes that our machine plays.

use std::collections::{BTreeMap, BTreeSet};

use yarnspinner_compiler::prelude::{Compilation, DebugInfo};
use yarnspinner_core::prelude::{Instruction, Node, OpCode, OperandValue};

use super::{
    NodeInfo, NodeStep, SceneCommand, SceneError, Value, Written, WrittenLine,
    code::{self, Code, Op, Order},
    functions::Function,
    source::SourceNode,
    text,
};
use crate::persona::Place;

mod lines;

pub(crate) use lines::read as read_lines;

/// All that was compiled: nodes by name, lines by id, declared variables.
#[derive(Debug, Default)]
pub(crate) struct Script {
    pub(crate) nodes: BTreeMap<String, Code>,
    pub(crate) lines: BTreeMap<String, WrittenLine>,
    pub(crate) declared: BTreeMap<String, Value>,
    /// Those of the declared that a `<<declare>>` names; of the others the compiler knows the kind
    /// by their use.
    pub(crate) written_declares: BTreeSet<String>,
}

/// Turns a compilation into a script; `sources` are the nodes of each file.
pub(crate) fn read(
    compilation: &Compilation,
    sources: &BTreeMap<String, Vec<SourceNode>>,
    faults: &mut Vec<SceneError>,
) -> Script {
    let mut script =
        Script { lines: read_lines(&compilation.string_table, faults), ..Script::default() };
    let written = compilation.declarations.iter().filter(|declaration| !declaration.is_implicit);
    script.written_declares = written.map(|declaration| declaration.name.clone()).collect();
    let Some(program) = &compilation.program else { return script };
    for (name, value) in &program.initial_values {
        if let (false, Some(value)) = (name.starts_with(VISITS), operand(value.value.as_ref())) {
            script.declared.insert(name.clone(), value);
        }
    }
    for (name, node) in &program.nodes {
        let Some(debug) = compilation.debug_info.get(name) else { continue };
        let source = sources.get(&debug.file_name).into_iter().flatten();
        let Some(source) = source.into_iter().find(|source| source.title == *name) else {
            faults.push(SceneError::new(
                &debug.file_name,
                None,
                format!("the node `{name}` is not where it should be: write `title: {name}` alone in its line"),
            ));
            continue;
        };
        let reader = Reader { node, source, debug, lines: &script.lines, faults };
        let code = reader.read();
        script.nodes.insert(name.clone(), code);
    }
    script
}

/// How the compiler names the variables that count visits; we count ourselves.
pub(crate) const VISITS: &str = "$Yarn.Internal.Visiting.";

struct Reader<'a> {
    node: &'a Node,
    source: &'a SourceNode,
    debug: &'a DebugInfo,
    lines: &'a BTreeMap<String, WrittenLine>,
    faults: &'a mut Vec<SceneError>,
}

impl Reader<'_> {
    fn read(mut self) -> Code {
        let source = self.source;
        let scene = source.headers.iter().find(|header| header.key == "scene");
        let scene = scene.map_or_else(|| stem(&self.debug.file_name), |header| &header.value);
        let mut info = NodeInfo {
            name: self.node.name.clone(),
            scene: scene.into(),
            file: self.debug.file_name.clone(),
            line: source.line,
            leads_to: BTreeSet::new(),
            jumps_anywhere: false,
            steps: Vec::new(),
        };
        let mut ops = Vec::new();
        let mut places = Vec::new();
        for (at, instruction) in self.node.instructions.iter().enumerate() {
            let place = self.place(at);
            let op = self.op(instruction, place).unwrap_or(Op::Stop);
            match (&op, ops.last()) {
                (Op::Run, Some(Op::Push(Value::Text(to)))) => {
                    info.leads_to.insert(to.clone());
                }
                (Op::Run, _) => info.jumps_anywhere = true,
                _ => {}
            }
            if let (Some(what), Some(place)) = (self.written(&op), place) {
                info.steps.push(NodeStep { line: place.line, what });
            }
            ops.push(op);
            places.push(place);
        }
        info.steps.sort_by_key(|step| step.line);
        let fingerprint = code::fingerprint(&ops);
        Code { info, ops, places, fingerprint }
    }

    fn place(&self, at: usize) -> Option<Place> {
        let position = (*self.debug.line_positions.get(&at)?)?;
        Some(Place { line: position.line + 1, column: position.character + 1 })
    }

    fn fault<T>(&mut self, place: Option<Place>, problem: impl Into<String>) -> Option<T> {
        self.faults.push(SceneError::new(&self.debug.file_name, place, problem));
        None
    }

    fn op(&mut self, instruction: &Instruction, place: Option<Place>) -> Option<Op> {
        let Ok(code) = OpCode::try_from(instruction.opcode) else {
            return self.fault(place, "the compiler gave an operation that is unknown here");
        };
        let text = |index: usize| match instruction.operands.get(index)?.value.as_ref()? {
            OperandValue::StringValue(text) => Some(text.clone()),
            _ => None,
        };
        let count = |index: usize| match operand(instruction.operands.get(index)?.value.as_ref())? {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
            Value::Number(number) => Some(number as usize),
            _ => None,
        };
        let label = |index: usize| {
            let label = text(index)?;
            usize::try_from(*self.node.labels.get(&label)?).ok()
        };
        let op = match code {
            OpCode::JumpTo => label(0).map(Op::Go),
            OpCode::Jump => Some(Op::GoToTop),
            OpCode::JumpIfFalse => label(0).map(Op::GoIfFalse),
            OpCode::RunLine => {
                text(0).map(|id| Op::Line { id: bare(&id), values: count(1).unwrap_or(0) })
            }
            OpCode::RunCommand => {
                let (text, values) = (text(0)?, count(1).unwrap_or(0));
                return self.order(text, values, place).map(Op::Do);
            }
            OpCode::AddOption => label(1).zip(text(0)).map(|(to, id)| Op::Offer {
                id: bare(&id),
                to,
                values: count(2).unwrap_or(0),
                conditional: instruction.operands.get(3).and_then(|o| operand(o.value.as_ref()))
                    == Some(Value::Bool(true)),
            }),
            OpCode::ShowOptions => Some(Op::Choose),
            OpCode::PushString | OpCode::PushFloat | OpCode::PushBool => {
                operand(instruction.operands.first().and_then(|o| o.value.as_ref())).map(Op::Push)
            }
            OpCode::PushNull => {
                return self.fault(place, "`null` is no value: use \"\", 0 or false");
            }
            OpCode::Pop => Some(Op::Pop),
            OpCode::CallFunc => {
                let name = text(0)?;
                let Some(function) = Function::named(&name) else {
                    let names = Function::names();
                    let problem = format!("there is no function `{name}`; there are {names}");
                    return self.fault(place, problem);
                };
                Some(Op::Call(function))
            }
            OpCode::PushVariable => text(0).map(Op::Load),
            OpCode::StoreVariable => text(0).map(Op::Store),
            OpCode::Stop => Some(Op::Stop),
            OpCode::RunNode => Some(Op::Run),
        };
        match op {
            Some(op) => Some(op),
            None => self.fault(place, "the compiler gave an operation that cannot be read"),
        }
    }

    fn order(&mut self, text: String, values: usize, place: Option<Place>) -> Option<Order> {
        let written = place.and_then(|place| self.source.command_at(place));
        let text = written.filter(|written| text::slots(written) == values).unwrap_or(text);
        if values == 0 {
            return match SceneCommand::parse(&text) {
                Ok(command) => Some(Order::Known(command)),
                Err(error) => {
                    let place = place
                        .map(|place| Place { column: place.column + error.column - 1, ..place });
                    self.fault(place, error.problem)
                }
            };
        }
        let name = text.split_whitespace().next().unwrap_or_default();
        if !SceneCommand::NAMES.contains(&name) {
            let problem = format!("`{name}` is no command: its name cannot be computed");
            return self.fault(place, problem);
        }
        Some(Order::Template { text, values })
    }

    fn written(&self, op: &Op) -> Option<Written> {
        Some(match op {
            Op::Line { id, .. } => Written::Line(self.lines.get(id)?.clone()),
            Op::Offer { id, .. } => Written::Option(self.lines.get(id)?.clone()),
            Op::Do(Order::Known(command)) => Written::Command(command.clone()),
            Op::Do(Order::Template { text, .. }) => Written::Template(text.clone()),
            _ => return None,
        })
    }
}

fn operand(value: Option<&OperandValue>) -> Option<Value> {
    Some(match value? {
        OperandValue::StringValue(text) => Value::Text(text.clone()),
        OperandValue::BoolValue(yes) => Value::Bool(*yes),
        OperandValue::FloatValue(number) => Value::Number(*number),
    })
}

/// A line's id as writers know it.
fn bare(id: &str) -> String {
    id.strip_prefix("line:").unwrap_or(id).into()
}

/// A file's name without folder and ending.
pub(crate) fn stem(file: &str) -> &str {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    name.strip_suffix(".yarn").unwrap_or(name)
}
