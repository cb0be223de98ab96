//! Where the nodes of a drawing lie.

use std::collections::{BTreeMap, BTreeSet};

use crate::scene::{SceneInfo, Scenes};

pub(super) const NODE: (usize, usize) = (140, 30);
const GAP: (usize, usize) = (60, 16);
const MARGIN: usize = 20;
/// Left of the bands, for what one scene needs of another.
pub(super) const LANES: usize = 120;
const HEAD: usize = 46;

/// The left upper corner of everything.
pub(super) struct Layout<'a> {
    pub(super) bands: Vec<Band<'a>>,
    pub(super) nodes: BTreeMap<&'a str, (usize, usize)>,
    pub(super) width: usize,
    pub(super) height: usize,
}

/// A scene in the drawing.
pub(super) struct Band<'a> {
    pub(super) scene: &'a SceneInfo,
    pub(super) top: usize,
    pub(super) height: usize,
}

impl<'a> Layout<'a> {
    pub(super) fn of(scenes: &'a Scenes, infos: &[&'a SceneInfo]) -> Self {
        let mut layout =
            Self { bands: Vec::new(), nodes: BTreeMap::new(), width: 0, height: MARGIN };
        for scene in infos {
            layout.add(scenes, scene);
        }
        layout.width += MARGIN;
        layout
    }

    fn add(&mut self, scenes: &'a Scenes, scene: &'a SceneInfo) {
        let layers = layers(scenes, scene);
        let mut filled = vec![0; layers.values().max().map_or(0, |last| last + 1)];
        for node in &scene.nodes {
            let layer = layers.get(node.as_str()).copied().unwrap_or(0);
            let x = LANES + MARGIN + layer * (NODE.0 + GAP.0);
            let y = self.height + HEAD + filled[layer] * (NODE.1 + GAP.1);
            filled[layer] += 1;
            self.nodes.insert(node, (x, y));
            self.width = self.width.max(x + NODE.0 + MARGIN);
        }
        let rows = filled.into_iter().max().unwrap_or(0);
        let height = HEAD + rows * (NODE.1 + GAP.1) + GAP.1;
        self.bands.push(Band { scene, top: self.height, height });
        self.height += height + MARGIN;
    }
}

/// Each node behind all that lead to it, jumps back apart; the unreachable in the first layer.
fn layers<'a>(scenes: &'a Scenes, scene: &'a SceneInfo) -> BTreeMap<&'a str, usize> {
    let (order, back) = walk(scenes, scene);
    let mut layers: BTreeMap<&str, usize> =
        scene.nodes.iter().map(|node| (node.as_str(), 0)).collect();
    for from in order {
        let layer = layers.get(from).copied().unwrap_or(0) + 1;
        for to in next(scenes, from).filter(|to| !back.contains(&(from, *to))) {
            if let Some(known) = layers.get_mut(to) {
                *known = layer.max(*known);
            }
        }
    }
    layers
}

fn next<'a>(scenes: &'a Scenes, node: &str) -> impl DoubleEndedIterator<Item = &'a str> {
    scenes.node(node).into_iter().flat_map(|node| &node.leads_to).map(String::as_str)
}

/// The nodes of a scene, each before those it leads to, and the jumps back.
fn walk<'a>(
    scenes: &'a Scenes,
    scene: &'a SceneInfo,
) -> (Vec<&'a str>, BTreeSet<(&'a str, &'a str)>) {
    let (mut order, mut back) = (Vec::new(), BTreeSet::new());
    let mut begun: BTreeSet<&str> = BTreeSet::from([scene.start.as_str()]);
    let mut open = vec![(scene.start.as_str(), next(scenes, &scene.start))];
    while let Some((node, left)) = open.last_mut() {
        let (from, to) = (*node, left.next());
        match to {
            Some(to) if open.iter().any(|(open, _)| *open == to) => drop(back.insert((from, to))),
            Some(to) => {
                if begun.insert(to) {
                    open.push((to, next(scenes, to)));
                }
            }
            None => {
                order.push(from);
                open.pop();
            }
        }
    }
    order.reverse();
    (order, back)
}
