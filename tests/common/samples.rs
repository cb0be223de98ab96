//! What comes with the game.

/// Its scenes, in an order in which a fan could meet them.
pub const SCENES: [&str; 7] = [
    "first_hello",
    "rooftop_rehearsal",
    "echo_tower",
    "staircase",
    "puzzle_box",
    "white_room",
    "lantern_night",
];
