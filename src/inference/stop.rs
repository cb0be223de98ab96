//! Finds the texts at which a reply ends, also where they arrive in pieces.

/// Lets text through up to the first stop text; holds back what may become one.
#[derive(Debug, Clone)]
pub(super) struct StopFilter {
    stops: Vec<String>,
    held: String,
}

impl StopFilter {
    pub(super) fn new(stops: &[String]) -> Self {
        let stops = stops.iter().filter(|stop| !stop.is_empty()).cloned().collect();
        Self { stops, held: String::new() }
    }

    /// Adds text; gives what may be shown, and whether a stop text came up behind it.
    pub(super) fn push(&mut self, text: &str) -> (String, bool) {
        self.held.push_str(text);
        let found = self.stops.iter().filter_map(|stop| self.held.find(stop.as_str())).min();
        if let Some(at) = found {
            self.held.truncate(at);
            return (std::mem::take(&mut self.held), true);
        }
        let may_begin_stop = |at: &usize| {
            let tail = &self.held[*at..];
            self.stops.iter().any(|stop| stop.starts_with(tail))
        };
        let mut places = self.held.char_indices().map(|(at, _)| at);
        let hold = places.find(may_begin_stop).unwrap_or(self.held.len());
        let kept = self.held.split_off(hold);
        (std::mem::replace(&mut self.held, kept), false)
    }

    /// Ends the reply; gives what was held back.
    pub(super) fn finish(&mut self) -> String {
        std::mem::take(&mut self.held)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::cuts::cuts;

    fn read(stops: &[&str], pieces: &[&str]) -> (String, bool) {
        let stops: Vec<String> = stops.iter().map(|&stop| stop.into()).collect();
        let mut filter = StopFilter::new(&stops);
        let mut shown = String::new();
        for piece in pieces {
            let (text, stopped) = filter.push(piece);
            shown.push_str(&text);
            if stopped {
                return (shown, true);
            }
        }
        shown.push_str(&filter.finish());
        (shown, false)
    }

    #[test]
    fn text_before_the_first_stop_is_shown() {
        assert_eq!(read(&["Fan:", "\n\n"], &["Hi\n", "\nFan:"]), ("Hi".into(), true));
        assert_eq!(read(&["Fan:"], &["A Fa", "n"]), ("A Fan".into(), false));
        assert_eq!(read(&[""], &["all"]), ("all".into(), false));
    }

    #[test]
    fn only_what_may_become_a_stop_is_held_back() {
        let mut filter = StopFilter::new(&["너와나".into()]);
        assert_eq!(filter.push("그리고 너와"), ("그리고 ".into(), false));
        assert_eq!(filter.push("너"), ("너와".into(), false));
    }

    proptest! {
        #[test]
        fn any_split_shows_the_same(
            text in "[abc너]{0,20}",
            stop in "[abc너]{1,3}",
            cuts in cuts(),
        ) {
            let whole = text.split_once(&stop).map_or((text.clone(), false), |(before, _)| (before.into(), true));
            prop_assert_eq!(read(&[&stop], &cuts.of(&text)), whole);
        }
    }
}
