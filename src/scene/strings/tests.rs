use super::*;

const SCRIPT: &str = "title: tea
---
Siwoo: Tea, {fan(\"name\")}? #line:tea_1 #emotion:joy
-> Yes. #line:tea_2
<<improvise siwoo \"She pours.\" fallback=\"Careful, hot.\">>
<<ask_fan siwoo \"How much?\" into=$tea options=\"a little|a lot\" fallback=\"a lot\">>
===
";
const TABLE: &str = "id,text,comment
tea_1,\"Siwoo: {0}, 차 드실래요?\",
tea_b01_fallback,뜨거워요.,\"Careful, hot.\"
";

fn scenes(table: &str) -> Result<Scenes, SceneErrors> {
    Scenes::from_files([("tea.yarn", SCRIPT), ("tea.ko.csv", table)])
}

#[test]
fn what_is_exported_keeps_what_is_translated() {
    let exported = export(&scenes(TABLE).unwrap(), Language::Korean);
    let csv = "id,text,comment
tea_1,\"Siwoo: {0}, 차 드실래요?\",\"Siwoo; joy; tea; Tea, {0}?\"
tea_2,,fan option; tea; Yes.
tea_b01_fallback,뜨거워요.,\"Careful, hot.\"
tea_b02_question,,How much?
tea_b02_options,,a little|a lot
";
    assert_eq!(exported, [("tea.ko.csv".to_owned(), csv.to_owned())]);
    assert!(scenes(csv).is_ok());
}

#[test]
fn what_does_not_fit_is_refused_with_its_row() {
    for (row, problem) in [
        ("tea_9,x,", "2:1: there is no line `tea_9` in tea.yarn: take the row out"),
        ("tea_1,{0}?,", "2:1: `tea_1` is spoken by siwoo: let the text begin with her name"),
        ("tea_1,Siwoo: 차?,", "2:1: `tea_1` should have the same `{0}` as in English: Tea, {0}?"),
        (
            "tea_b02_options,조금,a little|a lot",
            "2:1: `tea_b02_options` should have as many options as in English: a little|a lot",
        ),
        (
            "tea_b01_fallback,앗,Careful.",
            "2:1: the English of `tea_b01_fallback` has changed: it is now “Careful, hot.”",
        ),
    ] {
        let scenes = scenes(TABLE).unwrap();
        let csv = format!("id,text,comment\n{row}\n");
        let errors = import(&scenes, Language::Korean, "tea.ko.csv", &csv).unwrap_err();
        assert_eq!(errors.to_string(), format!("tea.ko.csv:{problem}"));
    }
    let error = import(&scenes(TABLE).unwrap(), Language::Korean, "milk.ko.csv", "id,text\n");
    let text = "milk.ko.csv: it is no table of these scenes: name it as in `<scene>.ko.csv`";
    assert_eq!(error.unwrap_err().to_string(), text);
}

#[test]
fn gaps_are_what_lacks_and_what_is_left_over() {
    let table = format!("{TABLE}tea_8,옛날,\n");
    let gaps: Vec<_> =
        gaps(&scenes(&table).unwrap(), Language::Korean).iter().map(ToString::to_string).collect();
    let expected = [
        "tea.yarn:4:1: `tea_2` has no Korean text",
        "tea.yarn:6:1: `tea_b02_question` has no Korean text",
        "tea.yarn:6:1: `tea_b02_options` has no Korean text",
        "tea.ko.csv:4:1: `tea_8` translates what is gone, or has changed",
    ];
    assert_eq!(gaps, expected);
}
