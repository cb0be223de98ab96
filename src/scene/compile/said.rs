//! The compiler's words, with what to do where we know it.

/// Whether a message is about the grammar's inside: another one says the same in words.
pub(super) fn is_inner(message: &str) -> bool {
    ["mismatched input", "no viable alternative", "extraneous input"]
        .iter()
        .any(|beginning| message.starts_with(beginning))
}

pub(super) fn said(message: &str) -> String {
    let message = message.trim_end().trim_end_matches('.');
    let message = message.replace("\"\n\"", "the end of the line");
    let message = message.replace("\"<EOF>\"", "the end of the file").replace('\n', " ");
    if let Some((what, line)) = message.rsplit_once(", line: ")
        && let Ok(line) = line.parse::<usize>()
    {
        // The compiler counts lines from 0 here.
        return format!("{what}, line {}: declare it once", line + 1);
    }
    let hint = if message.starts_with("More than one node") {
        "give each its own title"
    } else if message.starts_with("Duplicate line ID") {
        "give each line its own `#line:`"
    } else if message.contains("is empty and will not be included") {
        return message.replace(" and will not be included in the compiled output", "")
            + ": write something between `---` and `===`";
    } else if message.starts_with("Indentation contains tabs and spaces") {
        "indent with spaces alone"
    } else if message.contains("contains illegal characters") {
        "use letters, digits and `_`"
    } else {
        return message;
    };
    format!("{message}: {hint}")
}
