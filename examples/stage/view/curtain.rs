//! The curtain: darkness that closes over one scenery and opens on the next.

use bevy::prelude::*;
use bevy_egui::{
    EguiContexts,
    egui::{Color32, LayerId},
};

use super::Curtain;

/// Below every panel: the talk goes on.
pub fn draw(curtain: Res<Curtain>, mut contexts: EguiContexts) {
    let Ok(ctx) = contexts.ctx_mut() else { return };
    let closed = curtain.0.clamp(0.0, 1.0);
    if closed > 0.0 {
        let smooth = closed * closed * (3.0 - 2.0 * closed);
        let dark = Color32::from_rgb(9, 6, 24).gamma_multiply(smooth);
        ctx.layer_painter(LayerId::background()).rect_filled(ctx.content_rect(), 0.0, dark);
    }
}
