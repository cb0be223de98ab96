//! Colours, shapes and the font of the panel.

use bevy::log::warn;
use bevy_egui::egui::{
    Color32, Context, CornerRadius, FontData, FontFamily, FontId, Frame, Margin, RichText, Stroke,
    TextStyle, Ui, Visuals,
    epaint::text::{FontInsert, FontPriority, InsertFontFamily},
    vec2,
};

use crate::persona::Colour;

/// Ordinary text.
pub(in crate::view) const TEXT: Color32 = Color32::from_rgb(241, 236, 250);
/// Text beside the point.
pub(in crate::view) const WEAK: Color32 = Color32::from_rgb(158, 149, 184);
/// Text about something that went wrong.
pub(in crate::view) const TROUBLE: Color32 = Color32::from_rgb(255, 170, 156);
/// Night, a little transparent: the stage shines through.
pub(in crate::view) const NIGHT: Color32 = Color32::from_rgba_unmultiplied_const(17, 13, 29, 242);

/// Small buttons that appear over other things.
pub(in crate::view) const OFFER: Color32 = Color32::from_rgb(52, 44, 76);

/// A character's colour, light enough to be read on the panel; a pale one where none is given.
pub(in crate::view) fn readable(colour: Option<Colour>) -> Color32 {
    const LIGHT_ENOUGH: f32 = 0.5;
    let Some(Colour { red, green, blue }) = colour else { return Color32::from_rgb(214, 205, 232) };
    let pure = Color32::from_rgb(red, green, blue);
    (0..=10)
        .map(|step| pure.lerp_to_gamma(Color32::WHITE, step as f32 / 10.0))
        .find(|colour| colour.intensity() >= LIGHT_ENOUGH)
        .unwrap_or(TEXT)
}

/// The sheet on which everything lies.
pub(in crate::view) fn frame(accent: Color32, margin: i8) -> Frame {
    Frame::new()
        .fill(NIGHT)
        .stroke(Stroke::new(1.0, accent.gamma_multiply(0.35)))
        .corner_radius(16)
        .inner_margin(Margin::same(margin))
}

/// A word in a pill.
pub(in crate::view) fn chip(ui: &mut Ui, text: &str, accent: Color32) {
    Frame::new()
        .fill(accent.gamma_multiply(0.18))
        .corner_radius(9)
        .inner_margin(Margin::symmetric(7, 2))
        .show(ui, |ui| ui.label(RichText::new(text).small().color(accent)));
}

/// What the fan said lies on this, what the character said on [`idol_fill`].
pub(in crate::view) fn fan_fill(accent: Color32) -> Color32 {
    accent.lerp_to_gamma(Color32::from_rgb(28, 20, 52), 0.62)
}

pub(in crate::view) fn idol_fill() -> Color32 {
    Color32::from_white_alpha(16)
}

/// Dresses one [`Ui`]; the rest of the game's egui stays as it is.
pub(in crate::view) fn apply(ui: &mut Ui, accent: Color32, small: bool) {
    let size =
        |large: f32, small_size: f32| FontId::proportional(if small { small_size } else { large });
    let style = ui.style_mut();
    style.text_styles = [
        (TextStyle::Small, size(11.5, 10.5)),
        (TextStyle::Body, size(14.5, 12.5)),
        (TextStyle::Button, size(13.5, 12.0)),
        (TextStyle::Heading, size(23.0, 18.0)),
        (TextStyle::Monospace, size(13.0, 11.5)),
    ]
    .into();
    style.spacing.item_spacing = if small { vec2(6.0, 6.0) } else { vec2(8.0, 8.0) };
    style.spacing.button_padding = if small { vec2(7.0, 3.0) } else { vec2(11.0, 5.0) };
    style.visuals = visuals(accent);
}

fn visuals(accent: Color32) -> Visuals {
    let mut visuals = Visuals::dark();
    visuals.extreme_bg_color = Color32::from_rgb(9, 7, 17);
    visuals.selection.bg_fill = accent.gamma_multiply(0.4);
    visuals.selection.stroke = Stroke::new(1.0, TEXT);
    let widgets = &mut visuals.widgets;
    for (widget, fill) in [
        (&mut widgets.inactive, Color32::from_white_alpha(14)),
        (&mut widgets.hovered, accent.gamma_multiply(0.28)),
        (&mut widgets.active, accent.gamma_multiply(0.45)),
    ] {
        widget.weak_bg_fill = fill;
        widget.bg_stroke = Stroke::NONE;
        widget.fg_stroke = Stroke::new(1.0, TEXT);
        widget.corner_radius = CornerRadius::same(10);
        widget.expansion = 0.0;
    }
    widgets.noninteractive.fg_stroke = Stroke::new(1.0, TEXT);
    widgets.noninteractive.bg_stroke = Stroke::new(1.0, Color32::from_white_alpha(18));
    visuals
}

/// Lets egui write with this font first, and with its own ones where it has no sign.
pub(in crate::view) fn load_font(ctx: &Context, bytes: Vec<u8>) {
    const NAME: &str = "bevy_persona chat";
    if !is_font(&bytes) {
        warn!("the font of the chat panel is neither TTF nor OTF: egui's own is used");
        return;
    }
    let first = |family, priority| InsertFontFamily { family, priority };
    let families = vec![
        first(FontFamily::Proportional, FontPriority::Highest),
        first(FontFamily::Monospace, FontPriority::Lowest),
    ];
    ctx.add_font(FontInsert::new(NAME, FontData::from_owned(bytes), families));
}

/// Font files begin with one of these; egui panics on anything else.
fn is_font(bytes: &[u8]) -> bool {
    [&[0, 1, 0, 0], b"OTTO", b"true", b"ttcf"].iter().any(|start| bytes.starts_with(*start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dark_colour_becomes_readable_and_a_light_one_stays() {
        let navy = readable(Some(Colour { red: 26, green: 35, blue: 80 }));
        assert!(navy.intensity() >= 0.5);
        assert!(navy.b() > navy.r());
        let lavender = readable(Some(Colour { red: 180, green: 151, blue: 214 }));
        assert_eq!(lavender, Color32::from_rgb(180, 151, 214));
    }

    #[test]
    fn only_font_files_are_given_to_egui() {
        assert!(is_font(b"OTTO\0\x0c"));
        assert!(!is_font(b"<!doctype html>"));
        assert!(!is_font(b""));
    }
}
