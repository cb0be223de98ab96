//! Letters by their names and in other alphabets of signs.

/// The Latin letter that a word spells: a letter itself, its English or Korean name, or the word
/// that pilots say for it.
pub(super) fn spelled(word: &str) -> Option<char> {
    let mut chars = word.chars();
    if let (Some(c @ 'a'..='z'), None) = (chars.next(), chars.next()) {
        return Some(c);
    }
    let at = NAMES.iter().position(|names| names.split(' ').any(|name| name == word))?;
    char::from_u32(u32::from('a') + u32::try_from(at).ok()?)
}

/// How the letters are called, `a` to `z`.
const NAMES: [&str; 26] = [
    "ay alpha alfa 에이",
    "bee bravo 비",
    "cee see charlie 씨 시",
    "dee delta 디",
    "ee echo 이",
    "eff foxtrot 에프",
    "gee golf 지",
    "aitch hotel 에이치",
    "eye aye india 아이",
    "jay juliet juliett 제이",
    "kay kilo 케이",
    "el ell lima 엘",
    "em mike 엠",
    "en november 엔",
    "oh oscar 오",
    "pee papa 피",
    "cue queue quebec 큐",
    "ar are romeo 알",
    "ess sierra 에스",
    "tee tango 티",
    "you uniform 유",
    "vee victor 브이",
    "whiskey whisky 더블유",
    "ex xray 엑스",
    "why yankee 와이",
    "zee zed zulu 제트",
];

/// The Korean letter that a word names.
pub(super) fn named_jamo(word: &str) -> Option<char> {
    const JAMO: [(&str, char); 14] = [
        ("기역", 'ㄱ'),
        ("니은", 'ㄴ'),
        ("디귿", 'ㄷ'),
        ("리을", 'ㄹ'),
        ("미음", 'ㅁ'),
        ("비읍", 'ㅂ'),
        ("시옷", 'ㅅ'),
        ("이응", 'ㅇ'),
        ("지읒", 'ㅈ'),
        ("치읓", 'ㅊ'),
        ("키읔", 'ㅋ'),
        ("티읕", 'ㅌ'),
        ("피읖", 'ㅍ'),
        ("히읗", 'ㅎ'),
    ];
    JAMO.iter().find(|(name, _)| *name == word).map(|(_, jamo)| *jamo)
}

/// The letter of a Morse sign, `.` and `-`.
pub(super) fn morse(sign: &str) -> Option<char> {
    let at = MORSE.iter().position(|known| *known == sign)?;
    char::from_u32(u32::from('a') + u32::try_from(at).ok()?)
}

const MORSE: [&str; 26] = [
    ".-", "-...", "-.-.", "-..", ".", "..-.", "--.", "....", "..", ".---", "-.-", ".-..", "--",
    "-.", "---", ".--.", "--.-", ".-.", "...", "-", "..-", "...-", ".--", "-..-", "-.--", "--..",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_have_names() {
        for (word, letter) in [("romeo", 'r'), ("eye", 'i'), ("에이", 'a'), ("q", 'q')] {
            assert_eq!(spelled(word), Some(letter), "{word}");
        }
        assert_eq!(spelled("word"), None);
        assert_eq!(spelled(""), None);
        assert_eq!(morse(".-."), Some('r'));
        assert_eq!(named_jamo("리을"), Some('ㄹ'));
    }
}
