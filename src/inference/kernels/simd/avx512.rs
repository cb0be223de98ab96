//! AVX-512: one register holds all sixteen lanes.
#![expect(unsafe_code, reason = "calls instructions that not every machine has")]

use std::arch::x86_64::{
    __m512, _mm_loadu_si128, _mm512_add_ps, _mm512_cvtepi8_epi32, _mm512_cvtepi32_ps,
    _mm512_div_ps, _mm512_fmadd_ps, _mm512_loadu_ps, _mm512_mask_blend_ps, _mm512_max_ps,
    _mm512_min_ps, _mm512_mul_ps, _mm512_permute_ps, _mm512_scalef_ps, _mm512_set1_ps,
    _mm512_storeu_ps, _mm512_sub_ps,
};

use super::{Kernel, LANES, Simd};

/// A machine that is known to have AVX-512.
#[derive(Clone, Copy)]
pub(in super::super) struct Avx512(());

impl Avx512 {
    /// `None` if this machine lacks it.
    #[inline]
    pub(super) fn new() -> Option<Self> {
        let found = is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("fma");
        found.then_some(Self(()))
    }

    /// Runs a kernel that is compiled for it.
    #[inline]
    pub(super) fn run<K: Kernel>(self, kernel: K) {
        // SAFETY: `new` has found all that `run` needs.
        unsafe { run(self, kernel) }
    }
}

/// # Safety
/// The machine must have these instructions.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx2,fma")]
fn run<K: Kernel>(simd: Avx512, kernel: K) {
    kernel.run(simd);
}

macro_rules! instructions {
    ($body:expr) => {
        // SAFETY: there is an `Avx512` only where `new` has found these instructions, and
        // pointers come from references to all that is read or written.
        unsafe { $body }
    };
}

impl Simd for Avx512 {
    type F32s = __m512;
    const ROOMY: bool = true;

    #[inline(always)]
    fn splat(self, x: f32) -> __m512 {
        instructions!(_mm512_set1_ps(x))
    }

    #[inline(always)]
    fn splat_halves(self, low: f32, high: f32) -> __m512 {
        instructions!(_mm512_mask_blend_ps(0xFF00, _mm512_set1_ps(low), _mm512_set1_ps(high)))
    }

    #[inline(always)]
    fn load(self, from: &[f32; LANES]) -> __m512 {
        instructions!(_mm512_loadu_ps(from.as_ptr()))
    }

    #[inline(always)]
    fn load_codes(self, from: &[i8; LANES]) -> __m512 {
        instructions!({
            let codes = _mm_loadu_si128(from.as_ptr().cast());
            _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(codes))
        })
    }

    #[inline(always)]
    fn store(self, x: __m512, to: &mut [f32; LANES]) {
        instructions!(_mm512_storeu_ps(to.as_mut_ptr(), x));
    }

    #[inline(always)]
    fn add(self, a: __m512, b: __m512) -> __m512 {
        instructions!(_mm512_add_ps(a, b))
    }

    #[inline(always)]
    fn sub(self, a: __m512, b: __m512) -> __m512 {
        instructions!(_mm512_sub_ps(a, b))
    }

    #[inline(always)]
    fn mul(self, a: __m512, b: __m512) -> __m512 {
        instructions!(_mm512_mul_ps(a, b))
    }

    #[inline(always)]
    fn div(self, a: __m512, b: __m512) -> __m512 {
        instructions!(_mm512_div_ps(a, b))
    }

    #[inline(always)]
    fn mul_add(self, a: __m512, b: __m512, c: __m512) -> __m512 {
        instructions!(_mm512_fmadd_ps(a, b, c))
    }

    #[inline(always)]
    fn max(self, a: __m512, b: __m512) -> __m512 {
        instructions!(_mm512_max_ps(a, b))
    }

    #[inline(always)]
    fn min(self, a: __m512, b: __m512) -> __m512 {
        instructions!(_mm512_min_ps(a, b))
    }

    #[inline(always)]
    fn swap_pairs(self, x: __m512) -> __m512 {
        instructions!(_mm512_permute_ps::<0b10_11_00_01>(x))
    }

    #[inline(always)]
    fn scale(self, x: __m512, n: __m512) -> __m512 {
        instructions!(_mm512_scalef_ps(x, n))
    }

    #[inline(always)]
    fn first(self, count: usize, x: __m512, other: __m512) -> __m512 {
        let mask = ((1_u32 << count.min(LANES)) - 1) as u16;
        instructions!(_mm512_mask_blend_ps(mask, other, x))
    }
}
