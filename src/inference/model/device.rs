//! What a model is computed on.

use candle_core::{Device, utils};

/// What a model is computed on.
///
/// # Example
/// ```
/// use bevy_persona::inference::{GgufSettings, model::DeviceChoice};
///
/// let beside_the_game = GgufSettings { device: DeviceChoice::Cpu, ..GgufSettings::default() };
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum DeviceChoice {
    /// The first graphics unit, where the game is built with the feature `cuda` or `metal` and one
    /// answers; else the CPU.
    #[default]
    Best,
    /// The CPU: where the graphics unit has enough to do with the game, and for adapters, which only
    /// our own kernels know.
    Cpu,
}

impl DeviceChoice {
    /// Whether that is a graphics unit with memory of its own, so that what the system has free says
    /// nothing.
    pub(in crate::inference) fn has_own_memory(self) -> bool {
        self == Self::Best && utils::cuda_is_available() && Device::new_cuda(0).is_ok()
    }

    /// Looks what there is.
    pub(super) fn open(self) -> Device {
        if self == Self::Cpu {
            return Device::Cpu;
        }
        let units: [(&str, bool, fn(usize) -> candle_core::Result<Device>); 2] = [
            ("CUDA", utils::cuda_is_available(), Device::new_cuda),
            ("Metal", utils::metal_is_available(), Device::new_metal),
        ];
        for (name, is_built, new) in units {
            match new(0) {
                Ok(device) => {
                    tracing::info!("the model is computed by {name}");
                    return device;
                }
                Err(error) if is_built => {
                    tracing::warn!("{name} does not answer, so the CPU computes: {error}");
                }
                Err(_) => {}
            }
        }
        Device::Cpu
    }
}
