//! The web's side of the server: the page, the sign-in, one WebSocket a fan.
//!
//! ```text
//! TCP ──► wire (deadlines) ──► care (headers, time) ──┬─► page, health
//!                                                     ├─► sign-in ──► api
//!                                                     └─► sign-in ──► socket ══ Knock ══► world
//! ```
//!
//! Tokens stand in headers only, never in an address or a log line; and there are no cookies, so that no
//! other site can act for a fan. Nothing here waits for the world.

mod api;
mod care;
mod hall;
mod health;
mod page;
mod sign_in;
mod socket;
mod trouble;
mod wire;

use std::{io, sync::Arc};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware,
    routing::{get, post},
};
use tokio::{net::TcpListener, sync::watch, time::timeout};

use self::{hall::Hall, wire::Wire};
use crate::{accounts::Accounts, door::Door, limits::Limits, metrics::Metrics, status::Status};

/// What the web is made of.
#[derive(Clone)]
pub struct Club {
    /// The way to the world.
    pub door: Door,
    /// Who may come in.
    pub accounts: Accounts,
    /// What is taken of one fan, and of all.
    pub limits: Limits,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    /// Whether anybody may join, by the page.
    pub open: bool,
    /// Whether `/metrics` is shown here too, and not only by [`serve_metrics`].
    pub shows_metrics: bool,
    /// How the world is.
    pub status: Arc<Status>,
}

/// The largest body of a request, in bytes.
const MAX_BODY: usize = 1024;

/// Serves fans until `stop` is true (or dropped): then no connection is taken any more, each open one
/// gets what waits for it, and its end.
///
/// # Errors
/// If the system takes the listener away.
pub async fn serve(
    listener: TcpListener,
    club: Club,
    stop: watch::Receiver<bool>,
) -> io::Result<()> {
    let limits = club.limits.clone();
    let shows_metrics = club.shows_metrics;
    let hall = Arc::new(Hall::new(club, stop.clone()));
    let mut routes = page::routes()
        .route("/ws", get(socket::enter))
        .route("/api/me", get(api::me))
        .route("/api/join", post(api::join))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready));
    if shows_metrics {
        routes = routes.route("/metrics", get(health::metrics));
    }
    serve_routes(Wire::new(listener, &limits), routes, Arc::clone(&hall), stop).await?;
    // Who does not take the end of a connection in time is not waited for.
    let _ = timeout(limits.patience, hall.all_gone()).await;
    Ok(())
}

/// Serves `/metrics`, `/healthz` and `/readyz` alone, on an address that only the operator reaches.
///
/// # Errors
/// If the system takes the listener away.
pub async fn serve_metrics(
    listener: TcpListener,
    club: Club,
    stop: watch::Receiver<bool>,
) -> io::Result<()> {
    let wire = Wire::new(listener, &club.limits);
    let hall = Arc::new(Hall::new(club, stop.clone()));
    let routes = Router::new()
        .route("/metrics", get(health::metrics))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready));
    serve_routes(wire, routes, hall, stop).await
}

async fn serve_routes(
    wire: Wire,
    routes: Router<Arc<Hall>>,
    hall: Arc<Hall>,
    mut stop: watch::Receiver<bool>,
) -> io::Result<()> {
    let routes = routes
        .fallback(trouble::nothing_here)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(middleware::from_fn_with_state(Arc::clone(&hall), care::take))
        .with_state(hall);
    let service = routes.into_make_service_with_connect_info::<wire::Peer>();
    let stopped = async move { until(&mut stop).await };
    axum::serve(wire, service).with_graceful_shutdown(stopped).await
}

/// Waits until the server is to stop, or nobody is left who could say so.
async fn until(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}
