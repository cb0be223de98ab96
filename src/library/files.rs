//! Reads the files of asset folders.

use std::path::{Path, PathBuf};

use bevy::{
    asset::{AssetPath, io::ErasedAssetReader},
    prelude::*,
    tasks::futures_lite::StreamExt,
};

/// The files of some folders whose names are taken, each with its asset path and its text, in order.
/// Folders in them are not looked into; what cannot be read is told and left out.
pub(crate) async fn read_assets(
    assets: &AssetServer,
    folders: &[String],
    takes: fn(&str) -> bool,
) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for folder in folders {
        let path = AssetPath::from(folder.clone());
        let Ok(source) = assets.get_source(path.source()) else {
            warn!("{folder}: there is no such asset source");
            continue;
        };
        let reader = source.reader();
        for file in list(reader, path.path().to_path_buf(), folder, takes).await {
            let name = AssetPath::from(file.clone()).with_source(path.source().clone_owned());
            match text(reader, &file).await {
                Ok(text) => files.push((name.to_string(), text)),
                Err(problem) => warn!("{name}: cannot be read: {problem}; it is left out"),
            }
        }
    }
    files
}

async fn list(
    reader: &dyn ErasedAssetReader,
    path: PathBuf,
    folder: &str,
    takes: fn(&str) -> bool,
) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = match reader.read_directory(&path).await {
        Ok(stream) => stream.collect().await,
        Err(error) => {
            warn!("{folder}: cannot be read: {error}; check that the folder exists");
            Vec::new()
        }
    };
    found.retain(|file| takes(&file.to_string_lossy()));
    found.sort_unstable();
    found
}

async fn text(reader: &dyn ErasedAssetReader, file: &Path) -> Result<String, String> {
    let mut opened = reader.read(file).await.map_err(|error| error.to_string())?;
    let mut bytes = Vec::new();
    opened.read_to_end(&mut bytes).await.map_err(|error| error.to_string())?;
    String::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".into())
}
