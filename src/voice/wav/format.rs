//! How the samples of a file are written.

use super::WavError;

/// Format tags.
pub(super) const PCM: u16 = 1;
const FLOAT: u16 = 3;
const EXTENSIBLE: u16 = 0xFFFE;

/// How one sample is written, little end first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Byte,
    Int16,
    Int24,
    Int32,
    Float32,
    Float64,
}

/// The `fmt ` chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Format {
    kind: Kind,
    channels: usize,
    pub(super) sample_rate: u32,
}

impl Format {
    pub(super) fn parse(chunk: &[u8]) -> Result<Self, WavError> {
        let short = WavError::NoChunk("fmt ");
        let word = |at: usize| {
            let bytes = chunk.get(at..)?.first_chunk::<2>()?;
            Some(u16::from_le_bytes(*bytes))
        };
        let rate = chunk.get(4..).and_then(|rest| rest.first_chunk::<4>());
        let (Some(mut tag), Some(channels), Some(rate), Some(bits)) =
            (word(0), word(2), rate, word(14))
        else {
            return Err(short);
        };
        if tag == EXTENSIBLE {
            // The real tag begins a GUID at the end of the chunk.
            tag = word(24).ok_or(short)?;
        }
        let sample_rate = u32::from_le_bytes(*rate);
        if !(1..=1_000_000).contains(&sample_rate) {
            return Err(WavError::Senseless { what: "samples a second", value: sample_rate });
        }
        if channels == 0 {
            return Err(WavError::Senseless { what: "channels", value: 0 });
        }
        let kind = match (tag, bits) {
            (PCM, 8) => Kind::Byte,
            (PCM, 16) => Kind::Int16,
            (PCM, 24) => Kind::Int24,
            (PCM, 32) => Kind::Int32,
            (FLOAT, 32) => Kind::Float32,
            (FLOAT, 64) => Kind::Float64,
            _ => return Err(WavError::Format { tag, bits }),
        };
        Ok(Self { kind, channels: usize::from(channels), sample_rate })
    }

    /// The mean of all channels. What is left of a last frame that is cut off does not count.
    pub(super) fn mix(self, data: &[u8]) -> Vec<f32> {
        let width = self.kind.bytes();
        let share = 1.0 / self.channels as f32;
        data.chunks_exact(width * self.channels)
            .map(|frame| {
                let sum: f32 = frame.chunks_exact(width).map(|sample| self.kind.read(sample)).sum();
                sum * share
            })
            .collect()
    }
}

impl Kind {
    const fn bytes(self) -> usize {
        match self {
            Self::Byte => 1,
            Self::Int16 => 2,
            Self::Int24 => 3,
            Self::Int32 | Self::Float32 => 4,
            Self::Float64 => 8,
        }
    }

    /// Reads a sample of [`Self::bytes`] bytes.
    fn read(self, sample: &[u8]) -> f32 {
        let value = match (self, sample) {
            (Self::Byte, &[a]) => (f32::from(a) - 128.0) / 128.0,
            (Self::Int16, &[a, b]) => f32::from(i16::from_le_bytes([a, b])) / 32_768.0,
            (Self::Int24, &[a, b, c]) => i32::from_le_bytes([0, a, b, c]) as f32 / 2_147_483_648.0,
            (Self::Int32, &[a, b, c, d]) => {
                i32::from_le_bytes([a, b, c, d]) as f32 / 2_147_483_648.0
            }
            (Self::Float32, &[a, b, c, d]) => f32::from_le_bytes([a, b, c, d]),
            (Self::Float64, &[a, b, c, d, e, f, g, h]) => {
                f64::from_le_bytes([a, b, c, d, e, f, g, h]) as f32
            }
            _ => 0.0,
        };
        if value.is_finite() { value.clamp(-1.0, 1.0) } else { 0.0 }
    }
}
