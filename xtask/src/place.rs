//! Where things are: the repository, and the folder that is built into.

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
    sync::OnceLock,
};

/// The root of the repository.
///
/// Cargo says at run time where that is. What was known when this was built may be another clone,
/// which builds into the same folder and may be gone.
pub fn root() -> &'static Path {
    static ROOT: OnceLock<PathBuf> = OnceLock::new();
    ROOT.get_or_init(|| {
        let named = var("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let here = named.unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        here.parent().unwrap_or(&here).into()
    })
}

/// A variable of the environment; none if it is empty.
pub fn var(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}

/// How Python is called on this system.
pub const PYTHON: &str = if cfg!(windows) { "python" } else { "python3" };

/// The Python of an environment in this folder.
pub fn python_of(environment: &Path) -> PathBuf {
    let programs = if cfg!(windows) { "Scripts" } else { "bin" };
    environment.join(programs).join(format!("python{}", env::consts::EXE_SUFFIX))
}

/// The folder for what the checks need beside Cargo, in the user's cache.
pub fn tools() -> PathBuf {
    cache_on(env::consts::OS, var).unwrap_or_else(|| root().join("target")).join("tools")
}

/// The folder that Cargo builds into here.
pub fn target() -> Option<PathBuf> {
    target_on(env::consts::OS, var)
}

/// A program that Cargo has built into `target`, or where it builds without one.
pub fn built(program: &str, target: Option<&Path>) -> PathBuf {
    let target = target.map_or_else(|| root().join("target"), Path::to_path_buf);
    target.join("debug").join(format!("{program}{}", env::consts::EXE_SUFFIX))
}

/// What [`target`] is on any system, in any environment.
///
/// In the user's cache, so that the long build of the dependencies outlives a clone. None if the
/// system does not say where that is.
fn target_on(os: &str, var: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    if let Some(chosen) = var("CARGO_TARGET_DIR") {
        return Some(root().join(chosen));
    }
    cache_on(os, var).map(|cache| cache.join("target"))
}

/// Our part of the user's cache; none if the system does not say where that is.
fn cache_on(os: &str, var: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let home = || var("HOME").map(PathBuf::from);
    let cache = match os {
        "windows" => var("LOCALAPPDATA").map(PathBuf::from),
        "macos" => home().map(|home| home.join("Library").join("Caches")),
        _ => {
            let xdg = var("XDG_CACHE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
            xdg.or_else(|| home().map(|home| home.join(".cache")))
        }
    };
    cache.map(|cache| cache.join("bevy_persona"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(os: &str, vars: &[(&str, &str)]) -> Option<PathBuf> {
        target_on(os, |name| vars.iter().find(|(key, _)| *key == name).map(|(_, v)| v.into()))
    }

    fn path(parts: &[&str]) -> Option<PathBuf> {
        Some(parts.iter().collect())
    }

    #[test]
    fn a_chosen_folder_wins_everywhere() {
        for os in ["linux", "macos", "windows"] {
            let vars = [("CARGO_TARGET_DIR", "/fast"), ("HOME", "/h"), ("LOCALAPPDATA", "/l")];
            assert_eq!(on(os, &vars), path(&["/fast"]));
        }
    }

    #[test]
    fn each_system_has_its_cache() {
        let home = [("HOME", "/h"), ("LOCALAPPDATA", "/l")];
        assert_eq!(on("linux", &home), path(&["/h", ".cache", "bevy_persona", "target"]));
        assert_eq!(on("macos", &home), path(&["/h/Library/Caches", "bevy_persona", "target"]));
        assert_eq!(on("windows", &home), path(&["/l", "bevy_persona", "target"]));
    }

    #[cfg(unix)]
    #[test]
    fn linux_prefers_an_absolute_cache_variable() {
        let absolute = [("XDG_CACHE_HOME", "/x"), ("HOME", "/h")];
        assert_eq!(on("linux", &absolute), path(&["/x", "bevy_persona", "target"]));
        let relative = [("XDG_CACHE_HOME", "x"), ("HOME", "/h")];
        assert_eq!(on("linux", &relative), path(&["/h", ".cache", "bevy_persona", "target"]));
    }

    #[test]
    fn without_a_home_the_choice_is_left_to_cargo() {
        assert_eq!(on("linux", &[]), None);
        assert_eq!(on("windows", &[("HOME", "/h")]), None);
    }

    #[test]
    fn a_program_is_where_it_was_built() {
        let file = format!("persona{}", env::consts::EXE_SUFFIX);
        let chosen = built("persona", Some(Path::new("/t")));
        assert_eq!(Some(chosen), path(&["/t", "debug", &file]));
        assert!(built("persona", None).starts_with(root().join("target")));
    }

    #[test]
    fn the_root_holds_the_manifest_of_the_workspace() {
        assert!(root().join("xtask").join("Cargo.toml").is_file());
    }
}
