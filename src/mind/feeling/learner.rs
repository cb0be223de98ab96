//! A small linear model that learns from the examples at load which feeling a text speaks of.

use std::collections::HashMap;

use super::kind::{Kind, PerKind, normalised};

/// How often the examples are gone through.
const ROUNDS: usize = 4;
/// How fast it learns.
const STEP: f32 = 0.2;
/// How much weights are drawn to zero in each step.
const SHRINK: f32 = 3e-3;

/// An example: what it is made of, what it says, how much it counts.
#[derive(Debug, Clone)]
pub(super) struct Example {
    pub(super) features: Vec<u64>,
    pub(super) says: PerKind,
    pub(super) counts: f32,
}

/// A multinomial logistic regression over features that two examples share at least.
#[derive(Debug, Default)]
pub(super) struct Learner {
    ids: HashMap<u64, u32>,
    weights: Vec<PerKind>,
}

impl Learner {
    /// Learns; the same examples in the same order give the same model.
    pub(super) fn new(examples: &[Example]) -> Self {
        let mut counts: HashMap<u64, u32> = HashMap::new();
        for feature in examples.iter().flat_map(|example| &example.features) {
            *counts.entry(*feature).or_default() += 1;
        }
        let mut learner = Self::default();
        let texts: Vec<Vec<u32>> = examples
            .iter()
            .map(|example| {
                let shared = example.features.iter().filter(|feature| counts[feature] > 1);
                let ids = &mut learner.ids;
                shared
                    .map(|feature| {
                        let next = ids.len() as u32;
                        *ids.entry(*feature).or_insert(next)
                    })
                    .collect()
            })
            .collect();
        learner.weights = vec![[0.0; Kind::COUNT]; learner.ids.len()];
        learner.learn(examples, &texts);
        learner
    }

    fn learn(&mut self, examples: &[Example], texts: &[Vec<u32>]) {
        let mut seen = vec![[1e-2f32; Kind::COUNT]; self.weights.len()];
        // A fixed step through the examples that shares no factor with their number mixes them.
        let count = examples.len();
        let stride = (count * 7 / 11..count).find(|step| gcd(*step, count) == 1).unwrap_or(1);
        for turn in 0..ROUNDS * count {
            let at = turn.wrapping_mul(stride) % count;
            let (example, ids) = (&examples[at], &texts[at]);
            if ids.is_empty() {
                continue;
            }
            let scale = 1.0 / (ids.len() as f32).sqrt();
            let guess = self.guess(ids);
            for id in ids {
                let (weights, seen) = (&mut self.weights[*id as usize], &mut seen[*id as usize]);
                for kind in 0..Kind::COUNT {
                    let error = (guess[kind] - example.says[kind]) * example.counts * scale;
                    let slope = error + SHRINK * weights[kind];
                    seen[kind] += slope * slope;
                    weights[kind] -= STEP * slope / seen[kind].sqrt();
                }
            }
        }
    }

    /// How likely each feeling is; sums to 1.
    pub(super) fn tell(&self, features: &[u64]) -> PerKind {
        let ids: Vec<u32> = features.iter().filter_map(|f| self.ids.get(f)).copied().collect();
        self.guess(&ids)
    }

    fn guess(&self, ids: &[u32]) -> PerKind {
        let scale = 1.0 / (ids.len().max(1) as f32).sqrt();
        let mut sums = [0.0; Kind::COUNT];
        for id in ids {
            for (sum, weight) in sums.iter_mut().zip(self.weights[*id as usize]) {
                *sum += weight * scale;
            }
        }
        let most = sums.iter().copied().fold(f32::MIN, f32::max);
        normalised(sums.map(|sum| (sum - most).exp()))
    }
}

fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(kind: Kind) -> PerKind {
        let mut says = [0.0; Kind::COUNT];
        says[kind as usize] = 1.0;
        says
    }

    #[test]
    fn what_examples_share_is_learned() {
        let example = |features: &[u64], kind| Example {
            features: features.to_vec(),
            says: only(kind),
            counts: 1.0,
        };
        let examples = [
            example(&[1, 2, 9], Kind::Joy),
            example(&[1, 3, 9], Kind::Joy),
            example(&[4, 2, 9], Kind::Sad),
            example(&[4, 3, 9], Kind::Sad),
        ];
        let learner = Learner::new(&examples);
        let told = learner.tell(&[1, 3, 77]);
        assert!(told[Kind::Joy as usize] > told[Kind::Sad as usize]);
        let told = learner.tell(&[4]);
        assert!(told[Kind::Sad as usize] > told[Kind::Joy as usize]);
        assert!((told.iter().sum::<f32>() - 1.0).abs() < 1e-5);
        assert_eq!(learner.tell(&[1, 4]), Learner::new(&examples).tell(&[1, 4]));
    }

    #[test]
    fn nothing_learned_knows_nothing() {
        let told = Learner::new(&[]).tell(&[1, 2]);
        assert!(told.iter().all(|part| (part - told[0]).abs() < 1e-6));
    }
}
