//! Keeps a reply from telling what is locked while it is being said.

use std::{collections::VecDeque, sync::Arc};

use super::disclosure::{Cutter, Leak, Locked, Scanner, Verdict};

#[cfg(test)]
mod tests;

/// Lets a reply through as it is written, and stops it before something locked is told.
///
/// A word is let through as soon as it is complete, unless
/// - it, or it with words before it, may be the beginning of a form that gives a secret away, or of
///   a short answer that confirms the fan's guess: then it waits for the next word;
/// - the reply would tell a secret if it ended with it, but the words that follow may still make it
///   harmless (`lantern` of `lantern festival`): then it waits for them;
/// - it completes something locked: then neither it nor anything that waits is ever let through.
///
/// So at every moment what was let through tells nothing locked. It is always a beginning of the
/// reply, byte for byte, and it does not depend on how the reply was cut into pieces.
///
/// # Example
/// ```
/// use bevy_persona::mind::{Guard, Standing, Unlocked, disclosure::Disclosure};
///
/// let secrets = r#"
///     [treasure]
///     subject = "where the treasure is"
///     members = ["otto"]
///     unlock = "map_room"
///     certain = { en = ["under the old oak"] }
/// "#;
/// let secrets = Disclosure::from_toml("disclosure.toml", secrets)?;
/// let (otto, unlocked) = ("otto".parse()?, Unlocked::new());
/// let standing = Standing { member: &otto, affinity: 90.0, unlocked: &unlocked };
///
/// let mut guard = Guard::new(secrets.locked(&standing), "Where is it?");
/// assert_eq!(guard.push("It lies un"), "It lies");
/// assert_eq!(guard.push("der the "), "");
/// assert_eq!(guard.push("big oak. "), " under the big oak.");
/// assert_eq!(guard.push("Under the old oak, I mean"), "");
/// assert!(guard.leak().is_some());
/// assert_eq!(guard.finish(), "");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Guard {
    locked: Arc<Locked>,
    scanner: Scanner,
    cutter: Cutter,
    /// What was not let through yet.
    held: String,
    /// Where `held` begins in the reply, in bytes.
    from: usize,
    /// Where the unit begins that is not complete, in bytes of the reply.
    unit: usize,
    /// Ends of units that were not let through: in bytes of the reply, and whether the reply may
    /// end there.
    ends: VecDeque<(usize, bool)>,
    leak: Option<Leak>,
}

impl Guard {
    /// A guard at the beginning of a reply to what the fan said.
    #[must_use]
    pub fn new(locked: Arc<Locked>, fan_said: &str) -> Self {
        Self {
            scanner: Scanner::new(locked.context(fan_said)),
            locked,
            cutter: Cutter::default(),
            held: String::new(),
            from: 0,
            unit: 0,
            ends: VecDeque::new(),
            leak: None,
        }
    }

    /// Reads the next piece; gives what may be shown now.
    pub fn push(&mut self, text: &str) -> String {
        let mut shown = String::new();
        for c in text.chars() {
            if self.leak.is_some() {
                break;
            }
            if self.cutter.cuts_before(c) {
                self.end_unit(&mut shown);
            }
            self.held.push(c);
        }
        if self.leak.is_some() {
            self.held.clear();
        }
        shown
    }

    /// Ends the reply; gives what was held back, unless it tells something locked.
    pub fn finish(&mut self) -> String {
        let mut shown = String::new();
        if self.leak.is_none() && !self.held[self.unit - self.from..].trim().is_empty() {
            self.end_unit(&mut shown);
        }
        if self.leak.is_none() && self.ends.back().is_some_and(|(_, may_end)| !may_end) {
            self.leak = self.scanner.open_leak();
        }
        let end = self.from + self.held.len();
        let held = std::mem::take(&mut self.held);
        self.ends.clear();
        (self.from, self.unit) = (end, end);
        if self.leak.is_none() {
            shown.push_str(&held);
        }
        shown
    }

    /// What was about to be told. Nothing more is let through after it.
    #[must_use]
    pub fn leak(&self) -> Option<&Leak> {
        self.leak.as_ref()
    }

    fn end_unit(&mut self, shown: &mut String) {
        let end = self.from + self.held.len();
        let unit = &self.held[self.unit - self.from..];
        match self.scanner.read(&self.locked, unit, end) {
            Verdict::Leaks(leak) => {
                self.leak = Some(leak);
                return;
            }
            Verdict::Open(_) => self.ends.push_back((end, false)),
            Verdict::Harmless => self.ends.push_back((end, true)),
        }
        self.unit = end;
        let harmless = self.scanner.harmless_to(&self.locked);
        let ends = self.ends.iter().take_while(|(end, _)| *end <= harmless);
        let Some(to) = ends.filter(|(_, may_end)| *may_end).last().map(|(end, _)| *end) else {
            return;
        };
        self.ends.retain(|(end, _)| *end > to);
        shown.extend(self.held.drain(..to - self.from));
        self.from = to;
    }
}
