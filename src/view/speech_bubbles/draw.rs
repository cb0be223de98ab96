//! Draws one bubble.

use bevy::{math::Vec2, prelude::Entity};
use bevy_egui::egui::{
    Color32, Context, FontId, Id, LayerId, Order, Rect, Shape, Stroke, StrokeKind, pos2, vec2,
};

use crate::view::chat_panel::style;

/// The widest text, in points.
const WIDEST: f32 = 210.0;
const PADDING: bevy_egui::egui::Vec2 = vec2(11.0, 7.0);
/// The mouthpiece, in points.
const TAIL: f32 = 8.0;

/// Draws words in a bubble that points down to `at`, in egui's points, but stays in the window.
pub(super) fn bubble(
    ctx: &Context,
    of: Entity,
    at: Vec2,
    text: &str,
    accent: Color32,
    opacity: f32,
) {
    let id = Id::new(("bevy_persona bubble", of));
    let mut painter = ctx.layer_painter(LayerId::new(Order::Background, id));
    painter.set_opacity(opacity);
    let galley = painter.layout(text.to_owned(), FontId::proportional(13.5), style::TEXT, WIDEST);
    let size = galley.size() + 2.0 * PADDING;
    let rect = place(ctx.content_rect(), pos2(at.x, at.y), size);
    let fill = style::NIGHT;
    let tip = pos2(at.x.clamp(rect.left() + 18.0, rect.right() - 18.0), rect.bottom() + TAIL);
    painter.rect(rect, 13, fill, Stroke::new(1.0, accent.gamma_multiply(0.5)), StrokeKind::Inside);
    let tail =
        [pos2(tip.x - 6.0, rect.bottom() - 0.5), pos2(tip.x + 6.0, rect.bottom() - 0.5), tip];
    painter.add(Shape::convex_polygon(tail.to_vec(), fill, Stroke::NONE));
    painter.galley(rect.min + PADDING, galley, style::TEXT);
}

/// Above the point, inside the window.
fn place(window: Rect, at: bevy_egui::egui::Pos2, size: bevy_egui::egui::Vec2) -> Rect {
    const EDGE: f32 = 6.0;
    let free = window.shrink(EDGE);
    let left = (at.x - size.x / 2.0).min(free.right() - size.x).max(free.left());
    let top = (at.y - TAIL - size.y).min(free.bottom() - size.y).max(free.top());
    Rect::from_min_size(pos2(left, top), size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bubble_never_leaves_the_window() {
        let window = Rect::from_min_size(pos2(0.0, 0.0), vec2(640.0, 400.0));
        for x in [-100.0, 0.0, 320.0, 900.0] {
            for y in [-50.0, 200.0, 800.0] {
                assert!(window.contains_rect(place(window, pos2(x, y), vec2(180.0, 60.0))));
            }
        }
    }
}
