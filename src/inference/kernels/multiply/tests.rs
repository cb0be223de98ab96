use proptest::prelude::*;

use super::{
    super::packed::tests::{noise, random},
    *,
};

fn quantized(x: &[f32], columns: usize) -> Activations {
    let mut activations = Activations::new();
    activations.quantize(Level::detect(), &Pool::new(1), x, columns);
    activations
}

fn numbers(count: usize, seed: u64) -> Vec<f32> {
    noise(seed).take(count).map(|n| (n % 2001) as f32 / 100.0 - 10.0).collect()
}

fn product(level: Level, x: &Activations, matrix: &PackedMatrix) -> Vec<u32> {
    let mut out = vec![0.0; x.rows() * matrix.rows()];
    multiply(level, &Pool::new(2), x, [matrix], [&mut out]);
    out.into_iter().map(f32::to_bits).collect()
}

fn kind() -> impl Strategy<Value = PackedKind> {
    prop::sample::select(&PackedKind::ALL[..])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_level_gives_the_same_bits(
        kind in kind(), rows in 1usize..70, columns in 1usize..200, count in 1usize..=40,
        seed: u32,
    ) {
        let matrix = random(kind, rows, columns, seed.into());
        let x = quantized(&numbers(count * columns, seed.into()), columns);
        let plain = product(Level::Scalar, &x, &matrix);
        for level in Level::available() {
            prop_assert_eq!(&product(level, &x, &matrix), &plain, "{:?}", level);
        }
    }

    #[test]
    fn a_row_does_not_depend_on_the_rows_beside_it(
        kind in kind(), rows in 1usize..70, columns in 1usize..200, count in 1usize..=40,
    ) {
        let matrix = random(kind, rows, columns, 1);
        let x = numbers(count * columns, 2);
        for level in Level::available() {
            let together = product(level, &quantized(&x, columns), &matrix);
            for (x, together) in x.chunks(columns).zip(together.chunks(rows)) {
                prop_assert_eq!(product(level, &quantized(x, columns), &matrix), together);
            }
        }
    }
}

#[test]
fn some_rows_are_those_of_the_whole_product() {
    for kind in PackedKind::ALL {
        let matrix = random(kind, 70, 100, 5);
        for count in [1, 3, 20] {
            let x = quantized(&numbers(count * 100, 6), 100);
            for level in Level::available() {
                let whole = product(level, &x, &matrix);
                for rows in [vec![], vec![69], vec![0, 1, 17, 18, 64], vec![40, 3, 40]] {
                    let mut some = vec![0.0; count * rows.len()];
                    multiply_rows(level, &x, &matrix, &rows, &mut some);
                    let expected = whole
                        .chunks(70)
                        .flat_map(|whole| rows.iter().map(|row| whole[*row as usize]));
                    assert!(some.iter().map(|x| x.to_bits()).eq(expected));
                }
            }
        }
    }
}

#[test]
fn matrices_multiplied_together_give_what_each_gives_alone() {
    let matrices =
        [(PackedKind::Q4, 700), (PackedKind::Q8, 3), (PackedKind::Q6, 257), (PackedKind::Q5, 90)]
            .map(|(kind, rows)| random(kind, rows, 576, 9));
    for count in [1, 20] {
        let x = quantized(&numbers(count * 576, 4), 576);
        let mut outs = matrices.each_ref().map(|matrix| vec![0.0; count * matrix.rows()]);
        let level = Level::detect();
        multiply(
            level,
            &Pool::new(2),
            &x,
            matrices.each_ref(),
            outs.each_mut().map(|out| &mut **out),
        );
        for (matrix, out) in matrices.iter().zip(outs) {
            let out: Vec<u32> = out.into_iter().map(f32::to_bits).collect();
            assert_eq!(out, product(level, &x, matrix));
        }
    }
}

#[test]
fn the_largest_codes_do_not_overflow() {
    for (kind, code, of_one) in [
        (PackedKind::Q8, 0, -128.0),
        (PackedKind::Q8, 255, 127.0),
        (PackedKind::Q6, 0, -32.0),
        (PackedKind::Q6, 255, 31.0),
        (PackedKind::Q5, 255, 32.0),
        (PackedKind::Q4, 255, 16.0),
    ] {
        let bytes = [vec![code; 2 * kind.code_bytes()], [0, 0x3c].repeat(kind.scale_bytes())];
        let matrix = PackedMatrix::from_bytes(kind, 16, 64, bytes.concat().into()).unwrap();
        for sign in [1.0, -1.0] {
            let x = quantized(&[sign; 64], 64);
            let expected = sign * of_one * 64.0;
            for level in Level::available() {
                for bits in product(level, &x, &matrix) {
                    let found = f32::from_bits(bits);
                    assert!((found - expected).abs() < 0.01, "{kind:?} {level:?}: {found}");
                }
            }
        }
    }
}

#[test]
fn what_is_not_finite_shows_in_its_row_only() {
    for kind in PackedKind::ALL {
        let matrix = random(kind, 20, 64, 1);
        for bad in [f32::NAN, f32::INFINITY] {
            let mut x = numbers(3 * 64, 1);
            x[70] = bad;
            for level in Level::available() {
                let bits = product(level, &quantized(&x, 64), &matrix);
                let rows = bits.chunks(20);
                let numbers = rows.map(|row| row.iter().map(|x| f32::from_bits(*x)));
                let is_nan: Vec<[bool; 2]> = numbers
                    .map(|mut row| [row.clone().any(f32::is_nan), row.all(f32::is_nan)])
                    .collect();
                assert_eq!(is_nan, [[false; 2], [true; 2], [false; 2]], "{kind:?} {level:?}");
            }
        }
    }
}

#[test]
fn a_scale_that_is_not_finite_shows_in_its_row_of_the_matrix_only() {
    for kind in PackedKind::ALL {
        let matrix = random(kind, 20, 64, 1);
        let mut bytes = matrix.bytes().to_vec();
        // The last scale or minimum of row 3 in the first block.
        let at = 2 * kind.code_bytes() + kind.scale_bytes() - 32 + 2 * 3;
        bytes[at..at + 2].copy_from_slice(&0x7e00u16.to_le_bytes());
        let matrix = PackedMatrix::from_bytes(kind, 20, 64, bytes.into()).unwrap();
        for level in Level::available() {
            let bits = product(level, &quantized(&numbers(64, 1), 64), &matrix);
            let nans = (0..20).filter(|row| f32::from_bits(bits[*row]).is_nan());
            assert_eq!(nans.collect::<Vec<_>>(), [3], "{kind:?} {level:?}");
        }
    }
}

#[test]
fn no_rows_have_no_products() {
    let matrix = random(PackedKind::Q8, 20, 64, 1);
    assert!(product(Level::detect(), &quantized(&[], 64), &matrix).is_empty());
}
