//! Where sound comes from.

use std::time::Duration;

use super::ListenError;

/// Something that gives sound of 16 kHz, one channel, such as a microphone.
pub trait AudioSource: Send {
    /// Begins to record.
    ///
    /// # Errors
    /// If there is nothing to record with.
    fn open(&mut self) -> Result<(), ListenError>;

    /// Appends what was recorded since; waits for it if there is nothing, but not longer than
    /// `patience`.
    ///
    /// # Errors
    /// If the recording broke off. It is closed then.
    fn read(&mut self, pcm: &mut Vec<f32>, patience: Duration) -> Result<(), ListenError>;

    /// Records no more. It may be closed already.
    fn close(&mut self);
}
