//! Where the nodes of a drawing lie.

use std::collections::{BTreeMap, VecDeque};

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

    fn add(&mut self, scenes: &Scenes, scene: &'a SceneInfo) {
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

/// How many jumps each node is away from the first; the unreachable stand in the first layer.
fn layers<'a>(scenes: &Scenes, scene: &'a SceneInfo) -> BTreeMap<&'a str, usize> {
    let mut layers: BTreeMap<&str, usize> = BTreeMap::new();
    let mut next = VecDeque::from([(scene.start.as_str(), 0)]);
    while let Some((name, layer)) = next.pop_front() {
        let Some(name) = scene.nodes.iter().find(|node| *node == name) else { continue };
        if layers.contains_key(name.as_str()) {
            continue;
        }
        layers.insert(name, layer);
        let leads_to = scenes.node(name).into_iter().flat_map(|node| &node.leads_to);
        let known = leads_to.filter_map(|to| scene.nodes.iter().find(|node| *node == to));
        next.extend(known.map(|to| (to.as_str(), layer + 1)));
    }
    for node in &scene.nodes {
        layers.entry(node).or_insert(0);
    }
    layers
}
