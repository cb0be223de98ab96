//! The weights of a model as the kernels want them, in a file that is mapped.
//!
//! A model file is repacked once; later starts only map the result, and processes share its memory.
//!
//! All numbers are little-endian:
//!
//! | bytes | what |
//! |---|---|
//! | 8 | magic |
//! | 4, 4 | version of the format, number of matrices |
//! | 32 | fingerprint of what the weights were made of |
//! | 8, 8 | length of the table, length of the file |
//! | … | the table: for each matrix 2 bytes of length and its name, kind (1 byte), rows, columns, offset in the file and length in bytes (8 each) |
//! | 32 | SHA-256 of all the above |
//! | … | the matrices, each from a multiple of 64 bytes |
//!
//! The weights themselves have no checksum: to read them all is what mapping avoids. A file appears
//! under its name only when all of it is on the disk.

use std::{
    collections::HashMap,
    fs::File,
    io::{self, Write},
    path::Path,
};

use bytes::{Buf, Bytes};
use sha2::{Digest, Sha256};

use crate::{
    disk::whole_file,
    inference::kernels::{PackedKind, PackedMatrix, map},
};

const MAGIC: [u8; 8] = *b"PERSONAW";
/// Of the format here and of the order in which the kernels want weights.
pub(super) const VERSION: u32 = 1;
/// The length of what stands before the table.
const FIXED: usize = 64;
const CHECKSUM: usize = 32;
/// Matrices begin at whole cache lines and vector registers.
const ALIGNMENT: usize = 64;

/// An open file of repacked weights, checked to be whole. Copies of its matrices keep it mapped.
#[derive(Debug, Clone)]
pub struct PackedFile {
    matrices: HashMap<String, PackedMatrix>,
}

impl PackedFile {
    /// Maps a file; none if it is missing, made of something else or by another version, cut short,
    /// or if its numbers make no sense. It is to be written anew then.
    #[must_use]
    pub fn open(path: &Path, fingerprint: &[u8; 32]) -> Option<Self> {
        let map = map(&File::open(path).ok()?).ok()?;
        let head = Head::read(&map, fingerprint)?;
        let mut table = head.table;
        let mut matrices = HashMap::new();
        for _ in 0..head.count {
            let entry = Entry::read(&mut table)?;
            let matrix = entry.matrix(&map, head.end)?;
            if matrices.insert(entry.name.to_owned(), matrix).is_some() {
                return None;
            }
        }
        table.is_empty().then_some(Self { matrices })
    }

    /// The matrix of this name.
    #[must_use]
    pub fn matrix(&self, name: &str) -> Option<PackedMatrix> {
        self.matrices.get(name).cloned()
    }
}

/// Writes a file of repacked weights; it appears when it is whole.
///
/// # Errors
/// If the system refuses something, or two matrices have the same name.
pub fn write(
    path: &Path,
    fingerprint: &[u8; 32],
    matrices: &[(&str, &PackedMatrix)],
) -> io::Result<()> {
    let head = head(fingerprint, matrices)?;
    whole_file::write(path, |file| {
        write_padded(file, &head)?;
        matrices.iter().try_for_each(|(_, matrix)| write_padded(file, matrix.bytes()))
    })
}

fn write_padded(file: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    file.write_all(bytes)?;
    file.write_all(&[0; ALIGNMENT][..padded(bytes.len()) - bytes.len()])
}

fn padded(length: usize) -> usize {
    length.next_multiple_of(ALIGNMENT)
}

/// All that stands before the first matrix, without padding.
fn head(fingerprint: &[u8; 32], matrices: &[(&str, &PackedMatrix)]) -> io::Result<Vec<u8>> {
    let table_length: usize = matrices.iter().map(|(name, _)| Entry::FIXED + name.len()).sum();
    let mut end = padded(FIXED + table_length + CHECKSUM);
    let mut table = Vec::with_capacity(table_length);
    for (index, &(name, matrix)) in matrices.iter().enumerate() {
        if matrices[..index].iter().any(|&(other, _)| other == name) {
            return Err(invalid("two matrices have the same name"));
        }
        Entry::new(name, matrix, end).write(&mut table)?;
        end += padded(matrix.bytes().len());
    }
    let count = u32::try_from(matrices.len()).map_err(|_| invalid("too many matrices"))?;
    let mut head = Vec::with_capacity(FIXED + table_length + CHECKSUM);
    head.extend(MAGIC);
    head.extend(VERSION.to_le_bytes());
    head.extend(count.to_le_bytes());
    head.extend(fingerprint);
    head.extend((table_length as u64).to_le_bytes());
    head.extend((end as u64).to_le_bytes());
    head.extend(table);
    head.extend(Sha256::digest(&head));
    Ok(head)
}

fn invalid(message: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, message)
}

/// What stands before the matrices.
struct Head<'a> {
    count: u32,
    table: &'a [u8],
    /// Where it ends, in bytes.
    end: usize,
}

impl<'a> Head<'a> {
    fn read(file: &'a [u8], fingerprint: &[u8; 32]) -> Option<Self> {
        let (mut fixed, rest) = file.split_at_checked(FIXED)?;
        fixed = fixed.strip_prefix(&MAGIC)?.strip_prefix(&VERSION.to_le_bytes())?;
        let count = fixed.try_get_u32_le().ok()?;
        fixed = fixed.strip_prefix(fingerprint)?;
        let (table_length, file_length) = (number(&mut fixed)?, number(&mut fixed)?);
        let (table, rest) = rest.split_at_checked(table_length)?;
        let (checked, checksum) = (FIXED + table_length, rest.get(..CHECKSUM)?);
        let is_whole =
            file_length == file.len() && *checksum == *Sha256::digest(&file[..checked]).as_slice();
        is_whole.then_some(Self { count, table, end: checked + CHECKSUM })
    }
}

fn number(bytes: &mut &[u8]) -> Option<usize> {
    bytes.try_get_u64_le().ok()?.try_into().ok()
}

/// One line of the table.
struct Entry<'a> {
    name: &'a str,
    kind: PackedKind,
    rows: usize,
    columns: usize,
    offset: usize,
    length: usize,
}

impl<'a> Entry<'a> {
    /// The length of a line without the name, in bytes.
    const FIXED: usize = 2 + 1 + 4 * 8;

    fn new(name: &'a str, matrix: &PackedMatrix, offset: usize) -> Self {
        let (kind, rows, columns) = (matrix.kind(), matrix.rows(), matrix.columns());
        Self { name, kind, rows, columns, offset, length: matrix.bytes().len() }
    }

    fn write(&self, table: &mut Vec<u8>) -> io::Result<()> {
        let length = u16::try_from(self.name.len()).map_err(|_| invalid("a name is too long"))?;
        table.extend(length.to_le_bytes());
        table.extend(self.name.as_bytes());
        table.push(match self.kind {
            PackedKind::Q8 => 8,
            PackedKind::Q6 => 6,
            PackedKind::Q5 => 5,
            PackedKind::Q4 => 4,
        });
        for number in [self.rows, self.columns, self.offset, self.length] {
            table.extend((number as u64).to_le_bytes());
        }
        Ok(())
    }

    fn read(table: &mut &'a [u8]) -> Option<Self> {
        let length = table.try_get_u16_le().ok()?;
        let (name, rest) = table.split_at_checked(length.into())?;
        *table = rest;
        let kind = match table.try_get_u8().ok()? {
            8 => PackedKind::Q8,
            6 => PackedKind::Q6,
            5 => PackedKind::Q5,
            4 => PackedKind::Q4,
            _ => return None,
        };
        Some(Self {
            name: str::from_utf8(name).ok()?,
            kind,
            rows: number(table)?,
            columns: number(table)?,
            offset: number(table)?,
            length: number(table)?,
        })
    }

    /// The matrix in the file, whose head ends at `head_end`. A value takes at least half a byte,
    /// so sizes that pass here do not overflow where they are multiplied.
    fn matrix(&self, file: &Bytes, head_end: usize) -> Option<PackedMatrix> {
        let end = self.offset.checked_add(self.length)?;
        let is_inside = self.offset >= head_end && end <= file.len();
        let fits = self.rows.max(1).checked_mul(self.columns.max(1))? <= 2 * file.len();
        if !is_inside || !fits || !self.offset.is_multiple_of(ALIGNMENT) {
            return None;
        }
        PackedMatrix::from_bytes(self.kind, self.rows, self.columns, file.slice(self.offset..end))
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::PathBuf};

    use proptest::prelude::*;
    use tempfile::TempDir;

    use super::*;

    const KEY: [u8; 32] = *b"thirty-two bytes of fingerprint.";

    fn matrix(rows: usize, columns: usize) -> PackedMatrix {
        let values: Vec<f32> = (0..rows * columns).map(|i| (i % 251) as f32 - 125.0).collect();
        PackedMatrix::from_f32(rows, columns, &values)
    }

    /// A folder with a file of two matrices in it.
    fn written() -> (TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("weights");
        write(&path, &KEY, &[("a", &matrix(20, 40)), ("token_embd", &matrix(3, 32))]).unwrap();
        (folder, path)
    }

    fn head_length(file: &[u8]) -> usize {
        Head::read(file, &KEY).unwrap().end
    }

    #[test]
    fn what_was_written_is_mapped_again() {
        let (folder, path) = written();
        let file = PackedFile::open(&path, &KEY).unwrap();
        for (name, expected) in [("a", matrix(20, 40)), ("token_embd", matrix(3, 32))] {
            let read = file.matrix(name).unwrap();
            assert_eq!(read.bytes(), expected.bytes());
            assert_eq!((read.rows(), read.columns()), (expected.rows(), expected.columns()));
            assert_eq!(read.kind(), expected.kind());
            assert_eq!(read.bytes().as_ptr() as usize % ALIGNMENT, 0);
        }
        assert!(file.matrix("b").is_none());
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
    }

    #[test]
    fn matrices_of_every_kind_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("weights");
        let matrices = PackedKind::ALL.map(|kind| {
            let length = kind.matrix_bytes(20, 40).unwrap();
            let bytes: Vec<u8> = (0..length).map(|place| (place % 251) as u8).collect();
            (format!("{kind:?}"), PackedMatrix::from_bytes(kind, 20, 40, bytes.into()).unwrap())
        });
        let named = matrices.each_ref().map(|(name, matrix)| (name.as_str(), matrix));
        write(&path, &KEY, &named).unwrap();
        let file = PackedFile::open(&path, &KEY).unwrap();
        for (name, expected) in named {
            let read = file.matrix(name).unwrap();
            assert_eq!((read.kind(), read.bytes()), (expected.kind(), expected.bytes()));
        }
    }

    #[test]
    fn a_matrix_outlives_the_file_object() {
        let (_folder, path) = written();
        let read = PackedFile::open(&path, &KEY).unwrap().matrix("a").unwrap();
        assert_eq!(read.bytes(), matrix(20, 40).bytes());
    }

    #[test]
    fn a_model_without_matrices_is_a_file_too() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("weights");
        write(&path, &KEY, &[]).unwrap();
        assert!(PackedFile::open(&path, &KEY).unwrap().matrix("a").is_none());
    }

    #[test]
    fn another_source_and_a_missing_file_are_written_anew() {
        let (folder, path) = written();
        assert!(PackedFile::open(&path, &[0; 32]).is_none());
        assert!(PackedFile::open(&folder.path().join("other"), &KEY).is_none());
        write(&path, &[0; 32], &[("b", &matrix(1, 32))]).unwrap();
        assert!(PackedFile::open(&path, &KEY).is_none());
        assert!(PackedFile::open(&path, &[0; 32]).unwrap().matrix("b").is_some());
    }

    #[test]
    fn two_matrices_of_one_name_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let (path, matrix) = (folder.path().join("weights"), matrix(1, 32));
        let refused = write(&path, &KEY, &[("a", &matrix), ("b", &matrix), ("a", &matrix)]);
        assert_eq!(refused.unwrap_err().kind(), io::ErrorKind::InvalidInput);
        assert!(!path.exists());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_changed_head_is_refused(place: prop::sample::Index, change in 1u8..) {
            let (_folder, path) = written();
            let mut bytes = fs::read(&path).unwrap();
            let place = place.index(head_length(&bytes));
            bytes[place] ^= change;
            fs::write(&path, bytes).unwrap();
            prop_assert!(PackedFile::open(&path, &KEY).is_none());
        }

        #[test]
        fn a_file_of_another_length_is_refused(length: prop::sample::Index) {
            let (_folder, path) = written();
            let mut bytes = fs::read(&path).unwrap();
            let whole = bytes.len();
            bytes.resize(length.index(2 * whole), 0);
            prop_assume!(bytes.len() != whole);
            fs::write(&path, bytes).unwrap();
            prop_assert!(PackedFile::open(&path, &KEY).is_none());
        }

        /// Numbers behind a right checksum are not trusted either.
        #[test]
        fn no_head_makes_it_panic(places: Vec<prop::sample::Index>, value: u8) {
            let (_folder, path) = written();
            let mut bytes = fs::read(&path).unwrap();
            let checked = head_length(&bytes) - CHECKSUM;
            for place in places {
                bytes[FIXED + place.index(checked - FIXED)] = value;
            }
            let checksum = Sha256::digest(&bytes[..checked]);
            bytes[checked..][..CHECKSUM].copy_from_slice(&checksum);
            fs::write(&path, bytes).unwrap();
            if let Some(file) = PackedFile::open(&path, &KEY) {
                prop_assert!(file.matrices.values().all(|matrix| matrix.bytes().len() < 1 << 16));
            }
        }
    }
}
