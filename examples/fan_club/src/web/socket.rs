//! One WebSocket a fan.

mod guest;
mod judge;
mod visit;

use std::{sync::Arc, time::Instant};

use axum::{
    extract::{
        ConnectInfo, State,
        ws::{WebSocketUpgrade, rejection::WebSocketUpgradeRejection},
    },
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use bevy_persona::club::SUBPROTOCOL;
use tracing::debug;

use self::visit::Visit;
use super::{hall::Hall, sign_in, trouble::Trouble, wire::Peer};

/// How much of what is read and written is held for a connection, in bytes. A client sends little.
const BUFFER: usize = 4 * 1024;

/// The largest frame that is read at all, as a multiple of what is taken: one that is only a little too
/// large is refused, and the connection stays.
const READ: usize = 4;

/// Opens a WebSocket for a fan who is known; a stranger gets no further than a 401.
pub async fn enter(
    State(hall): State<Arc<Hall>>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Response> {
    if hall.club.status.is_stopping() {
        return Err(Trouble::stopping().into_response());
    }
    let fan = sign_in::fan(&hall, &headers, &peer).await.map_err(Trouble::into_response)?;
    let upgrade = upgrade.map_err(WebSocketUpgradeRejection::into_response)?;
    let entry = hall.fans.enter(fan, Instant::now()).map_err(|why| {
        hall.club.metrics.turned_away(why.reason());
        Trouble::from(why).into_response()
    })?;
    let largest = hall.club.limits.max_frame.saturating_mul(READ);
    let presence = hall.presence();
    let opened = upgrade
        .protocols([SUBPROTOCOL])
        .read_buffer_size(BUFFER)
        .write_buffer_size(BUFFER)
        .max_frame_size(largest)
        .max_message_size(largest)
        .on_failed_upgrade(|error| debug!("a WebSocket did not open: {error}"))
        .on_upgrade(move |socket| async move {
            let _presence = presence;
            Visit::new(hall, entry, socket).run().await;
        });
    Ok(opened)
}
