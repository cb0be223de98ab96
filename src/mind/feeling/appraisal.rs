//! What a character may answer a feeling with.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    FanFeeling,
    file::{Crisis, File, Row},
    kind::{Kind, PerKind, normalised},
    strongest,
};
use crate::{mind::Emotion, persona::PersonaId};

/// The table of members who have none of their own.
const DEFAULT: &str = "default";
/// From which part of the strongest feeling on the second is answered too.
const RIVAL: f32 = 0.35;
/// From which part of the strongest feeling on one is answered where all others would hurt.
const SIDE: f32 = 0.2;
/// How much less an emotion is shown the likelier it would hurt.
const HARM: f32 = 2.5;
/// Feelings that are not met with cheer; all others are not met with gloom.
const HEAVY: [Kind; 3] = [Kind::Sad, Kind::Angry, Kind::Grief];

/// How much of the last feeling lingers in a message that shows none.
const LINGERS: f32 = 0.8;

/// What a character may answer a message with.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Appraisal {
    /// How well each emotion fits as the first one of the reply, best first; sums to 1. One that
    /// is missing must not come first.
    pub weights: Vec<(Emotion, f32)>,
    /// Emotions that must not appear anywhere in the reply.
    pub never: Vec<Emotion>,
    /// What the fan feels.
    pub feeling: FanFeeling,
}

/// What the last turns left behind: grief and danger last longer than one message.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Carry {
    /// For how many more turns the fan's grief is minded.
    pub grief: u8,
    /// For how many more turns the fan is known to be in danger.
    pub crisis: u8,
    /// What the fan felt in the last turn.
    pub last: FanFeeling,
}

impl Carry {
    /// What a fan probably feels whose message shows little: what was felt a moment ago.
    pub(super) fn coloured(&self, likely: PerKind) -> PerKind {
        let part = LINGERS * likely[Kind::Neutral as usize];
        let mut all = likely;
        for (emotion, score) in &self.last.scores {
            if let Some(kind) = Kind::of(emotion).filter(|kind| *kind != Kind::Neutral) {
                all[kind as usize] += part * score;
            }
        }
        normalised(all)
    }
}

/// Which first tags suit which feeling, by member.
#[derive(Debug)]
pub(super) struct Tables {
    members: BTreeMap<String, BTreeMap<String, Row>>,
    grief: (u8, Vec<Emotion>),
    crisis: Crisis,
}

impl Tables {
    pub(super) fn new(file: File) -> Self {
        Self {
            members: file.appraisal,
            grief: (file.overrides.grief.hold_turns, file.overrides.grief.never),
            crisis: file.overrides.crisis,
        }
    }

    fn row(&self, member: &PersonaId, feeling: &str) -> Option<&Row> {
        let row = |name: &str| self.members.get(name).and_then(|rows| rows.get(feeling));
        row(member.as_str()).or_else(|| row(DEFAULT))
    }

    pub(super) fn appraise(
        &self,
        member: &PersonaId,
        likely: &PerKind,
        feeling: FanFeeling,
        carry: &Carry,
    ) -> Appraisal {
        let mut never = Vec::new();
        let mut mix = Row::new();
        if carry.crisis > 0 {
            never.extend_from_slice(&self.crisis.never);
            add(&mut mix, self.row(member, "crisis"), 1.0);
        } else {
            let grieves = feeling.grief || carry.grief > 0;
            if grieves {
                never.extend_from_slice(&self.grief.1);
                add(&mut mix, self.row(member, Kind::Grief.name()), 1.0);
            }
            if !feeling.grief {
                self.answer(member, likely, &mut mix);
            }
        }
        mix.retain(|emotion, weight| *weight > 0.0 && !never.contains(emotion));
        Appraisal { weights: sorted(mix), never, feeling }
    }

    /// Adds what suits the likely feelings, less of it the likelier it would hurt.
    fn answer(&self, member: &PersonaId, likely: &PerKind, mix: &mut Row) {
        let most = likely[strongest(likely) as usize];
        let (mut own, mut fits) = (Row::new(), Row::new());
        for kind in Kind::ALL {
            let part = likely[kind as usize];
            if part >= most * RIVAL {
                add(&mut own, self.row(member, kind.name()), part);
            }
            if part >= most * SIDE {
                add(&mut fits, self.row(member, kind.name()), part);
            }
        }
        let heavy: f32 = HEAVY.iter().map(|kind| likely[*kind as usize]).sum();
        let harm = |emotion: &Emotion| match emotion {
            Emotion::Joy | Emotion::Playful => heavy,
            Emotion::Sad | Emotion::Angry => 1.0 - heavy,
            _ => 0.0,
        };
        for row in [&mut own, &mut fits] {
            for (emotion, weight) in row.iter_mut() {
                *weight *= (1.0 - HARM * harm(emotion)).max(0.0);
            }
            row.retain(|_, weight| *weight > 0.0);
        }
        add(mix, Some(if own.is_empty() { &fits } else { &own }), 1.0);
    }

    pub(super) fn carry(
        &self,
        carry: &Carry,
        answered: &Appraisal,
        conduct: Option<&str>,
    ) -> Carry {
        let danger = conduct.is_some_and(|kind| self.crisis.from_conduct.iter().any(|k| k == kind));
        let held =
            |now: bool, turns: u8, left: u8| if now { turns } else { left.saturating_sub(1) };
        Carry {
            grief: held(answered.feeling.grief, self.grief.0, carry.grief),
            crisis: held(danger, self.crisis.hold_turns, carry.crisis),
            last: answered.feeling.clone(),
        }
    }
}

fn add(mix: &mut Row, row: Option<&Row>, part: f32) {
    let sum: f32 = row.into_iter().flat_map(Row::values).sum();
    for (emotion, weight) in row.into_iter().flatten() {
        *mix.entry(emotion.clone()).or_default() += part * weight / sum.max(f32::MIN_POSITIVE);
    }
}

/// Best first, scaled to a sum of 1; neutral alone where there is none.
fn sorted(mix: Row) -> Vec<(Emotion, f32)> {
    let sum: f32 = mix.values().sum();
    let mut weights: Vec<_> =
        mix.into_iter().map(|(emotion, weight)| (emotion, weight / sum)).collect();
    weights.sort_by(|a, b| b.1.total_cmp(&a.1));
    if weights.is_empty() {
        weights.push((Emotion::Neutral, 1.0));
    }
    weights
}
