//! Writes a drawing as SVG.

use std::fmt::Write;

use super::{
    Link,
    layout::{Band, LANES, Layout, NODE},
};
use crate::scene::Scenes;

const STYLE: &str = "
  text { font: 13px sans-serif; fill: #2b2735; }
  .title { font-size: 15px; font-weight: bold; }
  .needs { font-size: 11px; fill: #6c6678; }
  .band { fill: #f6f3fa; stroke: #d9d2e6; }
  .node { fill: #ffffff; stroke: #8d7bb0; }
  .start { fill: #e6dcf5; stroke: #8d7bb0; }
  .end { fill: #dff0e4; stroke: #6fa583; }
  .jump { fill: none; stroke: #8d7bb0; }
  .back { fill: none; stroke: #c2703d; }
  .need { fill: none; stroke: #3d7ac2; stroke-dasharray: 5 4; }";

pub(super) fn svg(scenes: &Scenes, layout: &Layout<'_>, links: &[Link<'_>]) -> String {
    let mut svg = String::new();
    // Writing to memory cannot fail.
    let _ = write(&mut svg, scenes, layout, links);
    svg
}

fn write(
    svg: &mut String,
    scenes: &Scenes,
    layout: &Layout<'_>,
    links: &[Link<'_>],
) -> std::fmt::Result {
    let Layout { width, height, .. } = layout;
    writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\">"
    )?;
    writeln!(svg, "<style>{STYLE}\n</style>")?;
    writeln!(
        svg,
        "<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"8\" \
         markerHeight=\"8\" orient=\"auto\"><path d=\"M0,0 L8,4 L0,8 z\" fill=\"#6c6678\"/>\
         </marker></defs>"
    )?;
    for band in &layout.bands {
        draw_band(svg, layout, band)?;
    }
    for node in scenes.nodes() {
        for to in &node.leads_to {
            draw_jump(svg, layout, &node.name, to)?;
        }
    }
    for band in &layout.bands {
        for node in &band.scene.nodes {
            draw_node(svg, layout, band, node)?;
        }
    }
    for (lane, link) in links.iter().enumerate() {
        draw_link(svg, layout, link, lane)?;
    }
    writeln!(svg, "</svg>")
}

fn draw_band(svg: &mut String, layout: &Layout<'_>, band: &Band<'_>) -> std::fmt::Result {
    let Band { scene, top, height } = band;
    let width = layout.width - LANES - 10;
    let (x, title_y, needs_y) = (LANES + 14, top + 20, top + 36);
    writeln!(
        svg,
        "<rect class=\"band\" x=\"{LANES}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" rx=\"8\"/>"
    )?;
    let title = escape(scene.title_in(crate::persona::Language::English));
    writeln!(svg, "<text class=\"title\" x=\"{x}\" y=\"{title_y}\">{title}</text>")?;
    let mut about = format!("{}; needs {}", scene.id, scene.needs);
    if !scene.unlocks.is_empty() {
        about = format!("{about}; unlocks {}", scene.unlocks.join(", "));
    }
    writeln!(svg, "<text class=\"needs\" x=\"{x}\" y=\"{needs_y}\">{}</text>", escape(&about))
}

fn draw_node(
    svg: &mut String,
    layout: &Layout<'_>,
    band: &Band<'_>,
    node: &str,
) -> std::fmt::Result {
    let Some((x, y)) = layout.nodes.get(node) else { return Ok(()) };
    let kind = if node == band.scene.start {
        "start"
    } else if node == band.scene.end {
        "end"
    } else {
        "node"
    };
    let (width, height) = NODE;
    let (text_x, text_y) = (x + width / 2, y + height / 2 + 4);
    let short = node.strip_prefix(&*band.scene.id).and_then(|rest| rest.strip_prefix('_'));
    let short: String = short.unwrap_or(node).chars().take(18).collect();
    writeln!(
        svg,
        "<g><title>{}</title><rect class=\"{kind}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" \
         height=\"{height}\" rx=\"6\"/><text x=\"{text_x}\" y=\"{text_y}\" \
         text-anchor=\"middle\">{}</text></g>",
        escape(node),
        escape(&short)
    )
}

fn draw_jump(svg: &mut String, layout: &Layout<'_>, from: &str, to: &str) -> std::fmt::Result {
    let (Some(from), Some(to)) = (layout.nodes.get(from), layout.nodes.get(to)) else {
        return Ok(());
    };
    let (width, height) = NODE;
    let (x, y) = (from.0 + width, from.1 + height / 2);
    let (to_x, to_y) = (to.0, to.1 + height / 2);
    if to_x > x {
        let bend = (to_x - x) / 2;
        let (near, far) = (x + bend, to_x - bend);
        // Over the boxes between them.
        let over = if bend > NODE.0 / 2 { NODE.1 + 12 } else { 0 };
        let (y, to_y) = (y.saturating_sub(over / 4), to_y.saturating_sub(over / 4));
        let (near_y, far_y) = (y.saturating_sub(over), to_y.saturating_sub(over));
        return writeln!(
            svg,
            "<path class=\"jump\" marker-end=\"url(#tip)\" \
             d=\"M{x},{y} C{near},{near_y} {far},{far_y} {to_x},{to_y}\"/>"
        );
    }
    // Back: below the boxes.
    let (x, y) = (from.0 + width / 2, from.1 + height);
    let (to_x, to_y) = (to.0 + width / 2 + 20, to.1 + height);
    let low = y.max(to_y) + 40;
    writeln!(
        svg,
        "<path class=\"back\" marker-end=\"url(#tip)\" \
         d=\"M{x},{y} C{x},{low} {to_x},{low} {to_x},{to_y}\"/>"
    )
}

fn draw_link(
    svg: &mut String,
    layout: &Layout<'_>,
    link: &Link<'_>,
    lane: usize,
) -> std::fmt::Result {
    let middle = |scene: &str| {
        let band = layout.bands.iter().find(|band| band.scene.id == scene)?;
        Some(band.top + band.height / 2)
    };
    let (Some(from), Some(to)) = (middle(link.from), middle(link.to)) else { return Ok(()) };
    let step = lane % 6;
    let (left, to) = (LANES - 24 - step * 15, to + step * 12);
    writeln!(
        svg,
        "<path class=\"need\" marker-end=\"url(#tip)\" \
         d=\"M{LANES},{from} H{left} V{to} H{LANES}\"/>"
    )?;
    let (text_x, text_y) = (left - 4, from.saturating_sub(4));
    let why = escape(&link.why);
    writeln!(
        svg,
        "<text class=\"needs\" x=\"{text_x}\" y=\"{text_y}\" text-anchor=\"end\">{why}</text>"
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
