//! The checks of the avatars and motions, by tools of other languages.

use std::path::Path;

use super::{Check, Tool};
use crate::{command::CommandLine, kit::Kit, place};

const BUILDER: &str = "tools/avatars";

/// The tests of what builds the avatars and motions, and whether those in `assets` are of its making.
pub fn builder(cache: &Path) -> Check {
    let folder = cache.join("python");
    let python = CommandLine::program(&place::python_of(&folder));
    let pip = "-m pip install --quiet --disable-pip-version-check -r";
    let requirements = "tools/avatars/requirements.txt";
    let tests = format!("-m unittest discover -s {BUILDER}/tests -t tools");
    Check {
        name: "avatars",
        command: python
            .clone()
            .args(tests.split_whitespace())
            .env("AVATARS_CACHE", cache.join("avatars"))
            .env("OMP_NUM_THREADS", "1")
            // Sums in the same order on all processors: whether an edge of a mesh is dropped may hang on
            // the last bit of one.
            .env("OPENBLAS_CORETYPE", "Haswell")
            .env("PYTHONDONTWRITEBYTECODE", "1"),
        tool: Some(Tool {
            name: "Python 3.11 with venv",
            probe: CommandLine::new(place::PYTHON)
                .args(["-c", "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))"]),
        }),
        kit: Some(Kit {
            pins: &["tools/avatars/requirements.txt"],
            install: vec![
                CommandLine::new(place::PYTHON).args(["-m", "venv"]).args([&folder]),
                python.clone().args(pip.split_whitespace()).args([requirements]),
            ],
            works: python.args(["-c", "import numpy, PIL"]),
            folder,
        }),
    }
}

/// The Khronos validator on all avatars and motions.
pub fn validator(cache: &Path) -> Check {
    let folder = cache.join("gltf-validator");
    let node = || CommandLine::new("node").env("NODE_PATH", folder.join("node_modules"));
    let npm = "ci --silent --no-audit --no-fund --prefix";
    Check {
        name: "gltf-validator",
        command: node()
            .args([format!("{BUILDER}/tests/validate.js")])
            .args(["assets/avatars", "assets/motions"]),
        tool: Some(Tool { name: "npm", probe: CommandLine::new("npm --version") }),
        kit: Some(Kit {
            pins: &["tools/avatars/package.json", "tools/avatars/package-lock.json"],
            install: vec![CommandLine::new("npm").args(npm.split_whitespace()).args([&folder])],
            works: node().args(["-e", "require('gltf-validator')"]),
            folder: folder.clone(),
        }),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn install(check: &Check) -> Vec<String> {
        let kit = check.kit.iter();
        kit.flat_map(|kit| &kit.install).map(ToString::to_string).collect()
    }

    #[test]
    fn the_builder_runs_in_an_environment_of_its_own() {
        let check = builder(Path::new("/cache"));
        assert_eq!(
            check.command.to_string(),
            "AVATARS_CACHE=/cache/avatars OMP_NUM_THREADS=1 OPENBLAS_CORETYPE=Haswell \
             PYTHONDONTWRITEBYTECODE=1 \
             /cache/python/bin/python -m unittest discover -s tools/avatars/tests -t tools"
        );
        assert_eq!(
            install(&check),
            [
                "python3 -m venv /cache/python",
                "/cache/python/bin/python -m pip install --quiet --disable-pip-version-check -r \
                 tools/avatars/requirements.txt",
            ]
        );
    }

    #[test]
    fn the_validator_is_found_in_the_cache() {
        let check = validator(Path::new("/cache"));
        assert_eq!(
            check.command.to_string(),
            "NODE_PATH=/cache/gltf-validator/node_modules node tools/avatars/tests/validate.js \
             assets/avatars assets/motions"
        );
        assert_eq!(
            install(&check),
            ["npm ci --silent --no-audit --no-fund --prefix /cache/gltf-validator"]
        );
    }

    #[test]
    fn what_pins_the_versions_is_in_the_repository() {
        for check in [builder(Path::new("/cache")), validator(Path::new("/cache"))] {
            for pin in check.kit.unwrap().pins {
                assert!(place::root().join(pin).is_file(), "{pin}");
            }
        }
    }

    #[test]
    fn the_lock_file_names_no_registry() {
        let lock = place::root().join("tools/avatars/package-lock.json");
        assert!(!std::fs::read_to_string(lock).unwrap().contains("://"));
    }
}
