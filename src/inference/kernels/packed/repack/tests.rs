use std::borrow::Cow;

use candle_core::{
    Device, Tensor,
    quantized::{GgmlDType, QStorage, QTensor},
};

use super::{super::tests::noise, *};

const ROWS: usize = 19;

/// The types whose blocks are kept, where their f16s are in a block, and the columns of a matrix.
const TYPES: [(&str, GgmlDType, &[usize], usize); 8] = [
    ("Q8_0", GgmlDType::Q8_0, &[0], 96),
    ("Q4_0", GgmlDType::Q4_0, &[0], 96),
    ("Q4_1", GgmlDType::Q4_1, &[0, 2], 96),
    ("Q5_0", GgmlDType::Q5_0, &[0], 96),
    ("Q5_1", GgmlDType::Q5_1, &[0, 2], 96),
    ("Q4_K", GgmlDType::Q4K, &[0, 2], 512),
    ("Q5_K", GgmlDType::Q5K, &[0, 2], 512),
    ("Q6_K", GgmlDType::Q6K, &[208], 512),
];

/// Blocks of any codes, whose f16s are such numbers.
fn blocks(kind: GgmlDType, halves: &[usize], numbers: usize, half: impl Fn(u16) -> u16) -> Vec<u8> {
    let mut random = noise(7);
    let blocks = (0..numbers / kind.block_size()).flat_map(|_| {
        let random = random.by_ref();
        let mut block: Vec<u8> = random.take(kind.type_size()).map(|n| n as u8).collect();
        for at in halves {
            let drawn = u16::from_le_bytes([block[*at], block[at + 1]]);
            block[*at..at + 2].copy_from_slice(&half(drawn).to_le_bytes());
        }
        block
    });
    blocks.collect()
}

/// What candle reads in the same bytes.
fn by_candle(kind: GgmlDType, columns: usize, bytes: &[u8]) -> Vec<f32> {
    let storage = QStorage::from_data(Cow::Borrowed(bytes), &Device::Cpu, kind).expect("blocks");
    values(&QTensor::new(storage, (ROWS, columns)).expect("whole rows"))
}

fn values(tensor: &QTensor) -> Vec<f32> {
    let values = tensor.dequantize(&Device::Cpu).and_then(|values| values.flatten_all()?.to_vec1());
    values.expect("numbers on the CPU")
}

fn all(matrix: &PackedMatrix) -> Vec<f32> {
    let mut values = vec![0.0; matrix.rows() * matrix.columns()];
    for (row, out) in values.chunks_exact_mut(matrix.columns()).enumerate() {
        matrix.row(row, out);
    }
    values
}

/// That numbers are the same but for the rounding of scales and minimums to f16, each of which adds
/// at most 2^-11 of the larger of the two, about the largest number of the block.
fn assert_rounded(name: &str, found: &[f32], expected: &[f32]) {
    for (block, (found, expected)) in found.chunks(BLOCK).zip(expected.chunks(BLOCK)).enumerate() {
        let largest = expected.iter().fold(0.0f32, |most, value| most.max(value.abs()));
        for (column, (found, expected)) in found.iter().zip(expected).enumerate() {
            let close = (found - expected).abs() <= largest / 512.0;
            assert!(close, "{name}: {found}, not {expected}, block {block}, column {column}");
        }
    }
}

#[test]
fn any_codes_are_read_as_candle_reads_them() {
    for (name, kind, halves, columns) in TYPES {
        // Powers of two lose nothing when they are multiplied by small integers.
        let bytes = blocks(kind, halves, ROWS * columns, |drawn| (drawn & 0x8000) | 0x2c00);
        let matrix = PackedMatrix::from_ggml(name, ROWS, columns, &bytes).unwrap();
        assert_eq!(all(&matrix), by_candle(kind, columns, &bytes), "{name}");
    }
}

#[test]
fn any_scales_are_read_as_candle_reads_them() {
    for (name, kind, halves, columns) in TYPES {
        // Halves of small magnitude, denormal ones among them.
        let bytes = blocks(kind, halves, ROWS * columns, |drawn| drawn & 0xafff);
        let matrix = PackedMatrix::from_ggml(name, ROWS, columns, &bytes).unwrap();
        let (found, expected) = (all(&matrix), by_candle(kind, columns, &bytes));
        match name.ends_with("_K") {
            true => assert_rounded(name, &found, &expected),
            false => assert_eq!(found, expected, "{name}"),
        }
    }
}

#[test]
fn what_candle_quantised_stays_what_it_is() {
    for (name, kind, _, columns) in TYPES {
        let numbers = noise(3).take(ROWS * columns).map(|n| (n % 4001) as f32 / 1000.0 - 2.0);
        let tensor = Tensor::from_iter(numbers, &Device::Cpu).unwrap();
        let tensor = tensor.reshape((ROWS, columns)).unwrap();
        let tensor = QTensor::quantize(&tensor, kind).unwrap();
        let matrix = PackedMatrix::from_ggml(name, ROWS, columns, &tensor.data().unwrap()).unwrap();
        match name.ends_with("_K") {
            true => assert_rounded(name, &all(&matrix), &values(&tensor)),
            false => assert_eq!(all(&matrix), values(&tensor), "{name}"),
        }
    }
}

#[test]
fn a_type_is_kept_if_and_only_if_its_blocks_can_be_read() {
    for (name, kind, halves, columns) in TYPES {
        let bytes = blocks(kind, halves, ROWS * columns, |_| 0);
        let matrix = PackedMatrix::from_ggml(name, ROWS, columns, &bytes).unwrap();
        assert_eq!(Some(matrix.kind()), PackedKind::keeping(name), "{name}");
    }
    for other in ["F32", "F16", "BF16", "Q8_1", "Q2_K", "Q3_K", "Q8_K", "Q4K", ""] {
        assert_eq!(PackedKind::keeping(other), None);
        assert!(PackedMatrix::from_ggml(other, 0, 0, &[]).is_none());
    }
}

#[test]
fn bytes_of_a_wrong_length_are_no_matrix() {
    for (name, kind, halves, columns) in TYPES {
        let (bytes, width) = (blocks(kind, halves, ROWS * columns, |_| 0), kind.block_size());
        let longer = [&bytes[..], &bytes[..1]].concat();
        let read = |rows, columns, bytes| PackedMatrix::from_ggml(name, rows, columns, bytes);
        assert!(read(ROWS + 1, columns, &bytes).is_none());
        assert!(read(ROWS, columns - width, &bytes).is_none());
        assert!(read(ROWS, columns + 1, &bytes).is_none());
        assert!(read(ROWS, columns, &bytes[1..]).is_none());
        assert!(read(ROWS, columns, &longer).is_none());
        assert!(read(usize::MAX, usize::MAX & !255, &bytes).is_none());
    }
    // Rows of half a block, as many as whole blocks have.
    let bytes = blocks(GgmlDType::Q4K, &[0, 2], 512, |_| 0);
    assert!(PackedMatrix::from_ggml("Q4_K", 4, 128, &bytes).is_none());
}

#[test]
fn a_scale_that_is_too_large_or_no_number_is_no_matrix() {
    // The largest number by which a scale is multiplied, and where to say so in its block.
    for (name, kind, most, at) in [
        ("Q4_0", GgmlDType::Q4_0, 8.0, None),
        ("Q5_0", GgmlDType::Q5_0, 16.0, None),
        ("Q4_K", GgmlDType::Q4K, 63.0, Some((4, 63))),
        ("Q5_K", GgmlDType::Q5K, 63.0, Some((4, 63))),
        ("Q6_K", GgmlDType::Q6K, 128.0, Some((192, 0x80))),
    ] {
        let at_scale = if name == "Q6_K" { 208 } else { 0 };
        let read = |scale: f32| {
            let mut block = vec![0; kind.type_size()];
            block[at_scale..at_scale + 2].copy_from_slice(&half::from_f32(scale).to_le_bytes());
            if let Some((at, integer)) = at {
                block[at] = integer;
            }
            PackedMatrix::from_ggml(name, 1, kind.block_size(), &block)
        };
        assert!(read(65_536.0 / most - 8.0).is_some(), "{name}");
        for bad in [65_536.0 / most + 8.0, f32::INFINITY, f32::NEG_INFINITY, f32::NAN] {
            assert!(read(bad).is_none(), "{name}: {bad}");
        }
    }
}

#[test]
fn a_minimum_that_is_too_large_or_no_number_is_no_matrix() {
    for (name, kind) in [("Q4_K", GgmlDType::Q4K), ("Q5_K", GgmlDType::Q5K)] {
        let read = |minimum: f32| {
            let mut block = vec![0; kind.type_size()];
            block[2..4].copy_from_slice(&half::from_f32(minimum).to_le_bytes());
            block[8] = 63;
            PackedMatrix::from_ggml(name, 1, 256, &block)
        };
        assert!(read(1000.0).is_some());
        for bad in [1050.0, f32::INFINITY, f32::NAN] {
            assert!(read(bad).is_none(), "{name}: {bad}");
        }
    }
}

#[test]
fn numbers_are_quantised_as_ggml_does() {
    let mut values = [0.0; 64];
    values[..4].copy_from_slice(&[127.0, -127.0, 0.5, -1.5]);
    values[32] = -1.0;
    let matrix = PackedMatrix::from_f32(1, 64, &values);
    let mut out = [0.0; 64];
    matrix.row(0, &mut out);
    assert_eq!(out[..5], [127.0, -127.0, 1.0, -2.0, 0.0]);
    assert_eq!(out[32], half::to_f32(half::from_f32(1.0 / 127.0)) * -127.0);
}
