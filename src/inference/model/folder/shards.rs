//! The files with the weights, and which tensor is where.
//!
//! Format: <https://huggingface.co/docs/safetensors>: the length of the head in 8 bytes, the head in
//! JSON, the numbers. Of the files only the heads are read at first.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io::{Read, Seek, SeekFrom},
    ops::Range,
    path::{Path, PathBuf},
};

use safetensors::{Dtype, tensor::Metadata};

use super::{FolderError, json::JsonFile, json::Object, plan, recipe::Recipe};
use crate::inference::model::floats::floats;

/// All tensors of a folder.
#[derive(Debug)]
pub(super) struct Shards {
    folder: PathBuf,
    files: Vec<(PathBuf, File)>,
    tensors: BTreeMap<String, Stored>,
}

/// A tensor in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stored {
    /// The place of the file among the others.
    file: usize,
    pub(super) dtype: Dtype,
    shape: Vec<usize>,
    /// From the beginning of the file.
    range: Range<u64>,
}

impl Stored {
    pub(super) fn bytes(&self) -> u64 {
        self.range.end - self.range.start
    }
}

/// The name of weights that are in one file.
const WHOLE: &str = "model.safetensors";
/// Names the files of weights that are in several.
const INDEX: &str = "model.safetensors.index.json";

impl Shards {
    /// Opens the weights of a folder; `named` is a file of it that somebody named.
    pub(super) fn open(folder: &Path, named: Option<&Path>) -> Result<Self, FolderError> {
        let mut all = Self { folder: folder.into(), files: Vec::new(), tensors: BTreeMap::new() };
        let whole = folder.join(WHOLE);
        let alone = named.filter(|path| !is_part(path)).map(Path::to_path_buf);
        if let Some(index) = JsonFile::read_if_there(&folder.join(INDEX))? {
            all.open_parts(&index.object()?)?;
        } else if let Some(path) = alone.or(whole.is_file().then_some(whole)) {
            all.add(path)?;
        } else {
            return Err(FolderError::NoWeights { path: folder.into() });
        }
        Ok(all)
    }

    /// Opens the files that an index names, and looks whether they hold what it says.
    fn open_parts(&mut self, index: &Object<'_>) -> Result<(), FolderError> {
        let map = index.needed("weight_map", index.object("weight_map")?)?;
        let mut names = BTreeSet::new();
        let mut wanted = Vec::new();
        for (tensor, _) in map.fields() {
            let name = map.needed(tensor, map.text(tensor)?)?;
            if name.contains(['/', '\\']) || !name.ends_with(".safetensors") {
                return Err(map.wrong(tensor, "the name of a .safetensors file beside it"));
            }
            names.insert(name);
            wanted.push(tensor);
        }
        for name in names {
            let shard = self.folder.join(name);
            if !shard.is_file() {
                return Err(FolderError::Shard { index: index.path.into(), shard });
            }
            self.add(shard)?;
        }
        match wanted.into_iter().find(|tensor| !self.has(tensor)) {
            Some(lost) => Err(FolderError::tensor(index.path, lost, "is in none of the parts")),
            None => Ok(()),
        }
    }

    fn add(&mut self, path: PathBuf) -> Result<(), FolderError> {
        let mut file = File::open(&path).map_err(|error| FolderError::io(&path, error))?;
        let (head, start) = head(&path, &mut file)?;
        let length = file.metadata().map_err(|error| FolderError::io(&path, error))?.len();
        let number = self.files.len();
        for (name, info) in head.tensors() {
            let (begin, end) = info.data_offsets;
            let range = start.saturating_add(begin as u64)..start.saturating_add(end as u64);
            if range.end > length {
                let error = format!("ends at byte {}, the file at {length}", range.end);
                return Err(FolderError::tensor(&path, &name, error));
            }
            let (dtype, shape) = (info.dtype, info.shape.clone());
            let stored = Stored { file: number, dtype, shape, range };
            if self.tensors.insert(name.clone(), stored).is_some() {
                return Err(FolderError::tensor(&path, &name, "is in another part too"));
            }
        }
        self.files.push((path, file));
        Ok(())
    }

    pub(super) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().map(|(path, _)| path.as_path())
    }

    /// How many tensors there are.
    pub(super) fn len(&self) -> usize {
        self.tensors.len()
    }

    pub(super) fn has(&self, tensor: &str) -> bool {
        self.tensors.contains_key(tensor)
    }

    pub(super) fn get(&self, tensor: &str) -> Option<&Stored> {
        self.tensors.get(tensor)
    }

    /// The rows of a matrix.
    pub(super) fn rows(&self, tensor: &str) -> Result<usize, FolderError> {
        let stored = self.get(tensor).ok_or_else(|| self.missing(tensor))?;
        Ok(stored.shape.first().copied().unwrap_or(0))
    }

    fn missing(&self, tensor: &str) -> FolderError {
        FolderError::tensor(&self.folder, tensor, "is missing")
    }

    fn path(&self, stored: &Stored) -> &Path {
        self.files.get(stored.file).map_or(&self.folder, |(path, _)| path)
    }

    /// Makes sure that there is what the recipes need, and nothing that they do not.
    pub(super) fn check(
        &self,
        config: &Object<'_>,
        recipes: &BTreeMap<String, Recipe>,
    ) -> Result<(), FolderError> {
        self.check_plain()?;
        let mut used = BTreeSet::new();
        for recipe in recipes.values() {
            let Some(name) = recipe.tensor() else { continue };
            let stored = self.get(name).ok_or_else(|| self.missing(name))?;
            if stored.shape != recipe.shape {
                let error = format!(
                    "is {:?}, where {} asks for {:?}",
                    stored.shape,
                    config.path.display(),
                    recipe.shape
                );
                return Err(FolderError::tensor(self.path(stored), name, error));
            }
            if !matches!(stored.dtype, Dtype::F32 | Dtype::F16 | Dtype::BF16) {
                let error = format!("is of the type {:?}, not F32, F16 or BF16", stored.dtype);
                return Err(FolderError::tensor(self.path(stored), name, error));
            }
            used.insert(name);
        }
        let unknown = self.tensors.iter().find(|(name, _)| {
            // The output matrix once more, where it is the embedding; frequencies that old files kept.
            let is_idle = *name == plan::OUTPUT || name.ends_with(".rotary_emb.inv_freq");
            !is_idle && !used.contains(name.as_str())
        });
        match unknown {
            Some((name, stored)) => {
                let error = "is one that models of this kind do not have";
                Err(FolderError::tensor(self.path(stored), name, error))
            }
            None => Ok(()),
        }
    }

    /// Refuses the packed weights of GPTQ, AWQ and others by their names.
    fn check_plain(&self) -> Result<(), FolderError> {
        const ENDINGS: [&str; 6] = [
            ".qweight",
            ".qzeros",
            ".weight_packed",
            ".weight_scale",
            ".absmax",
            ".weight_scale_inv",
        ];
        let packed =
            self.tensors.iter().find(|(name, _)| ENDINGS.iter().any(|end| name.ends_with(end)));
        match packed {
            Some((name, stored)) => {
                let (path, method) = (self.path(stored).into(), format!("there is `{name}`"));
                Err(FolderError::Quantised { path, method })
            }
            None => Ok(()),
        }
    }

    /// The numbers of a tensor, row-major.
    pub(super) fn read(&mut self, tensor: &str) -> Result<Vec<f32>, FolderError> {
        let missing = self.missing(tensor);
        let Some(Stored { file, dtype, range, .. }) = self.tensors.get(tensor) else {
            return Err(missing);
        };
        let Some((path, file)) = self.files.get_mut(*file) else { return Err(missing) };
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start(range.start))
            .and_then(|_| file.take(range.end - range.start).read_to_end(&mut bytes))
            .map_err(|error| FolderError::io(path, error))?;
        if bytes.len() as u64 != range.end - range.start {
            return Err(FolderError::tensor(path, tensor, "is cut short"));
        }
        floats(*dtype, &bytes).map_err(|error| FolderError::tensor(path, tensor, error))
    }
}

/// Whether a file is named as one of several.
fn is_part(path: &Path) -> bool {
    path.file_stem().is_some_and(|stem| stem.to_string_lossy().contains("-of-"))
}

/// The head of a file, and where the numbers begin.
fn head(path: &Path, file: &mut File) -> Result<(Metadata, u64), FolderError> {
    /// As in the library.
    const LONGEST: u64 = 100_000_000;
    let broken = |error: String| FolderError::Weights { path: path.into(), error };
    let io = |error| FolderError::io(path, error);
    let mut length = Vec::new();
    file.take(8).read_to_end(&mut length).map_err(io)?;
    let length = <[u8; 8]>::try_from(length).map(u64::from_le_bytes);
    let length = length.ok().filter(|length| *length <= LONGEST);
    let length =
        length.ok_or_else(|| broken("it does not begin with the length of a head".into()))?;
    let mut head = Vec::new();
    file.take(length).read_to_end(&mut head).map_err(io)?;
    if head.len() as u64 != length {
        return Err(broken(format!("its head ends after {} of {length} bytes", head.len())));
    }
    let metadata = serde_json::from_slice(&head).map_err(|error| broken(error.to_string()))?;
    Ok((metadata, 8 + length))
}
