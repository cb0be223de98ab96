//! A fan, as the world hears of one connection: it arrives once, and leaves once.

use std::{sync::Arc, time::Duration};

use bevy_persona::{club::Parting, mind::FanId};
use tokio::{runtime::Handle, time::sleep};

use super::visit::Over;
use crate::{
    door::{Door, DoorError, Knock, Outbox, SessionId},
    metrics::Metrics,
};

/// A connection that the world knows of, until it is dropped.
pub struct Guest {
    pub session: SessionId,
    door: Door,
    metrics: Arc<Metrics>,
    has_left: bool,
}

/// The time between two knocks at a door that does not hear.
const AGAIN: Duration = Duration::from_millis(50);

impl Guest {
    /// Tells the world that a fan is here.
    pub fn arrive(
        door: &Door,
        metrics: &Arc<Metrics>,
        fan: FanId,
        outbox: Outbox,
    ) -> Result<Self, DoorError> {
        let session = SessionId::draw();
        door.knock(Knock::Arrive { session, fan, outbox })?;
        metrics.connected();
        let (door, metrics) = (door.clone(), Arc::clone(metrics));
        Ok(Self { session, door, metrics, has_left: false })
    }

    /// Why the world has dropped its outbox, if it has not said so itself.
    pub fn why_dropped(&mut self) -> Over {
        Over::Bye(match self.leave() {
            Err(DoorError::Closed) => Parting::ShuttingDown,
            // A world that lives drops only whom it cannot send to.
            Err(DoorError::Full) | Ok(()) => Parting::TooSlow,
        })
    }

    fn leave(&mut self) -> Result<(), DoorError> {
        let leave = |door: &Door, session| door.knock(Knock::Leave { session });
        self.has_left = true;
        let left = leave(&self.door, self.session);
        if left == Err(DoorError::Full) {
            // It has to hear this some time, or the fan would stay in the world for ever.
            let (door, session) = (self.door.clone(), self.session);
            if let Ok(runtime) = Handle::try_current() {
                runtime.spawn(async move {
                    while leave(&door, session) == Err(DoorError::Full) {
                        sleep(AGAIN).await;
                    }
                });
            }
        }
        left
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        self.metrics.disconnected();
        if !self.has_left {
            // Who does not hear it now hears it later, and who is gone need not.
            let _ = self.leave();
        }
    }
}
