//! A fan whose choices were listed beforehand.

use std::{collections::VecDeque, io};

use super::{AutoFan, Deed, Fan, Waiting};

/// Takes what is listed, then leaves. What is free talk, and not listed as words, is answered by a
/// fan of its own mind, so that a list of numbers plays a whole scene.
pub struct ListedFan {
    left: VecDeque<String>,
    auto: AutoFan,
}

impl ListedFan {
    /// A fan who does this, in order.
    pub fn new(listed: &[String], auto: AutoFan) -> Self {
        Self { left: listed.iter().map(|one| one.trim().to_owned()).collect(), auto }
    }
}

impl Fan for ListedFan {
    fn act(&mut self, waiting: &Waiting) -> io::Result<Deed> {
        let is_free = waiting.choices.is_empty() && waiting.labels.is_empty();
        let number = self.left.front().map(|next| next.parse::<usize>());
        match number {
            None if !is_free => Ok(Deed::Leave),
            None | Some(Ok(_)) if is_free => self.auto.act(waiting),
            _ => Ok(self.next(waiting)),
        }
    }
}

impl ListedFan {
    fn next(&mut self, waiting: &Waiting) -> Deed {
        let next = self.left.pop_front().unwrap_or_default();
        let Ok(number) = next.parse::<usize>() else { return Deed::Say(next) };
        let label = waiting.labels.get(number.wrapping_sub(1));
        match label {
            _ if !waiting.choices.is_empty() => Deed::Choose(number.wrapping_sub(1)),
            Some(label) => Deed::Say(label.clone()),
            None => Deed::Say(next),
        }
    }
}

#[cfg(test)]
mod tests {
    use bevy_persona::persona::Language;

    use super::{
        super::auto::tests::{choices, question},
        *,
    };

    fn fan(listed: &[&str]) -> ListedFan {
        let listed: Vec<String> = listed.iter().map(|&one| one.into()).collect();
        ListedFan::new(&listed, AutoFan::new(1, Language::English))
    }

    #[test]
    fn numbers_choose_and_the_end_of_the_list_leaves() {
        let mut fan = fan(&["2", "1"]);
        let two = choices(&["a", "b"]);
        assert_eq!(fan.act(&two).unwrap(), Deed::Choose(1));
        assert_eq!(fan.act(&two).unwrap(), Deed::Choose(0));
        assert_eq!(fan.act(&two).unwrap(), Deed::Leave);
    }

    #[test]
    fn a_number_answers_with_the_label_and_words_with_themselves() {
        let mut fan = fan(&["2", "tea, please"]);
        let asked = question(&["coffee", "tea"]);
        assert_eq!(fan.act(&asked).unwrap(), Deed::Say("tea".into()));
        assert_eq!(fan.act(&asked).unwrap(), Deed::Say("tea, please".into()));
    }

    #[test]
    fn free_talk_takes_words_and_leaves_numbers_for_choices() {
        let mut fan = fan(&["hello", "2"]);
        assert_eq!(fan.act(&question(&[])).unwrap(), Deed::Say("hello".into()));
        assert_ne!(fan.act(&question(&[])).unwrap(), Deed::Say("2".into()));
        assert_eq!(fan.act(&choices(&["a", "b"])).unwrap(), Deed::Choose(1));
    }
}
