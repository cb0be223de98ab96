//! The matrices of a model, repacked for our kernels: from its file the first time, then mapped from
//! the cache folder.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use candle_core::Tensor;

use super::{
    Fingerprint, GgufError, LoadProgress, ModelFile, PackedFile, TensorFacts,
    facts::{packed_kind, shown_type},
    packed_file,
};
use crate::{
    disk::cache_folder::{self, Limits},
    inference::kernels::{PackedKind, PackedMatrix},
};

/// The matrices of a model, by their names in its file.
pub(super) struct Matrices {
    by_name: BTreeMap<String, PackedMatrix>,
}

impl Matrices {
    /// All matrices of a file.
    ///
    /// With a `cache_folder` they are repacked once only: the result is kept there and mapped, so
    /// that the system may share and reclaim the memory.
    pub(super) fn load(
        file: &mut dyn ModelFile,
        cache_folder: Option<&Path>,
        progress: &mut LoadProgress<'_>,
    ) -> Result<Self, GgufError> {
        let matrices = matrices(file);
        let fingerprint = &file.fingerprint();
        let kept = cache_folder.map(|folder| path_of(folder, fingerprint));
        if let Some(mapped) = kept.as_deref().and_then(|path| mapped(path, fingerprint, &matrices))
        {
            return Ok(mapped);
        }
        let mut by_name = BTreeMap::new();
        for (done, facts) in matrices.iter().enumerate() {
            if !progress(done as u64, matrices.len() as u64) {
                return Err(GgufError::Cancelled);
            }
            by_name.insert(facts.name.clone(), packed(file, facts)?);
        }
        let packed = Self { by_name };
        Ok(kept.and_then(|path| packed.keep(&path, fingerprint, &matrices)).unwrap_or(packed))
    }

    /// Takes a matrix of this shape out; any number of rows is right where `rows` is none.
    pub(super) fn take(
        &mut self,
        name: &str,
        rows: Option<usize>,
        columns: usize,
    ) -> Result<PackedMatrix, GgufError> {
        let matrix = self.by_name.remove(name).ok_or_else(|| GgufError::Tensor {
            tensor: name.into(),
            error: "it is missing".into(),
        })?;
        if rows.is_none_or(|rows| rows == matrix.rows()) && matrix.columns() == columns {
            return Ok(matrix);
        }
        let rows = rows.map_or_else(|| "any number of".into(), |rows| rows.to_string());
        Err(GgufError::Shape(format!(
            "`{name}` is {} by {}, not {rows} by {columns}",
            matrix.rows(),
            matrix.columns()
        )))
    }

    /// Writes the matrices to a file and maps it; none where that does not work.
    fn keep(&self, path: &Path, fingerprint: &Fingerprint, facts: &[TensorFacts]) -> Option<Self> {
        let matrices: Vec<(&str, &PackedMatrix)> =
            self.by_name.iter().map(|(name, matrix)| (name.as_str(), matrix)).collect();
        let folder = path.parent()?;
        let written = fs::create_dir_all(folder)
            .and_then(|()| packed_file::write(path, fingerprint.bytes(), &matrices));
        // Another process may have written them at the same time.
        let mapped = mapped(path, fingerprint, facts);
        match written {
            Err(error) if mapped.is_none() => tracing::warn!(
                "the repacked weights cannot be kept in {}: {error}; every start repacks them",
                path.display()
            ),
            Err(_) => {}
            Ok(()) => tidy(folder),
        }
        mapped
    }
}

/// Removes the weights of models that were not used for long.
fn tidy(folder: &Path) {
    let limits = Limits { bytes: u64::MAX, files: 4 };
    if let Err(error) = cache_folder::tidy(folder, ENDING, limits) {
        tracing::debug!("old weights stay in {}: {error}", folder.display());
    }
}

/// How the files of repacked weights end.
const ENDING: &str = "weights";

/// Where the repacked weights of a model file are kept.
fn path_of(cache_folder: &Path, fingerprint: &Fingerprint) -> PathBuf {
    let version = packed_file::VERSION;
    cache_folder.join("weights").join(format!("{fingerprint}.{version}.{ENDING}"))
}

/// What was kept; none if one of the matrices is not there, or of another kind than it would be packed
/// into now.
fn mapped(path: &Path, fingerprint: &Fingerprint, facts: &[TensorFacts]) -> Option<Matrices> {
    let file = PackedFile::open(path, fingerprint.bytes())?;
    cache_folder::mark_used(path);
    let named = |facts: &TensorFacts| {
        let matrix = file.matrix(&facts.name)?;
        (matrix.kind() == packed_kind(facts)).then(|| (facts.name.clone(), matrix))
    };
    let by_name = facts.iter().map(named).collect::<Option<_>>()?;
    Some(Matrices { by_name })
}

/// All matrices, sorted by their names.
fn matrices(file: &dyn ModelFile) -> Vec<TensorFacts> {
    file.tensors().into_iter().filter(|tensor| tensor.shape.len() == 2).collect()
}

/// Keeps the codes of types that our kernels know; converts all others to 8 bits.
fn packed(file: &mut dyn ModelFile, facts: &TensorFacts) -> Result<PackedMatrix, GgufError> {
    let (name, kind) = (&facts.name, shown_type(&facts.kind));
    if PackedKind::keeping(&kind).is_none() {
        let values = file.dequantized(name)?;
        return from_floats(&values).map_err(|error| GgufError::tensor(name, &error));
    }
    let tensor = file.tensor(name)?;
    let (rows, columns) = (facts.shape[0], facts.shape[1]);
    let bytes = tensor.data().map_err(|error| GgufError::tensor(name, &error))?;
    PackedMatrix::from_ggml(&kind, rows, columns, &bytes).ok_or_else(|| GgufError::Tensor {
        tensor: name.clone(),
        error: "it is cut short, or its scales are damaged".into(),
    })
}

fn from_floats(values: &Tensor) -> candle_core::Result<PackedMatrix> {
    let (rows, columns) = values.dims2()?;
    Ok(PackedMatrix::from_f32(rows, columns, &values.flatten_all()?.to_vec1()?))
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use super::*;

    #[test]
    fn what_was_packed_into_another_kind_is_packed_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("weights");
        let fingerprint =
            Fingerprint::of(&mut File::create_new(folder.path().join("model")).unwrap());
        let fingerprint = fingerprint.unwrap();
        let matrix = PackedMatrix::from_f32(1, 256, &[1.0; 256]);
        packed_file::write(&path, fingerprint.bytes(), &[("a", &matrix)]).unwrap();
        for (kind, is_kept) in [("F16", true), ("Q3K", true), ("Q6K", false), ("Q4_0", false)] {
            let facts =
                TensorFacts { name: "a".into(), shape: vec![1, 256], kind: kind.into(), bytes: 0 };
            assert_eq!(mapped(&path, &fingerprint, &[facts]).is_some(), is_kept, "{kind}");
        }
    }
}
