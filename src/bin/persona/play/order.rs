//! In which order all scenes are played.

use bevy_persona::{
    persona::Language,
    scene::{Need, SceneInfo, SceneWorld, Scenes, Story},
};

use crate::dice::roll;

/// A fan who is close to everybody, and knows what the scenes before have opened.
struct Friend<'a> {
    unlocked: Vec<&'a str>,
}

impl SceneWorld for Friend<'_> {
    fn language(&self) -> Language {
        Language::English
    }

    fn affinity(&self, _member: &str) -> f32 {
        100.0
    }

    fn knows(&self, secret: &str) -> bool {
        self.unlocked.contains(&secret)
    }

    fn fan(&self, _key: &str) -> String {
        "known".into()
    }

    fn hour(&self) -> f32 {
        20.0
    }
}

/// An order in which a fan could meet them: first what needs least, each after what it needs. What
/// can never be met comes last.
pub fn of_a_story(scenes: &Scenes) -> Vec<&SceneInfo> {
    let mut left: Vec<&SceneInfo> = scenes.iter().collect();
    left.sort_by_key(|scene| closeness_needed(scene));
    let (mut order, mut story) = (Vec::<&SceneInfo>::new(), Story::default());
    while !left.is_empty() {
        let unlocked = order.iter().flat_map(|scene| scene.unlocks.iter().map(String::as_str));
        let friend = Friend { unlocked: unlocked.collect() };
        let next = left.iter().position(|scene| scene.needs.holds(&story, &friend));
        let scene = left.remove(next.unwrap_or_default());
        for node in [&scene.start, &scene.end] {
            *story.visits.entry(node.clone()).or_default() += 1;
        }
        order.push(scene);
    }
    order
}

/// Any order, by chance.
pub fn by_chance(scenes: &Scenes, seed: u64) -> Vec<&SceneInfo> {
    let mut order: Vec<&SceneInfo> = scenes.iter().collect();
    order.sort_by_key(|scene| roll(seed, &["order", &scene.id], 1 << 30));
    order
}

/// How close the fan must be to members before a scene may begin.
pub fn closeness(scene: &SceneInfo) -> Vec<(String, f32)> {
    let needs = scene.needs.parts().into_iter().filter_map(|need| match need {
        Need::Affinity { member, at_least } => Some((member, at_least?)),
        _ => None,
    });
    needs.collect()
}

fn closeness_needed(scene: &SceneInfo) -> u32 {
    closeness(scene).iter().map(|(_, least)| *least as u32).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCENE: &str = "title: @\nscene: @\nneeds: #\nunlocks: $\n---\nHello. #line:@_1\n===\n\
                         title: @_end\nscene: @\n---\nBye. #line:@_2\n===\n";

    fn scenes(told: &[(&str, &str, &str)]) -> Scenes {
        let file = |(name, needs, unlocks): &(&str, &str, &str)| {
            let text = SCENE.replace('@', name).replace('#', needs).replace('$', unlocks);
            (format!("{name}.yarn"), text)
        };
        Scenes::from_files(told.iter().map(file)).unwrap()
    }

    #[test]
    fn each_scene_comes_after_what_it_needs() {
        let scenes = scenes(&[
            ("a", "knows(\"s1\")", "none"),
            ("b", "affinity(\"otto\") >= 40", "s1"),
            ("c", "visited(\"d_end\")", "none"),
            ("d", "none", "none"),
            ("e", "visited(\"nothing\")", "none"),
        ]);
        let order: Vec<&str> = of_a_story(&scenes).iter().map(|scene| scene.id.as_str()).collect();
        let at = |scene| order.iter().position(|&id| id == scene).unwrap();
        assert!(at("b") < at("a") && at("d") < at("c") && at("d") < at("b"), "{order:?}");
        assert_eq!((order.len(), order[4]), (5, "e"));
    }

    #[test]
    fn chance_puts_them_in_more_than_one_order() {
        let scenes = scenes(&[("a", "none", "none"), ("b", "none", "none")]);
        let first = |seed| by_chance(&scenes, seed)[0].id.clone();
        assert!((0..20).any(|seed| first(seed) == "a") && (0..20).any(|seed| first(seed) == "b"));
    }
}
