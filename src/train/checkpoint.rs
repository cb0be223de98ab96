//! All that is needed to go on with a training that was interrupted.

use std::{
    collections::HashMap,
    io::{self, Write},
    path::Path,
};

use candle_core::{Device, Tensor, safetensors};
use serde::{Deserialize, Serialize};

use super::{TrainError, TrainSettings, optimizer::Moments, progress::Record};
use crate::disk::whole_file;

/// How far a training has come, without its tensors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Progress {
    pub(super) settings: TrainSettings,
    /// What is learnt from: a number made of it.
    pub(super) data: String,
    /// Which model.
    pub(super) model: String,
    /// Steps that were taken.
    pub(super) steps: usize,
    /// Evaluations since the best one.
    pub(super) worse: usize,
    pub(super) record: Record,
}

/// The tensors of a training.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct State {
    pub(super) values: Vec<Vec<f32>>,
    pub(super) moments: Vec<Moments>,
    /// The parameters that did best on what is held out.
    pub(super) best: Vec<Vec<f32>>,
}

/// Where the rest stands among the tensors of the file.
const PROGRESS: &str = "progress";

/// Writes a checkpoint; the one before is there until it is whole.
pub(super) fn write(path: &Path, progress: &Progress, state: &State) -> Result<(), TrainError> {
    let json = serde_json::to_vec(progress).map_err(TrainError::model)?;
    let flat = |values: &[f32]| Tensor::from_slice(values, values.len(), &Device::Cpu);
    let mut tensors = HashMap::new();
    tensors.insert(PROGRESS.to_owned(), Tensor::from_slice(&json, json.len(), &Device::Cpu)?);
    for (place, moments) in state.moments.iter().enumerate() {
        tensors.insert(format!("value.{place}"), flat(&state.values[place])?);
        tensors.insert(format!("best.{place}"), flat(&state.best[place])?);
        tensors.insert(format!("mean.{place}"), flat(&moments.mean)?);
        tensors.insert(format!("square.{place}"), flat(&moments.square)?);
    }
    let bytes = ::safetensors::serialize(&tensors, None).map_err(TrainError::model)?;
    whole_file::write(path, |file| file.write_all(&bytes)).map_err(TrainError::io(path))
}

/// Reads a checkpoint with parameters of these sizes; nothing, if there is none.
pub(super) fn read(path: &Path, sizes: &[usize]) -> Result<Option<(Progress, State)>, TrainError> {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(TrainError::io(path)(error)),
    };
    let broken = |error: String| TrainError::Checkpoint { path: path.into(), error };
    let tensors = safetensors::load_buffer(&bytes, &Device::Cpu)
        .map_err(|error| broken(error.to_string()))?;
    let json = tensors.get(PROGRESS).and_then(|json| json.to_vec1::<u8>().ok());
    let json = json.ok_or_else(|| broken("it says nothing of its progress".into()))?;
    let progress: Progress =
        serde_json::from_slice(&json).map_err(|error| broken(error.to_string()))?;
    let all = |kind: &str| -> Result<Vec<Vec<f32>>, TrainError> {
        let one = |(place, size): (usize, &usize)| {
            let name = format!("{kind}.{place}");
            let values = tensors.get(&name).and_then(|tensor| tensor.to_vec1::<f32>().ok());
            values
                .filter(|values| values.len() == *size)
                .ok_or_else(|| broken(format!("`{name}` is missing or of another size")))
        };
        sizes.iter().enumerate().map(one).collect()
    };
    let (values, best) = (all("value")?, all("best")?);
    let moments = all("mean")?.into_iter().zip(all("square")?);
    let moments = moments.map(|(mean, square)| Moments { mean, square }).collect();
    Ok(Some((progress, State { values, moments, best })))
}

impl Progress {
    /// What is different from another training, if anything.
    pub(super) fn difference(&self, other: &Self) -> Option<String> {
        if self.model != other.model {
            return Some("the model".into());
        }
        if self.data != other.data {
            return Some("what is learnt from".into());
        }
        let fields = |settings: &TrainSettings| serde_json::to_value(settings).unwrap_or_default();
        let (ours, theirs) = (fields(&self.settings), fields(&other.settings));
        let ours = ours.as_object()?.iter();
        let mut different = ours.filter(|(key, value)| theirs.get(key) != Some(*value));
        different.next().map(|(key, value)| format!("`{key}` ({value} here)"))
    }
}
