//! What has come from each fan.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use bevy_persona::mind::FanId;
use thiserror::Error;

use super::{Bucket, Limits};

/// Why a connection is not let in, though the fan is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TurnedAway {
    /// The fan has flooded the server.
    #[error("you sent far too much; come again later")]
    Flooding(Duration),
    /// The fan has as many connections as one may have.
    #[error("you are here too often at once; close another window first")]
    TooMany,
    /// There are as many connections as there may be.
    #[error("the house is full; come again in a minute")]
    Full,
}

/// What becomes of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is taken.
    Taken,
    /// It may come again after this time.
    Wait(Duration),
}

#[derive(Debug)]
struct Account {
    connections: usize,
    messages: Bucket,
    requests: Bucket,
    refused: u32,
    refused_since: Option<Instant>,
    banned_until: Option<Instant>,
}

#[derive(Debug, Default)]
struct Book {
    fans: HashMap<FanId, Account>,
    connections: usize,
}

/// Who is connected, and what each has sent.
#[derive(Debug)]
pub struct Fans {
    limits: Limits,
    book: Mutex<Book>,
}

impl Fans {
    /// More than so many are gone through for those that need not be kept.
    const MANY: usize = 1024;

    /// Nobody yet.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self { limits, book: Mutex::default() }
    }

    /// Lets a connection of a fan in. It counts until the entry is dropped.
    ///
    /// # Errors
    /// If there are too many, or the fan has to wait.
    pub fn enter(self: &Arc<Self>, fan: FanId, now: Instant) -> Result<Entry, TurnedAway> {
        let mut book = self.book();
        self.room(&book, &fan, now)?;
        if book.fans.len() >= Self::MANY && book.fans.len() == book.fans.capacity() {
            book.fans.retain(|_, account| account.is_needed(now));
        }
        let account = book.fans.entry(fan.clone()).or_insert_with(|| Account::new(&self.limits));
        account.connections += 1;
        book.connections += 1;
        Ok(Entry { fans: Arc::clone(self), fan })
    }

    /// Whether a connection of a fan would be let in now.
    ///
    /// # Errors
    /// Why it would not.
    pub fn may_enter(&self, fan: &FanId, now: Instant) -> Result<(), TurnedAway> {
        self.room(&self.book(), fan, now)
    }

    fn room(&self, book: &Book, fan: &FanId, now: Instant) -> Result<(), TurnedAway> {
        if book.connections >= self.limits.connections {
            return Err(TurnedAway::Full);
        }
        match book.fans.get(fan) {
            Some(account) => match account.ban(now) {
                Some(wait) => Err(TurnedAway::Flooding(wait)),
                None if account.connections >= self.limits.per_fan => Err(TurnedAway::TooMany),
                None => Ok(()),
            },
            None => Ok(()),
        }
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        // Each change is one number, so that a thread that ended badly leaves nothing half done.
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One connection of a fan.
#[derive(Debug)]
pub struct Entry {
    fans: Arc<Fans>,
    fan: FanId,
}

impl Entry {
    /// Whose it is.
    #[must_use]
    pub fn fan(&self) -> &FanId {
        &self.fan
    }

    /// Counts a message.
    #[must_use]
    pub fn message(&self, now: Instant) -> Verdict {
        self.with(|account, _| account.messages.take(now).into())
    }

    /// Counts a frame that is no message.
    #[must_use]
    pub fn request(&self, now: Instant) -> Verdict {
        self.with(|account, _| account.requests.take(now).into())
    }

    /// Counts a frame that was refused. True if they are a flood, and the fan has to leave.
    #[must_use]
    pub fn refused(&self, now: Instant) -> bool {
        self.with(|account, limits| account.refuse(now, limits))
    }

    fn with<R>(&self, act: impl FnOnce(&mut Account, &Limits) -> R) -> R {
        let limits = &self.fans.limits;
        let mut book = self.fans.book();
        let account = book.fans.entry(self.fan.clone()).or_insert_with(|| Account::new(limits));
        act(account, limits)
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        let mut book = self.fans.book();
        book.connections = book.connections.saturating_sub(1);
        if let Some(account) = book.fans.get_mut(&self.fan) {
            account.connections = account.connections.saturating_sub(1);
        }
    }
}

impl Account {
    fn new(limits: &Limits) -> Self {
        Self {
            connections: 0,
            messages: Bucket::new(limits.messages),
            requests: Bucket::new(limits.requests),
            refused: 0,
            refused_since: None,
            banned_until: None,
        }
    }

    fn ban(&self, now: Instant) -> Option<Duration> {
        let wait = self.banned_until?.saturating_duration_since(now);
        (!wait.is_zero()).then_some(wait)
    }

    fn refuse(&mut self, now: Instant, limits: &Limits) -> bool {
        let since = *self.refused_since.get_or_insert(now);
        if now.saturating_duration_since(since) > limits.flood.within {
            self.refused_since = Some(now);
            self.refused = 0;
        }
        self.refused += 1;
        let is_flood = self.refused >= limits.flood.refused;
        if is_flood {
            self.banned_until = now.checked_add(limits.flood.ban);
        }
        // All other connections of the fan go too, at their next frame.
        is_flood || self.ban(now).is_some()
    }

    fn is_needed(&self, now: Instant) -> bool {
        self.connections > 0
            || self.ban(now).is_some()
            || !self.messages.is_full(now)
            || !self.requests.is_full(now)
    }
}

impl From<Result<(), Duration>> for Verdict {
    fn from(taken: Result<(), Duration>) -> Self {
        match taken {
            Ok(()) => Self::Taken,
            Err(wait) => Self::Wait(wait),
        }
    }
}

#[cfg(test)]
mod tests;
