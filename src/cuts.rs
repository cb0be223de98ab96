//! Cuts texts up anywhere, for tests of what reads them piece by piece: any split must give the same.

use std::ops::Range;

use proptest::{collection::vec, prelude::*, sample::Index};

/// Where something is cut, whatever its length.
#[derive(Debug, Clone)]
pub(crate) struct Cuts(Vec<Index>);

/// A few cuts, or none.
pub(crate) fn cuts() -> impl Strategy<Value = Cuts> {
    vec(any::<Index>(), 0..8).prop_map(Cuts)
}

impl Cuts {
    /// The pieces of a text, cut between its characters. Some may be empty.
    pub(crate) fn of<'a>(&self, text: &'a str) -> Vec<&'a str> {
        let places = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        self.between(places).map(|piece| &text[piece]).collect()
    }

    /// The pieces of bytes, cut anywhere. Some may be empty.
    #[cfg(any(feature = "candle", feature = "remote"))]
    pub(crate) fn of_bytes<'a>(&self, bytes: &'a [u8]) -> Vec<&'a [u8]> {
        self.between((0..=bytes.len()).collect()).map(|piece| &bytes[piece]).collect()
    }

    /// What lies between the cuts, each of which is at one of these places.
    fn between(&self, places: Vec<usize>) -> impl Iterator<Item = Range<usize>> {
        let ends = places.first().into_iter().chain(places.last()).copied();
        let mut cuts: Vec<usize> = self.0.iter().map(|cut| *cut.get(&places)).chain(ends).collect();
        cuts.sort_unstable();
        (1..cuts.len()).map(move |cut| cuts[cut - 1]..cuts[cut])
    }
}

proptest! {
    #[test]
    fn the_pieces_are_the_whole(text in any::<String>(), cuts in cuts()) {
        prop_assert_eq!(cuts.of(&text).concat(), text);
    }
}
