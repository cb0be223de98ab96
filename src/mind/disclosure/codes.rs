//! Text that stands there as numbers or code: found and written out.

use base64::{
    Engine,
    alphabet::STANDARD,
    engine::general_purpose::{GeneralPurpose, NO_PAD},
};

const LENIENT: GeneralPurpose =
    GeneralPurpose::new(&STANDARD, NO_PAD.with_decode_allow_trailing_bits(true));

/// What the parts of a word say in base64.
pub(super) fn base64(word: &str) -> impl Iterator<Item = String> {
    let is_code = |c: char| c.is_ascii_alphanumeric() || "+/-_".contains(c);
    word.split(move |c| !is_code(c)).filter(|part| part.len() > 3).filter_map(|part| {
        let standard = part.replace('-', "+").replace('_', "/");
        readable(LENIENT.decode(standard).ok()?)
    })
}

fn readable(bytes: Vec<u8>) -> Option<String> {
    String::from_utf8(bytes).ok().filter(|text| !text.chars().any(char::is_control))
}

/// Numbers in a row that stand for characters.
#[derive(Debug, Clone, Default)]
pub(super) struct Codes {
    hex: Vec<u8>,
    binary: Vec<u8>,
    decimal: String,
}

/// Longer rows are cut at the front.
const LONGEST: usize = 120;

impl Codes {
    /// Reads a word; gives what the rows that it goes on with say so far.
    pub(super) fn read(&mut self, word: &str) -> Vec<String> {
        let mut said = Vec::new();
        match hex(word) {
            Some(bytes) => {
                self.hex.extend(bytes);
                trim(&mut self.hex);
                said.extend(readable(self.hex.clone()));
            }
            None => self.hex.clear(),
        }
        match Some(word).filter(|word| word.len() == 8).map(|word| u8::from_str_radix(word, 2)) {
            Some(Ok(byte)) => {
                self.binary.push(byte);
                trim(&mut self.binary);
                said.extend(readable(self.binary.clone()));
            }
            _ => self.binary.clear(),
        }
        match code_point(word) {
            Some(c) => {
                self.decimal.push(c);
                if self.decimal.chars().count() > LONGEST {
                    self.decimal.remove(0);
                }
                said.push(self.decimal.clone());
            }
            None => self.decimal.clear(),
        }
        said
    }
}

fn trim(bytes: &mut Vec<u8>) {
    bytes.drain(..bytes.len().saturating_sub(LONGEST));
}

fn hex(word: &str) -> Option<Vec<u8>> {
    let digits = word.strip_prefix("0x").or(word.strip_prefix('x')).unwrap_or(word);
    let is_code = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_code || !digits.len().is_multiple_of(2) || digits.len() == 4 || digits.is_empty() {
        return None;
    }
    let digits = &digits[..digits.len().min(2 * LONGEST)];
    (0..digits.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).ok())
        .collect()
}

fn code_point(word: &str) -> Option<char> {
    let number = match word.strip_prefix('u').filter(|hex| hex.len() == 4) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None if word.len() < 2 || !word.bytes().all(|byte| byte.is_ascii_digit()) => return None,
        None => word.parse().ok()?,
    };
    char::from_u32(number).filter(|c| !c.is_control())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn last(words: &str) -> Vec<String> {
        let mut codes = Codes::default();
        words.split(' ').map(|word| codes.read(word)).last().unwrap_or_default()
    }

    #[test]
    fn rows_of_numbers_are_read() {
        assert_eq!(last("72 69 61")[0], "ria");
        assert!(last("114 105 97").contains(&"ria".into()));
        assert!(last("01110010 01101001 01100001").contains(&"ria".into()));
        assert_eq!(last("ub9ac uc544"), ["리아"]);
        assert_eq!(last("eba6acec9584"), ["리아"]);
        assert_eq!(base64("(Umlh)").collect::<Vec<_>>(), ["Ria"]);
        assert!(last("hello there").is_empty());
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(words in ".{0,80}") {
            last(&words);
            base64(&words).count();
        }
    }
}
