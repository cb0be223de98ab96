//! The page in a real browser: what a fan types, sees and can do. Pictures go to `target/fan_club`.

pub mod hall;

#[path = "page/browser.rs"]
pub mod browser;
#[path = "page/coming.rs"]
mod coming;
#[path = "page/memory.rs"]
mod memory;
#[path = "page/talk.rs"]
mod talk;
#[path = "page/trouble.rs"]
mod trouble;
