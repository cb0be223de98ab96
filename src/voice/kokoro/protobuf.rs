//! Reads and writes the fields of a protobuf message, as far as an ONNX file needs it.

use std::{iter, ops::Range};

/// Bytes that are no protobuf message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Malformed;

/// One field of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Field {
    /// Its number.
    pub(super) number: u64,
    /// Where it lies in the message, its tag and length counted.
    pub(super) whole: Range<usize>,
    /// Where its value lies in the message: for a string or a message inside, its bytes.
    pub(super) value: Range<usize>,
}

/// The fields of a message, in their order. After bytes that are none, one error and no more.
pub(super) fn fields(message: &[u8]) -> impl Iterator<Item = Result<Field, Malformed>> {
    let mut next = 0;
    iter::from_fn(move || {
        if next >= message.len() {
            return None;
        }
        let field = field_at(message, next);
        next = field.as_ref().map_or(message.len(), |field| field.whole.end);
        Some(field)
    })
}

fn field_at(message: &[u8], start: usize) -> Result<Field, Malformed> {
    let (tag, after_tag) = varint_at(message, start)?;
    let (begin, length) = match tag & 7 {
        0 => (after_tag, varint_at(message, after_tag)?.1 - after_tag),
        1 => (after_tag, 8),
        2 => {
            let (length, begin) = varint_at(message, after_tag)?;
            (begin, usize::try_from(length).map_err(|_| Malformed)?)
        }
        5 => (after_tag, 4),
        _ => return Err(Malformed),
    };
    let end = begin.checked_add(length).filter(|end| *end <= message.len()).ok_or(Malformed)?;
    Ok(Field { number: tag >> 3, whole: start..end, value: begin..end })
}

/// The number at `at`, and where the bytes after it begin.
fn varint_at(message: &[u8], at: usize) -> Result<(u64, usize), Malformed> {
    let mut value = 0;
    for (i, byte) in message.get(at..).unwrap_or_default().iter().take(10).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * i);
        if byte & 0x80 == 0 {
            return Ok((value, at + i + 1));
        }
    }
    Err(Malformed)
}

/// Appends a field that holds a number.
pub(super) fn put_number(out: &mut Vec<u8>, number: u64, value: u64) {
    put_varint(out, number << 3);
    put_varint(out, value);
}

/// Appends a field that holds a string or a message.
pub(super) fn put_bytes(out: &mut Vec<u8>, number: u64, bytes: &[u8]) {
    put_header(out, number, bytes.len());
    out.extend_from_slice(bytes);
}

/// Appends what stands before the bytes of a field that holds a string or a message.
pub(super) fn put_header(out: &mut Vec<u8>, number: u64, length: usize) {
    put_varint(out, number << 3 | 2);
    put_varint(out, length as u64);
}

fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_was_written_is_read() {
        let mut message = Vec::new();
        put_number(&mut message, 8, 300);
        put_bytes(&mut message, 1, b"perm");
        let fields: Vec<Field> = fields(&message).map(Result::unwrap).collect();
        assert_eq!(fields.len(), 2);
        assert_eq!((fields[0].number, &message[fields[0].value.clone()]), (8, &[0xac, 2][..]));
        assert_eq!((fields[1].number, &message[fields[1].value.clone()]), (1, &b"perm"[..]));
        assert_eq!(fields[0].whole.end, fields[1].whole.start);
        assert_eq!(fields[1].whole.end, message.len());
    }

    #[test]
    fn a_length_beyond_the_end_is_an_error() {
        let mut message = Vec::new();
        put_header(&mut message, 7, usize::MAX);
        message.push(0);
        assert_eq!(fields(&message).collect::<Vec<_>>(), [Err(Malformed)]);
    }

    #[test]
    fn a_number_without_an_end_is_an_error() {
        assert_eq!(fields(&[0xff; 30]).collect::<Vec<_>>(), [Err(Malformed)]);
        assert_eq!(fields(&[0x80]).collect::<Vec<_>>(), [Err(Malformed)]);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_to_an_end(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mut end = 0;
            for field in fields(&bytes).flatten() {
                prop_assert_eq!(field.whole.start, end);
                prop_assert!(field.whole.start < field.whole.end && field.value.end <= bytes.len());
                end = field.whole.end;
            }
        }
    }
}
