//! The web's side of the server, over real sockets: who comes in, what is taken, how it ends.

pub mod hall;

#[path = "web/health.rs"]
mod health;
#[path = "web/limits.rs"]
mod limits;
#[path = "web/parting.rs"]
mod parting;
#[path = "web/sign_in.rs"]
mod sign_in;
#[path = "web/talk.rs"]
mod talk;
#[path = "web/wire.rs"]
mod wire;
