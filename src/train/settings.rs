//! How a training is done.

use serde::{Deserialize, Serialize};

use crate::inference::model::Target;

/// The low-rank change that is trained (`LoRA`: Hu et al., 2021, arXiv:2106.09685).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LoraSettings {
    /// Columns of the small matrices: how much it can learn, and how large its file is.
    pub rank: usize,
    /// The change counts alpha / rank times.
    pub alpha: f32,
    /// The part of what the change reads that is left out at random, 0..1.
    pub dropout: f32,
    /// The matrices that are changed, in all layers.
    pub targets: Vec<Target>,
}

impl Default for LoraSettings {
    fn default() -> Self {
        Self { rank: 16, alpha: 32.0, dropout: 0.0, targets: Target::ALL.to_vec() }
    }
}

/// How a training is done.
///
/// The defaults are for a model of a hundred million parameters.
///
/// # Example
/// ```
/// use bevy_persona::train::{LoraSettings, TrainSettings};
///
/// let small = TrainSettings {
///     lora: LoraSettings { rank: 4, alpha: 8.0, ..LoraSettings::default() },
///     steps: Some(50),
///     ..TrainSettings::default()
/// };
/// assert!(small.check().is_ok());
/// assert!(TrainSettings { epochs: 0, ..small }.check().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TrainSettings {
    /// What is trained.
    pub lora: LoraSettings,
    /// How often all dialogues are read.
    pub epochs: usize,
    /// The most steps, where that is fewer than the epochs have.
    pub steps: Option<usize>,
    /// The highest learning rate.
    pub learning_rate: f64,
    /// Steps in which the learning rate rises.
    pub warm_up: usize,
    /// The learning rate at the end, as a part of the highest; it falls along a cosine
    /// (Loshchilov and Hutter, 2017, arXiv:1608.03983).
    pub final_rate: f64,
    /// How strongly weights are pulled to zero (`AdamW`: Loshchilov and Hutter, 2019,
    /// arXiv:1711.05101).
    pub weight_decay: f64,
    /// Gradients longer than this are shortened to it.
    pub clip: f64,
    /// Tokens of a step, prompts counted.
    pub tokens_per_step: usize,
    /// Tokens whose gradient is computed at once, on one thread; a step is the sum of several.
    pub tokens_at_once: usize,
    /// The longest dialogue, in tokens; longer ones lose their first turns.
    pub longest: usize,
    /// Steps between two measurements on what is held out.
    pub evaluate_every: usize,
    /// Measurements without a better one before it ends early.
    pub patience: usize,
    /// Keep what was learnt last, not what did best on what is held out: for a voice, which a loss
    /// hardly measures. It does not end early then.
    pub keep_last: bool,
    /// Steps between two checkpoints.
    pub checkpoint_every: usize,
    /// The same seed gives the same adapter.
    pub seed: u64,
}

impl Default for TrainSettings {
    fn default() -> Self {
        Self {
            lora: LoraSettings::default(),
            epochs: 2,
            steps: None,
            learning_rate: 1e-3,
            warm_up: 20,
            final_rate: 0.05,
            weight_decay: 0.01,
            clip: 1.0,
            tokens_per_step: 1536,
            tokens_at_once: 384,
            longest: 640,
            evaluate_every: 100,
            patience: 4,
            keep_last: false,
            checkpoint_every: 50,
            seed: 1,
        }
    }
}

impl TrainSettings {
    /// Whether a training can be done like this.
    ///
    /// # Errors
    /// The field that makes no sense, and what to write instead.
    pub fn check(&self) -> Result<(), String> {
        let LoraSettings { rank, alpha, dropout, ref targets } = self.lora;
        let wrong = [
            (rank == 0 || rank > 512, "rank: use 1 to 512, such as 16"),
            (!(alpha.is_finite() && alpha > 0.0), "alpha: use more than 0, such as twice the rank"),
            (!(0.0..1.0).contains(&dropout), "dropout: use 0 up to below 1"),
            (targets.is_empty(), "targets: name at least one matrix"),
            (self.epochs == 0, "epochs: use at least 1"),
            (self.steps == Some(0), "steps: use at least 1"),
            (
                !(self.learning_rate > 0.0 && self.learning_rate < 1.0),
                "learning_rate: use more than 0 and less than 1, such as 0.001",
            ),
            (!(0.0..=1.0).contains(&self.final_rate), "final_rate: use 0 to 1"),
            (!(0.0..1.0).contains(&self.weight_decay), "weight_decay: use 0 up to below 1"),
            (self.clip.is_nan() || self.clip <= 0.0, "clip: use more than 0, such as 1"),
            (self.tokens_per_step == 0, "tokens_per_step: use at least 1"),
            (self.tokens_at_once == 0, "tokens_at_once: use at least 1"),
            (self.longest < 32, "longest: use at least 32"),
            (self.evaluate_every == 0, "evaluate_every: use at least 1"),
            (self.patience == 0, "patience: use at least 1"),
            (self.checkpoint_every == 0, "checkpoint_every: use at least 1"),
        ];
        match wrong.iter().find(|(is_wrong, _)| *is_wrong) {
            Some((_, advice)) => Err((*advice).into()),
            None => Ok(()),
        }
    }

    /// The learning rate of a step of so many, from 0.
    pub(super) fn rate(&self, step: usize, steps: usize) -> f64 {
        let rise = ((step + 1) as f64 / self.warm_up.max(1) as f64).min(1.0);
        let done = (step as f64 / steps.max(1) as f64).min(1.0);
        let fall = 0.5 * (1.0 + (std::f64::consts::PI * done).cos());
        self.learning_rate * rise * (self.final_rate + (1.0 - self.final_rate) * fall)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_rises_then_falls() {
        let settings = TrainSettings { warm_up: 10, ..TrainSettings::default() };
        let rates: Vec<f64> = (0..100).map(|step| settings.rate(step, 100)).collect();
        assert!(rates[..9].is_sorted() && rates[10..].iter().rev().is_sorted());
        assert!(rates.iter().all(|rate| *rate > 0.0 && *rate <= settings.learning_rate));
        assert!(rates[99] < 0.06 * settings.learning_rate);
    }

    #[test]
    fn what_makes_no_sense_is_named() {
        let wrong = |change: fn(&mut TrainSettings)| {
            let mut settings = TrainSettings::default();
            change(&mut settings);
            settings.check().unwrap_err()
        };
        assert!(wrong(|s| s.lora.rank = 0).starts_with("rank"));
        assert!(wrong(|s| s.lora.alpha = f32::NAN).starts_with("alpha"));
        assert!(wrong(|s| s.learning_rate = f64::NAN).starts_with("learning_rate"));
        assert!(wrong(|s| s.clip = f64::NAN).starts_with("clip"));
    }
}
