//! Who may come in, the same with a file and with a server.

use std::{fs, path::Path};

use fan_club::{
    accounts::{AccountError, Accounts, Token},
    database,
};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::{cluster::Cluster, samples::fan};

/// A list that can be opened again.
enum Place {
    File(TempDir),
    Server(String),
}

impl Place {
    async fn open(&self) -> Accounts {
        let opened = match self {
            Self::File(folder) => {
                Accounts::open_sqlite(&folder.path().join("in/accounts.sqlite")).await
            }
            Self::Server(url) => {
                Accounts::postgres(database::connect(url).await.expect("a database")).await
            }
        };
        opened.expect("a list")
    }

    /// All that is kept, as bytes.
    fn bytes(&self, cluster: &Cluster, name: &str) -> Vec<u8> {
        match self {
            Self::File(folder) => fs::read_dir(folder.path().join("in"))
                .expect("a folder")
                .flat_map(|file| fs::read(file.expect("a file").path()).expect("a file"))
                .collect(),
            Self::Server(_) => cluster.sql(name, "SELECT a::text FROM fan_club.account a").into(),
        }
    }
}

/// Does this with both kinds of lists.
fn each(name: &str, test: impl AsyncFn(&Place, &dyn Fn() -> Vec<u8>)) {
    let cluster = Cluster::shared();
    let runtime = Runtime::new().expect("a runtime");
    let file = Place::File(tempfile::tempdir().expect("a folder"));
    let server = Place::Server(cluster.database(name, ""));
    for place in [file, server] {
        runtime.block_on(test(&place, &|| place.bytes(&cluster, name)));
    }
}

#[test]
fn a_token_lets_in_whom_it_was_given_to_and_nobody_else() {
    each("let_in", async |place, _| {
        let accounts = place.open().await;
        let [mina, haneul] = [fan("mina"), fan("하늘")];
        let token = accounts.add(&mina).await.unwrap();
        let other = accounts.add(&haneul).await.unwrap();
        assert_eq!(accounts.whose(&token).await.unwrap(), Some(mina));
        assert_eq!(accounts.whose(&other).await.unwrap(), Some(haneul));
        assert_eq!(accounts.whose(&Token::new().unwrap()).await.unwrap(), None);
    });
}

#[test]
fn only_the_hash_of_a_token_is_kept() {
    each("hashed", async |place, bytes| {
        let accounts = place.open().await;
        let token = accounts.add(&fan("mina")).await.unwrap();
        accounts.whose(&token).await.unwrap();
        let bytes = bytes();
        let holds = |text: &[u8]| bytes.windows(text.len()).any(|part| part == text);
        assert!(holds(b"mina"));
        // Not even a part of it.
        assert!(!token.reveal().as_bytes().chunks(8).any(holds));
    });
}

#[test]
fn a_new_token_voids_the_one_before() {
    each("renewed", async |place, _| {
        let accounts = place.open().await;
        let mina = fan("mina");
        let old = accounts.add(&mina).await.unwrap();
        let new = accounts.renew(&mina).await.unwrap();
        assert_eq!(accounts.whose(&old).await.unwrap(), None);
        assert_eq!(accounts.whose(&new).await.unwrap(), Some(mina));
        let error = accounts.renew(&fan("theo")).await.unwrap_err();
        assert!(matches!(error, AccountError::Unknown(_)), "{error}");
        assert_eq!(accounts.list().await.unwrap().len(), 1);
    });
}

#[test]
fn a_name_is_taken_once_even_when_many_ask_at_the_same_moment() {
    each("taken", async |place, _| {
        let lists = [place.open().await, place.open().await];
        let asking: Vec<_> = (0..8)
            .map(|n| {
                let accounts = lists[n % 2].clone();
                tokio::spawn(async move { accounts.add(&fan("mina")).await })
            })
            .collect();
        let mut tokens = Vec::new();
        for asked in asking {
            match asked.await.unwrap() {
                Ok(token) => tokens.push(token),
                Err(error) => assert!(matches!(error, AccountError::Taken(_)), "{error}"),
            }
        }
        assert_eq!(tokens.len(), 1);
        assert_eq!(lists[0].whose(&tokens[0]).await.unwrap(), Some(fan("mina")));
    });
}

#[test]
fn who_is_removed_is_let_in_no_more() {
    each("removed", async |place, _| {
        let accounts = place.open().await;
        let mina = fan("mina");
        let token = accounts.add(&mina).await.unwrap();
        assert!(accounts.remove(&mina).await.unwrap());
        assert!(!accounts.remove(&mina).await.unwrap());
        assert_eq!(accounts.whose(&token).await.unwrap(), None);
        let again = accounts.add(&mina).await.unwrap();
        assert_eq!(accounts.whose(&token).await.unwrap(), None);
        assert_eq!(accounts.whose(&again).await.unwrap(), Some(mina));
    });
}

#[test]
fn the_list_survives_a_restart_and_says_who_was_seen() {
    each("restarted", async |place, _| {
        let accounts = place.open().await;
        let [theo, mina] = [fan("theo"), fan("mina")];
        let token = accounts.add(&theo).await.unwrap();
        accounts.add(&mina).await.unwrap();
        accounts.whose(&token).await.unwrap();
        drop(accounts);
        let accounts = place.open().await;
        let list = accounts.list().await.unwrap();
        let seen: Vec<_> =
            list.iter().map(|account| (&account.fan, account.last_seen.is_some())).collect();
        assert_eq!(seen, [(&mina, false), (&theo, true)]);
        assert!(list.iter().all(|account| account.last_seen.is_none_or(|at| at >= account.since)));
        assert_eq!(accounts.whose(&token).await.unwrap(), Some(theo));
    });
}

#[test]
fn a_change_by_another_process_is_seen_at_once() {
    each("elsewhere", async |place, _| {
        let [server, tool] = [place.open().await, place.open().await];
        let mina = fan("mina");
        let token = tool.add(&mina).await.unwrap();
        assert_eq!(server.whose(&token).await.unwrap(), Some(mina.clone()));
        tool.remove(&mina).await.unwrap();
        assert_eq!(server.whose(&token).await.unwrap(), None);
    });
}

#[test]
fn a_new_file_is_read_by_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let place = Place::File(folder);
    let runtime = Runtime::new().unwrap();
    let accounts = runtime.block_on(place.open());
    runtime.block_on(accounts.add(&fan("mina"))).unwrap();
    let Place::File(folder) = &place else { unreachable!() };
    for file in fs::read_dir(folder.path().join("in")).unwrap() {
        let file = file.unwrap();
        let mode = fs::metadata(file.path()).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{}", file.path().display());
    }
}

/// Opens a file that must be refused.
pub fn refused(path: &Path) -> AccountError {
    let opened = Runtime::new().expect("a runtime").block_on(Accounts::open_sqlite(path));
    opened.expect_err("a file of another program")
}
