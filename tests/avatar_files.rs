//! The avatars and motions that the game loads: each file has all that VRM asks for, and all that we
//! promise of it.

#[path = "avatar_files/avatars.rs"]
mod avatars;
#[path = "avatar_files/glb.rs"]
mod glb;
#[path = "avatar_files/motions.rs"]
mod motions;
#[path = "avatar_files/names.rs"]
mod names;
