//! A server from its start to its end.

use std::{io, net::SocketAddr, path::PathBuf, sync::Arc, thread::JoinHandle, time::Duration};

use bevy_persona::{
    inference::{ChainLink, InferenceBudget},
    library::{LibraryError, assets_folder, read_folders},
    persona::personas_folder,
};
use thiserror::Error;
use tokio::{net::TcpListener, runtime::Handle, sync::watch, task::JoinSet};
use tracing::{error, info};

use crate::{
    accounts::{AccountError, Accounts},
    args::{DataArgs, ServeArgs},
    database::{self, DatabaseError},
    door::{Door, Knock},
    keeper::{Keeper, KeeperError},
    limits::{Limits, Pace},
    metrics::Metrics,
    status::Status,
    web::{self, Club},
    world::{self, Cast, CastError, Moments, MomentsError, Setting, Ties},
};

/// Why a server cannot start.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RunError {
    /// The address is not free.
    #[error("{address}: cannot be listened on: {error}; `--listen` names another address")]
    Listen {
        /// Which.
        address: SocketAddr,
        /// What the system said.
        error: io::Error,
    },
    /// The folder of the data cannot be made.
    #[error("{folder}: cannot be made: {error}; `--data DIR` names another folder")]
    Folder {
        /// Which.
        folder: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// The accounts cannot be used.
    #[error(transparent)]
    Accounts(#[from] AccountError),
    /// What is kept of fans cannot be used.
    #[error(transparent)]
    Keeper(#[from] KeeperError),
    /// The database cannot be used.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// There is no cast.
    #[error(transparent)]
    Cast(#[from] CastError),
    /// There is no library.
    #[error(transparent)]
    Library(#[from] LibraryError),
    /// There are no moments.
    #[error(transparent)]
    Moments(#[from] MomentsError),
    /// The system gives no thread.
    #[error("the system gives no thread: {0}")]
    Thread(io::Error),
}

/// A server that runs.
#[derive(Debug)]
pub struct Running {
    /// Where fans come in.
    pub address: SocketAddr,
    door: Door,
    stop: watch::Sender<bool>,
    web: JoinSet<()>,
    world: JoinHandle<()>,
}

/// The accounts of this server, and where it keeps what is known of fans.
///
/// # Errors
/// If they cannot be used.
pub async fn open(data: &DataArgs) -> Result<(Accounts, Keeper), RunError> {
    if let Some(url) = &data.database_url {
        let pool = database::connect(url).await?;
        let accounts = Accounts::postgres(pool.clone()).await?;
        let handle = Handle::current();
        let keeper = tokio::task::spawn_blocking(move || Keeper::postgres(pool, handle)).await;
        return Ok((accounts, keeper.map_err(|error| RunError::Thread(error.into()))??));
    }
    let accounts = open_accounts(data).await?;
    Ok((accounts, Keeper::sqlite(&data.data.join("fans.sqlite"))?))
}

/// The accounts of this server alone.
///
/// # Errors
/// If they cannot be used.
pub async fn open_accounts(data: &DataArgs) -> Result<Accounts, RunError> {
    if let Some(url) = &data.database_url {
        return Ok(Accounts::postgres(database::connect(url).await?).await?);
    }
    let folder = &data.data;
    std::fs::create_dir_all(folder)
        .map_err(|error| RunError::Folder { folder: folder.clone(), error })?;
    Ok(Accounts::open_sqlite(&folder.join("accounts.sqlite")).await?)
}

/// Starts a server.
///
/// # Errors
/// If something that it needs cannot be had.
pub async fn start(args: &ServeArgs) -> Result<Running, RunError> {
    start_with(args, args.links()).await
}

/// Starts a server whose words are found by these.
///
/// # Errors
/// As [`start`].
pub async fn start_with(args: &ServeArgs, links: Vec<ChainLink>) -> Result<Running, RunError> {
    let (accounts, keeper) = open(&args.data).await?;
    let setting = setting(args, links)?;
    let listener = listen(args.listen).await?;
    let address = listener.local_addr().map_err(|error| listen_error(args.listen, error))?;
    let metrics_listener = match args.metrics_listen {
        Some(address) => Some(listen(address).await?),
        None => None,
    };
    let (door, heard) = Door::pair();
    let (metrics, status) = (Arc::new(Metrics::default()), Arc::new(Status::default()));
    let club = Club {
        door: door.clone(),
        accounts,
        limits: limits(args),
        metrics: Arc::clone(&metrics),
        open: args.open,
        shows_metrics: metrics_listener.is_none(),
        status: Arc::clone(&status),
    };
    let ties = Ties { heard, keeper, metrics, status };
    let world = world::spawn(setting, ties).map_err(RunError::Thread)?;
    let (stop, stopped) = watch::channel(false);
    let mut web = JoinSet::new();
    if let Some(listener) = metrics_listener {
        let served = web::serve_metrics(listener, club.clone(), stopped.clone());
        web.spawn(async { tell(served.await) });
    }
    web.spawn(async { tell(web::serve(listener, club, stopped).await) });
    info!("fans come in at http://{address}");
    Ok(Running { address, door, stop, web, world })
}

impl Running {
    /// Ends the server: no message is taken any more, open replies are finished, all is written.
    pub async fn stop(mut self) {
        // A world that hears nothing has ended.
        let _ = self.door.knock(Knock::Close);
        let world = self.world;
        if tokio::task::spawn_blocking(|| world.join().is_err()).await.unwrap_or(true) {
            error!("the world ended badly");
        }
        let _ = self.stop.send(true);
        while self.web.join_next().await.is_some() {}
    }

    /// Waits until the world or the web has ended by itself, which it never should.
    pub async fn broken(&mut self) {
        loop {
            if self.world.is_finished() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
}

fn tell(served: io::Result<()>) {
    if let Err(error) = served {
        error!("the web has ended: {error}");
    }
}

async fn listen(address: SocketAddr) -> Result<TcpListener, RunError> {
    TcpListener::bind(address).await.map_err(|error| listen_error(address, error))
}

fn listen_error(address: SocketAddr, error: io::Error) -> RunError {
    RunError::Listen { address, error }
}

fn limits(args: &ServeArgs) -> Limits {
    let joins = args.joins.max(1);
    Limits {
        max_chars: args.max_chars,
        connections: args.connections,
        behind_proxy: args.behind_proxy,
        joins: Pace::new(joins, Duration::from_secs(600) / joins),
        ..Limits::default()
    }
}

fn setting(args: &ServeArgs, links: Vec<ChainLink>) -> Result<Setting, RunError> {
    let personas = args.personas.clone().unwrap_or_else(personas_folder);
    let assets = args.assets.clone().unwrap_or_else(assets_folder);
    let folders = [assets.join("lore"), assets.join("conduct"), personas.clone()];
    let there: Vec<PathBuf> = folders.into_iter().filter(|folder| folder.is_dir()).collect();
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    Ok(Setting {
        cast: Cast::read(&personas)?,
        library: read_folders(&there)?,
        moments: match &args.moments {
            Some(file) => Moments::read(file)?,
            None => Moments::shipped()?,
        },
        between: Duration::from_secs(args.moment_every.max(1)),
        links,
        budget: InferenceBudget {
            max_threads: args.threads.unwrap_or(cores).max(1),
            max_replies: args.replies.max(1),
            ..InferenceBudget::default()
        },
        seed: args.seed,
        linger: Duration::from_secs(args.linger),
        parting: Duration::from_secs(args.parting),
        max_chars: args.max_chars,
    })
}
