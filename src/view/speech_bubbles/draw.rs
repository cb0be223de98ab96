//! Draws one bubble.

use std::ops::Range;

use bevy::{math::Vec2, prelude::Entity};
use bevy_egui::egui::{
    Color32, Context, FontId, Id, LayerId, Order, Rect, Shape, Stroke, StrokeKind, TextFormat,
    pos2,
    text::{LayoutJob, TextWrapping},
    vec2,
};

use crate::view::chat_panel::style;

/// The widest text, in points.
const WIDEST: f32 = 210.0;
const PADDING: bevy_egui::egui::Vec2 = vec2(11.0, 7.0);
/// The mouthpiece, in points.
const TAIL: f32 = 8.0;

/// What is in a bubble.
pub(super) struct Words<'a> {
    pub(super) text: &'a str,
    /// The word that is being said: where it stands in the text, in bytes.
    pub(super) word: Option<Range<usize>>,
}

impl Words<'_> {
    /// The word that is being said is in the colour of who says it.
    fn layout(&self, accent: Color32) -> LayoutJob {
        let mut job =
            LayoutJob { wrap: TextWrapping::wrap_at_width(WIDEST), ..LayoutJob::default() };
        let mut add = |text: &str, colour: Color32| {
            if !text.is_empty() {
                let format = TextFormat::simple(FontId::proportional(13.5), colour);
                job.append(text, 0.0, format);
            }
        };
        let word = self.word.clone().unwrap_or(0..0);
        add(&self.text[..word.start], style::TEXT);
        add(&self.text[word.clone()], accent);
        add(&self.text[word.end..], style::TEXT);
        job
    }
}

/// Draws words in a bubble that points down to `at`, in egui's points, but stays in the window.
pub(super) fn bubble(
    ctx: &Context,
    of: Entity,
    at: Vec2,
    words: &Words<'_>,
    accent: Color32,
    opacity: f32,
) {
    let id = Id::new(("bevy_persona bubble", of));
    let mut painter = ctx.layer_painter(LayerId::new(Order::Background, id));
    painter.set_opacity(opacity);
    let galley = painter.layout_job(words.layout(accent));
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
