//! Keeps a scene in the middle, with the fan who plays it.

use std::{collections::BTreeMap, path::Path};

use bevy::prelude::*;
use bevy_persona::{
    mind::{
        Relationship, Timestamp, Unlocked,
        memory::{FanFact, FanMemory},
    },
    prelude::*,
    scene::SavedScene,
};
use serde::{Deserialize, Serialize};

use super::{args::Closeness, backstage::Backstage, error::PlayError};

/// A scene in the middle.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Kept {
    /// The scene.
    pub scene: SavedScene,
    /// How close each member is.
    affinity: BTreeMap<String, f32>,
    /// What is open for the fan.
    unlocked: Unlocked,
    /// What is known of the fan.
    memory: serde_json::Value,
}

impl Kept {
    /// The scene that runs, if there is one.
    ///
    /// # Errors
    /// If what is known of the fan cannot be written.
    pub fn of(stage: &mut Backstage) -> Result<Option<Self>, PlayError> {
        let Some(scene) = stage.scene().saved.clone() else { return Ok(None) };
        let affinity = closeness(stage);
        let fan = stage.world().resource::<Fan>();
        let json = fan.memory.to_json().map_err(|error| PlayError::Folder(error.to_string()))?;
        let memory = serde_json::from_str(&json).unwrap_or_default();
        Ok(Some(Self { scene, affinity, unlocked: fan.unlocked.clone(), memory }))
    }

    /// Reads what was kept.
    ///
    /// # Errors
    /// If the file cannot be read, or holds something else.
    pub fn read(path: &Path) -> Result<Self, PlayError> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| PlayError::File { path: path.into(), error })?;
        serde_json::from_str(&text).map_err(|error| PlayError::Save {
            path: path.into(),
            problem: format!("is no scene that was kept: {error}; `--save` writes one"),
        })
    }

    /// Writes it.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), PlayError> {
        let text = serde_json::to_string_pretty(self).map_err(std::io::Error::from)?;
        std::fs::write(path, text).map_err(|error| PlayError::File { path: path.into(), error })
    }

    /// Makes the fan who it was.
    ///
    /// # Errors
    /// If what is known of the fan is broken.
    pub fn restore(&self, stage: &mut Backstage, path: &Path) -> Result<(), PlayError> {
        let wrong = |problem: String| PlayError::Save { path: path.into(), problem };
        let memory = FanMemory::from_json(&self.memory.to_string())
            .map_err(|error| wrong(error.to_string()))?;
        let mut fan = stage.world_mut().resource_mut::<Fan>();
        (fan.memory, fan.unlocked) = (memory, self.unlocked.clone());
        for (member, affinity) in &self.affinity {
            set_closeness(stage, member, *affinity);
        }
        Ok(())
    }
}

/// How close each member is.
pub fn closeness(stage: &mut Backstage) -> BTreeMap<String, f32> {
    let cast = stage.cast();
    let of = |(entity, sheet): (Entity, bevy_persona::persona::PersonaSheet)| {
        let Rapport(bond) = stage.world().get(entity)?;
        Some((sheet.id.to_string(), bond.relationship.affinity()))
    };
    cast.into_iter().filter_map(of).collect()
}

/// Makes a member so close.
pub fn set_closeness(stage: &mut Backstage, member: &str, affinity: f32) {
    for (entity, sheet) in stage.cast() {
        if sheet.id.as_str() == member
            && let Some(mut rapport) = stage.world_mut().get_mut::<Rapport>(entity)
        {
            rapport.0.relationship = Relationship::of_affinity(affinity);
        }
    }
}

/// Makes the fan somebody with this name, whom members know so well.
///
/// # Errors
/// If there is no such member.
pub fn introduce(
    stage: &mut Backstage,
    name: Option<&str>,
    affinity: &[Closeness],
    unlocked: &Unlocked,
) -> Result<(), PlayError> {
    let cast = stage.cast();
    let known: Vec<&str> = cast.iter().map(|(_, sheet)| sheet.id.as_str()).collect();
    for Closeness { member, affinity } in affinity {
        if !known.contains(&member.as_str()) {
            let advice = super::error::advice(member.as_str(), &known);
            return Err(PlayError::Nobody { name: member.to_string(), advice });
        }
        set_closeness(stage, member.as_str(), *affinity);
    }
    let mut fan = stage.world_mut().resource_mut::<Fan>();
    fan.unlocked.extend(unlocked.iter().cloned());
    if let (Some(name), Some((_, sheet))) = (name, cast.first()) {
        // What was told long ago is forgotten.
        let now = Timestamp::now();
        let fact = serde_json::json!({
            "key": "name", "value": name, "member": sheet.id.as_str(), "confidence": 1.0,
            "learned": now, "used": now,
        });
        let fact = serde_json::from_value::<FanFact>(fact).map_err(std::io::Error::from)?;
        fan.memory.learn(vec![fact]);
    }
    Ok(())
}
