//! What the tests of scenes share: the scenes of the game, a world, a reader who chooses by a seed.

use std::{collections::BTreeSet, path::Path, sync::Arc};

use bevy_persona::{persona::Language, scene::*};

#[path = "../common/samples.rs"]
mod samples;

pub use samples::SCENES;

/// The files of the game's scenes.
pub fn files() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/scenes");
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder of the scenes") {
        let entry = entry.expect("a file of the folder");
        let name = entry.file_name().to_string_lossy().into_owned();
        if Scenes::takes(&name) {
            files.push((name, std::fs::read_to_string(entry.path()).expect("a text")));
        }
    }
    files
}

pub fn scenes() -> Arc<Scenes> {
    Arc::new(Scenes::from_files(files()).expect("scenes without faults"))
}

/// A file that holds one scene, named as its first node.
pub fn one(text: &str) -> Arc<Scenes> {
    let name = text.lines().next().and_then(|line| line.strip_prefix("title: ")).expect("a title");
    Arc::new(Scenes::from_files([(format!("{name}.yarn"), text)]).expect("a scene without faults"))
}

/// A world in which every scene may begin.
#[derive(Clone)]
pub struct World {
    pub language: Language,
    pub affinity: f32,
    pub secrets: BTreeSet<String>,
    pub name: String,
    pub hour: f32,
}

impl Default for World {
    fn default() -> Self {
        Self {
            language: Language::English,
            affinity: 50.0,
            secrets: ["s01", "s02", "s03", "s04"].map(String::from).into(),
            name: "Mina".into(),
            hour: 20.0,
        }
    }
}

impl SceneWorld for World {
    fn language(&self) -> Language {
        self.language
    }

    fn affinity(&self, _member: &str) -> f32 {
        self.affinity
    }

    fn knows(&self, secret: &str) -> bool {
        self.secrets.contains(secret)
    }

    fn fan(&self, key: &str) -> String {
        if key == "name" { self.name.clone() } else { String::new() }
    }

    fn hour(&self) -> f32 {
        self.hour
    }
}

/// Chooses by a seed; the same seed chooses the same.
#[derive(Clone)]
pub struct Reader(pub u64);

impl Reader {
    pub fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (bits >> 33) as usize % count
    }

    /// Reacts to a step as a fan would.
    pub fn react(&mut self, player: &mut Player, step: &Step) {
        match step {
            Step::Choices(choices) => {
                let free: Vec<_> = (0..choices.len()).filter(|i| choices[*i].available).collect();
                player.choose(free[self.below(free.len())]).expect("an option that is free");
            }
            Step::Do(SceneCommand::AskFan(ask)) => {
                let option = ask.options[self.below(ask.options.len())].clone();
                player.answer(&option).expect("an option of the question");
            }
            _ => {}
        }
    }
}

/// Plays to the end, and gives all steps.
pub fn play_on(player: &mut Player, reader: &mut Reader, world: &World) -> Vec<Step> {
    let mut steps = Vec::new();
    loop {
        let step = player.advance(world).expect("a step");
        let ended = step == Step::End;
        reader.react(player, &step);
        steps.push(step);
        if ended {
            return steps;
        }
        assert!(steps.len() < 5_000, "the scene never ends");
    }
}
