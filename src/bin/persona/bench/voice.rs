//! How fast the voice model speaks, alone and beside the language model.

use std::{
    fs,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use bevy_persona::{
    cue::VoiceCue,
    model_store::{ModelStore, VoiceFiles},
    persona::Language,
    voice::{
        Order, Speech, SpeechRequest, Utterance, VoiceError, VoiceEvent, VoiceWorker, with_files,
    },
};
use serde::Serialize;

use super::{
    frame::{pace, stage::Stage},
    report::Table,
    scratch::Scratch,
    statistics::{percentile, rounded},
    subject::Subject,
};
use crate::{error::CliError, progress::Progress};

/// A clause of about two seconds, as replies begin.
const CLAUSE: &str = "I was hoping that you would come back today.";
/// What is said all the time.
const SENTENCES: [&str; 4] = [
    "The rain stopped halfway through the song, and the song felt braver.",
    "Tell me which part of the day was the heaviest, and then put it down.",
    "We practised the bridge until our legs complained.",
    "오늘은 새로운 노래를 불러 드릴게요.",
];
/// How often the clause is said.
const TIMES: usize = 7;
/// How long both models work, each alone and both together.
const LONG: Duration = Duration::from_secs(15);
/// How long to wait between two looks at a voice that works.
const LOOK: Duration = Duration::from_millis(1);

/// What `persona bench --voice` tells.
#[derive(Debug, Serialize)]
pub struct VoiceReport {
    busy: u32,
    load_ms: f64,
    clause_seconds: f64,
    first_audio_ms: f64,
    real_time_factor: f64,
    rss_mb: Option<f64>,
    peak_rss_mb: Option<f64>,
    together_real_time_factor: f64,
    reply_tps_alone: f64,
    reply_tps_together: f64,
}

/// Measures the voice model on one thread.
///
/// # Errors
/// If one of the models cannot be loaded or fails.
pub fn measure(subject: &Subject, busy: u32) -> Result<VoiceReport, CliError> {
    let store = ModelStore::user()?;
    let files = Progress::of(|show, cancelled| store.fetch_voice(show, cancelled))?;
    let bare = status("VmRSS:");
    let start = Instant::now();
    // All its threads begin with the low priority that they have in a game.
    let voice = Voice::start(files)?;
    let load_ms = milliseconds(start);
    let mut first = Vec::new();
    let mut clause_seconds = 0.0;
    for _ in 0..TIMES {
        let start = Instant::now();
        clause_seconds = f64::from(voice.say(CLAUSE)?.seconds());
        first.push(milliseconds(start));
    }
    let real_time_factor = voice.speak(&AtomicBool::new(false), LONG / 2)?;
    let of_the_voice = |line| Some(rounded(status(line)? - bare?, 1));
    let (rss_mb, peak_rss_mb) = (of_the_voice("VmRSS:"), of_the_voice("VmHWM:"));

    let scratch = Scratch::new()?;
    let mut stage = Stage::new(subject, scratch.path());
    stage.wait_for_the_model()?;
    stage.talk();
    // Replies become dearer as histories grow: so the time alone lies before and after.
    let before = tokens_in(&mut stage, LONG / 2);
    let stop = Arc::new(AtomicBool::new(false));
    let flag = stop.clone();
    let speaking = thread::spawn(move || voice.speak(&flag, LONG));
    let together = tokens_in(&mut stage, LONG);
    stop.store(true, Ordering::Relaxed);
    let spoken = speaking.join().map_err(|_| VoiceError::Model("it panicked".into()))??;
    let alone = before + tokens_in(&mut stage, LONG / 2);
    let per_second = |tokens: usize| rounded(tokens as f64 / LONG.as_secs_f64(), 1);
    Ok(VoiceReport {
        busy,
        load_ms: rounded(load_ms, 0),
        clause_seconds: rounded(clause_seconds, 2),
        first_audio_ms: rounded(percentile(&first, 50.0), 0),
        real_time_factor: rounded(real_time_factor, 3),
        rss_mb,
        peak_rss_mb,
        together_real_time_factor: rounded(spoken, 3),
        reply_tps_alone: per_second(alone),
        reply_tps_together: per_second(together),
    })
}

/// How many tokens of replies come in so long a time.
fn tokens_in(stage: &mut Stage, long: Duration) -> usize {
    let before = stage.heard().tokens;
    pace::run(&mut stage.app, long);
    stage.heard().tokens - before
}

fn request(text: &str) -> SpeechRequest {
    SpeechRequest {
        speaker: "siwoo".into(),
        pitch_hz: 215.0,
        text: text.into(),
        language: Language::English,
        tone: VoiceCue::default(),
    }
}

/// The voice on the thread that it has in a game.
struct Voice(VoiceWorker);

impl Voice {
    fn start(files: VoiceFiles) -> Result<Self, VoiceError> {
        let voice = VoiceWorker::start("voice", move |_| Ok(Box::new(with_files(&files)?)));
        loop {
            match voice.try_next() {
                Some(VoiceEvent::Failed(error)) => return Err(error),
                Some(_) => return Ok(Self(voice)),
                None => thread::sleep(LOOK),
            }
        }
    }

    /// Speaks for so long; gives seconds of work for each second of speech.
    fn speak(&self, stop: &AtomicBool, long: Duration) -> Result<f64, VoiceError> {
        let start = Instant::now();
        let (mut worked, mut spoken) = (0.0, 0.0);
        for sentence in SENTENCES.iter().cycle() {
            if start.elapsed() >= long || stop.load(Ordering::Relaxed) {
                break;
            }
            let begun = Instant::now();
            spoken += f64::from(self.say(sentence)?.seconds());
            worked += begun.elapsed().as_secs_f64();
        }
        Ok(worked / spoken.max(1e-3))
    }

    fn say(&self, text: &str) -> Result<Speech, VoiceError> {
        let utterance = Utterance::Words(request(text));
        let refused = |_| VoiceError::Model("it takes no order".into());
        let order = Order { ticket: 0, utterance, cancelled: Arc::default() };
        self.0.order(order).map_err(refused)?;
        loop {
            match self.0.try_next() {
                Some(VoiceEvent::Said { speech, .. }) => return speech,
                Some(VoiceEvent::Failed(error)) => return Err(error),
                Some(VoiceEvent::Ready) | None => thread::sleep(LOOK),
            }
        }
    }
}

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1000.0
}

/// A line of what Linux tells of a process, in MB.
fn status(line: &str) -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let rest = status.lines().find_map(|known| known.strip_prefix(line))?;
    let kilobytes: f64 = rest.split_whitespace().next()?.parse().ok()?;
    Some(rounded(kilobytes * 1024.0 / 1e6, 1))
}

impl VoiceReport {
    /// The figures for people to read.
    pub fn table(&self) -> Table {
        let mut table = Table::default();
        table.line("load", format!("{} ms", self.load_ms));
        table.line(
            "first audio",
            format!("{} ms for a clause of {} s", self.first_audio_ms, self.clause_seconds),
        );
        table.line("work for a second of speech", format!("{} s", self.real_time_factor));
        if let (Some(rss), Some(peak)) = (self.rss_mb, self.peak_rss_mb) {
            table.line("memory", format!("{rss} MB, at most {peak} MB"));
        }
        table.line(
            "beside the language model",
            format!("{} s for a second of speech", self.together_real_time_factor),
        );
        table.line(
            "replies meanwhile",
            format!("{} tokens/s, {} alone", self.reply_tps_together, self.reply_tps_alone),
        );
        table
    }
}
