//! Sound files: RIFF WAVE, in memory.

mod format;

use thiserror::Error;

use super::VoiceError;
use format::Format;

/// What a sound file holds, as one channel.
#[derive(Debug, Clone, PartialEq)]
pub struct Recording {
    /// The samples, -1..1; all channels of the file mixed.
    pub pcm: Vec<f32>,
    /// Samples a second, in hertz; never 0.
    pub sample_rate: u32,
}

/// Why a sound file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum WavError {
    /// It does not begin as such files do.
    #[error("this is no RIFF WAVE file: convert it, as with `ffmpeg -i in.mp3 out.wav`")]
    NotWave,
    /// A part of the file is missing.
    #[error("the file has no `{0}` chunk: it is cut off, or broken")]
    NoChunk(&'static str),
    /// The samples are of a kind that we do not read.
    #[error("samples of {bits} bits in format {tag:#06x} cannot be read: save it as 16-bit PCM")]
    Format {
        /// The format tag of the file.
        tag: u16,
        /// The bits of one sample.
        bits: u16,
    },
    /// A number in the file makes no sense.
    #[error("the file says {value} {what}, which cannot be")]
    Senseless {
        /// What the number is.
        what: &'static str,
        /// The number.
        value: u32,
    },
}

/// Reads a file: PCM of 8, 16, 24 or 32 bits, or floats of 32 or 64 bits, in any number of channels.
///
/// A file that is cut off gives what is there; samples that are not finite are silence.
///
/// # Errors
/// If it is no such file.
pub fn read(file: &[u8]) -> Result<Recording, VoiceError> {
    if file.get(..4) != Some(b"RIFF") || file.get(8..12) != Some(b"WAVE") {
        return Err(WavError::NotWave.into());
    }
    let mut format = None;
    for (name, body) in Chunks(&file[12..]) {
        match &name {
            b"fmt " => format = Some(Format::parse(body)?),
            b"data" => {
                let format: Format = format.ok_or(WavError::NoChunk("fmt "))?;
                return Ok(Recording { pcm: format.mix(body), sample_rate: format.sample_rate });
            }
            _ => {}
        }
    }
    let missing = if format.is_some() { "data" } else { "fmt " };
    Err(WavError::NoChunk(missing).into())
}

/// A file of 16-bit PCM, one channel. What is louder than 1 is clipped.
///
/// Sounds longer than fit into such a file (4 GiB) are cut.
///
/// # Example
/// ```
/// use bevy_persona::voice::wav;
///
/// let file = wav::write(&[0.0, 0.5, -0.5], 24_000);
/// let sound = wav::read(&file).unwrap();
/// assert_eq!((sound.pcm.len(), sound.sample_rate), (3, 24_000));
/// ```
#[must_use]
pub fn write(pcm: &[f32], sample_rate: u32) -> Vec<u8> {
    const HEADER: u32 = 36;
    let longest = ((u32::MAX - HEADER) / 2) as usize;
    let pcm = &pcm[..pcm.len().min(longest)];
    let bytes = 2 * u32::try_from(pcm.len()).unwrap_or(0);
    let mut file = Vec::with_capacity(44 + 2 * pcm.len());
    file.extend(b"RIFF");
    file.extend((HEADER + bytes).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16_u32.to_le_bytes());
    file.extend(format::PCM.to_le_bytes());
    file.extend(1_u16.to_le_bytes());
    file.extend(sample_rate.to_le_bytes());
    file.extend(sample_rate.saturating_mul(2).to_le_bytes());
    file.extend(2_u16.to_le_bytes());
    file.extend(16_u16.to_le_bytes());
    file.extend(b"data");
    file.extend(bytes.to_le_bytes());
    for sample in pcm {
        // A sample that is not a number becomes 0.
        let sample = (sample.clamp(-1.0, 1.0) * 32_767.0).round() as i16;
        file.extend(sample.to_le_bytes());
    }
    file
}

/// The chunks of a file, as far as they are there.
struct Chunks<'a>(&'a [u8]);

impl<'a> Iterator for Chunks<'a> {
    type Item = ([u8; 4], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (name, rest) = self.0.split_first_chunk::<4>()?;
        let (length, rest) = rest.split_first_chunk::<4>()?;
        // Programs that write to a pipe do not know the length, and write 0 or the largest number.
        let length = u32::from_le_bytes(*length) as usize;
        let unknown = length == 0 && name == b"data";
        let length = if unknown { rest.len() } else { length.min(rest.len()) };
        let (body, rest) = rest.split_at(length);
        // Chunks begin at even offsets.
        self.0 = rest.get(length % 2..).unwrap_or_default();
        Some((*name, body))
    }
}

#[cfg(test)]
mod tests;
