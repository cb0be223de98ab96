//! The LED screen behind the stage: the name of the idol the fan talks with, and waves in her
//! colour.

use bevy::{
    asset::RenderAssetUsages,
    image::{ImageAddressMode, ImageSampler, ImageSamplerDescriptor},
    math::Affine2,
    prelude::*,
    render::render_resource::{Extent3d, TextureDimension, TextureFormat},
};
use bevy_persona::prelude::*;

use super::{
    Scenery, letters, place_of,
    shapes::{Shapes, dimmed},
    turned_to_another,
};
use crate::{
    beat::Dancing,
    cast::{Idol, Place},
    glow::{self, Paint},
    view::{Shown, View, in_motion},
};

/// Dots of the screen.
const DOTS: UVec2 = UVec2::new(108, 56);
/// The size of the screen in metres.
const SIZE: Vec2 = Vec2::new(8.1, 4.2);
/// Where its middle is.
const AT: Vec3 = Vec3::new(0.0, 2.1, -4.4);
/// Dots of the screen for one dot of a letter.
const SCALE: usize = 2;
/// From the top of the screen to the name, in dots.
const MARGIN: usize = 7;
/// Seconds between two pictures.
const FRAME: f32 = 1.0 / 12.0;

pub fn plugin(app: &mut App) {
    let draws = in_motion.or_else(turned_to_another);
    app.add_systems(Startup, spawn).add_systems(Update, draw.run_if(draws));
}

/// What the screen shows and how it is drawn.
#[derive(Debug, Resource)]
struct Screen {
    picture: Handle<Image>,
    material: Handle<StandardMaterial>,
}

fn spawn(
    paint: Res<Paint>,
    mut images: ResMut<Assets<Image>>,
    mut meshes: ResMut<Assets<Mesh>>,
    mut materials: ResMut<Assets<StandardMaterial>>,
    mut commands: Commands,
) {
    let picture = images.add(picture(DOTS, ImageSampler::nearest(), |_| [0, 0, 0, 255]));
    let base = |texture: &Handle<Image>, mode| StandardMaterial {
        base_color_texture: Some(texture.clone()),
        ..glow::material(mode, 0.0)
    };
    let material = materials.add(base(&picture, AlphaMode::Opaque));
    let repeat = ImageSamplerDescriptor {
        address_mode_u: ImageAddressMode::Repeat,
        address_mode_v: ImageAddressMode::Repeat,
        ..ImageSamplerDescriptor::linear()
    };
    let gaps = images.add(self::picture(UVec2::splat(8), ImageSampler::Descriptor(repeat), gap));
    let uv_transform = Affine2::from_scale(DOTS.as_vec2());
    let gaps = materials.add(StandardMaterial { uv_transform, ..base(&gaps, AlphaMode::Blend) });
    let sheet = meshes.add(Rectangle::from_size(SIZE));
    let mut frame = Shapes::default();
    frame.frame(Vec3::ZERO, SIZE, 0.07, Color::srgb_u8(20, 14, 38));

    let root = (Scenery::Stage, Transform::from_translation(AT), Visibility::Hidden);
    commands.spawn(root).with_children(|screen| {
        screen.spawn((Mesh3d(sheet.clone()), MeshMaterial3d(material.clone())));
        let nearer = Transform::from_xyz(0.0, 0.0, 0.02);
        screen.spawn((Mesh3d(sheet), MeshMaterial3d(gaps), nearer));
        screen.spawn((Mesh3d(meshes.add(frame.mesh())), MeshMaterial3d(paint.solid.clone())));
    });
    commands.insert_resource(Screen { picture, material });
}

/// What is between the round dots: the dark of the screen.
fn gap(at: UVec2) -> [u8; 4] {
    let off = (at.as_vec2() - 3.5).length();
    let cover = ((off - 2.4) / 1.8).clamp(0.0, 1.0) * 190.0;
    [4, 2, 10, cover as u8]
}

fn picture(size: UVec2, sampler: ImageSampler, dot: impl Fn(UVec2) -> [u8; 4]) -> Image {
    let dots = (0..size.y).flat_map(|y| (0..size.x).map(move |x| UVec2::new(x, y)));
    let data = dots.flat_map(dot).collect();
    let extent = Extent3d { width: size.x, height: size.y, ..default() };
    let (format, usage) = (TextureFormat::Rgba8UnormSrgb, RenderAssetUsages::default());
    let mut image = Image::new(extent, TextureDimension::D2, data, format, usage);
    image.sampler = sampler;
    image
}

/// Draws the next picture when it is due.
fn draw(
    mut last: Local<f32>,
    time: Res<Time>,
    setting: Res<crate::Setting>,
    chosen: Res<ChosenIdol>,
    dancing: Res<Dancing>,
    shown: Res<Shown>,
    idols: Query<&Idol>,
    screen: Res<Screen>,
    mut images: ResMut<Assets<Image>>,
    mut materials: ResMut<Assets<StandardMaterial>>,
) {
    let now = time.elapsed_secs();
    let due = shown.0 == View::Group && now - *last >= FRAME;
    let Some(place) = place_of(chosen.0, &idols) else { return };
    if !due && !chosen.is_changed() {
        return;
    }
    *last = now;
    // A still picture is the same whenever it is drawn.
    let seconds = if setting.alive { now } else { 0.0 };
    let speed = if dancing.0 { 2.0 } else { 0.8 };
    let Some(mut image) = images.get_mut(&screen.picture) else { return };
    if let Some(data) = image.data.as_mut() {
        paint_waves(data, place, seconds * speed);
        paint_name(data, place);
    }
    // A changed picture is a new texture: only a changed material looks for it.
    if let Some(mut material) = materials.get_mut(&screen.material) {
        material.base_color = Color::WHITE;
    }
}

/// Slow waves that meet in the middle, darker where faces are in front of them.
fn paint_waves(data: &mut [u8], place: &Place, seconds: f32) {
    let LinearRgba { red, green, blue, .. } = place.light.to_linear();
    let width = DOTS.x as usize;
    for (index, dot) in data.chunks_exact_mut(4).enumerate() {
        let across = (index % width) as f32 / DOTS.x as f32 * 2.0 - 1.0;
        let up = 1.0 - (index / width) as f32 / DOTS.y as f32;
        let crest = 0.34
            + 0.11 * (across * 5.0 + seconds).sin()
            + 0.07 * (across * 11.0 - seconds * 1.7).sin();
        let line = |height: f32, sharp: f32| (-((up - height) * sharp).powi(2)).exp();
        let ring = (across.hypot((up - 0.42) * 0.9) * 16.0 - seconds * 1.6).sin().max(0.0).powi(4);
        let light = 0.016
            + 0.12 * line(crest, 16.0)
            + 0.07 * line(crest * 0.72 + 0.02, 22.0)
            + 0.035 * ring * (1.0 - up).max(0.2)
            + 0.05 * (1.0 - up).powi(3);
        // Towards violet below, so that no colour is alone.
        let violet = Vec3::new(0.3, 0.12, 0.85).lerp(Vec3::new(red, green, blue), 0.35 + 0.65 * up);
        let [red, green, blue] = (violet * light * 2.1).to_array();
        let colour = Color::linear_rgb(red, green, blue);
        dot.copy_from_slice(&colour.to_srgba().to_u8_array());
    }
}

/// Her name, high above the heads.
fn paint_name(data: &mut [u8], place: &Place) {
    let width = letters::width(place.id) * SCALE;
    let left = (DOTS.x as usize).saturating_sub(width) / 2;
    let colour = dimmed(place.light, 0.85).to_srgba().to_u8_array();
    for (x, y) in letters::dots(place.id) {
        for (dx, dy) in (0..SCALE).flat_map(|dy| (0..SCALE).map(move |dx| (dx, dy))) {
            let (x, y) = (left + x * SCALE + dx, MARGIN + y * SCALE + dy);
            let start = (y * DOTS.x as usize + x) * 4;
            if let Some(dot) = data.get_mut(start..start + 4) {
                dot.copy_from_slice(&colour);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cast::PLACES;

    fn drawn(seconds: f32) -> Vec<u8> {
        let mut data = vec![0; (DOTS.x * DOTS.y * 4) as usize];
        paint_waves(&mut data, &PLACES[0], seconds);
        data
    }

    #[test]
    fn waves_move_and_are_darker_than_a_face() {
        assert_ne!(drawn(0.0), drawn(1.0));
        let brightest = drawn(0.0).chunks(4).flat_map(|dot| dot[..3].to_vec()).max().unwrap();
        assert!((60..190).contains(&brightest), "{brightest}");
    }

    #[test]
    fn every_name_fits_on_the_screen() {
        for place in &PLACES {
            assert!(letters::width(place.id) * SCALE < DOTS.x as usize);
            let mut data = drawn(0.0);
            paint_name(&mut data, place);
            assert_ne!(data, drawn(0.0));
        }
    }
}
