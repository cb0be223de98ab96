//! The bytes that each token stands for, all in one block of memory.

use super::{sentence_piece::SPACE, token_type};

/// The bytes of all tokens.
pub(super) struct Pieces {
    bytes: Vec<u8>,
    /// Where each token ends; it starts where the one before it ends.
    ends: Vec<u32>,
}

impl Pieces {
    /// Undoes the alphabet in which byte-level vocabularies are spelt.
    pub(super) fn byte_level(tokens: &[&str], types: &[i64]) -> Self {
        Self::collect(tokens, types, |token, kind, bytes| {
            if kind == token_type::USER_DEFINED {
                bytes.extend(token.bytes());
                return;
            }
            for c in token.chars() {
                match spelled_by(c) {
                    Some(byte) => bytes.push(byte),
                    None => bytes.extend(c.encode_utf8(&mut [0; 4]).bytes()),
                }
            }
        })
    }

    /// Undoes the spelling of spaces and bytes in SentencePiece vocabularies.
    pub(super) fn sentence_piece(tokens: &[&str], types: &[i64]) -> Self {
        Self::collect(tokens, types, |token, _, bytes| match spelled_byte(token) {
            Some(byte) => bytes.push(byte),
            None => bytes.extend(token.replace(SPACE, " ").bytes()),
        })
    }

    fn collect(tokens: &[&str], types: &[i64], undo: impl Fn(&str, i64, &mut Vec<u8>)) -> Self {
        let mut bytes = Vec::new();
        let ends = tokens.iter().zip(types).map(|(token, &kind)| {
            let is_text = !matches!(kind, token_type::CONTROL | token_type::UNKNOWN);
            if is_text {
                undo(token, kind, &mut bytes);
            }
            bytes.len() as u32
        });
        let ends = ends.collect();
        Self { bytes, ends }
    }

    /// The bytes of a token; none for control tokens and unknown ids.
    pub(super) fn get(&self, id: u32) -> &[u8] {
        let id = id as usize;
        let Some(&end) = self.ends.get(id) else { return &[] };
        let start = id.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.bytes[start as usize..end as usize]
    }
}

/// The byte of a token such as `<0x0A>`.
pub(super) fn spelled_byte(token: &str) -> Option<u8> {
    let digits = token.strip_prefix("<0x")?.strip_suffix('>')?;
    u8::from_str_radix(digits, 16).ok().filter(|_| digits.len() == 2)
}

/// The byte for which a character stands in GPT-2's alphabet: printable Latin-1 characters stand
/// for themselves, the other bytes follow from U+0100 on, in order.
fn spelled_by(c: char) -> Option<u8> {
    let stands_for_itself = |code: u32| matches!(code, 0x21..=0x7e | 0xa1..=0xac | 0xae..=0xff);
    match u32::from(c) {
        code @ 0..=0xff if stands_for_itself(code) => code.try_into().ok(),
        code @ 0x100.. => {
            let others = (0..=255u8).filter(|&byte| !stands_for_itself(byte.into()));
            others.clone().nth((code - 0x100) as usize)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_alphabet_covers_every_byte_once() {
        let mut bytes: Vec<u8> = ('!'..='\u{143}').filter_map(spelled_by).collect();
        bytes.sort_unstable();
        assert_eq!(bytes, (0..=255).collect::<Vec<u8>>());
        assert_eq!((spelled_by('Ġ'), spelled_by('Ċ')), (Some(b' '), Some(b'\n')));
    }

    #[test]
    fn bytes_are_read_from_their_spelling() {
        assert_eq!(spelled_byte("<0x0A>"), Some(10));
        assert_eq!(spelled_byte("<0x100>"), None);
        assert_eq!(spelled_byte("<0xé>"), None);
    }
}
