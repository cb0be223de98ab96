//! Broken files give errors with their places, every one of them, and no panic.

use bevy_persona::scene::*;
use proptest::prelude::*;

fn errors(text: &str) -> String {
    match Scenes::from_files([("a.yarn", text)]) {
        Ok(_) => String::new(),
        Err(errors) => errors.to_string(),
    }
}

#[test]
fn a_fault_names_its_place_and_what_to_do() {
    for (body, error) in [
        ("<<lihgt dusk>>", "a.yarn:3:3: there is no command `lihgt`: did you mean `light`?"),
        (
            "x\n<<wait long>>",
            "a.yarn:4:8: the seconds should be a number from 0 to 600, not `long`; write `<<wait 1.5>>`",
        ),
        (
            "<<gesture Siwoo wave>>",
            "a.yarn:3:11: `Siwoo` cannot be an id: use 1 to 32 lower-case letters, digits, `-` or `_`; write `<<gesture siwoo wave>>`",
        ),
        ("<<jump nowhere>>", "a.yarn:3:1: there is no node `nowhere` to jump to"),
        (
            "x\n===\ntitle: a\n---\ny",
            "a.yarn:1:1: More than one node is named a: give each its own title\n\
             a.yarn:5:1: More than one node is named a: give each its own title",
        ),
        (
            "x #line:a\ny #line:a",
            "a.yarn:4:3: Duplicate line ID line:a: give each line its own `#line:`",
        ),
        ("", "a.yarn:1:1: Node \"a\" is empty: write something between `---` and `===`"),
        (
            "<<if true>>\nx",
            "a.yarn:5:1: Expected an <<endif>> to match the <<if>> statement on line 3",
        ),
        ("<<else>>\nx", "a.yarn:3:3: Unexpected \"else\" while reading a statement"),
        (
            "<<declare $a = 1>>\n<<set $a to \"x\">>",
            "a.yarn:4:1: $a (Number) cannot be assigned a String",
        ),
        ("<<if 1>>\nx\n<<endif>>", "a.yarn:3:1: Terms of 'if statement' must be Bool, not Number"),
        ("{affinity(1)}", "a.yarn:3:2: affinity parameter 1 expects a String, not a Number"),
        (
            "<<declare $a = 1>>\n<<declare $a = 2>>\nx",
            "a.yarn:4:1: $a has already been declared in a.yarn, line 3: declare it once",
        ),
        (
            "Siwoo: x #emotion:Sad!",
            "a.yarn:3:1: in `#emotion:Sad!`: `Sad!` cannot name an emotion: use 2 to 24 lower-case letters or `_`, such as `joy`",
        ),
        (
            "<<set $a to>>",
            "a.yarn:3:1: Yarn's compiler cannot read this (internal error: entered unreachable code: should have been properly implemented by generated context when reachable): write it in another way",
        ),
        ("<<chat siwoo until=\"$a >>", "a.yarn:3:20: this quote is not closed: end it with `\"`"),
        (
            "<<chat siwoo until=\"$a > \">>",
            "a.yarn:3:26: in `until=`: something is missing at the end; write `<<chat siwoo turns=4 about=\"topic\" until=\"$trust >= 3\">>`",
        ),
    ] {
        assert_eq!(errors(&format!("title: a\n---\n{body}\n===\n")), error, "{body}");
    }
    let unknown = errors("title: a\n---\n{nothing(1)}\n===\n");
    assert!(unknown.starts_with("a.yarn:3:2: there is no function `nothing`; there are affinity,"));
}

#[test]
fn files_without_nodes_and_nodes_without_titles_are_faults() {
    let no_node = "a.yarn: there is no node in it: write `title:`, `---`, lines, `===`";
    for text in ["", "\n\n", "hello", "\u{feff}"] {
        assert_eq!(errors(text), no_node, "{text:?}");
    }
    let no_title = "a.yarn:1:1: this node has no title: write `title: its_name` above the `---`";
    for text in ["title:\n---\nx\n===\n", "---\nx\n===\n"] {
        assert_eq!(errors(text), no_title, "{text:?}");
    }
}

#[test]
fn headers_are_checked() {
    let text = "title: a
needs: affinity(siwoo >= 4
salience: x
begins: maybe
repeat: 7
name_kr: x
---
x
===
title: b
scene: nobody
---
x
===
";
    let expected = "a.yarn:2:23: in `needs:`: `)` is missing
a.yarn:3:11: `salience:` is a number, not `x`
a.yarn:4:9: `begins:` is `chosen` or `alone`, not `maybe`
a.yarn:5:9: `repeat:` is `yes` or `no`, not `7`
a.yarn:6:1: in `name_kr:`: `kr` is not a language: did you mean `ko`?
a.yarn:10:1: the scene `nobody` has no first node: give a node the title `nobody`";
    assert_eq!(errors(text), expected);
}

#[test]
fn every_fault_of_every_file_is_told() {
    let files = [
        ("a.yarn", "title: a\n---\n<<if true>>\n===\n"),
        ("b.yarn", "title: b\n---\n<<wiat 1>>\n<<set $x to>>\n===\n"),
        ("c.yarn", "title: c\n---\n<<wiat 1>>\n<<camera up>>\n===\n"),
        ("d.yarn", ""),
        ("c.ko.csv", "text,comment\n"),
        ("x/stage.toml", "mark = []"),
    ];
    let errors = Scenes::from_files(files).unwrap_err();
    let at: Vec<_> = errors
        .0
        .iter()
        .map(|error| (error.file.as_str(), error.place.map(|place| place.line)))
        .collect();
    let expected = [
        ("a.yarn", Some(4)),
        ("b.yarn", Some(4)),
        ("c.ko.csv", Some(1)),
        ("c.yarn", Some(3)),
        ("c.yarn", Some(4)),
        ("d.yarn", None),
        ("x/stage.toml", Some(1)),
    ];
    assert_eq!(at, expected, "{errors}");
}

#[test]
fn tables_are_checked_against_their_scripts() {
    let script = ("a.yarn", "title: a\n---\nSiwoo: Hi, {fan(\"name\")}. #line:a1\n===\n");
    for (file, csv, problem) in [
        ("a.ko.csv", "id,text\na1,{0}!\n", "a.ko.csv:2:1: `a1` is spoken by siwoo"),
        ("a.ko.csv", "id,text\na1,Siwoo: 안녕.\n", "a.ko.csv:2:1: `a1` should have the same `{0}`"),
        ("a.ko.csv", "id,text\na1,\na1,\n", "a.ko.csv:3:1: `a1` stands twice"),
        ("a.ko.csv", "id,text\n,x\n", "a.ko.csv:2:1: the id is missing"),
        ("a.ko.csv", "id,text\na1,x,y,z\n", "a.ko.csv:2:1: there are more columns than names"),
        ("b.ko.csv", "id,text\n", "b.ko.csv: there is no `b.yarn` that it could translate"),
    ] {
        let errors = Scenes::from_files([script, (file, csv)]).unwrap_err().to_string();
        assert!(errors.starts_with(problem), "{errors}");
    }
    assert!(Scenes::from_files([script, ("a.ko.csv", "id,text\ngone,x\n")]).is_ok());
}

#[test]
fn text_that_is_nested_too_deeply_is_refused() {
    let deep = |open: &str, value: &str, close: &str, times: usize| {
        let value = format!("{}{value}{}", open.repeat(times), close.repeat(times));
        errors(&format!("title: a\n---\n{{{value}}}\n===\n"))
    };
    assert_eq!(deep("(", "1", ")", 60), "");
    assert_eq!(deep("!", "true", "", 60), "");
    for (open, value, close) in [("(", "1", ")"), ("!", "true", ""), ("- ", "1", "")] {
        let error = deep(open, value, close, 10_000);
        assert!(error.contains("brackets in each other: write it plainer"), "{error}");
    }
    assert_eq!(deep("1+", "1", "", 200), "");
    let error = deep("1+", "1", "", 10_000);
    assert!(error.contains("more than 256 operators in one line"), "{error}");
    let ifs = |times: usize| {
        let (open, close) = ("<<if true>>\n".repeat(times), "<<endif>>\n".repeat(times));
        errors(&format!("title: a\n---\n{open}x\n{close}===\n"))
    };
    assert_eq!(ifs(60), "");
    assert!(ifs(10_000).contains("more than 64 blocks in each other"));
    let options = |times: usize| {
        let options = (0..times).map(|depth| format!("{}-> x\n", " ".repeat(depth)));
        errors(&format!("title: a\n---\n{}===\n", options.collect::<String>()))
    };
    assert_eq!(options(60), "");
    assert!(options(1_000).contains("more than 64 blocks in each other"));
}

fn piece() -> impl Strategy<Value = String> {
    let known = [
        "title: a",
        "title: b",
        "title:",
        "---",
        "===",
        "<<if true>>",
        "<<if $x>>",
        "<<else>>",
        "<<elseif 1 == 1>>",
        "<<endif>>",
        "-> yes",
        "-> no <<if false>>",
        "    deeper",
        "\t tab",
        "<<jump a>>",
        "<<jump {\"b\"}>>",
        "<<set $x to 1>>",
        "<<set $x to>>",
        "<<declare $x = 1>>",
        "<<stop>>",
        "Siwoo: hi #line:1",
        "Siwoo: {1 +",
        "{\"a",
        "{}",
        "<<>>",
        "<<",
        ">>",
        "#",
        "\\",
        "// note",
        "한글 {fan(\"name\")}",
        "<<wait {1}>>",
        "tags: rawText",
        "#file_tag",
        "\u{feff}",
        "<<call visited(\"a\")>>",
        "{visited(\"a\")}",
        "{null}",
        "<<light dusk>>",
        "x #emotion:",
    ];
    prop_oneof![4 => prop::sample::select(known.to_vec()).prop_map(String::from), 1 => ".{0,12}"]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_text_panics_and_what_loads_can_be_played(
        pieces in prop::collection::vec(piece(), 0..14),
        whole in any::<bool>(),
    ) {
        let body = pieces.join("\n");
        let text = if whole { format!("title: a\n---\n{body}\n===\n") } else { body };
        if let Ok(scenes) = Scenes::from_files([("a.yarn", &text)]) {
            let scenes = std::sync::Arc::new(scenes);
            let world = crate::common::World::default();
            let mut reader = crate::common::Reader(0);
            for scene in scenes.iter() {
                let start = Player::start(scenes.clone(), &scene.id, Story::default(), 0);
                let mut player = start.unwrap();
                for _ in 0..50 {
                    match player.advance(&world) {
                        Ok(Step::Choices(choices)) if !choices.iter().any(|c| c.available) => break,
                        Ok(Step::End) | Err(_) => break,
                        Ok(step) => reader.react(&mut player, &step),
                    }
                }
            }
        }
    }
}
