//! A voice of the model: a table of styles, one for each length of a text.

use std::{fmt, fs, path::Path};

use half::f16;

use crate::voice::VoiceError;

/// The numbers of one style.
pub(super) const WIDTH: usize = 256;
/// The styles of one voice; the last is for all longer texts.
const ROWS: usize = 510;

/// How a voice sounds: 256 numbers for each length of a text in tokens.
///
/// A file is the bare table, row after row, as little-endian `f16` (ours) or `f32` (as published).
#[derive(Clone, PartialEq)]
pub struct StyleTable {
    numbers: Vec<f32>,
}

impl StyleTable {
    /// Reads a `.voice` file.
    ///
    /// # Errors
    /// If there is no such file, or it is no such table.
    pub fn load(path: &Path) -> Result<Self, VoiceError> {
        let bytes = fs::read(path).map_err(|error| VoiceError::unreadable(path, &error))?;
        Self::from_bytes(&bytes)
            .map_err(|problem| VoiceError::Broken { path: path.into(), problem })
    }

    /// Reads a table; an error says what is wrong with it.
    fn from_bytes(bytes: &[u8]) -> Result<Self, String> {
        let numbers: Vec<f32> = match bytes.len() {
            length if length == ROWS * WIDTH * 2 => {
                bytes.as_chunks().0.iter().map(|b| f16::from_le_bytes(*b).to_f32()).collect()
            }
            length if length == ROWS * WIDTH * 4 => {
                bytes.as_chunks().0.iter().map(|b| f32::from_le_bytes(*b)).collect()
            }
            length => {
                return Err(format!("a voice has {ROWS} x {WIDTH} numbers, not {length} bytes"));
            }
        };
        // Those of the published voices are all below 4.
        match numbers.iter().position(|number| number.is_nan() || number.abs() > 100.0) {
            Some(at) => Err(format!("number {at} is {}", numbers[at])),
            None => Ok(Self { numbers }),
        }
    }

    /// The style for a text of so many tokens.
    pub(super) fn style(&self, tokens: usize) -> &[f32] {
        let row = tokens.min(ROWS - 1);
        &self.numbers[row * WIDTH..][..WIDTH]
    }
}

impl fmt::Debug for StyleTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StyleTable").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_widths_of_numbers_are_read() {
        let row = |i: usize| (i / WIDTH) as f32 / 64.0;
        let wide: Vec<u8> = (0..ROWS * WIDTH).flat_map(|i| row(i).to_le_bytes()).collect();
        let narrow: Vec<u8> =
            (0..ROWS * WIDTH).flat_map(|i| f16::from_f32(row(i)).to_le_bytes()).collect();
        let table = StyleTable::from_bytes(&wide).unwrap();
        assert_eq!(table, StyleTable::from_bytes(&narrow).unwrap());
        assert_eq!(table.style(7), [7.0 / 64.0; WIDTH]);
        assert_eq!(table.style(9999), [509.0 / 64.0; WIDTH]);
    }

    #[test]
    fn a_short_file_and_wild_numbers_are_told() {
        let error = StyleTable::from_bytes(&[0; 12]).unwrap_err();
        assert_eq!(error, "a voice has 510 x 256 numbers, not 12 bytes");
        let mut bytes = vec![0; ROWS * WIDTH * 4];
        bytes[8..12].copy_from_slice(&f32::NAN.to_le_bytes());
        assert_eq!(StyleTable::from_bytes(&bytes).unwrap_err(), "number 2 is NaN");
        bytes[8..12].copy_from_slice(&f32::INFINITY.to_le_bytes());
        assert!(StyleTable::from_bytes(&bytes).is_err());
    }

    #[test]
    fn no_file_is_missing() {
        let error = StyleTable::load(Path::new("nobody.voice")).unwrap_err();
        assert!(matches!(error, VoiceError::Missing(_)));
    }
}
