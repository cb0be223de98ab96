//! Many patterns looked for at once, one character after the other (Aho and Corasick's way).

/// The place in all patterns at once; 0 is the start.
pub(super) type State = u32;

/// Finds which of its patterns end at each character of a stream.
#[derive(Debug, Default)]
pub(super) struct Automaton {
    nodes: Vec<Node>,
    edges: Vec<(char, State)>,
    ends: Vec<u32>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Node {
    edges: (u32, u32),
    ends: (u32, u32),
    /// The state of the longest shorter suffix.
    shorter: State,
    /// The next such state at which a pattern ends.
    next_end: State,
    depth: u16,
    marks: u8,
}

/// Collects patterns.
#[derive(Debug, Default)]
pub(super) struct Builder {
    nodes: Vec<BuildNode>,
}

#[derive(Debug, Default, Clone)]
struct BuildNode {
    edges: Vec<(char, State)>,
    ends: Vec<u32>,
    depth: u16,
    marks: u8,
}

impl Builder {
    /// Adds a pattern; `marks` are left on its beginnings, see [`Automaton::begun`]. One that is
    /// not `new` only gets its marks.
    pub(super) fn add(&mut self, pattern: &str, id: u32, marks: u8, new: bool) {
        if self.nodes.is_empty() {
            self.nodes.push(BuildNode::default());
        }
        let mut at = 0;
        for c in pattern.chars() {
            self.nodes[at].marks |= marks;
            at = self.child(at, c);
        }
        if new {
            self.nodes[at].ends.push(id);
        }
    }

    fn child(&mut self, at: usize, c: char) -> usize {
        match self.nodes[at].edges.binary_search_by_key(&c, |edge| edge.0) {
            Ok(edge) => self.nodes[at].edges[edge].1 as usize,
            Err(edge) => {
                let (new, depth) = (self.nodes.len(), self.nodes[at].depth.saturating_add(1));
                self.nodes.push(BuildNode { depth, ..BuildNode::default() });
                self.nodes[at].edges.insert(edge, (c, u32::try_from(new).unwrap_or(0)));
                new
            }
        }
    }

    pub(super) fn build(self) -> Automaton {
        let mut built = Automaton::default();
        for node in &self.nodes {
            let (edges, ends) = (built.edges.len(), built.ends.len());
            built.edges.extend(&node.edges);
            built.ends.extend(&node.ends);
            let range = |from: usize, to: usize| (from as u32, to as u32);
            built.nodes.push(Node {
                edges: range(edges, built.edges.len()),
                ends: range(ends, built.ends.len()),
                depth: node.depth,
                marks: node.marks,
                ..Node::default()
            });
        }
        built.link();
        built
    }
}

impl Automaton {
    /// The state after `c`.
    pub(super) fn step(&self, mut state: State, c: char) -> State {
        loop {
            if let Some(next) = self.edge(state, c) {
                return next;
            }
            if state == 0 {
                return 0;
            }
            state = self.nodes[state as usize].shorter;
        }
    }

    /// The patterns that end in this state, longest first.
    pub(super) fn ends(&self, state: State) -> impl Iterator<Item = u32> {
        let mut at = state;
        std::iter::from_fn(move || {
            let here = self.nodes.get(at as usize)?;
            let ends = &self.ends[here.ends.0 as usize..here.ends.1 as usize];
            at = if at == 0 { State::MAX } else { here.next_end };
            Some(ends)
        })
        .flatten()
        .copied()
    }

    /// How many characters of patterns with this mark have begun and not ended, for each way to
    /// look at it, longest first.
    pub(super) fn begun(&self, state: State, mark: u8) -> impl Iterator<Item = usize> {
        let first = Some(state).filter(|at| *at != 0);
        std::iter::successors(first, |at| {
            Some(self.nodes[*at as usize].shorter).filter(|at| *at != 0)
        })
        .map(|at| &self.nodes[at as usize])
        .filter(move |node| node.marks & mark != 0)
        .map(|node| usize::from(node.depth))
    }

    fn edge(&self, state: State, c: char) -> Option<State> {
        let node = self.nodes.get(state as usize)?;
        let edges = &self.edges[node.edges.0 as usize..node.edges.1 as usize];
        let at = edges.binary_search_by_key(&c, |edge| edge.0).ok()?;
        Some(edges[at].1)
    }

    fn link(&mut self) {
        let mut queue = std::collections::VecDeque::from([0]);
        while let Some(at) = queue.pop_front() {
            let node = self.nodes.get(at as usize).copied().unwrap_or_default();
            for edge in node.edges.0..node.edges.1 {
                let (c, child) = self.edges[edge as usize];
                let shorter = if at == 0 { 0 } else { self.step(node.shorter, c) };
                let other = self.nodes[shorter as usize];
                let next_end = if other.ends.0 < other.ends.1 { shorter } else { other.next_end };
                let child_node = &mut self.nodes[child as usize];
                (child_node.shorter, child_node.next_end) = (shorter, next_end);
                queue.push_back(child);
            }
        }
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(patterns: &[String], text: &str) -> Vec<(usize, u32)> {
        let mut builder = Builder::default();
        for (id, pattern) in patterns.iter().enumerate() {
            builder.add(pattern, id as u32, 0, true);
        }
        let automaton = builder.build();
        let (mut state, mut found) = (0, Vec::new());
        for (at, c) in text.chars().enumerate() {
            state = automaton.step(state, c);
            found.extend(automaton.ends(state).map(|id| (at + 1, id)));
        }
        found.sort_unstable();
        found
    }

    proptest! {
        #[test]
        fn all_ends_of_all_patterns_are_found(
            patterns in proptest::collection::vec("[abㅏ]{1,4}", 0..8),
            text in "[abㅏ]{0,30}",
        ) {
            let chars: Vec<char> = text.chars().collect();
            let mut naive = Vec::new();
            for end in 0..=chars.len() {
                for (id, pattern) in patterns.iter().enumerate() {
                    let before: String = chars[..end].iter().collect();
                    if before.ends_with(pattern.as_str()) {
                        naive.push((end, id as u32));
                    }
                }
            }
            prop_assert_eq!(found(&patterns, &text), naive);
        }
    }

    #[test]
    fn what_has_begun_is_known() {
        let mut builder = Builder::default();
        builder.add("abc", 0, 1, true);
        builder.add("bcd", 1, 2, true);
        let automaton = builder.build();
        let state = automaton.step(automaton.step(0, 'a'), 'b');
        assert_eq!(automaton.begun(state, 1).collect::<Vec<_>>(), [2]);
        assert_eq!(automaton.begun(state, 2).collect::<Vec<_>>(), [1]);
        assert_eq!(automaton.begun(automaton.step(state, 'c'), 1).count(), 0);
        assert_eq!(automaton.len(), 7);
    }
}
