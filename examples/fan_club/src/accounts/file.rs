//! The file of a list of accounts: checked before it is touched, and made.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read},
    path::Path,
    time::Duration,
};

use rusqlite::{Connection, ErrorCode, TransactionBehavior};

use super::AccountError;

/// Marks a file as a list of accounts: "PRSA". Never changes.
const APPLICATION_ID: i32 = 0x5052_5341;

/// What makes schema n of schema n-1, from nothing on; a published step is never changed.
const STEPS: &[&str] = &["
CREATE TABLE account (
    fan TEXT PRIMARY KEY NOT NULL,
    -- SHA-256 of the token.
    hash BLOB NOT NULL UNIQUE,
    -- Seconds since 1970.
    since INTEGER NOT NULL,
    last_seen INTEGER
) STRICT, WITHOUT ROWID;
"];
const VERSION: i64 = STEPS.len() as i64;

/// How long a change waits for another process.
const PATIENCE: Duration = Duration::from_secs(5);

/// Opens a list; makes it if there is none.
pub(super) fn open(path: &Path) -> Result<Connection, AccountError> {
    let failed = |error: rusqlite::Error| problem(path, &error);
    refuse_foreign(path)?;
    make_private(path).map_err(|error| problem(path, &error))?;
    let mut connection = Connection::open(path).map_err(failed)?;
    configure(&connection).map_err(failed)?;
    // Before the log comes into use, so that the header says what the file is.
    migrate(&mut connection, path)?;
    use_log(&connection).map_err(failed)?;
    Ok(connection)
}

/// Reading and writing do not wait for each other with a log. Where another process opens the file
/// just now, it is the one that makes the switch.
fn use_log(connection: &Connection) -> rusqlite::Result<()> {
    match connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(())) {
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => Ok(()),
        switched => switched,
    }
}

pub(super) fn problem(path: &Path, error: &dyn std::error::Error) -> AccountError {
    AccountError::File { path: path.into(), problem: error.to_string() }
}

fn configure(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    // What was removed is overwritten.
    connection.pragma_update(None, "secure_delete", true)?;
    connection.pragma_update(None, "trusted_schema", false)
}

fn migrate(connection: &mut Connection, path: &Path) -> Result<(), AccountError> {
    let failed = |error: rusqlite::Error| problem(path, &error);
    let transaction =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
    let version: i64 =
        transaction.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(failed)?;
    let missing = usize::try_from(version).ok().and_then(|version| STEPS.get(version..));
    let Some(missing) = missing else { return Err(newer(path, version)) };
    let advance = || -> rusqlite::Result<()> {
        missing.iter().try_for_each(|step| transaction.execute_batch(step))?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", VERSION)
    };
    if !missing.is_empty() {
        advance().map_err(failed)?;
    }
    transaction.commit().map_err(failed)
}

fn newer(path: &Path, version: i64) -> AccountError {
    AccountError::Newer { path: path.into(), version, known: VERSION }
}

/// The length of the header of an SQLite file, and where it keeps `user_version` and
/// `application_id`, in big-endian order.
const HEADER: usize = 100;
const MAGIC: &[u8] = b"SQLite format 3\0";
const USER_VERSION: usize = 60;
const APPLICATION: usize = 68;

/// Refuses what is no list of accounts, or a newer one, from its header alone. A file that is
/// missing or empty will become one.
fn refuse_foreign(path: &Path) -> Result<(), AccountError> {
    let refuse =
        |found: &str| Err(AccountError::NotAccounts { path: path.into(), found: found.into() });
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(problem(path, &error)),
        Ok(file) if file.is_dir() => return refuse("it is a folder"),
        Ok(file) if !file.is_file() => return refuse("it is no regular file"),
        Ok(file) if file.len() == 0 => return Ok(()),
        Ok(_) => {}
    }
    let Some(header) = header(path).map_err(|error| problem(path, &error))? else {
        return refuse("it is no SQLite database");
    };
    if number(&header, APPLICATION) != APPLICATION_ID {
        return refuse("it is another program's SQLite database");
    }
    let version = number(&header, USER_VERSION).into();
    if (0..=VERSION).contains(&version) { Ok(()) } else { Err(newer(path, version)) }
}

/// The header of an SQLite file; nothing if it is something else.
fn header(path: &Path) -> io::Result<Option<[u8; HEADER]>> {
    let mut header = [0; HEADER];
    match File::open(path)?.read_exact(&mut header) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        read => read?,
    }
    Ok(header.starts_with(MAGIC).then_some(header))
}

fn number(header: &[u8; HEADER], at: usize) -> i32 {
    let mut bytes = [0; 4];
    bytes.copy_from_slice(&header[at..at + 4]);
    i32::from_be_bytes(bytes)
}

/// Makes an empty file that only its owner may read, and the folders on the way to it. SQLite
/// gives the files beside it the same rights.
fn make_private(path: &Path) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made.map(drop),
    }
}
