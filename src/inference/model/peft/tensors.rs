//! Reads and writes `adapter_model.safetensors`.

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
};

use half::f16;
use safetensors::{Dtype, SafeTensors, tensor::TensorView};

use super::{
    PeftError,
    config_file::ConfigFile,
    names::{self, Half},
};
use crate::inference::model::{
    Adapter, LowRank, MatrixSizes, Target,
    floats::floats,
    rotary::{Order, reordered},
};

/// A tensor as it was read: rows, columns, values.
struct Matrix {
    rows: usize,
    columns: usize,
    values: Vec<f32>,
}

/// The changes of a file, in our own order of rows.
pub(super) fn parse(
    path: &Path,
    bytes: &[u8],
    config: &ConfigFile,
    sizes: &MatrixSizes,
) -> Result<Adapter, PeftError> {
    let file = SafeTensors::deserialize(bytes)
        .map_err(|error| PeftError::Broken { path: path.into(), error: error.to_string() })?;
    let mut halves: BTreeMap<(usize, Target), [Option<Matrix>; 2]> = BTreeMap::new();
    let mut names: Vec<&str> = file.names();
    names.sort_unstable();
    for name in names {
        let wrong = |error: String| tensor_error(path, name, error);
        let (layer, target, half) = names::parse(name)
            .ok_or_else(|| PeftError::Target { path: path.into(), tensor: name.into() })?;
        let tensor = file.tensor(name).map_err(|error| wrong(error.to_string()))?;
        let place = &mut halves.entry((layer, target)).or_default()[half as usize];
        if place.replace(matrix(&tensor).map_err(wrong)?).is_some() {
            return Err(wrong("is there twice".into()));
        }
    }
    let mut adapter = Adapter::new();
    for ((layer, target), halves) in halves {
        let [down, up] = halves;
        let missing =
            |half| tensor_error(path, &names::tensor(layer, target, half), "is missing".into());
        let down = down.ok_or_else(|| missing(Half::Down))?;
        let up = up.ok_or_else(|| missing(Half::Up))?;
        let (rank, (rows, columns)) = (config.rank(layer, target), sizes.shape(target));
        for (half, found, fits) in
            [(Half::Down, &down, [rank, columns]), (Half::Up, &up, [rows, rank])]
        {
            let found = [found.rows, found.columns];
            if found != fits {
                let error = format!(
                    "is {} by {}, where the model and the rank in the settings ask for {} by {}",
                    found[0], found[1], fits[0], fits[1]
                );
                return Err(tensor_error(path, &names::tensor(layer, target, half), error));
            }
        }
        let up = rows_in(Order::ToNeighbours, up.values, rank, sizes, target);
        let scale = config.scale(layer, target);
        adapter.insert(layer, target, LowRank { down: down.values, up, scale });
    }
    if adapter.changes().next().is_none() {
        return Err(PeftError::Empty { path: path.into() });
    }
    Ok(adapter)
}

fn tensor_error(path: &Path, tensor: &str, error: String) -> PeftError {
    PeftError::Tensor { path: path.into(), tensor: tensor.into(), error }
}

/// The numbers of a tensor, or what is wrong with it.
fn matrix(tensor: &TensorView<'_>) -> Result<Matrix, String> {
    let &[rows, columns] = tensor.shape() else {
        return Err(format!("has the shape {:?}, not that of a matrix", tensor.shape()));
    };
    if rows == 0 || columns == 0 {
        return Err(format!("is {rows} by {columns}"));
    }
    let values = floats(tensor.dtype(), tensor.data())?;
    Ok(Matrix { rows, columns, values })
}

/// The rows of a matrix, of `width` numbers each, in another order if they are rotated.
fn rows_in(
    order: Order,
    values: Vec<f32>,
    width: usize,
    sizes: &MatrixSizes,
    target: Target,
) -> Vec<f32> {
    match target {
        Target::Query | Target::Key => reordered(values, width, sizes.head_dim, order),
        _ => values,
    }
}

/// The bytes of a file with numbers in f16.
pub(super) fn bytes(
    path: &Path,
    adapter: &Adapter,
    sizes: &MatrixSizes,
) -> Result<Vec<u8>, PeftError> {
    let mut tensors: Vec<(String, Vec<usize>, Vec<u8>)> = Vec::new();
    for (layer, target, change) in adapter.changes() {
        let name = |half| names::tensor(layer, target, half);
        let (rows, columns) = sizes.shape(target);
        let rank = change.rank(columns);
        let up = rows_in(Order::ToHalves, change.up.clone(), rank.max(1), sizes, target);
        for (half, values, shape) in
            [(Half::Down, &change.down, [rank, columns]), (Half::Up, &up, [rows, rank])]
        {
            if rank == 0 || values.len() != shape[0] * shape[1] {
                let [rows, columns] = shape;
                let error =
                    format!("is not {rows} by {columns}, as the model and its rank ask for");
                return Err(tensor_error(path, &name(half), error));
            }
            let bytes = halved(values).ok_or_else(|| {
                tensor_error(path, &name(half), "holds numbers that are not finite in f16".into())
            })?;
            tensors.push((name(half), shape.into(), bytes));
        }
    }
    if tensors.is_empty() {
        return Err(PeftError::Empty { path: path.into() });
    }
    let broken = |error: safetensors::SafeTensorError| PeftError::Broken {
        path: path.into(),
        error: error.to_string(),
    };
    let views = tensors
        .iter()
        .map(|(name, shape, bytes)| {
            Ok((name.as_str(), TensorView::new(Dtype::F16, shape.clone(), bytes)?))
        })
        .collect::<Result<Vec<_>, _>>()
        .map_err(broken)?;
    let about = HashMap::from([("format".to_owned(), "pt".to_owned())]);
    safetensors::serialize(views, Some(about)).map_err(broken)
}

/// The numbers in f16; none if one of them is not finite there.
fn halved(values: &[f32]) -> Option<Vec<u8>> {
    let each = values.iter().map(|value| {
        let half = f16::from_f32(*value);
        half.is_finite().then(|| half.to_le_bytes())
    });
    each.collect::<Option<Vec<_>>>().map(|bytes| bytes.concat())
}
