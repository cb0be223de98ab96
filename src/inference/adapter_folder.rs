//! The adapters that a game brings along for its characters.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::model::{AdapterId, CausalModel, MatrixSizes, ModelFile, PeftAdapter};

/// Adapters by their names.
pub(super) type Adapters = BTreeMap<Arc<str>, AdapterId>;

/// Adds all adapters of a folder that fit a model: PEFT folders in it, or one level deeper, each
/// named as its own folder. Why one does not fit is told in a warning.
pub(super) fn load(folder: &Path, file: &dyn ModelFile, model: &mut dyn CausalModel) -> Adapters {
    let mut adapters = Adapters::new();
    for path in peft_folders(folder) {
        let name: Arc<str> = path.file_name().unwrap_or_default().to_string_lossy().into();
        let added = match adapters.contains_key(&name) {
            true => Err("another one of this name was found before it".into()),
            false => add(&path, file, model),
        };
        match added {
            Ok(id) => {
                adapters.insert(name, id);
            }
            Err(why) => tracing::warn!("the adapter {} is left out: {why}", path.display()),
        }
    }
    adapters
}

fn add(
    path: &Path,
    file: &dyn ModelFile,
    model: &mut dyn CausalModel,
) -> Result<AdapterId, String> {
    let sizes = MatrixSizes::of(file).map_err(|error| error.to_string())?;
    let peft = PeftAdapter::read(path, &sizes).map_err(|error| error.to_string())?;
    if let Some(base) = peft.config.base_model.as_deref() {
        let names = names(file);
        if !is_one_of(base, &names) {
            let names = names.join("`, `");
            return Err(format!("it was made for `{base}`; the model is called `{names}`"));
        }
    }
    model.add_adapter(&peft.adapter).map_err(|error| error.to_string())
}

/// The PEFT folders in a folder, one or two levels deep, sorted.
fn peft_folders(folder: &Path) -> Vec<PathBuf> {
    let inside = subfolders(folder).into_iter().flat_map(|path| match PeftAdapter::is_in(&path) {
        true => vec![path],
        false => subfolders(&path).into_iter().filter(|path| PeftAdapter::is_in(path)).collect(),
    });
    inside.collect()
}

fn subfolders(folder: &Path) -> Vec<PathBuf> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => {
            tracing::warn!("there are no adapters from {}: {error}", folder.display());
            return Vec::new();
        }
    };
    let mut found: Vec<PathBuf> =
        entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    found.sort();
    found
}

/// What a model may be called: by its file, by what was written into it, by what it was made of.
fn names(file: &dyn ModelFile) -> Vec<String> {
    let mut names = vec![file.name()];
    let stem = file.path().file_stem().unwrap_or_default().to_string_lossy().into_owned();
    names.extend((stem != names[0]).then_some(stem));
    let made_of = file.metadata().string("general.base_model.0.name");
    names.extend(made_of.ok().map(str::to_owned));
    names
}

/// Whether a name is among others, whatever their spelling and the quantisation.
fn is_one_of(base: &str, names: &[String]) -> bool {
    let wanted = plain(base);
    wanted.is_empty() || names.iter().any(|name| plain(name) == wanted)
}

/// The letters and digits of the last part of a path, without how the weights are quantised.
fn plain(name: &str) -> String {
    let last = name.trim_end_matches(['/', '\\']).rsplit(['/', '\\']).next().unwrap_or_default();
    let lower = last.to_lowercase();
    let lower = lower.strip_suffix(".gguf").unwrap_or(&lower);
    let whole = match lower.rsplit_once(['.', '-']) {
        Some((before, end)) if is_quantisation(end) => before,
        _ => lower,
    };
    whole.chars().filter(|letter| letter.is_alphanumeric()).collect()
}

/// Whether it is like `q4_1`, `iq3_xs`, `f16`, `bf16`.
fn is_quantisation(text: &str) -> bool {
    let digits = ["iq", "q", "bf", "f"].iter().find_map(|start| text.strip_prefix(start));
    digits.is_some_and(|rest| rest.starts_with(|digit: char| digit.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_by_letters_and_digits() {
        let names = ["Smollm2 135M 8k".to_owned(), "SmolLM2-135M-Instruct.Q4_1".to_owned()];
        for (base, expected) in [
            ("HuggingFaceTB/SmolLM2-135M-Instruct", true),
            ("/models/smollm2_135m_instruct/", true),
            (r"C:\models\SmolLM2-135M-Instruct-F16.gguf", true),
            ("", true),
            ("HuggingFaceTB/SmolLM2-135M", false),
            ("HuggingFaceTB/SmolLM2-360M-Instruct", false),
        ] {
            assert_eq!(is_one_of(base, &names), expected, "{base}");
        }
    }
}
