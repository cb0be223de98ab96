//! Name plates: under each idol her name, where several of them can be seen.

use bevy::prelude::*;
use bevy_egui::{
    EguiContexts, EguiPrimaryContextPass,
    egui::{self, Align2, Color32, FontId, LayerId, Rect, Stroke, StrokeKind, pos2, vec2},
};
use bevy_persona::prelude::*;

use crate::{
    camera::Fan,
    cast::{EyeLevel, Idol, PLACES},
    view::{Shown, View},
};

/// Where a plate hangs, seen from her feet, in metres.
const BELOW: Vec3 = Vec3::new(0.0, -0.04, 0.3);
/// Font size for a metre that is this many points long, and its bounds.
const SIZE: f32 = 0.1;
const BOUNDS: (f32, f32) = (11.0, 17.0);

pub fn plugin(app: &mut App) {
    app.add_systems(EguiPrimaryContextPass, draw);
}

pub fn draw(
    shown: Res<Shown>,
    chosen: Res<ChosenIdol>,
    sheets: Res<Assets<PersonaAsset>>,
    camera: Single<(&Camera, &GlobalTransform), With<Fan>>,
    idols: Query<(Entity, &Idol, &Persona, &FanLanguage, &GlobalTransform), With<EyeLevel>>,
    mut contexts: EguiContexts,
) {
    let Ok(ctx) = contexts.ctx_mut() else { return };
    if matches!(shown.0, View::Private(_) | View::Scene(_)) {
        return;
    }
    let (camera, eye) = *camera;
    let painter = ctx.layer_painter(LayerId::background());
    for (entity, idol, persona, language, at) in &idols {
        let Some(sheet) = sheets.get(&persona.0).map(|asset| &asset.sheet) else { continue };
        let Some(place) = PLACES.iter().find(|place| place.id == idol.0) else { continue };
        let foot = at.translation() + BELOW;
        let on_screen = |point: Vec3| camera.world_to_viewport(eye, point).ok();
        let (Some(top), Some(metre)) = (on_screen(foot), on_screen(foot + Vec3::X)) else {
            continue;
        };
        let size = ((metre.x - top.x).abs() * SIZE).clamp(BOUNDS.0, BOUNDS.1);
        let [red, green, blue, _] = place.light.to_srgba().to_u8_array();
        let plate = Plate {
            name: sheet.name_in(language.0),
            colour: Color32::from_rgb(red, green, blue),
            top: pos2(top.x, top.y),
            size,
            chosen: chosen.0 == Some(entity),
        };
        plate.paint(&painter);
    }
}

/// A plate on its way to the screen; lengths in points.
struct Plate<'a> {
    name: &'a str,
    colour: Color32,
    top: egui::Pos2,
    size: f32,
    /// Whether the fan talks with her.
    chosen: bool,
}

impl Plate<'_> {
    fn paint(&self, painter: &egui::Painter) {
        const NIGHT: Color32 = Color32::from_rgba_unmultiplied_const(14, 10, 26, 205);
        let light = self.colour.lerp_to_gamma(Color32::WHITE, 0.25);
        let galley =
            painter.layout_no_wrap(self.name.to_owned(), FontId::proportional(self.size), light);
        let padding = vec2(self.size * 0.75, self.size * 0.28);
        let size = galley.size() + 2.0 * padding;
        let plate = Rect::from_min_size(self.top - vec2(size.x / 2.0, 0.0), size);
        let edge = self.colour.gamma_multiply(if self.chosen { 1.0 } else { 0.4 });
        let width = if self.chosen { 1.6 } else { 1.0 };
        painter.rect(plate, size.y / 2.0, NIGHT, Stroke::new(width, edge), StrokeKind::Inside);
        let text = Align2::CENTER_CENTER.align_size_within_rect(galley.size(), plate);
        painter.galley(text.min, galley, light);
    }
}
