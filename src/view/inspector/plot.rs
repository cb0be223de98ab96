//! The last minute of feelings as curves.

use bevy_egui::egui::{
    Align2, Color32, FontId, Pos2, Rect, Sense, Stroke, Ui, emath::RectTransform, pos2, vec2,
};

use super::record::{Felt, SPAN};
use crate::{
    mind::Emotion,
    persona::Language,
    view::chat_panel::{style::WEAK, words},
};

/// The colour of a feeling.
pub(super) fn colour(emotion: &Emotion) -> Color32 {
    match emotion {
        Emotion::Neutral => WEAK,
        Emotion::Joy => Color32::from_rgb(255, 214, 102),
        Emotion::Sad => Color32::from_rgb(112, 168, 255),
        Emotion::Angry => Color32::from_rgb(255, 110, 100),
        Emotion::Surprised => Color32::from_rgb(122, 232, 232),
        Emotion::Shy => Color32::from_rgb(255, 168, 200),
        Emotion::Love => Color32::from_rgb(255, 104, 168),
        Emotion::Playful => Color32::from_rgb(170, 232, 120),
        Emotion::Custom(_) => Color32::from_rgb(200, 160, 255),
    }
}

/// The feelings that were there, each once.
fn present(felt: &[&Felt]) -> Vec<Emotion> {
    let mut present: Vec<Emotion> = Vec::new();
    for (emotion, _) in felt.iter().flat_map(|felt| &felt.weights) {
        if *emotion != Emotion::Neutral && !present.contains(emotion) {
            present.push(emotion.clone());
        }
    }
    present
}

/// One curve, from `SPAN` seconds ago (x 0) to now (x 1).
fn curve(felt: &[&Felt], emotion: &Emotion, now: f64) -> Vec<Pos2> {
    let point = |felt: &&Felt| {
        let weight = felt.weights.iter().find(|(known, _)| known == emotion);
        let x = 1.0 - ((now - felt.at) / SPAN) as f32;
        pos2(x.clamp(0.0, 1.0), 1.0 - weight.map_or(0.0, |(_, weight)| weight.clamp(0.0, 1.0)))
    };
    felt.iter().map(point).collect()
}

/// Draws the curves of all feelings but calm.
pub(super) fn mood(
    ui: &mut Ui,
    felt: impl Iterator<Item = impl std::borrow::Borrow<Felt>>,
    now: f64,
    language: Language,
) {
    let felt: Vec<_> = felt.collect();
    let felt: Vec<&Felt> = felt.iter().map(std::borrow::Borrow::borrow).collect();
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 74.0), Sense::hover());
    let painter = ui.painter_at(rect);
    painter.rect_filled(rect, 8, Color32::from_black_alpha(90));
    let inner = rect.shrink2(vec2(6.0, 8.0));
    for line in 1..4 {
        let x = inner.left() + inner.width() * line as f32 / 4.0;
        let stroke = Stroke::new(1.0, Color32::from_white_alpha(14));
        painter.line_segment([pos2(x, rect.top()), pos2(x, rect.bottom())], stroke);
    }
    let small = FontId::proportional(10.0);
    let corner = rect.left_bottom() + vec2(6.0, -3.0);
    painter.text(corner, Align2::LEFT_BOTTOM, "60 s ago", small.clone(), WEAK);
    let unit = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
    let to_screen = RectTransform::from_to(unit, inner);
    let mut label = rect.left_top() + vec2(6.0, 3.0);
    for emotion in present(&felt) {
        let points = curve(&felt, &emotion, now).into_iter().map(|point| to_screen * point);
        let colour = colour(&emotion);
        painter.line(points.collect(), Stroke::new(1.6, colour));
        let name = words::feeling(&emotion, language).into_owned();
        let drawn = painter.text(label, Align2::LEFT_TOP, name, small.clone(), colour);
        label.x = drawn.right() + 8.0;
    }
    if present(&felt).is_empty() {
        painter.text(rect.center(), Align2::CENTER_CENTER, "calm", small, WEAK);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_runs_from_a_minute_ago_to_now_and_stays_in_its_box() {
        let felt: Vec<Felt> = (0..=70)
            .map(|second| Felt {
                at: f64::from(second),
                weights: vec![(Emotion::Joy, second as f32 / 35.0)],
            })
            .collect();
        let felt: Vec<&Felt> = felt.iter().collect();
        let points = curve(&felt, &Emotion::Joy, 70.0);
        assert_eq!((points[0], points[70]), (pos2(0.0, 1.0), pos2(1.0, 0.0)));
        assert!(points.is_sorted_by(|a, b| a.x <= b.x && a.y >= b.y));
        assert_eq!(present(&felt), [Emotion::Joy]);
        assert!(curve(&felt, &Emotion::Sad, 70.0).iter().all(|point| point.y == 1.0));
    }
}
