//! One scene, played from its beginning or from where it was kept.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write,
    path::Path,
    time::Duration,
};

use bevy_persona::{
    director::{Choose, GoOn, PlayScene, ResumeScene, SceneEnd, StopScene},
    prelude::*,
};

use super::{
    backstage::Backstage,
    coverage::Coverage,
    entry::{Entry, Words},
    error::PlayError,
    fan::{Deed, Fan, Waiting},
    keep::Kept,
    record::Record,
    transcript::Transcript,
};

/// How long nothing may happen, by the clock of the scene.
const PATIENCE: Duration = Duration::from_secs(300);
/// How often the fan is asked the same in vain.
const TRIES: usize = 8;

/// What became of all that was played.
#[derive(Debug, Default)]
pub struct Tally {
    /// What was reached.
    pub coverage: Coverage,
    /// Improvised lines, by whose words they were made of.
    pub improvised: BTreeMap<Words, usize>,
    /// Lines that told what is locked.
    pub leaks: usize,
}

/// One scene that is being played.
pub struct Performance<'a, W> {
    /// Where.
    pub stage: &'a mut Backstage,
    /// By whom.
    pub fan: &'a mut dyn Fan,
    /// Written down there.
    pub transcript: &'a mut Transcript<W>,
    /// Counted there.
    pub tally: &'a mut Tally,
    /// Kept there each time it waits for the fan.
    pub save: Option<&'a Path>,
    /// Which.
    pub scene: &'a str,
}

/// How often the scene waited where, and what for.
#[derive(Debug, Default)]
struct Count {
    in_node: BTreeMap<String, usize>,
    last: Option<Waiting>,
    tries: usize,
    /// Whether anything happened since the fan did something.
    has_moved: bool,
    /// Nodes in which something was said or done.
    heard: BTreeSet<String>,
}

impl<W: Write> Performance<'_, W> {
    /// Plays from the beginning; gives whether it was played to its end.
    ///
    /// # Errors
    /// If it cannot begin or go on, or the transcript cannot be written.
    pub fn play(&mut self, seed: u64, force: bool) -> Result<bool, PlayError> {
        self.stage.world_mut().resource_mut::<Record>().begin_scene(self.scene);
        self.write(&Entry::Began { scene: self.scene.into(), seed })?;
        self.stage.world_mut().trigger(PlayScene { scene: self.scene.into(), force });
        self.run()
    }

    /// Goes on where it was kept; gives whether it was played to its end.
    ///
    /// # Errors
    /// As [`play`](Self::play).
    pub fn resume(&mut self, seed: u64, kept: Kept) -> Result<bool, PlayError> {
        self.stage.world_mut().resource_mut::<Record>().begin_scene(self.scene);
        self.write(&Entry::Began { scene: self.scene.into(), seed })?;
        self.stage.world_mut().trigger(ResumeScene(kept.scene));
        self.run()
    }

    fn run(&mut self) -> Result<bool, PlayError> {
        let before = self.stage.story().visits.clone();
        let (mut count, mut still) = (Count::default(), Duration::ZERO);
        let end = loop {
            still += self.stage.update();
            let entries = self.stage.world_mut().resource_mut::<Record>().take();
            if !entries.is_empty() {
                (still, count.has_moved) = (Duration::ZERO, true);
            }
            for entry in &entries {
                if let Entry::Node { node } = entry {
                    count.heard.insert(node.clone());
                }
                self.write(entry)?;
            }
            if let Some(end) = self.stage.world_mut().resource_mut::<Record>().end.take() {
                break end;
            }
            let waiting = self.waiting();
            if let Some(waiting) = waiting {
                still = Duration::ZERO;
                self.keep()?;
                self.ask(waiting, &mut count)?;
            } else {
                count.last = None;
            }
            if still > PATIENCE || count.tries > TRIES {
                let node = self.stage.scene().node.clone();
                return Err(PlayError::Stuck { scene: self.scene.into(), node });
            }
        };
        for (node, visits) in &self.stage.story().visits {
            let earlier = before.get(node).copied().unwrap_or_default();
            if !count.heard.contains(node) {
                self.tally.coverage.visited(node, visits.saturating_sub(earlier));
            }
        }
        self.end(end)
    }

    fn end(&mut self, end: SceneEnd) -> Result<bool, PlayError> {
        let how = match &end {
            SceneEnd::Finished => "finished".into(),
            SceneEnd::Stopped => "stopped".into(),
            SceneEnd::Failed(why) => why.clone(),
        };
        self.write(&Entry::Ended { scene: self.scene.into(), how })?;
        match end {
            SceneEnd::Finished => Ok(true),
            SceneEnd::Stopped => Ok(false),
            SceneEnd::Failed(why) => Err(PlayError::Failed { scene: self.scene.into(), why }),
        }
    }

    fn write(&mut self, entry: &Entry) -> Result<(), PlayError> {
        self.tally.coverage.count(entry);
        match entry {
            Entry::Improvised { words, .. } => {
                *self.tally.improvised.entry(*words).or_default() += 1;
            }
            Entry::Leak { .. } => self.tally.leaks += 1,
            _ => {}
        }
        Ok(self.transcript.write(entry)?)
    }

    /// What the scene waits for.
    fn waiting(&self) -> Option<Waiting> {
        let scene = self.stage.scene();
        let listens = scene.listens.as_ref();
        let is_answered = self.stage.world().resource::<Record>().is_waiting_for_a_model();
        if is_answered || (scene.choices.is_empty() && listens.is_none()) {
            return None;
        }
        let choice =
            |choice: &bevy_persona::scene::SceneChoice| (choice.text.clone(), choice.available);
        Some(Waiting {
            node: scene.node.clone(),
            choices: scene.choices.iter().map(choice).collect(),
            labels: if scene.choices.is_empty() {
                listens.map(|listens| listens.options.clone()).unwrap_or_default()
            } else {
                Vec::new()
            },
            number: 0,
            tries: 0,
        })
    }

    fn keep(&mut self) -> Result<(), PlayError> {
        let Some(path) = self.save else { return Ok(()) };
        match Kept::of(self.stage)? {
            Some(kept) => kept.write(path),
            None => Ok(()),
        }
    }

    fn ask(&mut self, mut waiting: Waiting, count: &mut Count) -> Result<(), PlayError> {
        let is_asked_again = count.last.as_ref() == Some(&waiting) && !count.has_moved;
        if is_asked_again {
            count.tries += 1;
        } else {
            count.tries = 0;
            count.last = Some(waiting.clone());
            if !waiting.choices.is_empty() {
                let choices = waiting.choices.iter().map(|(text, _)| text.clone()).collect();
                self.write(&Entry::Choices { choices })?;
            }
            *count.in_node.entry(waiting.node.clone()).or_default() += 1;
        }
        waiting.number = count.in_node.get(&waiting.node).copied().unwrap_or_default();
        waiting.tries = count.tries;
        let deed = self.fan.act(&waiting)?;
        self.do_it(deed, &waiting)?;
        // What the fan did is heard in the next frame, and what comes of it is seen in those after.
        for _ in 0..3 {
            self.stage.update();
        }
        count.has_moved = false;
        Ok(())
    }

    fn do_it(&mut self, deed: Deed, waiting: &Waiting) -> Result<(), PlayError> {
        let scene = self.stage.scene();
        let to = scene.listens.as_ref().map(|listens| listens.to);
        let to = to.or_else(|| scene.cast.first().copied());
        match deed {
            Deed::Choose(number) => {
                if let Some((text, _)) = waiting.choices.get(number) {
                    self.write(&Entry::Chose { number: number + 1, text: text.clone() })?;
                }
                self.stage.world_mut().trigger(Choose(number));
            }
            Deed::Say(text) => {
                self.write(&Entry::Fan { text: text.clone() })?;
                if let Some(entity) = to {
                    self.stage.world_mut().trigger(Say { entity, text });
                }
            }
            Deed::GoOn => {
                self.write(&Entry::Fan { text: "(goes on)".into() })?;
                self.stage.world_mut().trigger(GoOn);
            }
            Deed::Leave => self.stage.world_mut().trigger(StopScene),
        }
        Ok(())
    }
}
