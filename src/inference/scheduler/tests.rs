//! Speakers who share a model that only counts.

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use super::*;

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
        Self { scheduler: Rc::new(RefCell::new(Scheduler::new(Box::new(counter), 64))), passes }
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
