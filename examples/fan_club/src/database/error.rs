//! Why a database cannot be used.

use thiserror::Error;

use super::Server;

/// Why a database cannot be used, and what to do about it. Never holds a password.
#[derive(Debug, Clone, Error)]
#[non_exhaustive]
pub enum DatabaseError {
    /// The address is none.
    #[error(
        "the address of the database cannot be read (it is not shown, it may hold a password); \
         write it as `postgres://user:password@host:5432/database`, with special characters of the \
         password as in `%40` for `@`"
    )]
    Address,
    /// The server does not answer.
    #[error("cannot reach {server}: {problem}; check that PostgreSQL runs there")]
    Unreachable {
        /// Which.
        server: Server,
        /// What the system says.
        problem: String,
    },
    /// The server does not know the user, or the password is wrong.
    #[error(
        "{server} does not let the user `{user}` in; check the name and the password in the \
         address of the database"
    )]
    SignIn {
        /// Which.
        server: Server,
        /// Who.
        user: String,
    },
    /// There is no such database on the server.
    #[error("there is no {server}; make it with `createdb`")]
    NoDatabase {
        /// Which.
        server: Server,
    },
    /// The database holds no Unicode.
    #[error(
        "{server} keeps text in {encoding}; make one with `createdb --encoding=UTF8 \
         --template=template0`"
    )]
    Encoding {
        /// Which.
        server: Server,
        /// What it has.
        encoding: String,
    },
    /// A newer version of this program made the tables. They were left as they are.
    #[error(
        "{server} was set up by a newer version: its schema is {version}, this version knows \
         schemas up to {known}; it was not touched: update this program, or give another database"
    )]
    Newer {
        /// Which.
        server: Server,
        /// The schema that it has.
        version: i64,
        /// The newest schema that is known here.
        known: i64,
    },
    /// The tables cannot be made or read.
    #[error(
        "{server} refuses: {problem}; check that the user may make schemas in it, and that no \
         other program has one named `fan_club`"
    )]
    Refused {
        /// Which.
        server: Server,
        /// What it says.
        problem: String,
    },
}

/// What the server or the system says, without the words that sqlx puts before it.
pub(crate) fn sentence(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(error) => error.message().to_owned(),
        sqlx::Error::Io(error) => error.to_string(),
        sqlx::Error::PoolTimedOut => "no connection in time".into(),
        sqlx::Error::Configuration(_) => "the address is not right".into(),
        error => error.to_string(),
    }
}
