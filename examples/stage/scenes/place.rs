//! Where scenes take place: sets, and the marks on their floors.

use bevy::prelude::*;

/// What is built around a scene.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Set {
    Greenhouse,
    Rooftop,
    Tower,
    Staircase,
    Workshop,
    Gallery,
    /// The roof again, on the night of the lanterns.
    Lanterns,
    /// For scenes that nobody has built anything for.
    Plain,
}

/// A place on the floor of a set; in metres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mark {
    /// Where somebody stands; its height is that of the ground.
    pub floor: Vec3,
    /// What is looked at by those who look there.
    pub sight: Vec3,
    /// Whether it is low there, so that one kneels.
    pub is_low: bool,
}

/// Marks of every set: name, left or right, near or far, and how high what is seen there is.
const USUAL: [(&str, f32, f32, f32); 24] = [
    ("corner", -1.45, -0.75, 1.3),
    ("desk", 1.0, -0.35, 0.9),
    ("door", 1.7, -0.7, 1.4),
    ("doorsill", 1.45, -0.55, 1.2),
    ("doorway", -1.5, -0.45, 1.4),
    ("floor3", -1.2, 0.0, 1.3),
    ("floor5", -0.55, 0.0, 1.3),
    ("floor8", 0.2, 0.0, 1.3),
    ("gate", -1.5, -0.1, 1.5),
    ("glass", 0.1, -0.7, 1.6),
    ("landing", 0.4, -0.1, 1.3),
    ("mark_centre", 0.0, 0.2, 1.3),
    ("mark_left", -1.0, 0.05, 1.3),
    ("mark_right", 0.95, 0.05, 1.3),
    ("rail", 1.25, -0.2, 1.6),
    ("sink", -1.55, -0.5, 1.0),
    ("stairs", -0.6, 0.0, 1.2),
    ("table", 0.35, -0.1, 0.9),
    ("top_stair", 1.05, 0.0, 1.3),
    ("under_table", 0.1, -0.15, 0.7),
    ("walk_mark", -0.35, 0.25, 1.3),
    ("wall", 0.3, -0.75, 1.5),
    ("window", -0.85, -0.55, 1.55),
    ("mast", 1.6, -1.4, 3.4),
];

/// What is elsewhere on one set: the same, in the same order.
fn own(set: Set) -> &'static [(&'static str, f32, f32, f32)] {
    match set {
        Set::Greenhouse => {
            &[("table", 0.3, -0.05, 0.85), ("window", -0.7, -0.5, 1.7), ("door", 1.4, -0.55, 1.4)]
        }
        Set::Rooftop => &[("table", 0.1, -0.1, 1.0), ("desk", 1.55, -0.3, 1.0)],
        Set::Lanterns => &[
            ("table", -0.35, 0.05, 0.9),
            ("rail", 0.95, 0.1, 1.2),
            ("desk", 1.55, -0.25, 1.0),
            ("glass", -1.1, -0.3, 1.6),
        ],
        Set::Tower => &[("gate", -1.55, 0.0, 1.3)],
        Set::Staircase => {
            &[("stairs", -1.85, 0.0, 0.4), ("door", 1.75, -0.2, 3.2), ("doorsill", 1.5, 0.0, 3.2)]
        }
        Set::Workshop => &[
            ("table", 0.0, -0.05, 0.9),
            ("desk", 0.75, -0.4, 1.0),
            ("window", -0.95, -0.5, 1.6),
            ("door", 1.6, -0.5, 1.4),
        ],
        Set::Gallery => &[("wall", -0.1, -0.6, 1.5), ("corner", -1.3, -0.5, 1.3)],
        Set::Plain => &[],
    }
}

/// A flight of steps, seen from the side: they rise to the right.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Steps {
    /// Where the first one begins.
    pub from: f32,
    pub count: u8,
    pub run: f32,
    pub rise: f32,
}

impl Steps {
    /// How high the ground is there.
    fn height(&self, x: f32) -> f32 {
        let step = ((x - self.from) / self.run).ceil().clamp(0.0, f32::from(self.count));
        step * self.rise
    }

    /// How high the upper end is.
    pub fn top(&self) -> f32 {
        f32::from(self.count) * self.rise
    }

    /// Where the upper end begins.
    pub fn end(&self) -> f32 {
        self.from + f32::from(self.count) * self.run
    }
}

impl Set {
    pub const ALL: [Self; 8] = [
        Self::Greenhouse,
        Self::Rooftop,
        Self::Tower,
        Self::Staircase,
        Self::Workshop,
        Self::Gallery,
        Self::Lanterns,
        Self::Plain,
    ];

    /// What is built for a scene.
    pub fn of(scene: &str) -> Self {
        match scene {
            "first_hello" => Self::Greenhouse,
            "rooftop_rehearsal" => Self::Rooftop,
            "echo_tower" => Self::Tower,
            "staircase" => Self::Staircase,
            "puzzle_box" => Self::Workshop,
            "white_room" => Self::Gallery,
            "lantern_night" => Self::Lanterns,
            _ => Self::Plain,
        }
    }

    /// Its steps, if it has some.
    pub fn steps(self) -> Option<Steps> {
        match self {
            Self::Tower => Some(Steps { from: -1.05, count: 5, run: 0.23, rise: 0.17 }),
            Self::Staircase => Some(Steps { from: -1.6, count: 10, run: 0.26, rise: 0.19 }),
            _ => None,
        }
    }

    /// How high the ground is there.
    pub fn ground(self, x: f32) -> f32 {
        self.steps().map_or(0.0, |steps| steps.height(x))
    }

    /// The mark of this name; none if no scene has one that is called so.
    pub fn mark(self, name: &str) -> Option<Mark> {
        let (_, x, z, height) =
            *own(self).iter().chain(&USUAL).find(|(known, ..)| *known == name)?;
        let floor = self.on_ground(x, z);
        let behind = Vec3::new(0.25, height, -0.9);
        Some(Mark { floor, sight: floor + behind, is_low: name == "under_table" })
    }

    /// Where the idol of this number stands before anybody has told her.
    pub fn home(self, index: usize) -> Vec3 {
        const SPOTS: [(f32, f32); 4] = [(-0.35, 0.05), (0.35, 0.0), (-0.95, -0.1), (0.95, -0.1)];
        match (self, SPOTS.get(index)) {
            (Self::Staircase | Self::Tower, _) => self.on_ground(-1.85, 0.0),
            (_, Some((x, z))) => self.on_ground(*x, *z),
            _ => Vec3::ZERO,
        }
    }

    /// A point of the ground.
    pub fn on_ground(self, x: f32, z: f32) -> Vec3 {
        Vec3::new(x, self.ground(x), z)
    }

    /// The place nearest to a mark at which nobody stands in anybody's way.
    pub fn free_spot(self, wish: Vec3, taken: &[Vec3]) -> Vec3 {
        /// From one body to the next.
        const APART: f32 = 0.5;
        const ASIDE: [f32; 9] = [0.0, -1.0, 1.0, -2.0, 2.0, -3.0, 3.0, -4.0, 4.0];
        let spot = |side: &f32| {
            // Those at the sides stand a little nearer: nobody is behind another.
            let x = wish.x + side * APART;
            self.on_ground(x, wish.z + 0.05 * side.abs())
        };
        let is_free =
            |spot: &Vec3| taken.iter().all(|other| (other.x - spot.x).abs() > APART * 0.9);
        let inside = |spot: &Vec3| spot.x.abs() < 2.3;
        ASIDE.iter().map(spot).filter(inside).find(is_free).unwrap_or(wish)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_at_the_same_mark_stand_beside_each_other() {
        for set in Set::ALL {
            for (name, ..) in USUAL {
                let mark = set.mark(name).unwrap();
                let mut taken: Vec<Vec3> = vec![];
                for _ in 0..4 {
                    let spot = set.free_spot(mark.floor, &taken);
                    assert!(taken.iter().all(|other| (other.x - spot.x).abs() > 0.4), "{name}");
                    assert_eq!(spot.y, set.ground(spot.x));
                    taken.push(spot);
                }
            }
        }
    }

    #[test]
    fn who_climbs_comes_higher_from_mark_to_mark() {
        let marks = ["stairs", "floor3", "floor5", "floor8", "top_stair"];
        let heights = marks.map(|name| Set::Staircase.mark(name).unwrap().floor.y);
        assert!(heights.is_sorted_by(|a, b| a < b), "{heights:?}");
        let tower = ["gate", "stairs", "landing"].map(|name| Set::Tower.mark(name).unwrap().floor);
        assert!(tower.is_sorted_by(|a, b| a.y < b.y), "{tower:?}");
    }

    #[test]
    fn a_mark_that_nobody_knows_is_nowhere() {
        assert_eq!(Set::Plain.mark("the_sea"), None);
        assert_eq!(Set::of("a_new_scene"), Set::Plain);
    }
}
