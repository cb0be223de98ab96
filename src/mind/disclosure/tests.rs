//! Everything written for the characters, and texts that tell a secret or do not.

mod authored;
mod file;
mod samples;

use std::sync::Arc;

use super::{Disclosure, Locked};
use crate::mind::{Standing, Unlocked};

pub(in crate::mind) const FILE: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/conduct/disclosure.toml"));

/// Everything is locked for a fan of this member.
pub(in crate::mind) fn all_locked(member: &str) -> Arc<Locked> {
    locked_but(member, &[])
}

/// Everything is locked but what these scenes unlock.
fn locked_but(member: &str, scenes: &[&str]) -> Arc<Locked> {
    static READ: std::sync::OnceLock<Disclosure> = std::sync::OnceLock::new();
    let disclosure = READ.get_or_init(|| Disclosure::from_toml("disclosure.toml", FILE).unwrap());
    let (member, unlocked) =
        (member.parse().unwrap(), scenes.iter().map(ToString::to_string).collect::<Unlocked>());
    disclosure.locked(&Standing { member: &member, affinity: 100.0, unlocked: &unlocked })
}
