//! NEON: four registers hold the sixteen lanes.
#![expect(unsafe_code, reason = "calls instructions that not every machine has")]

use std::arch::aarch64::{
    float32x4_t, vaddq_f32, vaddq_u32, vbslq_f32, vcgtq_f32, vcltq_f32, vcltq_u32, vcvtq_f32_s32,
    vdivq_f32, vdupq_n_f32, vdupq_n_u32, vfmaq_f32, vget_high_s16, vget_low_s16, vld1_s8,
    vld1q_f32, vld1q_u32, vmovl_s8, vmovl_s16, vmulq_f32, vreinterpretq_f32_s32,
    vreinterpretq_s32_f32, vrev64q_f32, vshlq_n_s32, vst1q_f32, vsubq_f32,
};

use super::{Kernel, LANES, ROUND, Simd};

/// A machine that is known to have NEON.
#[derive(Clone, Copy)]
pub(in super::super) struct Neon(());

impl Neon {
    /// `None` if this machine lacks it.
    #[inline]
    pub(super) fn new() -> Option<Self> {
        std::arch::is_aarch64_feature_detected!("neon").then_some(Self(()))
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
#[target_feature(enable = "neon")]
fn run<K: Kernel>(simd: Neon, kernel: K) {
    kernel.run(simd);
}

macro_rules! instructions {
    ($body:expr) => {
        // SAFETY: there is a `Neon` only where `new` has found these instructions, and
        // pointers come from references to all that is read or written.
        unsafe { $body }
    };
}

/// All four registers of one operation.
macro_rules! each {
    (|$quarter:ident| $body:expr) => {
        instructions!([
            {
                let $quarter = 0;
                $body
            },
            {
                let $quarter = 1;
                $body
            },
            {
                let $quarter = 2;
                $body
            },
            {
                let $quarter = 3;
                $body
            }
        ])
    };
}

impl Simd for Neon {
    type F32s = [float32x4_t; 4];
    const ROOMY: bool = false;

    #[inline(always)]
    fn splat(self, x: f32) -> Self::F32s {
        instructions!([vdupq_n_f32(x); 4])
    }

    #[inline(always)]
    fn splat_halves(self, low: f32, high: f32) -> Self::F32s {
        instructions!({
            let (low, high) = (vdupq_n_f32(low), vdupq_n_f32(high));
            [low, low, high, high]
        })
    }

    #[inline(always)]
    fn load(self, from: &[f32; LANES]) -> Self::F32s {
        each!(|quarter| vld1q_f32(from.as_ptr().add(4 * quarter)))
    }

    #[inline(always)]
    fn load_codes(self, from: &[i8; LANES]) -> Self::F32s {
        instructions!({
            let low = vmovl_s8(vld1_s8(from.as_ptr()));
            let high = vmovl_s8(vld1_s8(from.as_ptr().add(8)));
            [vget_low_s16(low), vget_high_s16(low), vget_low_s16(high), vget_high_s16(high)]
                .map(|codes| vcvtq_f32_s32(vmovl_s16(codes)))
        })
    }

    #[inline(always)]
    fn store(self, x: Self::F32s, to: &mut [f32; LANES]) {
        each!(|quarter| vst1q_f32(to.as_mut_ptr().add(4 * quarter), x[quarter]));
    }

    #[inline(always)]
    fn add(self, a: Self::F32s, b: Self::F32s) -> Self::F32s {
        each!(|quarter| vaddq_f32(a[quarter], b[quarter]))
    }

    #[inline(always)]
    fn sub(self, a: Self::F32s, b: Self::F32s) -> Self::F32s {
        each!(|quarter| vsubq_f32(a[quarter], b[quarter]))
    }

    #[inline(always)]
    fn mul(self, a: Self::F32s, b: Self::F32s) -> Self::F32s {
        each!(|quarter| vmulq_f32(a[quarter], b[quarter]))
    }

    #[inline(always)]
    fn div(self, a: Self::F32s, b: Self::F32s) -> Self::F32s {
        each!(|quarter| vdivq_f32(a[quarter], b[quarter]))
    }

    #[inline(always)]
    fn mul_add(self, a: Self::F32s, b: Self::F32s, c: Self::F32s) -> Self::F32s {
        each!(|quarter| vfmaq_f32(c[quarter], a[quarter], b[quarter]))
    }

    /// By a comparison: `fmax` would give NaN where one of the two is.
    #[inline(always)]
    fn max(self, a: Self::F32s, b: Self::F32s) -> Self::F32s {
        each!(|quarter| vbslq_f32(vcgtq_f32(a[quarter], b[quarter]), a[quarter], b[quarter]))
    }

    #[inline(always)]
    fn min(self, a: Self::F32s, b: Self::F32s) -> Self::F32s {
        each!(|quarter| vbslq_f32(vcltq_f32(a[quarter], b[quarter]), a[quarter], b[quarter]))
    }

    #[inline(always)]
    fn swap_pairs(self, x: Self::F32s) -> Self::F32s {
        each!(|quarter| vrev64q_f32(x[quarter]))
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
        let count = count.min(LANES) as u32;
        each!(|quarter| {
            let lanes = vld1q_u32([0, 1, 2, 3].as_ptr());
            let lanes = vaddq_u32(lanes, vdupq_n_u32(4 * quarter as u32));
            vbslq_f32(vcltq_u32(lanes, vdupq_n_u32(count)), x[quarter], other[quarter])
        })
    }
}

/// 2^n for a whole `n` between -126 and 127: the biased exponent is shifted to its place.
#[inline(always)]
fn power_of_two(simd: Neon, n: [float32x4_t; 4]) -> [float32x4_t; 4] {
    let biased = simd.add(n, simd.splat(ROUND + 127.0));
    each!(|quarter| vreinterpretq_f32_s32(vshlq_n_s32::<23>(vreinterpretq_s32_f32(
        biased[quarter]
    ))))
}
