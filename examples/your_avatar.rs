//! Your own avatar talks: a VRM or glTF file, a persona file, a fan who says hello.
//!
//! ```text
//! cargo run --features full --example your_avatar -- avatars/jena.vrm personas://jena.persona.ron
//! ```
//! The paths are seen from the asset folder. Space says hello again, Esc interrupts her.

use bevy::prelude::*;
use bevy_persona::prelude::*;
use bevy_vrm1::prelude::VrmPlugin;

fn main() -> AppExit {
    App::new()
        .add_plugins((PersonaSourcePlugin::default(), DefaultPlugins, VrmPlugin))
        .add_plugins((PersonaPlugins::default(), LibraryPlugin::default()))
        .insert_resource(GlobalAmbientLight { brightness: 200.0, ..default() })
        .add_systems(Startup, (enter, light))
        .add_systems(Update, talk)
        .add_observer(|chunk: On<ReplyChunk>| info!("{} ({})", chunk.text.trim(), chunk.emotion))
        .run()
}

fn enter(mut commands: Commands, assets: Res<AssetServer>) {
    let mut args = std::env::args().skip(1);
    let avatar = args.next().unwrap_or_else(|| "avatars/jena.vrm".into());
    let persona = args.next().unwrap_or_else(|| "personas://jena.persona.ron".into());
    let npc = commands.spawn((Persona(assets.load(persona)), Avatar::new(&assets, avatar))).id();
    commands.trigger(Say { entity: npc, text: "Hi! It's so good to see you.".into() });
}

fn light(mut commands: Commands) {
    let eyes = Transform::from_xyz(0.3, 1.4, 1.5).looking_at(Vec3::Y * 1.3, Vec3::Y);
    commands.spawn((Camera3d::default(), FanEyes, eyes));
    let sun = Transform::from_xyz(-0.4, 1.0, 1.0).looking_at(Vec3::ZERO, Vec3::Y);
    commands.spawn((DirectionalLight::default(), sun));
}

fn talk(
    keys: Res<ButtonInput<KeyCode>>,
    npc: Single<Entity, With<Persona>>,
    mut commands: Commands,
) {
    if keys.just_pressed(KeyCode::Space) {
        commands.trigger(Say { entity: *npc, text: "Hello again! What are you up to?".into() });
    }
    if keys.just_pressed(KeyCode::Escape) {
        commands.trigger(Interrupt { entity: *npc });
    }
}
