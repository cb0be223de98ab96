//! Orders the sounds of what is to be said.

use bevy::prelude::*;

use super::{
    VoiceSettings, VoiceStatus,
    recital::{Line, LineState},
    speaker::Speaker,
    voices::Voices,
};
use crate::{
    cue::{CueBook, VoiceCue},
    dialogue::FanLanguage,
    persona::{Language, Persona, PersonaAsset, PersonaSheet},
    voice::{SpeechRequest, Utterance, her_own},
};

/// Takes what the voices have made.
pub(super) fn receive(
    mut voices: ResMut<Voices>,
    mut status: ResMut<VoiceStatus>,
    mut speakers: Query<&mut Speaker>,
) {
    let voices = voices.bypass_change_detection();
    while let Some((ticket, speech)) = voices.next(&mut status) {
        for mut speaker in &mut speakers {
            let speaker = speaker.bypass_change_detection();
            speaker.babbles |= speaker.recital.fill(ticket, speech.clone());
        }
    }
}

/// Orders the sounds of lines that have none, and babble for those that take too long.
pub(super) fn order(
    time: Res<Time>,
    settings: Res<VoiceSettings>,
    sheets: Option<Res<Assets<PersonaAsset>>>,
    mut voices: ResMut<Voices>,
    mut speakers: Query<(&mut Speaker, &Persona, Option<&FanLanguage>, Option<&CueBook>)>,
) {
    let Some(sheets) = sheets else { return };
    let voices = voices.bypass_change_detection();
    for (mut speaker, persona, language, book) in &mut speakers {
        let language = language.map_or_else(Language::default, |language| language.0);
        if speaker.recital.lines.is_empty() {
            continue;
        }
        let Some(sheet) = sheets.get(&persona.0).map(|asset| &asset.sheet) else { continue };
        let speaker = speaker.bypass_change_detection();
        let is_free = speaker.playing.is_none();
        let (mut babbles, cancelled) = (speaker.babbles, speaker.cancelled.clone());
        for (place, line) in speaker.recital.lines.iter_mut().enumerate() {
            if let LineState::Ordered { waited, is_babble: false, .. } = &mut line.state
                && place == 0
                && is_free
            {
                *waited += time.delta_secs();
                babbles |= *waited >= settings.deadline.as_secs_f32();
            }
            let is_late =
                babbles && matches!(line.state, LineState::Ordered { is_babble: false, .. });
            if !(is_late || matches!(line.state, LineState::New)) {
                continue;
            }
            let felt = line.feeling.as_ref().zip(book).map(|(tag, book)| book.tone(tag));
            let felt = felt.unwrap_or_default();
            let tone = her_own(sheet, felt);
            line.pause = tone.pause;
            let utterance = utterance(line, sheet, tone, language);
            let needs_model = line.sound.is_none() && !babbles;
            let ordered = voices.order(utterance, needs_model, &cancelled);
            line.state = ordered.map_or(LineState::Mute, |(ticket, is_babble)| {
                LineState::Ordered { ticket, waited: 0.0, is_babble }
            });
        }
        speaker.babbles = babbles;
    }
}

fn utterance(line: &Line, sheet: &PersonaSheet, tone: VoiceCue, language: Language) -> Utterance {
    let (speaker, pitch_hz) = (sheet.id.as_str().to_owned(), sheet.voice.pitch_hz);
    match line.sound {
        Some(sound) => {
            let seed = line.range.start as u64;
            Utterance::Sound { sound, speaker, pitch_hz, seed }
        }
        None => Utterance::Words(SpeechRequest {
            speaker,
            pitch_hz,
            text: line.text.clone(),
            language,
            tone,
        }),
    }
}
