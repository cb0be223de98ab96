//! A PostgreSQL server: how it is reached, and which tables it has to have.
//!
//! What is kept of fans and who may come in lie in one database, in a schema of its own,
//! `fan_club`.

mod error;
mod schema;
mod server;

use std::time::Duration;

use sqlx::{
    Connection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

pub use error::DatabaseError;
pub(crate) use error::sentence;
pub use schema::VERSION;
pub use server::Server;

/// Connections that one server process holds at most.
const CONNECTIONS: u32 = 16;
/// How long a job waits for a connection, the time included in which a server is restarted.
const PATIENCE: Duration = Duration::from_secs(5);
/// What the server shall do for each connection. A turn is on the disk when it is told so; nobody
/// waits for ever for a server process that hangs.
const SETTINGS: [(&str, &str); 4] = [
    ("synchronous_commit", "on"),
    ("statement_timeout", "10s"),
    ("lock_timeout", "5s"),
    ("idle_in_transaction_session_timeout", "30s"),
];

/// Connects to the database with this address, `postgres://user:password@host:port/database`, and
/// makes the tables that are missing.
///
/// # Errors
/// If the database cannot be used. No error holds the password.
pub async fn connect(url: &str) -> Result<PgPool, DatabaseError> {
    // What the parser says may quote the address, and so the password.
    let options: PgConnectOptions = url.parse().map_err(|_| DatabaseError::Address)?;
    let options = options.application_name("fan_club").options(SETTINGS);
    let pool = PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(PATIENCE)
        .connect_lazy_with(options);
    prepare(&pool).await?;
    Ok(pool)
}

/// Makes the tables that are missing; gives what to call the server.
///
/// # Errors
/// If the database cannot be used.
pub async fn prepare(pool: &PgPool) -> Result<Server, DatabaseError> {
    let options = pool.connect_options();
    let server = Server::of(&options);
    // Not by way of the pool, which says of a server that is not there only that time ran out.
    let connected = sqlx::PgConnection::connect_with(&options);
    let mut connection = tokio::time::timeout(PATIENCE * 2, connected)
        .await
        .map_err(|_| server.silent())?
        .map_err(|error| server.unreachable(&options, &error))?;
    schema::bring_up_to_date(&mut connection, &server).await?;
    // All is done; that the other side does not part well changes nothing.
    let _ = connection.close().await;
    Ok(server)
}
