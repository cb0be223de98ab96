//! Replies from a server: each of its faults ends in a defined state, nothing is lost, and the main
//! thread is never blocked.
#![cfg(feature = "remote")]

pub mod common;

#[path = "remote/faults.rs"]
mod faults;
#[path = "remote/game.rs"]
mod game;
#[path = "remote/replies.rs"]
mod replies;

use std::sync::Arc;

use bevy_persona::inference::{
    Backend, InferenceError, LoadReport, Worker,
    remote::{RemoteBackend, RemoteError, RemoteSettings},
};
use common::worker::{Reply, ask, request};

/// A worker that asks this server.
fn worker(settings: RemoteSettings) -> Worker {
    let make = move |_: &mut LoadReport<'_>| -> Result<Box<dyn Backend>, InferenceError> {
        let backend = RemoteBackend::open(settings.clone()).map_err(InferenceError::Remote)?;
        Ok(Box::new(backend))
    };
    Worker::spawn("remote", Arc::new(make)).expect("a thread")
}

/// The reply to "Hi".
fn reply_of(settings: RemoteSettings) -> Reply {
    ask(&worker(settings), request("Hi"))
}

/// The error with which a reply ended.
fn error_of(reply: &Reply) -> &RemoteError {
    match &reply.end {
        Err(InferenceError::Remote(error)) => error,
        other => panic!("no error of a server: {other:?}"),
    }
}
