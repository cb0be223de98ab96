//! Every light that a scene can ask for.

use bevy::prelude::*;

/// What is in the air or in the sky.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Air {
    Rain,
    Storm,
    Stars,
    Moon,
    Sun,
    Aurora,
    Lanterns,
}

/// A light.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Preset {
    /// From the ground to the zenith.
    pub sky: [LinearRgba; 5],
    /// By what the colours of the set are multiplied.
    pub on_set: LinearRgba,
    /// The light on the idols.
    pub on_idols: LinearRgba,
    /// Where it comes from.
    pub from: Vec3,
    pub ambient: f32,
    /// How strong lamps are, 0..1 and more.
    pub lamps: f32,
    pub air: &'static [Air],
}

impl Preset {
    /// In between two lights; what is in the air is that of the second.
    pub fn mix(&self, other: &Self, part: f32) -> Self {
        let mix = |a: f32, b: f32| a + (b - a) * part;
        Self {
            sky: std::array::from_fn(|row| self.sky[row].mix(&other.sky[row], part)),
            on_set: self.on_set.mix(&other.on_set, part),
            on_idols: self.on_idols.mix(&other.on_idols, part),
            from: self.from.lerp(other.from, part),
            ambient: mix(self.ambient, other.ambient),
            lamps: mix(self.lamps, other.lamps),
            air: other.air,
        }
    }
}

/// A colour as it is written in pictures, `0xRRGGBB`, in linear light.
const fn rgb(hex: u32) -> LinearRgba {
    const fn linear(part: u32) -> f32 {
        // Close enough to the curve of sRGB for lights, and const.
        let part = (part & 0xFF) as f32 / 255.0;
        part * part * (0.78 + 0.22 * part)
    }
    LinearRgba::rgb(linear(hex >> 16), linear(hex >> 8), linear(hex))
}

/// From where light comes: in front and above, a little to the left.
const FRONT: Vec3 = Vec3::new(-0.35, 0.5, 0.8);

const fn light(
    sky: [u32; 5],
    on_set: u32,
    on_idols: u32,
    from: Vec3,
    lamps: f32,
    air: &'static [Air],
) -> Preset {
    let [a, b, c, d, e] = sky;
    Preset {
        sky: [rgb(a), rgb(b), rgb(c), rgb(d), rgb(e)],
        on_set: rgb(on_set),
        on_idols: rgb(on_idols),
        from,
        ambient: 60.0,
        lamps,
        air,
    }
}

/// Before a scene has asked for another.
pub const USUAL: Preset =
    light([0x14102a, 0x2a1c4c, 0x4a3472, 0x2a1f52, 0x100c28], 0xd8d0e8, 0xffffff, FRONT, 0.6, &[]);

/// The light of this name.
pub fn of(name: &str) -> Option<Preset> {
    const NIGHT: [u32; 5] = [0x0c0b20, 0x18183c, 0x232456, 0x12133a, 0x080820];
    let right = Vec3::new(0.6, 0.45, 0.7);
    let left = Vec3::new(-0.7, 0.45, 0.65);
    Some(match name {
        "aurora" => light(
            [0x081820, 0x103038, 0x1a4a58, 0x14284e, 0x0a0c28],
            0x8fb4c4,
            0xd6f6ee,
            left,
            0.5,
            &[Air::Stars, Air::Aurora],
        ),
        "blue_thin" => light(
            [0x0a1226, 0x142448, 0x1c3868, 0x101c40, 0x080c20],
            0x5f7fb8,
            0xb4ccff,
            left,
            0.25,
            &[],
        ),
        "dark" => light(
            [0x07060f, 0x0c0b1c, 0x121128, 0x0b0a1a, 0x050510],
            0x4a4868,
            0x9a98c4,
            left,
            0.3,
            &[],
        ),
        "dawn" => light(
            [0x3a2f52, 0xc08a86, 0xf0b89a, 0x8f88b4, 0x40477e],
            0xd4bcc4,
            0xffe6da,
            right,
            0.45,
            &[],
        ),
        "dim" => light(
            [0x0d0a18, 0x181228, 0x241a38, 0x151024, 0x0a0814],
            0x7c6a80,
            0xd8c4c8,
            FRONT,
            0.7,
            &[],
        ),
        "dusk" => light(
            [0x2a1c44, 0x7a4a78, 0xc47c84, 0x5c4686, 0x241f52],
            0xc8b0c8,
            0xffeade,
            right,
            0.7,
            &[],
        ),
        "lamp" => light(
            [0x120c1c, 0x20152e, 0x2e1f3e, 0x1a1330, 0x0c0a1c],
            0xd8b896,
            0xffe8cc,
            right,
            1.1,
            &[],
        ),
        "lanterns" => light(NIGHT, 0xc8a884, 0xffe4c4, right, 1.1, &[Air::Stars, Air::Lanterns]),
        "lanterns_bright" => light(
            [0x1c1428, 0x3a2846, 0x54385a, 0x241c46, 0x0e0c2a],
            0xf0cc9c,
            0xfff0d8,
            FRONT,
            1.5,
            &[Air::Stars, Air::Lanterns],
        ),
        "moon" => light(
            [0x0c1024, 0x1a2448, 0x2a3a6c, 0x18224c, 0x0a0e26],
            0x8496c4,
            0xd4e0ff,
            left,
            0.4,
            &[Air::Stars, Air::Moon],
        ),
        "morning" => light(
            [0xb8c8d8, 0xdce4e4, 0xf4e8d4, 0xb4d0ea, 0x78a8dc],
            0xf6f0e8,
            0xfffaf0,
            right,
            0.2,
            &[Air::Sun],
        ),
        "night" => light(NIGHT, 0x8c88b8, 0xdcd8f8, left, 0.75, &[Air::Stars]),
        "rain" => light(
            [0x2c3846, 0x4e6070, 0x70848e, 0x50626e, 0x323e4c],
            0xb4c2c6,
            0xf0f6f8,
            FRONT,
            0.6,
            &[Air::Rain],
        ),
        "stairwell" => light(
            [0x121620, 0x1f2836, 0x2b3848, 0x1c2430, 0x10141c],
            0x98a4a8,
            0xe8eee8,
            FRONT,
            0.8,
            &[],
        ),
        "storm" => light(
            [0x12161f, 0x222a38, 0x343e50, 0x222a3a, 0x12161f],
            0x8490a4,
            0xd4dcec,
            left,
            0.6,
            &[Air::Rain, Air::Storm],
        ),
        "street" => light(
            [0x14101e, 0x2c2234, 0x443448, 0x1e1a36, 0x0c0c20],
            0xb89c84,
            0xffe6c8,
            right,
            1.0,
            &[],
        ),
        "sunrise" => light(
            [0x5a3c58, 0xf0a478, 0xffd898, 0xd8a8b4, 0x7088c0],
            0xf4d4b4,
            0xfff0d8,
            right,
            0.3,
            &[Air::Sun],
        ),
        "sunset" => light(
            [0x3c2048, 0xd06c5c, 0xffa870, 0xa06488, 0x44386e],
            0xf0c09c,
            0xffe6cc,
            right,
            0.5,
            &[Air::Sun],
        ),
        "white" => light(
            [0xd4d4dc, 0xe4e4ea, 0xf2f2f4, 0xeaeaf0, 0xdcdce6],
            0xffffff,
            0xffffff,
            FRONT,
            0.1,
            &[],
        ),
        "white_dim" => light(
            [0x5c5c6c, 0x6c6c7c, 0x7c7c8c, 0x707080, 0x5c5c6c],
            0xa8a8bc,
            0xe0e0f0,
            FRONT,
            0.2,
            &[],
        ),
        "white_warm" => light(
            [0xd8c4a8, 0xead6b8, 0xf8e8cc, 0xf0dcc0, 0xdcc8b0],
            0xffeed4,
            0xfff4e4,
            right,
            0.3,
            &[],
        ),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every light of the sample scenes.
    const NAMES: &str = "aurora blue_thin dark dawn dim dusk lamp lanterns lanterns_bright moon \
                         morning night rain stairwell storm street sunrise sunset white white_dim \
                         white_warm";

    #[test]
    fn every_light_is_there_and_shows_faces() {
        for name in NAMES.split_whitespace() {
            let preset = of(name).unwrap_or_else(|| panic!("{name}"));
            assert!(preset.on_idols.luminance() > 0.25, "{name}");
            assert!(preset.from.z > 0.3, "{name}");
        }
        assert_eq!(of("disco"), None);
    }

    #[test]
    fn half_way_is_in_between() {
        let (dark, white) = (of("dark").unwrap(), of("white").unwrap());
        let half = dark.mix(&white, 0.5);
        assert!(half.on_set.red > dark.on_set.red && half.on_set.red < white.on_set.red);
        let whole = dark.mix(&white, 1.0);
        assert_eq!((whole.on_set, whole.sky), (white.on_set, white.sky));
        assert!((whole.lamps - white.lamps).abs() < 1e-5);
    }
}
