//! A written reply as it is read aloud.

use super::{Clauses, MouthKey, MouthShape, Speech, SpeechRequest, SpokenWord};
use crate::{
    cue::{CueSheet, VoiceCue},
    mind::{Segment, TagParser},
    persona::{Language, PersonaSheet},
};

/// A clause of a reply, and the silence behind it.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadClause {
    /// What is said, and how.
    pub request: SpeechRequest,
    /// Where it begins in the reply without its tags, in bytes.
    pub start: usize,
    /// Seconds of silence behind it.
    pub pause: f32,
}

/// Cuts a reply with emotion tags into clauses, each said with its feeling: as a game does with a reply
/// that streams in.
///
/// # Example
/// ```
/// use bevy_persona::{cue::CueSheet, persona::{Language, PersonaSheet}, voice::read};
///
/// let ron = r#"(id: "siwoo", name: "Siwoo", role: "a singer")"#;
/// let sheet = PersonaSheet::from_ron("siwoo.persona.ron", ron)?;
/// let reply = "[sad] It rained all day. [joy] Then you came!";
/// let clauses = read(&sheet, &CueSheet::default(), Language::English, reply);
/// assert_eq!(clauses.len(), 2);
/// assert!(clauses[0].request.tone.rate < clauses[1].request.tone.rate);
/// # Ok::<(), bevy_persona::persona::AssetFileError>(())
/// ```
#[must_use]
pub fn read(
    sheet: &PersonaSheet,
    cues: &CueSheet,
    language: Language,
    reply: &str,
) -> Vec<ReadClause> {
    let mut said = Vec::new();
    let mut clauses = Clauses::default();
    let mut felt = VoiceCue::default();
    for segment in TagParser::read(sheet.emotions.clone(), reply).0 {
        match segment {
            Segment::Emotion(tag) => {
                said.extend(clauses.finish().map(|clause| (clause, felt)));
                felt = cues.tone(&tag);
            }
            Segment::Text(text) => {
                said.extend(clauses.push(&text).map(|clause| (clause, felt)));
            }
        }
    }
    said.extend(clauses.finish().map(|clause| (clause, felt)));
    let clauses = said.into_iter().map(|(clause, felt)| ReadClause {
        start: clause.range.start,
        pause: felt.pause * pause_after(&clause.text),
        request: SpeechRequest {
            speaker: sheet.id.as_str().into(),
            pitch_hz: sheet.voice.pitch_hz,
            text: clause.text,
            language,
            tone: her_own(sheet, felt),
        },
    });
    clauses.collect()
}

/// Her usual speed, and what a feeling does to it.
pub(crate) fn her_own(sheet: &PersonaSheet, felt: VoiceCue) -> VoiceCue {
    VoiceCue { rate: felt.rate * sheet.voice.speed, ..felt }
}

/// Seconds of silence behind a clause, by the marks at its end.
pub(crate) fn pause_after(text: &str) -> f32 {
    match text.trim_end().chars().next_back() {
        Some('.' | '!' | '?' | '。' | '！' | '？') => 0.24,
        Some('…' | '—' | '–') => 0.34,
        Some(',' | ';' | ':' | '、' | '，') => 0.1,
        _ => 0.05,
    }
}

/// Puts clauses with their sounds behind one another. The sample rate is that of the first.
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "speech is shorter than 2^24 samples"
)]
pub fn join(parts: &[(ReadClause, Speech)]) -> Speech {
    let sample_rate = parts.first().map_or(0, |(_, speech)| speech.sample_rate);
    let mut pcm = Vec::new();
    let mut whole = Speech { sample_rate, ..Speech::default() };
    for (clause, speech) in parts {
        let begins = pcm.len() as f32 / sample_rate.max(1) as f32;
        pcm.extend_from_slice(&speech.pcm);
        let silence = (clause.pause * sample_rate as f32) as usize;
        pcm.resize(pcm.len() + silence, 0.0);
        whole.mouth_keys.extend_from_slice(&speech.mouth_keys);
        let seconds = silence as f32 / sample_rate.max(1) as f32;
        whole.mouth_keys.push(MouthKey { shape: MouthShape::Rest, weight: 0.0, seconds });
        whole.words.extend(speech.words.iter().map(|word| SpokenWord {
            text: word.text.start + clause.start..word.text.end + clause.start,
            time: word.time.start + begins..word.time.end + begins,
        }));
    }
    whole.pcm = pcm.into();
    whole
}
