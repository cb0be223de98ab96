//! A chat panel: pick a character, talk with her, read along while she replies.

mod bubbles;
mod entry;
mod keys;
mod layout;
mod listen;
#[cfg(feature = "scene")]
mod playing;
mod scene;
#[cfg(feature = "scene")]
mod scene_layout;
pub(super) mod style;
mod transcript;
pub(super) mod words;

#[cfg(feature = "scene")]
use bevy::ecs::system::SystemParam;
use bevy::prelude::*;
use bevy_egui::{EguiContexts, EguiPlugin, EguiPreUpdateSet, EguiPrimaryContextPass, egui};

use crate::{
    cue::Attend,
    dialogue::{FanFocus, Interrupt, Say},
    inference::ModelStatus,
    persona::Persona,
    view::ShownPanels,
};
#[cfg(feature = "scene")]
use crate::{
    director::{Choose, GoOn, SceneLibrary, SceneState, StopScene},
    persona::Language,
};
use layout::{Action, View};
use scene::Cast;
use transcript::Transcript;

/// Whom the fan talks with in the chat panel.
///
/// The game and the panel both write it. While it names nobody who is there, the panel chooses the
/// first character.
///
/// # Example
/// ```
/// use bevy::prelude::*;
/// use bevy_persona::prelude::*;
///
/// fn meet(siwoo: Single<Entity, Added<Persona>>, mut chosen: ResMut<ChosenIdol>) {
///     chosen.0 = Some(*siwoo);
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Resource)]
pub struct ChosenIdol(pub Option<Entity>);

/// A chat panel at the right edge of the primary window, drawn with egui.
///
/// It shows every [`Persona`]: names to choose from (Tab takes the next one), the conversation with
/// the chosen one, how the model is doing, and a line to write on. Enter sends it, Esc stops a
/// reply. Words can be copied, and the last message said again. With the feature `scene`, a written scene
/// that runs is shown instead: what everybody says, and what the fan may choose (a number chooses, Space
/// goes on). [`ShownPanels`] hides it. Installs
/// [`ChosenIdol`], observers of [`Say`] and the reply events, and one system in
/// `EguiPrimaryContextPass`; adds `EguiPlugin` if the game has not.
///
/// Needs [`PersonaPlugins`](crate::PersonaPlugins) and a window; add it after `DefaultPlugins`.
/// egui draws on the first camera.
///
/// # Example
/// ```no_run
/// use bevy::prelude::*;
/// use bevy_persona::prelude::*;
///
/// App::new()
///     .add_plugins((PersonaSourcePlugin::default(), DefaultPlugins, PersonaPlugins::default()))
///     .add_plugins(ChatPanelPlugin::default());
/// ```
#[derive(Clone, Default)]
pub struct ChatPanelPlugin {
    /// The bytes of a font file (TTF or OTF). Without one egui's own font is used, which cannot
    /// write Hangul or kana.
    pub font: Option<Vec<u8>>,
}

impl ChatPanelPlugin {
    /// How much of a window of this width the panel covers, in logical pixels: for a camera that
    /// frames somebody beside it.
    #[must_use]
    pub fn covered_width(window_width: f32) -> f32 {
        layout::covered_width(window_width)
    }

    /// The frame of the panel, for windows of a game that should look like it.
    pub fn frame(accent: egui::Color32) -> egui::Frame {
        style::frame(accent, 16)
    }

    /// Gives a [`egui::Ui`] the colours and fonts of the panel.
    pub fn dress(ui: &mut egui::Ui, accent: egui::Color32) {
        let small = ui.ctx().content_rect().width() < layout::SMALL_WINDOW;
        style::apply(ui, accent, small);
    }
}

impl Plugin for ChatPanelPlugin {
    fn build(&self, app: &mut App) {
        if !app.is_plugin_added::<EguiPlugin>() {
            app.add_plugins(EguiPlugin::default());
        }
        #[cfg(feature = "scene")]
        app.add_plugins(playing::plugin);
        app.register_required_components::<Persona, Transcript>()
            .init_resource::<ChosenIdol>()
            .init_resource::<ShownPanels>()
            .init_resource::<Draft>()
            .insert_resource(PanelFont { bytes: self.font.clone(), loaded_by: None })
            .add_observer(listen::said)
            .add_observer(listen::feels)
            .add_observer(listen::hears)
            .add_observer(listen::finished)
            .add_observer(listen::failed)
            .add_systems(
                PreUpdate,
                keys::leave_to_input_method
                    .after(EguiPreUpdateSet::ProcessInput)
                    .before(EguiPreUpdateSet::BeginPass),
            )
            .add_systems(EguiPrimaryContextPass, (show, look_at_chosen, draw_attention).chain());
    }
}

/// Whom the fan chose, she looks at.
fn look_at_chosen(chosen: Res<ChosenIdol>, focus: Option<ResMut<FanFocus>>) {
    // A game that looks at somebody from the start is not overruled by the panel's first choice.
    let is_news = |focus: &ResMut<FanFocus>| !chosen.is_added() || focus.0.is_none();
    if let Some(mut focus) = focus.filter(|_| chosen.is_changed()).filter(is_news) {
        focus.set_if_neq(FanFocus(chosen.0));
    }
}

/// A fan who picks a character or writes to her has her attention.
fn draw_attention(
    chosen: Res<ChosenIdol>,
    draft: Res<Draft>,
    mut written: Local<usize>,
    mut commands: Commands,
) {
    let length = draft.text.len();
    let writes = std::mem::replace(&mut *written, length) != length && length > 0;
    if let Some(entity) = chosen.0.filter(|_| chosen.is_changed() || writes) {
        commands.trigger(Attend { entity });
    }
}

/// The scene that runs, and what was said in it.
#[cfg(feature = "scene")]
#[derive(SystemParam)]
struct RunningScene<'w> {
    playing: Res<'w, playing::Playing>,
    state: Option<Res<'w, SceneState>>,
    library: Option<Res<'w, SceneLibrary>>,
}

#[cfg(feature = "scene")]
impl RunningScene<'_> {
    /// The place of whom the fan may answer.
    fn listener(&self, idols: &[scene::Idol<'_>]) -> Option<usize> {
        let to = self.state.as_ref()?.listens.as_ref()?.to;
        idols.iter().position(|idol| idol.entity == to)
    }

    /// What is to be shown of it; nothing while none runs.
    fn view(&self, language: Language) -> Option<scene_layout::SceneView<'_>> {
        let state = self.state.as_ref().filter(|_| self.playing.is_running())?;
        let id = state.scene.as_deref()?;
        let info = self.library.as_ref().and_then(|library| library.current().get(id));
        let listens = state.listens.as_ref();
        Some(scene_layout::SceneView {
            title: info.map_or(id, |info| info.title_in(language)),
            cast: &state.cast,
            said: self.playing.entries(),
            choices: &state.choices,
            suggestions: listens.map(|listens| listens.options.as_slice()).unwrap_or_default(),
            listens: listens.is_some(),
        })
    }
}

/// The font, and which context of egui has it: another camera may bring another context.
#[derive(Resource)]
struct PanelFont {
    bytes: Option<Vec<u8>>,
    loaded_by: Option<egui::Context>,
}

/// What the fan is writing.
#[derive(Debug, Clone, Resource)]
struct Draft {
    text: String,
    /// Whether the line should take the keyboard.
    focus: bool,
    /// Whether the end of the talk is to be shown, wherever the fan had scrolled to.
    follow: bool,
}

impl Default for Draft {
    fn default() -> Self {
        Self { text: String::new(), focus: true, follow: false }
    }
}

/// Draws the panel and does what the fan asks of it.
fn show(
    mut contexts: EguiContexts,
    mut font: ResMut<PanelFont>,
    mut draft: ResMut<Draft>,
    mut chosen: ResMut<ChosenIdol>,
    cast: Cast,
    status: Res<ModelStatus>,
    shown: Res<ShownPanels>,
    #[cfg(feature = "scene")] scene: RunningScene,
    mut commands: Commands,
) {
    let Ok(ctx) = contexts.ctx_mut().cloned() else { return };
    if font.loaded_by.as_ref() != Some(&ctx) {
        font.loaded_by = Some(ctx.clone());
        if let Some(bytes) = font.bytes.clone() {
            style::load_font(&ctx, bytes);
        }
    }
    let idols = cast.idols();
    let there = chosen.0.and_then(|entity| idols.iter().position(|idol| idol.entity == entity));
    let choice = there.or_else(|| (!idols.is_empty()).then_some(0));
    chosen.set_if_neq(ChosenIdol(choice.map(|index| idols[index].entity)));

    if !shown.chat {
        return;
    }
    // Where a scene listens, what is written is for whom it listens to.
    #[cfg(feature = "scene")]
    let choice = scene.listener(&idols).or(choice);
    let view = View {
        idols: &idols,
        chosen: choice,
        status: &status,
        #[cfg(feature = "scene")]
        scene: scene.view(choice.map(|index| idols[index].language).unwrap_or_default()),
    };
    for action in layout::panel(&ctx, &view, draft.bypass_change_detection()) {
        match (action, choice) {
            (Action::Choose(entity), _) => {
                // Also if she was chosen already: the game may have looked elsewhere since.
                chosen.0 = Some(entity);
                draft.focus = true;
            }
            (Action::Say(text), Some(index)) => {
                commands.trigger(Say { entity: idols[index].entity, text });
                draft.focus = true;
                draft.follow = true;
            }
            (Action::Interrupt, Some(index)) => {
                commands.trigger(Interrupt { entity: idols[index].entity });
            }
            (Action::Say(_) | Action::Interrupt, None) => {}
            #[cfg(feature = "scene")]
            (Action::Option(index), _) => {
                commands.trigger(Choose(index));
                draft.follow = true;
            }
            #[cfg(feature = "scene")]
            (Action::GoOn, _) => commands.trigger(GoOn),
            #[cfg(feature = "scene")]
            (Action::StopScene, _) => commands.trigger(StopScene),
        }
    }
}
