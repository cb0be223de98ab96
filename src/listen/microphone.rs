//! Sound from the microphone that the system has chosen.

use std::{
    thread::JoinHandle,
    time::{Duration, Instant},
};

use cpal::{
    FromSample, SampleFormat, SizedSample, Stream, StreamConfig, StreamError,
    traits::{DeviceTrait, HostTrait, StreamTrait},
};
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};

use super::{AudioSource, ListenError, SAMPLE_RATE};
use crate::resample::Resampler;

/// How many pieces of sound wait at most: some seconds.
const WAITING: usize = 512;
/// How long the system may take to open a microphone.
const PATIENCE: Duration = Duration::from_secs(5);
/// A microphone that gives nothing for so long is lost: even silence is sound.
const SILENT: Duration = Duration::from_secs(3);

/// The microphone of the system; open only while it is listened to.
#[derive(Debug, Default)]
pub struct Microphone {
    recording: Option<Recording>,
}

/// How a microphone is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MicrophoneState {
    /// Nobody listens.
    Closed,
    /// It records.
    Open {
        /// How many samples a second the device gives, in hertz.
        device_rate: u32,
    },
}

impl Microphone {
    /// Whether it records.
    #[must_use]
    pub fn state(&self) -> MicrophoneState {
        self.recording.as_ref().map_or(MicrophoneState::Closed, |recording| MicrophoneState::Open {
            device_rate: recording.device_rate,
        })
    }
}

/// A thread that has a stream; it ends when `stop` is dropped.
#[derive(Debug)]
struct Recording {
    pieces: Receiver<Result<Vec<f32>, ListenError>>,
    resampler: Resampler,
    device_rate: u32,
    /// When it gave something last.
    last: Instant,
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl AudioSource for Microphone {
    fn open(&mut self) -> Result<(), ListenError> {
        if self.recording.is_none() {
            self.recording = Some(Recording::begin(open)?);
        }
        Ok(())
    }

    fn read(&mut self, pcm: &mut Vec<f32>, patience: Duration) -> Result<(), ListenError> {
        let Some(recording) = &mut self.recording else {
            return Err(ListenError::MicrophoneLost("it is not open".into()));
        };
        let lost = recording.read(pcm, patience);
        if lost.is_err() {
            self.close();
        }
        lost
    }

    fn close(&mut self) {
        self.recording = None;
    }
}

impl Recording {
    /// Records from what `open` opens, and gives its rate; it stays on one thread.
    fn begin<S>(
        open: impl FnOnce(Pieces) -> Result<(S, u32), ListenError> + Send + 'static,
    ) -> Result<Self, ListenError> {
        let (stop, stopped) = bounded(0);
        let (send, pieces) = bounded(WAITING);
        let (tell, told) = bounded(1);
        let record = move || match open(send) {
            Ok((stream, rate)) => {
                let _ = tell.send(Ok(rate));
                // Waits until nobody listens any more.
                let _ = stopped.recv();
                drop(stream);
            }
            Err(error) => {
                let _ = tell.send(Err(error));
            }
        };
        // A stream may not go from one thread to another.
        let thread = std::thread::Builder::new()
            .name("microphone".into())
            .spawn(record)
            .map_err(|error| ListenError::Thread(error.to_string()))?;
        let device_rate = match told.recv_timeout(PATIENCE) {
            Ok(rate) => rate?,
            Err(RecvTimeoutError::Timeout) => {
                return Err(ListenError::MicrophoneRefused("the system does not answer".into()));
            }
            Err(RecvTimeoutError::Disconnected) => {
                return Err(ListenError::MicrophoneRefused("the driver failed".into()));
            }
        };
        let resampler = Resampler::new(device_rate, SAMPLE_RATE);
        let (last, stop, thread) = (Instant::now(), Some(stop), Some(thread));
        Ok(Self { pieces, resampler, device_rate, last, stop, thread })
    }

    fn read(&mut self, pcm: &mut Vec<f32>, patience: Duration) -> Result<(), ListenError> {
        let deadline = Instant::now() + patience;
        let first = match self.pieces.recv_deadline(deadline) {
            Ok(piece) => piece,
            Err(RecvTimeoutError::Timeout) if self.last.elapsed() < SILENT => return Ok(()),
            Err(RecvTimeoutError::Timeout) => {
                Err(ListenError::MicrophoneLost("it gives no sound".into()))
            }
            Err(RecvTimeoutError::Disconnected) => {
                Err(ListenError::MicrophoneLost("the driver ended".into()))
            }
        };
        self.resampler.push(&first?, pcm);
        self.last = Instant::now();
        for piece in self.pieces.try_iter() {
            self.resampler.push(&piece?, pcm);
        }
        Ok(())
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            // A driver that panics has been told as lost.
            let _ = thread.join();
        }
    }
}

type Pieces = Sender<Result<Vec<f32>, ListenError>>;

/// Opens the microphone; gives what it records to `pieces`, at the rate that is returned.
fn open(pieces: Pieces) -> Result<(Stream, u32), ListenError> {
    let device = cpal::default_host().default_input_device().ok_or(ListenError::NoMicrophone)?;
    let config = device.default_input_config().map_err(|error| match error {
        cpal::DefaultStreamConfigError::DeviceNotAvailable => ListenError::NoMicrophone,
        error => refused(&error),
    })?;
    let format = config.sample_format();
    let config = config.config();
    let stream = match format {
        SampleFormat::F32 => stream::<f32>(&device, &config, pieces),
        SampleFormat::F64 => stream::<f64>(&device, &config, pieces),
        SampleFormat::I8 => stream::<i8>(&device, &config, pieces),
        SampleFormat::I16 => stream::<i16>(&device, &config, pieces),
        SampleFormat::I32 => stream::<i32>(&device, &config, pieces),
        SampleFormat::U8 => stream::<u8>(&device, &config, pieces),
        SampleFormat::U16 => stream::<u16>(&device, &config, pieces),
        SampleFormat::U32 => stream::<u32>(&device, &config, pieces),
        other => Err(refused(&format!("it records as {other}"))),
    }?;
    stream.play().map_err(|error| refused(&error))?;
    Ok((stream, config.sample_rate))
}

fn stream<T>(
    device: &cpal::Device,
    config: &StreamConfig,
    pieces: Pieces,
) -> Result<Stream, ListenError>
where
    T: SizedSample,
    f32: FromSample<T>,
{
    let channels = usize::from(config.channels);
    let lost = pieces.clone();
    // Where nobody reads fast enough, pieces are left out: the driver must not wait.
    let record = move |samples: &[T], _: &_| {
        let _ = pieces.try_send(Ok(mono(samples, channels)));
    };
    let fail = move |error| match error {
        StreamError::BufferUnderrun => {}
        error => {
            let _ = lost.try_send(Err(ListenError::MicrophoneLost(error.to_string())));
        }
    };
    device.build_input_stream(config, record, fail, None).map_err(|error| match error {
        cpal::BuildStreamError::DeviceNotAvailable => ListenError::NoMicrophone,
        error => refused(&error),
    })
}

fn refused(error: &dyn std::fmt::Display) -> ListenError {
    ListenError::MicrophoneRefused(error.to_string())
}

/// The mean of all channels.
fn mono<T: Copy>(samples: &[T], channels: usize) -> Vec<f32>
where
    f32: FromSample<T>,
{
    let channels = channels.max(1);
    let mean = |frame: &[T]| {
        frame.iter().map(|sample| f32::from_sample_(*sample)).sum::<f32>() / channels as f32
    };
    samples.chunks_exact(channels).map(mean).collect()
}

#[cfg(test)]
mod tests;
