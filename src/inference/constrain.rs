//! Which tokens may come next in a tagged reply.
//!
//! At a sentence start only the tags of the palette are possible; inside a sentence no token may
//! hold a bracket. So an invalid or broken tag cannot be decoded.

use crate::mind::{Emotion, Palette};

/// What the grammar must know of a vocabulary.
pub(super) trait Vocabulary {
    /// How many tokens there are.
    fn size(&self) -> usize;
    /// The bytes that a token stands for.
    fn bytes(&self, id: u32) -> &[u8];
    /// Whether it is a token of the template and not of a text.
    fn is_control(&self, id: u32) -> bool;
    /// Whether it ends a reply.
    fn ends_reply(&self, id: u32) -> bool;
    /// The tokens of a text.
    fn encode(&self, text: &str) -> Vec<u32>;
}

/// The tokens that may never be chosen freely: brackets and control tokens, but for those that end
/// a reply.
#[derive(Debug, Clone)]
pub(super) struct Banned {
    ids: Vec<u32>,
    ends: Vec<u32>,
}

impl Banned {
    pub(super) fn new(vocabulary: &impl Vocabulary) -> Self {
        let (mut ids, mut ends) = (Vec::new(), Vec::new());
        for id in 0..vocabulary.size() as u32 {
            let bytes = vocabulary.bytes(id);
            if vocabulary.ends_reply(id) {
                ends.push(id);
            } else if vocabulary.is_control(id)
                || bytes.is_empty()
                || bytes.iter().any(|byte| matches!(byte, b'[' | b']'))
            {
                ids.push(id);
            }
        }
        Self { ids, ends }
    }

    /// Takes the banned tokens out of the choice; with `must_go_on` also the end of the reply.
    pub(super) fn mask(&self, logits: &mut [f32], must_go_on: bool) {
        let ends: &[u32] = if must_go_on { &self.ends } else { &[] };
        for &id in self.ids.iter().chain(ends) {
            if let Some(logit) = logits.get_mut(id as usize) {
                *logit = f32::NEG_INFINITY;
            }
        }
        // A model may have more logits than its vocabulary has entries.
    }
}

/// The tags of a palette as a tree of tokens.
#[derive(Debug, Clone)]
pub(super) struct TagTree {
    nodes: Vec<Node>,
}

#[derive(Debug, Clone, Default)]
struct Node {
    next: Vec<(u32, usize)>,
    emotion: Option<Emotion>,
}

/// Where a tag in the making stands in its [`TagTree`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct TagPlace(usize);

impl TagTree {
    /// The tags of `palette`, each written as `lead` and the emotion in brackets.
    pub(super) fn new(vocabulary: &impl Vocabulary, palette: &Palette, lead: &str) -> Self {
        let mut nodes = vec![Node::default()];
        for emotion in palette.emotions() {
            let mut at = 0;
            for id in vocabulary.encode(&format!("{lead}[{emotion}]")) {
                let known = nodes[at].next.iter().find(|(token, _)| *token == id);
                at = if let Some((_, next)) = known {
                    *next
                } else {
                    nodes.push(Node::default());
                    let next = nodes.len() - 1;
                    nodes[at].next.push((id, next));
                    next
                };
            }
            nodes[at].emotion = Some(emotion.clone());
        }
        Self { nodes }
    }

    /// The emotion whose tag ends here.
    pub(super) fn emotion(&self, place: TagPlace) -> Option<&Emotion> {
        self.nodes[place.0].emotion.as_ref()
    }

    /// The tokens that may come next, with the places they lead to.
    pub(super) fn next(&self, place: TagPlace) -> impl Iterator<Item = (u32, TagPlace)> + '_ {
        self.nodes[place.0].next.iter().map(|&(id, next)| (id, TagPlace(next)))
    }

    /// The tokens that may come next.
    pub(super) fn tokens(&self, place: TagPlace) -> impl Iterator<Item = u32> + '_ {
        self.next(place).map(|(id, _)| id)
    }

    /// What the emotions weigh together whose tags can still come from here.
    pub(super) fn weight(&self, place: TagPlace, of: &impl Fn(&Emotion) -> f32) -> f32 {
        let own = self.emotion(place).map_or(0.0, of);
        own + self.next(place).map(|(_, next)| self.weight(next, of)).sum::<f32>()
    }

    /// Follows the tokens that have no alternative; gives them and where they lead.
    pub(super) fn forced(&self, mut place: TagPlace) -> (Vec<u32>, TagPlace) {
        let mut ids = Vec::new();
        while self.emotion(place).is_none() {
            let mut next = self.next(place);
            let (Some((id, to)), None) = (next.next(), next.next()) else { break };
            ids.push(id);
            place = to;
        }
        (ids, place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One token per byte, and a few longer ones.
    struct Bytes(Vec<Vec<u8>>);

    impl Bytes {
        fn new() -> Self {
            let mut tokens: Vec<Vec<u8>> = (0..=255).map(|byte| vec![byte]).collect();
            for word in ["joy", "sad", "sur", "prised", " [", "<end>", "a]b"] {
                tokens.push(word.into());
            }
            Self(tokens)
        }
    }

    impl Vocabulary for Bytes {
        fn size(&self) -> usize {
            self.0.len()
        }

        fn bytes(&self, id: u32) -> &[u8] {
            &self.0[id as usize]
        }

        fn is_control(&self, id: u32) -> bool {
            self.bytes(id) == b"<end>"
        }

        fn ends_reply(&self, id: u32) -> bool {
            self.is_control(id)
        }

        fn encode(&self, text: &str) -> Vec<u32> {
            let mut rest = text.as_bytes();
            let mut ids = Vec::new();
            while !rest.is_empty() {
                let fits = (0..self.0.len()).filter(|&id| rest.starts_with(&self.0[id]));
                let longest = fits.max_by_key(|&id| self.0[id].len()).unwrap();
                rest = &rest[self.0[longest].len()..];
                ids.push(longest as u32);
            }
            ids
        }
    }

    #[test]
    fn every_way_through_the_tree_is_a_tag_of_the_palette() {
        let vocabulary = Bytes::new();
        let palette = Palette::default();
        let tree = TagTree::new(&vocabulary, &palette, " ");
        let mut found = Vec::new();
        let mut open = vec![(TagPlace::default(), Vec::new())];
        while let Some((place, bytes)) = open.pop() {
            if let Some(emotion) = tree.emotion(place) {
                assert_eq!(String::from_utf8(bytes).unwrap(), format!(" [{emotion}]"));
                found.push(emotion.clone());
                continue;
            }
            for (id, next) in tree.next(place) {
                open.push((next, [&bytes[..], vocabulary.bytes(id)].concat()));
            }
        }
        found.sort();
        let mut all = palette.emotions().to_vec();
        all.sort();
        assert_eq!(found, all);
    }

    #[test]
    fn tokens_without_alternative_need_no_choice() {
        let vocabulary = Bytes::new();
        let palette = Palette::new([Emotion::Joy, Emotion::Sad]).unwrap();
        let tree = TagTree::new(&vocabulary, &palette, " ");
        let (ids, place) = tree.forced(TagPlace::default());
        assert_eq!(ids, vocabulary.encode(" ["));
        assert_eq!(tree.next(place).count(), 2);
    }

    #[test]
    fn brackets_and_control_tokens_are_banned() {
        let vocabulary = Bytes::new();
        let mut logits = vec![0.0; vocabulary.size()];
        let banned = Banned::new(&vocabulary);
        banned.mask(&mut logits, false);
        let possible = |logits: &[f32], text: &str| {
            logits[*vocabulary.encode(text).first().unwrap() as usize].is_finite()
        };
        assert!(!possible(&logits, "[") && !possible(&logits, "]") && !possible(&logits, " ["));
        assert!(!possible(&logits, "a]b") && possible(&logits, "joy"));
        assert!(possible(&logits, "<end>"));
        banned.mask(&mut logits, true);
        assert!(!possible(&logits, "<end>"));
    }
}
