//! The weights as they are held, which may not be as the file has them.

use crate::inference::{
    kernels::PackedKind,
    model::{
        Pass, TensorFacts,
        facts::{matrix, packed_kind, shown_type},
    },
};

/// The weights of a model in memory, in bytes.
pub(super) fn held(pass: Pass, tensors: &[TensorFacts]) -> u64 {
    tensors.iter().map(|tensor| held_of(pass, tensor)).fold(0, u64::saturating_add)
}

/// What the conversion of the largest tensor needs besides, in bytes.
pub(super) fn transient(pass: Pass, tensors: &[TensorFacts]) -> u64 {
    let of = |tensor: &TensorFacts| match keeps_its_type(pass, tensor) {
        true => tensor.bytes,
        false => {
            // Our own kernels take a copy of the numbers; candle's tensors of a folder are made of one.
            let copies = if pass == Pass::Own || is_float(tensor) { 2 } else { 1 };
            let numbers = tensor.elements().saturating_mul(copies * size_of::<f32>() as u64);
            tensor.bytes.saturating_add(numbers)
        }
    };
    let matrices = tensors.iter().filter(|&tensor| matrix(tensor).is_some());
    matrices.map(of).max().unwrap_or(0)
}

/// What the matrices would take in the smallest type that stays as it is, in bytes, and its name.
pub(super) fn smallest(pass: Pass, tensors: &[TensorFacts]) -> (&'static str, u64) {
    let kind = if pass == Pass::Own { "Q4_0" } else { "Q4_K" };
    let small = |tensor: &TensorFacts| match (pass, matrix(tensor)) {
        (Pass::Own, Some((rows, columns))) => packed(PackedKind::Q4, rows, columns),
        // 144 bytes for 256 numbers.
        (Pass::Candle, Some(_)) => tensor.elements().saturating_mul(144) / 256,
        (_, None) => tensor.bytes,
    };
    let bytes = tensors.iter().map(|tensor| small(tensor).min(held_of(pass, tensor)));
    (kind, bytes.fold(0, u64::saturating_add))
}

fn held_of(pass: Pass, tensor: &TensorFacts) -> u64 {
    let Some((rows, columns)) = matrix(tensor) else {
        return tensor.elements().saturating_mul(size_of::<f32>() as u64);
    };
    match pass {
        Pass::Own => packed(packed_kind(tensor), rows, columns),
        // Those of a folder that cannot be quantised are f32.
        Pass::Candle if keeps_its_type(pass, tensor) && is_float(tensor) => {
            tensor.elements().saturating_mul(size_of::<f32>() as u64)
        }
        Pass::Candle if keeps_its_type(pass, tensor) => tensor.bytes,
        // `Q8_0`: 34 bytes for 32 numbers.
        Pass::Candle => (tensor.elements() / 32).saturating_mul(34),
    }
}

fn packed(kind: PackedKind, rows: usize, columns: usize) -> u64 {
    kind.matrix_bytes(rows, columns).map_or(u64::MAX, |bytes| bytes as u64)
}

fn is_float(tensor: &TensorFacts) -> bool {
    matches!(tensor.kind.as_str(), "F32" | "F16" | "BF16")
}

/// Whether a matrix is held as it is in the file, but for the order of its numbers.
fn keeps_its_type(pass: Pass, tensor: &TensorFacts) -> bool {
    let kind = shown_type(&tensor.kind);
    match pass {
        Pass::Own => PackedKind::keeping(&kind).is_some(),
        Pass::Candle => {
            let is_fast = matches!(kind.as_str(), "Q8_0" | "Q4_K" | "Q6_K")
                || cfg!(target_arch = "aarch64") && matches!(kind.as_str(), "Q4_0" | "Q5_K");
            is_fast || tensor.shape.last().is_none_or(|columns| columns % 32 != 0)
        }
    }
}
