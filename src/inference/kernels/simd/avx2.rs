//! AVX2 with FMA: two registers hold the sixteen lanes.
#![expect(unsafe_code, reason = "calls instructions that not every machine has")]

use std::arch::x86_64::{
    __m256, _mm_loadl_epi64, _mm256_add_epi32, _mm256_add_ps, _mm256_blendv_ps,
    _mm256_castps_si256, _mm256_castsi256_ps, _mm256_cmpgt_epi32, _mm256_cvtepi8_epi32,
    _mm256_cvtepi32_ps, _mm256_div_ps, _mm256_fmadd_ps, _mm256_loadu_ps, _mm256_max_ps,
    _mm256_min_ps, _mm256_mul_ps, _mm256_permute_ps, _mm256_set1_epi32, _mm256_set1_ps,
    _mm256_setr_epi32, _mm256_slli_epi32, _mm256_storeu_ps, _mm256_sub_ps,
};

use super::{Kernel, LANES, ROUND, Simd};

/// A machine that is known to have AVX2 and FMA.
#[derive(Clone, Copy)]
pub(in super::super) struct Avx2(());

impl Avx2 {
    /// `None` if this machine lacks them.
    #[inline]
    pub(super) fn new() -> Option<Self> {
        let found = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
        found.then_some(Self(()))
    }

    /// Runs a kernel that is compiled for them.
    #[inline]
    pub(super) fn run<K: Kernel>(self, kernel: K) {
        // SAFETY: `new` has found all that `run` needs.
        unsafe { run(self, kernel) }
    }
}

/// # Safety
/// The machine must have these instructions.
#[target_feature(enable = "avx2,fma")]
fn run<K: Kernel>(simd: Avx2, kernel: K) {
    kernel.run(simd);
}

macro_rules! instructions {
    ($body:expr) => {
        // SAFETY: there is an `Avx2` only where `new` has found these instructions, and
        // pointers come from references to all that is read or written.
        unsafe { $body }
    };
}

/// Both registers of one operation.
macro_rules! both {
    (|$half:ident| $body:expr) => {
        instructions!([
            {
                let $half = 0;
                $body
            },
            {
                let $half = 1;
                $body
            }
        ])
    };
}

impl Simd for Avx2 {
    type F32s = [__m256; 2];
    const ROOMY: bool = false;

    #[inline(always)]
    fn splat(self, x: f32) -> Self::F32s {
        instructions!([_mm256_set1_ps(x); 2])
    }

    #[inline(always)]
    fn splat_halves(self, low: f32, high: f32) -> Self::F32s {
        instructions!([_mm256_set1_ps(low), _mm256_set1_ps(high)])
    }

    #[inline(always)]
    fn load(self, from: &[f32; LANES]) -> Self::F32s {
        both!(|half| _mm256_loadu_ps(from.as_ptr().add(8 * half)))
    }

    #[inline(always)]
    fn load_codes(self, from: &[i8; LANES]) -> Self::F32s {
        both!(|half| {
            let codes = _mm_loadl_epi64(from.as_ptr().add(8 * half).cast());
            _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(codes))
        })
    }

    #[inline(always)]
    fn store(self, x: Self::F32s, to: &mut [f32; LANES]) {
        both!(|half| _mm256_storeu_ps(to.as_mut_ptr().add(8 * half), x[half]));
    }

    #[inline(always)]
    fn add(self, a: Self::F32s, b: Self::F32s) -> Self::F32s {
        both!(|half| _mm256_add_ps(a[half], b[half]))
    }

    #[inline(always)]
    fn sub(self, a: Self::F32s, b: Self::F32s) -> Self::F32s {
        both!(|half| _mm256_sub_ps(a[half], b[half]))
    }

    #[inline(always)]
    fn mul(self, a: Self::F32s, b: Self::F32s) -> Self::F32s {
        both!(|half| _mm256_mul_ps(a[half], b[half]))
    }

    #[inline(always)]
    fn div(self, a: Self::F32s, b: Self::F32s) -> Self::F32s {
        both!(|half| _mm256_div_ps(a[half], b[half]))
    }

    #[inline(always)]
    fn mul_add(self, a: Self::F32s, b: Self::F32s, c: Self::F32s) -> Self::F32s {
        both!(|half| _mm256_fmadd_ps(a[half], b[half], c[half]))
    }

    #[inline(always)]
    fn max(self, a: Self::F32s, b: Self::F32s) -> Self::F32s {
        both!(|half| _mm256_max_ps(a[half], b[half]))
    }

    #[inline(always)]
    fn min(self, a: Self::F32s, b: Self::F32s) -> Self::F32s {
        both!(|half| _mm256_min_ps(a[half], b[half]))
    }

    #[inline(always)]
    fn swap_pairs(self, x: Self::F32s) -> Self::F32s {
        both!(|half| _mm256_permute_ps::<0b10_11_00_01>(x[half]))
    }

    /// In two steps, neither of which is too great for an exponent; the first is exact.
    #[inline(always)]
    fn scale(self, x: Self::F32s, n: Self::F32s) -> Self::F32s {
        let round = self.splat(ROUND);
        let first = self.sub(self.mul_add(n, self.splat(0.5), round), round);
        let rest = self.sub(n, first);
        self.mul(self.mul(x, power_of_two(self, first)), power_of_two(self, rest))
    }

    #[inline(always)]
    fn first(self, count: usize, x: Self::F32s, other: Self::F32s) -> Self::F32s {
        let count = count.min(LANES) as i32;
        both!(|half| {
            let lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
            let lanes = _mm256_add_epi32(lanes, _mm256_set1_epi32(8 * half as i32));
            let mask = _mm256_cmpgt_epi32(_mm256_set1_epi32(count), lanes);
            _mm256_blendv_ps(other[half], x[half], _mm256_castsi256_ps(mask))
        })
    }
}

/// 2^n for a whole `n` between -126 and 127: the biased exponent is shifted to its place.
#[inline(always)]
fn power_of_two(simd: Avx2, n: [__m256; 2]) -> [__m256; 2] {
    let biased = simd.add(n, simd.splat(ROUND + 127.0));
    both!(|half| {
        _mm256_castsi256_ps(_mm256_slli_epi32::<23>(_mm256_castps_si256(biased[half])))
    })
}
