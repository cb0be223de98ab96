//! How much memory this machine has left for a model.

mod cgroup;
mod meminfo;

use std::path::Path;

/// The memory that can be used before the system swaps or ends a process, in bytes; none where the
/// system does not tell.
///
/// On Linux it is what `/proc/meminfo` calls available, or what is left of the limits of the control
/// groups of this process (those of a container, for instance) where that is less. Files that
/// the system keeps in memory do not count as used. Other systems are not asked.
///
/// # Example
/// ```
/// use bevy_persona::inference::free_memory;
///
/// match free_memory() {
///     Some(bytes) => println!("{} MB are free", bytes / 1_000_000),
///     None => println!("nobody knows"),
/// }
/// ```
#[must_use]
pub fn free_memory() -> Option<u64> {
    if cfg!(target_os = "linux") { free_under(Path::new("/")) } else { None }
}

/// The same, of the system whose files are under `root`.
fn free_under(root: &Path) -> Option<u64> {
    let read = |path: &str| std::fs::read_to_string(root.join(path)).ok();
    let machine = read("proc/meminfo").and_then(|text| meminfo::available(&text));
    let groups = read("proc/self/cgroup").unwrap_or_default();
    let limits = cgroup::left(&groups, &root.join("sys/fs/cgroup"));
    machine.into_iter().chain(limits).min()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn system(files: &[(&str, &str)]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        root
    }

    #[test]
    fn the_smallest_limit_counts() {
        let root = system(&[
            ("proc/meminfo", "MemTotal: 16000 kB\nMemAvailable:    8000 kB\n"),
            ("proc/self/cgroup", "0::/game/night\n"),
            ("sys/fs/cgroup/game/memory.max", "5000000\n"),
            ("sys/fs/cgroup/game/memory.current", "3000000\n"),
            (
                "sys/fs/cgroup/game/memory.stat",
                "anon 5\ninactive_file 400000\nactive_file 100000\n",
            ),
            ("sys/fs/cgroup/game/night/memory.max", "max\n"),
            ("sys/fs/cgroup/game/night/memory.current", "3000000\n"),
        ]);
        assert_eq!(free_under(root.path()), Some(2_500_000));
        fs::remove_dir_all(root.path().join("sys")).unwrap();
        assert_eq!(free_under(root.path()), Some(8_192_000));
    }

    #[test]
    fn a_system_that_tells_nothing_is_not_guessed_at() {
        assert_eq!(free_under(system(&[]).path()), None);
        let odd = system(&[("proc/meminfo", "MemAvailable: plenty\n"), ("proc/self/cgroup", "?")]);
        assert_eq!(free_under(odd.path()), None);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn this_machine_tells() {
        assert!(free_memory().is_some_and(|bytes| bytes > 1_000_000));
    }
}
