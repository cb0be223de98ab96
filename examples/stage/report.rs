//! `--report`: about how much there is to draw, in one line of the log.

use std::collections::HashSet;

use bevy::{
    asset::UntypedAssetId, camera::visibility::ViewVisibility, mesh::PrimitiveTopology, prelude::*,
};
use bevy_vrm1::prelude::MToonMaterial;

use crate::{cast::everybody_is_here, view::Shown};

/// Frames from the moment when all four are there, or another view is, until the report: all is
/// drawn by then.
const FRAMES: u32 = 12;

pub fn plugin(app: &mut App) {
    app.add_systems(PostUpdate, report.run_if(everybody_is_here));
}

/// What is drawn with one mesh.
type Drawn = (
    &'static Mesh3d,
    &'static ViewVisibility,
    Option<&'static MeshMaterial3d<StandardMaterial>>,
    Option<&'static MeshMaterial3d<MToonMaterial>>,
);

fn report(
    mut frames: Local<u32>,
    shown: Res<Shown>,
    meshes: Res<Assets<Mesh>>,
    drawn: Query<Drawn>,
) {
    *frames = if shown.is_changed() { 0 } else { frames.saturating_add(1) };
    if *frames == FRAMES {
        let (seen, all) = (count(&meshes, &drawn, true), count(&meshes, &drawn, false));
        info!(view = ?shown.0, "seen: {seen}; all: {all}");
    }
}

/// A sum over meshes.
#[derive(Debug, Default)]
struct Budget {
    meshes: usize,
    triangles: usize,
    materials: HashSet<UntypedAssetId>,
    /// Meshes with the same material: Bevy draws those in one call, where nothing lies between.
    batches: HashSet<(UntypedAssetId, UntypedAssetId)>,
}

impl std::fmt::Display for Budget {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { meshes, triangles, materials, batches } = self;
        let (materials, batches) = (materials.len(), batches.len());
        write!(
            f,
            "{meshes} meshes in {batches} or more draw calls, {triangles} triangles, \
             {materials} materials"
        )
    }
}

fn count(meshes: &Assets<Mesh>, drawn: &Query<Drawn>, seen_only: bool) -> Budget {
    let mut budget = Budget::default();
    for (mesh, visibility, standard, toon) in drawn {
        if seen_only && !visibility.get() {
            continue;
        }
        let material = standard
            .map(|material| material.0.id().untyped())
            .or_else(|| toon.map(|material| material.0.id().untyped()));
        budget.meshes += 1;
        budget.triangles += meshes.get(&mesh.0).map_or(0, triangles);
        if let Some(material) = material {
            budget.materials.insert(material);
            budget.batches.insert((mesh.0.id().untyped(), material));
        }
    }
    budget
}

/// How many triangles a mesh has.
fn triangles(mesh: &Mesh) -> usize {
    if mesh.primitive_topology() != PrimitiveTopology::TriangleList {
        return 0;
    }
    let corners = match mesh.try_indices_option() {
        Ok(Some(indices)) => indices.len(),
        Ok(None) => mesh.count_vertices(),
        // The mesh is on the graphics card only.
        Err(_) => 0,
    };
    corners / 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rectangle_has_two_triangles() {
        assert_eq!(triangles(&Rectangle::default().into()), 2);
    }
}
