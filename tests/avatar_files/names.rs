//! The names that VRM and `ARKit` give, and those that we promise.

/// The four of the sample cast.
pub const MEMBERS: [&str; 4] = ["siwoo", "jena", "taira", "marty"];

/// The expressions that VRM 1.0 knows.
pub const PRESETS: [&str; 18] = [
    "happy",
    "angry",
    "sad",
    "relaxed",
    "surprised",
    "aa",
    "ih",
    "ou",
    "ee",
    "oh",
    "blink",
    "blinkLeft",
    "blinkRight",
    "lookUp",
    "lookDown",
    "lookLeft",
    "lookRight",
    "neutral",
];

/// The expressions of our own.
pub const CUSTOM: [&str; 3] = ["shy", "playful", "love"];

/// The bones without which a file is no VRM.
pub const REQUIRED_BONES: [&str; 15] = [
    "hips",
    "spine",
    "head",
    "leftUpperLeg",
    "leftLowerLeg",
    "leftFoot",
    "rightUpperLeg",
    "rightLowerLeg",
    "rightFoot",
    "leftUpperArm",
    "leftLowerArm",
    "leftHand",
    "rightUpperArm",
    "rightLowerArm",
    "rightHand",
];

const TRUNK: [&str; 6] = ["hips", "spine", "chest", "upperChest", "neck", "head"];

/// What is on both sides; the names go on after "left" and "right".
const LIMBS: [&str; 8] =
    ["Shoulder", "UpperArm", "LowerArm", "Hand", "UpperLeg", "LowerLeg", "Foot", "Toes"];
const THUMB: [&str; 3] = ["ThumbMetacarpal", "ThumbProximal", "ThumbDistal"];
const FINGERS: [&str; 4] = ["Index", "Middle", "Ring", "Little"];
const PHALANGES: [&str; 3] = ["Proximal", "Intermediate", "Distal"];

/// The bones of our avatars: all of VRM but eyes and jaw, which shapes move.
pub fn bones() -> Vec<String> {
    let fingers = FINGERS.iter().flat_map(|f| PHALANGES.iter().map(move |p| format!("{f}{p}")));
    let one_side = LIMBS.iter().chain(&THUMB).map(ToString::to_string).chain(fingers);
    let sides = one_side.flat_map(|bone| ["left", "right"].map(|side| format!("{side}{bone}")));
    TRUNK.iter().map(ToString::to_string).chain(sides).collect()
}

/// The shapes of a face by their `ARKit` names, which face trackers drive.
pub const ARKIT: [&str; 52] = [
    "browDownLeft",
    "browDownRight",
    "browInnerUp",
    "browOuterUpLeft",
    "browOuterUpRight",
    "cheekPuff",
    "cheekSquintLeft",
    "cheekSquintRight",
    "eyeBlinkLeft",
    "eyeBlinkRight",
    "eyeLookDownLeft",
    "eyeLookDownRight",
    "eyeLookInLeft",
    "eyeLookInRight",
    "eyeLookOutLeft",
    "eyeLookOutRight",
    "eyeLookUpLeft",
    "eyeLookUpRight",
    "eyeSquintLeft",
    "eyeSquintRight",
    "eyeWideLeft",
    "eyeWideRight",
    "jawForward",
    "jawLeft",
    "jawOpen",
    "jawRight",
    "mouthClose",
    "mouthDimpleLeft",
    "mouthDimpleRight",
    "mouthFrownLeft",
    "mouthFrownRight",
    "mouthFunnel",
    "mouthLeft",
    "mouthLowerDownLeft",
    "mouthLowerDownRight",
    "mouthPressLeft",
    "mouthPressRight",
    "mouthPucker",
    "mouthRight",
    "mouthRollLower",
    "mouthRollUpper",
    "mouthShrugLower",
    "mouthShrugUpper",
    "mouthSmileLeft",
    "mouthSmileRight",
    "mouthStretchLeft",
    "mouthStretchRight",
    "mouthUpperUpLeft",
    "mouthUpperUpRight",
    "noseSneerLeft",
    "noseSneerRight",
    "tongueOut",
];

/// The motions that all members share.
const SHARED_MOTIONS: [&str; 20] = [
    "listen",
    "think",
    "talk_a",
    "talk_b",
    "talk_c",
    "nod",
    "shake",
    "wave",
    "bow",
    "heart",
    "clap",
    "laugh",
    "cry",
    "shy",
    "surprised",
    "angry",
    "point",
    "cheer",
    "sit",
    "dance_group",
];

/// The motions that each member has for herself.
const OWN_MOTIONS: [&str; 2] = ["idle", "dance"];

/// All motions that we promise.
pub fn motions() -> Vec<String> {
    let own = OWN_MOTIONS.iter().flat_map(|kind| MEMBERS.map(|member| format!("{kind}_{member}")));
    SHARED_MOTIONS.iter().map(ToString::to_string).chain(own).collect()
}

#[test]
fn every_bone_that_vrm_requires_is_among_ours() {
    let ours = bones();
    assert_eq!(ours.len(), 52);
    for bone in REQUIRED_BONES {
        assert!(ours.iter().any(|our| our == bone), "{bone} is not among our bones");
    }
}
