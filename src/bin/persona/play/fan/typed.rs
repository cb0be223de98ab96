//! A fan at the terminal.

use std::io::{self, BufRead, Write};

use super::{Deed, Fan, Waiting};
use crate::{lines::next_line, paint::QUIET};

/// Asks somebody at the terminal.
pub struct TypedFan<R, W> {
    input: R,
    output: W,
    was_told: bool,
}

impl<R: BufRead, W: Write> TypedFan<R, W> {
    /// A fan who types here and sees the prompt there.
    pub fn new(input: R, output: W) -> Self {
        Self { input, output, was_told: false }
    }
}

impl<R: BufRead, W: Write> Fan for TypedFan<R, W> {
    fn act(&mut self, waiting: &Waiting) -> io::Result<Deed> {
        if !self.was_told {
            self.was_told = true;
            let hint = "a number chooses, text is said; /on goes on, /quit leaves";
            writeln!(self.output, "{QUIET}({hint}){QUIET:#}")?;
        }
        for (number, label) in (1..).zip(&waiting.labels) {
            writeln!(self.output, "{QUIET}  {number}. {label}{QUIET:#}")?;
        }
        loop {
            write!(self.output, "{QUIET}> {QUIET:#}")?;
            self.output.flush()?;
            let Some(line) = next_line(&mut self.input)? else { return Ok(Deed::Leave) };
            match understood(line.trim(), waiting) {
                Ok(deed) => return Ok(deed),
                Err(problem) => writeln!(self.output, "{QUIET}({problem}){QUIET:#}")?,
            }
        }
    }
}

/// What was meant, or what is wrong with it.
fn understood(line: &str, waiting: &Waiting) -> Result<Deed, String> {
    match line {
        "/quit" => return Ok(Deed::Leave),
        "/on" => return Ok(Deed::GoOn),
        _ => {}
    }
    let number = line.parse::<usize>().ok().map(|number| number.wrapping_sub(1));
    if let Some(label) = number.and_then(|number| waiting.labels.get(number)) {
        return Ok(Deed::Say(label.clone()));
    }
    if waiting.choices.is_empty() {
        return Ok(Deed::Say(line.into()));
    }
    match number {
        Some(number) => match waiting.choices.get(number) {
            Some((_, true)) => Ok(Deed::Choose(number)),
            Some((_, false)) => Err("this choice is not open".into()),
            None => Err(format!("there are choices from 1 to {}", waiting.choices.len())),
        },
        None if line.is_empty() => Err("choose by its number".into()),
        None => Ok(Deed::Say(line.into())),
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::auto::tests::{choices, question},
        *,
    };

    fn act(input: &str, waiting: &Waiting) -> (Deed, String) {
        let mut output = Vec::new();
        let deed = TypedFan::new(input.as_bytes(), &mut output).act(waiting).unwrap();
        (deed, String::from_utf8(output).unwrap())
    }

    #[test]
    fn numbers_choose_and_wrong_ones_are_asked_again() {
        let (deed, output) = act("0\n9\n\n2\n", &choices(&["a", "b"]));
        assert_eq!(deed, Deed::Choose(1));
        assert_eq!(output.matches("from 1 to 2").count(), 2, "{output}");
    }

    #[test]
    fn text_is_said_and_a_number_stands_for_its_label() {
        assert_eq!(act("no idea\n", &question(&["tea"])).0, Deed::Say("no idea".into()));
        assert_eq!(act("1\n", &question(&["tea"])).0, Deed::Say("tea".into()));
        assert_eq!(act("7\n", &question(&[])).0, Deed::Say("7".into()));
    }

    #[test]
    fn the_end_of_the_input_leaves() {
        assert_eq!(act("", &question(&[])).0, Deed::Leave);
        assert_eq!(act("/quit\n", &choices(&["a"])).0, Deed::Leave);
        assert_eq!(act("/on\n", &question(&[])).0, Deed::GoOn);
    }
}
