//! How a sound looks to the model: the energy of 80 bands, a hundred times a second.

use std::f64::consts::PI;

use candle_core::{D, DType, Device, Result, Tensor};

/// How many bands there are.
pub(super) const BANDS: usize = 80;
/// How many samples of sound one column is made from, 25 ms.
const WINDOW: usize = 400;
/// How many samples lie between columns, 10 ms.
pub(super) const HOP: usize = 160;
/// Frequencies of which a window tells the energy, 40 Hz apart.
const FREQUENCIES: usize = WINDOW / 2 + 1;

/// Makes columns of band energies from sound of 16 kHz.
#[derive(Debug)]
pub(super) struct Mel {
    /// `[WINDOW, 2 * FREQUENCIES]`: windowed cosines, then sines.
    waves: Tensor,
    /// `[FREQUENCIES, BANDS]`
    bands: Tensor,
}

impl Mel {
    pub(super) fn new() -> Result<Self> {
        let bands = Tensor::from_vec(band_weights(), (BANDS, FREQUENCIES), &Device::Cpu)?;
        Ok(Self {
            waves: Tensor::from_vec(waves(), (WINDOW, 2 * FREQUENCIES), &Device::Cpu)?,
            bands: bands.t()?.contiguous()?,
        })
    }

    /// The columns of a sound, `[1, BANDS, columns]`; silence follows it until there are so many.
    ///
    /// What is more than `columns` is not looked at.
    pub(super) fn columns(&self, pcm: &[f32], columns: usize) -> Result<Tensor> {
        let windows = Tensor::from_vec(windows(pcm, columns), (columns, WINDOW), &Device::Cpu)?;
        let spectrum = windows.matmul(&self.waves)?.sqr()?;
        let energy = (spectrum.narrow(D::Minus1, 0, FREQUENCIES)?
            + spectrum.narrow(D::Minus1, FREQUENCIES, FREQUENCIES)?)?;
        let energy = energy.to_dtype(DType::F32)?.matmul(&self.bands)?.t()?.contiguous()?;
        let log = (energy.maximum(1e-10)?.log()? / std::f64::consts::LN_10)?;
        // 80 dB below the loudest is nothing.
        let floor = f64::from(log.max_all()?.to_scalar::<f32>()?) - 8.0;
        ((log.maximum(floor)? + 4.0)? / 4.0)?.unsqueeze(0)
    }
}

/// Pieces of the sound, one behind another; each column looks at as much before it as behind.
fn windows(pcm: &[f32], columns: usize) -> Vec<f64> {
    let before = WINDOW / 2;
    // The sound begins with its own mirror image.
    let sample = |place: usize| pcm.get(place.abs_diff(before)).map_or(0.0, |x| f64::from(*x));
    (0..columns).flat_map(|column| (column * HOP..column * HOP + WINDOW).map(sample)).collect()
}

/// Cosines and sines of each frequency under a Hann window, by sample.
///
/// In double precision: next to a loud frequency, single precision would put noise into quiet ones.
fn waves() -> Vec<f64> {
    let mut waves = Vec::with_capacity(WINDOW * 2 * FREQUENCIES);
    for sample in 0..WINDOW {
        let turn = |times: usize| 2.0 * PI * ((sample * times) % WINDOW) as f64 / WINDOW as f64;
        let hann = 0.5 - 0.5 * turn(1).cos();
        waves.extend((0..FREQUENCIES).map(|frequency| hann * turn(frequency).cos()));
        waves.extend((0..FREQUENCIES).map(|frequency| hann * turn(frequency).sin()));
    }
    waves
}

/// How much of each frequency belongs to each band, by band: triangles of the same area on the mel
/// scale of Slaney.
fn band_weights() -> Vec<f32> {
    let highest = to_mel(8000.0);
    let edges: Vec<f64> =
        (0..BANDS + 2).map(|edge| to_hertz(highest * edge as f64 / (BANDS + 1) as f64)).collect();
    let step = 16_000.0 / WINDOW as f64;
    edges
        .windows(3)
        .flat_map(|edges| {
            let (low, middle, high) = (edges[0], edges[1], edges[2]);
            (0..FREQUENCIES).map(move |frequency| {
                let hertz = frequency as f64 * step;
                let (rise, fall) =
                    ((hertz - low) / (middle - low), (high - hertz) / (high - middle));
                (rise.min(fall).max(0.0) * 2.0 / (high - low)) as f32
            })
        })
        .collect()
}

/// Below this the mel scale is straight, in hertz; above it is logarithmic.
const STRAIGHT: f64 = 1000.0;
const HERTZ_PER_MEL: f64 = 200.0 / 3.0;

fn log_step() -> f64 {
    6.4_f64.ln() / 27.0
}

fn to_mel(hertz: f64) -> f64 {
    if hertz < STRAIGHT {
        hertz / HERTZ_PER_MEL
    } else {
        STRAIGHT / HERTZ_PER_MEL + (hertz / STRAIGHT).ln() / log_step()
    }
}

fn to_hertz(mel: f64) -> f64 {
    let straight = STRAIGHT / HERTZ_PER_MEL;
    if mel < straight {
        mel * HERTZ_PER_MEL
    } else {
        STRAIGHT * (log_step() * (mel - straight)).exp()
    }
}

#[cfg(test)]
mod tests;
