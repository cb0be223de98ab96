//! A PostgreSQL server of its own for tests: made in a temporary folder, reached by a socket in it,
//! ended and removed with the value.

use std::{
    env, fs,
    os::unix::{fs::chown, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, PoisonError, Weak},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

/// Who owns the databases, and with which password.
pub const USER: &str = "club";
pub const PASSWORD: &str = "p@ss word/1";

/// A server that runs until it is dropped.
pub struct Cluster {
    server: Mutex<Option<Child>>,
    programs: PathBuf,
    user: Option<(u32, u32)>,
    folder: TempDir,
}

impl Cluster {
    /// A server that the tests of a process share as long as one of them uses it.
    pub fn shared() -> Arc<Self> {
        static SHARED: Mutex<Weak<Cluster>> = Mutex::new(Weak::new());
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        shared.upgrade().unwrap_or_else(|| {
            let started = Arc::new(Self::start());
            *shared = Arc::downgrade(&started);
            started
        })
    }

    /// A new server.
    pub fn start() -> Self {
        let folder = tempfile::Builder::new().prefix("club").tempdir().expect("a folder");
        // Root may not run a server; those who are not root may not become anybody else.
        let user = (id(&["-u"]) == Some(0)).then(|| {
            let [user, group] = [["-u", "postgres"], ["-g", "postgres"]];
            (id(&user).expect("a user `postgres`"), id(&group).expect("its group"))
        });
        let cluster = Self { server: Mutex::new(None), programs: programs(), user, folder };
        if let Some((user, group)) = cluster.user {
            chown(cluster.folder.path(), Some(user), Some(group)).expect("a folder to give away");
        }
        let password = cluster.folder.path().join("password");
        fs::write(&password, PASSWORD).expect("a file");
        let mut initdb = cluster.command("initdb");
        initdb.args(["--no-sync", "--encoding=UTF8", "--locale=C"]);
        // The password as it is: to hash it takes an unoptimised client a while, for each connection.
        initdb.arg("--auth=password").arg(format!("--username={USER}"));
        initdb.arg(format!("--pwfile={}", password.display()));
        if cluster.user.is_some() {
            chown(&password, cluster.user.map(|user| user.0), None).expect("a file to give away");
        }
        let made = initdb.arg("-D").arg(cluster.data()).output().expect("initdb");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        cluster.run();
        cluster
    }

    /// Runs the server again after [`kill`](Self::kill) or [`stop`](Self::stop), and waits until
    /// it answers.
    pub fn run(&self) {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            let mut server = self.spawn();
            while server.try_wait().expect("a child").is_none() {
                if self.answers() {
                    *self.server() = Some(server);
                    return;
                }
                assert!(Instant::now() < deadline, "the server does not answer: {}", self.log());
                thread::sleep(Duration::from_millis(20));
            }
            // What a killed server left behind may need a moment to end.
            assert!(Instant::now() < deadline, "the server ended: {}", self.log());
        }
    }

    fn spawn(&self) -> Child {
        let log = fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.folder.path().join("log"))
            .expect("a file");
        let mut server = self.command("postgres");
        server.arg("-D").arg(self.data()).arg("-k").arg(self.folder.path());
        for setting in ["listen_addresses=", "fsync=off", "max_connections=60"] {
            server.args(["-c", setting]);
        }
        server.stderr(log).spawn().expect("postgres")
    }

    /// Ends the server at once, without a word to anybody.
    pub fn kill(&self) {
        if let Some(mut server) = self.server().take() {
            server.kill().expect("a running server");
            server.wait().expect("its end");
        }
    }

    /// Ends the server as its owner would, who does not wait for those who are connected.
    pub fn stop(&self) {
        if let Some(mut server) = self.server().take() {
            let pid = server.id().to_string();
            Command::new("kill").args(["-INT", &pid]).status().expect("kill");
            server.wait().expect("its end");
        }
    }

    /// A new, empty database; gives its address.
    pub fn database(&self, name: &str, options: &str) -> String {
        self.sql("postgres", &format!("CREATE DATABASE {name} {options}"));
        self.url(name, PASSWORD)
    }

    /// The address of a database.
    pub fn url(&self, database: &str, password: &str) -> String {
        let socket = self.folder.path().display().to_string().replace('/', "%2F");
        let password = password.replace('@', "%40").replace(' ', "%20").replace('/', "%2F");
        format!("postgres://{USER}:{password}@{socket}/{database}")
    }

    /// What the server's own client answers.
    pub fn sql(&self, database: &str, sql: &str) -> String {
        let done = self.psql(database, sql).output().expect("psql");
        assert!(done.status.success(), "{sql}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8_lossy(&done.stdout).trim().to_owned()
    }

    /// The server's own client, which is about to do this.
    pub fn psql(&self, database: &str, sql: &str) -> Command {
        let mut psql = self.command("psql");
        psql.env("PGPASSWORD", PASSWORD).arg("-h").arg(self.folder.path());
        psql.args(["-XqAt", "-v", "ON_ERROR_STOP=1", "-U", USER, "-d", database, "-c", sql]);
        psql
    }

    /// The folder with the server's socket.
    pub fn socket(&self) -> PathBuf {
        self.folder.path().into()
    }

    fn answers(&self) -> bool {
        let answer = self.psql("postgres", "SELECT 1").stderr(Stdio::null()).output();
        answer.is_ok_and(|answer| answer.status.success())
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn server(&self) -> std::sync::MutexGuard<'_, Option<Child>> {
        self.server.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        // Of the folder that tests are run in, another user may know nothing.
        command.current_dir(self.folder.path()).env("LC_ALL", "C");
        if let Some((user, group)) = self.user {
            command.uid(user).gid(group);
        }
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(mut server) = self.server().take() {
            let pid = server.id().to_string();
            // At once, but with an end to all of its processes.
            let told = Command::new("kill").args(["-QUIT", &pid]).status();
            if told.is_err() {
                let _ = server.kill();
            }
            let _ = server.wait();
        }
    }
}

fn id(of: &[&str]) -> Option<u32> {
    let answer = Command::new("id").args(of).output().ok()?;
    String::from_utf8(answer.stdout).ok()?.trim().parse().ok()
}

/// Where the server's programs are; distributions hide some of them.
fn programs() -> PathBuf {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut places: Vec<PathBuf> = env::split_paths(&path).collect();
    let mut versions: Vec<PathBuf> = ["/usr/lib/postgresql", "/usr/local/opt", "/opt/homebrew/opt"]
        .iter()
        .flat_map(|place| fs::read_dir(place).into_iter().flatten())
        .filter_map(|version| Some(version.ok()?.path().join("bin")))
        .collect();
    versions.sort();
    places.extend(versions.into_iter().rev());
    let complete =
        |place: &Path| ["initdb", "postgres", "psql"].iter().all(|name| place.join(name).is_file());
    places.into_iter().find(|place| complete(place)).expect(
        "PostgreSQL is needed for this test: `cargo xtask setup` installs it, or your package \
         manager (`apt install postgresql`, `dnf install postgresql-server`, `pacman -S \
         postgresql`, `brew install postgresql`)",
    )
}
