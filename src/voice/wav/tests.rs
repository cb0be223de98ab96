//! Tests of reading and writing.

use proptest::prelude::*;

use super::*;

/// A file with these chunks.
fn riff(chunks: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let mut file = b"RIFF\0\0\0\0WAVE".to_vec();
    for (name, body) in chunks {
        file.extend(*name);
        file.extend(u32::try_from(body.len()).unwrap().to_le_bytes());
        file.extend(body);
        file.extend(vec![0; body.len() % 2]);
    }
    file
}

fn fmt(tag: u16, channels: u16, bits: u16) -> Vec<u8> {
    let mut chunk = tag.to_le_bytes().to_vec();
    chunk.extend(channels.to_le_bytes());
    chunk.extend(16_000_u32.to_le_bytes());
    chunk.extend([0; 6]);
    chunk.extend(bits.to_le_bytes());
    chunk
}

fn problem(file: &[u8]) -> WavError {
    match read(file) {
        Err(VoiceError::Wav(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_kind_of_sample_is_read() {
    let half = 0.5_f64;
    for (tag, bits, data) in [
        (1, 8, vec![192, 64]),
        (1, 16, [16_384_i16, -16_384].iter().flat_map(|x| x.to_le_bytes()).collect()),
        (1, 24, vec![0, 0, 0x40, 0, 0, 0xC0]),
        (1, 32, [1_i32 << 30, -(1 << 30)].iter().flat_map(|x| x.to_le_bytes()).collect()),
        (3, 32, [0.5_f32, -0.5].iter().flat_map(|x| x.to_le_bytes()).collect()),
        (3, 64, [half, -half].iter().flat_map(|x| x.to_le_bytes()).collect()),
    ] {
        let file = riff(&[(b"fmt ", fmt(tag, 1, bits)), (b"data", data)]);
        let sound = read(&file).unwrap();
        assert_eq!((sound.pcm, sound.sample_rate), (vec![0.5, -0.5], 16_000), "{tag} {bits}");
    }
}

#[test]
fn channels_are_mixed_and_other_chunks_skipped() {
    let data: Vec<u8> =
        [8192_i16, 24_576, -100, 100].iter().flat_map(|x| x.to_le_bytes()).collect();
    let file = riff(&[(b"LIST", vec![1, 2, 3]), (b"fmt ", fmt(1, 2, 16)), (b"data", data)]);
    assert_eq!(read(&file).unwrap().pcm, [0.5, 0.0]);
}

#[test]
fn the_extensible_header_tells_the_real_format() {
    let mut chunk = fmt(0xFFFE, 1, 32);
    chunk.extend([22, 0, 32, 0, 4, 0, 0, 0, 3, 0]);
    chunk.extend([0; 14]);
    let file = riff(&[(b"fmt ", chunk), (b"data", 0.25_f32.to_le_bytes().to_vec())]);
    assert_eq!(read(&file).unwrap().pcm, [0.25]);
}

#[test]
fn a_file_of_unknown_length_is_read_to_its_end() {
    for length in [0_u32, u32::MAX] {
        let mut file = write(&[0.5, 0.25], 24_000);
        file[40..44].copy_from_slice(&length.to_le_bytes());
        assert_eq!(read(&file).unwrap().pcm.len(), 2);
    }
}

#[test]
fn errors_say_what_to_do() {
    assert_eq!(problem(b"ID3 some music"), WavError::NotWave);
    assert_eq!(problem(b"RIFF\0\0\0\0WAVE"), WavError::NoChunk("fmt "));
    assert_eq!(problem(&riff(&[(b"fmt ", fmt(1, 1, 16))])), WavError::NoChunk("data"));
    assert_eq!(problem(&riff(&[(b"fmt ", vec![1, 0])])), WavError::NoChunk("fmt "));
    let mp3 = problem(&riff(&[(b"fmt ", fmt(0x55, 1, 16))]));
    assert!(mp3.to_string().contains("save it as 16-bit PCM"));
    let none = problem(&riff(&[(b"fmt ", fmt(1, 0, 16))]));
    assert_eq!(none, WavError::Senseless { what: "channels", value: 0 });
}

#[test]
fn what_is_too_loud_or_no_number_is_written_safely() {
    let sound = read(&write(&[9.0, -9.0, f32::NAN, f32::INFINITY], 8000)).unwrap();
    assert!(sound.pcm[0] > 0.99 && sound.pcm[1] < -0.99 && sound.pcm[2] == 0.0);
}

proptest! {
    #[test]
    fn what_is_written_reads_back(
        pcm in prop::collection::vec(-1.0..1.0f32, 0..200),
        rate in 1..200_000u32,
    ) {
        let sound = read(&write(&pcm, rate)).unwrap();
        prop_assert_eq!(sound.sample_rate, rate);
        prop_assert_eq!(sound.pcm.len(), pcm.len());
        for (read, written) in sound.pcm.iter().zip(&pcm) {
            prop_assert!((read - written).abs() < 1e-4);
        }
    }

    #[test]
    fn any_bytes_give_a_sound_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = read(&bytes);
    }

    #[test]
    fn a_broken_file_gives_a_sound_or_an_error(
        at in 0..60usize,
        byte in any::<u8>(),
        length in 0..80usize,
        tag in prop_oneof![Just(1u16), Just(3), Just(0xFFFE)],
        channels in 0..4u16,
        bits in prop_oneof![Just(8u16), Just(16), Just(24), Just(32), Just(64)],
        data in prop::collection::vec(any::<u8>(), 0..40),
    ) {
        let mut file = riff(&[(b"fmt ", fmt(tag, channels, bits)), (b"data", data)]);
        if let Some(broken) = file.get_mut(at) {
            *broken = byte;
        }
        file.truncate(length);
        if let Ok(sound) = read(&file) {
            prop_assert!(sound.sample_rate > 0);
            prop_assert!(sound.pcm.iter().all(|sample| sample.abs() <= 1.0));
        }
    }
}
