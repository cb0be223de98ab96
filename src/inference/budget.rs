//! How much of the machine the model may take.

use std::time::Duration;

use bevy::prelude::Resource;

/// How much of the machine the model may take; may be changed while it runs.
///
/// The cores are the game's in the first place. The least that keeps a conversation lively is enough:
/// a fan reads about five words a second.
///
/// # Example
/// ```
/// use bevy_persona::inference::InferenceBudget;
///
/// // While a boss fight needs the cores:
/// let calm = InferenceBudget { max_threads: 1, tokens_per_second: 20.0, ..Default::default() };
/// assert!(calm.max_threads <= InferenceBudget::default().max_threads);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Resource)]
pub struct InferenceBudget {
    /// The most threads that work at the same time; at least 1. By default one for each core but
    /// one. Models of other architectures than llama take all cores, whatever this says.
    pub max_threads: usize,
    /// The most tokens made in a second, of all speakers together; 0 for as many as it can, the
    /// default.
    pub tokens_per_second: f32,
    /// After this much work in a row the model's thread offers its core to others once. Half a
    /// millisecond by default: a thread that keeps its core for longer may keep a frame waiting.
    pub yield_every: Duration,
    /// The most replies in the making at the same time, of all characters together; at least 1. The
    /// others wait in the order in which they were asked for. 16 by default: a reply of a small model
    /// is made four times, and each takes memory. Where many wait, it is made again only until one is
    /// good enough.
    pub max_replies: usize,
}

impl Default for InferenceBudget {
    fn default() -> Self {
        Self {
            max_threads: cores().saturating_sub(1).max(1),
            tokens_per_second: 0.0,
            yield_every: Duration::from_micros(500),
            max_replies: 16,
        }
    }
}

/// Two threads on one core share its arithmetic units, so that the second adds nothing here; and a
/// process may be given fewer cores than there are.
fn cores() -> usize {
    let given = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    num_cpus::get_physical().min(given)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_core_is_left_to_the_game_if_there_are_two() {
        let threads = InferenceBudget::default().max_threads;
        assert!(threads >= 1 && (threads < cores() || cores() == 1));
    }
}
