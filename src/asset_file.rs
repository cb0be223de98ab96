//! Reads the file of an asset, for every loader of the crate.

use std::{io, sync::Arc};

use bevy::asset::{LoadContext, io::Reader};

/// A file that cannot be read.
#[derive(Debug)]
pub(crate) struct Unreadable {
    /// The file.
    pub(crate) file: String,
    /// What the system said.
    pub(crate) error: Arc<io::Error>,
}

/// The name of the file for errors, and all that is in it.
pub(crate) async fn read(
    reader: &mut dyn Reader,
    context: &LoadContext<'_>,
) -> Result<(String, Vec<u8>), Unreadable> {
    let file = context.path().to_string();
    let mut bytes = Vec::new();
    match reader.read_to_end(&mut bytes).await {
        Ok(_) => Ok((file, bytes)),
        Err(error) => Err(Unreadable { file, error: Arc::new(error) }),
    }
}
