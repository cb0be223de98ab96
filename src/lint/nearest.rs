//! Advice for a name that does not exist.

/// So many names are told where none is near.
const TOLD: usize = 12;

/// Which name was meant, or which there are.
pub(super) fn advice<'n>(word: &str, known: impl IntoIterator<Item = &'n str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    match nearest(word, &known) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None if known.is_empty() => "there are none yet; write one first".into(),
        None if known.len() <= TOLD => format!("there are {}", known.join(", ")),
        None => format!("there are {} and {} more", known[..TOLD].join(", "), known.len() - TOLD),
    }
}

/// The known name that is most like the word, if one is like it.
pub(super) fn nearest<'n>(word: &str, known: &[&'n str]) -> Option<&'n str> {
    let word = word.to_lowercase();
    let likeness = |name: &str| strsim::jaro_winkler(&word, &name.to_lowercase());
    let best = known.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
    if likeness(best) > 0.8 {
        return Some(best);
    }
    let distance = |name: &str| strsim::osa_distance(&word, &name.to_lowercase());
    let best = known.iter().min_by_key(|name| distance(name))?;
    let most = match word.chars().count() {
        0 | 1 => 0,
        2 | 3 => 1,
        _ => 2,
    };
    (distance(best) <= most).then_some(best)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_near_name_is_meant_and_others_are_told() {
        assert_eq!(advice("siwo", ["jena", "siwoo"]), "did you mean `siwoo`?");
        assert_eq!(advice("S01", ["s01", "s02"]), "did you mean `s01`?");
        assert_eq!(advice("k1", ["k02", "k01"]), "did you mean `k01`?");
        assert_eq!(advice("xyz", ["jena", "siwoo"]), "there are jena, siwoo");
        assert_eq!(advice("xyz", []), "there are none yet; write one first");
        let many: Vec<String> = (0..20).map(|name| format!("mark{name}")).collect();
        assert!(advice("?", many.iter().map(String::as_str)).ends_with("mark11 and 8 more"));
    }
}
