//! What a file of secrets may say, and what is said of its faults.

use proptest::prelude::*;

use super::{super::Disclosure, FILE};
use crate::mind::{Standing, Unlocked};

const SECRET: &str = r#"
[treasure]
subject = "where the treasure is"
members = ["otto"]
unlock = "map_room"
certain = { en = ["under the old oak"], any = ["X-17"] }
combine = [["@tree", "@ground"]]
safe_phrases = ["oak table"]
safe_unless = [{ phrase = "oak roots", unless = ["@depth"] }]
[treasure.key]
tree = ["oak"]
ground = ["dig", "roots"]
depth = ["deep"]
"#;

fn error(from: &str, to: &str) -> String {
    assert!(SECRET.contains(from));
    let text = SECRET.replace(from, to);
    Disclosure::from_toml("d.toml", &text).unwrap_err().to_string()
}

#[test]
fn a_fault_names_its_place_and_what_to_do() {
    for (from, to, told) in [
        ("\"@ground\"]]", "\"@soil\"]]", "d.toml:7:22: in `treasure.combine`: no group `@soil`"),
        ("\"@ground\"]]", "\"@tree\"]]", "d.toml:7:14: in `treasure.combine`: a combination needs"),
        ("\"oak\"", "\"?!\"", "d.toml:11:9: in `treasure.key.tree`: a form without a letter"),
        ("subject", "topic", "d.toml:3:1: in `treasure"),
        ("any", "xx", "d.toml:6:"),
        ("otto", "Otto the guard", "d.toml:4:"),
        ("\n[treasure]", "version = 2\n[treasure]", "version 2 is not known"),
    ] {
        let error = error(from, to);
        assert!(error.contains(told), "{told}: {error}");
    }
    // A form is a secret even in an error.
    assert!(!error("\"oak\"", "\"oak\", 3").contains("old oak"));
}

#[test]
fn rules_do_what_they_say() {
    let disclosure = Disclosure::from_toml("d.toml", SECRET).unwrap();
    let (otto, unlocked) = ("otto".parse().unwrap(), Unlocked::new());
    let standing = Standing { member: &otto, affinity: 0.0, unlocked: &unlocked };
    let locked = disclosure.locked(&standing);
    for text in ["x17", "X 17", "Dig by the oak", "oak roots, deep", "Under the old\noak"] {
        assert!(locked.finds(text).is_some(), "{text}");
    }
    for text in ["the oak", "dig under the oak table", "oak roots", "x17y"] {
        assert!(locked.finds(text).is_none(), "{text}");
    }
    assert_eq!(format!("{locked:?}"), "{\"treasure\"}");
    let (mara, unlocked) = ("mara".parse().unwrap(), Unlocked::from(["map_room".into()]));
    let of_mara = disclosure.locked(&Standing { member: &mara, unlocked: &unlocked, ..standing });
    assert!(of_mara.finds("x17").is_some(), "not hers to tell");
    let of_otto = disclosure.locked(&Standing { unlocked: &unlocked, ..standing });
    assert!(of_otto.finds("x17").is_none());
}

proptest! {
    #[test]
    fn no_file_makes_it_panic(
        at in 0..FILE.len(),
        cut in 0..40usize,
        put in "[\"@=\\[\\]{}a1, \n]{0,6}",
    ) {
        let whole = |at: &usize| *at >= FILE.len() || FILE.is_char_boundary(*at);
        let start = (at..).find(whole).unwrap();
        let end = (start + cut..).find(whole).unwrap();
        let text = format!("{}{put}{}", &FILE[..start], FILE.get(end..).unwrap_or_default());
        if let Err(error) = Disclosure::from_toml("d.toml", &text) {
            prop_assert!(error.to_string().starts_with("d.toml:"));
        }
    }
}
