//! Reads facts from a file for people: Markdown with fenced `toml` blocks.

use super::Fact;
use crate::mind::content::{fault, read_toml};
use crate::persona::{AssetFileError, Place};

/// A piece of TOML, and the line of the file on which it begins.
struct Block {
    line: usize,
    toml: String,
}

/// All facts of a file, in their order.
pub(super) fn read_facts(file: &str, text: &str) -> Result<Vec<Fact>, AssetFileError> {
    let mut facts = Vec::new();
    for block in blocks(file, text)? {
        let mut fact: Fact = read_toml(file, block.line, &block.toml)?;
        fact.file = file.into();
        fact.place = Place { line: block.line, column: 1 };
        check(&fact)?;
        facts.push(fact);
    }
    Ok(facts)
}

/// The fenced blocks marked `toml`, and front matter between lines of three dashes or pluses.
fn blocks(file: &str, text: &str) -> Result<Vec<Block>, AssetFileError> {
    let mut blocks = Vec::new();
    let mut open: Option<(&str, Block)> = None;
    for (number, line) in (1..).zip(text.lines()) {
        let trimmed = line.trim_end();
        match &mut open {
            Some((end, _)) if trimmed == *end => blocks.extend(open.take().map(|(_, b)| b)),
            Some((_, block)) => {
                block.toml.push_str(line);
                block.toml.push('\n');
            }
            None => {
                let end = match trimmed {
                    "```toml" => "```",
                    "~~~toml" => "~~~",
                    "---" | "+++" if number == 1 => trimmed,
                    _ => continue,
                };
                open = Some((end, Block { line: number + 1, toml: String::new() }));
            }
        }
    }
    match open {
        Some((end, block)) => {
            let place = Place { line: block.line - 1, column: 1 };
            Err(fault(file, place, "", format!("this block never ends: close it with `{end}`")))
        }
        None => Ok(blocks),
    }
}

fn check(fact: &Fact) -> Result<(), AssetFileError> {
    let problem = |field: &str, problem: &str| {
        Err(fault(&fact.file, fact.place, field, format!("{problem} (fact `{}`)", fact.id)))
    };
    if fact.id.trim().is_empty() {
        return problem("id", "it is empty: give the fact a name of its own");
    }
    if fact.text.values().all(|text| text.trim().is_empty()) {
        return problem("text", "it is empty: say what is so, in `en` at least");
    }
    match fact.say.keys().find(|member| !fact.known_by.contains(member)) {
        Some(member) => problem(
            "say",
            &format!("`{member}` is not in `known_by`: add her there, or write `say_instead`"),
        ),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FACT: &str = "# Title\n\n## g1\n\n```toml\nid = \"g1\"\nknown_by = [\"a\"]\n\
                        audience = \"public\"\n[text]\nen = \"So.\"\n```\nFor people.\n";

    #[test]
    fn only_fenced_blocks_are_facts() {
        let facts = read_facts("a.md", FACT).unwrap();
        assert_eq!((facts.len(), facts[0].id.as_str(), facts[0].place.line), (1, "g1", 6));
        assert!(read_facts("a.md", "# Nothing\n```rust\nid = 3\n```").unwrap().is_empty());
        assert!(read_facts("a.md", "a\n---\nb\n").unwrap().is_empty());
    }

    #[test]
    fn front_matter_holds_a_fact_too() {
        let text =
            "+++\nid = \"g1\"\nknown_by = []\naudience = \"close\"\ntext.en = \"So.\"\n+++\n";
        assert_eq!(read_facts("a.md", text).unwrap().len(), 1);
    }

    #[test]
    fn a_fault_is_found_with_advice() {
        for (from, to, place, advice) in [
            ("known_by", "knownby", "a.md:7:1", "known_by"),
            ("\"public\"", "\"publik\"", "a.md:8:12", "public"),
            ("```\nFor", "For", "a.md:5:1", "close it"),
            ("\"So.\"", "\"\"", "a.md:6:1", "`text`"),
            ("[text]", "[say]\nb = { en = \"So\" }\n[text]", "a.md:6:1", "known_by"),
        ] {
            let error = read_facts("a.md", &FACT.replace(from, to)).unwrap_err().to_string();
            assert!(error.starts_with(place) && error.contains(advice), "{error}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(
            before in "(\\PC|\n|`|=){0,30}",
            inside in "(\\PC|\n|`|=|\\[|\\]|\"){0,60}",
            cut in 0..FACT.len(),
        ) {
            let _ = read_facts("a.md", &format!("{before}\n```toml\n{inside}\n```"));
            let _ = read_facts("a.md", &FACT[..cut]);
            let _ = read_facts("a.md", &format!("{}{inside}{}", &FACT[..cut], &FACT[cut..]));
        }
    }
}
