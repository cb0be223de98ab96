//! What guessing ahead saves: four idols talk as they would in a game, without chance in their words,
//! once with guesses and once without. They must say the same.

use std::time::{Duration, Instant};

use bevy_persona::{
    inference::{Backend, ConversationId, GgufBackend, GgufSettings, Outcome, Request, Step},
    mind::{
        Answer, Ask, Beats, Bond, Direction, FanMemory, History, Library, PromptHead, Timestamp,
        improvise,
    },
    persona::{Language, PersonaSheet},
};
use serde::Serialize;

use super::{
    BenchError, IDOLS, report::Table, scratch::Scratch, statistics::rounded, subject::Subject,
};
use crate::{cast, error::CliError, shelf};

/// What the fan says, one after the other.
const MESSAGES: [&str; 8] = [
    "Hi! How was practice today?",
    "I could not sleep, so I listened to your song.",
    "What do you do when you are sad?",
    "I have an exam tomorrow and I am nervous.",
    "What would you like to eat right now?",
    "Do you ever get tired of the stage?",
    "Thank you. That helps.",
    "Tell me something about the others before I go.",
];
/// How often all is said; the fastest time of each reply counts.
const ROUNDS: usize = 3;

/// What `persona bench --guesses` tells.
#[derive(Debug, Serialize)]
pub struct GuessReport {
    model: String,
    file_type: String,
    threads: usize,
    busy: u32,
    /// The most tokens guessed for a speaker.
    guesses: usize,
    replies: usize,
    tokens: usize,
    /// Tokens per second of her words, without guesses and with.
    plain_tps: f64,
    guessed_tps: f64,
    gain: f64,
    /// The same where nothing holds the replies to the fan's words, which takes a second reader.
    unguided_plain_tps: f64,
    unguided_guessed_tps: f64,
    unguided_gain: f64,
    /// Replies that were not the same with guesses: none. Without them, then with.
    different: Vec<[String; 2]>,
}

/// Measures the replies of a model.
///
/// # Errors
/// If the personas or the model cannot be loaded, or a reply fails.
pub fn measure(subject: &Subject, busy: u32) -> Result<GuessReport, CliError> {
    let scratch = Scratch::new()?;
    let library = shelf::of(IDOLS[0], None)?;
    let sheets = IDOLS.iter().map(|name| cast::find(name, None)).collect::<Result<Vec<_>, _>>()?;
    let guesses = GgufSettings::default().guesses;
    let mut talks = Talks {
        plain: open(subject, &scratch, 0)?,
        guessing: open(subject, &scratch, guesses)?,
        library,
        sheets,
    };
    let guided = talks.compare(true)?;
    let unguided = talks.compare(false)?;
    Ok(GuessReport {
        model: subject.name.clone(),
        file_type: subject.file_type.clone(),
        threads: subject.threads,
        busy,
        guesses,
        replies: guided.replies,
        tokens: guided.tokens,
        plain_tps: guided.speed(guided.plain),
        guessed_tps: guided.speed(guided.guessed),
        gain: guided.gain(),
        unguided_plain_tps: unguided.speed(unguided.plain),
        unguided_guessed_tps: unguided.speed(unguided.guessed),
        unguided_gain: unguided.gain(),
        different: [guided.different, unguided.different].concat(),
    })
}

fn open(subject: &Subject, scratch: &Scratch, guesses: usize) -> Result<GgufBackend, CliError> {
    let settings = GgufSettings { guesses, ..subject.settings(Some(scratch.path())) };
    Ok(subject.backend_with(settings)?)
}

#[derive(Debug, Default)]
struct Comparison {
    replies: usize,
    tokens: usize,
    plain: Duration,
    guessed: Duration,
    different: Vec<[String; 2]>,
}

impl Comparison {
    fn speed(&self, time: Duration) -> f64 {
        rounded(self.tokens as f64 / time.as_secs_f64().max(1e-9), 1)
    }

    fn gain(&self) -> f64 {
        rounded(self.plain.as_secs_f64() / self.guessed.as_secs_f64().max(1e-9), 3)
    }
}

struct Talks {
    plain: GgufBackend,
    guessing: GgufBackend,
    library: Library,
    sheets: Vec<PersonaSheet>,
}

impl Talks {
    fn compare(&mut self, is_guided: bool) -> Result<Comparison, CliError> {
        let mut comparison = Comparison::default();
        for number in 0..self.sheets.len() {
            let mut history = History::default();
            for message in MESSAGES {
                let Some(request) = self.request(number, &history, message, is_guided) else {
                    continue;
                };
                let mut plain = said(&mut self.plain, &request)?;
                let guessed = said(&mut self.guessing, &request)?;
                comparison.replies += 1;
                comparison.tokens += plain.tokens;
                comparison.plain += plain.time;
                comparison.guessed += guessed.time;
                if plain.beats != guessed.beats {
                    let texts = [Said::text(&plain), Said::text(&guessed)];
                    comparison.different.push(texts);
                }
                history.push_fan(message);
                history.push_idol(plain.beats.take());
            }
        }
        Ok(comparison)
    }

    /// What an idol is asked, as in a game; only the words that are likeliest are said.
    fn request(
        &self,
        number: usize,
        history: &History,
        fan: &str,
        is_guided: bool,
    ) -> Option<Request> {
        let sheet = &self.sheets[number];
        let (bond, memory) = (Bond::default(), FanMemory::default());
        let ask = Ask {
            sheet,
            fan,
            language: Language::English,
            history,
            bond: &bond,
            memory: &memory,
            unlocked: &Default::default(),
            scene: &[],
            now: Timestamp::now(),
        };
        let speaker = self.plain.info().speaker(sheet);
        let thought = improvise(&self.library, &ask, &speaker);
        let Answer::Model { moment, direction, .. } = thought.answer else { return None };
        let guidance = if is_guided { direction.guidance } else { 1.0 };
        let head = PromptHead::in_form(sheet, Language::English, speaker.form());
        let mut sampling = sheet.sampling.clone();
        sampling.temperature = 0.0;
        Some(Request {
            conversation: ConversationId(number as u64),
            prompt: head.prompt_at(&moment, history, fan),
            palette: sheet.emotions.clone(),
            sampling,
            seed: 7,
            direction: Direction { choice: None, guidance, ..*direction },
            adapter: sheet.adapter.clone().filter(|_| speaker.is_tuned),
        })
    }
}

struct Said {
    beats: Beats,
    tokens: usize,
    /// From the first piece to the last.
    time: Duration,
}

impl Said {
    fn text(&self) -> String {
        let beats = self.beats.as_slice().iter();
        let beats =
            beats.map(|beat| format!("[{}:{}] {}", beat.emotion, beat.intensity, beat.text));
        beats.collect::<Vec<_>>().join(" ")
    }
}

/// Hears a reply; the fastest of some times.
fn said(backend: &mut GgufBackend, request: &Request) -> Result<Said, CliError> {
    let mut best: Option<Said> = None;
    for _ in 0..ROUNDS {
        // She would avoid the words of the round before.
        backend.forget(request.conversation);
        let next = hear(backend, request)?;
        let is_faster = best.as_ref().is_none_or(|best| next.time < best.time);
        if is_faster {
            best = Some(next);
        }
    }
    best.ok_or_else(|| BenchError::Silent.into())
}

fn hear(backend: &mut GgufBackend, request: &Request) -> Result<Said, CliError> {
    let mut reply = backend.start(request.clone())?;
    let mut beats = Beats::default();
    let (mut first, mut last) = (None, Instant::now());
    loop {
        match reply.advance()? {
            Step::Segment(segment) => {
                last = Instant::now();
                first.get_or_insert(last);
                beats.segment(&segment);
            }
            Step::Done(Outcome { stats, .. }) => {
                let first = first.ok_or(BenchError::Silent)?;
                let time = last.duration_since(first);
                return Ok(Said { beats, tokens: stats.reply_tokens, time });
            }
            Step::Working => {
                // Without a limit of tokens per second there is no pause.
                let _ = backend.work();
            }
        }
    }
}

impl GuessReport {
    /// The figures for people to read.
    pub fn table(&self) -> Table {
        let mut table = Table::default();
        table.line("model", format!("{}, {}", self.model, self.file_type));
        table.line("threads", format!("{}, {} cores kept busy", self.threads, self.busy));
        table.line("replies", format!("{}, {} tokens", self.replies, self.tokens));
        table.line("without guesses", format!("{} tokens/s", self.plain_tps));
        table.line(
            &format!("with up to {} guesses", self.guesses),
            format!("{} tokens/s, {} times as fast", self.guessed_tps, self.gain),
        );
        table.line("unguided, without guesses", format!("{} tokens/s", self.unguided_plain_tps));
        table.line(
            "unguided, with guesses",
            format!("{} tokens/s, {} times as fast", self.unguided_guessed_tps, self.unguided_gain),
        );
        table.line("replies that differ", self.different.len());
        for [plain, guessed] in &self.different {
            table.line("  without guesses", plain);
            table.line("  with guesses", guessed);
        }
        table
    }
}
