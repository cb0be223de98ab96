//! Databases that cannot be used, and why; and such as must be made first.

use bevy_persona::store::{StoreError, StoreEvent};
use fan_club::database::{self, DatabaseError, VERSION};
use tokio::runtime::Runtime;

use super::{
    cluster::{Cluster, PASSWORD},
    desk::{Desk, trouble},
    samples::{fan, numbered},
};

fn refused(url: &str) -> DatabaseError {
    let error =
        Runtime::new().expect("a runtime").block_on(database::connect(url)).expect_err("refused");
    for text in [error.to_string(), format!("{error:?}")] {
        assert!(!text.contains(PASSWORD) && !text.contains("hunter2"), "{text}");
    }
    error
}

#[test]
fn what_is_no_address_is_refused_without_showing_it() {
    for url in [
        "hunter2",
        "postgres://club:hunter2@localhost:port/db",
        "postgres://club:hunter2@/[::1/db",
        "postgres://club:hunter2@localhost/db?sslmode=hunter2",
        "postgres://club:hunter2%ff@localhost/db",
        "mysql://club:hunter2@[/db",
        "",
    ] {
        assert!(matches!(refused(url), DatabaseError::Address), "{url}");
    }
}

#[test]
fn a_wrong_password_is_told_without_it() {
    let cluster = Cluster::shared();
    let error = refused(&cluster.url("postgres", "hunter2"));
    assert!(matches!(&error, DatabaseError::SignIn { user, .. } if user == "club"), "{error}");
}

#[test]
fn a_server_that_is_not_there_is_told() {
    let cluster = Cluster::start();
    cluster.stop();
    for url in [cluster.url("postgres", PASSWORD), "postgres://club:hunter2@127.0.0.1:1/db".into()]
    {
        let error = refused(&url);
        assert!(matches!(error, DatabaseError::Unreachable { .. }), "{error}");
    }
}

#[test]
fn a_database_that_is_missing_or_holds_no_unicode_is_told() {
    let cluster = Cluster::shared();
    let error = refused(&cluster.url("nowhere", PASSWORD));
    assert!(matches!(error, DatabaseError::NoDatabase { .. }), "{error}");
    assert!(error.to_string().contains("`nowhere`"), "{error}");
    let ascii = "ENCODING 'SQL_ASCII' TEMPLATE template0";
    let error = refused(&cluster.database("ascii", ascii));
    assert!(matches!(error, DatabaseError::Encoding { .. }), "{error}");
}

#[test]
fn a_newer_schema_is_refused_and_not_touched() {
    let cluster = Cluster::shared();
    let url = cluster.database("newer", "");
    drop(Desk::at(&url));
    cluster.sql("newer", "UPDATE fan_club.schema SET version = 99");
    let error = refused(&url);
    assert!(matches!(error, DatabaseError::Newer { version: 99, known: VERSION, .. }), "{error}");
    assert_eq!(cluster.sql("newer", "SELECT version FROM fan_club.schema"), "99");
}

#[test]
fn a_schema_that_becomes_newer_meanwhile_is_not_written_to() {
    let cluster = Cluster::shared();
    let mut desk = Desk::at(&cluster.database("meanwhile", ""));
    cluster.sql("meanwhile", "UPDATE fan_club.schema SET version = 99");
    desk.submit(numbered(&fan("mina"), 0));
    desk.until("the trouble", |told| trouble(told) == "f");
    let newer = |event: &StoreEvent| {
        matches!(event, StoreEvent::Failing(StoreError::Newer { version: 99, .. }))
    };
    assert!(desk.told.iter().any(newer), "{:?}", desk.told);
    assert_eq!(cluster.sql("meanwhile", "SELECT count(*) FROM fan_club.fan"), "0");
    cluster.sql("meanwhile", &format!("UPDATE fan_club.schema SET version = {VERSION}"));
    desk.until_saved(1);
    assert_eq!(trouble(&desk.told), "fr");
}

#[test]
fn many_processes_make_the_tables_at_once() {
    let cluster = Cluster::shared();
    let url = cluster.database("fresh", "");
    let runtime = Runtime::new().unwrap();
    let opening: Vec<_> = (0..6)
        .map(|_| {
            let url = url.clone();
            runtime.spawn(async move { database::connect(&url).await.map(drop) })
        })
        .collect();
    for opened in opening {
        runtime.block_on(opened).unwrap().unwrap();
    }
    let version = cluster.sql("fresh", "SELECT version FROM fan_club.schema");
    assert_eq!(version, VERSION.to_string());
}

#[test]
fn a_user_who_may_make_nothing_uses_what_is_there() {
    let cluster = Cluster::shared();
    let url = cluster.database("lent", "");
    drop(Desk::at(&url));
    cluster.sql(
        "lent",
        "CREATE ROLE guest LOGIN PASSWORD 'hunter2';
         GRANT USAGE ON SCHEMA fan_club TO guest;
         GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA fan_club TO guest;",
    );
    let url = cluster.url("lent", "hunter2").replace("//club:", "//guest:");
    let mut desk = Desk::at(&url);
    desk.submit(numbered(&fan("mina"), 0));
    desk.until_saved(1);
    assert_eq!(desk.load(&fan("mina")).turns(), 1);
}
