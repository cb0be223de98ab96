//! What one body has learnt.

use bevy::{platform::collections::HashMap, prelude::*};

use super::{clip::clip, library::MotionLibrary, motion::Motion};
use crate::{
    cue::{Activity, CueBook},
    persona::{Persona, PersonaAsset},
    view::avatar::AvatarRig,
};

/// The motions of one body, as nodes of its animation graph.
#[derive(Debug, Clone, Default, Component)]
pub(crate) struct Repertoire {
    known: HashMap<String, Learnt>,
    /// For each activity what is done meanwhile.
    pub(super) meanwhile: [Vec<Learnt>; Activity::ALL.len()],
}

/// A motion in the graph.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Learnt {
    pub(super) node: AnimationNodeIndex,
    pub(super) seconds: f32,
    pub(super) repeats: bool,
}

impl Repertoire {
    /// A motion by its name.
    pub(super) fn get(&self, name: &str) -> Option<Learnt> {
        self.known.get(name).copied()
    }

    fn plan(&mut self, book: &CueBook, id: &str) {
        for (activity, meanwhile) in Activity::ALL.iter().zip(&mut self.meanwhile) {
            meanwhile.clear();
            let Some(cue) = book.activities.get(activity) else { continue };
            let names = cue.motions.iter().map(|name| name.replace("{id}", id));
            meanwhile.extend(names.filter_map(|name| self.known.get(&name).copied()));
        }
    }
}

/// Each body learns a motion a frame, so that no frame has to wait for many.
pub(in crate::view::avatar) fn learn(
    library: Res<MotionLibrary>,
    motions: Res<Assets<Motion>>,
    mut graphs: ResMut<Assets<AnimationGraph>>,
    mut clips: ResMut<Assets<AnimationClip>>,
    mut bodies: Query<(Entity, &AvatarRig, &mut Repertoire, Option<&AnimationGraphHandle>)>,
    mut commands: Commands,
) {
    for (entity, rig, mut repertoire, graph) in &mut bodies {
        let unknown = library.iter().find_map(|(name, known)| {
            if repertoire.known.contains_key(name) {
                return None;
            }
            Some((name, known.repeats, motions.get(&known.motion)?))
        });
        let Some((name, repeats, motion)) = unknown else { continue };
        let handle = clips.add(clip(motion, rig));
        let node = if let Some(graph) = graph
            && let Some(mut graph) = graphs.get_mut(&graph.0)
        {
            let root = graph.root;
            graph.add_clip(handle, 1.0, root)
        } else {
            let (graph, node) = AnimationGraph::from_clip(handle);
            commands.entity(entity).insert(AnimationGraphHandle(graphs.add(graph)));
            node
        };
        let learnt = Learnt { node, seconds: motion.seconds, repeats };
        repertoire.known.insert(name.into(), learnt);
    }
}

/// Plans what is done meanwhile, when a body has learnt something, follows another sheet, or it has become
/// known who she is.
pub(in crate::view::avatar) fn plan(
    sheets: Option<Res<Assets<PersonaAsset>>>,
    mut loaded: MessageReader<AssetEvent<PersonaAsset>>,
    mut bodies: Query<(Ref<CueBook>, &mut Repertoire, Option<&Persona>)>,
) {
    let news = loaded.read().count() > 0;
    for (book, mut repertoire, persona) in &mut bodies {
        if news || book.is_changed() || repertoire.is_changed() {
            let sheet = persona.zip(sheets.as_ref()).and_then(|(persona, all)| all.get(&persona.0));
            let id = sheet.map_or("", |asset| asset.sheet.id.as_str());
            repertoire.bypass_change_detection().plan(&book, id);
        }
    }
}
