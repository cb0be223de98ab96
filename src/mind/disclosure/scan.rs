//! Reads a text unit by unit and says when it gives something away.

use std::{ops::Range, sync::Arc};

use super::{
    canon::{Glyph, glyphs, is_combining, is_katakana, is_unspaced},
    cloaks::Cloak,
    confirm::{Confirms, Sentence},
    hidden::{Hidden, Word},
    locked::{Leak, Locked, Manner},
    overlap::{Repeated, Told},
    rules::{Betrayal, Brought, View},
    strand::{Hit, Places, Strand},
};

/// Cuts a text into units: words with the white space before them; characters of scripts without
/// spaces are units of their own.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Cutter {
    last: Option<char>,
}

impl Cutter {
    /// Whether a unit ends before `c`.
    pub(crate) fn cuts_before(&mut self, c: char) -> bool {
        let Some(last) = self.last.replace(c) else { return false };
        let goes_on = c != '\u{200b}' && is_combining(c);
        let is_one_word = is_katakana(last) && is_katakana(c);
        !last.is_whitespace()
            && !goes_on
            && (c.is_whitespace() || ((is_unspaced(last) || is_unspaced(c)) && !is_one_word))
    }
}

/// What a text is, as far as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It gives nothing away.
    Harmless,
    /// It would give something away, if it ended here.
    Open(Leak),
    /// It gives something away, however it goes on.
    Leaks(Leak),
}

/// What the fan said before, as far as it matters.
#[derive(Debug, Clone, Default)]
pub(crate) struct Context {
    pub(super) brought: Vec<Brought>,
    pub(super) guessed: Option<usize>,
}

/// Reads a text.
#[derive(Debug, Default)]
pub(crate) struct Scanner {
    pub(super) context: Context,
    plain: Strand,
    leet: [Strand; 2],
    hidden: Hidden,
    pub(super) hits: Vec<Vec<Hit>>,
    told: Told,
    repeated: Repeated,
    sentence: Sentence,
    /// Where units end: in the plain reading, and in the text.
    ends: Vec<(u32, usize)>,
    buffers: Buffers,
    /// What the text would give away, if it ended here.
    open: Option<Leak>,
    open_answer: Option<Leak>,
}

#[derive(Debug, Default)]
struct Buffers {
    glyphs: Vec<Glyph>,
    leet: Vec<Glyph>,
    places: Vec<u32>,
    words: Vec<Word>,
}

impl Scanner {
    pub(crate) fn new(context: Context) -> Self {
        Self { context, ..Self::default() }
    }

    /// Reads the next unit, which ends at byte `end` of the text.
    pub(crate) fn read(&mut self, locked: &Locked, unit: &str, end: usize) -> Verdict {
        let any_new = self.collect(locked, unit);
        self.ends.push((self.plain.len(), end));
        let other = self.other(locked, unit);
        if let Some((leak, Confirms::Yes)) = other {
            return Verdict::Leaks(leak);
        }
        if any_new || self.open.is_some() {
            let firm = self.plain.safe_begins(&locked.shared.books).unwrap_or(u32::MAX);
            if let Some((_, leak)) = self.betrayal(locked, firm, false) {
                return Verdict::Leaks(leak);
            }
            self.open = self.betrayal(locked, u32::MAX, false).map(|(_, leak)| leak);
        }
        self.open_answer = other.map(|(leak, _)| leak);
        self.open_leak().map_or(Verdict::Harmless, Verdict::Open)
    }

    /// What the text would give away, if it ended here.
    pub(crate) fn open_leak(&self) -> Option<Leak> {
        self.open.clone().or_else(|| self.open_answer.clone())
    }

    /// Reads the next unit without a verdict: only what it brings is of interest.
    pub(super) fn note(&mut self, locked: &Locked, unit: &str, end: usize) {
        self.collect(locked, unit);
        self.ends.push((self.plain.len(), end));
    }

    /// The byte up to which nothing can be the beginning of what is locked.
    pub(crate) fn harmless_to(&self, locked: &Locked) -> usize {
        let begun = self.plain.secret_begins(&locked.shared.books);
        let answer = self.context.guessed.and_then(|_| self.sentence.held(&locked.shared.answers));
        let from = [begun, answer].into_iter().flatten().min().unwrap_or(u32::MAX);
        let before = self.ends.iter().rev().find(|(place, _)| *place <= from);
        before.map_or(0, |(_, end)| *end)
    }

    /// Reads the unit in all readings; whether anything was found.
    fn collect(&mut self, locked: &Locked, unit: &str) -> bool {
        let books = &locked.shared.books;
        let word = unit.trim_start();
        let apart = word.len() < unit.len();
        let (buffers, hits) = (&mut self.buffers, &mut self.hits);
        hits.resize(locked.shared.secrets.len(), Vec::new());
        let mut any = false;
        let mut found = |hit: Hit| {
            let secret = usize::from(hit.one.secret);
            if locked.closed.get(secret) == Some(&true) && !hits[secret].contains(&hit) {
                hits[secret].push(hit);
                any = true;
            }
        };
        glyphs(word, &mut buffers.glyphs);
        buffers.places.clear();
        let (before, is_first) = (self.plain.states(), self.plain.len() == 0);
        let own = Places::Own(&mut buffers.places);
        self.plain.read(books, &buffers.glyphs, apart, own, &mut found);
        for (strand, one) in self.leet.iter_mut().zip(['i', 'l']) {
            let differs = leet(&buffers.glyphs, one, &mut buffers.leet);
            if differs || strand.states() != before {
                let known = Places::Known(&buffers.places);
                let cloaked = |hit: Hit| Hit { cloak: leet_cloak(differs, hit.cloak), ..hit };
                strand.read(books, &buffers.leet, apart, known, &mut |hit| found(cloaked(hit)));
            } else {
                strand.follow(&self.plain, &buffers.glyphs, apart, &buffers.places);
            }
        }
        words(&buffers.glyphs, &buffers.places, &mut buffers.words);
        if is_first && !unit.contains('\n') {
            self.hidden.begin(books, &buffers.words, &mut found);
        }
        let place = buffers.places.first().copied().unwrap_or(0);
        self.hidden.read(books, unit, &buffers.words, place, &mut found);
        any
    }

    /// Facts told, instructions repeated, guesses confirmed.
    fn other(&mut self, locked: &Locked, unit: &str) -> Option<(Leak, Confirms)> {
        let words = &self.buffers.words;
        let ends = &self.ends;
        let leak = |id: &Arc<str>, manner, from: u32| {
            let at = bytes(ends, from);
            (Leak { id: id.clone(), manner, cloak: Cloak::Plain, at }, Confirms::Yes)
        };
        for word in words {
            if let Some(id) = self.told.read(&locked.facts, &word.text) {
                return Some(leak(id, Manner::Fact, word.at));
            }
            if self.repeated.read(&locked.instructions, &word.text) {
                return Some(leak(&locked.shared.instructions, Manner::Instructions, word.at));
            }
        }
        let secret = locked.shared.secrets.get(self.context.guessed?)?;
        let said = words.iter().map(|word| (word.text.as_str(), word.at));
        let confirms = self.sentence.read(&locked.shared.answers, unit.trim_start(), said);
        let from = words.first().map_or(0, |word| word.at);
        let leak = self.leak(&secret.id, Manner::Confirmed, Cloak::Plain, from);
        (confirms != Confirms::No).then_some((leak, confirms))
    }

    /// What the hits give away, as far as they end before `firm`: the secret with the most of them.
    pub(super) fn betrayal(
        &self,
        locked: &Locked,
        firm: u32,
        of_fan: bool,
    ) -> Option<(usize, Leak)> {
        let secrets = locked.shared.secrets.iter().zip(&self.hits).enumerate();
        let betrayed = secrets.filter(|(_, (_, hits))| !hits.is_empty()).filter_map(
            |(index, (secret, hits))| {
                let view = View { firm, ..self.view(locked, index, of_fan) };
                Some((index, &secret.id, secret.betrayed(hits, view)?))
            },
        );
        // Of equals her own, and the first one.
        let is_hers = |index: usize| {
            locked.shared.secrets[index]
                .members
                .iter()
                .any(|own| Some(own) == locked.speaker.as_ref())
        };
        let (index, id, found) = betrayed.reduce(|best, other| {
            let rank = |one: &(usize, _, Betrayal)| (one.2.hits, is_hers(one.0));
            if rank(&other) > rank(&best) { other } else { best }
        })?;
        let manner = if found.combined { Manner::Combined } else { Manner::Certain };
        Some((index, self.leak(id, manner, found.cloak, found.start)))
    }

    pub(super) fn view<'a>(&self, locked: &'a Locked, secret: usize, of_fan: bool) -> View<'a> {
        View {
            speaker: locked.speaker.as_ref(),
            window: locked.shared.window,
            brought: self.context.brought.get(secret).copied().unwrap_or_default(),
            of_fan,
            firm: u32::MAX,
        }
    }

    fn leak(&self, id: &Arc<str>, manner: Manner, cloak: Cloak, from: u32) -> Leak {
        Leak { id: id.clone(), manner, cloak, at: bytes(&self.ends, from) }
    }
}

/// From the unit that holds the place to the end of what was read.
fn bytes(ends: &[(u32, usize)], from: u32) -> Range<usize> {
    let before = ends.iter().rev().find(|(place, _)| *place <= from);
    let end = ends.last().map_or(0, |(_, end)| *end);
    before.map_or(0, |(_, end)| *end)..end
}

fn leet_cloak(differs: bool, cloak: Cloak) -> Cloak {
    if differs { Cloak::Leet } else { cloak }
}

/// The words of a unit: runs of letters and digits.
fn words(glyphs: &[Glyph], places: &[u32], out: &mut Vec<Word>) {
    out.clear();
    let mut inside = false;
    for (glyph, at) in glyphs.iter().zip(places) {
        match out.last_mut().filter(|_| inside && glyph.word) {
            Some(word) => word.text.push(glyph.c),
            None if glyph.word => out.push(Word { text: glyph.c.into(), at: *at }),
            None => {}
        }
        inside = glyph.word;
    }
}

/// The unit with digits and signs read as the letters that they look like, where they stand among
/// letters; whether there were any.
fn leet(glyphs: &[Glyph], one: char, out: &mut Vec<Glyph>) -> bool {
    out.clear();
    out.extend_from_slice(glyphs);
    let is_part = |glyph: &Glyph| glyph.word || looks_like(glyph.c, one).is_some();
    let (mut at, mut any) = (0, false);
    while at < out.len() {
        let mut run = out[at..].iter().take_while(|glyph| is_part(glyph)).count();
        let next = at + run.max(1);
        // Signs at the end are more likely signs.
        while run > 0 && "!|+".contains(out[at + run - 1].c) {
            run -= 1;
        }
        let part = &mut out[at..at + run];
        if part.iter().any(|glyph| glyph.c.is_ascii_lowercase()) {
            for glyph in part {
                if let Some(c) = looks_like(glyph.c, one) {
                    *glyph = Glyph { c, word: true };
                    any = true;
                }
            }
        }
        at = next;
    }
    any
}

fn looks_like(c: char, one: char) -> Option<char> {
    Some(match c {
        '0' => 'o',
        '1' | '|' | '!' => one,
        '3' | '€' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' | '+' => 't',
        '8' => 'b',
        '9' => 'g',
        _ => return None,
    })
}
