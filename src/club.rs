//! What a server of many fans and its clients say to each other.
//!
//! One WebSocket a fan, one JSON object a text frame. The server of `examples/fan_club` speaks it, its
//! page, and `persona load`; a game that wants to be a client of such a server can use it too.
//!
//! # Sign-in
//! A client shows its token when it opens the socket: `Authorization: Bearer TOKEN`, or, from a browser,
//! which cannot set headers, as a second subprotocol beside [`SUBPROTOCOL`]: `bearer.TOKEN`. Without a
//! token that is known the answer is `401`, and no socket opens.
//!
//! # A turn
//! [`ToServer::Say`] is answered by [`FromServer::Begin`], any number of [`FromServer::Feel`] and
//! [`FromServer::Words`], and exactly one [`FromServer::End`] or [`FromServer::Failed`]; or, where it is
//! not taken at all, by one [`FromServer::Refused`]. All of them carry the number that the client gave the
//! message. An `End` is sent when the turn has been kept: what a client saw the end of outlives the server.

mod from_server;
mod to_server;

pub use from_server::{
    Ending, FromServer, Line, Member, Moment, Parting, Recollection, Refusal, Speaker,
};
pub use to_server::ToServer;

/// The WebSocket subprotocol of this version.
pub const SUBPROTOCOL: &str = "persona.v1";

/// What stands before a token that is given as a subprotocol.
pub const BEARER_PREFIX: &str = "bearer.";

#[cfg(test)]
mod tests;
