//! Secrets that a scene tells before it unlocks them, on any way through it.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use super::super::{
    Code,
    check::Check,
    graph::Graph,
    piece::Piece,
    script::{Branch, Choice, Command, Said, Statement, known},
    secrets::{Leak, Open, Secrets},
    source::Source,
    table::{Row, Table},
};
use crate::persona::PersonaId;

/// So many different sets of open secrets are followed; no scene has so many.
const MOST: usize = 20_000;

pub(super) fn run(check: &mut Check<'_>) {
    let world = check.world;
    if world.secrets.ids().next().is_none() {
        return;
    }
    let graph = Graph::new(&world.scripts);
    let mut walk =
        Walk { check, rows: rows(&world.tables), told: BTreeSet::new(), jumps: Vec::new() };
    let starts = graph.nodes().filter(|place| place.node.is_start());
    for start in starts {
        let needs = start.node.header("needs");
        let open = needs.map(|needs| walk.opened(known(needs).if_true)).unwrap_or_default();
        walk.jumps.push((start.node.title.text.to_owned(), open));
    }
    let mut seen = BTreeSet::new();
    while let Some((title, open)) = walk.jumps.pop() {
        let Some(place) = graph.get(&title) else { continue };
        if seen.len() < MOST && seen.insert((title, open.clone())) {
            walk.body(place.file, &place.node.body, BTreeSet::from([open]));
        }
    }
}

/// Translations by id, and those of commands by their English words.
type Rows<'w, 'a> = BTreeMap<&'w str, Vec<(&'w Table<'a>, &'w Row)>>;

fn rows<'w, 'a>(tables: &'w [Table<'a>]) -> Rows<'w, 'a> {
    let mut rows = Rows::new();
    for table in tables {
        for row in &table.rows {
            rows.entry(&row.id).or_default().push((table, row));
            // Comments of lines name the speaker, and are no words of a command.
            rows.entry(&row.comment).or_default().push((table, row));
        }
    }
    rows
}

/// Whose words they are.
#[derive(Debug, Clone, Copy)]
struct Words<'p> {
    speaker: Option<&'p PersonaId>,
    of_fan: bool,
}

impl Words<'_> {
    /// The secrets that they tell. A fan's own sister is nobody's secret.
    fn tell(self, secrets: &Secrets, words: &str, open: &Open) -> Vec<Leak> {
        let mut told = secrets.told("", words, self.speaker, open);
        if self.of_fan {
            let probed = secrets.probed(words, open);
            told.retain(|leak| probed.as_ref() == Some(&leak.secret));
        }
        told
    }
}

struct Walk<'c, 'w, 'a> {
    check: &'c mut Check<'w>,
    rows: Rows<'w, 'a>,
    /// What has been told of: file, place, secret.
    told: BTreeSet<(String, usize, String)>,
    /// Nodes that are jumped to, with what is open then.
    jumps: Vec<(String, Open)>,
}

impl Walk<'_, '_, '_> {
    /// Goes through statements with each of the sets that may be open; gives those with which it goes
    /// on behind them.
    fn body(
        &mut self,
        file: &Source,
        body: &[Statement<'_>],
        open: BTreeSet<Open>,
    ) -> BTreeSet<Open> {
        let mut open = open;
        for statement in body {
            // Behind a jump nothing follows.
            if open.is_empty() {
                break;
            }
            open = match statement {
                Statement::Line(said) => {
                    self.said(file, said, false, &open);
                    open
                }
                Statement::Command(command) => self.command(file, command, open),
                Statement::Options(choices) => self.choices(file, choices, &open),
                Statement::If(branches) => self.branches(file, branches, open),
            };
        }
        open
    }

    fn choices(
        &mut self,
        file: &Source,
        choices: &[Choice<'_>],
        open: &BTreeSet<Open>,
    ) -> BTreeSet<Open> {
        let mut after = BTreeSet::new();
        for choice in choices {
            let open = match choice.said.condition {
                Some(condition) => self.with(open, known(condition).if_true),
                None => open.clone(),
            };
            self.said(file, &choice.said, true, &open);
            after.extend(self.body(file, &choice.body, open));
        }
        after
    }

    fn branches(
        &mut self,
        file: &Source,
        branches: &[Branch<'_>],
        open: BTreeSet<Open>,
    ) -> BTreeSet<Open> {
        let mut otherwise = open;
        let mut after = BTreeSet::new();
        for branch in branches {
            let Some(condition) = branch.condition else {
                after.extend(self.body(file, &branch.body, otherwise));
                return after;
            };
            let proven = known(condition);
            let inside = self.with(&otherwise, proven.if_true);
            after.extend(self.body(file, &branch.body, inside));
            otherwise = self.with(&otherwise, proven.if_false);
        }
        after.extend(otherwise);
        after
    }

    fn command(
        &mut self,
        file: &Source,
        command: &Command<'_>,
        open: BTreeSet<Open>,
    ) -> BTreeSet<Open> {
        match command.name.text {
            "unlock" => {
                let secret = command.word(0).map(|word| word.text.to_owned());
                return open
                    .into_iter()
                    .map(|open| open.into_iter().chain(secret.clone()).collect())
                    .collect();
            }
            "jump" => {
                self.jumps
                    .extend(open.into_iter().map(|open| (command.rest.text.to_owned(), open)));
                return BTreeSet::new();
            }
            "stop" => return BTreeSet::new(),
            "improvise" | "ask_fan" | "chat" | "talk" | "remember" => {}
            _ => return open,
        }
        let speaker = command.word(0).and_then(|word| word.text.parse().ok());
        let plain = command.args.iter().filter(|arg| arg.key.is_none());
        let keyed = ["about", "options", "fallback"].map(|key| command.value(key));
        let words = Words { speaker: speaker.as_ref(), of_fan: false };
        for piece in plain.map(|arg| arg.value).chain(keyed.into_iter().flatten()) {
            self.words(file, piece, words, &open);
            self.translations(piece.text, words, &open);
        }
        open
    }

    fn said(&mut self, file: &Source, said: &Said<'_>, is_option: bool, open: &BTreeSet<Open>) {
        let speaker = said.speaker.and_then(|name| name.text.to_ascii_lowercase().parse().ok());
        let words = Words { speaker: speaker.as_ref(), of_fan: is_option };
        self.words(file, said.words, words, open);
        if let Some(id) = said.id() {
            self.translations(id.text, words, open);
        }
    }

    fn words(&mut self, file: &Source, piece: Piece<'_>, words: Words<'_>, open: &BTreeSet<Open>) {
        for open in open {
            for leak in words.tell(&self.check.world.secrets, piece.text, open) {
                let at = piece.at + leak.at.start..piece.at + leak.at.end;
                self.report(file, at, &leak.secret);
            }
        }
    }

    fn translations(&mut self, key: &str, words: Words<'_>, open: &BTreeSet<Open>) {
        let Some(rows) = self.rows.get(key).cloned() else { return };
        for (table, row) in rows {
            for open in open {
                for leak in words.tell(&self.check.world.secrets, &row.text, open) {
                    let at = table.find(row, row.text.get(leak.at).unwrap_or(&row.text));
                    self.report(table.file, at, &leak.secret);
                }
            }
        }
    }

    fn report(&mut self, file: &Source, at: Range<usize>, secret: &str) {
        if !self.told.insert((file.name.clone(), at.start, secret.to_owned())) {
            return;
        }
        let message = format!("this tells the secret `{secret}` before it is unlocked");
        let help = match self.check.world.secrets.scene_of(secret) {
            Some(_) => format!("say it behind `<<unlock {secret}>>`, or in other words"),
            None => format!("say it in other words; `{secret}` is never told"),
        };
        self.check.report(file, at, Code::SecretTooEarly, message, help);
    }

    /// The sets with what a condition proves.
    fn with(&self, open: &BTreeSet<Open>, proven: BTreeSet<(String, String)>) -> BTreeSet<Open> {
        let opened = self.opened(proven);
        open.iter().map(|open| open | &opened).collect()
    }

    /// The secrets that are open where these questions have been answered with yes.
    fn opened(&self, proven: BTreeSet<(String, String)>) -> Open {
        let mut opened = Open::new();
        for (function, of) in proven {
            match function.as_str() {
                "knows" => {
                    opened.insert(of);
                }
                // A scene that was finished has unlocked what it unlocks.
                "visited" => {
                    let scene = of.strip_suffix("_end").unwrap_or_default();
                    let secrets = self.check.world.secrets.opened_by(scene);
                    opened.extend(secrets.map(ToOwned::to_owned));
                }
                _ => {}
            }
        }
        opened
    }
}
