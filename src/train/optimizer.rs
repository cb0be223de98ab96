//! `AdamW`: steps as large as the gradients are steady.

use candle_core::{Result, Tensor};

use super::model::Parameter;

/// How strongly the running means hold on to what was before. The second is lower than the usual
/// 0.999, which suits the few hundred steps of a small training.
const BETA: [f32; 2] = [0.9, 0.98];
const EPSILON: f32 = 1e-8;

/// The running means of a parameter's gradients and of their squares.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Moments {
    pub(super) mean: Vec<f32>,
    pub(super) square: Vec<f32>,
}

/// The state of the optimizer ("Decoupled Weight Decay Regularization": Loshchilov and Hutter, 2019,
/// arXiv:1711.05101).
#[derive(Debug, Clone, PartialEq)]
pub(super) struct AdamW {
    pub(super) moments: Vec<Moments>,
    /// Steps that were taken.
    pub(super) steps: usize,
}

impl AdamW {
    pub(super) fn new(parameters: &[Parameter]) -> Self {
        let moments = parameters.iter().map(|parameter| {
            let zeros = vec![0.0; parameter.var.elem_count()];
            Moments { mean: zeros.clone(), square: zeros }
        });
        Self { moments: moments.collect(), steps: 0 }
    }

    /// Moves the parameters against their gradients.
    pub(super) fn step(
        &mut self,
        parameters: &[Parameter],
        gradients: &[Vec<f32>],
        rate: f64,
        decay: f64,
    ) -> Result<()> {
        self.steps += 1;
        let steps = i32::try_from(self.steps).unwrap_or(i32::MAX);
        let unbiased = BETA.map(|beta| 1.0 / (1.0 - beta.powi(steps)));
        let shrink = (1.0 - rate * decay) as f32;
        for ((parameter, gradient), moments) in
            parameters.iter().zip(gradients).zip(&mut self.moments)
        {
            let mut values: Vec<f32> = parameter.values()?;
            let moments = moments.mean.iter_mut().zip(&mut moments.square);
            for ((value, gradient), (mean, square)) in values.iter_mut().zip(gradient).zip(moments)
            {
                *mean = BETA[0] * *mean + (1.0 - BETA[0]) * gradient;
                *square = BETA[1] * *square + (1.0 - BETA[1]) * gradient * gradient;
                let pace = *mean * unbiased[0] / ((*square * unbiased[1]).sqrt() + EPSILON);
                *value = *value * shrink - rate as f32 * pace;
            }
            let var = &parameter.var;
            var.set(&Tensor::from_vec(values, var.shape(), var.device())?)?;
        }
        Ok(())
    }
}

/// Shortens gradients that are longer than `most` together; gives their length before.
pub(super) fn clip(gradients: &mut [Vec<f32>], most: f64) -> f64 {
    let squares = gradients.iter().flatten().map(|x| f64::from(*x) * f64::from(*x));
    let length = squares.sum::<f64>().sqrt();
    if length > most {
        let factor = (most / length) as f32;
        gradients.iter_mut().flatten().for_each(|x| *x *= factor);
    }
    length
}

#[cfg(test)]
mod tests {
    use candle_core::{Device, Var};

    use super::*;
    use crate::inference::model::Target;

    #[test]
    fn it_finds_the_bottom_of_a_bowl() {
        let var = Var::from_vec(vec![5.0_f32, -3.0], 2, &Device::Cpu).unwrap();
        let parameters = [Parameter { layer: 0, target: Target::Query, var: var.clone() }];
        let mut adam = AdamW::new(&parameters);
        for _ in 0..400 {
            let values: Vec<f32> = var.to_vec1().unwrap();
            let gradient = values.iter().zip([1.0, 2.0]).map(|(x, goal)| x - goal).collect();
            adam.step(&parameters, &[gradient], 0.05, 0.0).unwrap();
        }
        let values: Vec<f32> = var.to_vec1().unwrap();
        assert!((values[0] - 1.0).abs() < 0.05 && (values[1] - 2.0).abs() < 0.05, "{values:?}");
    }

    #[test]
    fn the_first_step_is_as_long_as_the_rate() {
        let var = Var::from_vec(vec![1.0_f32], 1, &Device::Cpu).unwrap();
        let parameters = [Parameter { layer: 0, target: Target::Query, var: var.clone() }];
        AdamW::new(&parameters).step(&parameters, &[vec![1e-3]], 0.1, 0.5).unwrap();
        let value = var.to_vec1::<f32>().unwrap()[0];
        assert!((value - (1.0 - 0.05 - 0.1)).abs() < 1e-4, "{value}");
    }

    #[test]
    fn long_gradients_are_shortened_and_short_ones_left_alone() {
        let mut gradients = vec![vec![3.0, 0.0], vec![4.0]];
        assert!((clip(&mut gradients, 10.0) - 5.0).abs() < 1e-6);
        assert_eq!(gradients, [vec![3.0, 0.0], vec![4.0]]);
        clip(&mut gradients, 1.0);
        assert!((clip(&mut gradients, 1.0) - 1.0).abs() < 1e-6);
    }
}
