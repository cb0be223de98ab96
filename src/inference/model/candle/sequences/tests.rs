//! Against a model that remembers what it was given, and that counts.

use std::cell::Cell;

use super::*;

/// Its state is the tokens; its logits are their number and the last of them.
#[derive(Debug, Default)]
struct Echo {
    goes_back: bool,
    /// How many tokens were read.
    work: Cell<usize>,
    /// Whether the token 99 makes it fail.
    fails: Cell<bool>,
}

impl Decode for Echo {
    type State = Vec<u32>;

    fn context_length(&self) -> usize {
        32
    }

    fn vocabulary(&self) -> usize {
        100
    }

    fn read(
        &self,
        state: &mut Vec<u32>,
        tokens: &[u32],
        logits: bool,
    ) -> Result<Option<Vec<f32>>, String> {
        assert!(!tokens.is_empty());
        state.extend_from_slice(tokens);
        self.work.set(self.work.get() + tokens.len());
        if self.fails.get() && tokens.contains(&99) {
            return Err("no such token".into());
        }
        Ok(logits.then(|| vec![state.len() as f32, state[state.len() - 1] as f32]))
    }

    fn truncated(&self, state: &Vec<u32>, len: usize) -> Option<Vec<u32>> {
        self.goes_back.then(|| state[..len].to_vec())
    }

    fn can_truncate(&self) -> bool {
        self.goes_back
    }

    fn weight_bytes(&self) -> usize {
        1000
    }

    fn state_bytes(&self, state: &Vec<u32>) -> usize {
        4 * state.len()
    }
}

fn model(goes_back: bool) -> Sequences<Echo> {
    Sequences::new(Echo { goes_back, ..Echo::default() }, usize::MAX)
}

fn read(model: &mut Sequences<Echo>, sequence: SequenceId, tokens: &[u32]) -> Vec<f32> {
    let mut logits = Vec::new();
    model.forward(&mut [Span::new(sequence, tokens).giving(&mut logits)]).unwrap();
    logits
}

/// Rewinds to a prompt, reads the rest of it, and gives how much was known.
fn ask(model: &mut Sequences<Echo>, id: SequenceId, prompt: &[u32], fixed: usize) -> usize {
    let known = model.rewind(id, prompt, fixed);
    let logits = read(model, id, &prompt[known..]);
    assert_eq!(logits, [prompt.len() as f32, prompt[prompt.len() - 1] as f32]);
    assert_eq!(model.open[&id].known.state, prompt);
    assert_eq!(model.open[&id].known.tokens, prompt);
    known
}

#[test]
fn a_longer_prompt_is_read_from_where_the_last_ended() {
    let mut model = model(false);
    let id = model.open(None);
    assert_eq!(ask(&mut model, id, &[1, 2, 3], 0), 0);
    read(&mut model, id, &[4]);
    assert_eq!(ask(&mut model, id, &[1, 2, 3, 4, 5], 0), 4);
    assert_eq!(model.decoder.work.get(), 5);
    assert_eq!(model.counts(), TokenCounts { read: 5, reused: 4 });
}

#[test]
fn the_last_token_of_a_prompt_is_always_read_again() {
    for goes_back in [false, true] {
        let mut model = model(goes_back);
        let id = model.open(None);
        ask(&mut model, id, &[1, 2, 3], 0);
        assert_eq!(ask(&mut model, id, &[1, 2, 3], 0), if goes_back { 2 } else { 0 });
    }
}

#[test]
fn a_persona_is_read_once() {
    let mut model = model(false);
    let first = model.open(None);
    assert_eq!(ask(&mut model, first, &[1, 2, 3, 10, 11], 3), 0);
    assert_eq!(ask(&mut model, first, &[1, 2, 3, 20], 3), 3);
    model.close(first);
    let second = model.open(None);
    assert_eq!(ask(&mut model, second, &[1, 2, 3, 30], 3), 3);
    assert_eq!(model.personas.len(), 1);
}

#[test]
fn a_persona_that_is_read_in_parts_is_remembered_too() {
    let mut model = model(false);
    let id = model.open(None);
    assert_eq!(model.rewind(id, &[1, 2, 3, 4, 5, 6], 4), 0);
    for part in [&[1, 2][..], &[3, 4], &[5, 6]] {
        model.forward(&mut [Span::new(id, part)]).unwrap();
    }
    assert_eq!(ask(&mut model, id, &[1, 2, 3, 4, 9], 4), 4);
}

#[test]
fn a_model_that_goes_back_keeps_all_that_is_common() {
    let mut model = model(true);
    let (first, second) = (model.open(None), model.open(None));
    ask(&mut model, first, &[1, 2, 3, 4, 5, 6], 2);
    assert_eq!(ask(&mut model, second, &[1, 2, 3, 4, 7, 8], 2), 4);
    assert_eq!(ask(&mut model, second, &[1, 9], 1), 1);
    assert_eq!(model.open[&first].known.state, [1, 2, 3, 4, 5, 6]);
}

#[test]
fn the_persona_used_longest_ago_is_forgotten() {
    let mut model = model(false);
    let id = model.open(None);
    for persona in 0..8 {
        ask(&mut model, id, &[50 + persona, 1, 2], 2);
    }
    assert_eq!(ask(&mut model, id, &[50, 1, 3], 2), 2);
    ask(&mut model, id, &[58, 1, 2], 2);
    assert_eq!(model.personas.len(), 8);
    assert_eq!(ask(&mut model, id, &[50, 1, 4], 2), 2);
    assert_eq!(ask(&mut model, id, &[51, 1, 4], 2), 0);
}

#[test]
fn spans_of_one_pass_are_kept_apart() {
    let mut model = model(false);
    let (first, second) = (model.open(None), model.open(None));
    let (mut a, mut b) = (Vec::new(), vec![7.0; 5]);
    model
        .forward(&mut [
            Span::new(first, &[1, 2]).giving(&mut a),
            Span::new(second, &[3]).giving(&mut b),
        ])
        .unwrap();
    assert_eq!((a, b), (vec![2.0, 2.0], vec![1.0, 3.0]));
    assert_eq!(model.memory(), ModelMemory { weights: 1000, cache: 12 });
}

#[test]
fn a_pass_that_fails_reads_nothing() {
    let mut model = model(false);
    let (first, second) = (model.open(None), model.open(None));
    model.decoder.fails.set(true);
    let spans = &mut [Span::new(first, &[1, 2]), Span::new(second, &[99])];
    assert_eq!(model.forward(spans), Err(ForwardError::Tensor("no such token".into())));
    model.decoder.fails.set(false);
    assert_eq!(read(&mut model, first, &[5]), [1.0, 5.0]);
    assert_eq!(read(&mut model, second, &[6]), [1.0, 6.0]);
}

#[test]
fn a_pass_over_nothing_or_too_much_is_refused() {
    let mut model = model(false);
    let id = model.open(None);
    let one = |tokens| Span::new(id, tokens);
    let other = Span::new(SequenceId(7), &[1]);
    assert_eq!(model.forward(&mut [one(&[])]), Err(ForwardError::NoSequence));
    assert_eq!(model.forward(&mut [one(&[1]), one(&[2])]), Err(ForwardError::NoSequence));
    assert_eq!(model.forward(&mut [one(&[1]), other]), Err(ForwardError::NoSequence));
    read(&mut model, id, &[1; 30]);
    let refused = model.forward(&mut [one(&[1, 2, 3])]);
    assert_eq!(refused, Err(ForwardError::TooLong { known: 30, new: 3, context: 32 }));
    assert_eq!(model.rewind(SequenceId(7), &[1, 2], 1), 0);
    assert_eq!(read(&mut model, id, &[1, 2]), [32.0, 2.0]);
}
