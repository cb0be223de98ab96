//! Keeps what characters know of one fan, from one start of the program to the next.

use std::path::Path;

use bevy_persona::{
    dialogue::FanStorePlugin,
    mind::{ChatTurn, FanId, Unlocked},
    store::{Saved, Store, StoreError, TurnRecord},
};

use crate::talk::{Talk, Turn};

/// A store, and the fan it is used for.
pub struct Keeper {
    store: Store,
    fan: FanId,
}

impl Keeper {
    /// Keeps a fan in a store.
    pub fn new(store: Store, fan: FanId) -> Self {
        Self { store, fan }
    }

    /// Keeps a fan in the file at `path`, or in the user's own.
    ///
    /// # Errors
    /// If the file cannot be used.
    pub fn open(path: Option<&Path>, fan: FanId) -> Result<Self, StoreError> {
        let path = path.map_or_else(FanStorePlugin::usual_file, Path::to_path_buf);
        Ok(Self::new(Store::open(&path)?, fan))
    }

    /// The store.
    pub fn store(&mut self) -> &mut Store {
        &mut self.store
    }

    /// What is known of the fan.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn load(&mut self) -> Result<Saved, StoreError> {
        self.store.load(&self.fan)
    }

    /// Keeps the last turn of a talk, once.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn keep(&mut self, talk: &mut Talk) -> Result<(), StoreError> {
        let Some(Turn { fan, reply, done }) = talk.take_settled() else { return Ok(()) };
        let lines = [ChatTurn::Fan(fan.into()), ChatTurn::Idol(reply.into())];
        let bond = Some(talk.with().bond.clone());
        let record = TurnRecord::settled(lines, &talk.fan().memory, done.forgotten, bond);
        self.store.save_turn(&self.fan, &talk.sheet().id, &record).map(|_| ())
    }

    /// Forgets the fan.
    ///
    /// # Errors
    /// If that cannot be written.
    pub fn forget_all(&mut self) -> Result<bool, StoreError> {
        self.store.forget_fan(&self.fan)
    }

    /// Marks scenes as finished.
    ///
    /// # Errors
    /// If that cannot be written.
    pub fn unlock(&mut self, scenes: &Unlocked) -> Result<(), StoreError> {
        scenes.iter().try_for_each(|scene| self.store.unlock(&self.fan, scene).map(|_| ()))
    }
}
