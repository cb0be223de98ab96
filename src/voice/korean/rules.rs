//! The rules of the Standard Pronunciation (표준 발음법), one function each.
//!
//! They run in the order of [`apply`] over the syllables of a phrase. Each looks at two neighbours:
//! the end of one syllable and the beginning of the next. What depends on single words was marked
//! before (see `respelling`).

use super::hangul::{Joint, Syllable, aspirated, tense};
use crate::hangul::halves;

/// Makes spoken syllables of written ones.
pub(super) fn apply(syllables: &mut [Syllable]) {
    const PAIRS: [fn(&mut Syllable, &mut Syllable); 8] = [
        part_with_a_meaning,
        palatalisation,
        aspiration_by_a_coda,
        aspiration_of_a_coda,
        tensing_after_a_stem,
        tensing_after_an_obstruent,
        liaison,
        coda,
    ];
    for rule in PAIRS {
        for_each_pair(syllables, rule);
    }
    last_codas(syllables);
    for rule in [nasal_rieul, nasalisation, lateralisation] {
        for_each_pair(syllables, rule);
    }
    syllables.iter_mut().for_each(vowel);
}

/// Neighbours, unless a pause lies between them.
fn for_each_pair(syllables: &mut [Syllable], rule: fn(&mut Syllable, &mut Syllable)) {
    for index in 1..syllables.len() {
        let (before, after) = syllables.split_at_mut(index);
        if let (Some(left), Some(right)) = (before.last_mut(), after.first_mut())
            && right.joint != Joint::Pause
        {
            rule(left, right);
        }
    }
}

/// Article 15: before a part with a meaning of its own, a coda is simplified first: 겉옷 /거돋/.
fn part_with_a_meaning(left: &mut Syllable, right: &mut Syllable) {
    if right.joint != Joint::Inside && matches!(right.onset, 'ㅇ' | 'ㅎ') {
        left.coda = left.coda.map(simplified);
    }
}

/// Article 17: ㄷ and ㅌ become ㅈ and ㅊ before 이 and 히: 굳이 /구지/, 닫혀 /다처/.
fn palatalisation(left: &mut Syllable, right: &mut Syllable) {
    if right.joint != Joint::Inside || !is_passive(right) {
        return;
    }
    let (coda, onset) = match (left.coda, right.onset) {
        (Some('ㄷ'), 'ㅇ') => (None, 'ㅈ'),
        (Some('ㄷ'), 'ㅎ') | (Some('ㅌ'), 'ㅇ') => (None, 'ㅊ'),
        (Some('ㄾ'), 'ㅇ') => (Some('ㄹ'), 'ㅊ'),
        _ => return,
    };
    (left.coda, right.onset) = (coda, onset);
}

/// Article 12, 1-4: ㅎ of a coda: 좋고 /조코/, 닿소 /다쏘/, 놓는 /논는/, 많아 /마나/.
fn aspiration_by_a_coda(left: &mut Syllable, right: &mut Syllable) {
    let rest = match left.coda {
        Some('ㅎ') => None,
        Some('ㄶ') => Some('ㄴ'),
        Some('ㅀ') => Some('ㄹ'),
        _ => return,
    };
    match right.onset {
        'ㅇ' | 'ㅎ' => left.coda = rest,
        'ㅅ' => (left.coda, right.onset) = (rest, 'ㅆ'),
        onset => match aspirated(onset) {
            Some(aspirated) => (left.coda, right.onset) = (rest, aspirated),
            None => left.coda = rest.or(Some('ㄷ')),
        },
    }
}

/// Article 12, 1, notes: a coda before ㅎ: 먹히다 /머키다/, 앉히다 /안치다/, 못 해 /모태/.
fn aspiration_of_a_coda(left: &mut Syllable, right: &mut Syllable) {
    let Some(coda) = left.coda.filter(|_| right.onset == 'ㅎ') else { return };
    let inside = right.joint == Joint::Inside;
    let (rest, last) = match halves(coda) {
        Some((first, last)) if inside => (Some(first), last),
        _ => (None, coda),
    };
    let onset = match last {
        'ㄱ' | 'ㄲ' | 'ㅋ' => 'ㅋ',
        'ㅂ' | 'ㅍ' => 'ㅍ',
        'ㅈ' if inside && is_passive(right) => 'ㅊ',
        'ㄷ' | 'ㅅ' | 'ㅆ' | 'ㅈ' | 'ㅊ' | 'ㅌ' => 'ㅌ',
        _ => return,
    };
    (left.coda, right.onset) = (rest, onset);
}

/// Articles 24 and 25: after ㄵ, ㄼ and ㄾ: 앉고 /안꼬/, 넓게 /널께/, 핥다 /할따/.
fn tensing_after_a_stem(left: &mut Syllable, right: &mut Syllable) {
    if matches!(left.coda, Some('ㄵ' | 'ㄼ' | 'ㄾ')) && right.joint == Joint::Inside {
        right.onset = tense(right.onset).unwrap_or(right.onset);
    }
}

/// Article 23: after ㄱ, ㄷ, ㅂ and all that sounds like them: 국밥 /국빱/, 값지다 /갑찌다/.
///
/// Article 11, exception: ㄺ of a stem is ㄹ before ㄱ: 읽고 /일꼬/.
fn tensing_after_an_obstruent(left: &mut Syllable, right: &mut Syllable) {
    let Some(coda) = left.coda.filter(|&coda| is_obstruent(simplified(coda)) || coda == 'ㄽ')
    else {
        return;
    };
    if coda == 'ㄺ' && right.onset == 'ㄱ' && right.joint == Joint::Inside {
        left.coda = Some('ㄹ');
    }
    right.onset = tense(right.onset).unwrap_or(right.onset);
}

/// Articles 13 and 14: a coda opens the next syllable if that has no consonant: 옷이 /오시/.
///
/// ㄴ, ㅁ and ㄹ stay with their word, so that words keep their shape in a longer phrase.
fn liaison(left: &mut Syllable, right: &mut Syllable) {
    let Some(coda) = left.coda.filter(|&coda| right.is_open() && coda != 'ㅇ') else { return };
    if right.joint == Joint::Space && !is_obstruent(coda) {
        return;
    }
    (left.coda, right.onset) = match halves(coda) {
        Some((first, 'ㅅ')) => (Some(first), 'ㅆ'),
        Some((first, last)) => (Some(first), last),
        None => (None, coda),
    };
}

/// Articles 8 to 11: seven consonants remain at the end of a syllable: 부엌 /부억/, 닭 /닥/.
fn coda(left: &mut Syllable, _: &mut Syllable) {
    left.coda = left.coda.map(simplified);
}

/// The same where no neighbour follows.
fn last_codas(syllables: &mut [Syllable]) {
    for syllable in syllables {
        syllable.coda = syllable.coda.map(simplified);
    }
}

/// Article 19: ㄹ is ㄴ after every coda but ㄴ and ㄹ: 강릉 /강능/, 협력 /혐녁/.
///
/// Words that begin with ㄹ are loans, and only obstruents change them: 첫 라이브 /천나이브/.
fn nasal_rieul(left: &mut Syllable, right: &mut Syllable) {
    let changes = match left.coda {
        Some('ㅁ' | 'ㅇ') => right.joint != Joint::Space,
        Some(coda) => is_obstruent(coda),
        None => false,
    };
    if right.onset == 'ㄹ' && changes {
        right.onset = 'ㄴ';
    }
}

/// Article 18: ㄱ, ㄷ, ㅂ before ㄴ and ㅁ: 먹는 /멍는/, 있는 /인는/, 합니다 /함니다/.
fn nasalisation(left: &mut Syllable, right: &mut Syllable) {
    if matches!(right.onset, 'ㄴ' | 'ㅁ') {
        left.coda = left.coda.map(|coda| match coda {
            'ㄱ' => 'ㅇ',
            'ㄷ' => 'ㄴ',
            'ㅂ' => 'ㅁ',
            other => other,
        });
    }
}

/// Article 20: ㄴ beside ㄹ is ㄹ: 신라 /실라/, 칼날 /칼랄/.
fn lateralisation(left: &mut Syllable, right: &mut Syllable) {
    match (left.coda, right.onset) {
        (Some('ㄴ'), 'ㄹ') if right.joint != Joint::Space => left.coda = Some('ㄹ'),
        (Some('ㄹ'), 'ㄴ') => right.onset = 'ㄹ',
        _ => {}
    }
}

/// Article 5: 져 /저/, 계 /게/, 희 /히/; 의 inside a word is 이, and no y is heard after ㅈ, ㅉ, ㅊ.
fn vowel(syllable: &mut Syllable) {
    syllable.vowel = match (syllable.onset, syllable.vowel) {
        ('ㅈ' | 'ㅉ' | 'ㅊ', vowel) => without_y(vowel),
        (onset, 'ㅖ') if !matches!(onset, 'ㅇ' | 'ㄹ' | 'ㄴ') => 'ㅔ',
        (onset, 'ㅢ') if onset != 'ㅇ' || syllable.joint == Joint::Inside => 'ㅣ',
        (_, vowel) => vowel,
    };
}

fn without_y(vowel: char) -> char {
    match vowel {
        'ㅑ' => 'ㅏ',
        'ㅒ' => 'ㅐ',
        'ㅕ' => 'ㅓ',
        'ㅖ' => 'ㅔ',
        'ㅛ' => 'ㅗ',
        'ㅠ' => 'ㅜ',
        'ㅢ' => 'ㅣ',
        other => other,
    }
}

/// What remains of a coda that no vowel follows.
fn simplified(coda: char) -> char {
    match coda {
        'ㄲ' | 'ㅋ' | 'ㄳ' | 'ㄺ' => 'ㄱ',
        'ㅅ' | 'ㅆ' | 'ㅈ' | 'ㅊ' | 'ㅌ' | 'ㅎ' => 'ㄷ',
        'ㅍ' | 'ㅄ' | 'ㄿ' => 'ㅂ',
        'ㄵ' | 'ㄶ' => 'ㄴ',
        'ㄼ' | 'ㄽ' | 'ㄾ' | 'ㅀ' => 'ㄹ',
        'ㄻ' => 'ㅁ',
        other => other,
    }
}

/// Whether it can be 이, 히 or 혀 of a passive or causative verb: 닫힌, 닫혀, 닫혔; but not 맏형.
fn is_passive(syllable: &Syllable) -> bool {
    match syllable.vowel {
        'ㅣ' => true,
        'ㅕ' => matches!(syllable.coda, None | Some('ㅆ')),
        _ => false,
    }
}

fn is_obstruent(coda: char) -> bool {
    matches!(coda, 'ㄱ' | 'ㄷ' | 'ㅂ')
}
