//! Tests of a store as a whole.

mod files;
mod forgetting;
mod keeping;
mod samples;
mod sharing;
mod writing;
