//! What all requests share.

use std::{sync::Arc, time::Instant};

use axum::http::HeaderMap;
use tokio::sync::watch;

use super::{Club, page, wire::Peer};
use crate::limits::{Address, Addresses, Fans};

/// What all requests share.
pub struct Hall {
    pub club: Club,
    pub fans: Arc<Fans>,
    /// Failed sign-ins.
    pub strangers: Addresses,
    /// Sign-ups.
    pub joins: Addresses,
    pub index: String,
    pub stop: watch::Receiver<bool>,
    present: watch::Sender<()>,
}

impl Hall {
    pub fn new(club: Club, stop: watch::Receiver<bool>) -> Self {
        Self {
            fans: Arc::new(Fans::new(club.limits.clone())),
            strangers: Addresses::new(club.limits.strangers),
            joins: Addresses::new(club.limits.joins),
            index: page::index_for(club.open),
            present: watch::Sender::new(()),
            club,
            stop,
        }
    }

    /// Whose request it is, before it is known which fan it is.
    pub fn address(&self, headers: &HeaderMap, peer: &Peer) -> Address {
        let forwarded = || headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok();
        self.club
            .limits
            .behind_proxy
            .then(forwarded)
            .flatten()
            .and_then(Address::forwarded)
            .unwrap_or_else(|| peer.address.ip().into())
    }

    /// Counts a failed sign-in.
    pub fn saw_stranger(&self, address: Address) {
        self.club.metrics.turned_away("stranger");
        // One too many is seen by the next who asks.
        let _ = self.strangers.take(address, Instant::now());
    }

    /// A sign of a connection that is waited for when the server ends.
    pub fn presence(&self) -> watch::Receiver<()> {
        self.present.subscribe()
    }

    /// Waits until no connection is left.
    pub async fn all_gone(&self) {
        self.present.closed().await;
    }
}
