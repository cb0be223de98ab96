use proptest::prelude::*;

use super::{
    super::super::{
        super::{
            activations::Activations,
            level::Level,
            packed::tests::{noise, random},
            pool::Pool,
        },
        scalar,
    },
    *,
};

/// The same kernels in the encoding of AVX-512.
mod avx512 {
    use super::super::*;

    with_dpbusd!("avx2,fma,f16c,avx512vl,avx512vnni", _mm256_dpbusd_epi32);
}

/// The products by the kernels, in an encoding that this machine has.
fn products(kind: PackedKind, group: Group<'_>, tile: Tile<'_>) -> Option<Products> {
    let mut products = Products::default();
    let has = |level| Level::available().any(|available| available == level);
    if has(Level::Avx2Vnni) {
        // SAFETY: the machine has the instructions of this level.
        unsafe { multiply(kind, group, tile, &mut products) };
    } else if has(Level::Avx512) {
        // SAFETY: the machine has AVX-512 VL and VNNI, and AVX2 with FMA and F16C.
        unsafe { avx512::multiply(kind, group, tile, &mut products) };
    } else {
        return None;
    }
    Some(products)
}

proptest! {
    #[test]
    fn either_encoding_gives_the_bits_of_plain_rust(
        kind in prop::sample::select(&PackedKind::ALL[..]),
        columns in 1usize..200, count in 1usize..=20, seed: u32,
    ) {
        let matrix = random(kind, 16, columns, seed.into());
        let x = noise(seed.into()).map(|n| (n % 2001) as f32 / 100.0 - 10.0);
        let x: Vec<f32> = x.take(count * columns).collect();
        let mut activations = Activations::new();
        activations.quantize(Level::detect(), &Pool::new(1), &x, columns);
        for tile in activations.tiles() {
            let mut plain = Products::default();
            scalar::multiply(kind, matrix.group(0), tile, &mut plain);
            if let Some(products) = products(kind, matrix.group(0), tile) {
                let bits = |products: Products| products.map(|row| row.map(f32::to_bits));
                prop_assert_eq!(bits(products), bits(plain));
            }
        }
    }
}
