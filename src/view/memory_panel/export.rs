//! All that is remembered, as text.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    dialogue::Fan,
    mind::{Bond, memory::MemoryJsonError},
    persona::PersonaId,
};

#[derive(Serialize)]
struct Export<'a> {
    fan: &'a str,
    unlocked: Vec<&'a String>,
    memory: serde_json::Value,
    bonds: BTreeMap<&'a PersonaId, &'a Bond>,
}

/// Everything that the characters hold of a fan, as JSON that a person can read.
///
/// # Errors
/// Only if there is no room left.
pub(super) fn text<'a>(
    fan: &'a Fan,
    bonds: impl Iterator<Item = (&'a PersonaId, &'a Bond)>,
) -> Result<String, MemoryJsonError> {
    let memory = serde_json::from_str(&fan.memory.to_json()?)?;
    let (fan, unlocked) = (fan.id.as_str(), fan.unlocked.iter().collect());
    let export = Export { fan, unlocked, memory, bonds: bonds.collect() };
    Ok(serde_json::to_string_pretty(&export)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mind::FanMemory;

    #[test]
    fn what_is_exported_can_be_read_again() {
        let fan = Fan { unlocked: ["echo_tower".to_owned()].into(), ..Fan::default() };
        let siwoo: PersonaId = "siwoo".parse().unwrap();
        let bond = Bond { turns: 7, ..Bond::default() };
        let text = text(&fan, [(&siwoo, &bond)].into_iter()).unwrap();
        let read: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read["bonds"]["siwoo"]["turns"], 7);
        assert_eq!(read["unlocked"][0], "echo_tower");
        let memory = read["memory"].to_string();
        assert_eq!(FanMemory::from_json(&memory).unwrap(), fan.memory);
    }
}
