//! The writers' commands from outside: playing scenes, their tables, and what is new.
#![cfg(feature = "cli")]

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

fn persona(args: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_persona"));
    command.args(args).current_dir(env!("CARGO_MANIFEST_DIR"));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the command starts");
    let mut stdin = child.stdin.take().expect("stdin is piped");
    // A program that ends before it has read everything closes the pipe.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    child.wait_with_output().expect("the command ends")
}

fn text(output: &Output) -> String {
    assert!(output.status.success(), "{}\n{}", shown(output), errors(output));
    shown(output)
}

fn shown(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The entries of a transcript for programs.
fn entries(output: &Output) -> Vec<Value> {
    text(output).lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect()
}

fn of<'a>(entries: &'a [Value], event: &str) -> Vec<&'a Value> {
    entries.iter().filter(|entry| entry["event"] == event).collect()
}

/// What was said by members and what the fan did, without what a model found.
fn written(entries: &[Value]) -> Vec<String> {
    let is_written = |entry: &&Value| {
        ["line", "chose", "command", "ended"].contains(&entry["event"].as_str().unwrap_or(""))
    };
    entries.iter().filter(is_written).map(Value::to_string).collect()
}

fn path(folder: &TempDir, file: &str) -> String {
    folder.path().join(file).to_str().expect("a path of a test is UTF-8").into()
}

/// A folder of assets without scenes.
fn assets() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder for the test");
    for name in ["scenes", "lore", "conduct"] {
        std::fs::create_dir(folder.path().join(name)).expect("a folder for the test");
    }
    folder
}

#[test]
fn all_scenes_play_to_their_ends_in_every_way_and_tell_nothing_that_is_locked() {
    let args =
        ["play", "all", "--auto", "--seeds", "20", "--coverage", "--check-secrets", "--json"];
    let entries = entries(&persona(&args, ""));
    let ends = of(&entries, "ended");
    assert_eq!(ends.len(), 7 * 20);
    assert!(ends.iter().all(|end| end["how"] == "finished"));
    let nodes = of(&entries, "coverage");
    assert!(nodes.len() > 50 && nodes.iter().all(|node| node["visits"].as_u64() > Some(0)));
    assert!(of(&entries, "leak").is_empty());
    let figures = of(&entries, "figures")[0];
    for part in ["said_by_the_model", "written"] {
        assert!(figures[part].as_u64() > Some(0), "{figures}");
    }
    assert_eq!(figures["failed"], 0);
}

#[test]
fn a_korean_fan_meets_all_scenes_in_korean() {
    let args = ["play", "all", "--auto", "--seed", "2", "--language", "ko", "--json"];
    let entries = entries(&persona(&args, ""));
    let lines = of(&entries, "line");
    let is_korean =
        |line: &&&Value| line["text"].as_str().unwrap().chars().any(|c| ('가'..='힣').contains(&c));
    let korean = lines.iter().filter(is_korean).count();
    assert!(korean * 10 > lines.len() * 9, "{korean} of {}", lines.len());
    assert!(lines.iter().filter(|line| line["id"] != "").count() * 10 > lines.len() * 8);
}

#[test]
fn the_same_seed_plays_the_same_scene() {
    let play = |seed| persona(&["play", "first_hello", "--auto", "--seed", seed], "").stdout;
    assert_eq!(play("3"), play("3"));
    assert_ne!(play("3"), play("4"));
}

#[test]
fn a_list_of_choices_is_taken_and_then_it_stops() {
    let entries = entries(&persona(&["play", "first_hello", "--choose", "3,2", "--json"], ""));
    let chose: Vec<&Value> =
        of(&entries, "chose").into_iter().map(|entry| &entry["number"]).collect();
    assert_eq!(chose, [3, 2]);
    assert_eq!(of(&entries, "ended")[0]["how"], "stopped");
    assert!(of(&entries, "node").iter().any(|entry| entry["node"] == "first_hello_door"));
}

#[test]
fn a_fan_at_the_terminal_chooses_by_number_and_answers_in_words() {
    let output = persona(&["play", "first_hello"], "9\n1\nOn the bus, I think.\n/quit\n");
    let text = text(&output);
    assert!(
        text.contains("from 1 to 3") && text.contains("> 1. A song brought me here."),
        "{text}"
    );
    assert!(text.contains("> On the bus, I think.") && text.contains("stopped"), "{text}");
    assert!(!text.contains('\u{1b}'), "{text}");
}

#[test]
fn the_name_of_the_fan_is_said() {
    let text = text(&persona(&["play", "first_hello", "--auto", "--fan-name", "Mina"], ""));
    assert!(text.contains("Mina. I'll say it once more"), "{text}");
    assert!(text.contains("Good night, Mina."), "{text}");
}

#[test]
fn a_scene_that_was_kept_goes_on_as_it_would_have() {
    let folder = tempfile::tempdir().unwrap();
    let save = path(&folder, "kept.json");
    let whole = entries(&persona(
        &["play", "first_hello", "--choose", "1,2,3,1,1,2,1,1,1,1", "--json"],
        "",
    ));
    let begun = entries(&persona(
        &["play", "first_hello", "--choose", "1,2", "--save", &save, "--json"],
        "",
    ));
    assert_eq!(of(&begun, "ended")[0]["how"], "stopped");
    let args = ["play", "first_hello", "--choose", "3,1,1,2,1,1,1,1", "--resume", &save, "--json"];
    let rest = entries(&persona(&args, ""));
    let (whole, mut both) = (written(&whole), written(&begun));
    both.pop();
    both.extend(written(&rest));
    assert_eq!(whole, both);
}

#[test]
fn a_scene_that_may_not_begin_says_what_it_needs_unless_it_is_forced() {
    let refused = persona(&["play", "echo_tower", "--auto"], "");
    assert_eq!(refused.status.code(), Some(1));
    let error = errors(&refused);
    assert!(error.contains("siwoo") && error.contains("40"), "{error}");
    text(&persona(&["play", "echo_tower", "--auto", "--force"], ""));
    text(&persona(&["play", "echo_tower", "--auto", "--affinity", "siwoo=40"], ""));
    let args = ["play", "lantern_night", "--auto", "--unlocked", "s01,s02,s03,s04"];
    text(&persona(&args, ""));
}

#[test]
fn wrong_names_lead_to_the_nearest() {
    for (args, near) in [
        (&["play", "frist_hello", "--auto"][..], "did you mean `first_hello`?"),
        (&["play", "first_hello", "--auto", "--affinity", "siwo=3"], "did you mean `siwoo`?"),
        (&["play", "first_hello", "--auto", "--unlocked", "s1"], "did you mean `s01`?"),
        (&["strings", "export", "--language", "ko", "ecko_tower"], "did you mean `echo_tower`?"),
    ] {
        let output = persona(args, "");
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        assert!(errors(&output).contains(near), "{args:?}: {}", errors(&output));
    }
}

#[test]
fn what_was_kept_must_fit_the_scene() {
    let folder = tempfile::tempdir().unwrap();
    let save = path(&folder, "kept.json");
    std::fs::write(&save, "{}").unwrap();
    let broken = persona(&["play", "first_hello", "--resume", &save], "");
    assert_eq!(broken.status.code(), Some(1));
    assert!(errors(&broken).contains("kept.json: is no scene"), "{}", errors(&broken));
}

#[test]
fn tables_that_are_exported_and_imported_are_as_they_were() {
    let scenes = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/scenes");
    let (out, back) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let args = ["strings", "export", "--language", "ko", "--out", out.path().to_str().unwrap()];
    let tables: Vec<PathBuf> = text(&persona(&args, "")).lines().map(PathBuf::from).collect();
    assert_eq!(tables.len(), 7);
    for table in &tables {
        let name = table.file_name().unwrap();
        assert!(rows(table) == rows(&scenes.join(name)), "{name:?} was exported otherwise");
        let (to, file) = (back.path().to_str().unwrap(), table.to_str().unwrap());
        text(&persona(&["strings", "import", "--language", "ko", "--out", to, file], ""));
        assert!(rows(table) == rows(&back.path().join(name)), "{name:?} was imported otherwise");
    }
}

/// The rows of a table, however it is quoted.
fn rows(table: &Path) -> Vec<csv::StringRecord> {
    let mut reader = csv::Reader::from_path(table).expect("a table");
    reader.records().map(Result::unwrap).collect()
}

#[test]
fn a_new_scene_plays_and_covers_itself() {
    let assets = assets();
    let (folder, scenes) = (assets.path().to_str().unwrap(), path(&assets, "scenes"));
    let new = ["new", "scene", "kite_day", "--folder", &scenes, "--member", "marty"];
    let written = text(&persona(&new, ""));
    assert!(written.trim().ends_with("kite_day.yarn"), "{written}");
    let args = ["play", "kite_day", "--auto", "--seeds", "8", "--coverage", "--assets", folder];
    assert!(text(&persona(&args, "")).contains("Marty"));
    let list = text(&persona(&["scenes", "list", "--assets", folder], ""));
    assert!(list.contains("kite_day") && list.contains("Kite day"), "{list}");
    let again = persona(&new, "");
    assert_eq!(again.status.code(), Some(1));
    assert!(errors(&again).contains("is there already"), "{}", errors(&again));
}

#[test]
fn all_that_is_new_is_without_a_mistake() {
    let all = assets();
    std::fs::create_dir(path(&all, "personas")).unwrap();
    let personas = path(&all, "personas");
    text(&persona(&["new", "persona", "nuri", "--folder", &personas], ""));
    for (kind, folder) in [("scene", "scenes"), ("lore", "lore")] {
        let folder = path(&all, folder);
        let args = ["new", kind, "harbour", "--folder", &folder, "--personas", &personas];
        text(&persona(&args, ""));
    }
    let lint = ["lint", "--deny-warnings", all.path().to_str().unwrap()];
    text(&persona(&lint, ""));
}

#[test]
fn a_new_persona_talks() {
    let folder = tempfile::tempdir().unwrap();
    let personas = folder.path().to_str().unwrap();
    text(&persona(&["new", "persona", "nuri", "--folder", personas], ""));
    let script = path(&folder, "script.ron");
    std::fs::write(&script, "[(say: \"[joy] Soup?\")]").unwrap();
    let args = ["chat", "nuri", "--personas", personas, "--script", &script];
    assert!(text(&persona(&args, "Hi\n")).contains("Nuri joy Soup?"));
}

#[test]
fn a_node_that_is_never_reached_is_a_failure() {
    let assets = assets();
    let scene = "title: a\nscene: a\nneeds: none\nunlocks: none\n---\n<<declare $a_x = 0>>\n\
                 Siwoo: Hello. #line:a_1\n<<if $a_x > 1>>\n    <<jump a_far>>\n<<endif>>\n<<jump a_end>>\n===\n\
                 title: a_far\nscene: a\n---\nSiwoo: Far. #line:a_2\n<<jump a_end>>\n===\n\
                 title: a_end\nscene: a\n---\nSiwoo: Bye. #line:a_3\n===\n";
    std::fs::write(path(&assets, "scenes/a.yarn"), scene).unwrap();
    let folder = assets.path().to_str().unwrap();
    let output = persona(&["play", "a", "--auto", "--coverage", "--assets", folder], "");
    assert_eq!(output.status.code(), Some(1));
    assert!(errors(&output).contains("never reached: a_far"), "{}", errors(&output));
}

#[test]
fn the_graph_is_a_picture_of_every_node() {
    let folder = tempfile::tempdir().unwrap();
    let file = path(&folder, "scenes.svg");
    text(&persona(&["scenes", "graph", "--out", &file], ""));
    let picture = std::fs::read_to_string(&file).unwrap();
    assert!(picture.starts_with("<svg") || picture.starts_with("<?xml"), "{picture:.80}");
    for node in ["first_hello", "echo_tower_ria", "lantern_night_early"] {
        assert!(picture.contains(node), "{node}");
    }
}
