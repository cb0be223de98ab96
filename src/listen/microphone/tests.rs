use std::{
    marker::PhantomData,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use super::*;

#[test]
fn channels_are_mixed() {
    assert_eq!(mono(&[0.5_f32, -0.5, 1.0, 0.0], 2), [0.0, 0.5]);
    assert_eq!(mono(&[i16::MIN, 0], 1), [-1.0, 0.0]);
    assert_eq!(mono(&[0_u8, 128, 255], 3).len(), 1);
    assert!(mono::<f32>(&[], 0).is_empty());
}

/// A stream of the system, as far as it can be seen from here; which threads may have it, too.
struct Device {
    open: Arc<AtomicBool>,
    _one_thread: PhantomData<*const ()>,
}

impl Drop for Device {
    fn drop(&mut self) {
        self.open.store(false, Ordering::Relaxed);
    }
}

#[test]
fn a_device_is_open_until_the_microphone_is_closed() {
    let is_open = Arc::<AtomicBool>::default();
    let device = is_open.clone();
    let open = move |pieces: Pieces| {
        device.store(true, Ordering::Relaxed);
        pieces.send(Ok(vec![0.0; 4410])).unwrap();
        Ok((Device { open: device, _one_thread: PhantomData }, 44_100))
    };
    let mut microphone = Microphone::default();
    assert_eq!(microphone.state(), MicrophoneState::Closed);
    microphone.recording = Some(Recording::begin(open).unwrap());
    assert_eq!(microphone.state(), MicrophoneState::Open { device_rate: 44_100 });
    assert!(is_open.load(Ordering::Relaxed));
    let mut pcm = Vec::new();
    microphone.read(&mut pcm, Duration::ZERO).unwrap();
    assert!((1500..=1600).contains(&pcm.len()), "{}", pcm.len());

    microphone.close();
    assert!(!is_open.load(Ordering::Relaxed));
    assert_eq!(microphone.state(), MicrophoneState::Closed);
    let closed = Err(ListenError::MicrophoneLost("it is not open".into()));
    assert_eq!(microphone.read(&mut pcm, Duration::ZERO), closed);
}

#[test]
fn a_device_that_cannot_be_opened_is_told() {
    type Open = fn(Pieces) -> Result<((), u32), ListenError>;
    let refused = |problem: &str| ListenError::MicrophoneRefused(problem.into());
    let cases: [(Open, ListenError); 3] = [
        (|_| Err(ListenError::NoMicrophone), ListenError::NoMicrophone),
        (|_| Err(super::refused(&"it is in use")), refused("it is in use")),
        (|_| panic!("as a driver may"), refused("the driver failed")),
    ];
    for (open, expected) in cases {
        assert_eq!(Recording::begin(open).map(drop), Err(expected));
    }
}

fn fed() -> (Pieces, Microphone) {
    let (send, pieces) = bounded(4);
    let resampler = Resampler::new(48_000, SAMPLE_RATE);
    let (device_rate, last) = (48_000, Instant::now());
    let recording = Recording { pieces, resampler, device_rate, last, stop: None, thread: None };
    (send, Microphone { recording: Some(recording) })
}

#[test]
fn sound_comes_at_our_rate() {
    let (send, mut microphone) = fed();
    send.send(Ok(vec![0.0; 4800])).unwrap();
    let mut pcm = Vec::new();
    microphone.read(&mut pcm, Duration::ZERO).unwrap();
    assert!((1500..=1600).contains(&pcm.len()), "{}", pcm.len());
}

#[test]
fn a_microphone_that_is_pulled_out_is_closed() {
    for error in [Some("unplugged"), None] {
        let (send, mut microphone) = fed();
        match error {
            Some(error) => {
                send.send(Err(ListenError::MicrophoneLost(error.into()))).unwrap();
            }
            None => drop(send),
        }
        let lost = microphone.read(&mut Vec::new(), Duration::ZERO);
        assert!(matches!(lost, Err(ListenError::MicrophoneLost(_))));
        assert_eq!(microphone.state(), MicrophoneState::Closed);
    }
}
