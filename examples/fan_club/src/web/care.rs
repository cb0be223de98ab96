//! What is done for every request: it may take only so long, and its answer carries headers that keep
//! browsers from doing more with it than is meant.

use std::sync::Arc;

use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use tokio::time::timeout;

use super::{hall::Hall, trouble::Trouble, wire::Peer};

/// Scripts, styles and connections of this server only; nothing inline, nothing framed.
const CONTENT_SECURITY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

const HEADERS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Answers a request in time, with all headers.
pub async fn take(
    State(hall): State<Arc<Hall>>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    request: Request,
    next: Next,
) -> Response {
    peer.clock.pause();
    let answer = timeout(hall.club.limits.patience, next.run(request)).await;
    let mut response = answer.unwrap_or_else(|_| {
        let message = "the request took too long to come in; send it again";
        Trouble::new(StatusCode::REQUEST_TIMEOUT, "too_long", message).into_response()
    });
    if response.status() != StatusCode::SWITCHING_PROTOCOLS {
        peer.clock.start();
    }
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    // Answers are for one fan and one moment; the page says itself how long it may be kept.
    let cache = response.headers_mut().entry(header::CACHE_CONTROL);
    cache.or_insert(HeaderValue::from_static("no-store"));
    response
}
