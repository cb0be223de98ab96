//! The gate of the feed-forward part.

use candle_core::{CpuStorage, CustomOp2, Layout, Result, Shape, Tensor};

use super::{
    Arithmetic,
    slices::{result, slice, tensor, with_slices},
};
use crate::inference::kernels::{self, Level, Pool, swiglu_gradient};

/// `silu(gate) * up`.
pub fn swiglu(arithmetic: Arithmetic, gate: &Tensor, up: &Tensor) -> Result<Tensor> {
    match arithmetic {
        Arithmetic::Packed if gate.device().is_cpu() => gate.apply_op2(up, SwigluOp),
        _ => gate.silu()? * up,
    }
}

struct SwigluOp;

impl CustomOp2 for SwigluOp {
    fn name(&self) -> &'static str {
        "swiglu"
    }

    fn cpu_fwd(
        &self,
        gate: &CpuStorage,
        gate_layout: &Layout,
        up: &CpuStorage,
        up_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let mut out = slice(gate, gate_layout)?.to_vec();
        kernels::swiglu(Level::detect(), &Pool::new(1), &mut out, slice(up, up_layout)?);
        Ok(result(out, gate_layout.shape()))
    }

    fn bwd(
        &self,
        gate: &Tensor,
        up: &Tensor,
        _: &Tensor,
        gradient: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>)> {
        let gradient = gradient.contiguous()?;
        let (of_gate, of_up) = with_slices([gate, up, &gradient], |[gate, up, gradient]| {
            let (mut of_gate, mut of_up) = (vec![0.0; gate.len()], vec![0.0; gate.len()]);
            let level = Level::detect();
            swiglu_gradient(level, gate, up, gradient, &mut of_gate, &mut of_up);
            (of_gate, of_up)
        })?;
        Ok((Some(tensor(of_gate, gate.shape())?), Some(tensor(of_up, up.shape())?)))
    }
}
