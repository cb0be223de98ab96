//! The `persona` command from outside: what goes in, what comes out, how it ends.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

const OTTO: &str = r#"Persona(
    id: "otto",
    name: "Otto",
    role: "the gate guard of a small town",
    emotions: ["neutral", "joy", "sad"],
)"#;

const SCRIPT: &str = r#"[
    (when: "exam", say: "[sad:0.5] Oh no. [joy] But you came!"),
    (say: "[joy] Hello there."),
    (say: "[neutral] You said: {fan}"),
]"#;

/// A folder with one persona and a script of her replies.
struct Stage(TempDir);

impl Stage {
    fn new() -> Self {
        let stage = Self(tempfile::tempdir().expect("a folder for the test"));
        stage.write("otto.persona.ron", OTTO);
        stage.write("script.ron", SCRIPT);
        stage
    }

    fn path(&self, file: &str) -> PathBuf {
        self.0.path().join(file)
    }

    fn write(&self, file: &str, text: &str) {
        std::fs::write(self.path(file), text).expect("a file for the test");
    }

    /// Talks to Otto by the script, with more options.
    fn chat(&self, options: &[&str], input: &[u8]) -> Output {
        let mut command = persona(&["chat", "otto"]);
        command.arg("--personas").arg(self.0.path());
        command.arg("--script").arg(self.path("script.ron"));
        run(command.args(options), input)
    }
}

fn persona(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_persona"));
    command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn run(command: &mut Command, input: &[u8]) -> Output {
    let mut child = command.spawn().expect("the command starts");
    let mut stdin = child.stdin.take().expect("stdin is piped");
    // A program that ends before it has read everything closes the pipe.
    let _ = stdin.write_all(input);
    drop(stdin);
    child.wait_with_output().expect("the command ends")
}

fn events(output: &Output) -> Vec<Value> {
    let text = str::from_utf8(&output.stdout).expect("stdout is UTF-8");
    text.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect()
}

fn names(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["event"].as_str().expect("an event has a name")).collect()
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn two_messages_get_two_complete_replies() {
    let output = Stage::new().chat(&["--json", "--seed", "7"], "Hi\n시험 exam\n".as_bytes());
    assert!(output.status.success(), "{}", errors(&output));
    let events = events(&output);
    let one_beat = ["reply_started", "beat", "reply_finished"];
    let two_beats = ["reply_started", "beat", "beat", "reply_finished"];
    assert_eq!(names(&events), [&one_beat[..], &two_beats[..]].concat());

    for reply in [&events[..3], &events[3..]] {
        let (end, beats) = (&reply[reply.len() - 1], &reply[1..reply.len() - 1]);
        let text: String = beats.iter().filter_map(|beat| beat["text"].as_str()).collect();
        assert_eq!(end["text"], text);
        assert_eq!(end["reason"], "complete");
        assert!(end["tokens"].as_u64().is_some_and(|tokens| tokens > 0), "{end}");
        for beat in beats {
            assert!(
                ["neutral", "joy", "sad"].map(Value::from).contains(&beat["emotion"]),
                "{beat}"
            );
            assert!((0.0..=1.0).contains(&beat["intensity"].as_f64().unwrap()), "{beat}");
        }
    }
    assert_eq!(events[4]["text"], "Oh no.");
    assert_eq!(events[5]["emotion"], "joy");
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let stage = Stage::new();
    let talk = || stage.chat(&["--json", "--seed", "7"], b"Hi\nWho are you?\nexam\n").stdout;
    let once = talk();
    assert!(!once.is_empty());
    assert_eq!(once, talk());
}

#[test]
fn timings_come_only_when_asked_for() {
    let stage = Stage::new();
    let has_timings = |options: &[&str]| {
        let end = events(&stage.chat(options, b"Hi\n")).pop().unwrap();
        end["ttft_ms"].is_number() && end["tok_per_s"].is_number()
    };
    assert!(has_timings(&["--json", "--timings"]));
    assert!(!has_timings(&["--json"]));
}

#[test]
fn a_line_without_a_message_fails_and_the_next_is_answered() {
    let output = Stage::new().chat(&["--json"], b"\n \t\x07\r\nHi\n");
    assert!(output.status.success(), "{}", errors(&output));
    let events = events(&output);
    let expected = ["reply_failed", "reply_failed", "reply_started", "beat", "reply_finished"];
    assert_eq!(names(&events), expected);
    let reason = events[0]["text"].as_str().unwrap();
    assert!(reason.starts_with("the message is empty"), "{reason}");
}

#[test]
fn any_bytes_are_a_message() {
    let input = b"Hi\n\xed\xa0\x80\xff [sad] <|im_end|>\r\n";
    let output = Stage::new().chat(&["--json"], input);
    let end = events(&output).pop().unwrap();
    assert_eq!(end["event"], "reply_finished");
    assert!(end["text"].as_str().unwrap().contains("\u{fffd}"), "{end}");
}

#[test]
fn a_reply_ends_at_the_longest_allowed_length() {
    let output = Stage::new().chat(&["--json", "--max-tokens", "2"], b"exam\n");
    assert_eq!(events(&output).pop().unwrap()["reason"], "length");
}

#[test]
fn no_input_is_no_error() {
    let output = Stage::new().chat(&["--json"], b"");
    assert!(output.status.success() && output.stdout.is_empty(), "{}", errors(&output));
}

#[test]
fn a_conversation_for_people_has_no_escapes_in_a_pipe() {
    let output = Stage::new().chat(&[], b"Hi\n/clear\n/quit\n");
    assert!(output.status.success(), "{}", errors(&output));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("Otto joy Hello there."), "{text}");
    assert!(text.contains("(all forgotten)") && !text.contains('\u{1b}'), "{text}");
}

#[test]
fn a_broken_persona_is_named_with_place_and_field() {
    let stage = Stage::new();
    stage.write("broken.persona.ron", &OTTO.replace("name:", "nmae:"));
    let output =
        run(persona(&["chat", "broken", "--json"]).arg("--personas").arg(stage.0.path()), b"Hi\n");
    assert_eq!(output.status.code(), Some(1));
    let error = errors(&output);
    assert!(error.contains("broken.persona.ron:3:") && error.contains("`nmae`"), "{error}");
    assert!(output.stdout.is_empty());
}

#[test]
fn an_unknown_name_leads_to_the_nearest() {
    let stage = Stage::new();
    let output = run(persona(&["chat", "ottto"]).arg("--personas").arg(stage.0.path()), b"");
    assert_eq!(output.status.code(), Some(1));
    let error = errors(&output);
    assert!(error.contains("did you mean `otto`?"), "{error}");
}

#[test]
fn a_model_that_cannot_be_loaded_fails_the_message_and_ends_the_program() {
    let stage = Stage::new();
    let mut command = persona(&["chat", "otto", "--json"]);
    command.arg("--personas").arg(stage.0.path());
    command.arg("--model").arg(stage.path("none.gguf")).env("BEVY_PERSONA_CACHE", stage.0.path());
    let output = run(&mut command, b"Hi\nHi\n");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(names(&events(&output)), ["reply_failed"]);
    assert!(errors(&output).contains("none.gguf"), "{}", errors(&output));
}

#[test]
fn a_script_is_checked() {
    let stage = Stage::new();
    stage.write("script.ron", "[(say: \"[smug] Hm.\")]");
    let warned = stage.chat(&["--json"], b"Hi\n");
    assert!(warned.status.success());
    assert!(errors(&warned).contains("reply 1: Otto cannot show [smug]"), "{}", errors(&warned));

    stage.write("script.ron", "[\n    (nmae: \"Hm.\"),\n]");
    let broken = stage.chat(&["--json"], b"Hi\n");
    assert_eq!(broken.status.code(), Some(1));
    assert!(errors(&broken).contains("script.ron:2:"), "{}", errors(&broken));
}

#[test]
fn the_whole_cast_can_be_talked_to() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("personas");
    for name in ["siwoo", "jena", "taira", "marty"] {
        for language in ["en", "ko"] {
            let stage = Stage::new();
            let mut command = persona(&["chat", name, "--json", "--lang", language]);
            command.arg("--personas").arg(&folder);
            command.arg("--script").arg(stage.path("script.ron"));
            let output = run(&mut command, b"Hi\n");
            let ends = names(&events(&output)).last() == Some(&"reply_finished");
            assert!(ends, "{name}, {language}: {}", errors(&output));
        }
    }
}

#[test]
fn an_empty_model_store_says_how_to_fill_it() {
    let cache = tempfile::tempdir().unwrap();
    let model = |args: &[&str]| {
        run(persona(&["model"]).args(args).env("BEVY_PERSONA_CACHE", cache.path()), b"")
    };
    let list = model(&["list"]);
    assert!(list.status.success(), "{}", errors(&list));
    assert!(String::from_utf8_lossy(&list.stdout).contains("`persona model get`"));

    let path = model(&["path"]);
    assert_eq!(path.status.code(), Some(1));
    assert!(path.stdout.is_empty());
    assert!(errors(&path).contains("`persona model get default`"), "{}", errors(&path));
}

#[cfg(feature = "voice")]
#[test]
fn voices_that_cannot_be_fetched_say_what_to_do() {
    let empty = tempfile::tempdir().unwrap();
    let mut command = persona(&["voice", "fetch"]);
    let output =
        run(command.env("BEVY_PERSONA_CACHE", empty.path()).env("PATH", empty.path()), b"");
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    assert!(errors(&output).contains("install Python with pip"), "{}", errors(&output));
}

#[test]
fn the_help_explains_the_events() {
    let output = run(&mut persona(&["chat", "--help"]), b"");
    let help = String::from_utf8_lossy(&output.stdout).into_owned();
    for event in ["reply_started", "beat", "reply_finished", "reply_failed", "--seed"] {
        assert!(help.contains(event), "{event} is missing in\n{help}");
    }
    assert!(!help.contains("--script"), "{help}");
}

/// A folder with Otto and his lines, and the outcome of linting it.
fn lint_lines(lines: &str, options: &[&str]) -> Output {
    let stage = Stage::new();
    stage.write("otto.lines.toml", lines);
    let mut command = persona(&["lint"]);
    run(command.arg(stage.0.path()).args(options), b"")
}

#[test]
fn lint_tells_by_its_exit_code_how_bad_it_is() {
    let code = |lines: &str, options: &[&str]| lint_lines(lines, options).status.code();
    let clean = "[greeting]\nen = [\"[joy] Hello!\"]\n";
    let warning = "[greeting]\nen = [\"[love] Hello!\"]\n";
    let error = "[greeting]\nen = [\"[smug] Hello!\"]\n";
    assert_eq!(code(clean, &["--deny-warnings"]), Some(0));
    assert_eq!(code(warning, &[]), Some(0));
    assert_eq!(code(warning, &["--deny-warnings"]), Some(1));
    assert_eq!(code(error, &[]), Some(1));
    assert_eq!(code(error, &["--json"]), Some(1));

    let output = run(&mut persona(&["lint", "nowhere/at/all"]), b"");
    assert_eq!(output.status.code(), Some(2));
    assert!(errors(&output).contains("nowhere/at/all: cannot be read"), "{}", errors(&output));
}

#[test]
fn lint_draws_for_people_and_writes_json_for_editors() {
    let lines = "[greeting]\nen = [\"[smug] Hello!\"]\n";
    let output = lint_lines(lines, &[]);
    let drawn = String::from_utf8_lossy(&output.stdout).into_owned();
    for part in
        ["otto.lines.toml:2:9", "there is no feeling `smug`", "help: ", "1 error in 2 files"]
    {
        assert!(drawn.contains(part), "{part}\n{drawn}");
    }
    assert!(!drawn.contains('\u{1b}'), "{drawn}");

    let output = lint_lines(lines, &["--json"]);
    let found: Value = serde_json::from_slice(&output.stdout).expect("stdout is JSON");
    assert_eq!(found[0]["line"], 2);
    assert_eq!(found[0]["column"], 9);
    assert_eq!(found[0]["code"], "unknown-emotion");
    assert_eq!(found.as_array().map(Vec::len), Some(1));
}

#[test]
fn what_comes_with_the_game_has_no_mistakes() {
    let mut command = persona(&["lint", "--deny-warnings"]);
    let output = run(command.current_dir(env!("CARGO_MANIFEST_DIR")), b"");
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(0), "{told}");
    assert!(told.starts_with("no mistakes in "), "{told}");
}
