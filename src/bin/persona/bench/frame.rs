//! What four idols who talk cost the frames of a game.

mod meter;
pub mod pace;
pub mod stage;

use std::time::Duration;

use serde::Serialize;

use super::{
    report::Table,
    scratch::Scratch,
    statistics::{Spread, percentile, rounded},
    subject::Subject,
};
use crate::error::CliError;
use stage::Stage;

/// How long nobody speaks.
const SILENCE: Duration = Duration::from_secs(10);
/// How long all speak.
const TALK: Duration = Duration::from_secs(20);

/// What `persona bench --frame` tells.
#[derive(Debug, Serialize)]
pub struct FrameReport {
    model: String,
    file_type: String,
    threads: usize,
    busy: u32,
    plugin_us: PluginTime,
    frame_ms_off: Spread,
    frame_ms_on: Spread,
    frame_p99_ratio: f64,
    reply_tokens_per_second: f64,
    replies_finished: usize,
    replies_failed: usize,
}

/// Microseconds that the plugin's systems take of a frame while all speak.
#[derive(Debug, Serialize)]
struct PluginTime {
    p50: f64,
    p99: f64,
    max: f64,
}

/// Measures a game in which the idols are silent, then speak all the time.
///
/// # Errors
/// If the model cannot be loaded, or there is no folder for what it keeps.
pub fn measure(subject: &Subject, busy: u32) -> Result<FrameReport, CliError> {
    let scratch = Scratch::new()?;
    let mut stage = Stage::new(subject, scratch.path());
    stage.wait_for_the_model()?;
    let off = pace::run(&mut stage.app, SILENCE);
    stage.talk();
    let on = pace::run(&mut stage.app, TALK);
    let heard = stage.heard();
    let (frame_ms_off, frame_ms_on) = (Spread::of(&off.frame_ms), Spread::of(&on.frame_ms));
    let plugin = |percent| rounded(percentile(&on.plugin_us, percent), 1);
    Ok(FrameReport {
        model: subject.name.clone(),
        file_type: subject.file_type.clone(),
        threads: subject.threads,
        busy,
        plugin_us: PluginTime { p50: plugin(50.0), p99: plugin(99.0), max: plugin(100.0) },
        frame_ms_off,
        frame_ms_on,
        frame_p99_ratio: rounded(frame_ms_on.p99 / frame_ms_off.p99.max(1e-9), 3),
        reply_tokens_per_second: rounded(heard.tokens as f64 / TALK.as_secs_f64(), 1),
        replies_finished: heard.finished,
        replies_failed: heard.failed,
    })
}

impl FrameReport {
    /// The figures for people to read.
    pub fn table(&self) -> Table {
        let mut table = Table::default();
        let spread = |spread: &Spread| format!("{} ms, p99 {} ms", spread.p50, spread.p99);
        table.line("model", format!("{}, {}", self.model, self.file_type));
        table.line("threads", format!("{}, {} cores kept busy", self.threads, self.busy));
        let PluginTime { p50, p99, max } = self.plugin_us;
        table.line("plugin, in a frame", format!("{p50} µs, p99 {p99} µs, at most {max} µs"));
        table.line("frame, all silent", spread(&self.frame_ms_off));
        table.line("frame, all speaking", spread(&self.frame_ms_on));
        table.line("frame, p99 speaking to silent", self.frame_p99_ratio);
        let speed = self.reply_tokens_per_second;
        table.line(
            "replies",
            format!(
                "{} finished, {} failed, {speed} tokens/s",
                self.replies_finished, self.replies_failed
            ),
        );
        table
    }
}
