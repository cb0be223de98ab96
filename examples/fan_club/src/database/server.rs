//! What to call a server in messages.

use std::{fmt, sync::Arc};

use sqlx::postgres::PgConnectOptions;

use super::{DatabaseError, sentence};

/// The address of a database, without user and password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server(Arc<str>);

impl Server {
    /// The address that these options lead to.
    #[must_use]
    pub fn of(options: &PgConnectOptions) -> Self {
        let database = options.get_database().unwrap_or(options.get_username());
        let place = match options.get_socket() {
            Some(folder) => folder.display().to_string(),
            None => format!("{}:{}", options.get_host(), options.get_port()),
        };
        Self(format!("the database `{database}` at {place}").into())
    }

    /// The address as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn silent(&self) -> DatabaseError {
        let problem = "it does not answer".into();
        DatabaseError::Unreachable { server: self.clone(), problem }
    }

    /// Why there is no connection.
    pub(super) fn unreachable(
        &self,
        options: &PgConnectOptions,
        error: &sqlx::Error,
    ) -> DatabaseError {
        let server = self.clone();
        let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
        match code.as_deref() {
            // Wrong user or password, or a user who may not come from here.
            Some("28P01" | "28000") => {
                DatabaseError::SignIn { server, user: options.get_username().into() }
            }
            Some("3D000") => DatabaseError::NoDatabase { server },
            _ => DatabaseError::Unreachable { server, problem: sentence(error) },
        }
    }

    pub(super) fn refused(&self) -> impl Fn(sqlx::Error) -> DatabaseError + '_ {
        |error| DatabaseError::Refused { server: self.clone(), problem: sentence(&error) }
    }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
