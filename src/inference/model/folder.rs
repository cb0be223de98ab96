//! A model as a folder, as the Hugging Face hub has them: `config.json`, safetensors, tokenizer.
//!
//! It is read as the GGUF file that llama.cpp's converter would make of it: values get the names
//! that they have there, tensors too, with rows ordered and norms shifted as they are there. So the
//! forward passes know one convention.
//!
//! `config.json` → [`class`] (whether we can run it) → [`values`] and [`rope`] (what it says) and
//! [`plan`] (which tensors there must be, of which shape) → [`shards`] (where they are) → [`recipe`]
//! (how each is read).

mod card;
mod class;
mod error;
mod json;
mod plan;
mod recipe;
mod rope;
mod shards;
mod values;
mod words;

use std::{
    collections::{BTreeMap, HashMap},
    fs::File,
    path::{Path, PathBuf},
};

use candle_core::{
    Device, Tensor,
    quantized::{GgmlDType, QTensor, gguf_file::Value},
};

pub use error::FolderError;

use self::{
    card::Card, class::Class, json::JsonFile, recipe::Recipe, shards::Shards, values::Sizes,
};
use super::{
    Fingerprint, GgufError, ModelFile, TensorFacts,
    tokenizer::{Tokenizer, TokenizerError},
};

/// A folder with a model in it, checked to be whole: every tensor that its `config.json` asks for is
/// there, in the right shape, and no other.
///
/// # Example
/// ```no_run
/// use bevy_persona::inference::model::{ModelFile, SafetensorsFolder};
///
/// let folder = SafetensorsFolder::open("models/SmolLM2-360M-Instruct".as_ref())?;
/// assert_eq!(folder.architecture()?, "llama");
/// # Ok::<(), bevy_persona::inference::model::GgufError>(())
/// ```
pub struct SafetensorsFolder {
    path: PathBuf,
    values: HashMap<String, Value>,
    recipes: BTreeMap<String, Recipe>,
    shards: Shards,
    fingerprint: Fingerprint,
}

impl SafetensorsFolder {
    /// Opens a folder, or the folder around a `.safetensors` file.
    ///
    /// # Errors
    /// If a file is missing or broken, or the model is of a kind that we cannot run.
    pub fn open(path: &Path) -> Result<Self, FolderError> {
        let is_folder = path.is_dir();
        let around = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        let folder = if is_folder { path } else { around.unwrap_or(Path::new(".")) };
        let file = JsonFile::read(&folder.join("config.json"))?;
        let config = file.object()?;
        let class = Class::of(&config)?;
        let shards = Shards::open(folder, (!is_folder).then_some(path))?;
        if Sizes::read(&config)?.layers > shards.len() {
            let fits = format!("one of a model of {} tensors", shards.len());
            return Err(config.wrong("num_hidden_layers", fits));
        }
        let rope = rope::Rope::read(&config, class)?;
        let mut values = values::values(&config, class, &rope)?;
        let recipes = plan::recipes(&config, class, &rope, &shards)?;
        shards.check(&config, &recipes)?;
        let name = folder.canonicalize().unwrap_or_else(|_| folder.into());
        let name = name.file_name().unwrap_or_default().to_string_lossy().into_owned();
        values.insert("general.name".into(), Value::String(name));
        if let Some(template) = words::template(folder)? {
            values.insert("tokenizer.chat_template".into(), Value::String(template));
        }
        let Card { languages, licence } = Card::read(folder);
        if !languages.is_empty() {
            let codes = languages.into_iter().map(Value::String).collect();
            values.insert("general.languages".into(), Value::Array(codes));
        }
        if let Some(licence) = licence {
            values.insert("general.license".into(), Value::String(licence));
        }
        let fingerprint = fingerprint(&file, &shards)?;
        Ok(Self { path: folder.into(), values, recipes, shards, fingerprint })
    }

    fn read(&mut self, name: &str) -> Result<Tensor, GgufError> {
        let Some(recipe) = self.recipes.get(name) else {
            let (tensor, error) = (name.into(), "it is missing".into());
            return Err(GgufError::Tensor { tensor, error });
        };
        let values = recipe.read(&mut self.shards)?;
        Tensor::from_vec(values, recipe.shape.as_slice(), &Device::Cpu)
            .map_err(|error| GgufError::tensor(name, &error))
    }
}

impl ModelFile for SafetensorsFolder {
    fn path(&self) -> &Path {
        &self.path
    }

    fn values(&self) -> &HashMap<String, Value> {
        &self.values
    }

    fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    fn tensors(&self) -> Vec<TensorFacts> {
        let facts = self.recipes.iter().map(|(name, recipe)| recipe.facts(name, &self.shards));
        facts.collect()
    }

    fn has(&self, tensor: &str) -> bool {
        self.recipes.contains_key(tensor)
    }

    fn tensor(&mut self, name: &str) -> Result<QTensor, GgufError> {
        let tensor = self.read(name)?;
        QTensor::quantize(&tensor, GgmlDType::F32).map_err(|error| GgufError::tensor(name, &error))
    }

    fn dequantized(&mut self, name: &str) -> Result<Tensor, GgufError> {
        self.read(name)
    }

    fn tokenizer(&self) -> Result<Tokenizer, TokenizerError> {
        words::tokenizer(&self.path)
    }
}

/// Of how we read folders: weights that were repacked by another version are of no use.
const VERSION: u8 = 1;

fn fingerprint(config: &JsonFile, shards: &Shards) -> Result<Fingerprint, FolderError> {
    let mut parts = Vec::new();
    for path in shards.paths() {
        let io = |error| FolderError::io(path, error);
        let mut file = File::open(path).map_err(io)?;
        parts.push(Fingerprint::of(&mut file).map_err(io)?);
    }
    Ok(Fingerprint::of_parts(&parts, &[config.bytes(), &[VERSION]]))
}
