//! Files as memory: what is not used is never read from the disk.

#![expect(unsafe_code, reason = "a mapped file is memory that others could change")]

use std::{fs::File, io};

use bytes::Bytes;
use memmap2::Mmap;

/// Maps a file that nobody changes, however long it is; it begins at a page, so at a multiple of
/// 4,096 bytes.
///
/// Only for files in our own cache folder, which are written under another name, get their own when
/// they are whole, and are replaced but never written to.
///
/// # Errors
/// If the system cannot map it.
pub fn map(file: &File) -> io::Result<Bytes> {
    // SAFETY: The memory must not change while it is borrowed. Files that are given here are never
    // changed in place: a newer one is another file that takes over the name, while this one lives
    // on until it is unmapped. The map is read-only, and so is `Bytes`.
    let map = unsafe { Mmap::map(file)? };
    Ok(Bytes::from_owner(map))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_mapped_file_outlives_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("numbers");
        let numbers: Vec<u8> = (0..10_000u32).map(|number| (number % 251) as u8).collect();
        fs::write(&path, &numbers).unwrap();
        let mapped = map(&File::open(&path).unwrap()).unwrap();
        let part = mapped.slice(64..128);
        drop(mapped);
        // Windows keeps the name for as long as the file is mapped.
        let _ = fs::remove_file(&path);
        assert_eq!(part, numbers[64..128]);
        assert_eq!(part.as_ptr() as usize % 64, 0);
    }

    #[test]
    fn an_empty_file_is_no_bytes() {
        let mapped = map(&tempfile::tempfile().unwrap()).unwrap();
        assert!(mapped.is_empty());
    }
}
