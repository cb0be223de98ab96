//! What a character has still to say aloud.

use std::{collections::VecDeque, ops::Range};

use crate::{
    dialogue::AskId,
    mind::EmotionTag,
    voice::{Clause, Clauses, NonVerbal, Speech},
};

/// A reply as it is spoken: clause after clause, each with the feeling that comes up with it.
#[derive(Debug, Default)]
pub(super) struct Recital {
    /// The reply; none if all was said.
    pub(super) ask: Option<AskId>,
    /// Cuts what has come into clauses.
    clauses: Clauses,
    /// Whether more words may come.
    is_open: bool,
    /// A feeling that comes up with the next clause.
    coming: Option<EmotionTag>,
    /// The feeling in which the clauses of the moment are said.
    feeling: Option<EmotionTag>,
    /// What is to be said, the next first.
    pub(super) lines: VecDeque<Line>,
}

/// Something to be said in one breath.
#[derive(Debug)]
pub(super) struct Line {
    /// The words; none for a sound without words.
    pub(super) text: String,
    /// Where they stand in the reply, in bytes.
    pub(super) range: Range<usize>,
    /// A sound without words, and what makes it differ from others of its kind.
    pub(super) sound: Option<(NonVerbal, u64)>,
    /// A feeling that comes up with it.
    pub(super) comes_up: Option<EmotionTag>,
    /// The feeling in which it is said.
    pub(super) feeling: Option<EmotionTag>,
    /// How long the pause behind it is, 1 being usual.
    pub(super) pause: f32,
    /// Its sound.
    pub(super) state: LineState,
}

/// How far the sound of a line is.
#[derive(Debug)]
pub(super) enum LineState {
    /// Nobody was asked.
    New,
    /// A voice was asked.
    Ordered {
        /// By which the sound is known.
        ticket: u64,
        /// Seconds for which it has been the next line to be said.
        waited: f32,
        /// Whether it is the voice without weights.
        is_babble: bool,
    },
    /// It can be said.
    Ready(Speech),
    /// There is no sound: it is passed over.
    Mute,
}

impl Recital {
    /// A reply begins; what was left of another is forgotten, but not the sounds before it.
    pub(super) fn begin(&mut self, ask: AskId) {
        let sounds =
            if self.ask.is_none() { std::mem::take(&mut self.lines) } else { VecDeque::new() };
        *self = Self { ask: Some(ask), is_open: true, lines: sounds, ..Self::default() };
    }

    /// A feeling comes up: what is said next is said with it.
    pub(super) fn feel(&mut self, tag: EmotionTag) {
        let rest: Vec<Clause> = self.clauses.finish().collect();
        self.take(rest);
        // The first one was shown when the reply began.
        self.coming = self.feeling.is_some().then(|| tag.clone());
        self.feeling = Some(tag);
    }

    /// More words.
    pub(super) fn say(&mut self, text: &str) {
        let clauses: Vec<Clause> = self.clauses.push(text).collect();
        self.take(clauses);
    }

    /// No more words.
    pub(super) fn end(&mut self) {
        let rest: Vec<Clause> = self.clauses.finish().collect();
        self.take(rest);
        if self.coming.is_some() {
            // A feeling without words comes up at the end.
            self.push_wordless(None, LineState::Mute);
        }
        self.is_open = false;
    }

    /// A sound without words comes next.
    pub(super) fn utter(&mut self, sound: NonVerbal, seed: u64) {
        self.push_wordless(Some((sound, seed)), LineState::New);
    }

    fn push_wordless(&mut self, sound: Option<(NonVerbal, u64)>, state: LineState) {
        let at = self.lines.back().map_or(0, |line| line.range.end);
        let (text, feeling) = (String::new(), self.feeling.clone());
        let comes_up = self.coming.take();
        self.lines.push_back(Line {
            text,
            range: at..at,
            sound,
            comes_up,
            feeling,
            pause: 1.0,
            state,
        });
    }

    /// Whether all was said; then it is over.
    pub(super) fn take_end(&mut self) -> Option<AskId> {
        if self.is_open || !self.lines.is_empty() {
            return None;
        }
        self.ask.take()
    }

    /// Whether one of the lines waits for this sound.
    pub(super) fn awaits(&self, ticket: u64) -> bool {
        let ordered = |line: &Line| matches!(line.state, LineState::Ordered { ticket: ordered, .. } if ordered == ticket);
        self.lines.iter().any(ordered)
    }

    /// The sound of a line is there, or could not be made. Gives whether another voice should try.
    pub(super) fn fill(&mut self, ticket: u64, speech: Option<Speech>) -> bool {
        let Some((line, was_babble)) = self.lines.iter_mut().find_map(|line| match line.state {
            LineState::Ordered { ticket: ordered, is_babble, .. } if ordered == ticket => {
                Some((line, is_babble))
            }
            _ => None,
        }) else {
            return false;
        };
        line.state = match speech {
            Some(speech) if speech.seconds() > 0.0 => LineState::Ready(speech),
            None if !was_babble => LineState::New,
            _ => LineState::Mute,
        };
        matches!(line.state, LineState::New)
    }

    /// Whether the next line can be said.
    pub(super) fn is_next_ready(&self) -> bool {
        self.lines.front().is_some_and(|line| matches!(line.state, LineState::Ready(_)))
    }

    /// What was ordered is not wanted any more: it has to be ordered anew.
    pub(super) fn forget_orders(&mut self) {
        for line in &mut self.lines {
            if matches!(line.state, LineState::Ordered { .. }) {
                line.state = LineState::New;
            }
        }
    }

    /// Whether more words may come.
    pub(super) fn is_open(&self) -> bool {
        self.is_open
    }

    fn take(&mut self, clauses: Vec<Clause>) {
        for Clause { text, range } in clauses {
            let line = Line {
                text,
                range,
                sound: None,
                comes_up: self.coming.take(),
                feeling: self.feeling.clone(),
                pause: 1.0,
                state: LineState::New,
            };
            self.lines.push_back(line);
        }
    }
}
