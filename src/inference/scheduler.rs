//! Many speakers, one model: which tokens are read in the next pass.
//!
//! All speakers who need one more token share a pass, so the weights are read from memory once for
//! all of them; speakers join and leave between passes (Yu et al., 2022, "Orca"). Long prompts are
//! read in chunks beside the speakers' tokens, as large as fits into [`Scheduler::DELAY`]. Where few
//! speak, guesses at what comes next are read as well; a right one saves a pass, and none changes what
//! is said.

mod draft;
mod guess;
mod plan;
mod slot;
mod speaker;

use std::time::{Duration, Instant};

use plan::{Share, Waiting, plan};
use slot::{Slot, SlotId};
pub(super) use speaker::Speaker;

use super::{
    ConversationId, InferenceBudget, Pace,
    model::{AdapterId, CausalModel, ForwardError, ModelMemory, Span, TokenCounts},
};

/// Owns the model and takes the speakers' turns.
pub(super) struct Scheduler {
    model: Box<dyn CausalModel>,
    /// In the order in which they were opened.
    slots: Vec<Slot>,
    opened: u64,
    focus: Option<ConversationId>,
    pace: Pace,
    /// The most tokens made in a second; 0 for as many as it can.
    rate: f32,
    /// The most tokens of prompts in one pass.
    chunk: usize,
    /// How many tokens of prompts are read per second, as far as that is known.
    speed: Option<f32>,
    passes: u64,
    /// Passes in which somebody spoke.
    spoken: u64,
    /// The most tokens that are guessed for a speaker in a pass.
    guesses: usize,
    /// Tokens that were said without a pass since the last one, because they had been guessed.
    saved: usize,
}

impl Scheduler {
    /// How long a pass may take because of a prompt while somebody speaks. The limit is 50 ms; the
    /// speed is an estimate.
    const DELAY: Duration = Duration::from_millis(30);
    /// The most tokens of a pass in which something is guessed: up to so many, one more costs little.
    const ROWS: usize = 6;

    /// `chunk` is the most tokens of prompts in one pass, `guesses` the most that are guessed for a
    /// speaker.
    pub(super) fn new(model: Box<dyn CausalModel>, chunk: usize, guesses: usize) -> Self {
        let guesses = if model.can_take_back() { guesses } else { 0 };
        Self {
            model,
            slots: Vec::new(),
            opened: 0,
            focus: None,
            pace: Pace::default(),
            rate: InferenceBudget::default().tokens_per_second,
            chunk: chunk.max(1),
            speed: None,
            passes: 0,
            spoken: 0,
            guesses,
            saved: 0,
        }
    }

    /// The one the fan looks at is served first.
    pub(super) fn focus(&mut self, conversation: Option<ConversationId>) {
        self.focus = conversation;
    }

    pub(super) fn set_budget(&mut self, budget: &InferenceBudget) {
        self.model.set_budget(budget);
        if self.rate != budget.tokens_per_second {
            self.rate = budget.tokens_per_second;
            self.pace = Pace::default();
        }
    }

    pub(super) fn memory(&self) -> ModelMemory {
        self.model.memory()
    }

    pub(super) fn counts(&self) -> TokenCounts {
        self.model.counts()
    }

    /// Opens a slot with the conversation and adapter of another.
    fn open_beside(&mut self, other: SlotId) -> SlotId {
        let of = self.slot(other).map(|slot| (slot.conversation, slot.adapter));
        let (conversation, adapter) = of.unwrap_or((ConversationId(0), None));
        self.open(conversation, adapter)
    }

    fn open(&mut self, conversation: ConversationId, adapter: Option<AdapterId>) -> SlotId {
        let id = SlotId(self.opened);
        self.opened += 1;
        let sequence = self.model.open(adapter);
        self.slots.push(Slot::new(id, conversation, adapter, sequence));
        id
    }

    fn slot(&mut self, id: SlotId) -> Option<&mut Slot> {
        self.slots.iter_mut().find(|slot| slot.id == id)
    }

    /// Gives a speaker a new prompt; gives how many of its tokens are known.
    fn begin(&mut self, id: SlotId, prompt: &[u32], fixed: usize) -> usize {
        let Self { model, slots, .. } = self;
        let Some(slot) = slots.iter_mut().find(|slot| slot.id == id) else { return 0 };
        let known = model.rewind(slot.sequence, prompt, fixed);
        slot.begin(prompt, fixed, known);
        known
    }

    /// Adds tokens that a speaker says; what was guessed and is not said is taken back.
    fn say(&mut self, id: SlotId, tokens: &[u32]) {
        let Self { model, slots, .. } = self;
        let Some(slot) = slots.iter_mut().find(|slot| slot.id == id) else { return };
        let before = slot.read;
        let wrong = slot.say(tokens);
        slot.only = None;
        self.saved += slot.read - before;
        if wrong > 0 {
            model.take_back(slot.sequence, wrong);
        }
    }

    fn close(&mut self, id: SlotId) {
        if let Some(at) = self.slots.iter().position(|slot| slot.id == id) {
            let slot = self.slots.remove(at);
            match slot.is_discarded {
                true => self.model.discard(slot.sequence, slot.prompt),
                false => self.model.close(slot.sequence),
            }
        }
    }

    /// Whether nobody but this speaker waits, and no budget slows her.
    fn is_alone(&self, id: SlotId) -> bool {
        let others = self.slots.iter().filter(|slot| slot.id != id);
        self.rate <= 0.0 && others.map(Slot::missing).sum::<usize>() == 0
    }

    /// Reads what the speakers wait for, in one pass; gives how long to pause before the next one,
    /// to keep to the budget. Does nothing where nobody waits.
    pub(super) fn pass(&mut self) -> Duration {
        let pause = self.pace.pause_after(0, self.rate, Instant::now());
        let mut shares = self.shares(pause);
        if shares.is_empty() {
            return pause;
        }
        self.look_again(&mut shares);
        let start = Instant::now();
        let result = self.read(&shares);
        self.measure(&shares, start.elapsed());
        self.tell(&shares, result);
        self.passes += 1;
        let spoken = shares.iter().filter(|share| share.speaks).count();
        self.spoken += u64::from(spoken > 0);
        let said = spoken + std::mem::take(&mut self.saved);
        let pause = self.pace.pause_after(said, self.rate, Instant::now());
        let is_prompt = |slot: &Slot| !slot.speaks && slot.missing() > 0;
        if self.slots.iter().any(is_prompt) { Duration::ZERO } else { pause }
    }

    /// What each slot gets of the next pass; while the budget pauses, only prompts are read.
    fn shares(&self, pause: Duration) -> Vec<Share> {
        let waiting: Vec<Waiting> = self
            .slots
            .iter()
            .enumerate()
            .map(|(slot, it)| Waiting {
                slot,
                served: it.served,
                missing: it.missing(),
                speaks: it.speaks,
                in_focus: self.focus == Some(it.conversation),
            })
            .filter(|waiting| waiting.missing > 0)
            .collect();
        let only_focus = self.rate > 0.0 && self.spoken % 2 == 1;
        plan(&waiting, self.chunk, self.quick(), !pause.is_zero(), only_focus)
    }

    /// Others may have read the beginning of a prompt since it was given.
    fn look_again(&mut self, shares: &mut [Share]) {
        for share in shares.iter_mut().filter(|share| !share.speaks) {
            let slot = &mut self.slots[share.slot];
            if let Some(fixed) = slot.begins_with.take() {
                slot.read = self.model.rewind(slot.sequence, &slot.tokens, fixed);
                share.count = share.count.min(slot.missing());
            }
        }
    }

    fn read(&mut self, shares: &[Share]) -> Result<(), ForwardError> {
        let room = self.room(shares);
        let Self { model, slots, .. } = self;
        let context = model.context_length();
        let mut spans: Vec<Span<'_>> = Vec::with_capacity(shares.len());
        for (at, slot) in slots.iter_mut().enumerate() {
            let Some(share) = shares.iter().find(|share| share.slot == at) else { continue };
            let end = slot.read + share.count;
            let is_last = end == slot.tokens.len();
            slot.begins_with = None;
            if share.speaks && is_last && slot.only.is_none() {
                slot.guess(room.min(context.saturating_sub(end)));
            }
            let end = end + slot.guess.len();
            spans.push(Span {
                guessed: slot.guess.len(),
                logits: is_last.then_some(&mut slot.logits),
                only: slot.only.as_deref(),
                ..Span::new(slot.sequence, &slot.tokens[slot.read..end])
            });
        }
        let result = model.forward(&mut spans);
        for share in shares {
            let slot = &mut self.slots[share.slot];
            slot.tokens.truncate(slot.tokens.len() - slot.guess.len());
        }
        result
    }

    /// How many tokens may be guessed for each speaker of a pass.
    fn room(&self, shares: &[Share]) -> usize {
        let rows: usize = shares.iter().map(|share| share.count).sum();
        let speakers = shares.iter().filter(|share| share.speaks).count();
        (Self::ROWS.saturating_sub(rows) / speakers.max(1)).min(self.guesses)
    }

    /// How many tokens of prompts are read beside a speaker.
    fn quick(&self) -> usize {
        self.speed.map_or(16, |speed| (speed * Self::DELAY.as_secs_f32()) as usize).max(1)
    }

    /// Learns from a pass how fast prompts are read.
    ///
    /// The slower of what was seen counts more, because a delay is worse than a small chunk; but one
    /// pass may be slow by chance, so it counts by half at most.
    fn measure(&mut self, shares: &[Share], took: Duration) {
        if shares.iter().all(|share| share.speaks) {
            return;
        }
        let rows: usize = shares.iter().map(|share| share.count).sum();
        let seen = rows as f32 / took.as_secs_f32().max(1e-6);
        self.speed = Some(match self.speed {
            None => seen,
            Some(known) if seen < known => seen.max(known / 2.0),
            // Few rows are read more slowly than many, so that they took no time says enough.
            Some(known) if took < Self::DELAY && rows < 16 => known * 1.1,
            Some(known) => known + 0.25 * (seen - known),
        });
    }

    /// Notes what was read; where the pass failed, reads each speaker's share alone, so that only
    /// those fail who must.
    fn tell(&mut self, shares: &[Share], result: Result<(), ForwardError>) {
        for share in shares {
            let result = match &result {
                Err(_) if shares.len() > 1 => self.read(&[*share]),
                together => together.clone(),
            };
            let slot = &mut self.slots[share.slot];
            slot.served = self.passes;
            match result {
                Ok(()) => slot.read += share.count,
                Err(_) => {
                    slot.read = slot.tokens.len();
                    slot.guess.begin(&[]);
                }
            }
            if slot.missing() == 0 {
                slot.speaks = true;
                slot.outcome = Some(result);
            }
        }
    }
}

#[cfg(test)]
mod tests;
