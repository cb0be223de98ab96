//! Takes words off the ends of a value.

use crate::mind::text::fold;

/// Which end.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Front,
    Back,
}

/// The value without any of `forms` at one end, over and over; case does not matter.
pub(super) fn trimmed<'a>(value: &'a str, forms: &[String], side: Side) -> &'a str {
    let edge = |c: char| c.is_whitespace() || ",.:-\"'*_".contains(c);
    let mut value = value.trim_matches(edge);
    while let Some(shorter) = without_one(value, forms, side) {
        value = shorter.trim_matches(edge);
    }
    value
}

fn without_one<'a>(value: &'a str, forms: &[String], side: Side) -> Option<&'a str> {
    let spaces: Vec<usize> = value.match_indices(' ').map(|(at, _)| at).collect();
    let near: Vec<usize> = match side {
        Side::Front => spaces.iter().take(3).copied().collect(),
        Side::Back => spaces.iter().rev().take(3).copied().collect(),
    };
    near.into_iter().find_map(|at| {
        let (front, back) = (&value[..at], &value[at + 1..]);
        let (cut, kept) = if side == Side::Front { (front, back) } else { (back, front) };
        let cut = fold(cut.trim_matches([',', ' ']));
        forms.contains(&cut).then_some(kept)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fillers_go_and_the_rest_stays() {
        let forms = ["really".to_owned(), "so much".to_owned(), "lol".to_owned()];
        assert_eq!(trimmed("Really really good tea,", &forms, Side::Front), "good tea");
        assert_eq!(trimmed("good tea so much lol", &forms, Side::Back), "good tea");
        assert_eq!(trimmed("lol", &forms, Side::Back), "lol");
        assert_eq!(trimmed(" -- ", &forms, Side::Back), "");
    }
}
