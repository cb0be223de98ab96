//! What passes over one WebSocket, from the first frame to the last.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::extract::ws::{CloseFrame, Message, WebSocket, close_code};
use bevy_persona::club::{FromServer, Parting};
use futures_util::SinkExt;
use tokio::{
    sync::mpsc::Receiver,
    time::{Interval, MissedTickBehavior, interval, timeout},
};

use super::{
    guest::Guest,
    judge::{self, Refused},
};
use crate::{
    door::{DoorError, Knock, Outbox, as_text},
    limits::{Entry, Verdict},
    web::{hall::Hall, until},
};

/// Frames that wait for a client before it counts as too slow.
const WAITING: usize = 256;

/// Frames that are sent in one go.
const AT_ONCE: usize = 32;

/// How long a client has to see that the connection ends.
const FAREWELL: Duration = Duration::from_secs(2);

/// One connection of a fan.
pub struct Visit {
    hall: Arc<Hall>,
    entry: Entry,
    socket: WebSocket,
    /// When the client last showed that it lives.
    heard: Instant,
    /// Pings to which no pong has come yet.
    unanswered: u32,
    said_bye: bool,
}

/// Why a visit is over.
pub enum Over {
    /// The world sends nothing any more.
    Dropped,
    /// The connection is gone; nothing can be sent.
    Gone,
    /// The client is told, unless the world has told it.
    Bye(Parting),
}

type Step = Result<(), Over>;

impl Visit {
    pub fn new(hall: Arc<Hall>, entry: Entry, socket: WebSocket) -> Self {
        Self { hall, entry, socket, heard: Instant::now(), unanswered: 0, said_bye: false }
    }

    pub async fn run(mut self) {
        let (outbox, sent) = Outbox::pair(WAITING);
        let (door, metrics) = (&self.hall.club.door, &self.hall.club.metrics);
        let over = match Guest::arrive(door, metrics, self.entry.fan().clone(), outbox) {
            Ok(mut guest) => match self.stay(&guest, sent).await {
                Over::Dropped => guest.why_dropped(),
                over => over,
            },
            Err(_) => match self.send(&Refused::busy(None).into()).await {
                Ok(()) => Over::Bye(Parting::ShuttingDown),
                Err(over) => over,
            },
        };
        if let Over::Bye(why) = over {
            self.part(why).await;
        }
    }

    /// Until one side leaves.
    async fn stay(&mut self, guest: &Guest, mut sent: Receiver<Arc<str>>) -> Over {
        let mut stop = self.hall.stop.clone();
        let mut ping = self.pings();
        loop {
            let step = tokio::select! {
                frame = sent.recv() => match frame {
                    Some(frame) => self.pass_on(frame, &mut sent).await,
                    None => Err(Over::Dropped),
                },
                message = self.socket.recv() => match message {
                    Some(Ok(message)) => self.hear(message, guest).await,
                    _ => Err(Over::Gone),
                },
                _ = ping.tick() => self.ask_for_life().await,
                () = until(&mut stop) => Err(self.last_frames(&mut sent).await),
            };
            if let Err(over) = step {
                return over;
            }
        }
    }

    fn pings(&self) -> Interval {
        let mut ping = interval(self.hall.club.limits.ping);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        ping
    }

    async fn ask_for_life(&mut self) -> Step {
        if self.heard.elapsed() > self.hall.club.limits.idle {
            return Err(Over::Gone);
        }
        self.unanswered = self.unanswered.saturating_add(1);
        self.write(Message::Ping(Vec::new().into())).await
    }

    async fn hear(&mut self, message: Message, guest: &Guest) -> Step {
        let now = Instant::now();
        self.heard = now;
        let frame = match message {
            Message::Text(text) => judge::frame(&text, &self.entry, &self.hall.club.limits, now),
            Message::Binary(_) => Err(Refused::binary()),
            // What was asked for is no request of the fan.
            Message::Pong(_) if self.unanswered > 0 => {
                self.unanswered -= 1;
                return Ok(());
            }
            Message::Ping(_) | Message::Pong(_) => {
                let is_flood = self.entry.request(now) != Verdict::Taken && self.entry.refused(now);
                return if is_flood { Err(Over::Bye(Parting::Flooding)) } else { Ok(()) };
            }
            Message::Close(_) => return Err(Over::Gone),
        };
        let refused = match frame {
            Ok(frame) => {
                let nr = judge::number(&frame);
                let knock = Knock::Frame { session: guest.session, frame, at: now };
                match self.hall.club.door.knock(knock) {
                    Ok(()) => {
                        if nr.is_some() {
                            self.hall.club.metrics.message();
                        }
                        return Ok(());
                    }
                    Err(DoorError::Full) => Refused::busy(nr),
                    Err(DoorError::Closed) => return Err(Over::Bye(Parting::ShuttingDown)),
                }
            }
            Err(refused) => refused,
        };
        self.hall.club.metrics.refused(refused.reason);
        if self.entry.refused(now) {
            return Err(Over::Bye(Parting::Flooding));
        }
        self.send(&refused.into()).await
    }

    /// Sends a frame of the world, and those that wait behind it.
    async fn pass_on(&mut self, first: Arc<str>, sent: &mut Receiver<Arc<str>>) -> Step {
        let patience = self.hall.club.limits.patience;
        let mut next = Some(first);
        let mut left = AT_ONCE;
        while let Some(frame) = next {
            self.said_bye |= is_bye(&frame);
            in_time(patience, self.socket.feed(Message::Text((&*frame).into()))).await?;
            left -= 1;
            next = if left > 0 { sent.try_recv().ok() } else { None };
        }
        in_time(patience, self.socket.flush()).await
    }

    /// What the world sent before the server stopped.
    async fn last_frames(&mut self, sent: &mut Receiver<Arc<str>>) -> Over {
        while let Ok(frame) = sent.try_recv() {
            if let Err(over) = self.pass_on(frame, sent).await {
                return over;
            }
        }
        Over::Bye(Parting::ShuttingDown)
    }

    /// Tells the client why the connection ends, and waits a little until it has seen it: what it still
    /// sends would otherwise make the system throw away what was sent to it.
    async fn part(mut self, reason: Parting) {
        if !self.said_bye && self.send(&FromServer::Bye { reason }).await.is_err() {
            return;
        }
        let code = match reason {
            Parting::Flooding => close_code::POLICY,
            _ => close_code::AWAY,
        };
        let close = Message::Close(Some(CloseFrame { code, reason: "".into() }));
        if self.write(close).await.is_ok() {
            let seen = async { while let Some(Ok(_)) = self.socket.recv().await {} };
            let _ = timeout(FAREWELL, seen).await;
        }
    }

    async fn send(&mut self, frame: &FromServer) -> Step {
        self.write(Message::Text((&*as_text(frame)).into())).await
    }

    async fn write(&mut self, message: Message) -> Step {
        in_time(self.hall.club.limits.patience, self.socket.send(message)).await
    }
}

/// What a client does not take in time, it does not take.
async fn in_time<E>(patience: Duration, write: impl Future<Output = Result<(), E>>) -> Step {
    match timeout(patience, write).await {
        Ok(Ok(())) => Ok(()),
        _ => Err(Over::Gone),
    }
}

/// Whether a frame is the last one.
fn is_bye(frame: &str) -> bool {
    frame.starts_with(r#"{"type":"bye""#)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_frame_of_the_world_is_known() {
        for reason in [Parting::ShuttingDown, Parting::SignedOut] {
            assert!(is_bye(&as_text(&FromServer::Bye { reason })));
        }
        assert!(!is_bye(r#"{"type":"begin"}"#));
    }
}
