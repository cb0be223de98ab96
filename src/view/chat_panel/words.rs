//! The words and signs of the panel.

use std::borrow::Cow;

use crate::{
    dialogue::DialogueState,
    inference::{InferenceError, Loading},
    mind::Emotion,
    persona::Language,
};

/// A sign for a feeling; nothing for a calm one. Every font with Hangul should have them.
pub(super) fn mark(emotion: &Emotion) -> Option<Cow<'_, str>> {
    Some(Cow::Borrowed(match emotion {
        Emotion::Neutral => return None,
        Emotion::Joy => "♪",
        Emotion::Sad => "…",
        Emotion::Angry => "‼",
        Emotion::Surprised => "⁉",
        Emotion::Shy => "//",
        Emotion::Love => "♥",
        Emotion::Playful => "★",
        Emotion::Custom(name) => return Some(Cow::Owned(format!("({name})"))),
    }))
}

/// The word for a feeling, in the fan's language where we know it.
pub(in crate::view) fn feeling(emotion: &Emotion, language: Language) -> Cow<'_, str> {
    let [english, korean, japanese] = match emotion {
        Emotion::Neutral => ["calm", "차분", "平静"],
        Emotion::Joy => ["joy", "기쁨", "喜び"],
        Emotion::Sad => ["sad", "슬픔", "悲しみ"],
        Emotion::Angry => ["angry", "화남", "怒り"],
        Emotion::Surprised => ["surprised", "놀람", "驚き"],
        Emotion::Shy => ["shy", "수줍음", "照れ"],
        Emotion::Love => ["love", "사랑", "愛"],
        Emotion::Playful => ["playful", "장난", "いたずら"],
        Emotion::Custom(name) => return Cow::Borrowed(name),
    };
    Cow::Borrowed(match language {
        Language::Korean => korean,
        Language::Japanese => japanese,
        _ => english,
    })
}

/// Sign and word for a feeling; nothing for a calm one.
pub(in crate::view) fn chip(emotion: &Emotion, language: Language) -> Option<String> {
    let mark = mark(emotion)?;
    Some(match emotion {
        Emotion::Custom(name) => name.to_string(),
        _ => format!("{mark} {}", feeling(emotion, language)),
    })
}

/// What a character is doing, for the header.
pub(in crate::view) fn doing(state: DialogueState) -> &'static str {
    match state {
        DialogueState::Idle => "listening",
        DialogueState::Waiting => "thinking",
        DialogueState::Replying => "speaking",
    }
}

/// Ends a scene before its end.
#[cfg(feature = "scene")]
pub(super) fn stop_scene(language: Language) -> &'static str {
    match language {
        Language::Korean => "그만 보기",
        Language::Japanese => "やめる",
        _ => "Stop",
    }
}

/// Lets a scene go on; where somebody `listens`, without an answer.
#[cfg(feature = "scene")]
pub(super) fn go_on(language: Language, listens: bool) -> &'static str {
    match (language, listens) {
        (Language::Korean, false) => "계속",
        (Language::Korean, true) => "말없이 넘어가기",
        (Language::Japanese, false) => "つづける",
        (Language::Japanese, true) => "何も言わない",
        (_, false) => "Go on",
        (_, true) => "Say nothing",
    }
}

/// The key for it.
#[cfg(feature = "scene")]
pub(super) fn space_bar(language: Language) -> &'static str {
    match language {
        Language::Korean => "스페이스 바",
        Language::Japanese => "スペースキー",
        _ => "Space bar",
    }
}

/// How far a model has come: `34.2 of 98.0 MB · 3.1 MB/s`.
pub(super) fn progress(loading: &Loading) -> String {
    let megabytes = |bytes: f64| format!("{:.1}", bytes / 1e6);
    #[expect(clippy::cast_precision_loss, reason = "a figure to read")]
    let [done, total] = [Some(loading.done), loading.total].map(|bytes| bytes.map(|b| b as f64));
    let mut text = match (done, total) {
        (Some(done), Some(total)) => format!("{} of {} MB", megabytes(done), megabytes(total)),
        (Some(done), None) if done > 0.0 => format!("{} MB", megabytes(done)),
        _ => String::new(),
    };
    if let Some(rate) = loading.bytes_per_second {
        let gap = if text.is_empty() { "" } else { " · " };
        text = format!("{text}{gap}{} MB/s", megabytes(rate));
    }
    text
}

/// What went wrong, in a few words; the error itself follows below.
pub(super) fn trouble(error: &InferenceError, name: &str) -> String {
    match error {
        InferenceError::Load(_) => format!("{name} cannot answer: there is no model."),
        #[cfg(feature = "remote")]
        InferenceError::Remote(_) => format!("{name} cannot be reached. Try again in a while."),
        InferenceError::Request(_) => format!("This did not reach {name}."),
        InferenceError::Backend(_) | InferenceError::WorkerStopped(_) => {
            format!("{name} lost the thread. Say something to go on.")
        }
    }
}

/// What a fan could say first.
pub(super) fn openers(language: Language, name: &str) -> [String; 3] {
    match language {
        Language::Korean => {
            [format!("안녕, {name}!"), "오늘 하루 어땠어?".into(), "오늘 좀 힘들었어…".into()]
        }
        Language::Japanese => [
            format!("こんにちは、{name}！"),
            "今日はどうだった？".into(),
            "今日はちょっと疲れた…".into(),
        ],
        _ => [format!("Hi {name}!"), "How was your day?".into(), "I had a rough day…".into()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loading(done: u64, total: Option<u64>, bytes_per_second: Option<f64>) -> Loading {
        Loading { stage: "downloading".into(), done, total, bytes_per_second }
    }

    #[test]
    fn progress_says_only_what_is_known() {
        let whole = loading(34_200_000, Some(98_000_000), Some(3_140_000.0));
        assert_eq!(progress(&whole), "34.2 of 98.0 MB · 3.1 MB/s");
        assert_eq!(progress(&loading(34_200_000, None, None)), "34.2 MB");
        assert_eq!(progress(&loading(0, None, Some(1e6))), "1.0 MB/s");
        assert_eq!(progress(&loading(0, None, None)), "");
    }

    #[test]
    fn every_feeling_but_calm_has_a_sign_of_its_own() {
        let signs: Vec<_> = Emotion::BUILT_IN.iter().filter_map(mark).collect();
        assert_eq!(signs.len(), Emotion::BUILT_IN.len() - 1);
        for (index, sign) in signs.iter().enumerate() {
            assert!(!signs[..index].contains(sign));
        }
        let smug = Emotion::Custom("smug".into());
        assert_eq!(mark(&smug).as_deref(), Some("(smug)"));
    }
}
