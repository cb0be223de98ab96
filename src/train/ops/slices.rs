//! From candle's tensors to slices and back.

use candle_core::{CpuStorage, Layout, Result, Shape, Storage, Tensor, bail};

/// The numbers of an argument of an operation.
pub(super) fn slice<'a>(storage: &'a CpuStorage, layout: &Layout) -> Result<&'a [f32]> {
    match (storage, layout.contiguous_offsets()) {
        (CpuStorage::F32(values), Some((start, end))) => Ok(&values[start..end]),
        _ => bail!("f32 numbers in one piece are needed"),
    }
}

/// Calls `work` with the numbers of tensors, which must be in one piece in main memory.
pub(super) fn with_slices<const N: usize, R>(
    tensors: [&Tensor; N],
    work: impl FnOnce([&[f32]; N]) -> R,
) -> Result<R> {
    let guards = tensors.map(Tensor::storage_and_layout);
    let mut slices = [&[][..]; N];
    for (slice_of, (storage, layout)) in slices.iter_mut().zip(&guards) {
        *slice_of = match &**storage {
            Storage::Cpu(storage) => slice(storage, layout)?,
            _ => bail!("a tensor in main memory is needed"),
        };
    }
    Ok(work(slices))
}

/// A tensor of these numbers.
pub(super) fn tensor(values: Vec<f32>, shape: &Shape) -> Result<Tensor> {
    Tensor::from_vec(values, shape, &candle_core::Device::Cpu)
}

/// What an operation gives.
pub(super) fn result(values: Vec<f32>, shape: impl Into<Shape>) -> (CpuStorage, Shape) {
    (CpuStorage::F32(values), shape.into())
}
