//! A studio without a window: four avatars side by side, and a camera in front of each.

mod app;
mod cast;
mod frame;

use std::time::{Duration, Instant};

use bevy::{
    ecs::event::EntityEvent,
    prelude::*,
    render::view::screenshot::{Screenshot, ScreenshotCaptured},
    time::TimeUpdateStrategy,
};
use bevy_persona::{cue::Look, prelude::*};
use thiserror::Error;

use crate::{cli::Detail, picture::Picture};
pub use cast::NAMES;
use frame::Strip;
pub use frame::{BACKGROUND, Frame};

/// The longest step of time, in seconds: hair must not be thrown about.
const STEP: f32 = 1.0 / 30.0;
/// How long avatars may take to load.
const PATIENCE: Duration = Duration::from_mins(5);
/// Updates between the moment when the cameras are switched on and the picture.
const UNSEEN: usize = 2;
/// Updates until a picture must be there.
const DEVELOPING: usize = 100;

/// What keeps a studio from its work.
#[derive(Debug, Error)]
pub enum StudioError {
    #[error("the avatars could not be loaded in time; is the asset folder complete?")]
    Loading,
    #[error("no picture was drawn; is there a Vulkan driver?")]
    NoPicture,
}

/// The last picture.
#[derive(Debug, Default, Resource)]
struct Developed(Option<Picture>);

/// Four avatars, and time that passes only when it is told to.
pub struct Studio {
    app: App,
    avatars: Vec<Entity>,
    frame: Option<(Frame, Strip)>,
}

impl Studio {
    /// Loads the avatars and all motions.
    ///
    /// # Errors
    /// If they do not come.
    pub fn open(detail: Detail) -> Result<Self, StudioError> {
        let mut app = app::ready();
        app.init_resource::<Developed>();
        let avatars = cast::enter(app.world_mut(), detail);
        let mut studio = Self { app, avatars, frame: None };
        let start = Instant::now();
        while !cast::is_ready(studio.app.world_mut()) {
            if start.elapsed() > PATIENCE {
                return Err(StudioError::Loading);
            }
            // Files are read by other threads.
            std::thread::sleep(Duration::from_millis(5));
            studio.step(STEP);
        }
        info!("all avatars are here after {:.1} s", start.elapsed().as_secs_f32());
        studio.pass(1.0);
        Ok(studio)
    }

    /// From now on all hold still, so that pictures of their faces can be compared.
    pub fn hold_still(&mut self) {
        cast::hold_still(self.app.world_mut(), &self.avatars);
        self.pass(1.0);
    }

    /// Lets all faces show these expressions.
    pub fn show(&mut self, look: &Look) {
        for avatar in self.avatars.clone() {
            self.app.world_mut().entity_mut(avatar).insert(ScriptedFace(look.clone()));
        }
        self.pass(0.5);
    }

    /// Lets all feel this, at full strength.
    pub fn feel(&mut self, emotion: &Emotion) {
        for avatar in self.avatars.clone() {
            if let Some(mut blend) = self.app.world_mut().get_mut::<EmotionBlend>(avatar) {
                blend.aim(EmotionTag::new(emotion.clone(), 1.0));
            }
        }
        self.pass(3.0);
    }

    /// Lets all begin this motion.
    pub fn gesture(&mut self, motion: &str) {
        self.each(|entity| Gesture { entity, motion: motion.into() });
    }

    /// Lets all stand as before.
    pub fn end_gesture(&mut self) {
        self.each(|entity| EndGesture { entity });
        self.pass(1.0);
    }

    /// Lets so many seconds pass, unseen.
    pub fn pass(&mut self, seconds: f32) {
        let mut left = seconds;
        while left > 1e-4 {
            let step = left.min(STEP);
            self.step(step);
            left -= step;
        }
    }

    /// Puts cameras in front of the avatars, who then look at them.
    ///
    /// # Errors
    /// If nothing is drawn.
    pub fn look_at(&mut self, frame: Frame) -> Result<(), StudioError> {
        if let Some((_, strip)) = self.frame.take() {
            strip.take_down(self.app.world_mut());
        }
        let strip = Strip::set_up(self.app.world_mut(), frame, &self.avatars);
        self.frame = Some((frame, strip));
        // The first picture lacks what has yet to reach the graphics card.
        self.photograph()?;
        self.pass(1.0);
        Ok(())
    }

    /// One picture of each avatar.
    ///
    /// # Errors
    /// If nothing is drawn, or [`look_at`](Self::look_at) has not been called.
    pub fn photograph(&mut self) -> Result<Vec<Picture>, StudioError> {
        let Some((frame, strip)) = &self.frame else { return Err(StudioError::NoPicture) };
        let world = self.app.world_mut();
        strip.aim(world, *frame, &self.avatars);
        strip.switch(world, true);
        // Faces are drawn without an expression in the frame in which they come into view.
        for _ in 0..UNSEEN {
            self.step(0.0);
        }
        let Some((frame, strip)) = &self.frame else { return Err(StudioError::NoPicture) };
        let world = self.app.world_mut();
        world.resource_mut::<Developed>().0 = None;
        world.spawn(Screenshot::image(strip.image.clone())).observe(
            |captured: On<ScreenshotCaptured>, mut developed: ResMut<Developed>| {
                developed.0 = Picture::of(&captured.image);
            },
        );
        let frame = *frame;
        let mut whole = None;
        for _ in 0..DEVELOPING {
            self.step(0.0);
            whole = self.app.world_mut().resource_mut::<Developed>().0.take();
            if whole.is_some() {
                break;
            }
        }
        if let Some((_, strip)) = &self.frame {
            strip.switch(self.app.world_mut(), false);
        }
        let whole = whole.ok_or(StudioError::NoPicture)?;
        Ok(frame.cells().iter().map(|cell| whole.cut(*cell)).collect())
    }

    fn step(&mut self, seconds: f32) {
        let step = TimeUpdateStrategy::ManualDuration(Duration::from_secs_f32(seconds));
        self.app.insert_resource(step);
        self.app.update();
    }

    fn each<E>(&mut self, event: impl Fn(Entity) -> E)
    where
        E: EntityEvent,
        for<'a> E::Trigger<'a>: Default,
    {
        for avatar in self.avatars.clone() {
            self.app.world_mut().trigger(event(avatar));
        }
    }
}
