//! Products in plain Rust, which the others are tested against.

use super::{
    super::{
        activations::Tile,
        packed::{BLOCK, GROUP, Group, PAIRS, PackedKind, to_f32},
    },
    Products,
};

/// The codes of a block by column, those of 8 bits without the 128 and those of 6 without the 32.
type Columns = [[i16; GROUP]; BLOCK];
/// The columns of half a block.
const SIDE: usize = BLOCK / 2;

/// The products of a group and a tile.
pub(super) fn multiply(
    kind: PackedKind,
    group: Group<'_>,
    tile: Tile<'_>,
    products: &mut Products,
) {
    products[..tile.rows].fill([0.0; GROUP]);
    let codes = group.codes.chunks_exact(kind.code_bytes());
    let scales = group.scales.chunks_exact(kind.scale_bytes());
    let rows = tile.codes.chunks_exact(tile.rows).zip(tile.factors.chunks_exact(tile.rows));
    for ((codes, scales), (xs, factors)) in codes.zip(scales).zip(rows) {
        let columns = columns(kind, codes);
        let (scales, more) = scales.split_at(GROUP * 2);
        let (scales, more) = (halves(scales), halves(more));
        for ((x, factors), sums) in xs.iter().zip(factors).zip(products.iter_mut()) {
            if kind == PackedKind::Q6 {
                let sides = columns.as_chunks::<SIDE>().0.iter().zip(x.as_chunks::<SIDE>().0);
                for ((columns, x), scales) in sides.zip([&scales, &more]) {
                    add_scaled(sums, &dots(columns, x), scales, factors.scale);
                }
                continue;
            }
            add_scaled(sums, &dots(&columns, x), &scales, factors.scale);
            if kind.has_minimums() {
                for (sum, minimum) in sums.iter_mut().zip(&more) {
                    *sum = minimum.mul_add(factors.scaled_sum, *sum);
                }
            }
        }
    }
}

/// Adds products of codes, scaled.
fn add_scaled(sums: &mut [f32; GROUP], dots: &[i32; GROUP], scales: &[f32; GROUP], of_x: f32) {
    for ((sum, dot), scale) in sums.iter_mut().zip(dots).zip(scales) {
        *sum = (scale * of_x).mul_add(*dot as f32, *sum);
    }
}

fn columns(kind: PackedKind, codes: &[u8]) -> Columns {
    let mut columns = [[0; GROUP]; BLOCK];
    if kind == PackedKind::Q8 {
        each_byte(codes, |column, lane, code| columns[column][lane] = i16::from(code) - 128);
        return columns;
    }
    let (pairs, planes) = codes.split_at(PAIRS);
    each_byte(pairs, |column, lane, pair| {
        columns[column][lane] = i16::from(pair & 15);
        columns[column + SIDE][lane] = i16::from(pair >> 4);
    });
    if kind == PackedKind::Q5 {
        each_byte(planes, |column, lane, bits| {
            for (run, column) in (column..BLOCK).step_by(4).enumerate() {
                columns[column][lane] |= i16::from((bits >> run) & 1) << 4;
            }
        });
    }
    if kind == PackedKind::Q6 {
        each_byte(planes, |column, lane, bits| {
            // The first plane is of columns 0-7 and 16-23, the second of the others.
            let first = column / 4 * 8 + column % 4;
            for (place, column) in
                [first, first + 4, first + 16, first + 20].into_iter().enumerate()
            {
                let high = i16::from((bits >> (2 * place)) & 3) << 4;
                columns[column][lane] = (columns[column][lane] | high) - 32;
            }
        });
    }
    columns
}

/// Bytes in runs of 4 columns: each with its column, counted on from run to run, and its row.
fn each_byte(bytes: &[u8], mut take: impl FnMut(usize, usize, u8)) {
    for (run, bytes) in bytes.chunks_exact(GROUP * 4).enumerate() {
        for (lane, bytes) in bytes.as_chunks::<4>().0.iter().enumerate() {
            for (i, &byte) in bytes.iter().enumerate() {
                take(run * 4 + i, lane, byte);
            }
        }
    }
}

fn halves(bytes: &[u8]) -> [f32; GROUP] {
    let mut values = [0.0; GROUP];
    for (value, bytes) in values.iter_mut().zip(bytes.as_chunks::<2>().0) {
        *value = to_f32(u16::from_le_bytes(*bytes));
    }
    values
}

/// For each row, the sum of the products of its codes and those of the activations.
fn dots<const N: usize>(columns: &[[i16; GROUP]; N], x: &[i8; N]) -> [i32; GROUP] {
    let mut dots = [0; GROUP];
    for (columns, x) in columns.as_chunks::<2>().0.iter().zip(x.as_chunks::<2>().0) {
        let x = x.map(i16::from);
        for (lane, dot) in dots.iter_mut().enumerate() {
            // At most 2 * 128 * 127, which fits.
            *dot += i32::from(columns[0][lane] * x[0] + columns[1][lane] * x[1]);
        }
    }
    dots
}

#[cfg(test)]
mod tests {
    use super::{
        super::super::{
            activations::Activations,
            level::Level,
            packed::tests::{noise, random},
            pool::Pool,
        },
        *,
    };

    /// The values of the activations as they were rounded, row-major with padded columns.
    fn rounded(x: &Activations) -> Vec<Vec<f64>> {
        let mut rows = vec![Vec::new(); x.rows()];
        for tile in x.tiles() {
            for (i, (codes, factors)) in tile.codes.iter().zip(tile.factors).enumerate() {
                let values = codes.map(|code| f64::from(code) * f64::from(factors.scale));
                rows[tile.first + i % tile.rows].extend(values);
            }
        }
        rows
    }

    #[test]
    fn products_are_those_of_the_rounded_numbers() {
        let (rows, columns) = (GROUP, 150);
        for kind in PackedKind::ALL {
            let matrix = random(kind, rows, columns, 3);
            let x = noise(5).map(|n| (n % 2001) as f32 / 1000.0 - 1.0);
            let x: Vec<f32> = x.take(5 * columns).collect();
            let mut activations = Activations::new();
            activations.quantize(Level::Scalar, &Pool::new(1), &x, columns);
            let mut products = Products::default();
            let tile = activations.tiles().next().unwrap();
            multiply(kind, matrix.group(0), tile, &mut products);
            let mut weights = vec![0.0; columns];
            for (x, products) in rounded(&activations).iter().zip(products) {
                for (row, product) in products.into_iter().enumerate() {
                    matrix.row(row, &mut weights);
                    let parts = weights.iter().zip(x).map(|(weight, x)| f64::from(*weight) * x);
                    let (sum, size) = parts.fold((0.0, 0.0), |(s, a), p| (s + p, a + p.abs()));
                    assert!((f64::from(product) - sum).abs() <= size * 1e-6, "{product} {sum}");
                }
            }
        }
    }
}
