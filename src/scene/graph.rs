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

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "title: a
unlocks: s1
---
-> On
    <<jump a_two>>
-> Again
    <<jump a>>
===
title: a_two
scene: a
---
<<jump a>>
===
title: a_lost
scene: a
---
x
===
title: b
scene: b
name: \"B\" & <co>
needs: knows(s1) and visited(a_two) and visited(b)
---
x
===
";

    #[test]
    fn every_node_jump_and_need_is_drawn_once() {
        let svg = graph_svg(&Scenes::from_files([("a.yarn", TEXT)]).unwrap());
        let count = |text: &str| svg.matches(text).count();
        for node in ["a", "a_two", "a_lost", "b"] {
            assert_eq!(count(&format!("<title>{node}</title>")), 1, "{node}");
        }
        assert_eq!((count("class=\"jump\""), count("class=\"back\"")), (1, 2));
        assert_eq!(count("class=\"need\""), 2);
        assert!(svg.contains("&quot;B&quot; &amp; &lt;co&gt;</text>"));
    }

    #[test]
    fn scenes_stand_behind_what_they_need_even_in_a_circle() {
        let order = |text: &str| -> Vec<String> {
            let scenes = Scenes::from_files([("a.yarn", text)]).unwrap();
            in_order(&scenes).iter().map(|scene| scene.id.clone()).collect()
        };
        let scene = |id: &str, needs: &str| {
            format!("title: {id}\nscene: {id}\nneeds: visited({needs})\n---\nx\n===\n")
        };
        let chain = [scene("a", "b"), scene("b", "c"), scene("c", "nothing")].concat();
        assert_eq!(order(&chain), ["c", "b", "a"]);
        let circle = [scene("a", "b"), scene("b", "a")].concat();
        assert_eq!(order(&circle), ["a", "b"]);
    }
}
