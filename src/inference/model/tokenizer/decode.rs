//! Turns the bytes of tokens into text as soon as whole characters are there.

/// Collects bytes and gives them out as text, holding back at most an incomplete last character.
///
/// Bytes that can never become a character turn into U+FFFD, as in [`String::from_utf8_lossy`].
///
/// # Example
/// ```
/// use bevy_persona::inference::model::tokenizer::StreamDecoder;
///
/// let mut decoder = StreamDecoder::default();
/// assert_eq!(decoder.push(&[0xEB, 0x84]), "");
/// assert_eq!(decoder.push(&[0x88, b'!']), "너!");
/// ```
#[derive(Debug, Clone, Default)]
pub struct StreamDecoder {
    held: Vec<u8>,
}

impl StreamDecoder {
    /// Adds bytes; gives the text that is whole now.
    pub fn push(&mut self, bytes: &[u8]) -> String {
        self.held.extend_from_slice(bytes);
        let mut text = String::new();
        let mut incomplete = 0;
        for chunk in self.held.utf8_chunks() {
            text.push_str(chunk.valid());
            incomplete = chunk.invalid().len();
            if incomplete > 0 {
                text.push(char::REPLACEMENT_CHARACTER);
            }
        }
        let tail = &self.held[self.held.len() - incomplete..];
        let may_go_on = std::str::from_utf8(tail).is_err_and(|error| error.error_len().is_none());
        if may_go_on {
            text.pop();
            self.held.drain(..self.held.len() - incomplete);
        } else {
            self.held.clear();
        }
        text
    }

    /// Whether no character is incomplete.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.held.is_empty()
    }

    /// Ends the text; gives U+FFFD if a character is incomplete.
    #[must_use]
    pub fn finish(self) -> String {
        String::from_utf8_lossy(&self.held).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::cuts::cuts;

    proptest! {
        #[test]
        fn any_split_gives_the_same_text(
            bytes in prop_oneof![
                any::<Vec<u8>>(),
                any::<String>().prop_map(String::into_bytes),
            ],
            cuts in cuts(),
        ) {
            let mut decoder = StreamDecoder::default();
            let pieces = cuts.of_bytes(&bytes);
            let mut text: String = pieces.into_iter().map(|piece| decoder.push(piece)).collect();
            text.push_str(&decoder.finish());
            prop_assert_eq!(text, String::from_utf8_lossy(&bytes));
        }
    }
}
