//! What the page asks beside the WebSocket.

use std::{sync::Arc, time::Instant};

use axum::{
    Json,
    extract::{ConnectInfo, State, rejection::JsonRejection},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use bevy_persona::mind::FanId;
use serde::Deserialize;
use serde_json::{Value, json};
use tracing::error;

use super::{hall::Hall, sign_in, trouble::Trouble, wire::Peer};
use crate::accounts::AccountError;

/// Who would like to join.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Joining {
    name: String,
}

/// Who the fan is, and why a socket would not open now: a browser does not tell its page the answer to
/// an upgrade that failed.
pub async fn me(
    State(hall): State<Arc<Hall>>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    headers: HeaderMap,
) -> Result<Json<Value>, Trouble> {
    let fan = sign_in::fan(&hall, &headers, &peer).await?;
    let stopping = || hall.club.status.is_stopping().then(Trouble::stopping);
    let turned_away = || hall.fans.may_enter(&fan, Instant::now()).err().map(Trouble::from);
    let mut body = json!({ "fan": fan });
    if let Some(trouble) = stopping().or_else(turned_away) {
        body["turned_away"] = trouble.body();
    }
    Ok(Json(body))
}

/// Gives a new fan an account, where anybody may have one.
pub async fn join(
    State(hall): State<Arc<Hall>>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    headers: HeaderMap,
    joining: Result<Json<Joining>, JsonRejection>,
) -> Result<Response, Trouble> {
    if !hall.club.open {
        let message = "new fans get their token from whoever runs this server";
        return Err(Trouble::new(StatusCode::FORBIDDEN, "closed", message));
    }
    if hall.club.status.is_stopping() {
        return Err(Trouble::stopping());
    }
    let Json(Joining { name }) =
        joining.map_err(|error| Trouble::new(error.status(), "bad_request", error.body_text()))?;
    let fan: FanId = name
        .trim()
        .parse()
        .map_err(|error| Trouble::new(StatusCode::BAD_REQUEST, "bad_name", format!("{error}")))?;
    hall.joins.take(hall.address(&headers, &peer), Instant::now()).map_err(|wait| {
        hall.club.metrics.turned_away("too_often");
        Trouble::too_often(wait)
    })?;
    let token = hall.club.accounts.add(&fan).await.map_err(|error| match error {
        AccountError::Taken(_) => {
            let message = "another fan has this name; take another";
            Trouble::new(StatusCode::CONFLICT, "taken", message)
        }
        error => {
            error!("a fan cannot join: {error}");
            Trouble::no_accounts()
        }
    })?;
    let body = json!({ "fan": fan, "token": token.reveal() });
    Ok((StatusCode::CREATED, Json(body)).into_response())
}
