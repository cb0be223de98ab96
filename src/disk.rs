//! Files that can be made again: written whole or not at all, and not too many.

pub(crate) mod cache_folder;
pub(crate) mod whole_file;
