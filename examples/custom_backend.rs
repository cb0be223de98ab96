//! A source of replies of one's own: an echo that feels what it hears.
//!
//! A server, another model, a dialogue tree would be plugged in the same way. Runs without a
//! window.
//!
//! ```text
//! cargo run --example custom_backend
//! ```
#![expect(clippy::print_stdout, reason = "the terminal is where this example shows the replies")]

use std::{time::Duration, vec::IntoIter};

use bevy::{app::ScheduleRunnerPlugin, log::LogPlugin, prelude::*};
use bevy_persona::{
    inference::{
        Backend, BackendInfo, FinishReason, Generation, InferenceError, Outcome, ReplyStats,
        Request, Step,
    },
    mind::{ChatTurn, Segment},
    prelude::*,
};

/// Answers with the fan's own words.
struct Echo;

impl Backend for Echo {
    fn info(&self) -> BackendInfo {
        BackendInfo { model: "echo".into(), ..default() }
    }

    fn start(&mut self, request: Request) -> Result<Box<dyn Generation>, InferenceError> {
        let fan = match request.prompt.turns.last() {
            Some(ChatTurn::Fan(text)) => text,
            _ => "",
        };
        let felt = if fan.contains("miss") { Emotion::Love } else { Emotion::Joy };
        // Only what the persona can show may be tagged.
        let tag = request.palette.contains(&felt).then_some(Segment::Emotion(felt.into()));
        let words = fan.split_inclusive(' ').map(|word| Segment::Text(word.into()));
        let segments: Vec<Segment> = tag.into_iter().chain(words).collect();
        Ok(Box::new(EchoReply(segments.into_iter())))
    }
}

/// One reply: a word each time it is asked to go on.
struct EchoReply(IntoIter<Segment>);

impl Generation for EchoReply {
    fn advance(&mut self) -> Result<Step, InferenceError> {
        let over = Outcome { reason: FinishReason::Complete, stats: ReplyStats::default() };
        Ok(self.0.next().map_or(Step::Done(over), Step::Segment))
    }
}

fn main() -> AppExit {
    App::new()
        .add_plugins((
            PersonaSourcePlugin::default(),
            MinimalPlugins.set(ScheduleRunnerPlugin::run_loop(Duration::from_millis(16))),
            (LogPlugin::default(), AssetPlugin::default()),
            PersonaPlugins::default().with_backend(|_| Ok(Box::new(Echo))),
        ))
        .add_systems(Startup, meet)
        .add_observer(|feeling: On<EmotionChanged>| println!("she feels {}", feeling.tag.emotion))
        .add_observer(hear)
        .add_observer(|failure: On<ReplyFailed>, mut exit: MessageWriter<AppExit>| {
            error!("{}", failure.error);
            exit.write(AppExit::error());
        })
        .run()
}

fn meet(mut commands: Commands, assets: Res<AssetServer>) {
    let siwoo = commands.spawn(Persona(assets.load("personas://siwoo.persona.ron"))).id();
    for text in ["What a day!", "I miss the old stage."] {
        commands.trigger(Say { entity: siwoo, text: text.into() });
    }
}

fn hear(reply: On<ReplyFinished>, mut heard: Local<usize>, mut exit: MessageWriter<AppExit>) {
    println!("she says: {}", reply.text);
    *heard += 1;
    if *heard == 2 {
        exit.write(AppExit::Success);
    }
}
