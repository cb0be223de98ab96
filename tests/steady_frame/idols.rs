//! Four idols with their bodies, in a game without window, graphics card and sound.

use std::time::Duration;

use bevy::{
    app::{AnimationSystems, PluginsState},
    audio::AudioPlugin,
    ecs::{
        schedule::{ScheduleLabel, SingleThreadedExecutor},
        system::ScheduleSystem,
    },
    prelude::*,
    render::{
        RenderPlugin,
        settings::{RenderCreation, WgpuSettings},
    },
    time::TimeUpdateStrategy,
    window::ExitCondition,
    winit::WinitPlugin,
};
use bevy_persona::{
    PersonaSystems,
    prelude::*,
    view::{AvatarSystems, VoicePlugin},
};
use bevy_vrm1::prelude::VrmPlugin;

const NAMES: [&str; 4] = ["siwoo", "jena", "taira", "marty"];
/// How far the clock goes in a frame.
const FRAME: Duration = Duration::from_micros(16_667);
/// What they say, again and again.
const REPLY: &str = "[joy] I was waiting for you! [playful] Did you bring the rain again? \
    [love] Sit down, and tell me how the exam went.";

/// Which systems are watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Watched {
    /// All of the plugin's.
    All,
    /// Cues, faces, glances and bodies.
    Bodies,
}

/// The game.
pub struct Idols {
    /// Its app, which moves on only when it is told.
    pub app: App,
    /// Who is there.
    pub entities: Vec<Entity>,
}

impl Idols {
    /// The four idols in the world, with all motions learnt; `before` and `after` run around the systems
    /// of the plugin that run in every frame.
    pub fn enter<R: Resource + FromWorld, B, A>(
        watched: Watched,
        before: impl IntoScheduleConfigs<ScheduleSystem, B> + Copy,
        after: impl IntoScheduleConfigs<ScheduleSystem, A> + Copy,
    ) -> Self {
        let mut app = game();
        app.init_resource::<R>();
        surround(&mut app, watched, before, after);
        while app.plugins_state() == PluginsState::Adding {
            bevy::tasks::tick_global_task_pools_on_main_thread();
        }
        app.finish();
        app.cleanup();
        let assets = app.world().resource::<AssetServer>().clone();
        let entities = (0_u8..).zip(NAMES).map(|(place, name)| {
            let persona = Persona(assets.load(format!("personas://{name}.persona.ron")));
            let avatar = Avatar::new(&assets, format!("avatars/{name}.lod.vrm"));
            let stands = Transform::from_xyz(f32::from(place), 0.0, 0.0);
            app.world_mut().spawn((persona, avatar, stands)).id()
        });
        let entities = entities.collect();
        app.world_mut().spawn((FanEyes, Transform::from_xyz(1.5, 1.4, 3.0)));
        let mut idols = Self { app, entities };
        idols.wait_for_bodies();
        idols
    }

    fn wait_for_bodies(&mut self) {
        while !self.entities.iter().all(|idol| self.app.world().get::<AvatarRig>(*idol).is_some()) {
            self.app.update();
            std::thread::sleep(Duration::from_millis(2));
        }
        // A body learns a motion a frame.
        self.frames(120);
    }

    /// Lets some frames go by.
    pub fn frames(&mut self, count: usize) {
        for _ in 0..count {
            self.app.update();
        }
    }

    /// Somebody says something to everybody who does not speak.
    pub fn talk(&mut self) {
        for entity in self.entities.clone() {
            let world = self.app.world_mut();
            if world.get::<DialogueState>(entity) == Some(&DialogueState::Idle) {
                world.trigger(Say { entity, text: "I am back!".into() });
            }
        }
    }
}

fn game() -> App {
    let window =
        WindowPlugin { primary_window: None, exit_condition: ExitCondition::DontExit, ..default() };
    let nothing_drawn = WgpuSettings { backends: None, ..default() };
    let render = RenderPlugin { render_creation: RenderCreation::from(nothing_drawn), ..default() };
    let bevy = DefaultPlugins
        .set(window)
        .set(render)
        .set(AssetPlugin { watch_for_changes_override: Some(false), ..default() })
        .disable::<AudioPlugin>()
        .disable::<WinitPlugin>();
    let backend = ScriptedBackend::new([REPLY]);
    let plugins = PersonaPlugins::default().with_backend(move |_| Ok(backend.clone().boxed()));
    let mut app = App::new();
    // Voices are made on other threads.
    let plugins = plugins.with_seed(7).build().disable::<VoicePlugin>();
    app.add_plugins((PersonaSourcePlugin::default(), bevy, VrmPlugin, plugins))
        .insert_resource(TimeUpdateStrategy::ManualDuration(FRAME));
    app
}

/// The schedules run on one thread, so that nothing else runs between `before` and `after`.
fn surround<B, A>(
    app: &mut App,
    watched: Watched,
    before: impl IntoScheduleConfigs<ScheduleSystem, B> + Copy,
    after: impl IntoScheduleConfigs<ScheduleSystem, A> + Copy,
) {
    use PersonaSystems::{Advance, Express, First, Interpret, Last, Receive, Submit};

    for schedule in [PreUpdate.intern(), Update.intern(), PostUpdate.intern()] {
        app.edit_schedule(schedule, |schedule| {
            schedule.set_executor(SingleThreadedExecutor::new());
        });
    }
    let (stand, pose, face) = (AvatarSystems::Stand, AvatarSystems::Pose, AvatarSystems::Express);
    if watched == Watched::All {
        app.add_systems(PreUpdate, (before.before(First), after.after(Receive)).chain())
            .add_systems(Update, (before.before(Interpret), after.after(Advance)).chain())
            .add_systems(PostUpdate, (before.before(Submit), after.after(Last)).chain());
    }
    app.add_systems(Update, (before.after(Advance).before(Express), after.after(Express)).chain())
        .add_systems(
            PostUpdate,
            (before.before(stand), after.after(stand).before(AnimationSystems)).chain(),
        )
        .add_systems(
            PostUpdate,
            (
                before.before(pose).after(AnimationSystems),
                after.after(pose).before(TransformSystems::Propagate),
            )
                .chain(),
        )
        .add_systems(PostUpdate, (before.before(face), after.after(face)).chain());
}
