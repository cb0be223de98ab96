//! Reads what the fan types, whatever the bytes are.

use std::io::{self, BufRead, Read};

/// How many bytes of a line are read; the rest is skipped.
///
/// Far more than [`MAX_FAN_TEXT`](bevy_persona::mind::MAX_FAN_TEXT) characters take, and little
/// enough to hold in memory.
const MOST: usize = 1 << 20;

/// The next line without its end; none at the end of the input.
///
/// Bytes that are not UTF-8 turn into U+FFFD.
///
/// # Errors
/// If the input cannot be read.
pub fn next_line(input: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    let read = Read::take(&mut *input, MOST as u64).read_until(b'\n', &mut line)?;
    if read == 0 {
        return Ok(None);
    }
    if line.last() == Some(&b'\n') {
        line.pop();
    } else if read == MOST {
        input.skip_until(b'\n')?;
    }
    Ok(Some(String::from_utf8_lossy(&line).into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(mut input: &[u8]) -> Vec<String> {
        std::iter::from_fn(|| next_line(&mut input).unwrap()).collect()
    }

    #[test]
    fn lines_end_at_line_feeds_and_at_the_end() {
        assert_eq!(lines(b"Hi\n\nthere"), ["Hi", "", "there"]);
        assert_eq!(lines(b"Hi\n"), ["Hi"]);
        assert_eq!(lines(b""), [""; 0]);
    }

    #[test]
    fn any_bytes_are_a_line() {
        assert_eq!(lines(b"\xed\xa0\x80Hi\xff\n\0")[0], "\u{fffd}\u{fffd}\u{fffd}Hi\u{fffd}");
    }

    #[test]
    fn the_end_of_an_endless_line_is_skipped() {
        let mut input = vec![b'a'; 3 * MOST];
        input.extend(b"\nHi\n");
        let lines = lines(&input);
        assert_eq!((lines.len(), lines[0].len(), lines[1].as_str()), (2, MOST, "Hi"));
    }

    #[test]
    fn a_line_that_just_fits_is_whole() {
        for length in [MOST - 1, MOST] {
            let mut input = vec![b'a'; length];
            input.extend(b"\nHi");
            let lines = lines(&input);
            assert_eq!((lines[0].len(), lines[1].as_str()), (length, "Hi"));
        }
    }
}
