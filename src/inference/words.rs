//! The visible side of a reply that is being decoded.

use std::collections::VecDeque;

use super::{model::tokenizer::StreamDecoder, stop::StopFilter};
use crate::mind::{Beat, Beats, ChatTurn, Palette, Segment, TagParser};

/// Bytes become characters, characters become segments.
pub(super) struct WordStream {
    decoder: StreamDecoder,
    stop: StopFilter,
    /// Keeps the white space around tags in order; none once the reply has ended.
    parser: Option<TagParser>,
    beats: Beats,
    ready: VecDeque<Segment>,
}

impl WordStream {
    pub(super) fn new(palette: Palette, stops: &[String]) -> Self {
        Self {
            decoder: StreamDecoder::default(),
            stop: StopFilter::new(stops),
            parser: Some(TagParser::new(palette)),
            beats: Beats::default(),
            ready: VecDeque::new(),
        }
    }

    /// A tag: the next words are said with its feeling.
    pub(super) fn tag(&mut self, tag: &str) {
        let held = self.stop.finish();
        self.parse(&held);
        self.parse(tag);
    }

    /// The bytes of a token; gives the text that is whole now, and whether a stop text came up.
    pub(super) fn bytes(&mut self, bytes: &[u8]) -> (String, bool) {
        let text = self.decoder.push(bytes);
        let (shown, stopped) = self.stop.push(&text);
        self.parse(&shown);
        (text, stopped)
    }

    /// The reply is over: what was held back is shown.
    pub(super) fn finish(&mut self) {
        // Half a character, where the reply was cut, is not shown.
        self.decoder = StreamDecoder::default();
        let held = self.stop.finish();
        self.parse(&held);
        if let Some(parser) = self.parser.take() {
            self.show(parser.finish());
        }
    }

    /// The next segment that is ready to be shown.
    pub(super) fn next(&mut self) -> Option<Segment> {
        self.ready.pop_front()
    }

    /// Whether the last token ended inside a character.
    pub(super) fn is_mid_character(&self) -> bool {
        !self.decoder.is_whole()
    }

    /// Whether no tag and no word has come yet.
    pub(super) fn is_untouched(&self) -> bool {
        self.beats.as_slice().is_empty()
    }

    /// What was shown of the reply so far.
    pub(super) fn beats(&self) -> &[Beat] {
        self.beats.as_slice()
    }

    /// Takes the reply so far, as it stands in a prompt.
    pub(super) fn take_reply(&mut self) -> String {
        ChatTurn::Idol(self.beats.take().into()).to_prompt()
    }

    fn parse(&mut self, text: &str) {
        if let Some(parser) = &mut self.parser {
            let (segments, _) = parser.push(text);
            self.show(segments);
        }
    }

    fn show(&mut self, segments: Vec<Segment>) {
        segments.iter().for_each(|segment| self.beats.segment(segment));
        self.ready.extend(segments);
    }
}
