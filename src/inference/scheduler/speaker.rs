//! One reply's door to the model.

use std::{cell::RefCell, rc::Rc};

use super::{Scheduler, SlotId};
use crate::inference::{
    ConversationId,
    model::{AdapterId, ForwardError},
};

/// One who speaks; she leaves when it is dropped.
pub(in crate::inference) struct Speaker {
    scheduler: Rc<RefCell<Scheduler>>,
    id: SlotId,
}

impl Speaker {
    pub(in crate::inference) fn new(
        scheduler: Rc<RefCell<Scheduler>>,
        conversation: ConversationId,
        adapter: Option<AdapterId>,
    ) -> Self {
        let id = scheduler.borrow_mut().open(conversation, adapter);
        Self { scheduler, id }
    }

    /// Whether nobody else waits, and no budget slows her.
    pub(in crate::inference) fn is_alone(&self) -> bool {
        self.scheduler.borrow().is_alone(self.id)
    }

    /// One more, in the same conversation.
    pub(in crate::inference) fn another(&self) -> Self {
        let scheduler = Rc::clone(&self.scheduler);
        let id = scheduler.borrow_mut().open_beside(self.id);
        Self { scheduler, id }
    }

    /// Lets a new prompt be read by the next passes, from where it is not known; gives how many of
    /// its tokens are known now. What she waited for is dropped.
    ///
    /// The first `fixed` tokens are those of her persona.
    pub(in crate::inference) fn begin(&self, prompt: &[u32], fixed: usize) -> usize {
        self.scheduler.borrow_mut().begin(self.id, prompt, fixed)
    }

    /// Lets more tokens be read by the next passes.
    pub(in crate::inference) fn read(&self, tokens: &[u32]) {
        self.scheduler.borrow_mut().say(self.id, tokens);
    }

    /// Tells which tokens can come behind all that waits to be read: only their logits matter, the
    /// others may be minus infinity. Forgotten when more is read.
    pub(in crate::inference) fn expect(&self, tokens: &[u32]) {
        if let Some(slot) = self.scheduler.borrow_mut().slot(self.id) {
            slot.only = Some(tokens.to_vec());
        }
    }

    /// Tells that nobody will read on behind what is said here: once she has left, all behind her
    /// prompt is forgotten first.
    pub(in crate::inference) fn discard(&self) {
        if let Some(slot) = self.scheduler.borrow_mut().slot(self.id) {
            slot.is_discarded = true;
        }
    }

    /// Whether all she waited for has been read; then `logits` are those of what comes next.
    ///
    /// # Errors
    /// If it cannot be read.
    pub(in crate::inference) fn take_logits(
        &self,
        logits: &mut Vec<f32>,
    ) -> Result<bool, ForwardError> {
        let mut scheduler = self.scheduler.borrow_mut();
        let Some(slot) = scheduler.slot(self.id) else { return Ok(false) };
        slot.take_logits(logits)
    }
}

impl Drop for Speaker {
    fn drop(&mut self) {
        if let Ok(mut scheduler) = self.scheduler.try_borrow_mut() {
            scheduler.close(self.id);
        }
    }
}
