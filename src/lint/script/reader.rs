//! The body of a node: lines by their indentation become statements.

use super::{Branch, Choice, Command, Said, Statement};
use crate::lint::piece::Piece;

/// So deep may branches and options lie in each other; what is deeper is read as if it were not.
const DEEPEST: usize = 64;

/// Reads the lines of a body one after the other.
pub(super) struct Reader<'a> {
    /// Indentation and words; no empty lines.
    lines: Vec<(usize, Piece<'a>)>,
    at: usize,
    depth: usize,
}

impl<'a> Reader<'a> {
    /// Reads a whole body.
    pub(super) fn read(lines: Vec<Piece<'a>>) -> Vec<Statement<'a>> {
        let lines = lines.into_iter().map(without_comment).map(|line| (indent(line), line.trim()));
        let lines = lines.filter(|(_, line)| !line.text.is_empty()).collect();
        let mut reader = Self { lines, at: 0, depth: 0 };
        let mut statements = Vec::new();
        while reader.at < reader.lines.len() {
            statements.extend(reader.block(0));
            // What ends a branch that never began.
            reader.at += 1;
        }
        statements
    }

    /// Statements that are indented so far at least, up to what ends a branch.
    fn block(&mut self, least: usize) -> Vec<Statement<'a>> {
        let mut statements = Vec::new();
        self.depth += 1;
        while let Some((indent, line)) = self.here() {
            if indent < least || is_branch_end(line) {
                break;
            }
            statements.push(self.statement(indent, line));
        }
        self.depth -= 1;
        statements
    }

    fn here(&self) -> Option<(usize, Piece<'a>)> {
        self.lines.get(self.at).copied()
    }

    fn statement(&mut self, indent: usize, line: Piece<'a>) -> Statement<'a> {
        let is_nested = self.depth < DEEPEST;
        if line.text.starts_with("->") && is_nested {
            return Statement::Options(self.options(indent));
        }
        if let Some(condition) = keyword(line, "if").filter(|_| is_nested) {
            return Statement::If(self.branches(indent, condition));
        }
        self.at += 1;
        match Command::read(line) {
            Some(command) => Statement::Command(command),
            None => Statement::Line(Said::line(line)),
        }
    }

    fn options(&mut self, indent: usize) -> Vec<Choice<'a>> {
        let mut choices = Vec::new();
        while let Some((here, line)) = self.here() {
            if here != indent || !line.text.starts_with("->") {
                break;
            }
            self.at += 1;
            let body = self.block(indent + 1);
            choices.push(Choice { said: Said::option(line.from(2).trim()), body });
        }
        choices
    }

    fn branches(&mut self, indent: usize, condition: Piece<'a>) -> Vec<Branch<'a>> {
        let mut branches = Vec::new();
        let mut condition = Some(condition);
        loop {
            self.at += 1;
            branches.push(Branch { condition, body: self.block(indent) });
            let Some((_, line)) = self.here() else { break };
            if let Some(next) = keyword(line, "elseif") {
                condition = Some(next);
            } else if keyword(line, "else").is_some() {
                condition = None;
            } else {
                // `endif`, or a line that is indented less: then the compiler says so.
                self.at += usize::from(keyword(line, "endif").is_some());
                break;
            }
        }
        branches
    }
}

/// What follows a word in double angle brackets.
fn keyword<'a>(line: Piece<'a>, word: &str) -> Option<Piece<'a>> {
    let inside = line.from(line.text.strip_prefix("<<").map(|_| 2)?);
    let inside = inside.to(inside.text.rfind(">>").unwrap_or(inside.text.len())).trim();
    let rest = inside.text.strip_prefix(word)?;
    let ends = rest.is_empty() || rest.starts_with(|c: char| !c.is_alphanumeric() && c != '_');
    ends.then(|| inside.from(word.len()).trim())
}

fn is_branch_end(line: Piece<'_>) -> bool {
    ["elseif", "else", "endif"].iter().any(|word| keyword(line, word).is_some())
}

/// How far a line is indented; a tab counts as eight.
fn indent(line: Piece<'_>) -> usize {
    let spaces = line.text.chars().take_while(|c| c.is_whitespace());
    spaces.map(|c| if c == '\t' { 8 } else { 1 }).sum()
}

/// A line without the comment at its end.
fn without_comment(line: Piece<'_>) -> Piece<'_> {
    let is_command = line.text.trim_start().starts_with("<<");
    match line.text.find("//").filter(|_| !is_command) {
        Some(at) => line.to(at),
        None => line,
    }
}
