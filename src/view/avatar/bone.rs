//! The bones of a humanoid, as VRM 1.0 names them.
//!
//! <https://github.com/vrm-c/vrm-specification/blob/master/specification/VRMC_vrm-1.0/humanoid.md>

use std::{fmt, str::FromStr};

macro_rules! bones {
    ($($variant:ident $name:literal),+ $(,)?) => {
        /// A bone of a humanoid.
        #[expect(missing_docs, reason = "the names say it, and the specification more")]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum HumanBone { $($variant),+ }

        impl HumanBone {
            /// All of them, parents before children.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name in VRM files.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }
    };
}

bones! {
    Hips "hips", Spine "spine", Chest "chest", UpperChest "upperChest", Neck "neck", Head "head",
    LeftEye "leftEye", RightEye "rightEye", Jaw "jaw",
    LeftUpperLeg "leftUpperLeg", LeftLowerLeg "leftLowerLeg", LeftFoot "leftFoot", LeftToes "leftToes",
    RightUpperLeg "rightUpperLeg", RightLowerLeg "rightLowerLeg", RightFoot "rightFoot",
    RightToes "rightToes",
    LeftShoulder "leftShoulder", LeftUpperArm "leftUpperArm", LeftLowerArm "leftLowerArm",
    LeftHand "leftHand",
    RightShoulder "rightShoulder", RightUpperArm "rightUpperArm", RightLowerArm "rightLowerArm",
    RightHand "rightHand",
    LeftThumbMetacarpal "leftThumbMetacarpal", LeftThumbProximal "leftThumbProximal",
    LeftThumbDistal "leftThumbDistal",
    LeftIndexProximal "leftIndexProximal", LeftIndexIntermediate "leftIndexIntermediate",
    LeftIndexDistal "leftIndexDistal",
    LeftMiddleProximal "leftMiddleProximal", LeftMiddleIntermediate "leftMiddleIntermediate",
    LeftMiddleDistal "leftMiddleDistal",
    LeftRingProximal "leftRingProximal", LeftRingIntermediate "leftRingIntermediate",
    LeftRingDistal "leftRingDistal",
    LeftLittleProximal "leftLittleProximal", LeftLittleIntermediate "leftLittleIntermediate",
    LeftLittleDistal "leftLittleDistal",
    RightThumbMetacarpal "rightThumbMetacarpal", RightThumbProximal "rightThumbProximal",
    RightThumbDistal "rightThumbDistal",
    RightIndexProximal "rightIndexProximal", RightIndexIntermediate "rightIndexIntermediate",
    RightIndexDistal "rightIndexDistal",
    RightMiddleProximal "rightMiddleProximal", RightMiddleIntermediate "rightMiddleIntermediate",
    RightMiddleDistal "rightMiddleDistal",
    RightRingProximal "rightRingProximal", RightRingIntermediate "rightRingIntermediate",
    RightRingDistal "rightRingDistal",
    RightLittleProximal "rightLittleProximal", RightLittleIntermediate "rightLittleIntermediate",
    RightLittleDistal "rightLittleDistal",
}

impl HumanBone {
    /// How many there are.
    pub const COUNT: usize = Self::ALL.len();

    /// Its place in [`ALL`](Self::ALL).
    #[must_use]
    pub fn index(self) -> usize {
        self as usize
    }

    /// The bone that a node of a model without VRM data is, by the names that Mixamo, Ready Player Me
    /// and Blender rigs use.
    #[must_use]
    pub fn guess(node: &str) -> Option<Self> {
        let bare = node.rsplit([':', '|']).next().unwrap_or(node);
        let bare = bare.strip_prefix("mixamorig").unwrap_or(bare);
        if let Ok(known) = bare.parse() {
            return Some(known);
        }
        let name: String =
            bare.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
        if let Some(known) = Self::ALL.iter().find(|bone| bone.as_str().to_lowercase() == name) {
            return Some(*known);
        }
        let (side, part) = match (name.strip_prefix("left"), name.strip_prefix("right")) {
            (Some(part), _) => ("left", part),
            (_, Some(part)) => ("right", part),
            _ => return centre(&name),
        };
        let part = side_part(part)?;
        format!("{side}{part}").parse().ok()
    }
}

fn centre(name: &str) -> Option<HumanBone> {
    Some(match name {
        "pelvis" | "hip" => HumanBone::Hips,
        "spine1" | "spine01" => HumanBone::Chest,
        "spine2" | "spine02" => HumanBone::UpperChest,
        _ => return None,
    })
}

fn side_part(part: &str) -> Option<String> {
    let fixed = match part {
        "arm" => "UpperArm",
        "forearm" => "LowerArm",
        "upleg" | "thigh" => "UpperLeg",
        "leg" | "calf" | "shin" => "LowerLeg",
        "toebase" | "toe" => "Toes",
        "clavicle" => "Shoulder",
        _ => "",
    };
    if !fixed.is_empty() {
        return Some(fixed.into());
    }
    let finger = part.strip_prefix("hand").unwrap_or(part);
    let joint = finger.chars().last()?;
    let finger = finger.strip_suffix(joint)?;
    let (finger, joints) = match finger {
        "thumb" => ("Thumb", ["Metacarpal", "Proximal", "Distal"]),
        "index" => ("Index", ["Proximal", "Intermediate", "Distal"]),
        "middle" => ("Middle", ["Proximal", "Intermediate", "Distal"]),
        "ring" => ("Ring", ["Proximal", "Intermediate", "Distal"]),
        "pinky" | "little" => ("Little", ["Proximal", "Intermediate", "Distal"]),
        _ => return None,
    };
    let joint = joints.get(joint.to_digit(10)?.checked_sub(1)? as usize)?;
    Some(format!("{finger}{joint}"))
}

/// A name that is no bone's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoSuchBone(pub String);

impl FromStr for HumanBone {
    type Err = NoSuchBone;

    fn from_str(name: &str) -> Result<Self, NoSuchBone> {
        let known = Self::ALL.iter().find(|bone| bone.as_str() == name);
        known.copied().ok_or_else(|| NoSuchBone(name.into()))
    }
}

impl fmt::Display for HumanBone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_agree_with_the_list() {
        for (index, bone) in HumanBone::ALL.iter().enumerate() {
            assert_eq!(bone.index(), index);
            assert_eq!(bone.as_str().parse(), Ok(*bone));
        }
    }

    #[test]
    fn bones_of_other_rigs_are_recognised() {
        for (node, bone) in [
            ("mixamorig:LeftForeArm", HumanBone::LeftLowerArm),
            ("mixamorigHips", HumanBone::Hips),
            ("LeftHandThumb1", HumanBone::LeftThumbMetacarpal),
            ("RightHandPinky3", HumanBone::RightLittleDistal),
            ("Armature|Spine2", HumanBone::UpperChest),
            ("LeftUpLeg", HumanBone::LeftUpperLeg),
            ("Head", HumanBone::Head),
        ] {
            assert_eq!(HumanBone::guess(node), Some(bone), "{node}");
        }
        assert_eq!(HumanBone::guess("HeadTop_End"), None);
        assert_eq!(HumanBone::guess("LeftHandThumb9"), None);
    }
}
