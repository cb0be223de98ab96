//! Several sources of replies: where one fails before its first word, the next one speaks.

#[cfg(feature = "candle")]
mod choice;
mod generation;
mod link;

use std::{cell::RefCell, collections::VecDeque, rc::Rc, sync::Arc, time::Duration};

use super::{
    Backend, BackendInfo, ConversationId, Generation, InferenceBudget, InferenceError, LoadReport,
    Request,
};
use generation::ChainGeneration;
use link::Link;

#[cfg(feature = "candle")]
pub use choice::{ModelChoice, ParseModelChoiceError};
pub use link::ChainLink;

/// Another source serves the replies from now on.
#[derive(Debug, Clone)]
pub struct BackendSwitch {
    /// The name of the one that did.
    pub from: Arc<str>,
    /// The name of the one that does.
    pub to: Arc<str>,
    /// What the new one is.
    pub info: BackendInfo,
    /// Why the old one does not; none where an earlier one of the chain speaks again.
    pub error: Option<InferenceError>,
}

/// A chain of backends: a server, then a model on this machine, then written lines.
///
/// Every reply begins at the front; where a backend fails before the first word of a reply, the next
/// one is asked for it. A backend that fails after that fails the reply: the fan has heard half of it.
/// Who speaks is told by [`BackendSwitch`], which games hear as
/// [`BackendSwitched`](super::BackendSwitched).
///
/// All backends are loaded at once, so that none is missed later. One that cannot be loaded is left
/// out, as long as another can be.
///
/// # Example
/// ```
/// use std::{sync::{Arc, atomic::AtomicBool}};
/// use bevy_persona::inference::*;
///
/// let links = [
///     ChainLink::new("server", |_| Err(InferenceError::load(std::fmt::Error))),
///     ChainLink::lines("lines", ["[sad] I can't think right now. Ask me again soon?"]),
/// ];
/// let (mut tell, cancelled) = (|_| {}, AtomicBool::new(false));
/// let mut report = LoadReport::new(&mut tell, &cancelled);
/// let mut chain = FallbackChain::load(&links, &mut report)?;
/// assert_eq!(chain.switched().map(|switch| switch.to), Some("lines".into()));
/// # Ok::<(), InferenceError>(())
/// ```
pub struct FallbackChain {
    chain: Rc<RefCell<Chain>>,
}

/// What all replies of a chain share.
struct Chain {
    links: Vec<Link>,
    /// Which one spoke last.
    serving: usize,
    switches: VecDeque<BackendSwitch>,
}

impl FallbackChain {
    /// Loads all links.
    ///
    /// # Errors
    /// If none can be loaded: the error of the last one.
    pub fn load(links: &[ChainLink], report: &mut LoadReport<'_>) -> Result<Self, InferenceError> {
        let (mut loaded, mut failures) = (Vec::new(), Vec::new());
        for link in links {
            match Link::load(link, report) {
                Ok(link) => loaded.push(link),
                Err(error) => {
                    tracing::warn!("`{}` is left out of the chain: {error}", link.name);
                    // Only what stands before the first that speaks is missed.
                    if loaded.is_empty() {
                        failures.push((Arc::clone(&link.name), error));
                    }
                }
            }
        }
        let mut switches = VecDeque::new();
        match (loaded.first(), failures.pop()) {
            (None, Some((_, error))) => return Err(error),
            (None, None) => return Err(InferenceError::load(EmptyChain)),
            (Some(first), Some((from, error))) => {
                switches.push_back(first.switch_from(from, Some(error)));
            }
            (Some(_), None) => {}
        }
        let chain = Chain { links: loaded, serving: 0, switches };
        Ok(Self { chain: Rc::new(RefCell::new(chain)) })
    }
}

impl Chain {
    /// A link speaks; gives whether another did before.
    fn serve(&mut self, at: usize, error: Option<InferenceError>) -> bool {
        let before = std::mem::replace(&mut self.serving, at);
        if before == at {
            return false;
        }
        let from = Arc::clone(&self.links[before].name);
        self.switches.push_back(self.links[at].switch_from(from, error));
        true
    }
}

/// A chain without links.
#[derive(Debug, thiserror::Error)]
#[error("a chain of backends needs at least one")]
struct EmptyChain;

impl Backend for FallbackChain {
    fn info(&self) -> BackendInfo {
        let chain = self.chain.borrow();
        chain.links[chain.serving].backend.info()
    }

    fn start(&mut self, request: Request) -> Result<Box<dyn Generation>, InferenceError> {
        Ok(Box::new(ChainGeneration::new(Rc::clone(&self.chain), request)))
    }

    /// Only those that have replies in the making work: others would have nothing to wait for.
    fn work(&mut self) -> Duration {
        let mut chain = self.chain.borrow_mut();
        let at_work = chain.links.iter_mut().filter(|link| link.is_at_work());
        at_work.map(|link| link.backend.work()).min().unwrap_or_default()
    }

    fn switched(&mut self) -> Option<BackendSwitch> {
        self.chain.borrow_mut().switches.pop_front()
    }

    fn forget(&mut self, conversation: ConversationId) {
        let mut chain = self.chain.borrow_mut();
        chain.links.iter_mut().for_each(|link| link.backend.forget(conversation));
    }

    fn focus(&mut self, conversation: Option<ConversationId>) {
        let mut chain = self.chain.borrow_mut();
        chain.links.iter_mut().for_each(|link| link.backend.focus(conversation));
    }

    fn set_budget(&mut self, budget: &InferenceBudget) {
        let mut chain = self.chain.borrow_mut();
        chain.links.iter_mut().for_each(|link| link.backend.set_budget(budget));
    }
}

#[cfg(test)]
mod tests;
