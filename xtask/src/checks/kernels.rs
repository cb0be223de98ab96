//! The kernels alone: on another processor, and under a sanitizer.

use std::path::Path;

use super::{Check, check, optional};
use crate::command::CommandLine;

/// The processor that most of those have who have no x86-64.
const ARM: &str = "aarch64-unknown-linux-gnu";
/// What links for it, and tells that a C compiler for it is there.
const LINKER: &str = "aarch64-linux-gnu-gcc";
/// What runs its programs here.
const EMULATOR: &str = "qemu-aarch64-static";
/// Where Debian has the libraries for it.
const LIBRARIES: &str = "/usr/aarch64-linux-gnu";

/// The crate of the kernels alone.
pub const CRATE: &str = "tools/kernels";

/// That the library can be built for Arm, and that the kernels for it give the bits they should:
/// on a processor that has all there is, and on one without dot products.
pub fn cross(target: Option<&Path>) -> Vec<Check> {
    let library = format!("check --target {ARM} --no-default-features --features candle --lib");
    let kernels = |processor: &str| {
        tests(ARM, target).env("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER", LINKER).env(
            "CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER",
            format!("{EMULATOR} -L {LIBRARIES} -cpu {processor}"),
        )
    };
    vec![
        check("standard library for Arm", CommandLine::new("rustup target add").args([ARM])),
        optional("library for Arm", CommandLine::cargo(&library, target), LINKER),
        optional("kernels on Arm", kernels("max"), EMULATOR),
        optional("kernels on an older Arm", kernels("cortex-a72"), EMULATOR),
    ]
}

/// That the kernels read and write only what is theirs, by `AddressSanitizer`.
///
/// The stable compiler has it, behind a variable that lets it pass for a nightly one.
pub fn sanitize(host: &str, target: Option<&Path>) -> Check {
    let tests =
        tests(host, target).env("RUSTC_BOOTSTRAP", "1").env("RUSTFLAGS", "-Zsanitizer=address");
    check("kernels under AddressSanitizer", tests)
}

/// The tests of the kernels on a platform.
///
/// With a platform named, flags are not those of what runs while it is built.
fn tests(platform: &str, target: Option<&Path>) -> CommandLine {
    let line = format!("test --manifest-path {CRATE}/Cargo.toml --target {platform}");
    let target = target.map_or_else(|| "target".into(), Path::to_path_buf).join("kernels");
    CommandLine::cargo(&line, Some(&target))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn kernels_are_run_on_two_processors_of_another_kind() {
        let lines: Vec<_> =
            cross(Some(Path::new("/t"))).iter().map(|check| check.command.to_string()).collect();
        assert_eq!(
            lines[..2],
            [
                "rustup target add aarch64-unknown-linux-gnu",
                "CARGO_TARGET_DIR=/t cargo check --target aarch64-unknown-linux-gnu \
                 --no-default-features --features candle --lib",
            ]
        );
        for (line, processor) in lines[2..].iter().zip(["max", "cortex-a72"]) {
            assert!(line.starts_with("CARGO_TARGET_DIR=/t/kernels "), "{line}");
            assert!(line.contains(&format!("-cpu {processor}'")), "{line}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn the_sanitizer_is_told_for_which_platform_it_builds() {
        assert_eq!(
            sanitize("x86_64-unknown-linux-gnu", None).command.to_string(),
            "CARGO_TARGET_DIR=target/kernels RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Zsanitizer=address \
             cargo test --manifest-path tools/kernels/Cargo.toml --target x86_64-unknown-linux-gnu"
        );
    }

    /// The line of a manifest that names a dependency.
    fn dependency<'a>(manifest: &'a str, name: &str) -> &'a str {
        let named =
            |line: &&str| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(" ="));
        let line = manifest.lines().find(named).unwrap_or_default();
        line.split('"').nth(1).unwrap_or_default()
    }

    #[test]
    fn the_kernels_alone_have_the_dependencies_of_the_crate() {
        let [crate_, kernels] = [
            include_str!("../../../Cargo.toml"),
            include_str!("../../../tools/kernels/Cargo.toml"),
        ];
        for name in
            ["bytes", "gemm", "half", "memmap2", "smallvec", "thiserror", "proptest", "tempfile"]
        {
            assert!(!dependency(kernels, name).is_empty(), "{name}");
            assert_eq!(dependency(kernels, name), dependency(crate_, name), "{name}");
        }
    }
}
