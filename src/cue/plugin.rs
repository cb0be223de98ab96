//! Moves the blends.

use bevy::prelude::*;

use super::{EmotionBlend, EmotionFade};
use crate::{
    PersonaSystems,
    dialogue::{AskId, EmotionChanged, ReplyFailed, ReplyFinished},
    mind::Emotion,
    systems,
};

/// The emotions an avatar can show.
///
/// A reply is tagged only with emotions that both the persona and the rig know. Views for an
/// avatar format insert it; without it every emotion of the persona is used.
#[derive(Debug, Clone, PartialEq, Eq, Component)]
pub struct EmotionRig(pub Vec<Emotion>);

/// Lets the [`EmotionBlend`] of each character follow what she feels.
///
/// Installs observers of [`EmotionChanged`] and of the end of a reply, and one system in
/// [`PersonaSystems::Express`].
#[derive(Debug, Clone, Copy, Default)]
pub struct CuePlugin;

impl Plugin for CuePlugin {
    fn build(&self, app: &mut App) {
        systems::configure(app);
        app.register_required_components::<EmotionBlend, FeltIn>()
            .add_observer(aim)
            .add_observer(rest_after_reply)
            .add_observer(rest_after_failure)
            .add_systems(Update, advance.in_set(PersonaSystems::Express));
    }
}

/// The ask in whose reply the feeling of the moment came up.
#[derive(Debug, Default, Component)]
struct FeltIn(Option<AskId>);

fn aim(changed: On<EmotionChanged>, mut blends: Query<(&mut EmotionBlend, &mut FeltIn)>) {
    if let Ok((mut blend, mut felt_in)) = blends.get_mut(changed.entity) {
        blend.aim(changed.tag.clone());
        felt_in.0 = Some(changed.ask);
    }
}

fn rest_after_reply(
    finished: On<ReplyFinished>,
    mut blends: Query<(&mut EmotionBlend, &mut FeltIn)>,
) {
    rest(finished.entity, finished.ask, &mut blends);
}

fn rest_after_failure(
    failed: On<ReplyFailed>,
    mut blends: Query<(&mut EmotionBlend, &mut FeltIn)>,
) {
    rest(failed.entity, failed.ask, &mut blends);
}

/// The end of another ask, one that was refused, leaves the feeling as it is.
fn rest(entity: Entity, ask: AskId, blends: &mut Query<(&mut EmotionBlend, &mut FeltIn)>) {
    if let Ok((mut blend, mut felt_in)) = blends.get_mut(entity)
        && felt_in.0.take_if(|felt_in| *felt_in == ask).is_some()
    {
        blend.rest();
    }
}

pub(crate) fn advance(
    time: Res<Time>,
    mut blends: Query<(&mut EmotionBlend, Option<&EmotionFade>)>,
) {
    let dt = time.delta_secs();
    for (mut blend, fade) in &mut blends {
        let fade = fade.copied().unwrap_or_default();
        let quiet = blend.bypass_change_detection();
        quiet.settle(dt, fade.linger);
        if quiet.advance(dt, fade.seconds) {
            blend.set_changed();
        }
    }
}
