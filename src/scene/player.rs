//! Plays a scene, step by step.

use std::sync::Arc;

use super::{
    AskFan, Condition, SavedScene, SceneChoice, SceneCommand, SceneError, SceneLine, SceneWorld,
    Scenes, Step, Story, Value,
    machine::{Machine, Stop},
    save::{Offered, Spot},
    setting::Setting,
    text,
};
use crate::persona::Language;

/// Plays one scene.
///
/// It never panics and never hangs; what goes wrong is an error that names the place.
///
/// # Example
/// ```
/// # use std::sync::Arc;
/// # use bevy_persona::{persona::Language, scene::*};
/// # struct World;
/// # impl SceneWorld for World {
/// #     fn language(&self) -> Language { Language::English }
/// #     fn affinity(&self, _member: &str) -> f32 { 0.0 }
/// #     fn knows(&self, _secret: &str) -> bool { false }
/// #     fn fan(&self, _key: &str) -> String { String::new() }
/// #     fn hour(&self) -> f32 { 18.0 }
/// # }
/// let text = "title: tea\n---\n-> Yes.\n    Siwoo: Here.\n-> No.\n    Siwoo: Later.\n===\n";
/// let scenes = Arc::new(Scenes::from_files([("tea.yarn", text)])?);
/// let mut player = Player::start(scenes.clone(), "tea", Story::default(), 1)?;
/// assert!(matches!(player.advance(&World)?, Step::Choices(choices) if choices.len() == 2));
///
/// let saved = player.save();
/// let mut player = Player::resume(scenes, saved)?;
/// player.advance(&World)?;
/// player.choose(1)?;
/// assert!(matches!(player.advance(&World)?, Step::Line(line) if line.text == "Later."));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Player {
    scenes: Arc<Scenes>,
    scene: String,
    story: Story,
    spot: Spot,
    /// Where the step began that is shown; nothing if it is not to be shown again.
    shown_from: Option<Spot>,
    /// The question that waits for its answer.
    asked: Option<AskFan>,
    setting: Setting,
}

impl Player {
    /// Begins a scene. The same seed draws the same random numbers.
    ///
    /// # Errors
    /// If there is no such scene.
    pub fn start(
        scenes: Arc<Scenes>,
        scene: &str,
        mut story: Story,
        seed: u64,
    ) -> Result<Self, SceneError> {
        let code = scenes.get(scene).and_then(|info| scenes.code(&info.start));
        let Some(code) = code else {
            return Err(SceneError::new(scene, None, format!("there is no scene `{scene}`")));
        };
        story.fill_gaps(scenes.variables());
        let spot = Spot::beginning(code, seed);
        let scene = scene.into();
        let setting = Setting::default();
        Ok(Self { scenes, scene, story, spot, shown_from: None, asked: None, setting })
    }

    /// Goes on with a scene that was saved. A node that was edited since begins again.
    ///
    /// # Errors
    /// If the scene or the node is gone.
    pub fn resume(scenes: Arc<Scenes>, saved: SavedScene) -> Result<Self, SceneError> {
        let SavedScene { scene, mut story, spot, setting } = saved;
        let spot = found(&scenes, &scene, spot)?;
        story.fill_gaps(scenes.variables());
        Ok(Self { scenes, scene, story, spot, shown_from: None, asked: None, setting })
    }

    /// The next step. While choices wait it gives them again; a question that was not answered gets
    /// its fallback; behind the end is the end.
    ///
    /// # Errors
    /// If the scene runs in a circle, computes something that cannot be, or none of its options is
    /// available. The player stays where it was.
    pub fn advance(&mut self, world: &dyn SceneWorld) -> Result<Step, SceneError> {
        if let Some(AskFan { variable, fallback, .. }) = self.asked.take() {
            self.set(&variable, fallback.into());
        }
        let (story, spot) = (self.story.clone(), self.spot.clone());
        let mut machine = Machine {
            scenes: &self.scenes,
            world,
            story: &mut self.story,
            spot: &mut self.spot,
            before: None,
        };
        let stop = machine.run();
        let before = machine.before.take();
        let stop = match stop {
            Ok(stop) => stop,
            Err(error) => {
                (self.story, self.spot) = (story, spot);
                return Err(error);
            }
        };
        let language = world.language();
        self.shown_from = None;
        Ok(match stop {
            Stop::Line { id, values } => {
                self.shown_from = before;
                Step::Line(self.line(id, &values, language))
            }
            Stop::Choices => Step::Choices(self.choices(language)),
            Stop::Command(command) => {
                let command = self.scenes.in_language(*command, &self.spot.node, language);
                if command.lasts() {
                    self.shown_from = before;
                }
                self.setting.note(&command);
                if let SceneCommand::AskFan(ask) = &command {
                    self.asked = Some(ask.clone());
                }
                Step::Do(command)
            }
            Stop::End => Step::End,
        })
    }

    fn line(&self, id: String, values: &[String], language: Language) -> SceneLine {
        let Some(line) = self.scenes.line(&id) else {
            let text = String::new();
            return SceneLine { id, speaker: None, text, emotion: None, gesture: None };
        };
        SceneLine {
            speaker: line.speaker.clone(),
            text: text::fill(self.scenes.text(&id, language).unwrap_or(&line.text), values),
            emotion: line.emotion.clone(),
            gesture: line.gesture.clone(),
            id,
        }
    }

    fn choices(&self, language: Language) -> Vec<SceneChoice> {
        let choice = |offered: &Offered| {
            let text = self.scenes.text(&offered.id, language).unwrap_or_default();
            let text = text::fill(text, &offered.values);
            let is_deed = text.starts_with('(') && text.ends_with(')');
            let (id, available) = (offered.id.clone(), offered.available);
            SceneChoice { id, text, available, is_deed }
        };
        self.spot.options.iter().map(choice).collect()
    }

    /// Answers [`Step::Choices`].
    ///
    /// # Errors
    /// If nothing is to be chosen, there is no such option, or it is not available.
    pub fn choose(&mut self, option: usize) -> Result<(), SceneError> {
        let waits = self.scenes.waits_for_choice(&self.spot);
        let Some(offered) = self.spot.options.get(option).filter(|_| waits) else {
            return Err(self.fault(format!("there is no option {option} to choose now")));
        };
        if !offered.available {
            return Err(self.fault(format!("option {option} is not available now")));
        }
        #[expect(clippy::cast_precision_loss, reason = "no node has 16 million operations")]
        let to = Value::Number(offered.to as f32);
        self.spot.options.clear();
        self.spot.stack.push(to);
        self.spot.at += 1;
        self.shown_from = None;
        Ok(())
    }

    /// Answers [`SceneCommand::AskFan`]: its variable gets this option.
    ///
    /// # Errors
    /// If nothing was asked, or it is none of the options; the question stays open then.
    pub fn answer(&mut self, option: &str) -> Result<(), SceneError> {
        let Some(ask) = self.asked.take() else {
            return Err(self.fault("nothing was asked".into()));
        };
        if !ask.options.iter().any(|known| known == option) {
            let options = ask.options.join("`, `");
            self.asked = Some(ask);
            return Err(self.fault(format!("`{option}` is no answer: there are `{options}`")));
        }
        self.set(&ask.variable, option.into());
        self.shown_from = None;
        Ok(())
    }

    /// Whether a condition holds now.
    #[must_use]
    pub fn evaluate(&self, condition: &Condition, world: &dyn SceneWorld) -> bool {
        condition.holds(&self.story, world)
    }

    /// Sets a variable, with its dollar.
    pub fn set(&mut self, variable: &str, value: Value) {
        self.story.variables.insert(variable.into(), value);
    }

    /// What has happened so far.
    #[must_use]
    pub fn story(&self) -> &Story {
        &self.story
    }

    /// The scene that plays.
    #[must_use]
    pub fn scene(&self) -> &str {
        &self.scene
    }

    /// The node it is in.
    #[must_use]
    pub fn node(&self) -> &str {
        &self.spot.node
    }

    /// How the stage stands: the last light, music and shot, and where everybody stands and looks
    /// and what she shows. A stage that was built anew does these first.
    #[must_use]
    pub fn setting(&self) -> Vec<SceneCommand> {
        self.setting.commands().map(|command| self.scenes.resolved(command)).collect()
    }

    /// The scene as of before the step that is shown, if that is a line, choices, a question or a
    /// talk that has not been answered; as of behind it, if it is a command that is done at once.
    /// So nothing is done twice and nothing is lost.
    #[must_use]
    pub fn save(&self) -> SavedScene {
        let spot = self.shown_from.as_ref().unwrap_or(&self.spot).clone();
        let (scene, setting) = (self.scene.clone(), self.setting.clone());
        SavedScene { scene, story: self.story.clone(), spot, setting }
    }

    /// Goes on with scenes that were read anew: at the same place, or at the beginning of the node
    /// if that has changed.
    ///
    /// # Errors
    /// If the scene or the node is gone; the player keeps what it had then.
    pub fn reload(&mut self, scenes: Arc<Scenes>) -> Result<(), SceneError> {
        let spot = found(&scenes, &self.scene, self.spot.clone())?;
        if spot.at != self.spot.at || spot.fingerprint != self.spot.fingerprint {
            (self.shown_from, self.asked) = (None, None);
        }
        self.spot = spot;
        self.story.fill_gaps(scenes.variables());
        self.scenes = scenes;
        Ok(())
    }

    fn fault(&self, problem: String) -> SceneError {
        let file = self.scenes.code(&self.spot.node).map_or("", |code| &code.info.file);
        SceneError::new(file, None, format!("in node `{}`: {problem}", self.spot.node))
    }
}

fn found(scenes: &Scenes, scene: &str, spot: Spot) -> Result<Spot, SceneError> {
    let fault = |problem| Err(SceneError::new(scene, None, problem));
    if scenes.get(scene).is_none() {
        return fault(format!("there is no scene `{scene}` any more"));
    }
    match scenes.code(&spot.node) {
        Some(code) => Ok(spot.in_code(code)),
        None => fault(format!("there is no node `{}` any more", spot.node)),
    }
}
