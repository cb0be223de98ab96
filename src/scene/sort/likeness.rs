//! How much two words are alike.

use super::words::{Word, is_empty_word};
use crate::hangul::Parts;

/// From 0 to 1.
pub(super) fn likeness(said: &Word, known: &Word) -> f32 {
    if said.text == known.text {
        return 1.0;
    }
    if is_empty_word(&said.text) {
        return 0.0;
    }
    if said.stem == known.stem {
        return 0.95;
    }
    if said.meanings.iter().any(|meaning| known.meanings.contains(meaning)) {
        return 0.8;
    }
    let hangul = |word: &Word| word.stem.chars().all(|c| Parts::of(c).is_some());
    match (hangul(said), hangul(known)) {
        (true, true) if same_letters(&said.stem, &known.stem) => 0.6,
        (false, false) if misspelt(&said.text, &known.text) => 0.6,
        _ => 0.0,
    }
}

/// An inflected Korean word keeps its first letters: 조용한, 조용하게; 외로워요, 외롭다.
fn same_letters(one: &str, two: &str) -> bool {
    let (one, two) = (letters(one), letters(two));
    let shared = one.iter().zip(&two).take_while(|(one, two)| one == two).count();
    shared >= 5 || (shared >= 4 && shared + 1 >= one.len().min(two.len()))
}

fn letters(word: &str) -> Vec<char> {
    let parts = word.chars().filter_map(Parts::of);
    parts.flat_map(|parts| [Some(parts.lead), Some(parts.vowel), parts.tail]).flatten().collect()
}

fn misspelt(one: &str, two: &str) -> bool {
    let shortest = one.chars().count().min(two.chars().count());
    shortest >= 5 && one.chars().next() == two.chars().next() && strsim::osa_distance(one, two) <= 1
}

/// Endings of Korean words, the longer first.
const KOREAN: &str = "이라고요 이었어요 이랄까 으로요 이에요 이예요 했어요 할게요 할래요 하고요 이라고 입니다 \
    합니다 해주세요 인것같아 에서요 해요 이요 이야 예요 에요 으로 에서 에게 한테 처럼 까지 부터 \
    이랑 하고 하게 한다 하는 할게 할래 네요 군요 인데 이지 이죠 게요 래요 어요 아요 한 은 는 가 \
    을 를 에 의 도 만 요 로 랑 야 이 게";

/// A word without its ending.
pub(super) fn stem(word: &str) -> String {
    if word.chars().all(|c| Parts::of(c).is_some()) {
        let rest = KOREAN.split(' ').find_map(|ending| word.strip_suffix(ending));
        return rest.filter(|rest| !rest.is_empty()).unwrap_or(word).into();
    }
    if !word.is_ascii() || word.len() < 4 {
        return word.into();
    }
    for (ending, instead) in [
        ("ness", ""),
        ("ies", "y"),
        ("ied", "y"),
        ("ing", ""),
        ("est", ""),
        ("ed", ""),
        ("ly", ""),
        ("er", ""),
        ("es", ""),
        ("s", ""),
        ("e", ""),
    ] {
        if let Some(rest) = word.strip_suffix(ending).filter(|rest| rest.len() >= 3)
            && !(ending == "s" && rest.ends_with('s'))
        {
            let rest = rest.strip_suffix('e').unwrap_or(rest);
            return undouble(rest).to_owned() + instead;
        }
    }
    word.into()
}

/// `humm` of `humming` is `hum`.
fn undouble(stem: &str) -> &str {
    match stem.as_bytes() {
        [.., one, two] if one == two && stem.len() > 3 && !b"lsz".contains(two) => {
            &stem[..stem.len() - 1]
        }
        _ => stem,
    }
}
