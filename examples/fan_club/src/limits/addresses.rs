//! What has come from each address.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use super::{Address, Bucket, Pace};

/// How often something has come from each address. Addresses are forgotten once they have waited
/// long enough.
#[derive(Debug)]
pub struct Addresses {
    pace: Pace,
    buckets: Mutex<HashMap<Address, Bucket>>,
}

impl Addresses {
    /// More than so many are gone through for those that need not be kept.
    const MANY: usize = 1024;

    /// Takes so many of each address.
    #[must_use]
    pub fn new(pace: Pace) -> Self {
        Self { pace, buckets: Mutex::default() }
    }

    /// Counts one.
    ///
    /// # Errors
    /// How long to wait, if this is more than is taken.
    pub fn take(&self, address: Address, now: Instant) -> Result<(), Duration> {
        self.with(address, now, |bucket| bucket.take(now))
    }

    /// Whether one more would be taken.
    ///
    /// # Errors
    /// How long to wait, if not.
    pub fn peek(&self, address: Address, now: Instant) -> Result<(), Duration> {
        self.with(address, now, |bucket| bucket.peek(now))
    }

    fn with<R>(&self, address: Address, now: Instant, act: impl FnOnce(&mut Bucket) -> R) -> R {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        // Only where the map would grow, so that a flood from many addresses pays for it rarely.
        if buckets.len() >= Self::MANY && buckets.len() == buckets.capacity() {
            buckets.retain(|_, bucket| !bucket.is_full(now));
        }
        let mut bucket = buckets.get(&address).copied().unwrap_or_else(|| Bucket::new(self.pace));
        let result = act(&mut bucket);
        if bucket.is_full(now) {
            buckets.remove(&address);
        } else {
            buckets.insert(address, bucket);
        }
        result
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::*;

    fn address(n: u32) -> Address {
        IpAddr::from(n.to_be_bytes()).into()
    }

    #[test]
    fn one_address_does_not_use_up_what_another_has() {
        let addresses = Addresses::new(Pace::new(1, Duration::from_secs(10)));
        let now = Instant::now();
        addresses.take(address(1), now).unwrap();
        assert_eq!(addresses.take(address(1), now), Err(Duration::from_secs(10)));
        assert_eq!(addresses.peek(address(1), now), Err(Duration::from_secs(10)));
        addresses.take(address(2), now).unwrap();
        addresses.take(address(1), now + Duration::from_secs(10)).unwrap();
    }

    #[test]
    fn addresses_are_forgotten_when_nothing_is_missing() {
        let addresses = Addresses::new(Pace::new(1, Duration::from_secs(1)));
        let mut now = Instant::now();
        for n in 0..100_000 {
            now += Duration::from_millis(10);
            addresses.take(address(n), now).unwrap();
        }
        assert!(addresses.buckets.lock().unwrap().len() < 10_000);
        addresses.peek(address(7), now).unwrap();
    }
}
