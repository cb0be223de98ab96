//! Speakers who share a model that only counts.

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use super::*;
use crate::inference::model::SequenceId;

/// Gives the sum of the tokens read as its only logit, and writes down who read in which pass.
#[derive(Default)]
struct Counter {
    sums: BTreeMap<SequenceId, u32>,
    passes: Rc<RefCell<Vec<Vec<usize>>>>,
}

impl CausalModel for Counter {
    fn context_length(&self) -> usize {
        1000
    }

    fn vocabulary(&self) -> usize {
        1
    }

    fn open(&mut self, _: Option<AdapterId>) -> SequenceId {
        let id = SequenceId(self.sums.len() as u64);
        self.sums.insert(id, 0);
        id
    }

    fn rewind(&mut self, sequence: SequenceId, _: &[u32], _: usize) -> usize {
        self.sums.insert(sequence, 0);
        0
    }

    fn forward(&mut self, spans: &mut [Span<'_>]) -> Result<(), ForwardError> {
        self.passes.borrow_mut().push(spans.iter().map(|span| span.tokens.len()).collect());
        if spans.iter().any(|span| span.tokens.contains(&13)) {
            return Err(ForwardError::Tensor("13".into()));
        }
        for span in spans {
            let sum = self.sums.entry(span.sequence).or_default();
            *sum += span.tokens.iter().sum::<u32>();
            if let Some(logits) = &mut span.logits {
                **logits = vec![*sum as f32];
            }
        }
        Ok(())
    }

    fn close(&mut self, _: SequenceId) {}
}

struct Stage {
    scheduler: Rc<RefCell<Scheduler>>,
    passes: Rc<RefCell<Vec<Vec<usize>>>>,
}

impl Stage {
    fn new() -> Self {
        let counter = Counter::default();
        let passes = Rc::clone(&counter.passes);
        Self { scheduler: Rc::new(RefCell::new(Scheduler::new(Box::new(counter), 64, 0))), passes }
    }

    fn speaker(&self, conversation: u64) -> Speaker {
        Speaker::new(Rc::clone(&self.scheduler), ConversationId(conversation), None)
    }

    fn pass(&self) -> Duration {
        self.scheduler.borrow_mut().pass()
    }
}

fn logits(speaker: &Speaker) -> Option<f32> {
    let mut logits = Vec::new();
    speaker.take_logits(&mut logits).unwrap().then(|| logits[0])
}

#[test]
fn speakers_share_a_pass_and_get_their_own_logits() {
    let stage = Stage::new();
    let (one, two) = (stage.speaker(1), stage.speaker(2));
    one.read(&[1, 2]);
    two.read(&[5]);
    stage.pass();
    assert_eq!((logits(&one), logits(&two)), (Some(3.0), Some(5.0)));
    assert_eq!(logits(&one), None, "they are given once");
    assert_eq!(stage.passes.borrow().len(), 1);
    stage.pass();
    assert_eq!(stage.passes.borrow().len(), 1, "nobody waits");
}

#[test]
fn a_speaker_may_leave_in_the_middle() {
    let stage = Stage::new();
    let (one, two) = (stage.speaker(1), stage.speaker(2));
    one.read(&[1]);
    stage.pass();
    one.read(&[1]);
    two.read(&[1; 100]);
    stage.pass();
    drop(two);
    one.read(&[1]);
    stage.pass();
    let widths: Vec<usize> = stage.passes.borrow().iter().map(Vec::len).collect();
    assert_eq!(widths, [1, 2, 1]);
}

#[test]
fn a_long_prompt_is_read_in_chunks() {
    let stage = Stage::new();
    let one = stage.speaker(1);
    one.read(&[1; 150]);
    stage.pass();
    assert_eq!(logits(&one), None);
    stage.pass();
    stage.pass();
    assert_eq!(logits(&one), Some(150.0));
    assert_eq!(*stage.passes.borrow(), [[64], [64], [22]]);
}

#[test]
fn a_failed_pass_is_told_to_those_in_it_and_others_go_on() {
    let stage = Stage::new();
    let (one, two) = (stage.speaker(1), stage.speaker(2));
    one.read(&[13]);
    two.read(&[2]);
    stage.pass();
    assert!(one.take_logits(&mut Vec::new()).is_err());
    assert_eq!(logits(&two), Some(2.0));
}

#[test]
fn a_budget_makes_the_scheduler_pause() {
    let stage = Stage::new();
    let slow = InferenceBudget { tokens_per_second: 1.0, ..InferenceBudget::default() };
    stage.scheduler.borrow_mut().set_budget(&slow);
    let one = stage.speaker(1);
    let mut paused = false;
    for _ in 0..5 {
        one.read(&[1]);
        paused |= !stage.pass().is_zero();
    }
    assert!(paused);
    let faster = InferenceBudget { tokens_per_second: 1000.0, ..slow };
    stage.scheduler.borrow_mut().set_budget(&faster);
    assert_eq!(stage.pass(), Duration::ZERO, "a new limit counts from now on");
    stage.scheduler.borrow_mut().set_budget(&InferenceBudget::default());
    assert_eq!(stage.pass(), Duration::ZERO, "without a limit it goes on at once");
}

/// Says a text over and over; its logits name the next token, by all that was read before.
struct Parrot {
    text: Vec<u32>,
    read: BTreeMap<SequenceId, Vec<u32>>,
    passes: Rc<RefCell<Vec<Vec<usize>>>>,
}

impl Parrot {
    /// The next token: that of the text, as long as nothing else was read.
    fn next(&self, read: &[u32]) -> f32 {
        let mut told = self.text.iter().cycle();
        let agrees = read.iter().zip(told.clone()).all(|(read, told)| read == told);
        if agrees { told.nth(read.len()).map_or(0.0, |&token| token as f32) } else { -1.0 }
    }
}

impl CausalModel for Parrot {
    fn context_length(&self) -> usize {
        200
    }

    fn vocabulary(&self) -> usize {
        1
    }

    fn open(&mut self, _: Option<AdapterId>) -> SequenceId {
        let id = SequenceId(self.read.len() as u64);
        self.read.insert(id, Vec::new());
        id
    }

    fn rewind(&mut self, sequence: SequenceId, _: &[u32], _: usize) -> usize {
        self.read.insert(sequence, Vec::new());
        0
    }

    fn forward(&mut self, spans: &mut [Span<'_>]) -> Result<(), ForwardError> {
        self.passes.borrow_mut().push(spans.iter().map(|span| span.tokens.len()).collect());
        for span in spans {
            let mut read = self.read.remove(&span.sequence).unwrap_or_default();
            let sure = span.tokens.len() - span.guessed;
            let mut rows = Vec::new();
            for (place, &token) in span.tokens.iter().enumerate() {
                read.push(token);
                if place + 1 >= sure {
                    rows.push(self.next(&read));
                }
            }
            assert!(read.len() <= self.context_length());
            if let Some(logits) = span.logits.as_deref_mut() {
                *logits = rows;
            }
            self.read.insert(span.sequence, read);
        }
        Ok(())
    }

    fn can_take_back(&self) -> bool {
        true
    }

    fn take_back(&mut self, sequence: SequenceId, count: usize) {
        if let Some(read) = self.read.get_mut(&sequence) {
            read.truncate(read.len() - count);
        }
    }

    fn close(&mut self, sequence: SequenceId) {
        self.read.remove(&sequence);
    }
}

/// What is said by so many speakers of a text, and the widths of the passes.
fn parroted(
    text: &[u32],
    speakers: usize,
    guesses: usize,
    said: usize,
) -> (Vec<Vec<u32>>, Vec<Vec<usize>>) {
    let passes = Rc::default();
    let model = Parrot { text: text.into(), read: BTreeMap::new(), passes: Rc::clone(&passes) };
    let scheduler = Rc::new(RefCell::new(Scheduler::new(Box::new(model), 64, guesses)));
    let cast: Vec<Speaker> = (0..speakers as u64)
        .map(|who| Speaker::new(Rc::clone(&scheduler), ConversationId(who), None))
        .collect();
    let mut heard = vec![vec![text[0]]; speakers];
    cast.iter().for_each(|speaker| speaker.read(&text[..1]));
    for _ in 0..said {
        for (speaker, heard) in cast.iter().zip(&mut heard) {
            let mut logits = Vec::new();
            if speaker.take_logits(&mut logits).unwrap() {
                assert_eq!(logits.len(), 1);
                heard.push(logits[0] as u32);
                speaker.read(&[logits[0] as u32]);
            }
        }
        scheduler.borrow_mut().pass();
    }
    drop(cast);
    let passes = passes.take();
    (heard, passes)
}

#[test]
fn what_was_said_before_is_guessed_and_saves_passes() {
    let text = [1, 2, 3, 4, 5, 6, 7, 8];
    let (plain, passes) = parroted(&text, 1, 0, 60);
    let (guessed, fewer) = parroted(&text, 1, 4, 60);
    let told: Vec<u32> = text.into_iter().cycle().take(plain[0].len()).collect();
    assert_eq!(plain[0], told);
    let len = plain[0].len().min(guessed[0].len());
    assert_eq!(plain[0][..len], guessed[0][..len]);
    assert!(passes.iter().all(|widths| widths == &[1]));
    let widest = fewer.iter().map(|widths| widths[0]).max();
    assert_eq!(widest, Some(5));
    assert!(fewer.len() * 2 < passes.len(), "{} and {}", fewer.len(), passes.len());
}

#[test]
fn where_many_speak_nothing_is_guessed() {
    let (_, passes) = parroted(&[1, 2, 3, 4], 6, 4, 20);
    assert!(passes.iter().flatten().all(|width| *width == 1));
}

#[test]
fn a_wrong_guess_changes_nothing() {
    // The same three tokens are followed by another one each time.
    let text = [9, 1, 2, 3, 9, 1, 2, 4, 9, 1, 2, 5, 9, 1, 2, 6, 9, 1, 2, 7, 9, 1, 2, 9, 1, 2];
    let (plain, _) = parroted(&text, 2, 0, 90);
    let (guessed, passes) = parroted(&text, 2, 3, 90);
    for (plain, guessed) in plain.iter().zip(&guessed) {
        let len = plain.len().min(guessed.len());
        assert!(len > 40);
        assert_eq!(plain[..len], guessed[..len]);
    }
    assert!(passes.iter().flatten().any(|width| *width > 1), "something was guessed");
}

#[test]
fn nothing_is_guessed_beyond_what_the_model_can_read() {
    let (said, _) = parroted(&[1, 2], 1, 4, 199);
    assert!(said[0].len() <= 200);
}

#[test]
fn tokens_of_which_only_some_can_come_next_are_not_guessed() {
    let passes = Rc::default();
    let model = Parrot { text: vec![1, 2], read: BTreeMap::new(), passes: Rc::clone(&passes) };
    let scheduler = Rc::new(RefCell::new(Scheduler::new(Box::new(model), 64, 4)));
    let speaker = Speaker::new(Rc::clone(&scheduler), ConversationId(1), None);
    speaker.read(&[1, 2, 1, 2, 1, 2, 1, 2]);
    scheduler.borrow_mut().pass();
    speaker.read(&[1]);
    speaker.expect(&[2]);
    scheduler.borrow_mut().pass();
    assert_eq!(passes.borrow().last(), Some(&vec![1]));
}
