//! What words do to the next word of the same phrase.

use super::{
    counters,
    endings::{ends_with, is_or_ends_in, may_follow, starts_with},
    hangul,
    respelling::{Mark, Written, lines},
};

/// What is tense after a verb in ㄹ: its beginning, and what may follow.
const AFTER_ADNOMINAL: &str = include_str!("data/after_adnominal.tsv");
/// Words that end in ㄹ and are no verbs.
const NO_ADNOMINAL: &str = include_str!("data/no_adnominal.txt");
/// Words that are said in one breath with the next, and words that do not take a ㄴ then.
const CLOSE: [&str; 19] = [
    "무슨", "못", "안", "잘", "한", "할", "볼", "어떤", "그런", "이런", "저런", "큰", "옷", "꽃",
    "첫", "좋은", "먹은", "먹을", "책",
];
const NO_NIEUN: [&str; 20] = [
    "있", "이것", "이거", "이게", "이건", "이걸", "이런", "이렇", "이번", "이제", "이상", "이후",
    "여기", "여러", "여섯", "여덟", "일곱", "요즘", "유", "이야",
];

/// Marks the beginning of `next` as `word`, the word before it, wants it.
pub(super) fn mark(word: &[Written], next: &mut [Written]) {
    let before = spelling(word);
    let after = spelling(next);
    let mark = if is_tense(&before, &after) {
        Mark::Tense
    } else if gets_nieun(&before, &after) {
        Mark::Nieun
    } else {
        return;
    };
    if let Some(first) = next.first_mut() {
        first.mark = mark;
    }
}

fn spelling(word: &[Written]) -> Vec<char> {
    word.iter().map(|written| written.character).collect()
}

/// Article 27: after an adnominal in ㄹ: 할 것을 /할꺼슬/; and after 열 and 여덟: 열 개 /열깨/.
fn is_tense(before: &[char], after: &[char]) -> bool {
    let Some(&last) = before.last() else { return false };
    match hangul::coda(last) {
        Some('ㄹ') if matches!(before, [.., '열']) && counters::is_native(after) => true,
        Some('ㄼ') => ends_with(before, "여덟") && counters::is_native(after),
        Some('ㄹ') => {
            last != '를'
                && !lines(NO_ADNOMINAL).any(|noun| is_or_ends_in(before, noun))
                && lines(AFTER_ADNOMINAL).filter_map(|line| line.split_once('\t')).any(
                    |(head, next)| {
                        starts_with(after, head) && may_follow(next, &after[head.chars().count()..])
                    },
                )
        }
        _ => false,
    }
}

/// Article 29, note 2: two words in one breath: 한 일 /한닐/, 옷 입다 /온닙따/.
fn gets_nieun(before: &[char], after: &[char]) -> bool {
    let Some(&first) = after.first() else { return false };
    let close = CLOSE.iter().any(|word| before.iter().copied().eq(word.chars()));
    close
        && hangul::onset(first) == Some('ㅇ')
        && matches!(hangul::vowel(first), Some('ㅣ' | 'ㅑ' | 'ㅕ' | 'ㅛ' | 'ㅠ' | 'ㅖ' | 'ㅒ'))
        && first != '이'
        && !NO_NIEUN.iter().any(|word| starts_with(after, word))
}
