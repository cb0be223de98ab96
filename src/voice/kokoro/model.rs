//! The network, as rten runs it.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
    sync::Arc,
};

use rten::{ModelOptions, NodeId, RunOptions, ThreadPool};
use rten_tensor::{NdTensor, Tensor};
use sha2::{Digest, Sha256};

use super::{SAMPLES_A_FRAME, patch, style::WIDTH};
use crate::{panics::caught, voice::VoiceError};

/// The one file that this code was made for: `kokoro-v1.0.int8.onnx` of kokoro-onnx.
const SHA256: [u8; 32] = [
    0x6e, 0x74, 0x21, 0x70, 0xd3, 0x09, 0x01, 0x6e, 0x58, 0x91, 0xa9, 0x94, 0xe1, 0xce, 0x15, 0x59,
    0xc7, 0x02, 0xa2, 0xcc, 0xd0, 0x07, 0x5e, 0x67, 0xef, 0x71, 0x57, 0x97, 0x4f, 0x64, 0x06, 0xcb,
];
/// No file is read further than this.
const MOST_BYTES: u64 = 400_000_000;
/// The tensor that holds how many frames each token lasts.
const DURATIONS: &str = "/encoder/Clip_output_0";

/// The loaded network.
pub(super) struct Model {
    network: rten::Model,
    inputs: [NodeId; 3],
    outputs: [NodeId; 2],
    pool: Arc<ThreadPool>,
}

/// What the network gives.
pub(super) struct Output {
    /// The sound.
    pub(super) pcm: Vec<f32>,
    /// How many frames each token lasts, with that of the silence before and after them.
    pub(super) frames: Vec<usize>,
}

impl Model {
    /// Reads and checks the file.
    pub(super) fn load(path: &Path) -> Result<Self, VoiceError> {
        let bytes = read(path).map_err(|error| VoiceError::unreadable(path, &error))?;
        let broken = |problem| VoiceError::Broken { path: path.into(), problem };
        if Sha256::digest(&bytes)[..] != SHA256 {
            return Err(broken("it is not kokoro-v1.0.int8.onnx as published".into()));
        }
        Self::from_bytes(bytes).map_err(broken)
    }

    /// Builds the network from an ONNX file; an error says what is wrong with it.
    pub(super) fn from_bytes(mut bytes: Vec<u8>) -> Result<Self, String> {
        patch::patch(&mut bytes).map_err(|_| "it is no ONNX file, or a part of one")?;
        // Packed weights would be a second copy, and make nothing faster: most are packed per run.
        let load = || ModelOptions::with_all_ops().prepack_weights(false).load(bytes);
        let network = attempted(load)?.map_err(|error| error.to_string())?;
        let node = |name: &str| network.node_id(name).map_err(|error| error.to_string());
        Ok(Self {
            inputs: [node("tokens")?, node("style")?, node("speed")?],
            outputs: [node("audio")?, node(DURATIONS)?],
            pool: Arc::new(ThreadPool::with_num_threads(1)),
            network,
        })
    }

    /// Speaks. There must be at most [`MOST_TOKENS`](super::pieces::MOST_TOKENS).
    pub(super) fn run(
        &self,
        tokens: &[i32],
        style: &[f32],
        speed: f32,
    ) -> Result<Output, VoiceError> {
        // Silence, the text, silence.
        let framed = [&[0], tokens, &[0]].concat();
        let expected = framed.len();
        let inputs = vec![
            (self.inputs[0], NdTensor::from_data([1, expected], framed).into()),
            (self.inputs[1], NdTensor::from_data([1, WIDTH], style.to_vec()).into()),
            (self.inputs[2], NdTensor::from_data([1], vec![speed]).into()),
        ];
        let options = RunOptions::default().with_thread_pool(Some(Arc::clone(&self.pool)));
        let run = || self.network.run(inputs, &self.outputs, Some(options));
        let outputs = attempted(run)
            .and_then(|result| result.map_err(|error| error.to_string()))
            .map_err(VoiceError::Model)?;

        let mut tensors = outputs.into_iter().map(|value| {
            let tensor: Tensor<f32> = value
                .try_into()
                .map_err(|_| VoiceError::Model("an output is not of floats".into()))?;
            Ok::<_, VoiceError>(tensor.into_data())
        });
        let (Some(pcm), Some(durations)) = (tensors.next(), tensors.next()) else {
            return Err(VoiceError::Model("an output is missing".into()));
        };
        checked(pcm?, &durations?, expected)
    }
}

/// The output, if its parts fit each other.
fn checked(pcm: Vec<f32>, durations: &[f32], tokens: usize) -> Result<Output, VoiceError> {
    let wrong = |problem: String| Err(VoiceError::Model(problem));
    if durations.len() != tokens || durations.iter().any(|frames| !(0.0..=1000.0).contains(frames))
    {
        return wrong(format!("{} durations for {tokens} tokens", durations.len()));
    }
    let frames: Vec<usize> = durations.iter().map(|frames| frames.round() as usize).collect();
    let total = frames.iter().sum::<usize>() * SAMPLES_A_FRAME;
    if pcm.len() != total {
        return wrong(format!("{} samples where the phones last {total}", pcm.len()));
    }
    if pcm.iter().any(|sample| !sample.is_finite()) {
        return wrong("the sound has a sample that is no number".into());
    }
    Ok(Output { pcm, frames })
}

/// The whole file, with some room at the end for the patch.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    let length = file.metadata()?.len().min(MOST_BYTES);
    let mut bytes = Vec::with_capacity(length as usize + patch::GROWTH);
    file.take(length).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Does what rten may panic at.
fn attempted<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    caught(work).map_err(|said| format!("it cannot be run ({said})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_model_are_an_error() {
        for bytes in [vec![], vec![0; 1000], (0..=255).cycle().take(9000).collect(), vec![0x3a, 0]]
        {
            assert!(Model::from_bytes(bytes).is_err());
        }
    }

    #[test]
    fn a_panic_becomes_an_error() {
        let error = attempted(|| panic!("at {}", 3)).map(|()| 0).unwrap_err();
        assert_eq!(error, "it cannot be run (at 3)");
    }

    #[test]
    fn outputs_that_do_not_fit_are_errors() {
        let samples = |frames: usize| vec![0.0; frames * SAMPLES_A_FRAME];
        assert_eq!(checked(samples(3), &[1.0, 0.0, 2.0], 3).unwrap().frames, [1, 0, 2]);
        assert!(checked(samples(3), &[1.0, 2.0], 3).is_err());
        assert!(checked(samples(4), &[1.0, 2.0], 2).is_err());
        assert!(checked(vec![f32::NAN; SAMPLES_A_FRAME], &[1.0], 1).is_err());
        assert!(checked(samples(0), &[f32::NAN], 1).is_err());
    }
}
