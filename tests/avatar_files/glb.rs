//! Reads binary glTF files: a JSON document, and a buffer that it describes.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

const MAGIC: &[u8] = b"glTF";
const VERSION: u32 = 2;
const FILE_HEADER: usize = 12;
const CHUNK_HEADER: usize = 8;
/// The component type of `f32`.
const FLOAT: u64 = 5126;

/// A folder of assets in this repository.
pub fn assets(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets").join(folder)
}

/// The names of all files of a folder that end like this, sorted.
pub fn files(folder: &str, extension: &str) -> Vec<String> {
    let entries = fs::read_dir(assets(folder)).expect("the folder of these assets");
    let names = entries.map(|entry| entry.expect("an entry of the folder").file_name());
    let mut names: Vec<_> = names.map(|name| name.to_string_lossy().into_owned()).collect();
    names.retain(|name| Path::new(name).extension().is_some_and(|end| end == extension));
    names.sort();
    names
}

/// A binary glTF file.
pub struct Glb {
    /// Its name, for messages.
    pub name: String,
    /// Its size in bytes.
    pub size: usize,
    /// The document.
    pub json: Value,
    buffer: Vec<u8>,
}

impl Glb {
    /// Reads a file of `assets`.
    pub fn read(folder: &str, name: &str) -> Self {
        let path = assets(folder).join(name);
        let bytes = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Self::parse(name, &bytes)
    }

    fn parse(name: &str, bytes: &[u8]) -> Self {
        assert!(bytes.starts_with(MAGIC), "{name}: not a binary glTF file");
        assert_eq!(word(bytes, 4), VERSION, "{name}: the version of glTF");
        assert_eq!(word(bytes, 8) as usize, bytes.len(), "{name}: the file is cut off or too long");
        let (kind, text, rest) = chunk(&bytes[FILE_HEADER..]);
        assert_eq!(kind, b"JSON", "{name}: the kind of the first chunk");
        let json = serde_json::from_slice(text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let (kind, buffer, _) = chunk(rest);
        assert_eq!(kind, b"BIN\0", "{name}: the kind of the second chunk");
        Self { name: name.into(), size: bytes.len(), json, buffer: buffer.into() }
    }

    /// What is at this place of the document, such as `/meshes/0/name`.
    pub fn at(&self, place: &str) -> &Value {
        self.json.pointer(place).unwrap_or_else(|| panic!("{}: no {place}", self.name))
    }

    /// The list at this place; an empty one if there is none.
    pub fn list(&self, place: &str) -> &[Value] {
        self.json.pointer(place).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// The number at this place.
    pub fn index(&self, place: &str) -> usize {
        let number = self.at(place).as_u64();
        number.unwrap_or_else(|| panic!("{}: {place} is no index", self.name)) as usize
    }

    /// The names at this place: the keys of an object.
    pub fn keys(&self, place: &str) -> Vec<&str> {
        let object = self.at(place).as_object();
        let object = object.unwrap_or_else(|| panic!("{}: {place} is no object", self.name));
        object.keys().map(String::as_str).collect()
    }

    /// The rows of an accessor of floats.
    pub fn rows(&self, accessor: usize) -> Vec<Vec<f32>> {
        let place = format!("/accessors/{accessor}");
        let kind = self.at(&format!("{place}/componentType")).as_u64();
        assert_eq!(kind, Some(FLOAT), "{}: the component type of {place}", self.name);
        let width = match self.at(&format!("{place}/type")).as_str() {
            Some("SCALAR") => 1,
            Some("VEC3") => 3,
            Some("VEC4") => 4,
            other => panic!("{}: {place} has the type {other:?}", self.name),
        };
        let view = format!("/bufferViews/{}", self.index(&format!("{place}/bufferView")));
        let start = self.index(&format!("{view}/byteOffset"));
        let size = self.index(&format!("{place}/count")) * width * size_of::<f32>();
        let bytes = self.buffer.get(start..start + size);
        let bytes = bytes.unwrap_or_else(|| panic!("{}: {place} is beyond the end", self.name));
        let (floats, _) = bytes.as_chunks();
        let floats: Vec<_> = floats.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
        floats.chunks(width).map(Into::into).collect()
    }
}

/// The kind of a chunk, its content, and what follows it.
fn chunk(bytes: &[u8]) -> (&[u8], &[u8], &[u8]) {
    let (header, rest) = bytes.split_at(CHUNK_HEADER);
    let (content, rest) = rest.split_at(word(header, 0) as usize);
    (&header[4..], content, rest)
}

fn word(bytes: &[u8], start: usize) -> u32 {
    let word = bytes.get(start..).and_then(|bytes| bytes.first_chunk());
    u32::from_le_bytes(*word.expect("a whole file"))
}
