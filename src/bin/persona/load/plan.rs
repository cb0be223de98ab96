//! What all fans of a run have in common.

use std::time::{Duration, Instant};

use bevy_persona::persona::PersonaId;

use super::{
    args::{LoadArgs, Think},
    join::Ticket,
    markers::Markers,
};

/// The shortest and the longest time of a flood.
const SHORT_FLOOD: Duration = Duration::from_secs(2);
const LONG_FLOOD: Duration = Duration::from_secs(30);

/// How long a flood is in a run of this length: so that there are several, and one at least.
fn flood_of(run: Duration) -> Duration {
    (run / 8).clamp(SHORT_FLOOD, LONG_FLOOD).min(run / 2)
}

/// What all fans of a run have in common.
#[derive(Debug)]
pub struct Plan {
    /// When the run began.
    pub clock: Clock,
    /// When nobody says anything more.
    pub end: Duration,
    /// How long those flood who do, and how long they then stay away, again and again; none where
    /// nobody floods.
    pub flood: Option<Duration>,
    /// How many fans behave; those who flood have the numbers after them.
    pub fans: usize,
    /// Within what time they come.
    pub ramp: Duration,
    /// How long they think.
    pub think: Think,
    /// How long they wait for an answer.
    pub patience: Duration,
    /// Where chance begins.
    pub seed: u64,
    /// To whom they speak, if all to one.
    pub member: Option<PersonaId>,
    /// The part who speaks Korean.
    pub korean: f64,
    /// What only they know.
    pub markers: Markers,
}

impl Plan {
    /// The plan of a run that begins now.
    pub fn of(args: &LoadArgs, crowd: &[Ticket]) -> Self {
        Self {
            clock: Clock::start(),
            end: args.minutes,
            flood: (args.flood > 0).then(|| flood_of(args.minutes)),
            fans: args.fans as usize,
            ramp: args.ramp.min(args.minutes / 2),
            think: args.think,
            patience: args.patience,
            seed: args.seed,
            member: args.member.clone(),
            korean: args.korean,
            markers: Markers::of(crowd.iter().map(|ticket| ticket.identity.as_str())),
        }
    }

    /// Whether those flood who do. A run begins without them. By turns, because a server that fills up
    /// gets slower by itself.
    pub fn floods_at(&self, at: Duration) -> bool {
        let turn = |flood: Duration| (at.as_secs_f64() / flood.as_secs_f64()) as u64;
        self.flood.is_some_and(|flood| turn(flood) % 2 == 1)
    }

    /// When a fan comes.
    pub fn arrival(&self, fan: usize) -> Duration {
        self.ramp.mul_f64(fan as f64 / self.fans.max(1) as f64)
    }
}

/// The time since the run began.
#[derive(Debug, Clone, Copy)]
pub struct Clock(Instant);

impl Clock {
    /// A clock that begins now.
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// The time.
    pub fn now(self) -> Duration {
        self.0.elapsed()
    }
}
