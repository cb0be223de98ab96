//! Endings and particles that change how they are said.

use super::{
    hangul,
    respelling::{Mark, Written, lines},
};

/// Words that end in 의, which is no particle there.
const NOUNS_IN_UI: &str = include_str!("data/nouns_in_ui.txt");
/// Words that end in a consonant and 요, which is no particle there.
const NOUNS_IN_YO: [&str; 11] =
    ["중요", "필요", "강요", "동요", "민요", "긴요", "담요", "농요", "법요", "통요", "청요"];
/// Stems that end in ㄹ, after which 게 and 지 are not tense.
const STEMS_IN_RIEUL: &str = "알 살 놀 길 달 멀 걸 말 들 만들 울 풀 밀 열 털 팔 불 날 돌 얼 늘 \
    둥글 가늘 졸 굴 빌 벌 물 끌 흔들 떠들 이끌 시들 매달 내밀 드물 서툴 거칠 어질 부풀 녹슬 힘들";
/// Endings after ㄹ that are tense, and what may follow; a `*` is anything, a `$` the end.
const TENSE_ENDINGS: [(&str, &str); 10] = [
    ("수록", "*"),
    ("지라", "*"),
    ("지언", "*"),
    ("진대", "*"),
    ("밖에", "$"),
    ("걸", "$ 요 그"),
    ("거", "예 야 에 라 고 지 죠 잖"),
    ("줄", "$ 은 도 을 이 만 알 몰"),
    ("듯", "$ 이 하 해 한 했"),
    ("것", "$ 이 을 도 만 은 같"),
];

/// Marks what the endings of a word do.
pub(super) fn mark(word: &mut [Written]) {
    let spelling: Vec<char> = word.iter().map(|written| written.character).collect();
    genitive(&spelling, word);
    polite(&spelling, word);
    for index in 1..spelling.len() {
        if hangul::coda(spelling[index - 1]) == Some('ㄹ') && tense_after_rieul(&spelling, index) {
            word[index].mark = Mark::Tense;
        }
    }
}

/// Article 5, 4, note: the particle 의 may be 에, and mostly is: 나의 /나에/.
fn genitive(spelling: &[char], word: &mut [Written]) {
    let word_of_its_own = spelling.len() < 2
        || lines(NOUNS_IN_UI).any(|noun| spelling.iter().copied().eq(noun.chars()));
    if let (Some('의'), Some(last), false) = (spelling.last(), word.last_mut(), word_of_its_own) {
        last.character = '에';
    }
}

/// Article 29, note 2: the particle 요 gets a ㄴ after a consonant: 정말요 /정말료/.
fn polite(spelling: &[char], word: &mut [Written]) {
    if let [.., before, '요'] = spelling
        && hangul::coda(*before).is_some()
        && !NOUNS_IN_YO.iter().any(|noun| ends_with(spelling, noun))
        && let Some(last) = word.last_mut()
    {
        last.mark = Mark::Nieun;
    }
}

/// Article 27, note: endings that begin with ㄹ: 할게 /할께/, 할지 /할찌/, 할수록 /할쑤록/.
fn tense_after_rieul(spelling: &[char], index: usize) -> bool {
    let (before, rest) = spelling.split_at(index);
    let verb_in_rieul =
        || STEMS_IN_RIEUL.split_whitespace().any(|stem| is_or_ends_in(before, stem));
    match rest {
        ['게', '요'] => true,
        ['게' | '지'] | ['지', '도' | '는' | '를' | '요', ..] => !verb_in_rieul(),
        _ => TENSE_ENDINGS.iter().any(|(ending, next)| {
            starts_with(rest, ending) && may_follow(next, &rest[ending.chars().count()..])
        }),
    }
}

/// Whether `rest` is one of what may follow.
pub(super) fn may_follow(allowed: &str, rest: &[char]) -> bool {
    allowed.split(' ').any(|next| match next {
        "*" => true,
        "$" => rest.is_empty(),
        _ => starts_with(rest, next),
    })
}

pub(super) fn starts_with(spelling: &[char], beginning: &str) -> bool {
    let mut rest = spelling.iter();
    beginning.chars().all(|character| rest.next() == Some(&character))
}

pub(super) fn ends_with(spelling: &[char], end: &str) -> bool {
    let mut rest = spelling.iter().rev();
    end.chars().rev().all(|character| rest.next() == Some(&character))
}

/// Whether a word is or ends in another; of those of one syllable, whether it is it.
pub(super) fn is_or_ends_in(word: &[char], other: &str) -> bool {
    ends_with(word, other) && (other.chars().count() > 1 || word.len() == 1)
}
