//! A contact sheet: rows of pictures, each with its name.

use bevy::math::UVec2;

use crate::{
    label,
    picture::{Picture, Pixel},
};

const PAPER: Pixel = [250, 250, 252, 255];
const INK: Pixel = [40, 36, 60, 255];
/// Pixels around letters and between pictures.
const GAP: u32 = 2;
const LINE: u32 = label::HEIGHT + 2 * GAP;

/// Rows of pictures.
#[derive(Debug, Default)]
pub struct Sheet {
    /// What is written above the columns, each with the number of pictures it stands over.
    heads: Vec<(String, u32)>,
    rows: Vec<(String, Vec<Picture>)>,
}

impl Sheet {
    /// No rows yet; each head stands over `width` pictures.
    pub fn new(heads: impl IntoIterator<Item = impl Into<String>>, width: u32) -> Self {
        let heads = heads.into_iter().map(|head| (head.into(), width)).collect();
        Self { heads, rows: Vec::new() }
    }

    /// Adds pictures of one size.
    pub fn add(&mut self, name: impl Into<String>, pictures: Vec<Picture>) {
        self.rows.push((name.into(), pictures));
    }

    /// The whole sheet.
    pub fn draw(&self) -> Picture {
        let first = |row: &(String, Vec<Picture>)| row.1.first().map(Picture::size);
        let cell = self.rows.iter().filter_map(first).fold(UVec2::ZERO, UVec2::max);
        let step = cell + UVec2::new(GAP, LINE);
        let columns: u32 = self.heads.iter().map(|(_, width)| width).sum();
        let rows = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        let size = UVec2::new(columns * step.x + GAP, LINE + rows * step.y + GAP);
        let mut sheet = Picture::plain(size, PAPER);
        let mut left = GAP;
        for (head, width) in &self.heads {
            label::write(&mut sheet, head, UVec2::new(left, GAP), INK);
            left += width * step.x;
        }
        let mut top = LINE;
        for (name, pictures) in &self.rows {
            label::write(&mut sheet, name, UVec2::new(GAP, top + GAP), INK);
            for (column, picture) in (0..).zip(pictures) {
                sheet.paste(picture, UVec2::new(GAP + column * step.x, top + LINE));
            }
            top += step.y;
        }
        sheet
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_pictures_are_on_the_sheet() {
        let mut sheet = Sheet::new(["a", "b"], 1);
        let dark = Picture::plain(UVec2::new(10, 20), INK);
        sheet.add("x", vec![dark.clone(), dark.clone()]);
        sheet.add("y", vec![dark.clone(), dark]);
        let drawn = sheet.draw();
        assert_eq!(drawn.size(), UVec2::new(2 * 12 + 2, LINE + 2 * (20 + LINE) + 2));
        let area = drawn.size().as_vec2();
        assert!(drawn.covering(PAPER) * area.x * area.y > 4.0 * 200.0);
    }
}
