//! What an idol would feel if the fan said nothing.
//!
//! That says more of the model and of her last replies than of the fan, so it is taken off what she
//! feels (contextual calibration: Zhao et al., 2021, arXiv:2102.09690).

use super::{
    constrain::{TagPlace, TagTree},
    model::ForwardError,
    scheduler::Speaker,
};

/// What speaks for each tag behind a prompt with a silent fan.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Baseline {
    /// The tokens that were read, those with which every tag begins included.
    read: Vec<u32>,
    /// The tokens with which a first tag goes on.
    logits: Vec<(u32, f32)>,
}

impl Baseline {
    fn new(mut prompt: Vec<u32>, tags: &TagTree, logits: &[f32]) -> Self {
        let (forced, place) = tags.forced(TagPlace::default());
        prompt.extend(forced);
        let of = |id: u32| Some((id, *logits.get(id as usize)?));
        Self { read: prompt, logits: tags.tokens(place).filter_map(of).collect() }
    }

    /// Whether it is that of this prompt and these tags.
    pub(super) fn fits(&self, prompt: &[u32], tags: &TagTree) -> bool {
        let (forced, place) = tags.forced(TagPlace::default());
        self.read.strip_prefix(prompt) == Some(&forced[..])
            && tags.tokens(place).eq(self.logits.iter().map(|(id, _)| *id))
    }

    /// What speaks for a token with which a first tag goes on.
    pub(super) fn logit(&self, token: u32) -> f32 {
        self.logits.iter().find(|(id, _)| *id == token).map_or(0.0, |(_, logit)| *logit)
    }
}

/// A prompt with a silent fan that is being read, up to where the first tag is chosen.
pub(super) struct Silence {
    speaker: Speaker,
    prompt: Vec<u32>,
    unknown: usize,
    logits: Vec<f32>,
}

impl Silence {
    /// Lets the prompt be read; nothing where the tags leave no choice.
    pub(super) fn begin(
        beside: &Speaker,
        prompt: Vec<u32>,
        fixed: usize,
        tags: &TagTree,
    ) -> Option<Self> {
        let (forced, place) = tags.forced(TagPlace::default());
        if tags.emotion(place).is_some() {
            return None;
        }
        let speaker = beside.another();
        let unknown = prompt.len() - speaker.begin(&prompt, fixed);
        speaker.read(&forced);
        speaker.expect(&tags.tokens(place).collect::<Vec<_>>());
        Some(Self { speaker, prompt, unknown, logits: Vec::new() })
    }

    /// How many tokens of the prompt were not known when it began.
    pub(super) fn unknown(&self) -> usize {
        self.unknown
    }

    /// Whether nobody else waits.
    pub(super) fn is_alone(&self) -> bool {
        self.speaker.is_alone()
    }

    /// What was found, once all is read.
    pub(super) fn take(&mut self, tags: &TagTree) -> Result<Option<Baseline>, ForwardError> {
        if !self.speaker.take_logits(&mut self.logits)? {
            return Ok(None);
        }
        let prompt = std::mem::take(&mut self.prompt);
        Ok(Some(Baseline::new(prompt, tags, &self.logits)))
    }
}
