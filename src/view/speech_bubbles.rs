//! Words above the heads of those who speak.

mod draw;
mod words;

use bevy::{
    camera::{Camera, Camera3d},
    prelude::*,
};
use bevy_egui::{EguiContexts, EguiPlugin, EguiPrimaryContextPass};

use super::{ChosenIdol, ShownPanels, chat_panel::style};
use crate::{
    cue::{Beat, BeatPart, SpokenWord},
    dialogue::{ReplyChunk, ReplyStarted},
    persona::{Persona, PersonaAsset},
};
use words::Spoken;

/// How high the mouthpiece of a bubble is above an entity without a [`BubbleAnchor`], in metres.
const HEAD: f32 = 1.75;

/// Shows what a character is saying in a bubble above her head.
///
/// Only of those whose words are not in the chat panel: everybody but the chosen one, or everybody
/// while the panel is hidden. A bubble stays as long as it takes to read, then fades. egui draws it
/// on the first camera; a character needs a [`GlobalTransform`] and may have a [`BubbleAnchor`].
///
/// # Example
/// ```no_run
/// use bevy::prelude::*;
/// use bevy_persona::prelude::*;
///
/// App::new()
///     .add_plugins((PersonaSourcePlugin::default(), DefaultPlugins, PersonaPlugins::default()))
///     .add_plugins((ChatPanelPlugin::default(), SpeechBubblesPlugin));
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct SpeechBubblesPlugin;

/// Where the bubble of a character points to; on the entity with the [`Persona`].
///
/// # Example
/// ```
/// use bevy::prelude::*;
/// use bevy_persona::prelude::*;
///
/// fn of_the_head_bone(idol: Entity, head: Entity, commands: &mut Commands) {
///     commands.entity(idol).insert(BubbleAnchor { over: head, above: 0.2 });
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Component)]
pub struct BubbleAnchor {
    /// What it hangs over.
    pub over: Entity,
    /// How high over it, in metres.
    pub above: f32,
}

impl Plugin for SpeechBubblesPlugin {
    fn build(&self, app: &mut App) {
        if !app.is_plugin_added::<EguiPlugin>() {
            app.add_plugins(EguiPlugin::default());
        }
        app.init_resource::<ShownPanels>()
            .init_resource::<ChosenIdol>()
            .register_required_components::<Persona, Spoken>()
            .add_observer(begins)
            .add_observer(says)
            .add_observer(ends)
            .add_systems(Update, pass)
            .add_systems(EguiPrimaryContextPass, show);
    }
}

fn begins(started: On<ReplyStarted>, mut spoken: Query<&mut Spoken>) {
    if let Ok(mut spoken) = spoken.get_mut(started.entity) {
        *spoken = Spoken::begun();
    }
}

fn says(chunk: On<ReplyChunk>, mut spoken: Query<&mut Spoken>) {
    if let Ok(mut spoken) = spoken.get_mut(chunk.entity) {
        spoken.says(&chunk.text);
    }
}

/// Whoever has a voice speaks longer than the words take to come.
fn ends(beat: On<Beat>, mut spoken: Query<&mut Spoken>) {
    if let BeatPart::End { .. } = beat.part
        && let Ok(mut spoken) = spoken.get_mut(beat.entity)
    {
        spoken.ends();
    }
}

fn pass(time: Res<Time>, mut spoken: Query<&mut Spoken>) {
    for mut spoken in &mut spoken {
        if spoken.is_fading() {
            spoken.pass(time.delta_secs());
        }
    }
}

/// Everybody who may speak.
type Speakers<'w, 's> = Query<
    'w,
    's,
    (
        Entity,
        &'static Persona,
        &'static Spoken,
        &'static GlobalTransform,
        Option<&'static BubbleAnchor>,
        Option<&'static InheritedVisibility>,
        Option<&'static SpokenWord>,
    ),
>;

fn show(
    mut contexts: EguiContexts,
    shown: Res<ShownPanels>,
    chosen: Res<ChosenIdol>,
    cameras: Query<(&Camera, &GlobalTransform), With<Camera3d>>,
    speakers: Speakers,
    places: Query<&GlobalTransform>,
    sheets: Res<Assets<PersonaAsset>>,
) {
    let Ok(ctx) = contexts.ctx_mut() else { return };
    let Some((camera, eye)) = cameras.iter().find(|(camera, _)| camera.is_active) else { return };
    // egui may be zoomed: its points are not the logical pixels of the window.
    let zoom = camera.target_scaling_factor().unwrap_or(1.0) / ctx.pixels_per_point();
    for (entity, persona, spoken, place, anchor, visible, word) in &speakers {
        let in_panel = shown.chat && chosen.0 == Some(entity);
        let opacity = spoken.opacity();
        let hidden = visible.is_some_and(|visible| !visible.get());
        if in_panel || hidden || opacity <= 0.0 || spoken.text().is_empty() {
            continue;
        }
        let over = anchor.and_then(|anchor| {
            Some(places.get(anchor.over).ok()?.translation() + Vec3::Y * anchor.above)
        });
        let head = over.unwrap_or(place.translation() + Vec3::Y * HEAD);
        let Ok(at) = camera.world_to_viewport(eye, head) else { continue };
        let colour = sheets.get(&persona.0).and_then(|asset| asset.sheet.colour);
        let word = word.and_then(|word| spoken.place(word.0.clone()?));
        let words = draw::Words { text: spoken.text(), word };
        draw::bubble(ctx, entity, at * zoom, &words, style::readable(colour), opacity);
    }
}
