//! The names of models, as people write them.

use std::{fmt, path::PathBuf, str::FromStr};

use thiserror::Error;

/// Which model is meant.
///
/// # Example
/// ```
/// use bevy_persona::model_store::ModelSource;
///
/// let small: ModelSource = "default".parse()?;
/// let other: ModelSource = "hub:owner/repo/model.Q4_K_M.gguf@main".parse()?;
/// let mine: ModelSource = "~/models/mine.gguf".parse()?;
///
/// assert_eq!(small, ModelSource::Default);
/// assert!(matches!(&other, ModelSource::Hub(file) if file.revision() == Some("main")));
/// assert_eq!(mine.to_string(), "~/models/mine.gguf");
/// # Ok::<(), bevy_persona::model_store::ParseModelSourceError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum ModelSource {
    /// The model that is fetched when none is named: small enough for any machine.
    #[default]
    Default,
    /// A GGUF file on this machine, or a folder with `config.json`, tokenizer and safetensors; `~` is the
    /// home folder.
    Path(PathBuf),
    /// A GGUF file on the Hugging Face hub.
    Hub(HubFile),
}

impl fmt::Display for ModelSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::Hub(file) => write!(f, "hub:{file}"),
            Self::Path(path) => {
                let text = path.display().to_string();
                // A file that is really called `default` reads back as a file.
                let is_path = matches!(text.parse::<Self>(), Ok(Self::Path(_)));
                write!(f, "{}{text}", if is_path { "" } else { "./" })
            }
        }
    }
}

impl FromStr for ModelSource {
    type Err = ParseModelSourceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.trim().is_empty() {
            return Err(ParseModelSourceError::Empty);
        }
        if text == "default" {
            return Ok(Self::Default);
        }
        if ["https://", "http://"].into_iter().any(|scheme| text.starts_with(scheme)) {
            return Err(ParseModelSourceError::Address(text.into()));
        }
        match text.strip_prefix("hub:") {
            Some(file) => file.parse().map(Self::Hub),
            None => Ok(Self::Path(text.into())),
        }
    }
}

/// A GGUF file on the Hugging Face hub: `owner/repo/file.gguf`, with `@revision` behind it if one
/// is meant.
///
/// The file may lie in folders of the repository. A revision is a branch, a tag or a commit.
///
/// # Example
/// ```
/// use bevy_persona::model_store::HubFile;
///
/// let file: HubFile = "owner/repo/small/model.gguf@v2".parse()?;
/// assert_eq!((file.repo(), file.file()), ("owner/repo", "small/model.gguf"));
/// assert!("owner/repo/../model.gguf".parse::<HubFile>().is_err());
/// # Ok::<(), bevy_persona::model_store::ParseModelSourceError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct HubFile {
    pub(super) repo: String,
    pub(super) file: String,
    pub(super) revision: Option<String>,
}

impl HubFile {
    /// A file of the repository `owner/repo`.
    ///
    /// # Errors
    /// If one of the names cannot be: they become part of paths and addresses, so only letters,
    /// digits and a few signs are allowed, and no `..`.
    pub fn new(
        repo: &str,
        file: &str,
        revision: Option<&str>,
    ) -> Result<Self, ParseModelSourceError> {
        let made =
            Self { repo: repo.into(), file: file.into(), revision: revision.map(str::to_owned) };
        match repo.split_once('/') {
            Some((owner, name)) if !file.is_empty() => {
                made.allow([owner, name], "-_.")?;
                if let Some(double) = [owner, name].into_iter().find(|name| name.contains("--")) {
                    return Err(made.refused(double));
                }
            }
            _ => return Err(ParseModelSourceError::Shape(made.to_string())),
        }
        made.allow(file.split('/'), "-_.+=,()~!")?;
        made.allow(revision.into_iter().flat_map(|revision| revision.split('/')), "-_.")?;
        let ending = file.rsplit_once('.').map_or("", |(_, ending)| ending);
        if ending.eq_ignore_ascii_case("gguf") {
            Ok(made)
        } else {
            Err(ParseModelSourceError::Ending(made.to_string()))
        }
    }

    fn allow<'a>(
        &self,
        parts: impl IntoIterator<Item = &'a str>,
        signs: &str,
    ) -> Result<(), ParseModelSourceError> {
        let good = |part: &str| {
            !matches!(part, "" | "." | "..")
                && part.chars().all(|c| c.is_ascii_alphanumeric() || signs.contains(c))
        };
        match parts.into_iter().find(|part| !good(part)) {
            Some(part) => Err(self.refused(part)),
            None => Ok(()),
        }
    }

    fn refused(&self, part: &str) -> ParseModelSourceError {
        ParseModelSourceError::Part { part: part.into(), name: self.to_string() }
    }

    /// The repository: `owner/repo`.
    #[must_use]
    pub fn repo(&self) -> &str {
        &self.repo
    }

    /// The file in it, with its folders.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The revision, if one is named.
    #[must_use]
    pub fn revision(&self) -> Option<&str> {
        self.revision.as_deref()
    }

    pub(super) fn revision_or_main(&self) -> &str {
        self.revision.as_deref().unwrap_or("main")
    }
}

impl fmt::Display for HubFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.repo, self.file)?;
        self.revision.iter().try_for_each(|revision| write!(f, "@{revision}"))
    }
}

impl FromStr for HubFile {
    type Err = ParseModelSourceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, revision) = match text.split_once('@') {
            Some((name, revision)) => (name, Some(revision)),
            None => (text, None),
        };
        let repo_end = name.match_indices('/').nth(1).map(|(at, _)| at);
        let Some(repo_end) = repo_end else {
            return Err(ParseModelSourceError::Shape(text.into()));
        };
        Self::new(&name[..repo_end], &name[repo_end + 1..], revision)
    }
}

/// Why a text does not name a model.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ParseModelSourceError {
    /// There is nothing.
    #[error(
        "no model is named; write `default`, `hub:owner/repo/file.gguf`, or the path of a GGUF \
         file or of a folder of safetensors"
    )]
    Empty,
    /// It is a web address.
    #[error(
        "`{0}` is a web address; write `hub:owner/repo/file.gguf`, or download the file and give \
         its path"
    )]
    Address(String),
    /// It does not name owner, repository and file.
    #[error("`hub:{0}` does not name a file; write `hub:owner/repo/file.gguf`")]
    Shape(String),
    /// A part of it cannot be.
    #[error(
        "`{part}` cannot be a part of `hub:{name}`; copy the names of owner, repository and file \
         from the page of the model: letters, digits, `-`, `_`, `.`"
    )]
    Part {
        /// The part.
        part: String,
        /// All of it.
        name: String,
    },
    /// It is no GGUF file.
    #[error("`hub:{0}` is not a GGUF file; choose a file that ends in .gguf")]
    Ending(String),
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn hub(repo: &str, file: &str, revision: Option<&str>) -> ModelSource {
        ModelSource::Hub(HubFile::new(repo, file, revision).unwrap())
    }

    #[test]
    fn what_people_write_is_understood() {
        let path = |path: &str| ModelSource::Path(path.into());
        for (text, meant) in [
            ("default", ModelSource::Default),
            ("./default", path("./default")),
            ("Default", path("Default")),
            ("model.gguf", path("model.gguf")),
            ("~/모델/a b.gguf", path("~/모델/a b.gguf")),
            (r"C:\models\a.gguf", path(r"C:\models\a.gguf")),
            ("hub:o/r/f.gguf", hub("o/r", "f.gguf", None)),
            ("hub:o/r.v2/a/b-Q4_0.GGUF", hub("o/r.v2", "a/b-Q4_0.GGUF", None)),
            ("hub:o/r/f.gguf@refs/pr/1", hub("o/r", "f.gguf", Some("refs/pr/1"))),
        ] {
            assert_eq!(text.parse(), Ok(meant.clone()), "{text}");
            assert_eq!(meant.to_string(), text);
        }
    }

    #[test]
    fn what_cannot_be_is_refused_with_advice() {
        for (text, advice) in [
            ("", "write `default`"),
            (" ", "write `default`"),
            ("https://huggingface.co/o/r", "web address"),
            ("hub:", "does not name a file"),
            ("hub:o/r", "does not name a file"),
            ("hub:o/r/", "does not name a file"),
            ("hub:o/r/f.safetensors", "not a GGUF file"),
            ("hub:o/r/gguf", "not a GGUF file"),
            ("hub:../r/f.gguf", "`..` cannot be"),
            ("hub:o/r/../../f.gguf", "`..` cannot be"),
            ("hub:o/r//f.gguf", "`` cannot be"),
            ("hub:o--p/r/f.gguf", "`o--p` cannot be"),
            ("hub:o/r/f\\g.gguf", "cannot be"),
            ("hub:o/r/f.gguf@", "`` cannot be"),
            ("hub:o/r/f.gguf@a/../b", "`..` cannot be"),
            ("hub:o/r/f.gguf@a@b", "`a@b` cannot be"),
        ] {
            let error = text.parse::<ModelSource>().unwrap_err().to_string();
            assert!(error.contains(advice), "{text}: {error}");
        }
    }

    #[test]
    fn a_file_called_default_reads_back_as_a_file() {
        let file = ModelSource::Path("default".into());
        assert_eq!(file.to_string().parse(), Ok(ModelSource::Path("./default".into())));
    }

    proptest! {
        #[test]
        fn every_name_reads_back(
            text in r"\PC*|(hub:)?[a-zé./@-]{0,30}(\.gguf)?(@[a-z./]{0,8})?",
        ) {
            if let Ok(source) = text.parse::<ModelSource>() {
                prop_assert_eq!(source.to_string().parse(), Ok(source));
            }
        }
    }
}
