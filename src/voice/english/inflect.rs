//! Words made of other words: endings, beginnings, compounds.

use super::phones::{Weight, last, taps, weighed};

/// How a derived word is said, by how its stem is; `stem` knows the words that are known.
pub(super) fn derived(word: &str, stem: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    clitic(word, stem)
        .or_else(|| plural(word, stem))
        .or_else(|| past(word, stem))
        .or_else(|| gerund(word, stem))
        .or_else(|| other_ending(word, stem))
        .or_else(|| beginning(word, stem))
        .or_else(|| compound(word, stem))
}

/// `'s`, `'ll`, `'ve`, …
fn clitic(word: &str, stem: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    if let Some(owner) = word.strip_suffix("s'") {
        return stem(word.trim_end_matches('\'')).or_else(|| Some(with_s(&stem(owner)?)));
    }
    let (owner, ending) = word.rsplit_once('\'')?;
    let said = stem(owner)?;
    Some(match ending {
        "s" => with_s(&said),
        "ll" => said + "əl",
        "ve" => said + "əv",
        "re" => said + "əɹ",
        "d" if matches!(last(&said), 't' | 'd') => said + "əd",
        "d" => said + "d",
        "m" => said + "m",
        "" => said,
        _ => return None,
    })
}

fn with_s(said: &str) -> String {
    match last(said) {
        'p' | 't' | 'k' | 'f' | 'θ' => format!("{said}s"),
        's' | 'z' | 'ʃ' | 'ʒ' | 'ʧ' | 'ʤ' => format!("{said}ᵻz"),
        _ => format!("{said}z"),
    }
}

fn plural(word: &str, stem: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let single =
        word.strip_suffix('s').filter(|single| single.len() > 1 && !single.ends_with('s'))?;
    let of_y = || stem(&format!("{}y", single.strip_suffix("ie")?));
    let of_es =
        || stem(single.strip_suffix('e').filter(|stem| stem.ends_with(['s', 'x', 'z', 'h', 'o']))?);
    Some(with_s(&stem(single).or_else(of_y).or_else(of_es)?))
}

fn with_d(said: &str) -> String {
    match last(said) {
        'p' | 'k' | 'f' | 'θ' | 'ʃ' | 's' | 'ʧ' => format!("{said}t"),
        'd' => format!("{said}ᵻd"),
        't' => match said.strip_suffix('t') {
            Some(before) if taps(before) => format!("{before}ɾᵻd"),
            _ => format!("{said}ᵻd"),
        },
        _ => format!("{said}d"),
    }
}

fn past(word: &str, stem: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let bare = word.strip_suffix("ed").filter(|bare| bare.len() > 1)?;
    let of_y = || stem(&format!("{}y", bare.strip_suffix('i')?));
    let found = stem(&format!("{bare}e")).or_else(|| stem(bare)).or_else(of_y);
    Some(with_d(&found.or_else(|| stem(undoubled(bare)?))?))
}

fn gerund(word: &str, stem: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let bare = word
        .strip_suffix("ing")
        .or_else(|| word.strip_suffix("in'"))
        .filter(|bare| bare.len() > 1)?;
    let found =
        stem(bare).or_else(|| stem(&format!("{bare}e"))).or_else(|| stem(undoubled(bare)?))?;
    Some(before_vowel(&found) + "ɪŋ")
}

/// With a tap for a t that stands between vowels now.
fn before_vowel(said: &str) -> String {
    match said.strip_suffix('t') {
        Some(before) if taps(before) => format!("{before}ɾ"),
        _ => said.into(),
    }
}

/// `stopp` as `stop`.
fn undoubled(bare: &str) -> Option<&str> {
    let mut ends = bare.chars().rev();
    let (last, before) = (ends.next()?, ends.next()?);
    (last == before && last.is_ascii()).then(|| &bare[..bare.len() - 1])
}

fn other_ending(word: &str, stem: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    const ENDINGS: [(&str, &str); 15] = [
        ("ily", "əli"),
        ("bly", "bli"),
        ("ly", "li"),
        ("iness", "inəs"),
        ("ness", "nəs"),
        ("less", "ləs"),
        ("ful", "fəl"),
        ("ment", "mənt"),
        ("ish", "ɪʃ"),
        ("like", "lˌIk"),
        ("able", "əbᵊl"),
        ("iest", "iəst"),
        ("est", "əst"),
        ("er", "əɹ"),
        ("y", "i"),
    ];
    for (ending, said) in ENDINGS {
        let Some(bare) = word.strip_suffix(ending).filter(|bare| bare.len() > 2) else { continue };
        let found = match ending {
            "ily" | "iness" | "iest" => stem(&format!("{bare}y"))
                .and_then(|found| found.strip_suffix('i').map(str::to_owned)),
            "bly" => stem(&format!("{bare}ble"))
                .and_then(|found| found.strip_suffix("bᵊl").map(str::to_owned)),
            "able" | "est" | "er" | "y" | "ish" => stem(bare)
                .or_else(|| stem(&format!("{bare}e")))
                .or_else(|| stem(undoubled(bare)?))
                .map(|found| before_vowel(&found)),
            _ => stem(bare),
        };
        if let Some(found) = found {
            return Some(found + said);
        }
    }
    None
}

fn beginning(word: &str, stem: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    const BEGINNINGS: [(&str, &str); 12] = [
        ("un", "ˌʌn"),
        ("re", "ɹˌi"),
        ("non", "nˌɑn"),
        ("over", "ˌOvəɹ"),
        ("mis", "mˌɪs"),
        ("pre", "pɹˌi"),
        ("super", "sˌupəɹ"),
        ("anti", "ˌænti"),
        ("multi", "mˌʌlti"),
        ("out", "ˌWt"),
        ("under", "ˌʌndəɹ"),
        ("mega", "mˌɛɡə"),
    ];
    BEGINNINGS.into_iter().find_map(|(beginning, said)| {
        let rest = word.strip_prefix(beginning).filter(|rest| rest.len() > 3)?;
        let known = stem(rest).or_else(|| {
            past(rest, stem).or_else(|| gerund(rest, stem)).or_else(|| plural(rest, stem))
        })?;
        Some(format!("{said}{known}"))
    })
}

/// `photocard` as *photo* and *card*: the more even cut of those that give two words.
fn compound(word: &str, stem: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    if word.len() < 7 || !word.is_ascii() {
        return None;
    }
    let mut cuts: Vec<usize> = (3..=word.len() - 3).collect();
    cuts.sort_by_key(|cut| cut.abs_diff(word.len() / 2));
    cuts.into_iter().find_map(|cut| {
        let (first, second) = (stem(&word[..cut])?, word.get(cut..)?);
        let second = stem(second).or_else(|| plural(second, stem))?;
        Some(first + &weighed(&second, Weight::Less))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_have_their_sounds() {
        let stem = |word: &str| {
            let said = match word {
                "stan" => "stˈæn",
                "vibe" => "vˈIb",
                "ship" => "ʃˈɪp",
                "glitch" => "ɡlˈɪʧ",
                "chat" => "ʧˈæt",
                "nod" => "nˈɑd",
                "comfy" => "kˈʌmfi",
                "photo" => "fˈOTO",
                "card" => "kˈɑɹd",
                "glitter" => "ɡlˈɪɾəɹ",
                "sparkle" => "spˈɑɹkᵊl",
                _ => return None,
            };
            Some(said.to_owned())
        };
        for (word, said) in [
            ("stans", "stˈænz"),
            ("stan's", "stˈænz"),
            ("stans'", "stˈænz"),
            ("ships", "ʃˈɪps"),
            ("glitches", "ɡlˈɪʧᵻz"),
            ("vibed", "vˈIbd"),
            ("shipped", "ʃˈɪpt"),
            ("chatted", "ʧˈæɾᵻd"),
            ("nodded", "nˈɑdᵻd"),
            ("vibing", "vˈIbɪŋ"),
            ("chatting", "ʧˈæɾɪŋ"),
            ("comfily", "kˈʌmfəli"),
            ("comfiness", "kˈʌmfinəs"),
            ("unshipped", "ˌʌnʃˈɪpt"),
            ("photocard", "fˈOTOkˌɑɹd"),
            ("photocards", "fˈOTOkˌɑɹdz"),
            ("glittery", "ɡlˈɪɾəɹi"),
            ("glitchless", "ɡlˈɪʧləs"),
            ("stan'll", "stˈænəl"),
            ("chatter", "ʧˈæɾəɹ"),
        ] {
            assert_eq!(derived(word, &stem).as_deref(), Some(said), "{word}");
        }
        assert_eq!(derived("xyzzy", &stem), None);
    }
}
