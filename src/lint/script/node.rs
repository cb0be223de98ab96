//! Nodes: headers, three dashes, a body, three equals signs.

use super::{Statement, reader::Reader};
use crate::lint::piece::Piece;

/// A node of a script.
#[derive(Debug)]
pub(in crate::lint) struct Node<'a> {
    /// What jumps call it; empty where it has no title.
    pub(in crate::lint) title: Piece<'a>,
    /// The scene that it belongs to: header `scene:`, or else the name of the file.
    pub(in crate::lint) scene: &'a str,
    pub(in crate::lint) headers: Vec<Header<'a>>,
    pub(in crate::lint) body: Vec<Statement<'a>>,
}

/// A line above the body.
#[derive(Debug, Clone, Copy)]
pub(in crate::lint) struct Header<'a> {
    pub(in crate::lint) key: Piece<'a>,
    pub(in crate::lint) value: Piece<'a>,
}

impl<'a> Node<'a> {
    /// What a header says.
    pub(in crate::lint) fn header(&self, key: &str) -> Option<Piece<'a>> {
        let header = self.headers.iter().find(|header| header.key.text == key)?;
        Some(header.value)
    }

    /// Whether it begins its scene.
    pub(in crate::lint) fn is_start(&self) -> bool {
        self.scene == self.title.text
    }
}

/// The nodes of a script; `stem` is the name of its file.
pub(super) fn read<'a>(whole: Piece<'a>, stem: &'a str) -> Vec<Node<'a>> {
    let mut nodes = Vec::new();
    let mut headers: Vec<Header<'a>> = Vec::new();
    let mut body: Option<Vec<Piece<'a>>> = None;
    for line in whole.lines() {
        match (&mut body, line.text.trim()) {
            (None, "---") => body = Some(Vec::new()),
            (None, _) => headers.extend(header(line)),
            (Some(_), "===") => {
                let lines = body.take().unwrap_or_default();
                nodes.push(node(std::mem::take(&mut headers), lines, (line, stem)));
            }
            (Some(lines), _) => lines.push(line),
        }
    }
    if let Some(lines) = body {
        nodes.push(node(headers, lines, (whole.from(whole.text.len()), stem)));
    }
    nodes
}

fn header(line: Piece<'_>) -> Option<Header<'_>> {
    let (key, value) = line.split_once(":")?;
    let key = key.trim();
    let is_comment = key.text.starts_with("//") || key.text.starts_with('#');
    let value = value.to(value.text.find("//").unwrap_or(value.text.len()));
    (!is_comment).then(|| Header { key, value: value.trim() })
}

fn node<'a>(
    headers: Vec<Header<'a>>,
    lines: Vec<Piece<'a>>,
    (end, stem): (Piece<'a>, &'a str),
) -> Node<'a> {
    let value = |key| headers.iter().find(|header| header.key.text == key).map(|at| at.value);
    let nowhere = headers.first().map_or_else(|| end.to(0), |header| header.key.to(0));
    let scene = value("scene").filter(|scene| !scene.text.is_empty());
    Node {
        title: value("title").unwrap_or(nowhere),
        scene: scene.map_or(stem, |scene| scene.text),
        headers,
        body: Reader::read(lines),
    }
}
