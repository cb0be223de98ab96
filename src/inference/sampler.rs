//! Chooses the next token from the model's logits.

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{RngCore, SeedableRng},
};

use super::Sampling;

/// Draws tokens; the same seed and logits give the same tokens.
#[derive(Debug, Clone)]
pub(super) struct Sampler {
    sampling: Sampling,
    rng: ChaCha8Rng,
    /// Tokens and their probabilities, kept to save an allocation per token.
    candidates: Vec<(u32, f32)>,
}

impl Sampler {
    pub(super) fn new(sampling: Sampling, seed: u64) -> Self {
        Self { sampling, rng: ChaCha8Rng::seed_from_u64(seed), candidates: Vec::new() }
    }

    /// A token for these logits; `recent` are the tokens seen last, the newest at the end.
    ///
    /// Tokens whose logit is minus infinity or no number are never chosen; nothing, if all are such.
    pub(super) fn choose(&mut self, logits: &mut [f32], recent: &[u32]) -> Option<u32> {
        self.penalise(logits, recent);
        if self.sampling.temperature <= 0.0 {
            return argmax(logits);
        }
        self.candidates.clear();
        let ids = 0u32..;
        let possible = ids.zip(logits.iter().copied()).filter(|(_, logit)| logit.is_finite());
        self.candidates.extend(possible);
        self.keep_top_k();
        to_probabilities(&mut self.candidates, self.sampling.temperature);
        self.keep_likely();
        self.draw()
    }

    /// One of a few tokens by their logits alone; gives its place and its probability among them.
    pub(super) fn choose_among(&mut self, logits: &[f32]) -> (usize, f32) {
        let mut probabilities: Vec<(u32, f32)> = (0u32..).zip(logits.iter().copied()).collect();
        to_probabilities(&mut probabilities, 1.0);
        let plain: Vec<f32> = probabilities.iter().map(|(_, p)| *p).collect();
        let chosen = if self.sampling.temperature <= 0.0 {
            argmax(logits).unwrap_or(0) as usize
        } else {
            self.candidates.clear();
            self.candidates.extend((0u32..).zip(logits.iter().copied()));
            to_probabilities(&mut self.candidates, self.sampling.temperature);
            self.candidates.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            self.draw().unwrap_or(0) as usize
        };
        (chosen, plain.get(chosen).copied().unwrap_or(0.0))
    }

    /// The newest of the words that count as recent.
    fn lately<'a>(&self, recent: &'a [u32]) -> &'a [u32] {
        &recent[recent.len().saturating_sub(self.sampling.repetition_window)..]
    }

    /// Takes out the tokens that would repeat a run of more than `no_repeat` (Paulus et al., 2017,
    /// arXiv:1705.04304).
    ///
    /// `opens_word` tells where a repeat may be broken off: a word that was begun is always finished.
    pub(super) fn forbid_repeats(
        &self,
        logits: &mut [f32],
        recent: &[u32],
        opens_word: impl Fn(u32) -> bool,
    ) {
        let recent = self.lately(recent);
        let run = self.sampling.no_repeat;
        let Some(start) = recent.len().checked_sub(run).filter(|_| run > 0) else { return };
        for repeat in recent.windows(run + 1).filter(|window| window[..run] == recent[start..]) {
            let next = repeat[run];
            if let Some(logit) = logits.get_mut(next as usize).filter(|_| opens_word(next)) {
                *logit = f32::NEG_INFINITY;
            }
        }
    }

    /// Divides positive and multiplies negative logits of recent tokens (Keskar et al., 2019,
    /// arXiv:1909.05858).
    fn penalise(&self, logits: &mut [f32], recent: &[u32]) {
        let penalty = self.sampling.repetition_penalty;
        if penalty <= 1.0 {
            return;
        }
        let mut seen = self.lately(recent).to_vec();
        seen.sort_unstable();
        seen.dedup();
        for id in seen {
            if let Some(logit) = logits.get_mut(id as usize) {
                *logit = if *logit > 0.0 { *logit / penalty } else { *logit * penalty };
            }
        }
    }

    /// Sorts the candidates, likeliest first, and keeps the first `top_k`.
    fn keep_top_k(&mut self) {
        let by_logit = |a: &(u32, f32), b: &(u32, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
        let k = self.sampling.top_k;
        if k > 0 && k < self.candidates.len() {
            self.candidates.select_nth_unstable_by(k - 1, by_logit);
            self.candidates.truncate(k);
        }
        self.candidates.sort_unstable_by(by_logit);
    }

    /// Min-p (Nguyen et al., 2024, arXiv:2407.01082), then top-p (Holtzman et al., 2020,
    /// arXiv:1904.09751).
    fn keep_likely(&mut self) {
        let Sampling { min_p, top_p, .. } = self.sampling;
        let best = self.candidates.first().map_or(0.0, |(_, p)| *p);
        let likely = self.candidates.iter().take_while(|(_, p)| *p >= best * min_p).count();
        let mut sum = 0.0;
        let nucleus = self.candidates.iter().take_while(|(_, p)| {
            let before = sum;
            sum += p;
            before < top_p
        });
        let kept = nucleus.count().min(likely).max(1);
        self.candidates.truncate(kept);
    }

    /// Draws from the candidates, whose probabilities need not add up to 1.
    fn draw(&mut self) -> Option<u32> {
        let total: f32 = self.candidates.iter().map(|(_, p)| p).sum();
        let mut point = self.uniform() * total;
        for (id, p) in &self.candidates {
            point -= p;
            if point <= 0.0 {
                return Some(*id);
            }
        }
        self.candidates.last().map(|(id, _)| *id)
    }

    /// A number from 0 up to, not including, 1.
    fn uniform(&mut self) -> f32 {
        // 24 bits fill the mantissa of an f32.
        (self.rng.next_u32() >> 8) as f32 / (1 << 24) as f32
    }
}

/// The place of the largest logit; the first of equals.
fn argmax(logits: &[f32]) -> Option<u32> {
    let ids = 0u32..;
    let possible = ids.zip(logits).filter(|(_, logit)| logit.is_finite());
    possible.max_by(|(i, a), (j, b)| a.total_cmp(b).then(j.cmp(i))).map(|(id, _)| id)
}

fn to_probabilities(candidates: &mut [(u32, f32)], temperature: f32) {
    let max = candidates.iter().map(|(_, logit)| *logit).fold(f32::MIN, f32::max);
    let mut sum = 0.0;
    for (_, logit) in candidates.iter_mut() {
        *logit = ((*logit - max) / temperature).exp();
        sum += *logit;
    }
    for (_, p) in candidates {
        *p /= sum;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sampling(temperature: f32) -> Sampling {
        Sampling { temperature, repetition_penalty: 1.0, ..Sampling::default() }
    }

    #[test]
    fn at_temperature_zero_the_likeliest_wins() {
        let mut sampler = Sampler::new(sampling(0.0), 1);
        assert_eq!(sampler.choose(&mut [0.1, 3.0, 2.9], &[]), Some(1));
    }

    #[test]
    fn the_same_seed_draws_the_same_tokens() {
        let draw = || {
            let mut sampler = Sampler::new(sampling(1.5), 7);
            let mut logits: Vec<f32> = (0..100).map(|i| (i % 7) as f32).collect();
            (0..50).map(|_| sampler.choose(&mut logits, &[])).collect::<Vec<_>>()
        };
        assert_eq!(draw(), draw());
    }

    #[test]
    fn no_token_is_made_up() {
        for temperature in [0.0, 1.0] {
            let mut sampler = Sampler::new(sampling(temperature), 1);
            assert_eq!(sampler.choose(&mut [f32::NAN, f32::NEG_INFINITY], &[]), None);
            assert_eq!(sampler.choose(&mut [f32::NAN, -9.0], &[]), Some(1));
        }
    }

    #[test]
    fn a_repeated_token_gets_less_likely() {
        let mut sampler = Sampler::new(
            Sampling { temperature: 0.0, repetition_penalty: 2.0, ..Sampling::default() },
            1,
        );
        assert_eq!(sampler.choose(&mut [3.0, 2.0], &[0]), Some(1));
        assert_eq!(sampler.choose(&mut [-1.0, -1.5], &[0]), Some(1));
    }

    #[test]
    fn a_long_run_of_tokens_is_not_said_again() {
        let run = Sampling { no_repeat: 2, repetition_penalty: 1.0, ..sampling(0.0) };
        let mut sampler = Sampler::new(run, 1);
        let mut choose = |recent: &[u32], mid_word: Option<u32>| {
            let mut logits = [0.0, 3.0, 2.0, 1.0];
            sampler.forbid_repeats(&mut logits, recent, |id| Some(id) != mid_word);
            sampler.choose(&mut logits, recent)
        };
        assert_eq!(choose(&[3, 2, 1, 0, 3, 2], None), Some(2));
        assert_eq!(choose(&[2, 1, 0, 3, 2], None), Some(1));
        assert_eq!(choose(&[2], None), Some(1));
        assert_eq!(choose(&[3, 2, 1, 0, 3, 2], Some(1)), Some(1), "a word is finished");
    }

    #[test]
    fn frequencies_follow_the_probabilities() {
        let free = Sampling { top_k: 0, top_p: 1.0, min_p: 0.0, ..sampling(1.0) };
        let mut sampler = Sampler::new(free, 3);
        let ones = (0..4000).filter(|_| sampler.choose(&mut [0.0, 1.0], &[]) == Some(1)).count();
        // e / (1 + e) = 0.731; the standard deviation of the share is 0.007.
        assert!((0.70..0.76).contains(&(ones as f64 / 4000.0)), "{ones} of 4000");
    }

    proptest! {
        #[test]
        fn a_masked_token_is_never_chosen(
            mut logits in proptest::collection::vec(-30f32..30.0, 2..50),
            masked in any::<prop::sample::Index>(),
            temperature in 0f32..3.0,
            seed in any::<u64>(),
        ) {
            let masked = masked.index(logits.len());
            logits[masked] = f32::NEG_INFINITY;
            let mut sampler = Sampler::new(sampling(temperature), seed);
            prop_assert_ne!(sampler.choose(&mut logits, &[masked as u32]), Some(masked as u32));
        }
    }
}
