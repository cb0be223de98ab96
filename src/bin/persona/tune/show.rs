//! Shows how far a training is: a bar on a terminal, or lines of JSON.

use std::{
    io::{self, Write},
    path::Path,
    time::{Duration, Instant},
};

use bevy_persona::{
    inference::model::Target,
    train::{TrainEvent, TrainReport},
};
use indicatif::{HumanDuration, ProgressBar, ProgressStyle};
use serde_json::json;

/// What is shown of a training.
pub struct Show {
    json: bool,
    bar: ProgressBar,
    counts: (usize, usize),
    begun: Instant,
    /// Tokens read since it was begun.
    tokens: usize,
    /// A mean of the latest losses, the newest counted most.
    loss: Option<f32>,
    /// The step that was the first since it was begun.
    first: Option<usize>,
}

impl Show {
    pub fn new(json: bool, counts: (usize, usize)) -> Self {
        let style = ProgressStyle::with_template("{bar:24} {pos}/{len}  {msg}");
        let bar = if json { ProgressBar::hidden() } else { ProgressBar::no_length() };
        let bar = bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        let begun = Instant::now();
        Self { json, bar, counts, begun, tokens: 0, loss: None, first: None }
    }

    /// The data has no fault.
    pub fn checked(&self) -> io::Result<()> {
        let (learnt, held_out) = self.counts;
        let mut out = anstream::stdout();
        if self.json {
            return writeln!(out, "{}", json!({"learnt": learnt, "held_out": held_out}));
        }
        writeln!(out, "No fault in {learnt} dialogues to learn from and {held_out} held out.")
    }

    /// Shows an event; gives whether to go on.
    pub fn event(&mut self, event: &TrainEvent) -> bool {
        match *event {
            TrainEvent::Step { step, steps, loss, gradient, rate, tokens } => {
                self.tokens += tokens;
                let first = *self.first.get_or_insert(step - 1);
                let mean = self.loss.map_or(loss, |mean| 0.95 * mean + 0.05 * loss);
                self.loss = Some(mean);
                let passed = self.begun.elapsed();
                let speed = self.tokens as f64 / passed.as_secs_f64();
                if self.json {
                    return say(&json!({"step": step, "steps": steps, "loss": loss,
                        "gradient": gradient, "rate": rate, "tokens": tokens,
                        "tokens_per_second": speed}));
                }
                let left = passed.mul_f64((steps - step) as f64 / (step - first) as f64);
                let left = HumanDuration(Duration::from_secs(left.as_secs()));
                self.bar.set_length(steps as u64);
                self.bar.set_position(step as u64);
                self.bar.set_message(format!("loss {mean:.3}  {speed:.0} tokens/s  {left} left"));
                true
            }
            TrainEvent::HeldOut { step, loss, is_best } => {
                if self.json {
                    return say(&json!({"step": step, "held_out": loss, "is_best": is_best}));
                }
                let best = if is_best { ", the best so far" } else { "" };
                let line = format!("after {step} steps: {loss:.3} on what is held out{best}");
                self.bar.suspend(|| writeln!(anstream::stderr(), "{line}").is_ok())
            }
        }
    }

    /// The training has ended.
    pub fn done(
        &mut self,
        report: &TrainReport,
        before: Option<f32>,
        after: Option<f32>,
        out: &Path,
    ) -> io::Result<()> {
        self.bar.finish_and_clear();
        let seconds = self.begun.elapsed().as_secs_f64();
        let tokens = report.record.tokens;
        let mut stdout = anstream::stdout();
        if self.json {
            let done = json!({"done": !report.interrupted, "steps": report.record.losses.len(),
                "tokens": tokens, "seconds": seconds, "held_out_before": before,
                "held_out_after": after, "stopped_early": report.stopped_early});
            return writeln!(stdout, "{done}");
        }
        let steps = report.record.losses.len();
        let how = match (report.interrupted, report.stopped_early) {
            (true, _) => "interrupted; go on with --resume",
            (_, true) => "what is held out got no better any more",
            _ => "done",
        };
        writeln!(stdout, "{steps} steps, {tokens} tokens in {seconds:.0} s: {how}.")?;
        if let (Some(before), Some(after)) = (before, after) {
            let part = 100.0 * after / before;
            writeln!(
                stdout,
                "Held-out loss {before:.3} -> {after:.3} nats per token ({part:.0} %)."
            )?;
        }
        writeln!(stdout, "{}", out.display())
    }
}

/// Writes a line; gives whether anybody reads.
fn say(line: &serde_json::Value) -> bool {
    writeln!(anstream::stdout(), "{line}").is_ok()
}

/// A matrix by its short name.
pub fn target(name: &str) -> Result<Target, String> {
    match name.trim() {
        "q" => Ok(Target::Query),
        "k" => Ok(Target::Key),
        "v" => Ok(Target::Value),
        "o" => Ok(Target::AttentionOutput),
        "gate" => Ok(Target::Gate),
        "up" => Ok(Target::Up),
        "down" => Ok(Target::Down),
        _ => Err("use some of q, k, v, o, gate, up, down".into()),
    }
}
