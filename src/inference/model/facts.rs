//! What a model says of itself, without its weights being read.

mod pass;
mod quantisation;
mod sizes;

pub use pass::Pass;
pub use quantisation::{TypeShare, shown_type};
pub use sizes::ModelSizes;

use super::{GgufError, ModelFile, TensorFacts};
use crate::inference::kernels::PackedKind;

/// Rows and columns of a tensor, if it is a matrix.
pub(super) fn matrix(tensor: &TensorFacts) -> Option<(usize, usize)> {
    match tensor.shape[..] {
        [rows, columns] => Some((rows, columns)),
        _ => None,
    }
}

/// The kind into which our own kernels pack a matrix.
pub(super) fn packed_kind(matrix: &TensorFacts) -> PackedKind {
    PackedKind::keeping(&shown_type(&matrix.kind)).unwrap_or(PackedKind::Q8)
}

/// What a model says of itself.
///
/// # Example
/// ```no_run
/// use bevy_persona::inference::model::{self, ModelFacts};
///
/// let file = model::open("model.gguf".as_ref())?;
/// let facts = ModelFacts::of(&*file);
/// println!("{}: {} parameters, {:?}", facts.name, facts.parameters, facts.pass);
/// # Ok::<(), bevy_persona::inference::model::GgufError>(())
/// ```
#[derive(Debug, Clone)]
pub struct ModelFacts {
    /// What it is called.
    pub name: String,
    /// Its kind: `llama`, `gemma3`, …; nothing where the file does not say.
    pub architecture: String,
    /// How many numbers its weights are.
    pub parameters: u64,
    /// The bytes of the weights in the file.
    pub weight_bytes: u64,
    /// How the weights are stored, the most common way first.
    pub quantisation: Vec<TypeShare>,
    /// Its sizes, where the file says them.
    pub sizes: Option<ModelSizes>,
    /// What computes it, or why nothing of ours does.
    pub pass: Result<Pass, GgufError>,
    /// The most tokens that we read at once, prompt and reply together: fewer than it was
    /// trained for where that needs a way of stretching that we do not know.
    pub readable_context: Option<usize>,
    /// The codes of the languages that the file names.
    pub languages: Vec<String>,
    /// Its licence: a name, or an address.
    pub licence: Option<String>,
}

impl ModelFacts {
    /// What this model says.
    #[must_use]
    pub fn of(file: &dyn ModelFile) -> Self {
        let (metadata, tensors) = (file.metadata(), file.tensors());
        let architecture = metadata.string("general.architecture").unwrap_or_default().to_owned();
        let languages = metadata.strings("general.languages").unwrap_or_default();
        let licence = ["general.license", "general.license.name", "general.license.link"]
            .into_iter()
            .find_map(|key| metadata.string(key).ok().filter(|text| !text.trim().is_empty()));
        let readable = Pass::of(file);
        Self {
            name: file.name(),
            parameters: file.parameters(),
            weight_bytes: tensors.iter().map(|tensor| tensor.bytes).fold(0, u64::saturating_add),
            quantisation: TypeShare::of(&tensors),
            sizes: ModelSizes::read(&architecture, metadata, &tensors).ok(),
            readable_context: readable.as_ref().ok().map(|(_, context)| *context),
            pass: readable.map(|(pass, _)| pass),
            languages: languages.into_iter().map(str::to_owned).collect(),
            licence: licence.map(str::to_owned),
            architecture,
        }
    }
}
