//! The order in which our systems run.

use bevy::prelude::*;

/// When the parts of the plugin run within a frame.
///
/// Order a system of yours after [`First`](Self::First) to run before all of ours, before
/// [`Last`](Self::Last) to run after them.
///
/// # Example
/// ```
/// use bevy::prelude::*;
/// use bevy_persona::PersonaSystems;
///
/// fn music_follows_mood() {}
///
/// App::new().add_systems(Update, music_follows_mood.after(PersonaSystems::Express));
/// ```
#[derive(SystemSet, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PersonaSystems {
    /// In `PreUpdate`; empty, for systems of the game.
    First,
    /// In `PreUpdate`: takes what the worker thread has sent.
    Receive,
    /// In `Update`: turns it into events and history.
    Interpret,
    /// In `Update`: lets the next ask of each character begin.
    Advance,
    /// In `Update`: blends feelings and moves faces.
    Express,
    /// In `PostUpdate`: sends requests to the worker thread.
    Submit,
    /// In `PostUpdate`; empty, for systems of the game.
    Last,
}

/// Puts [`PersonaSystems`] in order; every plugin of ours may call it.
pub(crate) fn configure(app: &mut App) {
    use PersonaSystems::{Advance, Express, First, Interpret, Last, Receive, Submit};

    app.configure_sets(PreUpdate, (First, Receive).chain())
        .configure_sets(Update, (Interpret, Advance, Express).chain())
        .configure_sets(PostUpdate, (Submit, Last).chain());
}
