//! glTF without VRM data: bones and expressions by their names.

use super::{AvatarInfo, Expression, ShapeBind, arkit};
use crate::view::avatar::HumanBone;

pub(super) fn read(names: &[String], info: &mut AvatarInfo) {
    for name in names {
        if let Some(bone) = HumanBone::guess(name) {
            info.bones.entry(bone).or_insert_with(|| name.clone());
        }
    }
    let shapes = std::mem::take(&mut info.shapes);
    let mut add = |expression: &str, binds: Vec<ShapeBind>| {
        if !binds.is_empty() {
            let made = Expression { binds, ..Expression::default() };
            info.expressions.entry(expression.into()).or_insert(made);
        }
    };
    // A shape that has the name of an expression is one.
    for (expression, _) in arkit::EXPRESSIONS {
        add(expression, named(&shapes, expression, 1.0));
    }
    for (expression, shape) in arkit::SINGLE {
        add(expression, named(&shapes, shape, 1.0));
    }
    for (expression, parts) in arkit::EXPRESSIONS {
        let binds = parts.iter().flat_map(|(shape, weight)| match shape.strip_suffix('*') {
            Some(half) => ["Left", "Right"]
                .iter()
                .flat_map(|side| named(&shapes, &format!("{half}{side}"), *weight))
                .collect(),
            None => named(&shapes, shape, *weight),
        });
        add(expression, binds.collect());
    }
    info.shapes = shapes;
}

/// The shapes of this name, on whatever mesh, whatever the case: `eyeBlinkLeft`, `EyeBlink_Left`, `eyeBlink_L`.
fn named(shapes: &[ShapeBind], name: &str, weight: f32) -> Vec<ShapeBind> {
    let wanted = plainly(name);
    let same = shapes.iter().filter(|shape| plainly(&shape.shape) == wanted);
    same.map(|shape| ShapeBind { weight, ..shape.clone() }).collect()
}

fn plainly(name: &str) -> String {
    let name = match name.strip_suffix("_L") {
        Some(stem) => format!("{stem}Left"),
        None => name.strip_suffix("_R").map_or_else(|| name.into(), |stem| format!("{stem}Right")),
    };
    name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::avatar::info::AvatarFormat;

    fn info(shapes: &[&str]) -> AvatarInfo {
        let shape = |(index, name): (usize, &&str)| ShapeBind {
            node: "head".into(),
            index,
            shape: (*name).into(),
            weight: 1.0,
        };
        let mut info = AvatarInfo {
            format: AvatarFormat::Gltf,
            name: String::new(),
            bones: std::collections::BTreeMap::new(),
            expressions: std::collections::BTreeMap::new(),
            shapes: shapes.iter().enumerate().map(shape).collect(),
        };
        read(&["mixamorig:Hips".into(), "mixamorig:Head".into()], &mut info);
        info
    }

    #[test]
    fn shapes_of_arkit_make_all_presets_that_they_can() {
        let info =
            info(&["eyeBlink_L", "eyeBlink_R", "jawOpen", "mouthSmileLeft", "mouthSmileRight"]);
        assert_eq!(info.expressions["blink"].binds.len(), 2);
        assert_eq!(info.expressions["happy"].binds.len(), 2);
        assert!(!info.expressions.contains_key("lookUp"));
        assert_eq!(info.bones.len(), 2);
    }

    #[test]
    fn a_shape_that_is_called_like_an_expression_is_one() {
        let info = info(&["Happy", "viseme_aa", "jawOpen"]);
        assert_eq!(info.expressions["happy"].binds[0].shape, "Happy");
        assert_eq!(info.expressions["aa"].binds[0].shape, "viseme_aa");
    }
}
