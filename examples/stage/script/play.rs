//! Plays a script step by step.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use bevy::{prelude::*, time::TimeUpdateStrategy};

use super::{
    FRAME,
    parse::{Moment, Sight, Step},
    record::{Entry, Record},
    stage::Stage,
};

/// How long the script waits for avatars, or for the next word, in real time.
const PATIENCE: Duration = Duration::from_secs(120);
/// How long a face takes to settle, in stage time. A feeling lingers longer than that.
const SETTLING: f32 = 1.2;
/// How long a moment of a scene takes to settle: lights turn, and somebody arrives.
const CALM: f32 = 1.6;
/// How often a scene is asked to go on.
const HURRY: f32 = 0.2;
/// Stage time per frame meanwhile.
const HASTE: Duration = Duration::from_millis(200);
/// Frames until everything that has come is also drawn.
const WARM_UP: u32 = 20;

/// How far the script is.
#[derive(Debug, Resource)]
pub struct Play {
    steps: VecDeque<Step>,
    began: Instant,
    phase: Phase,
    /// What the step of the moment brought so far.
    entry: Entry,
    /// What is waited for in a scene.
    moment: Option<Moment>,
}

/// What the script is doing.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Phase {
    /// The avatars are still loading.
    Gathering,
    /// They are there; this many frames until all is drawn.
    WarmingUp(u32),
    /// The next step may begin.
    Next,
    /// The idol is to reply.
    Listening,
    /// A scene goes on, and is to go on faster at this moment of stage time.
    Watching(f32),
    /// Her face settles until this moment of stage time.
    Settling(f32),
    /// A scene comes to rest until this moment of stage time.
    Calming(f32),
    /// A picture is being taken.
    Developing,
    /// Nothing is left to do.
    Over,
}

impl Play {
    pub fn new(steps: Vec<Step>) -> Self {
        let (began, phase) = (Instant::now(), Phase::Gathering);
        Self { steps: steps.into(), began, phase, entry: Entry::default(), moment: None }
    }

    /// Begins the next step.
    fn begin(&mut self, record: &Record, stage: &mut Stage) -> Result<Phase, String> {
        let Some((entity, idol)) = stage.partner() else { return Ok(Phase::Next) };
        let Some(step) = self.steps.pop_front() else { return Ok(Phase::Over) };
        let number = self.entry.step + 1;
        let mut entry = Entry { step: number, idol: idol.into(), ..Entry::default() };
        let phase = match step {
            Step::Choose(name) => {
                stage.choose(&name);
                return Ok(Phase::Next);
            }
            Step::Differ(percent) => {
                record.expect_difference(percent)?;
                return Ok(Phase::Next);
            }
            Step::View(place) => {
                stage.look(place);
                entry.shows = Some(match place {
                    Sight::Group => "group".into(),
                    Sight::Private => "private".into(),
                    Sight::Backstage => "backstage".into(),
                });
                settling(stage)
            }
            Step::Dance => {
                stage.dance();
                entry.shows = Some("dance".into());
                settling(stage)
            }
            Step::Panel(name) => {
                stage.commands.trigger(crate::chat::ShowPanel(name));
                settling(stage)
            }
            Step::Scene(scene) => {
                stage.scene.play(&scene, &mut stage.commands);
                return Ok(Phase::Next);
            }
            Step::Option(index) => {
                stage.scene.choose(index, &mut stage.commands)?;
                return Ok(Phase::Next);
            }
            Step::Answer(text) => {
                stage.scene.answer(&text, entity, &mut stage.commands);
                return Ok(Phase::Next);
            }
            Step::Auto(seed) => {
                stage.scene.auto(seed);
                return Ok(Phase::Next);
            }
            Step::Know(lock) => {
                stage.scene.know(lock);
                return Ok(Phase::Next);
            }
            Step::Photo => {
                entry.shows = Some("photo".into());
                settling(stage)
            }
            Step::Until(moment) => {
                entry.shows = Some(moment.name());
                self.moment = Some(moment);
                Phase::Watching(0.0)
            }
            Step::Say(text) => {
                stage.say(entity, &text);
                entry.fan = Some(text);
                Phase::Listening
            }
            Step::Face(tag) => {
                entry.emotions.push(tag.emotion.to_string());
                stage.feel(entity, tag);
                settling(stage)
            }
        };
        self.entry = entry;
        Ok(phase)
    }

    /// Waits for the reply.
    fn listen(&mut self, stage: &mut Stage) -> Result<Phase, String> {
        match stage.heard.end.take() {
            Some(Ok(finished)) => {
                let emotions = std::mem::take(&mut stage.heard.emotions);
                self.entry.reply(finished, emotions);
                Ok(settling(stage))
            }
            Some(Err(error)) => Err(format!("{} did not reply: {error}", self.entry.idol)),
            None if stage.heard.news.elapsed() > PATIENCE => {
                let seconds = PATIENCE.as_secs();
                Err(format!("{} said nothing for {seconds} seconds", self.entry.idol))
            }
            None => {
                // Leaves the processor to the model: nothing worth drawing happens.
                std::thread::sleep(Duration::from_millis(100));
                Ok(Phase::Listening)
            }
        }
    }

    /// Lets a scene go on, without pauses, until the moment that is waited for.
    fn watch(&mut self, next: f32, stage: &mut Stage) -> Result<Phase, String> {
        let Some(moment) = &self.moment else { return Ok(Phase::Next) };
        let now = stage.time.elapsed_secs();
        if stage.scene.has_come(moment)? {
            self.moment = None;
            return Ok(Phase::Calming(now + CALM));
        }
        if stage.scene.silence() > PATIENCE {
            return Err(format!("the scene did not come to `{}`", moment.name()));
        }
        if now >= next {
            stage.scene.hurry(&mut stage.commands)?;
            return Ok(Phase::Watching(now + HURRY));
        }
        Ok(Phase::Watching(next))
    }

    /// Waits for the picture, then takes the step down.
    fn develop(&mut self, record: &Record) -> Result<Phase, String> {
        if let Some(picture) = &self.entry.picture {
            match record.developed(picture) {
                None => return Ok(Phase::Developing),
                Some(false) => return Err(format!("the picture {picture} was not saved")),
                Some(true) => {}
            }
        }
        record.write(&self.entry).map_err(|error| error.to_string())?;
        Ok(Phase::Next)
    }
}

/// The end of it is as slow as usual: hair and clothes are to hang as they do.
fn calm(until: f32, stage: &Stage) -> Phase {
    if stage.time.elapsed_secs() < until { Phase::Calming(until) } else { settling(stage) }
}

fn settling(stage: &Stage) -> Phase {
    Phase::Settling(stage.time.elapsed_secs() + SETTLING)
}

/// Does what can be done in this frame.
pub fn play(mut play: ResMut<Play>, mut record: ResMut<Record>, mut stage: Stage) {
    let phase = play.phase;
    // On the way there is nothing to look at.
    let in_haste = matches!(phase, Phase::Watching(_) | Phase::Calming(_));
    stage.camera.is_active = !matches!(phase, Phase::Watching(_));
    *stage.pace = TimeUpdateStrategy::ManualDuration(if in_haste { HASTE } else { FRAME });
    let next = match phase {
        Phase::Gathering => gather(&play, &stage),
        Phase::WarmingUp(0) => Ok(Phase::Next),
        Phase::WarmingUp(frames) => Ok(Phase::WarmingUp(frames - 1)),
        Phase::Next => play.begin(&record, &mut stage),
        Phase::Listening => play.listen(&mut stage),
        Phase::Watching(next) => play.watch(next, &mut stage),
        Phase::Calming(until) => Ok(calm(until, &stage)),
        Phase::Settling(until) if stage.time.elapsed_secs() < until => Ok(Phase::Settling(until)),
        Phase::Settling(_) => {
            let entry = &mut play.entry;
            entry.picture = record.photograph(entry, &mut stage.commands);
            info!("{}: {}", entry.idol, entry.reply.as_deref().unwrap_or(entry.shows()));
            Ok(Phase::Developing)
        }
        Phase::Developing => play.develop(&record),
        Phase::Over => return,
    };
    match next {
        Ok(Phase::Over) => stage.leave(Ok(())),
        Ok(phase) => {
            play.phase = phase;
            return;
        }
        Err(message) => stage.leave(Err(message)),
    }
    play.phase = Phase::Over;
}

/// Waits until all avatars stand on the stage.
fn gather(play: &Play, stage: &Stage) -> Result<Phase, String> {
    let missing = stage.missing();
    if missing.is_empty() {
        Ok(Phase::WarmingUp(WARM_UP))
    } else if play.began.elapsed() > PATIENCE {
        Err(format!("no avatar came for {}: see the errors above", missing.join(", ")))
    } else {
        Ok(Phase::Gathering)
    }
}
