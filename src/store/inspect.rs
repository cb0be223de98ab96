//! What a file is, before SQLite gets hold of it: files of others are never touched.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::Path,
};

use super::{StoreError, schema};

/// The length of the header of an SQLite file.
const HEADER: usize = 100;
const MAGIC: &[u8] = b"SQLite format 3\0";
/// Where the header keeps the page size, `user_version` and `application_id`, in big-endian order.
const PAGE_SIZE: usize = 16;
const USER_VERSION: usize = 60;
const APPLICATION_ID: usize = 68;

/// Refuses what is no store, or a newer one. A file that is missing or empty will become one.
///
/// The header tells enough: it is written when a store is made, before SQLite's write-ahead log
/// comes into use, and its application id never changes.
pub(super) fn refuse_foreign(path: &Path) -> Result<(), StoreError> {
    let metadata = match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        metadata => metadata.map_err(StoreError::io("read", path))?,
    };
    let refuse = |found: String| Err(StoreError::NotAStore { path: path.into(), found });
    if !metadata.is_file() {
        let found = if metadata.is_dir() { "it is a folder" } else { "it is no regular file" };
        return refuse(found.into());
    }
    if metadata.len() == 0 {
        return Ok(());
    }
    let Some(header) = header(path)? else {
        return refuse("it is no SQLite database".into());
    };
    match number(&header, APPLICATION_ID) {
        schema::APPLICATION_ID => {}
        0 => return refuse("it is another program's SQLite database".into()),
        id => return refuse(format!("it is another program's SQLite database (id {id:#010x})")),
    }
    schema::refuse_newer(path, number(&header, USER_VERSION).into())?;
    if metadata.len() % page_bytes(&header) != 0 && !is_being_written(path) {
        let problem = "it ends in the middle of a page".into();
        return Err(StoreError::Damaged { path: path.into(), problem });
    }
    Ok(())
}

/// Whether a log beside the file can still make it whole.
fn is_being_written(path: &Path) -> bool {
    ["-wal", "-journal"].into_iter().any(|ending| {
        let mut log = path.as_os_str().to_owned();
        log.push(ending);
        fs::metadata(log).is_ok_and(|log| log.len() > 0)
    })
}

/// The header of an SQLite file; nothing if it is something else.
fn header(path: &Path) -> Result<Option<[u8; HEADER]>, StoreError> {
    let mut header = [0; HEADER];
    let mut file = File::open(path).map_err(StoreError::io("open", path))?;
    match file.read_exact(&mut header) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        read => read.map_err(StoreError::io("read", path))?,
    }
    Ok(header.starts_with(MAGIC).then_some(header))
}

/// The size of the pages of an SQLite file; 1 stands for 65536 there.
fn page_bytes(header: &[u8; HEADER]) -> u64 {
    match u16::from_be_bytes([header[PAGE_SIZE], header[PAGE_SIZE + 1]]) {
        0 | 1 => 1 << 16,
        bytes => bytes.into(),
    }
}

fn number(header: &[u8; HEADER], at: usize) -> i32 {
    let mut bytes = [0; 4];
    bytes.copy_from_slice(&header[at..at + 4]);
    i32::from_be_bytes(bytes)
}
