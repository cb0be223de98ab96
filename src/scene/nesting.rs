//! Refuses text that is nested so deeply that reading it would use up the stack.
//!
//! Yarn's compiler goes down a level for each bracket, block and operator.

use super::SceneError;
use crate::persona::Place;

/// Brackets in brackets, blocks in blocks.
const DEEPEST: usize = 64;
/// Operators of one line.
const MOST_OPERATORS: usize = 256;

/// The first place of `text` that is nested too deeply.
pub(crate) fn check(file: &str, text: &str) -> Result<(), SceneError> {
    let mut indents = Vec::new();
    let mut ifs = 0_usize;
    for (index, line) in text.lines().enumerate() {
        let fault = |column, problem: &str| {
            let place = Place { line: index + 1, column };
            Err(SceneError::new(file, Some(place), format!("{problem}: write it plainer")))
        };
        let written = line.trim_start();
        if written.starts_with("===") {
            indents.clear();
            ifs = 0;
        }
        if !written.is_empty() {
            let indent = line.chars().take_while(|c| c.is_whitespace()).count();
            indents.retain(|open| *open < indent);
            indents.push(indent);
        }
        ifs += line.matches("<<if").count();
        ifs = ifs.saturating_sub(line.matches("<<endif").count());
        if indents.len() > DEEPEST || ifs > DEEPEST {
            return fault(1, &format!("more than {DEEPEST} blocks in each other"));
        }
        if let Some(column) = too_deep(line) {
            return fault(column, &format!("more than {DEEPEST} brackets in each other"));
        }
        if operators(line) > MOST_OPERATORS {
            return fault(1, &format!("more than {MOST_OPERATORS} operators in one line"));
        }
    }
    Ok(())
}

/// Where brackets, or signs before a value, stand in each other too deeply.
fn too_deep(line: &str) -> Option<usize> {
    let (mut depth, mut signs) = (0_usize, 0_usize);
    for (index, c) in line.chars().enumerate() {
        match c {
            '(' | '{' => depth += 1,
            ')' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        match c {
            '!' | '-' => signs += 1,
            c if c.is_whitespace() => {}
            _ => signs = 0,
        }
        if depth > DEEPEST || (signs > DEEPEST && holds_expression(line)) {
            return Some(index + 1);
        }
    }
    None
}

/// How many operators there may be in the expressions of a line.
fn operators(line: &str) -> usize {
    if !holds_expression(line) {
        return 0;
    }
    let signs = line.chars().filter(|c| "+*/%!=<>&|^,-".contains(*c)).count();
    let words = line.split_whitespace();
    let words = words.filter(|word| matches!(*word, "and" | "or" | "not" | "xor" | "is" | "eq"));
    signs + words.count()
}

fn holds_expression(line: &str) -> bool {
    line.contains("<<") || line.contains('{')
}
