//! Where the nodes and headers of a Yarn file stand: the compiler does not tell.

use crate::persona::Place;

/// A node in the text of a file.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct SourceNode {
    pub(crate) title: String,
    /// The line of the title, from 1.
    pub(crate) line: usize,
    pub(crate) headers: Vec<SourceHeader>,
    /// All of it, from the first header to the closing line.
    pub(crate) text: String,
    /// The line that the text begins with, from 1.
    pub(crate) first_line: usize,
}

impl SourceNode {
    /// The command that begins here, as it is written: the compiler loses signs such as `>=`.
    ///
    /// Values in braces become slots: `affinity siwoo {0}`.
    pub(crate) fn command_at(&self, place: Place) -> Option<String> {
        let line = self.text.lines().nth(place.line.checked_sub(self.first_line)?)?;
        let (start, _) = line.char_indices().nth(place.column - 1)?;
        let written = &line[start..];
        let mut rest = &written[..written.find(">>")?];
        let mut command = String::new();
        let mut slots = 0_usize;
        while let Some((before, inner)) = rest.split_once('{') {
            command.push_str(&format!("{before}{{{slots}}}"));
            slots += 1;
            rest = inner.split_once('}')?.1;
        }
        command.push_str(rest);
        Some(command.trim().into())
    }
}

#[derive(Debug, PartialEq)]
pub(crate) struct SourceHeader {
    pub(crate) key: String,
    pub(crate) value: String,
    pub(crate) line: usize,
    /// Of the value, in characters, from 1.
    pub(crate) column: usize,
}

/// The nodes of a text.
pub(crate) fn nodes(text: &str) -> Vec<SourceNode> {
    let mut nodes = Vec::new();
    let mut node = SourceNode { first_line: 1, ..SourceNode::default() };
    let mut in_body = false;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for (index, line) in text.lines().enumerate() {
        node.text.push_str(line);
        node.text.push('\n');
        match line.trim_end() {
            "===" => {
                in_body = false;
                let next = SourceNode { first_line: index + 2, ..SourceNode::default() };
                nodes.push(std::mem::replace(&mut node, next));
            }
            "---" => in_body = true,
            _ if in_body => {}
            written => {
                let Some(header) = header(written, index + 1) else { continue };
                if header.key == "title" {
                    (node.title, node.line) = (header.value.clone(), header.line);
                }
                node.headers.push(header);
            }
        }
    }
    if !node.title.is_empty() {
        nodes.push(node);
    }
    nodes
}

fn header(line: &str, number: usize) -> Option<SourceHeader> {
    let (key, rest) = line.split_once(':')?;
    let value = rest.split("//").next().unwrap_or_default();
    let skipped = value.len() - value.trim_start().len();
    Some(SourceHeader {
        key: key.trim().into(),
        value: value.trim().into(),
        line: number,
        column: key.chars().count() + 2 + skipped,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "title: a // first
needs:  $x > 1
---
Hi: you.
    <<wait {$x >= 2} {\"b\"}>> // later
===

title:b
---
<<chat siwoo until=\"$x >= 3\">>
===
";

    #[test]
    fn nodes_know_where_they_stand() {
        let nodes = nodes(TEXT);
        let places: Vec<_> =
            nodes.iter().map(|node| (node.title.as_str(), node.line, node.first_line)).collect();
        assert_eq!(places, [("a", 1, 1), ("b", 8, 7)]);
        let needs = &nodes[0].headers[1];
        assert_eq!((needs.value.as_str(), needs.line, needs.column), ("$x > 1", 2, 9));
        assert_eq!(nodes[0].headers.len(), 2);
    }

    #[test]
    fn commands_are_read_as_they_are_written() {
        let nodes = nodes(TEXT);
        let at = |node: usize, line, column| nodes[node].command_at(Place { line, column });
        assert_eq!(at(0, 5, 7), Some("wait {0} {1}".into()));
        assert_eq!(at(1, 10, 3), Some("chat siwoo until=\"$x >= 3\"".into()));
        assert_eq!(at(1, 2, 1), None);
        assert_eq!(at(0, 4, 1), None);
    }
}
