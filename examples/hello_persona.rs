//! Siwoo answers one message: no window, no GPU, no model.
//!
//! Her words come from a script here. Leave `with_backend` out, and the model finds them.
//!
//! ```text
//! cargo run --example hello_persona
//! ```
#![expect(clippy::print_stdout, reason = "the terminal is where this example shows the reply")]

use std::{io::Write, time::Duration};

use bevy::{app::ScheduleRunnerPlugin, log::LogPlugin, prelude::*};
use bevy_persona::prelude::*;

fn main() -> AppExit {
    let script = ["[shy] You came back! [joy] I was just humming our song."];
    App::new()
        .add_plugins((
            PersonaSourcePlugin::default(),
            MinimalPlugins.set(ScheduleRunnerPlugin::run_loop(Duration::from_millis(16))),
            (LogPlugin::default(), AssetPlugin::default()),
            PersonaPlugins::default().with_backend(move |_| {
                Ok(ScriptedBackend::new(script).pace(Duration::from_millis(80)).boxed())
            }),
        ))
        .add_systems(Startup, meet)
        .add_observer(|feeling: On<EmotionChanged>| println!("\n({})", feeling.tag.emotion))
        .add_observer(speak)
        .add_observer(finish)
        .add_observer(fail)
        .run()
}

fn meet(mut commands: Commands, assets: Res<AssetServer>) {
    let siwoo = commands.spawn(Persona(assets.load("personas://siwoo.persona.ron"))).id();
    commands.trigger(Say { entity: siwoo, text: "Hi Siwoo, I'm home!".into() });
}

fn speak(chunk: On<ReplyChunk>) {
    print!("{}", chunk.text);
    // Without a line end the terminal would wait; a closed one is no reason to stop.
    let _ = std::io::stdout().flush();
}

fn finish(reply: On<ReplyFinished>, mut exit: MessageWriter<AppExit>) {
    println!("\n\nShe said: {}", reply.text);
    exit.write(AppExit::Success);
}

fn fail(failure: On<ReplyFailed>, mut exit: MessageWriter<AppExit>) {
    error!("{}", failure.error);
    exit.write(AppExit::error());
}
