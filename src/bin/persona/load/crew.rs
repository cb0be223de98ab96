//! A thread for each fan: it does what the state machine says.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, Builder, JoinHandle},
    time::Duration,
};

use crossbeam_channel::{Receiver, Sender, unbounded};

use super::{
    address::Address,
    args::LoadArgs,
    error::LoadError,
    fan::{Fan, Next},
    flood::Flooder,
    join::Ticket,
    note::News,
    plan::Plan,
    wire::Wire,
};

/// Room for a TLS handshake; most of it is never touched.
const STACK: usize = 512 * 1024;
/// How long a fan looks away from whether the run is to stop.
const LOOK: Duration = Duration::from_millis(250);

/// The threads.
pub struct Crew(Vec<JoinHandle<()>>);

impl Crew {
    /// Lets all come. Who listens hears from them until the last one has gone.
    ///
    /// # Errors
    /// If the system gives too few threads.
    pub fn start(
        args: &LoadArgs,
        plan: &Arc<Plan>,
        crowd: &[Ticket],
        stop: &Arc<AtomicBool>,
    ) -> Result<(Self, Receiver<News>), LoadError> {
        let (sender, news) = unbounded();
        let mut threads = Vec::new();
        for (nr, ticket) in crowd.iter().enumerate() {
            let visit = Visit {
                nr,
                server: args.url.clone(),
                token: ticket.token.clone(),
                plan: plan.clone(),
                stop: stop.clone(),
                news: sender.clone(),
            };
            let floods = nr >= plan.fans;
            let thread = Builder::new().name(format!("fan {nr}")).stack_size(STACK);
            let started = thread.spawn(move || if floods { visit.flood() } else { visit.live() });
            match started {
                Ok(thread) => threads.push(thread),
                Err(error) => {
                    stop.store(true, Ordering::Relaxed);
                    Self(threads).join();
                    return Err(LoadError::Thread(error));
                }
            }
        }
        Ok((Self(threads), news))
    }

    /// Waits until all have gone; gives how many of them panicked.
    pub fn join(self) -> u64 {
        self.0.into_iter().map(|thread| u64::from(thread.join().is_err())).sum()
    }
}

/// What one thread has.
pub struct Visit {
    /// The fan's number.
    pub nr: usize,
    /// Where she goes.
    pub server: Address,
    /// What she shows there.
    pub token: String,
    /// What all have in common.
    pub plan: Arc<Plan>,
    /// Whether the run is to stop.
    pub stop: Arc<AtomicBool>,
    /// Who listens to her.
    pub news: Sender<News>,
}

impl Visit {
    /// A fan comes, talks, and goes.
    fn live(self) {
        let clock = self.plan.clock;
        let mut fan = Fan::new(self.nr, self.plan.clone());
        let mut wire: Option<Wire> = None;
        while !self.stop.load(Ordering::Relaxed) {
            let now = clock.now();
            let wait = |until: Duration| until.saturating_sub(now).min(LOOK);
            match (fan.next(now), &mut wire) {
                (Next::Leave, _) => break,
                (Next::Open, _) => match Wire::open(&self.server, &self.token) {
                    Ok(opened) => {
                        wire = Some(opened);
                        fan.opened(clock.now());
                    }
                    Err(error) => fan.not_opened(error, clock.now()),
                },
                (Next::HangUp, _) => {
                    if let Some(wire) = wire.take() {
                        wire.close();
                    }
                }
                (Next::Send(frame), Some(socket)) => {
                    if let Err(lost) = socket.send(&frame) {
                        wire = None;
                        fan.lost(lost, clock.now());
                    }
                }
                (Next::Listen(until), Some(socket)) => match socket.read(wait(until)) {
                    Ok(Some(text)) => fan.hear(&text, clock.now()),
                    Ok(None) => {}
                    Err(lost) => {
                        wire = None;
                        fan.lost(lost, clock.now());
                    }
                },
                (Next::Rest(until) | Next::Listen(until), _) => thread::sleep(wait(until)),
                (Next::Send(_), None) => {}
            }
            self.tell(&mut fan);
        }
        self.tell(&mut fan);
        if let Some(wire) = wire {
            wire.close();
        }
    }

    fn tell(&self, fan: &mut Fan) {
        let at = self.plan.clock.now();
        for note in fan.take_notes() {
            // Where nobody listens, the program ends.
            let _ = self.news.send(News::Fan { fan: self.nr, at, note });
        }
    }

    /// Somebody comes from time to time, and floods.
    fn flood(self) {
        Flooder::new(self).run();
    }
}
