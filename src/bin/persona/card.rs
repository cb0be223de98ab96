//! `persona import-card` and `persona export-card`: characters from other programs, and for them.

mod disk;

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

use bevy_persona::{
    card::{Card, Export, Exported, Spec, id_of, import},
    persona::{Language, PersonaId, personas_folder},
};
use clap::{Args, ValueEnum};

pub use disk::CardFileError;
use disk::{read, read_card, write};

use crate::{cast, error::CliError, paint::visible, shelf};

/// Which card to import.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// The card: a PNG picture or a JSON file
    #[arg(value_name = "FILE")]
    pub card: PathBuf,

    /// Where the files of the character are put
    ///
    /// Without it: the folder `personas` beside the program or in the working folder.
    #[arg(long, value_name = "FOLDER")]
    pub out: Option<PathBuf>,

    /// What the files are called; without it the name of the character, or that of the file
    #[arg(long)]
    pub id: Option<PersonaId>,

    /// Write over files that are there
    #[arg(long)]
    pub force: bool,
}

/// Which character to export.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// The character: a name such as `siwoo`, or the path of a `.persona.ron` file
    pub name: String,

    /// The file to write, .json or .png; without it NAME.json, or NAME.png with a picture
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,

    /// The PNG picture to put the card into, such as the one it was imported from
    #[arg(long, value_name = "FILE")]
    pub picture: Option<PathBuf>,

    /// The form of the card; without it the one it was imported in, or v2
    #[arg(long, value_name = "FORM")]
    pub spec: Option<Form>,

    /// The language of lines, dialogues and lore that are written: `en`, `ko`, …
    #[arg(long, value_name = "CODE")]
    pub lang: Option<Language>,

    /// Where the persona files are
    #[arg(long, value_name = "DIR")]
    pub personas: Option<PathBuf>,

    /// Write over a file that is there
    #[arg(long)]
    pub force: bool,
}

/// The forms that are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// `chara_card_v2`, which every program reads
    V2,
    /// `chara_card_v3`
    V3,
}

/// Files that not every card becomes.
const OTHERS: [&str; 3] = ["lines.toml", "dialogues.jsonl", "lore.md"];

/// Makes a character of a card.
///
/// # Errors
/// If the card cannot be read, or the files cannot be written.
pub fn run_import(args: &ImportArgs) -> Result<(), CliError> {
    import_to(args, &mut io::stdout().lock())
}

fn import_to(args: &ImportArgs, told: &mut impl Write) -> Result<(), CliError> {
    let card = read_card(&args.card)?;
    let id = args.id.clone().map_or_else(|| usual_id(&card, &args.card), Ok)?;
    let imported = import(&card, &id);
    let folder = args.out.clone().unwrap_or_else(personas_folder);
    let files: Vec<(PathBuf, String)> =
        imported.files().into_iter().map(|(name, text)| (folder.join(name), text)).collect();
    if let Some((path, _)) = files.iter().find(|(path, _)| !args.force && path.exists()) {
        return Err(CardFileError::There { path: path.clone(), other: " or `--id`" }.into());
    }
    fs::create_dir_all(&folder)
        .map_err(|error| CardFileError::Write { path: folder.clone(), error })?;
    for (path, text) in &files {
        write(path, text.as_bytes(), args.force, " or `--id`")?;
    }
    for (path, _) in &files {
        writeln!(told, "{}", path.display())?;
    }
    for path in OTHERS.map(|kind| folder.join(format!("{id}.{kind}"))) {
        if path.is_file() && files.iter().all(|(written, _)| *written != path) {
            writeln!(told, "still there from before: {}", path.display())?;
        }
    }
    for note in &imported.notes {
        writeln!(told, "kept, not used: {note}")?;
    }
    let name = visible(&imported.sheet.name);
    let folder = args.out.as_ref().map(|out| format!(" --personas {}", out.display()));
    let folder = folder.unwrap_or_default();
    Ok(writeln!(told, "talk with {name}: persona chat {id}{folder}")?)
}

/// Makes a card of a character.
///
/// # Errors
/// If the character, the kept card or the picture cannot be read, or the card cannot be written.
pub fn run_export(args: &ExportArgs) -> Result<(), CliError> {
    export_to(args, &mut io::stdout().lock())
}

fn export_to(args: &ExportArgs, told: &mut impl Write) -> Result<(), CliError> {
    let sheet = cast::find(&args.name, args.personas.as_deref())?;
    let library = shelf::of(&args.name, args.personas.as_deref())?;
    let kept = folder_of(args).join(format!("{}.card.json", sheet.id));
    let kept = kept.is_file().then(|| read_card(&kept)).transpose()?;
    let exported = Export {
        kept: kept.as_ref(),
        spec: args.spec.map(Form::spec),
        language: args.lang,
        now: SystemTime::now().duration_since(UNIX_EPOCH).ok().map(|since| since.as_secs()),
        ..Export::new(&sheet, &library)
    }
    .card();
    let ending = if args.picture.is_some() { "png" } else { "json" };
    let path = args.out.clone().unwrap_or_else(|| format!("{}.{ending}", sheet.id).into());
    write(&path, &bytes(args, &path, &exported)?, args.force, "")?;
    writeln!(told, "{}", path.display())?;
    for note in &exported.notes {
        writeln!(told, "{note}")?;
    }
    Ok(())
}

/// What the file holds: JSON, or the picture with the card in it.
fn bytes(args: &ExportArgs, path: &Path, card: &Exported) -> Result<Vec<u8>, CardFileError> {
    let is_png = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("png"));
    match &args.picture {
        Some(_) if !is_png => Err(CardFileError::NotAPicture(path.into())),
        None if is_png => Err(CardFileError::NoPicture(path.into())),
        None => Ok(card.to_json().into_bytes()),
        Some(picture) => Ok(card.to_png(&picture.display().to_string(), &read(picture)?)?),
    }
}

impl Form {
    const fn spec(self) -> Spec {
        match self {
            Self::V2 => Spec::V2,
            Self::V3 => Spec::V3,
        }
    }
}

/// The folder in which the persona lies.
fn folder_of(args: &ExportArgs) -> PathBuf {
    let beside = cast::is_path(&args.name).then(|| Path::new(&args.name).parent()).flatten();
    let named = || args.personas.clone().unwrap_or_else(personas_folder);
    beside.map_or_else(named, Path::to_path_buf)
}

/// The id of a card: from the name, or from the file, where the name has no Latin letters.
fn usual_id(card: &Card, path: &Path) -> Result<PersonaId, CardFileError> {
    let of_file = || path.file_stem().and_then(|stem| id_of(&stem.to_string_lossy()).ok());
    id_of(card.data().called()).or_else(|error| of_file().ok_or(error)).map_err(CardFileError::Id)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CARD: &[u8] = br#"{"spec": "chara_card_v2", "spec_version": "2.0", "data": {
        "name": "Old Otto", "first_mes": "Halt!", "tags": ["gate"]}}"#;

    struct Place(tempfile::TempDir);

    impl Place {
        fn new(card: &[u8]) -> Self {
            let place = Self(tempfile::tempdir().expect("a folder"));
            fs::write(place.at("card.json"), card).expect("a card");
            place
        }

        fn at(&self, name: &str) -> PathBuf {
            self.0.path().join(name)
        }

        fn import(&self, force: bool) -> Result<String, String> {
            let (card, out) = (self.at("card.json"), Some(self.at("cast")));
            let args = ImportArgs { card, out, id: None, force };
            let mut told = Vec::new();
            import_to(&args, &mut told).map_err(|error| error.to_string())?;
            Ok(String::from_utf8_lossy(&told).into_owned())
        }

        fn export(&self, out: &str, picture: Option<&str>) -> Result<(), String> {
            let args = ExportArgs {
                name: self.at("cast/old-otto.persona.ron").display().to_string(),
                out: Some(self.at(out)),
                picture: picture.map(|picture| self.at(picture)),
                spec: Some(Form::V3),
                lang: None,
                personas: None,
                force: false,
            };
            export_to(&args, &mut Vec::new()).map_err(|error| error.to_string())
        }
    }

    #[test]
    fn a_card_becomes_files_and_the_files_a_card() {
        let place = Place::new(CARD);
        place.import(false).unwrap();
        let sheet = cast::find("old-otto", Some(&place.at("cast"))).unwrap();
        assert_eq!(sheet.name, "Old Otto");
        place.export("back.json", None).unwrap();
        let back = read_card(&place.at("back.json")).unwrap();
        assert_eq!((back.spec(), &back.data().tags[..]), (Spec::V3, &["gate".to_owned()][..]));
    }

    #[test]
    fn nothing_is_written_over_unless_that_is_wanted() {
        let place = Place::new(CARD);
        place.import(false).unwrap();
        let persona = place.at("cast/old-otto.persona.ron");
        fs::write(&persona, "mine").unwrap();
        let error = place.import(false).unwrap_err();
        assert!(error.contains("old-otto.persona.ron is there already"), "{error}");
        assert_eq!(fs::read_to_string(&persona).unwrap(), "mine");
        fs::write(place.at("cast/old-otto.lore.md"), "mine").unwrap();
        let told = place.import(true).unwrap();
        assert!(told.contains("still there from before: ") && told.contains("old-otto.lore.md"));
        assert_ne!(fs::read_to_string(&persona).unwrap(), "mine");
        fs::write(place.at("back.json"), "mine").unwrap();
        let error = place.export("back.json", None).unwrap_err();
        assert!(error.contains("back.json is there already"), "{error}");
    }

    #[test]
    fn pictures_go_with_pictures() {
        let place = Place::new(CARD);
        place.import(false).unwrap();
        let error = place.export("back.png", None).unwrap_err();
        assert!(error.ends_with("with `--picture FILE.png`"), "{error}");
        let error = place.export("back.json", Some("card.json")).unwrap_err();
        assert!(error.contains("end the name with .png"), "{error}");
        let error = place.export("back.png", Some("card.json")).unwrap_err();
        assert!(error.contains("card.json: it is no PNG picture"), "{error}");
        let error = place.export("back.png", Some("none.png")).unwrap_err();
        assert!(error.contains("none.png: cannot be read"), "{error}");
    }

    #[test]
    fn a_name_without_latin_letters_takes_that_of_the_file() {
        let card = Card::from_bytes("a", "{\"name\": \"누리\"}".as_bytes()).unwrap();
        assert_eq!(usual_id(&card, Path::new("/x/Nuri 2.png")).unwrap().as_str(), "nuri-2");
        let error = usual_id(&card, Path::new("누리.png")).unwrap_err().to_string();
        assert!(
            error.starts_with("`누리` cannot be an id") && error.ends_with("with `--id ID`"),
            "{error}"
        );
    }
}
