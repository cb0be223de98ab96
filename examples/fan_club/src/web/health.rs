//! What the operator's tools ask.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::hall::Hall;
use crate::status::State as World;

/// What the format of Prometheus is called.
const FORMAT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// 200 as long as the process lives.
pub async fn alive() -> Json<Value> {
    Json(json!({ "state": "alive" }))
}

/// 200 if fans are answered, else 503, and why.
pub async fn ready(State(hall): State<Arc<Hall>>) -> Response {
    let (status, body) = match hall.club.status.now() {
        World::Ready => (StatusCode::OK, json!({ "state": "ready" })),
        World::Loading { percent } => {
            (StatusCode::SERVICE_UNAVAILABLE, json!({ "state": "loading", "percent": percent }))
        }
        World::Failed { message } => {
            (StatusCode::SERVICE_UNAVAILABLE, json!({ "state": "failed", "message": message }))
        }
        World::Stopping => (StatusCode::SERVICE_UNAVAILABLE, json!({ "state": "stopping" })),
    };
    (status, Json(body)).into_response()
}

/// What is counted.
pub async fn metrics(State(hall): State<Arc<Hall>>) -> Response {
    ([(header::CONTENT_TYPE, FORMAT)], hall.club.metrics.text()).into_response()
}
