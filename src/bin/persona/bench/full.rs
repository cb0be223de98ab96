//! All figures of the model alone.

use bevy_persona::inference::Loading;
use serde::Serialize;

use super::{
    adapters, first_token,
    memory::{self, Memory},
    report::{BySize, Table},
    scratch::Scratch,
    speed,
    statistics::rounded,
    subject::Subject,
    world,
};
use crate::{error::CliError, progress::Progress};

/// What `persona bench` tells.
#[derive(Debug, Serialize)]
pub struct FullReport {
    model: String,
    file_type: String,
    threads: usize,
    busy: u32,
    prefill_tps: BySize,
    decode_tps: BySize,
    ttft_cold_ms: f64,
    ttft_warm_ms: f64,
    ttft_warm_new_tokens: usize,
    ttft_restart_ms: f64,
    second_idol_world_tokens_read: u64,
    batch_decode_tps: BySize,
    adapter_decode_ratio: Option<f64>,
    adapter_batch_ratio: Option<f64>,
    load_ms: LoadTimes,
    #[serde(flatten)]
    memory: Memory,
    file_mb: f64,
}

/// Milliseconds to load the model.
#[derive(Debug, Serialize)]
struct LoadTimes {
    /// With nothing kept of it.
    first: f64,
    /// With its repacked weights kept.
    later: f64,
}

/// Measures all of it.
///
/// # Errors
/// If the model cannot be loaded or computed, or there is no folder for what it keeps.
pub fn measure(subject: &Subject, busy: u32) -> Result<FullReport, CliError> {
    let scratch = Scratch::new()?;
    let mut parts = Parts::default();
    parts.next("loading the model");
    let first_load = first_token::first_load(subject)?;
    drop(subject.model(scratch.path())?);
    parts.next("reading and speaking");
    let speed = speed::measure(subject, scratch.path())?;
    parts.next("speaking with adapters");
    let with_adapters = adapters::measure(subject, scratch.path())?;
    parts.next("beginning replies");
    let waiting = first_token::measure(subject, scratch.path())?;
    parts.next("sharing a world");
    let second_idol_world_tokens_read = world::tokens_read_again(subject)?;
    parts.next("looking at the memory");
    let memory = memory::measure_apart(subject, scratch.path())?;
    Ok(FullReport {
        model: subject.name.clone(),
        file_type: subject.file_type.clone(),
        threads: subject.threads,
        busy,
        prefill_tps: speed.prefill,
        decode_tps: speed.decode,
        ttft_cold_ms: rounded(waiting.cold, 1),
        ttft_warm_ms: rounded(waiting.warm, 1),
        ttft_warm_new_tokens: waiting.new_tokens,
        ttft_restart_ms: rounded(waiting.restart, 1),
        second_idol_world_tokens_read,
        batch_decode_tps: speed.batch,
        adapter_decode_ratio: with_adapters.decode,
        adapter_batch_ratio: with_adapters.batch,
        load_ms: LoadTimes { first: rounded(first_load, 1), later: rounded(waiting.load, 1) },
        memory,
        file_mb: rounded(subject.bytes as f64 / 1e6, 1),
    })
}

impl FullReport {
    /// The figures for people to read.
    pub fn table(&self) -> Table {
        let mut table = Table::default();
        table.line("model", format!("{}, {}, {} MB", self.model, self.file_type, self.file_mb));
        table.line("threads", format!("{}, {} cores kept busy", self.threads, self.busy));
        table.sizes("reading", "tokens", &self.prefill_tps, "tokens/s");
        table.sizes("speaking", "tokens before", &self.decode_tps, "tokens/s");
        table.sizes("speaking together", "idols", &self.batch_decode_tps, "tokens/s");
        table.maybe("speed with an adapter", self.adapter_decode_ratio, "of that without");
        table.maybe("speed of 4 with 4 adapters", self.adapter_batch_ratio, "of that without");
        table.line("first piece, new persona", format!("{} ms", self.ttft_cold_ms));
        table.line("first piece, next message", format!("{} ms", self.ttft_warm_ms));
        table.line("first piece, after a restart", format!("{} ms", self.ttft_restart_ms));
        let again = self.second_idol_world_tokens_read;
        table.line("world read again for a second idol", format!("{again} tokens"));
        table.line("loading, first time", format!("{} ms", self.load_ms.first));
        table.line("loading, later", format!("{} ms", self.load_ms.later));
        let memory = &self.memory;
        table.maybe("memory, model and four idols", memory.rss_mb, "MB");
        table.maybe("memory, of the process alone", memory.rss_anon_mb, "MB");
        table.maybe("memory, mapped from files", memory.rss_file_mb, "MB");
        table.line("memory, one idol more", format!("{} MB", memory.kv_mb_per_idol));
        table.line("memory, a token more", format!("{} bytes", memory.kv_bytes_per_token));
        table
    }
}

/// Shows which part is measured.
#[derive(Default)]
struct Parts {
    progress: Progress,
    done: u64,
}

impl Parts {
    const COUNT: u64 = 6;

    fn next(&mut self, stage: &str) {
        self.progress.show(&Loading {
            stage: stage.into(),
            done: self.done,
            total: Some(Self::COUNT),
            bytes_per_second: None,
        });
        self.done += 1;
    }
}
