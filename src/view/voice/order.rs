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

/// Sounds that are taken in one frame at most.
const MOST_A_FRAME: usize = 16;
/// Lines of a speaker that are made ahead. More would keep others waiting, and fill memory with what may be cut.
const AHEAD: usize = 3;

/// Takes what the voices have made.
pub(super) fn receive(
    mut voices: ResMut<Voices>,
    mut status: ResMut<VoiceStatus>,
    mut speakers: Query<&mut Speaker>,
) {
    let voices = voices.bypass_change_detection();
    for _ in 0..MOST_A_FRAME {
        let Some((ticket, speech)) = voices.next(&mut status) else { return };
        for mut speaker in &mut speakers {
            let speaker = speaker.bypass_change_detection();
            if speaker.recital.awaits(ticket) {
                speaker.babbles |= speaker.recital.fill(ticket, speech);
                break;
            }
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
        if speaker.is_let_down(time.delta_secs(), settings.deadline.as_secs_f32()) {
            speaker.give_up_on_the_model();
        }
        let Speaker { recital, babbles, cancelled, .. } = speaker;
        let new = |line: &&mut Line| matches!(line.state, LineState::New);
        for line in recital.lines.iter_mut().take(AHEAD).filter(new) {
            let felt = line.feeling.as_ref().zip(book).map(|(tag, book)| book.tone(tag));
            let tone = her_own(sheet, felt.unwrap_or_default());
            line.pause = tone.pause;
            let needs_model = line.sound.is_none() && !*babbles;
            line.state =
                voices.order(utterance(line, sheet, tone, language), needs_model, cancelled);
        }
    }
}

fn utterance(line: &Line, sheet: &PersonaSheet, tone: VoiceCue, language: Language) -> Utterance {
    let (speaker, pitch_hz) = (sheet.id.as_str().to_owned(), sheet.voice.pitch_hz);
    match line.sound {
        Some((sound, seed)) => Utterance::Sound { sound, speaker, pitch_hz, seed },
        None => Utterance::Words(SpeechRequest {
            speaker,
            pitch_hz,
            text: line.text.clone(),
            language,
            tone,
        }),
    }
}
