//! The chunks of a PNG picture: finds the texts in it, and puts others in.
//!
//! Format: <https://www.w3.org/TR/png-3/#5DataRep>. Pixels are not looked at.

use super::CardError;

/// With what every PNG picture begins.
pub(super) const SIGNATURE: [u8; 8] = *b"\x89PNG\r\n\x1a\n";
/// Length, name and checksum of a chunk.
const AROUND: usize = 12;

/// A piece of the file.
struct Chunk<'a> {
    name: [u8; 4],
    data: &'a [u8],
    /// All of it, with length and checksum.
    whole: &'a [u8],
}

/// The texts of a picture: their keywords, and what stands under them.
pub(super) fn texts<'a>(
    file: &str,
    picture: &'a [u8],
) -> Result<Vec<(String, &'a [u8])>, CardError> {
    Ok(chunks(file, picture)?.iter().filter_map(text_of).collect())
}

/// The picture with these texts, in place of those with the same keywords.
pub(super) fn with_texts(
    file: &str,
    picture: &[u8],
    drop: &[&str],
    texts: &[(&str, String)],
) -> Result<Vec<u8>, CardError> {
    let mut written = SIGNATURE.to_vec();
    for chunk in chunks(file, picture)? {
        if text_of(&chunk).is_some_and(|(word, _)| drop.iter().any(|old| is_same(old, &word))) {
            continue;
        }
        if chunk.name == *b"IEND" {
            texts.iter().for_each(|(word, text)| push_text(&mut written, word, text));
        }
        written.extend(chunk.whole);
    }
    Ok(written)
}

/// Whether two keywords mean the same: some programs write `Chara`.
pub(super) fn is_same(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
}

fn text_of<'a>(chunk: &Chunk<'a>) -> Option<(String, &'a [u8])> {
    if chunk.name != *b"tEXt" {
        return None;
    }
    let end = chunk.data.iter().position(|byte| *byte == 0)?;
    let (word, text) = chunk.data.split_at(end);
    Some((word.iter().map(|byte| char::from(*byte)).collect(), text.get(1..)?))
}

fn push_text(written: &mut Vec<u8>, word: &str, text: &str) {
    let body = [b"tEXt", word.as_bytes(), b"\0", text.as_bytes()].concat();
    // Cards are far smaller than what the length can say.
    let length = u32::try_from(body.len() - 4).unwrap_or(u32::MAX);
    written.extend(length.to_be_bytes());
    written.extend(&body);
    written.extend(crc32fast::hash(&body).to_be_bytes());
}

/// All chunks up to the end of the picture, each with the right checksum.
fn chunks<'a>(file: &str, picture: &'a [u8]) -> Result<Vec<Chunk<'a>>, CardError> {
    let Some(mut rest) = picture.strip_prefix(&SIGNATURE) else {
        let what = "it is no PNG picture";
        return Err(CardError::NotACard { file: file.into(), what });
    };
    let mut chunks = Vec::new();
    loop {
        let at = picture.len() - rest.len();
        let fault = |chunk: &str, problem| CardError::Chunk {
            file: file.into(),
            chunk: chunk.into(),
            at,
            problem,
        };
        let (chunk, after) = first(rest).map_err(|(name, problem)| fault(&name, problem))?;
        let is_end = chunk.name == *b"IEND";
        chunks.push(chunk);
        if is_end {
            return Ok(chunks);
        }
        rest = after;
    }
}

/// The chunk with which `bytes` begin, and what comes after it; or its name and what is wrong.
fn first(bytes: &[u8]) -> Result<(Chunk<'_>, &[u8]), (String, &'static str)> {
    let Some((length, [a, b, c, d])) = bytes.first_chunk::<4>().and_then(|length| {
        Some((u32::from_be_bytes(*length), *bytes.get(4..)?.first_chunk::<4>()?))
    }) else {
        return Err(("IEND".into(), "is missing: the file was cut off"));
    };
    let name = [a, b, c, d];
    let shown = name.escape_ascii().to_string();
    if !name.iter().all(u8::is_ascii_alphabetic) {
        return Err((shown, "has no proper name: the file is damaged"));
    }
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    let whole = length.checked_add(AROUND).and_then(|whole| bytes.split_at_checked(whole));
    let Some((whole, after)) = whole else {
        return Err((shown, "is longer than the file: it was cut off"));
    };
    let (body, sum) = whole.split_at(length + 8);
    let (Some(body), Ok(sum)) = (body.get(4..), <[u8; 4]>::try_from(sum)) else {
        return Err((shown, "is damaged"));
    };
    if crc32fast::hash(body) != u32::from_be_bytes(sum) {
        return Err((shown, "has a wrong checksum: the file is damaged"));
    }
    Ok((Chunk { name, data: body.get(4..).unwrap_or_default(), whole }, after))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn empty() -> Vec<u8> {
        let mut picture = SIGNATURE.to_vec();
        let body = b"IEND";
        picture.extend([0, 0, 0, 0]);
        picture.extend(body);
        picture.extend(crc32fast::hash(body).to_be_bytes());
        picture
    }

    #[test]
    fn a_text_is_put_in_found_and_replaced() {
        let once = with_texts("a", &empty(), &[], &[("Chara", "b25l".into())]).unwrap();
        assert_eq!(texts("a", &once).unwrap(), [("Chara".into(), &b"b25l"[..])]);
        let twice = with_texts("a", &once, &["chara"], &[("ccv3", "dHdv".into())]).unwrap();
        assert_eq!(texts("a", &twice).unwrap(), [("ccv3".into(), &b"dHdv"[..])]);
    }

    #[test]
    fn what_follows_the_end_is_left_out() {
        let mut long = empty();
        long.extend(b"PK and more");
        assert_eq!(with_texts("a", &long, &[], &[]).unwrap(), empty());
    }

    proptest! {
        #[test]
        fn no_damage_makes_it_panic(at in 0usize..60, byte: u8, cut in 0usize..60) {
            let mut picture =
                with_texts("a", &empty(), &[], &[("chara", "b25l".into())]).unwrap();
            if let Some(old) = picture.get_mut(at) {
                *old = byte;
            }
            picture.truncate(cut);
            let _ = texts("a", &picture);
        }
    }
}
