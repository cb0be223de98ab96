//! Variables: declared before they are used, and asked for somewhere.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{
    Code,
    check::Check,
    nearest::advice,
    piece::Piece,
    script::{Command, Node, Part, each},
    source::Source,
};

/// What happens to variables.
#[derive(Default)]
struct Uses<'w, 'a> {
    declared: BTreeMap<&'a str, (&'w Source, Piece<'a>)>,
    read: BTreeSet<&'a str>,
    /// All places, in their order.
    all: Vec<(&'w Source, Piece<'a>)>,
}

pub(super) fn run(check: &mut Check<'_>) {
    let mut uses = Uses::default();
    for script in &check.world.scripts {
        for node in &script.nodes {
            uses.see(script.file, node);
        }
    }
    let mut told = BTreeSet::new();
    for (file, name) in &uses.all {
        if !uses.declared.contains_key(name.text) && told.insert(name.text) {
            let known: Vec<&str> = uses.declared.keys().copied().collect();
            let message = format!("`{}` is used and never declared", name.text);
            let help = match super::super::nearest::nearest(name.text, &known) {
                Some(_) => advice(name.text, known),
                None => format!("write `<<declare {} = …>>` in the first node", name.text),
            };
            check.report(file, name.range(), Code::UndeclaredVariable, message, help);
        }
    }
    for (name, (file, at)) in &uses.declared {
        if !uses.read.contains(name) {
            let message = format!("nothing asks for `{name}`");
            let help = "ask for it in an `<<if>>`, or take it out";
            check.report(file, at.range(), Code::UnreadVariable, message, help);
        }
    }
}

impl<'w, 'a> Uses<'w, 'a> {
    fn see(&mut self, file: &'w Source, node: &Node<'a>) {
        node.header("needs").into_iter().for_each(|needs| self.reads(file, needs));
        each(&node.body, &mut |part| match part {
            Part::If(condition) => self.reads(file, condition),
            Part::Line(said) | Part::Option(said) => {
                let asked = said.condition.into_iter().chain(said.placeholders());
                asked.for_each(|condition| self.reads(file, condition));
            }
            Part::Command(command) => self.command(file, command),
        });
    }

    fn command(&mut self, file: &'w Source, command: &Command<'a>) {
        match command.name.text {
            "declare" => {
                if let Some(name) = variables(command.rest).next() {
                    self.declared.entry(name.text).or_insert((file, name));
                }
            }
            "set" => {
                let mut names = variables(command.rest);
                if let Some(name) = names.next() {
                    self.all.push((file, name));
                }
                // What counts itself up is not asked for by that.
                let own = variables(command.rest).next().map(|name| name.text);
                for name in names {
                    self.all.push((file, name));
                    if Some(name.text) != own {
                        self.read.insert(name.text);
                    }
                }
            }
            _ => {
                if let Some(into) = command.value("into") {
                    self.all.extend(variables(into).map(|name| (file, name)));
                }
                if let Some(until) = command.value("until") {
                    self.reads(file, until);
                }
                let values = super::super::script::placeholders(command.rest);
                values.into_iter().for_each(|value| self.reads(file, value));
            }
        }
    }

    fn reads(&mut self, file: &'w Source, expression: Piece<'a>) {
        for name in variables(expression) {
            self.all.push((file, name));
            self.read.insert(name.text);
        }
    }
}

/// The names behind dollars.
fn variables(expression: Piece<'_>) -> impl Iterator<Item = Piece<'_>> {
    let starts = expression.text.match_indices('$').map(|(at, _)| at);
    starts.filter_map(move |at| {
        let name = expression.from(at);
        let is_name = |c: char| c.is_alphanumeric() || c == '_';
        let end = name.text[1..].find(|c| !is_name(c)).map_or(name.text.len(), |end| end + 1);
        (end > 1).then(|| name.to(end))
    })
}
