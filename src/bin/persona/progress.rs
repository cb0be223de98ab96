//! Shows on stderr how far the loading of a model is.

use std::sync::atomic::AtomicBool;

use bevy_persona::inference::Loading;
use indicatif::{DecimalBytes, ProgressBar, ProgressStyle};

/// What is shown where the end is known.
const WITH_TOTAL: &str = "{prefix} {bar:24} {msg}";
/// What is shown where it is not.
const WITHOUT_TOTAL: &str = "{prefix} {spinner} {msg}";

/// A bar that lives as long as there is something to wait for; hidden unless stderr is a terminal.
#[derive(Default)]
pub struct Progress {
    bar: Option<ProgressBar>,
    has_total: bool,
}

impl Progress {
    /// Shows how far a fetch is, as long as it takes.
    pub fn of<T>(fetch: impl FnOnce(&mut dyn FnMut(Loading), &AtomicBool) -> T) -> T {
        let mut progress = Self::default();
        fetch(&mut |loading| progress.show(&loading), &AtomicBool::new(false))
    }

    /// Shows the newest figures.
    pub fn show(&mut self, loading: &Loading) {
        let has_total = loading.total.is_some();
        if self.has_total != has_total {
            self.clear();
            self.has_total = has_total;
        }
        let template = if has_total { WITH_TOTAL } else { WITHOUT_TOTAL };
        let bar =
            self.bar.get_or_insert_with(|| ProgressBar::no_length().with_style(style(template)));
        if let Some(total) = loading.total {
            bar.set_length(total);
        }
        bar.set_prefix(loading.stage.clone());
        bar.set_message(figures(loading));
        bar.set_position(loading.done);
        bar.tick();
    }

    /// Takes the bar away.
    pub fn clear(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}

fn style(template: &str) -> ProgressStyle {
    // Our templates are tested below; a broken one would only look plainer.
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// Bytes and their rate where something is fetched; else the part that is done.
fn figures(loading: &Loading) -> String {
    let done = DecimalBytes(loading.done);
    match (loading.bytes_per_second.map(|rate| DecimalBytes(rate as u64)), loading.total) {
        (Some(rate), Some(total)) => format!("{done} of {} ({rate}/s)", DecimalBytes(total)),
        (Some(rate), None) => format!("{done} ({rate}/s)"),
        (None, _) => {
            let percent = |fraction: f32| format!("{:.0} %", fraction * 100.0);
            loading.fraction().map_or_else(String::new, percent)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_can_be_read() {
        for template in [WITH_TOTAL, WITHOUT_TOTAL] {
            assert!(ProgressStyle::with_template(template).is_ok());
        }
    }

    #[test]
    fn figures_are_shown_as_far_as_they_are_known() {
        for (total, rate, shown) in [
            (Some(98_400_000), Some(2_500_000.0), "24.60 MB of 98.40 MB (2.50 MB/s)"),
            (None, Some(2_500_000.0), "24.60 MB (2.50 MB/s)"),
            (Some(98_400_000), None, "25 %"),
            (None, None, ""),
        ] {
            let (stage, done) = ("fetching".into(), 24_600_000);
            let loading = Loading { stage, done, total, bytes_per_second: rate };
            assert_eq!(figures(&loading), shown);
        }
    }

    #[test]
    fn a_bar_follows_the_loading() {
        let mut progress = Progress::default();
        let mut loading = Loading {
            stage: "downloading".into(),
            done: 10,
            total: Some(98),
            bytes_per_second: Some(5.0),
        };
        progress.show(&loading);
        assert_eq!(progress.bar.as_ref().and_then(ProgressBar::length), Some(98));
        loading.total = None;
        progress.show(&loading);
        assert_eq!(progress.bar.as_ref().map(ProgressBar::position), Some(10));
        progress.clear();
        assert!(progress.bar.is_none());
    }
}
