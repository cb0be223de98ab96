//! Limits of control groups, of version 2 (<https://docs.kernel.org/admin-guide/cgroup-v2.html>) and
//! version 1.

use std::{
    fs,
    path::{Component, Path, PathBuf},
};

/// How the files of a version are called.
struct Names {
    limit: &'static str,
    used: &'static str,
    /// Lines of `memory.stat` that count files, which the system takes back when it must.
    files: &'static [&'static str],
}

const VERSION_2: Names =
    Names { limit: "memory.max", used: "memory.current", files: &["inactive_file", "active_file"] };
const VERSION_1: Names = Names {
    limit: "memory.limit_in_bytes",
    used: "memory.usage_in_bytes",
    files: &["total_inactive_file", "total_active_file"],
};

/// What is left of the limits of all groups that a process is in, in bytes; none without limits.
///
/// `groups` is the text of `/proc/self/cgroup`, `mount` where the groups are folders.
pub(super) fn left(groups: &str, mount: &Path) -> Option<u64> {
    let found = groups.lines().filter_map(group).flat_map(|group| {
        let mount = mount.join(group.folder);
        // A container may not see its own group under this name, but then at the root.
        above(&group.path)
            .into_iter()
            .filter_map(move |path| left_of(&mount.join(path), group.names))
    });
    found.min()
}

/// A line of `/proc/self/cgroup` that concerns memory.
struct Group {
    names: &'static Names,
    /// Within the mount.
    folder: &'static str,
    path: PathBuf,
}

/// `0::/path` of version 2, `7:memory:/path` of version 1.
fn group(line: &str) -> Option<Group> {
    let (number, rest) = line.split_once(':')?;
    let (controllers, path) = rest.split_once(':')?;
    let (names, folder) = match (number, controllers) {
        ("0", "") => (&VERSION_2, ""),
        _ if controllers.split(',').any(|name| name == "memory") => (&VERSION_1, "memory"),
        _ => return None,
    };
    let parts = Path::new(path).components();
    let path = parts.filter(|part| matches!(part, Component::Normal(_))).collect();
    Some(Group { names, folder, path })
}

/// A group and those that it is in, up to the root.
fn above(path: &Path) -> Vec<PathBuf> {
    path.ancestors().map(Path::to_path_buf).collect()
}

fn left_of(folder: &Path, names: &Names) -> Option<u64> {
    let read = |name: &str| fs::read_to_string(folder.join(name)).ok();
    // The limit is a number, or the word `max`.
    let limit: u64 = read(names.limit)?.trim().parse().ok()?;
    let used: u64 = read(names.used)?.trim().parse().ok()?;
    let files = files_in(&read("memory.stat").unwrap_or_default(), names.files);
    Some(limit.saturating_sub(used.saturating_sub(files)))
}

/// The bytes of files in memory, from `memory.stat`.
fn files_in(stat: &str, wanted: &[&str]) -> u64 {
    let line = |line: &str| -> Option<u64> {
        let (name, bytes) = line.split_once(' ')?;
        wanted.contains(&name).then(|| bytes.trim().parse().ok())?
    };
    stat.lines().filter_map(line).fold(0, u64::saturating_add)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn groups(files: &[(&str, &str)]) -> tempfile::TempDir {
        let mount = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = mount.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        mount
    }

    #[test]
    fn version_1_is_read_from_the_folder_of_its_controller() {
        let mount = groups(&[
            ("memory/docker/a/memory.limit_in_bytes", "1000"),
            ("memory/docker/a/memory.usage_in_bytes", "700"),
            ("memory/docker/a/memory.stat", "cache 9\ntotal_inactive_file 200"),
        ]);
        let lines = "3:cpu,cpuacct:/\n7:memory:/docker/a\n";
        assert_eq!(left(lines, mount.path()), Some(500));
    }

    #[test]
    fn a_container_finds_its_group_at_the_root() {
        let mount = groups(&[("memory.max", "900"), ("memory.current", "100")]);
        assert_eq!(left("0::/not/seen/here", mount.path()), Some(800));
        assert_eq!(left("0::/", mount.path()), Some(800));
    }

    #[test]
    fn no_limit_is_no_number() {
        let mount = groups(&[("a/memory.max", "max"), ("a/memory.current", "100")]);
        assert_eq!(left("0::/a", mount.path()), None);
    }

    #[test]
    fn more_used_than_allowed_leaves_nothing() {
        let mount = groups(&[("memory.max", "5"), ("memory.current", "100")]);
        assert_eq!(left("0::/", mount.path()), Some(0));
    }

    #[test]
    fn a_group_never_leads_out_of_the_mount() {
        let found = group("0::/../../etc").unwrap();
        assert_eq!(found.path, Path::new("etc"));
    }

    proptest! {
        #[test]
        fn any_text_is_read(lines in "([0-9]{0,2}:(memory)?:?/?[a-z./]{0,9}\n?){0,4}|\\PC*") {
            left(&lines, Path::new("/nowhere"));
            files_in(&lines, VERSION_2.files);
        }
    }
}
