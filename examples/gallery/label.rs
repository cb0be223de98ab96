//! Small letters for the sheets: capitals and digits, three pixels wide.

use bevy::math::UVec2;

use crate::picture::{Picture, Pixel};

/// How many pixels of the picture one of a letter is wide and high.
const SCALE: u32 = 2;
/// How much of the width a letter takes, with the gap behind it.
const ADVANCE: u32 = 4 * SCALE;
/// How high letters are, in pixels.
pub const HEIGHT: u32 = 5 * SCALE;

/// Writes a line of text, its upper left corner at `at`.
pub fn write(picture: &mut Picture, text: &str, at: UVec2, ink: Pixel) {
    let mut left = at.x;
    for letter in text.chars() {
        for (y, row) in (0..).zip(glyph(letter)) {
            for x in (0..3).filter(|x| (row >> (2 - x)) & 1 == 1) {
                dot(picture, UVec2::new(left, at.y) + SCALE * UVec2::new(x, y), ink);
            }
        }
        left += ADVANCE;
    }
}

fn dot(picture: &mut Picture, at: UVec2, ink: Pixel) {
    for y in 0..SCALE {
        for x in 0..SCALE {
            picture.set(at + UVec2::new(x, y), ink);
        }
    }
}

/// Five rows of three bits, each row as an octal digit.
fn glyph(letter: char) -> [u8; 5] {
    let rows: u32 = match letter.to_ascii_uppercase() {
        'A' => 0o25755,
        'B' => 0o65656,
        'C' => 0o34443,
        'D' => 0o65556,
        'E' => 0o74647,
        'F' => 0o74644,
        'G' => 0o34553,
        'H' => 0o55755,
        'I' => 0o72227,
        'J' => 0o11152,
        'K' => 0o55655,
        'L' => 0o44447,
        'M' => 0o57755,
        'N' => 0o65555,
        'O' => 0o25552,
        'P' => 0o65644,
        'Q' => 0o25563,
        'R' => 0o65655,
        'S' => 0o34216,
        'T' => 0o72222,
        'U' => 0o55557,
        'V' => 0o55552,
        'W' => 0o55775,
        'X' => 0o55255,
        'Y' => 0o55222,
        'Z' => 0o71247,
        '0' => 0o75557,
        '1' => 0o26227,
        '2' => 0o61247,
        '3' => 0o61216,
        '4' => 0o55711,
        '5' => 0o74616,
        '6' => 0o34652,
        '7' => 0o71222,
        '8' => 0o25252,
        '9' => 0o25316,
        '_' => 0o00007,
        '.' => 0o00002,
        '%' => 0o51245,
        _ => 0,
    };
    [12, 9, 6, 3, 0].map(|shift| ((rows >> shift) & 7) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    const INK: Pixel = [0, 0, 0, 255];
    const PAPER: Pixel = [255; 4];

    #[test]
    fn every_letter_of_a_name_can_be_seen() {
        for letter in ('a'..='z').chain('0'..='9').chain(['_']) {
            assert_ne!(glyph(letter), [0; 5], "{letter}");
        }
    }

    #[test]
    fn letters_outside_the_picture_are_left_out() {
        let mut picture = Picture::plain(UVec2::splat(HEIGHT), PAPER);
        write(&mut picture, "wide", UVec2::ZERO, INK);
        assert!(picture.covering(PAPER) > 0.1);
    }
}
