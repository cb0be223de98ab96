//! A picture of the losses, as SVG.

use std::fmt::Write;

use super::Record;

/// The picture and the part of it that the axes enclose, in pixels.
const SIZE: [f32; 2] = [720.0, 400.0];
const LEFT: f32 = 56.0;
const TOP: f32 = 40.0;
const RIGHT: f32 = 16.0;
const BOTTOM: f32 = 44.0;
/// How many steps one point of the smoothed line stands for, at most.
const POINTS: usize = 240;

/// Draws the losses over the steps: each step as a pale line, their mean over some steps, and the
/// points that were measured on what is held out.
///
/// # Example
/// ```
/// use bevy_persona::train::{Record, loss_curve};
///
/// let record = Record { losses: vec![4.0, 3.0, 2.5], held_out: vec![(0, 4.1), (3, 2.9)], tokens: 900 };
/// let svg = loss_curve("Siwoo", &record);
/// assert!(svg.starts_with("<svg") && svg.contains("held out"));
/// ```
#[must_use]
pub fn loss_curve(title: &str, record: &Record) -> String {
    let all = record.losses.iter().chain(record.held_out.iter().map(|(_, loss)| loss));
    let finite: Vec<f32> = all.copied().filter(|loss| loss.is_finite()).collect();
    let top = finite.iter().copied().fold(1.0, f32::max).ceil();
    let bottom = finite.iter().copied().fold(top - 1.0, f32::min).floor().max(0.0);
    let axes = Axes { steps: record.losses.len().max(1) as f32, bottom, top };
    let mut svg = String::new();
    let [width, height] = SIZE;
    let _ = writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"sans-serif\" font-size=\"12\" fill=\"#333\">\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n\
         <text x=\"{LEFT}\" y=\"22\" font-size=\"14\">{}</text>",
        escaped(title)
    );
    axes.draw(&mut svg);
    let steps = (1..).zip(&record.losses).map(|(step, loss)| (step as f32, *loss));
    line(&mut svg, &axes, steps.clone(), "#c9c3e6", 1.0);
    line(&mut svg, &axes, smoothed(&record.losses).into_iter(), "#5b4bb7", 2.0);
    let held_out = record.held_out.iter().map(|(step, loss)| (*step as f32, *loss));
    line(&mut svg, &axes, held_out.clone(), "#d2691e", 2.0);
    for point in held_out {
        if let Some([x, y]) = axes.place(point) {
            let _ =
                writeln!(svg, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3.5\" fill=\"#d2691e\"/>");
        }
    }
    legend(&mut svg);
    svg += "</svg>\n";
    svg
}

/// What the edges of the picture stand for.
struct Axes {
    steps: f32,
    bottom: f32,
    top: f32,
}

impl Axes {
    /// Where a point is; nowhere, if its loss is no number.
    fn place(&self, (step, loss): (f32, f32)) -> Option<[f32; 2]> {
        let [width, height] = [SIZE[0] - LEFT - RIGHT, SIZE[1] - TOP - BOTTOM];
        let up = (loss - self.bottom) / (self.top - self.bottom);
        let place = [LEFT + width * step / self.steps, TOP + height * (1.0 - up)];
        place.iter().all(|x| x.is_finite()).then_some(place)
    }

    fn draw(&self, svg: &mut String) {
        let (right, floor) = (SIZE[0] - RIGHT, SIZE[1] - BOTTOM);
        for mark in 0..=4 {
            let part = mark as f32 / 4.0;
            let loss = self.bottom + part * (self.top - self.bottom);
            let Some([_, y]) = self.place((0.0, loss)) else { continue };
            let _ = writeln!(
                svg,
                "<path d=\"M{LEFT} {y:.1}H{right}\" stroke=\"#e4e4ea\"/>\
                 <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{loss:.2}</text>",
                LEFT - 8.0,
                y + 4.0
            );
            let step = (part * self.steps).round();
            let Some([x, _]) = self.place((step, self.bottom)) else { continue };
            let _ = writeln!(
                svg,
                "<text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{step}</text>",
                floor + 18.0
            );
        }
        let _ = writeln!(
            svg,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">steps</text>",
            (LEFT + right) / 2.0,
            SIZE[1] - 8.0
        );
    }
}

/// Means over groups of neighbouring steps, each at the middle of its group.
fn smoothed(losses: &[f32]) -> Vec<(f32, f32)> {
    let group = (losses.len() / POINTS).max(losses.len() / 40).max(1);
    let mean = |(index, losses): (usize, &[f32])| {
        let count = losses.len() as f32;
        ((index * group) as f32 + (count + 1.0) / 2.0, losses.iter().sum::<f32>() / count)
    };
    losses.chunks(group).enumerate().map(mean).collect()
}

fn line(
    svg: &mut String,
    axes: &Axes,
    points: impl Iterator<Item = (f32, f32)>,
    colour: &str,
    width: f32,
) {
    let places = points.filter_map(|point| axes.place(point));
    let places: Vec<String> = places.map(|[x, y]| format!("{x:.1},{y:.1}")).collect();
    if places.len() > 1 {
        let _ = writeln!(
            svg,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\"/>",
            places.join(" ")
        );
    }
}

fn legend(svg: &mut String) {
    let entries = [("#5b4bb7", "loss, nats per token"), ("#d2691e", "held out")];
    for (place, (colour, text)) in entries.into_iter().enumerate() {
        let x = SIZE[0] - RIGHT - 240.0 + 160.0 * place as f32;
        let _ = writeln!(
            svg,
            "<path d=\"M{x} 18h18\" stroke=\"{colour}\" stroke-width=\"3\"/>\
             <text x=\"{}\" y=\"22\">{text}</text>",
            x + 24.0
        );
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_losses_can_be_drawn(
            losses in proptest::collection::vec(proptest::num::f32::ANY, 0..600),
            held_out in proptest::collection::vec((0_usize..700, proptest::num::f32::ANY), 0..9),
        ) {
            let svg = loss_curve("<&>", &Record { losses, held_out, tokens: 0 });
            prop_assert!(!svg.contains("NaN") && !svg.contains("inf"), "{}", svg);
            prop_assert!(svg.contains("&lt;&amp;>") && svg.ends_with("</svg>\n"));
        }
    }

    #[test]
    fn the_smoothed_line_keeps_the_mean() {
        let losses: Vec<f32> = (0..1000).map(|step| (step % 7) as f32).collect();
        let points = smoothed(&losses);
        assert!(points.len() <= POINTS + 1 && points.is_sorted_by(|a, b| a.0 < b.0));
        assert!((smoothed(&[1.0, 3.0])[0].1 - 1.0).abs() < 1e-6);
    }
}
