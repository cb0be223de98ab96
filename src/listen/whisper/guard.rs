//! What the model writes though nobody said it.

/// How probable it must be that nobody speaks, and how unsure the words, for them to be dropped.
pub(super) const NO_SPEECH: f32 = 0.6;
const UNSURE: f32 = -0.9;

/// What stands under films in the training texts: nobody says it to a character.
const CREDITS: [&str; 20] = [
    "thanks for watching",
    "thank you for watching",
    "thank you so much for watching",
    "please subscribe to my channel",
    "dont forget to like and subscribe",
    "subtitles by the amaraorg community",
    "시청해주셔서감사합니다",
    "시청해주셔서고맙습니다",
    "구독과좋아요부탁드립니다",
    "다음영상에서만나요",
    "다음시간에만나요",
    "한글자막by한효정",
    "자막제공및광고는",
    "ご視聴ありがとうございました",
    "ご視聴ありがとうございます",
    "チャンネル登録お願いします",
    "字幕由amaraorg社区提供",
    "请不吝点赞订阅转发打赏支持明镜与点点栏目",
    "untertitel der amaraorgcommunity",
    "subtítulos realizados por la comunidad de amaraorg",
];

/// What it writes for a breath or a click. People say that, too.
const FILLERS: [&str; 18] = [
    "thank you",
    "thanks",
    "you",
    "hi",
    "hello",
    "hey",
    "yes",
    "bye",
    "bye bye",
    "okay",
    "oh",
    "so",
    "mm",
    "감사합니다",
    "고맙습니다",
    "네",
    "ありがとうございました",
    "谢谢",
];

/// Whether a text is what the model writes when nobody speaks.
///
/// `no_speech` is how probable it is that nobody does, 0..1; `confidence` the mean logarithm of how
/// probable the tokens are.
pub(super) fn is_invented(text: &str, no_speech: f32, confidence: f32) -> bool {
    let text = plain(text);
    let spaceless = text.replace(' ', "");
    let is_one_of = |phrases: &[&str]| phrases.iter().any(|it| *it == text || *it == spaceless);
    text.is_empty()
        || no_speech > NO_SPEECH && confidence < UNSURE
        || is_one_of(&CREDITS)
        || is_one_of(&FILLERS) && (no_speech > 0.5 || confidence < -1.0)
}

/// Lower case, no punctuation, single spaces.
fn plain(text: &str) -> String {
    let letters: String = text
        .chars()
        .filter(|letter| letter.is_alphanumeric() || letter.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect();
    letters.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How many tokens to keep if they have begun to go round in circles: up to the end of the first
/// round.
pub(super) fn loop_start(tokens: &[u32]) -> Option<usize> {
    (1..=tokens.len() / 3).find_map(|round| {
        let differs = |n: &usize| tokens[*n] != tokens[*n + round];
        let same = (0..tokens.len() - round).rev().take_while(|n| !differs(n)).count();
        let rounds = same / round + 1;
        let looped = rounds >= 4 && same + round >= 12 || rounds >= 3 && round >= 8;
        looped.then(|| tokens.len() - same)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credits_are_invented_and_thanks_only_where_it_is_quiet() {
        for (text, no_speech, confidence, invented) in [
            ("Thanks for watching!", 0.01, -0.1, true),
            (" 시청해 주셔서 감사합니다.", 0.01, -0.1, true),
            ("ご視聴ありがとうございました", 0.0, -0.1, true),
            ("Thank you.", 0.55, -0.3, true),
            ("Thank you.", 0.02, -0.3, false),
            ("감사합니다.", 0.02, -0.3, false),
            ("Thank you for the new song!", 0.5, -0.3, false),
            ("Hello, Siwoo.", 0.7, -0.4, false),
            ("Hello, Siwoo.", 0.7, -1.4, true),
            ("Hello, Siwoo.", 0.2, -1.4, false),
            ("Hi.", 0.7, -0.98, true),
            ("Hi.", 0.12, -0.7, false),
            (" ...", 0.0, 0.0, true),
            ("♪♪", 0.0, 0.0, true),
        ] {
            assert_eq!(is_invented(text, no_speech, confidence), invented, "{text} {no_speech}");
        }
    }

    #[test]
    fn a_text_that_goes_round_in_circles_is_cut_after_the_first_round() {
        let one = [7; 12];
        assert_eq!(loop_start(&one), Some(1));
        assert_eq!(loop_start(&one[..11]), None);
        let words: Vec<u32> = [1, 2].into_iter().chain([5, 6, 7, 8].repeat(4)).collect();
        assert_eq!(loop_start(&words), Some(6));
        assert_eq!(loop_start(&words[..14]), None);
        let sentence: Vec<u32> = (10..20).collect();
        assert_eq!(loop_start(&sentence.repeat(3)), Some(10));
        assert_eq!(loop_start(&sentence.repeat(2)), None);
        assert_eq!(loop_start(&[]), None);
    }
}
