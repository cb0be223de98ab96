//! Reads what an avatar file says about itself.

use std::sync::Arc;

use bevy::{
    asset::{AssetLoader, LoadContext, io::Reader},
    prelude::*,
};
use gltf::{Document, Gltf, Node};
use thiserror::Error;

use super::{AvatarFormat, AvatarInfo, ShapeBind, plain, vrm0, vrm1};
use crate::asset_file::{self, Unreadable};

/// Why an avatar file cannot be used.
#[derive(Debug, Clone, Error)]
#[non_exhaustive]
pub enum AvatarFileError {
    /// The file cannot be read.
    #[error("{file}: cannot be read: {error}; check that it exists and may be read")]
    Io {
        /// The file.
        file: String,
        /// What the system said.
        error: Arc<std::io::Error>,
    },
    /// The file is no glTF.
    #[error("{file}: is neither VRM nor glTF: {error}; export it again as .vrm or .glb")]
    NotGltf {
        /// The file.
        file: String,
        /// What is wrong with it.
        error: Arc<gltf::Error>,
    },
    /// The file is a VRM, and a part of it is wrong.
    #[error("{file}: in its extension {extension}: {problem}")]
    Extension {
        /// The file.
        file: String,
        /// The name of the glTF extension.
        extension: &'static str,
        /// What is wrong and what to do.
        problem: String,
    },
}

impl From<Unreadable> for AvatarFileError {
    fn from(Unreadable { file, error }: Unreadable) -> Self {
        Self::Io { file, error }
    }
}

/// Loads an [`AvatarInfo`] from `.vrm`, `.glb` and `.gltf`.
#[derive(Debug, Clone, Copy, Default, TypePath)]
pub struct AvatarInfoLoader;

impl AssetLoader for AvatarInfoLoader {
    type Asset = AvatarInfo;
    type Settings = ();
    type Error = AvatarFileError;

    async fn load(
        &self,
        reader: &mut dyn Reader,
        _settings: &(),
        context: &mut LoadContext<'_>,
    ) -> Result<AvatarInfo, AvatarFileError> {
        let (file, bytes) = asset_file::read(reader, context).await?;
        AvatarInfo::read(&file, &bytes)
    }
}

impl AvatarInfo {
    /// Reads it from the bytes of a file; `file` is its name in errors.
    ///
    /// # Errors
    /// If the bytes are no glTF, or the VRM data in it are not as they should be.
    pub fn read(file: &str, bytes: &[u8]) -> Result<Self, AvatarFileError> {
        let gltf = Gltf::from_slice_without_validation(bytes).map_err(|error| {
            AvatarFileError::NotGltf { file: file.into(), error: Arc::new(error) }
        })?;
        let document = &gltf.document;
        let mut info = Self {
            format: AvatarFormat::Gltf,
            name: String::new(),
            bones: std::collections::BTreeMap::new(),
            expressions: std::collections::BTreeMap::new(),
            shapes: shapes(document),
        };
        let names: Vec<String> = document.nodes().map(|node| node_name(&node)).collect();
        let wrong = |extension| {
            move |problem| AvatarFileError::Extension { file: file.into(), extension, problem }
        };
        if let Some(value) = document.extension_value("VRMC_vrm") {
            vrm1::read(value, &names, &mut info).map_err(wrong("VRMC_vrm"))?;
        } else if let Some(value) = document.extension_value("VRM") {
            let meshes: Vec<_> =
                document.nodes().map(|node| node.mesh().map(|mesh| mesh.index())).collect();
            vrm0::read(value, &names, &meshes, &mut info).map_err(wrong("VRM"))?;
        } else {
            plain::read(&names, &mut info);
        }
        info.split_whole_faces();
        Ok(info)
    }
}

/// The name that Bevy gives the entity of a node.
pub(in crate::view::avatar) fn node_name(node: &Node<'_>) -> String {
    node.name().map_or_else(|| format!("GltfNode{}", node.index()), ToString::to_string)
}

fn shapes(document: &Document) -> Vec<ShapeBind> {
    #[derive(Default, serde::Deserialize)]
    #[serde(default, rename_all = "camelCase")]
    struct Extras {
        target_names: Vec<String>,
    }
    let mut shapes = Vec::new();
    for node in document.nodes() {
        let Some(mesh) = node.mesh() else { continue };
        let named: Extras = mesh
            .extras()
            .as_ref()
            .and_then(|extras| serde_json::from_str(extras.get()).ok())
            .unwrap_or_default();
        let count = mesh.primitives().map(|part| part.morph_targets().count()).max().unwrap_or(0);
        shapes.extend((0..count).map(|index| ShapeBind {
            node: node_name(&node),
            index,
            shape: named.target_names.get(index).cloned().unwrap_or_default(),
            weight: 1.0,
        }));
    }
    shapes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = AvatarInfo::read("a.vrm", &bytes);
        }
    }

    #[test]
    fn a_vrm_tells_its_bones_expressions_and_shapes() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/avatars/siwoo.lod.vrm");
        let info = AvatarInfo::read("siwoo.vrm", &std::fs::read(path).unwrap()).unwrap();
        assert_eq!((info.format, info.name.as_str()), (AvatarFormat::Vrm1, "Siwoo"));
        assert!(info.bones.len() >= 52, "{}", info.bones.len());
        let happy = &info.expressions["happy"].binds;
        assert!(happy.iter().any(|bind| bind.shape.starts_with("mouthSmile")), "{happy:?}");
        for name in ["shy", "love", "playful", "blink", "aa", "lookLeft"] {
            assert!(!info.expressions[name].binds.is_empty(), "{name}");
        }
    }

    #[test]
    fn what_is_no_gltf_is_told_so() {
        let error = AvatarInfo::read("cat.vrm", b"meow").unwrap_err().to_string();
        assert!(error.starts_with("cat.vrm: is neither VRM nor glTF"), "{error}");
    }
}
