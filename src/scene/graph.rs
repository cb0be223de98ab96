//! A drawing of all scenes: nodes, jumps, and what opens what.

mod draw;
mod layout;

use super::{Need, SceneInfo, Scenes};
use layout::Layout;

/// Draws the scenes as SVG: a band for each, its nodes from left to right; dashed, what one scene
/// needs of another.
///
/// # Example
/// ```
/// use bevy_persona::scene::{Scenes, graph_svg};
///
/// let text = "title: tea\n---\n<<jump tea_end>>\n===\ntitle: tea_end\nscene: tea\n---\nBye.\n===\n";
/// let svg = graph_svg(&Scenes::from_files([("tea.yarn", text)])?);
/// assert!(svg.starts_with("<svg") && svg.contains(">end</text>"));
/// # Ok::<(), bevy_persona::scene::SceneErrors>(())
/// ```
#[must_use]
pub fn graph_svg(scenes: &Scenes) -> String {
    let infos = in_order(scenes);
    let needs = links(&infos);
    draw::svg(scenes, &Layout::of(scenes, &infos), &needs)
}

/// That a scene needs what another gives.
struct Link<'a> {
    from: &'a str,
    to: &'a str,
    /// The secret, or `end`.
    why: String,
}

fn links<'a>(infos: &[&'a SceneInfo]) -> Vec<Link<'a>> {
    let mut links = Vec::new();
    for to in infos {
        for need in to.needs.parts() {
            for from in infos.iter().filter(|from| from.id != to.id && gives(from, &need)) {
                let why = if let Need::Secret(secret) = &need { secret } else { "finished" };
                links.push(Link { from: &from.id, to: &to.id, why: why.into() });
            }
        }
    }
    links
}

fn gives(scene: &SceneInfo, need: &Need) -> bool {
    match need {
        Need::Secret(secret) => scene.unlocks.contains(secret),
        Need::Visited(node) => scene.nodes.contains(node),
        _ => false,
    }
}

/// Scenes behind those that they need, where that is possible; by id otherwise.
fn in_order(scenes: &Scenes) -> Vec<&SceneInfo> {
    let mut left: Vec<_> = scenes.iter().collect();
    let mut ordered: Vec<&SceneInfo> = Vec::new();
    while !left.is_empty() {
        let waits = |info: &&SceneInfo| {
            let gives = |need| left.iter().any(|from| from.id != info.id && gives(from, need));
            info.needs.parts().iter().any(gives)
        };
        let next = left.iter().position(|info| !waits(info)).unwrap_or(0);
        ordered.push(left.remove(next));
    }
    ordered
}
