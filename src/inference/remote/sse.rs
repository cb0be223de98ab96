//! Server-sent events: lines of bytes become events.

use thiserror::Error;

/// One event of a stream.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct SseEvent {
    /// Its kind; empty where none is named.
    pub(super) name: String,
    /// What it says; several lines are joined by line breaks.
    pub(super) data: String,
}

/// A line or an event that does not end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("an event of more than {0} bytes")]
pub(super) struct EventTooLong(pub(super) usize);

/// Reads a stream in pieces of any size.
///
/// A line is read only once it is whole, so that half a character at the end of a piece waits for its
/// other half. What is no UTF-8 even then becomes U+FFFD; fields that nobody knows are left out.
#[derive(Debug, Clone, Default)]
pub(super) struct SseParser {
    line: Vec<u8>,
    /// The last byte was a carriage return: a line feed behind it belongs to it.
    after_return: bool,
    /// Whether a whole line was read: only before that a byte order mark may stand.
    has_begun: bool,
    event: SseEvent,
    has_data: bool,
}

impl SseParser {
    /// The longest event, in bytes. One of a chat has a few hundred, a whole reply some thousand.
    pub(super) const LONGEST: usize = 1 << 20;

    /// Reads the next bytes; adds the events that are whole now.
    pub(super) fn push(
        &mut self,
        bytes: &[u8],
        events: &mut Vec<SseEvent>,
    ) -> Result<(), EventTooLong> {
        for &byte in bytes {
            let follows_return = std::mem::take(&mut self.after_return);
            match byte {
                b'\n' if follows_return => {}
                b'\n' | b'\r' => {
                    self.after_return = byte == b'\r';
                    events.extend(self.end_line());
                }
                _ => self.line.push(byte),
            }
            if self.line.len() + self.event.data.len() > Self::LONGEST {
                return Err(EventTooLong(Self::LONGEST));
            }
        }
        Ok(())
    }

    /// Ends the stream; gives the last event, if no empty line came behind it.
    pub(super) fn finish(mut self) -> Option<SseEvent> {
        if !self.line.is_empty() {
            self.end_line();
        }
        self.end_event()
    }

    fn end_line(&mut self) -> Option<SseEvent> {
        let bytes = std::mem::take(&mut self.line);
        let text = String::from_utf8_lossy(&bytes);
        let line = if self.has_begun { &*text } else { text.trim_start_matches('\u{feff}') };
        self.has_begun = true;
        if line.is_empty() {
            return self.end_event();
        }
        // Before the first colon stands the field; a line that begins with one is a comment.
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "data" => {
                if self.has_data {
                    self.event.data.push('\n');
                }
                self.event.data.push_str(value);
                self.has_data = true;
            }
            "event" => self.event.name = value.into(),
            _ => {}
        }
        None
    }

    /// An event without data is none.
    fn end_event(&mut self) -> Option<SseEvent> {
        let event = std::mem::take(&mut self.event);
        std::mem::take(&mut self.has_data).then_some(event)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::cuts::cuts;

    fn read(pieces: &[&[u8]]) -> Vec<SseEvent> {
        let (mut parser, mut events) = (SseParser::default(), Vec::new());
        for piece in pieces {
            parser.push(piece, &mut events).unwrap();
        }
        events.extend(parser.finish());
        events
    }

    fn data(text: &[u8]) -> Vec<String> {
        read(&[text]).into_iter().map(|event| event.data).collect()
    }

    #[test]
    fn every_kind_of_line_end_ends_a_line() {
        for text in
            ["data: a\n\ndata: b\n\n", "data: a\r\n\r\ndata: b\r\n\r\n", "data:a\r\rdata:b\r\r"]
        {
            assert_eq!(data(text.as_bytes()), ["a", "b"], "{text:?}");
        }
    }

    #[test]
    fn lines_of_one_event_are_joined_and_all_else_is_left_out() {
        let text =
            b"\xef\xbb\xbf: hello\nevent: error\nid: 7\nretry: 5\nnonsense\ndata: a\ndata:  b\n\n";
        let events = read(&[text]);
        assert_eq!(events, [SseEvent { name: "error".into(), data: "a\n b".into() }]);
    }

    #[test]
    fn an_event_without_data_is_none_and_the_last_one_needs_no_empty_line() {
        assert_eq!(data(b"event: ping\n\n\n\ndata\n\ndata: [DONE]"), ["", "[DONE]"]);
    }

    #[test]
    fn a_line_without_an_end_is_refused() {
        let mut parser = SseParser::default();
        let flood = vec![b'x'; SseParser::LONGEST + 1];
        assert!(parser.push(&flood, &mut Vec::new()).is_err());
        let mut parser = SseParser::default();
        let flood = b"data: again\n".repeat(SseParser::LONGEST / 5);
        assert!(parser.push(&flood, &mut Vec::new()).is_err());
    }

    proptest! {
        #[test]
        fn any_split_of_the_bytes_gives_the_same_events(
            lines in proptest::collection::vec("(data|event|id|x|): ?[a-z너😀{}:\\[\\]]{0,6}|", 0..12),
            end in "\n|\r|\r\n",
            cuts in cuts(),
        ) {
            let text: String = lines.iter().map(|line| format!("{line}{end}")).collect();
            let bytes = text.as_bytes();
            prop_assert_eq!(read(&cuts.of_bytes(bytes)), read(&[bytes]));
        }

        #[test]
        fn no_bytes_make_the_parser_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let one_by_one: Vec<&[u8]> = bytes.chunks(1).collect();
            prop_assert_eq!(read(&one_by_one), read(&[&bytes]));
        }
    }
}
