//! Speech that was made once is kept on disk.

use std::{
    fs,
    io::{self, Write},
    ops::Range,
    path::PathBuf,
};

use sha2::{Digest, Sha256};
use tracing::debug;

use super::{
    MouthKey, MouthShape, Speech, SpeechRequest, SpokenWord, Synthesizer, VoiceError, bytes::Reader,
};
use crate::disk::{
    cache_folder::{self, Limits},
    whole_file,
};

const MAGIC: &[u8; 8] = b"PERSONAV";
/// Of the format here, and of how text becomes sound: another number makes all anew.
const VERSION: u32 = 3;
const ENDING: &str = "speech";
/// Two hours of speech.
const LIMITS: Limits = Limits { bytes: 350_000_000, files: 4000 };

/// A voice that says what it has said before without making it again.
pub struct Kept<S> {
    voice: S,
    /// Where speech is found; the first is where new speech is kept.
    folders: Vec<PathBuf>,
    keep: Keep,
    /// Stands for everything that makes the voice sound as it does, beside the request.
    voice_id: String,
}

/// What a [`Kept`] keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Keep {
    /// The latest two hours of speech, up to 350 MB: what was not asked for in a long time is deleted.
    #[default]
    Latest,
    /// Everything.
    All,
    /// Nothing: what others have kept is found.
    Nothing,
}

impl<S: Synthesizer> Kept<S> {
    /// Keeps what `voice` says in the first of the folders, and finds it in any of them. Voices of another
    /// `voice_id` do not share what they said.
    pub fn new(voice: S, folders: Vec<PathBuf>, voice_id: impl Into<String>) -> Self {
        Self { voice, folders, keep: Keep::default(), voice_id: voice_id.into() }
    }

    /// Says how much is kept; [`Keep::Latest`] without it.
    #[must_use]
    pub fn keep(self, keep: Keep) -> Self {
        Self { keep, ..self }
    }

    /// Looks whether the sound of a request is kept in one of the folders.
    fn find(&self, name: &str) -> Option<Speech> {
        self.folders.iter().find_map(|folder| {
            let path = folder.join(name);
            let speech = read(&fs::read(&path).ok()?)?;
            if self.keep == Keep::Latest {
                cache_folder::mark_used(&path);
            }
            Some(speech)
        })
    }

    fn put(&self, name: &str, speech: &Speech) -> io::Result<()> {
        let (Some(folder), true) = (self.folders.first(), self.keep != Keep::Nothing) else {
            return Ok(());
        };
        whole_file::write(&folder.join(name), |file| write(speech, file))?;
        match self.keep {
            Keep::Latest => cache_folder::tidy(folder, ENDING, LIMITS),
            _ => Ok(()),
        }
    }

    fn name(&self, request: &SpeechRequest) -> String {
        let SpeechRequest { speaker, pitch_hz, text, language, tone } = request;
        let mut hash = Sha256::new();
        for part in [&self.voice_id, speaker, text, language.code()] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        hash.update(VERSION.to_le_bytes());
        // A borrowed voice is tuned to it.
        hash.update(pitch_hz.to_le_bytes());
        for factor in [tone.pitch, tone.rate, tone.energy] {
            // The difference of a hundredth is not heard.
            #[expect(clippy::cast_possible_truncation, reason = "factors are near 1")]
            hash.update(((factor * 100.0).round() as i32).to_le_bytes());
        }
        let digits: String =
            hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        format!("{digits}.{ENDING}")
    }
}

impl<S: Synthesizer> Synthesizer for Kept<S> {
    fn synthesize(&mut self, request: &SpeechRequest) -> Result<Speech, VoiceError> {
        let name = self.name(request);
        if let Some(speech) = self.find(&name) {
            return Ok(speech);
        }
        let speech = self.voice.synthesize(request)?;
        match self.put(&name, &speech) {
            // Nobody would find the lines that were made to be found.
            Err(error) if self.keep == Keep::All => {
                let path = self.folders.first().map(|folder| folder.join(name)).unwrap_or_default();
                Err(VoiceError::Write { path, problem: error.to_string() })
            }
            Err(error) => {
                debug!("what was said is not kept: {error}");
                Ok(speech)
            }
            Ok(()) => Ok(speech),
        }
    }
}

const SHAPES: [MouthShape; 7] = [
    MouthShape::Rest,
    MouthShape::Closed,
    MouthShape::Aa,
    MouthShape::Ih,
    MouthShape::Ou,
    MouthShape::Ee,
    MouthShape::Oh,
];

/// Everything in little endian: rate, counts, keys, words, samples in 16 bits; at the end a checksum.
#[expect(clippy::cast_possible_truncation, reason = "speech is short")]
fn write(speech: &Speech, file: &mut impl Write) -> io::Result<()> {
    let mut bytes = Vec::with_capacity(speech.pcm.len() * 2 + 1024);
    bytes.extend_from_slice(MAGIC);
    bytes.extend(VERSION.to_le_bytes());
    bytes.extend(speech.sample_rate.to_le_bytes());
    for count in [speech.mouth_keys.len(), speech.words.len(), speech.pcm.len()] {
        bytes.extend((count as u32).to_le_bytes());
    }
    for key in &speech.mouth_keys {
        bytes.push(SHAPES.iter().position(|shape| *shape == key.shape).unwrap_or_default() as u8);
        bytes.extend(key.weight.to_le_bytes());
        bytes.extend(key.seconds.to_le_bytes());
    }
    for word in &speech.words {
        bytes.extend((word.text.start as u32).to_le_bytes());
        bytes.extend((word.text.end as u32).to_le_bytes());
        bytes.extend(word.time.start.to_le_bytes());
        bytes.extend(word.time.end.to_le_bytes());
    }
    for sample in speech.pcm.iter() {
        bytes.extend(((sample.clamp(-1.0, 1.0) * 32767.0).round() as i16).to_le_bytes());
    }
    file.write_all(&bytes)?;
    file.write_all(&Sha256::digest(&bytes)[..8])
}

/// None if a file is not whole, or of another version.
fn read(bytes: &[u8]) -> Option<Speech> {
    let (bytes, checksum) = bytes.split_at_checked(bytes.len().checked_sub(8)?)?;
    if Sha256::digest(bytes)[..8] != *checksum {
        return None;
    }
    let mut reader = Reader(bytes.strip_prefix(MAGIC)?);
    if reader.u32()? != VERSION {
        return None;
    }
    let sample_rate = reader.u32()?;
    let [keys, words, samples] = [reader.u32()?, reader.u32()?, reader.u32()?];
    let mouth_keys = (0..keys).map(|_| {
        let shape = *SHAPES.get(usize::from(reader.u8()?))?;
        Some(MouthKey { shape, weight: reader.f32()?, seconds: reader.f32()? })
    });
    let mouth_keys = mouth_keys.collect::<Option<_>>()?;
    let words = (0..words).map(|_| {
        let text = Range { start: reader.u32()? as usize, end: reader.u32()? as usize };
        Some(SpokenWord { text, time: Range { start: reader.f32()?, end: reader.f32()? } })
    });
    let words = words.collect::<Option<_>>()?;
    let pcm = (0..samples).map(|_| Some(f32::from(reader.i16()?) / 32767.0));
    let pcm = pcm.collect::<Option<Vec<f32>>>()?.into();
    Some(Speech { pcm, sample_rate, mouth_keys, words })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{cue::VoiceCue, persona::Language, voice::Babble};

    fn request(text: &str) -> SpeechRequest {
        SpeechRequest {
            speaker: "siwoo".into(),
            pitch_hz: 215.0,
            text: text.into(),
            language: Language::English,
            tone: VoiceCue::default(),
        }
    }

    /// Counts how often it is asked.
    #[derive(Default)]
    struct Counting(Babble, usize);

    impl Synthesizer for Counting {
        fn synthesize(&mut self, request: &SpeechRequest) -> Result<Speech, VoiceError> {
            self.1 += 1;
            self.0.synthesize(request)
        }
    }

    #[test]
    fn what_was_said_before_is_not_made_again() {
        let folder = tempfile::tempdir().unwrap();
        let mut voice = Kept::new(Counting::default(), vec![folder.path().into()], "a");
        let first = voice.synthesize(&request("Hello there, Mina!")).unwrap();
        let again = voice.synthesize(&request("Hello there, Mina!")).unwrap();
        assert_eq!(voice.voice.1, 1);
        assert_eq!((&first.mouth_keys, &first.words), (&again.mouth_keys, &again.words));
        let apart = first.pcm.iter().zip(again.pcm.iter()).map(|(a, b)| (a - b).abs());
        assert!(first.pcm.len() == again.pcm.len() && apart.fold(0.0, f32::max) < 1e-4);
        let mut sad = request("Hello there, Mina!");
        sad.tone.rate = 0.8;
        voice.synthesize(&sad).unwrap();
        voice.voice_id = "b".into();
        voice.synthesize(&sad).unwrap();
        assert_eq!(voice.voice.1, 3);
    }

    #[test]
    fn a_file_that_was_damaged_is_made_again() {
        let folder = tempfile::tempdir().unwrap();
        let mut voice = Kept::new(Counting::default(), vec![folder.path().into()], "a");
        let speech = voice.synthesize(&request("Hello")).unwrap();
        let file = folder.path().join(voice.name(&request("Hello")));
        for damaged in [&b""[..], &[0; 40], &fs::read(&file).unwrap()[..60]] {
            fs::write(&file, damaged).unwrap();
            let again = voice.synthesize(&request("Hello")).unwrap();
            assert_eq!(again.mouth_keys, speech.mouth_keys);
        }
        assert_eq!(voice.voice.1, 4);
    }

    #[test]
    fn who_keeps_nothing_finds_what_others_have_kept() {
        let folder = tempfile::tempdir().unwrap();
        let folders = || vec![folder.path().join("lines")];
        let mut finder = Kept::new(Counting::default(), folders(), "a").keep(Keep::Nothing);
        finder.synthesize(&request("Hello")).unwrap();
        assert!(!folders()[0].exists());
        Kept::new(Babble, folders(), "a").synthesize(&request("Hello")).unwrap();
        finder.synthesize(&request("Hello")).unwrap();
        assert_eq!(finder.voice.1, 1);
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_told_if_all_is_to_be_kept() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        let mut voice = Kept::new(Babble, vec![file.clone()], "a");
        assert!(voice.synthesize(&request("Hello")).is_ok());
        let error = voice.keep(Keep::All).synthesize(&request("Hello")).unwrap_err();
        assert!(error.to_string().contains(&*file.to_string_lossy()), "{error}");
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mut whole = MAGIC.to_vec();
            whole.extend(VERSION.to_le_bytes());
            whole.extend(bytes);
            let checksum = Sha256::digest(&whole);
            whole.extend_from_slice(&checksum[..8]);
            let _ = read(&whole);
        }
    }
}
