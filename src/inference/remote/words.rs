//! What of a server's text is shown, and where a reply ends.

use std::collections::VecDeque;

use super::{TagMode, json_words::JsonWords};
use crate::{
    inference::{
        FinishReason, Request,
        sentences::{may_end_sentence, opens_sentence},
        stop::StopFilter,
    },
    mind::{Emotion, EmotionTag, Segment, TagParser},
};

/// Text becomes feelings and words, up to a stop text or the last sentence that is wanted.
pub(super) struct RemoteWords {
    json: Option<JsonWords>,
    stop: StopFilter,
    /// None once the reply has ended.
    parser: Option<TagParser>,
    /// The feeling she opens with, if the server names none.
    opening: Option<EmotionTag>,
    /// A feeling behind what may be the last sentence: shown with words only.
    held: Option<EmotionTag>,
    sentence: String,
    sentences: usize,
    max_sentences: usize,
    any_words: bool,
    ready: VecDeque<Segment>,
}

impl RemoteWords {
    pub(super) fn new(tags: TagMode, request: &Request) -> Self {
        Self {
            json: (tags == TagMode::Json).then(JsonWords::default),
            stop: StopFilter::new(&request.sampling.stop),
            parser: Some(TagParser::new(request.palette.clone())),
            opening: Some(opening(request)),
            held: None,
            sentence: String::new(),
            sentences: 0,
            max_sentences: request.sampling.max_sentences,
            any_words: false,
            ready: VecDeque::new(),
        }
    }

    /// The next text; gives why the reply ends here, if it does.
    pub(super) fn push(&mut self, text: &str) -> Option<FinishReason> {
        let unpacked = self.json.as_mut().map(|json| json.push(text));
        let (shown, stopped) = self.stop.push(unpacked.as_deref().unwrap_or(text));
        let (segments, left_out) =
            self.parser.as_mut().map(|parser| parser.push(&shown)).unwrap_or_default();
        for diagnostic in left_out {
            tracing::debug!("the server used [{}], which is left out", diagnostic.tag);
        }
        let ends = self.show(segments).or(stopped.then_some(FinishReason::Stop));
        if ends.is_some() {
            self.parser = None;
        }
        ends
    }

    /// The reply is over: what was held back is shown, unless it had ended before.
    pub(super) fn finish(&mut self) {
        let Some(mut parser) = self.parser.take() else { return };
        let (segments, _) = parser.push(&self.stop.finish());
        if self.show(segments).is_none() {
            self.show(parser.finish());
        }
    }

    /// The next segment that is ready to be shown.
    pub(super) fn next(&mut self) -> Option<Segment> {
        self.ready.pop_front()
    }

    /// Whether a word has come.
    pub(super) fn any_words(&self) -> bool {
        self.any_words
    }

    fn show(&mut self, segments: Vec<Segment>) -> Option<FinishReason> {
        for segment in segments {
            match segment {
                Segment::Emotion(tag) => self.feel(tag),
                Segment::Text(text) => {
                    let text = spoken(&text);
                    let text = if self.any_words { &text } else { text.trim_start() };
                    let (said, is_cut) = self.wanted(text);
                    self.say(said);
                    if is_cut {
                        // As a model on this machine, she ends with a whole sentence.
                        return Some(FinishReason::Length);
                    }
                }
            }
        }
        None
    }

    fn feel(&mut self, tag: EmotionTag) {
        self.opening = None;
        let may_be_last = self.sentences + 1 == self.max_sentences;
        if may_be_last && may_end_sentence(&self.sentence) {
            self.held = Some(tag);
        } else {
            self.ready.push_back(Segment::Emotion(tag));
        }
    }

    fn say(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        let feelings = self.opening.take().into_iter().chain(self.held.take());
        self.ready.extend(feelings.map(Segment::Emotion));
        self.ready.push_back(Segment::Text(text.into()));
        self.any_words = true;
    }

    /// The text up to the last sentence that is wanted, and whether more came.
    fn wanted<'a>(&mut self, text: &'a str) -> (&'a str, bool) {
        for (at, c) in text.char_indices() {
            let opens = !c.is_whitespace()
                && may_end_sentence(&self.sentence)
                && opens_sentence(&self.sentence, c.encode_utf8(&mut [0; 4]));
            if opens {
                self.sentences += 1;
                self.sentence.clear();
                if self.sentences == self.max_sentences {
                    return (text[..at].trim_end(), true);
                }
            }
            self.sentence.push(c);
        }
        (text, false)
    }
}

/// A text without words in brackets: they are stage directions, such as `[smiles softly]`. The parser
/// gives brackets whole, with the white space before them.
fn spoken(text: &str) -> String {
    let (mut said, mut rest) = (String::new(), text);
    while let Some(open) = rest.find('[') {
        let (before, from) = rest.split_at(open);
        let end = from.find(']').filter(|&end| is_direction(&from[1..end]));
        let (kept, skip) = match end {
            Some(end) => (before.trim_end(), end + 1),
            None => (&rest[..=open], 1),
        };
        said.push_str(kept);
        rest = &from[skip..];
    }
    said.push_str(rest);
    said
}

fn is_direction(inside: &str) -> bool {
    let is_word = |word: &str| word.chars().all(char::is_alphabetic);
    !inside.trim().is_empty() && inside.split(' ').all(is_word)
}

/// The feeling that suits the fan's message best, as the mind sees it.
fn opening(request: &Request) -> EmotionTag {
    let direction = request.direction.clone().within(&request.palette);
    let allowed = request.palette.without(&direction.never);
    let best = direction.opening.iter().filter(|(emotion, _)| allowed.contains(emotion));
    let best = best.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(emotion, _)| emotion.clone());
    let calm = || {
        let first = allowed.emotions().first().cloned().unwrap_or(Emotion::Neutral);
        if allowed.contains(&Emotion::Neutral) { Emotion::Neutral } else { first }
    };
    best.unwrap_or_else(calm).into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        cuts::cuts,
        inference::{ConversationId, Sampling},
        mind::{Beats, ChatTurn, Direction, Palette, Prompt},
    };

    fn request() -> Request {
        let opening = vec![(Emotion::Sad, 0.7), (Emotion::Love, 0.2)];
        Request {
            conversation: ConversationId(1),
            prompt: Prompt::default(),
            palette: Palette::default(),
            sampling: Sampling { stop: vec!["Fan:".into()], ..Sampling::default() },
            seed: 1,
            direction: Direction { opening, ..Direction::default() },
            adapter: None,
        }
    }

    fn read(tags: TagMode, pieces: &[&str]) -> (String, Option<FinishReason>) {
        let mut words = RemoteWords::new(tags, &request());
        let reason = pieces.iter().find_map(|piece| words.push(piece));
        words.finish();
        let mut beats = Beats::default();
        std::iter::from_fn(|| words.next()).for_each(|segment| beats.segment(&segment));
        (ChatTurn::Idol(beats.take().into()).to_prompt(), reason)
    }

    fn text(pieces: &[&str]) -> String {
        read(TagMode::Text, pieces).0
    }

    #[test]
    fn without_a_tag_she_opens_with_what_suits_the_message() {
        assert_eq!(text(&["Oh", " no."]), "[sad] Oh no.");
        assert_eq!(text(&["[smug] Oh no."]), "[sad] Oh no.");
        assert_eq!(text(&["[joy] Oh no."]), "[joy] Oh no.");
    }

    #[test]
    fn a_reply_ends_with_the_last_sentence_that_is_wanted() {
        let three = "[joy] One. [sad] Two! [joy] Three…";
        let long = format!("{three} [love] Four.");
        assert_eq!(read(TagMode::Text, &[&long]), (three.into(), Some(FinishReason::Length)));
        assert_eq!(text(&[&format!("{three} [love] Four"), ". Fi", "ve."]), three);
        assert_eq!(read(TagMode::Text, &[three]), (three.into(), None));
        assert_eq!(text(&["A. B. C, e.g. Tea."]), "[sad] A. B. C, e.g. Tea.");
    }

    #[test]
    fn stage_directions_are_not_spoken() {
        assert_eq!(text(&["[holy ", "joy] Hi [smiles soft", "ly] you."]), "[sad] Hi you.");
        assert_eq!(text(&["[joy] Hi. [waves hand]"]), "[joy] Hi.");
        assert_eq!(text(&["[joy] See [1, 2], or a[0]."]), "[joy] See [1, 2], or a[0].");
    }

    #[test]
    fn it_ends_before_a_stop_text() {
        let (text, reason) = read(TagMode::Text, &["[joy] Hi. Fa", "n: yes"]);
        assert_eq!((text.as_str(), reason), ("[joy] Hi.", Some(FinishReason::Stop)));
    }

    #[test]
    fn json_reads_like_text() {
        let json =
            r#"{"beats":[{"feeling":"joy","words":"Hi."},{"feeling":"shy","words":"You came."}]}"#;
        assert_eq!(read(TagMode::Json, &[json]).0, "[joy] Hi. [shy] You came.");
        assert_eq!(read(TagMode::Json, &["[joy] Hi."]).0, "[joy] Hi.");
    }

    proptest! {
        #[test]
        fn any_split_shows_the_same(
            reply in r"(\[(joy|sad|x|a b|1)\]|Fan:|Hi|Mr|[.!?] |너| |[a-z])*",
            cuts in cuts(),
        ) {
            prop_assert_eq!(text(&cuts.of(&reply)), text(&[&reply]));
        }
    }
}
