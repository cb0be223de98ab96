//! What is kept of fans, and who may come in: in SQLite files, and on a real PostgreSQL server that
//! is started for each run.
#![cfg(unix)]

#[path = "keeping/accounts.rs"]
mod accounts;
#[path = "keeping/broken.rs"]
mod broken;
#[path = "keeping/cluster.rs"]
mod cluster;
#[path = "keeping/desk.rs"]
mod desk;
#[path = "keeping/files.rs"]
mod files;
#[path = "keeping/forgetting.rs"]
mod forgetting;
#[path = "keeping/opening.rs"]
mod opening;
#[path = "keeping/proxy.rs"]
mod proxy;
#[path = "keeping/same.rs"]
mod same;
#[path = "keeping/samples.rs"]
mod samples;
#[path = "keeping/sharing.rs"]
mod sharing;
