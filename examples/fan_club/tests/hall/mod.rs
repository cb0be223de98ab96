//! A server as in earnest, with a small world behind its door that follows a script.

pub mod client;
pub mod world;

use std::{
    net::{SocketAddr, TcpListener},
    path::Path,
    sync::Arc,
    thread::JoinHandle,
};

use fan_club::{
    accounts::Accounts,
    door::Door,
    limits::Limits,
    metrics::Metrics,
    status::Status,
    web::{self, Club},
};
use tempfile::TempDir;
use tokio::{runtime::Runtime, sync::watch};
use world::World;

/// A server that runs on threads of its own, and stops when it is dropped.
pub struct House {
    /// Where it is reached.
    pub address: SocketAddr,
    /// What is behind the door.
    pub world: World,
    /// What it counts.
    pub metrics: Arc<Metrics>,
    /// How its world is.
    pub status: Arc<Status>,
    club: Club,
    runtime: Runtime,
    stop: watch::Sender<bool>,
    served: Option<JoinHandle<()>>,
    _folder: TempDir,
}

/// How a house is built.
pub struct Plan {
    /// What is taken of fans.
    pub limits: Limits,
    /// Whether anybody may join.
    pub open: bool,
    /// Whether it shows what it counts.
    pub shows_metrics: bool,
}

impl Default for Plan {
    fn default() -> Self {
        Self { limits: Limits::default(), open: true, shows_metrics: true }
    }
}

impl House {
    /// A house that is ready for fans.
    pub fn new(plan: Plan) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let runtime = runtime();
        let accounts = open(&runtime, &folder.path().join("accounts.sqlite"));
        let listener = TcpListener::bind("127.0.0.1:0").expect("an address");
        Self::at(listener, plan, World::default(), accounts, folder, runtime)
    }

    fn at(
        listener: TcpListener,
        plan: Plan,
        world: World,
        accounts: Accounts,
        folder: TempDir,
        runtime: Runtime,
    ) -> Self {
        let address = listener.local_addr().expect("an address");
        listener.set_nonblocking(true).expect("a listener that does not wait");
        let (door, heard) = Door::pair();
        world.listen(heard);
        let (metrics, status) = (Arc::<Metrics>::default(), Arc::<Status>::default());
        status.ready();
        let (stop, stopped) = watch::channel(false);
        let club = Club {
            door,
            accounts,
            limits: plan.limits,
            metrics: Arc::clone(&metrics),
            open: plan.open,
            shows_metrics: plan.shows_metrics,
            status: Arc::clone(&status),
        };
        let house = club.clone();
        let handle = runtime.handle().clone();
        let served = std::thread::spawn(move || {
            handle.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
                web::serve(listener, house, stopped).await.expect("a server");
            });
        });
        let served = Some(served);
        Self { address, world, metrics, status, club, runtime, stop, served, _folder: folder }
    }

    /// A new fan's token.
    pub fn token(&self, fan: &str) -> String {
        let fan = fan.parse().expect("a name");
        let token = self.runtime.block_on(self.club.accounts.add(&fan)).expect("a new fan");
        token.reveal().to_owned()
    }

    /// The address of something in the house.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Stops, and waits until all is over.
    pub fn stop(&mut self) {
        self.stop.send_replace(true);
        if let Some(served) = self.served.take() {
            served.join().expect("a server that ends well");
        }
    }

    /// Opens the operator's own entrance: where it is.
    pub fn operator(&self) -> SocketAddr {
        let listener = self.runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"));
        let listener = listener.expect("an address");
        let address = listener.local_addr().expect("an address");
        let served = web::serve_metrics(listener, self.club.clone(), self.stop.subscribe());
        self.runtime.spawn(served);
        address
    }

    /// The same house again, at the same address, with the same fans.
    pub fn rebuilt(mut self, plan: Plan) -> Self {
        self.stop();
        let folder = std::mem::replace(&mut self._folder, tempfile::tempdir().expect("a folder"));
        let listener = TcpListener::bind(self.address).expect("the same address");
        Self::at(listener, plan, self.world.clone(), self.club.accounts.clone(), folder, runtime())
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime")
}

fn open(runtime: &Runtime, file: &Path) -> Accounts {
    runtime.block_on(Accounts::open_sqlite(file)).expect("accounts")
}
