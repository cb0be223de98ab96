//! One reply in the making: read the prompt, then tag and words in turn.

use std::{cell::RefCell, rc::Rc, time::Instant};

use thiserror::Error;

use super::{
    FinishReason, Generation, InferenceError, Outcome, ReplyStats, Request, Step,
    baseline::{Baseline, Silence},
    chat::{EncodedPrompt, SILENCE},
    constrain::{TagPlace, TagTree, Vocabulary},
    conversation::Conversation,
    gguf_backend::Engine,
    guide::Guide,
    model::ForwardError,
    sampler::Sampler,
    scheduler::Speaker,
    sentences::{may_end_sentence, opens_sentence},
    words::WordStream,
};
use crate::mind::{ChatTurn, Direction, Emotion, History, Prompt};

/// Where a reply stands.
enum Phase {
    /// A tag is being chosen; `confidence` is how sure the model was of its tokens so far, 0..1.
    Tag { place: TagPlace, confidence: f32 },
    /// Words of a sentence.
    Words,
    /// She has said all; what is decided is still being read.
    Ended(FinishReason),
    /// What comes before the fan's next message is being read.
    Ahead(FinishReason),
}

/// Every logit is minus infinity or no number: weights that are broken give such.
#[derive(Debug, Error)]
#[error("the model offers no next word; its file may be damaged, fetch it again")]
struct NoToken;

/// A reply of a [`GgufBackend`](super::GgufBackend).
pub(super) struct GgufGeneration {
    engine: Rc<Engine>,
    speaker: Speaker,
    silence: Option<Silence>,
    /// Reads along as if the fan had said nothing, while there are words to find.
    guide: Option<Guide>,
    conversation: Rc<RefCell<Conversation>>,
    sampler: Sampler,
    max_tokens: usize,
    /// The tags with which a reply begins.
    opening: TagTree,
    /// The tags between two sentences.
    between: TagTree,
    phase: Phase,
    is_rejected: bool,
    baseline: Option<Baseline>,
    direction: Direction,
    prompt: Prompt,
    sentences: usize,
    max_sentences: usize,
    /// Whether tokens are decided that the model has not read yet.
    is_reading: bool,
    /// Of what comes after all that was read.
    logits: Vec<f32>,
    reply: Vec<u32>,
    /// How many tokens of the reply stand before its last tag.
    whole: usize,
    /// The tokens of her words, in replies before and in this one.
    spoken: Vec<u32>,
    /// The words since the last tag.
    sentence: String,
    words: WordStream,
    started: Instant,
    last_piece: Instant,
    stats: ReplyStats,
}

impl GgufGeneration {
    /// Tokens that a tag may add beyond the longest reply.
    const TAG_ROOM: usize = 32;
    /// How many tokens are read ahead at most.
    const AHEAD: usize = 32;
    /// How much of what the model would feel anyway is taken off. At 0 a small model is sad or glad
    /// all the time; at 1 rare feelings come too often.
    const CALIBRATION: f32 = 0.8;

    pub(super) fn start(
        engine: Rc<Engine>,
        speaker: Speaker,
        conversation: Rc<RefCell<Conversation>>,
        request: Request,
    ) -> Result<Self, InferenceError> {
        let started = Instant::now();
        let Request { prompt, palette, sampling, seed, direction, .. } = request;
        let direction = direction.within(&palette);
        let known = |text: &str| conversation.borrow().known_reply(text);
        let room = sampling.max_tokens + Self::TAG_ROOM;
        let EncodedPrompt { ids, silent, fixed } = engine.writer.encode(&prompt, room, known)?;
        let tokenizer = &engine.writer.tokenizer;
        let spoken = conversation.borrow().spoken();
        let cached_tokens = speaker.begin(&ids, fixed);
        let guide = Guide::begin(&speaker, &silent, fixed, direction.guidance);
        let mut generation = Self {
            opening: TagTree::new(tokenizer, &direction.opening_of(&palette), ""),
            between: TagTree::new(tokenizer, &palette.without(&direction.never), " "),
            words: WordStream::new(palette, &sampling.stop),
            max_tokens: sampling.max_tokens,
            max_sentences: sampling.max_sentences,
            sampler: Sampler::new(sampling, seed),
            phase: Phase::Words,
            is_rejected: false,
            baseline: None,
            direction,
            prompt,
            last_piece: started,
            sentences: 0,
            is_reading: true,
            logits: Vec::new(),
            reply: Vec::new(),
            whole: 0,
            spoken,
            sentence: String::new(),
            started,
            stats: ReplyStats { prompt_tokens: ids.len(), cached_tokens, ..ReplyStats::default() },
            silence: None,
            guide,
            conversation,
            speaker,
            engine,
        };
        generation.look_at(silent, fixed);
        generation.go_to_tag(TagPlace::default(), 1.0);
        Ok(generation)
    }

    /// Finds out what she would feel if the fan said nothing, where that is not known.
    fn look_at(&mut self, silent: Vec<u32>, fixed: usize) {
        self.baseline = self.conversation.borrow().baseline(&silent, &self.opening);
        if self.baseline.is_none() {
            self.silence = Silence::begin(&self.speaker, silent, fixed, &self.opening);
        }
    }

    /// After a reply: reads what comes before the fan's next message, if it is not much, so that the
    /// next reply begins sooner.
    fn look_ahead(&mut self) {
        let mut history = History { turns: std::mem::take(&mut self.prompt.turns) };
        history.push_idol(self.words.beats().to_vec());
        history.push_fan(SILENCE);
        self.prompt.turns = history.turns;
        let text = ChatTurn::Idol(self.words.beats().into()).to_prompt();
        let conversation = self.conversation.borrow();
        let known = |reply: &str| match reply == text {
            true => Some(self.reply.clone()),
            false => conversation.known_reply(reply),
        };
        let room = self.max_tokens + Self::TAG_ROOM;
        // Where the next prompt is too long, the next reply will say so.
        let Ok(next) = self.engine.writer.encode(&self.prompt, room, known) else { return };
        let silence = Silence::begin(&self.speaker, next.silent, next.fixed, &self.opening);
        self.silence = silence.filter(|silence| silence.unknown() <= Self::AHEAD);
    }

    /// The tags that are possible at the next sentence start.
    fn tags(&self) -> &TagTree {
        if self.sentence.is_empty() && self.words.is_untouched() {
            &self.opening
        } else {
            &self.between
        }
    }

    fn decide(&mut self, ids: &[u32]) {
        self.read(ids);
        self.reply.extend_from_slice(ids);
    }

    /// Lets the model read tokens, with those of the other speakers.
    fn read(&mut self, ids: &[u32]) {
        self.speaker.read(ids);
        self.is_reading |= !ids.is_empty();
        if let Some(guide) = &mut self.guide {
            guide.read(ids);
        }
    }

    /// Takes the tokens of a tag that have no alternative; then a choice or the words come.
    fn go_to_tag(&mut self, place: TagPlace, confidence: f32) {
        if place == TagPlace::default() {
            self.whole = self.reply.len();
        }
        let (forced, place) = self.tags().forced(place);
        let emotion = self.tags().emotion(place).cloned();
        self.decide(&forced);
        self.phase = Phase::Tag { place, confidence };
        if let Some(emotion) = emotion {
            // Even a hesitant choice shows; a sure one shows fully.
            let intensity = 0.5 + 0.5 * confidence;
            let gap = if self.words.is_untouched() { "" } else { " " };
            self.words.tag(&format!("{gap}[{emotion}:{intensity:.2}]"));
            self.sentence.clear();
            self.phase = Phase::Words;
        } else {
            let options: Vec<u32> = self.tags().tokens(place).collect();
            self.speaker.expect(&options);
            if let Some(guide) = &self.guide {
                guide.expects_no_words();
            }
        }
    }

    /// Chooses among the tokens with which a tag of the palette can go on.
    fn choose_tag(&mut self, logits: &[f32], place: TagPlace, confidence: f32) {
        let options: Vec<(u32, TagPlace)> = self.tags().next(place).collect();
        let is_first = self.tags().forced(TagPlace::default()).1 == place;
        let is_opening = self.words.is_untouched();
        let of = |id: u32, next: TagPlace| {
            let logit = logits.get(id as usize).copied().unwrap_or(f32::NEG_INFINITY);
            let baseline = self.baseline.as_ref().filter(|_| is_first);
            let own =
                logit - Self::CALIBRATION * baseline.map_or(0.0, |baseline| baseline.logit(id));
            let weigh = |emotion: &Emotion| self.direction.opens_with(emotion);
            own + if is_opening { self.opening.weight(next, &weigh).ln() } else { 0.0 }
        };
        let possible: Vec<f32> = options.iter().map(|&(id, next)| of(id, next)).collect();
        let (chosen, probability) = self.sampler.choose_among(&possible);
        if let Some(&(id, next)) = options.get(chosen) {
            self.decide(&[id]);
            self.go_to_tag(next, confidence * probability);
        }
    }

    /// Chooses the next token of a sentence, the tag of the next sentence, or the end.
    fn choose_word(&mut self, logits: &mut [f32]) -> Result<(), InferenceError> {
        let at_end = !self.words.is_mid_character() && may_end_sentence(&self.sentence);
        let before_masking = at_end.then(|| logits.to_vec());
        let tag_tokens = || self.between.tokens(TagPlace::default());
        let nothing_said = self.sentence.trim().is_empty();
        self.engine.banned.mask(logits, nothing_said);
        if let Some(before) = &before_masking {
            for id in tag_tokens().map(|id| id as usize) {
                if let Some(logit) = logits.get_mut(id) {
                    *logit = before[id];
                }
            }
        }
        let tokenizer = &self.engine.writer.tokenizer;
        let opens_word = |id| !tokenizer.bytes(id).first().is_some_and(u8::is_ascii_alphanumeric);
        // Before the guide finds out what is plausible: all of that might be repeats.
        self.sampler.forbid_repeats(logits, &self.spoken, opens_word);
        if let Some(guide) = &self.guide {
            guide.steer(logits);
        }
        let chosen = self.sampler.choose(logits, &self.spoken);
        let id = chosen.ok_or_else(|| InferenceError::backend(NoToken))?;
        if tokenizer.ends_reply(id) {
            self.read(&[id]);
            self.phase = Phase::Ended(FinishReason::Complete);
            return Ok(());
        }
        let piece = String::from_utf8_lossy(tokenizer.bytes(id)).into_owned();
        let opens =
            at_end && (tag_tokens().any(|tag| tag == id) || opens_sentence(&self.sentence, &piece));
        let enough = self.sentences + 1 == self.max_sentences
            || self.reply.len() >= self.max_tokens - self.max_tokens / 4;
        if opens && enough {
            // A reply that ends with a whole sentence is better than a longer one that does not.
            self.phase = Phase::Ended(FinishReason::Length);
        } else if opens && self.goes_on(id) {
            self.sentences += 1;
            self.sentence.clear();
            self.say(id);
        } else if opens {
            self.sentences += 1;
            self.go_to_tag(TagPlace::default(), 1.0);
            if let Some(logits) = before_masking.filter(|_| !self.is_reading) {
                self.choose_tag(&logits, TagPlace::default(), 1.0);
            }
        } else {
            self.say(id);
        }
        Ok(())
    }

    /// Whether a token opens a sentence without a tag, as those do that a tuned model learnt from: she
    /// goes on with the feeling she is in. Other models are made to choose one.
    fn goes_on(&self, id: u32) -> bool {
        let mut tags = self.between.tokens(TagPlace::default());
        self.prompt.head.form.is_tuned && !tags.any(|tag| tag == id)
    }

    fn say(&mut self, id: u32) {
        self.decide(&[id]);
        self.spoken.push(id);
        let bytes = self.engine.writer.tokenizer.bytes(id);
        let (text, stopped) = self.words.bytes(bytes);
        self.sentence.push_str(&text);
        if stopped {
            self.phase = Phase::Ended(FinishReason::Stop);
        } else if self.reply.len() >= self.max_tokens && !self.words.is_mid_character() {
            self.phase = Phase::Ended(FinishReason::Length);
        }
    }

    /// Goes on with what the model has read, if it has read all that was decided.
    fn go_on(&mut self) -> Result<(), InferenceError> {
        if !self.hear_silence()? {
            return Ok(());
        }
        let mut logits = std::mem::take(&mut self.logits);
        let is_read = self.hear(&mut logits);
        match self.phase {
            // Nothing depends on these any more.
            Phase::Ended(_) | Phase::Ahead(_) => self.is_reading &= is_read.is_ok(),
            _ if !is_read.map_err(InferenceError::backend)? => {}
            Phase::Tag { place, confidence } => self.choose_tag(&logits, place, confidence),
            Phase::Words => self.choose_word(&mut logits)?,
        }
        self.logits = logits;
        Ok(())
    }

    /// Whether all that was decided has been read, by the guide, too; `logits` are then those of what
    /// comes next.
    fn hear(&mut self, logits: &mut Vec<f32>) -> Result<bool, ForwardError> {
        if self.is_reading {
            self.is_reading = !self.speaker.take_logits(logits)?;
        }
        let is_guided = self.guide.as_mut().map_or(Ok(true), Guide::hears)?;
        Ok(!self.is_reading && is_guided)
    }

    /// Takes what was found of a silent fan; gives whether nothing is left to be found.
    fn hear_silence(&mut self) -> Result<bool, InferenceError> {
        let Some(silence) = &mut self.silence else { return Ok(true) };
        let is_ahead = matches!(self.phase, Phase::Ahead(_));
        match silence.take(&self.opening) {
            Ok(None) => return Ok(false),
            Ok(Some(found)) if is_ahead => self.conversation.borrow_mut().remember_baseline(found),
            Ok(Some(found)) => self.baseline = Some(found),
            Err(_) if is_ahead => {}
            Err(error) => return Err(InferenceError::backend(error)),
        }
        self.silence = None;
        Ok(true)
    }

    fn next_segment(&mut self) -> Option<Step> {
        let segment = self.words.next()?;
        self.last_piece = Instant::now();
        if self.stats.time_to_first_piece == 0.0 {
            self.stats.time_to_first_piece = self.started.elapsed().as_secs_f64();
        }
        Some(Step::Segment(segment))
    }

    fn outcome(&mut self, reason: FinishReason) -> Outcome {
        self.stats.reply_tokens = self.reply.len();
        let total = self.last_piece.duration_since(self.started).as_secs_f64();
        self.stats.reply_time = (total - self.stats.time_to_first_piece).max(0.0);
        Outcome { reason, stats: self.stats }
    }
}

impl Generation for GgufGeneration {
    fn advance(&mut self) -> Result<Step, InferenceError> {
        self.go_on()?;
        if let Some(step) = self.next_segment() {
            return Ok(step);
        }
        match self.phase {
            Phase::Ended(reason) => {
                self.guide = None;
                self.words.finish();
                if let Some(step) = self.next_segment() {
                    return Ok(step);
                }
                // Others' words and prompts are more urgent than what may come next.
                if !self.speaker.is_alone() {
                    return Ok(Step::Done(self.outcome(reason)));
                }
                if !self.is_reading {
                    self.phase = Phase::Ahead(reason);
                    if reason != FinishReason::Stop {
                        self.look_ahead();
                    }
                }
                Ok(Step::Working)
            }
            Phase::Ahead(reason) => match &self.silence {
                Some(silence) if silence.is_alone() => Ok(Step::Working),
                _ => Ok(Step::Done(self.outcome(reason))),
            },
            _ => Ok(Step::Working),
        }
    }

    fn reject(&mut self) {
        self.is_rejected = true;
        self.speaker.discard();
    }
}

impl Drop for GgufGeneration {
    /// Also an interrupted reply is part of the conversation that comes next; a rejected one is not.
    fn drop(&mut self) {
        if self.is_rejected {
            return;
        }
        let is_mid_character = self.words.is_mid_character();
        let text = self.words.take_reply();
        let mut reply = std::mem::take(&mut self.reply);
        if matches!(self.phase, Phase::Tag { .. }) {
            // A tag that was begun and not shown.
            reply.truncate(self.whole);
        }
        let Ok(mut conversation) = self.conversation.try_borrow_mut() else { return };
        conversation.remember_spoken(std::mem::take(&mut self.spoken));
        let is_whole = !matches!(
            self.phase,
            Phase::Ended(FinishReason::Stop) | Phase::Ahead(FinishReason::Stop)
        );
        if is_whole && !is_mid_character && !text.is_empty() {
            conversation.remember_reply(text, reply);
        }
    }
}
