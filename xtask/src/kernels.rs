//! `cargo xtask cross` and `cargo xtask sanitize`: the kernels where `cargo xtask test` does not
//! take them.

use std::fs;

use crate::{
    checks::kernels::{self, CRATE},
    command::CommandLine,
    error::TaskError,
    place, test,
};

/// Checks the library for Arm, and its kernels on it.
pub fn cross() -> Result<(), TaskError> {
    take_versions()?;
    test::all(&kernels::cross(place::target().as_deref()))
}

/// Checks what the kernels do with memory.
pub fn sanitize() -> Result<(), TaskError> {
    take_versions()?;
    let Some(host) = CommandLine::new("rustc --print host-tuple").output() else {
        let advice = "`rustc` does not say which platform this is; install Rust 1.95 or newer.";
        return Err(TaskError::Setup { advice: advice.into() });
    };
    test::all(&[kernels::sanitize(host.trim(), place::target().as_deref())])
}

/// Lets the kernels alone be built with the dependencies that the crate is built with.
fn take_versions() -> Result<(), TaskError> {
    let [of_root, own] = ["", CRATE].map(|folder| place::root().join(folder).join("Cargo.lock"));
    match fs::copy(of_root, &own) {
        Ok(_) => Ok(()),
        Err(error) => Err(TaskError::Write { file: own, error }),
    }
}
