//! A finding, drawn for a terminal.

use std::fmt;

use bevy_persona::lint::{Finding, Severity};
use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, SourceCode,
};

use super::excerpt::{Excerpt, excerpt};
use crate::paint::visible;

/// A finding as miette takes it.
#[derive(Debug)]
struct Shown<'a> {
    finding: &'a Finding,
    message: String,
    help: String,
    source: NamedSource<String>,
    label: LabeledSpan,
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Shown<'_> {}

impl Diagnostic for Shown<'_> {
    fn code<'s>(&'s self) -> Option<Box<dyn fmt::Display + 's>> {
        Some(Box::new(self.finding.code))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.finding.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Hint => miette::Severity::Advice,
        })
    }

    fn help<'s>(&'s self) -> Option<Box<dyn fmt::Display + 's>> {
        Some(Box::new(&self.help))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(std::iter::once(self.label.clone())))
    }
}

/// The finding with the lines that it is about; `text` is that of its file. In colour, which streams
/// take out where it is unwanted.
pub fn drawn(text: &str, finding: &Finding) -> String {
    let Excerpt { text, at } = excerpt(text, &finding.at);
    let place = format!("{}:{}", visible(&finding.file), finding.place);
    let shown = Shown {
        finding,
        message: visible(&finding.message),
        help: visible(&finding.help),
        // The place is told in the name, since lines are cut.
        source: NamedSource::new(place, text),
        label: LabeledSpan::at(at.start..at.end, "here"),
    };
    let handler = GraphicalReportHandler::new_themed(GraphicalTheme::unicode())
        .without_primary_span_start()
        .with_links(false)
        .with_context_lines(1);
    let mut drawn = String::new();
    match handler.render_report(&mut drawn, &shown) {
        Ok(()) => drawn,
        Err(_) => format!("{finding}\n"),
    }
}

#[cfg(test)]
mod tests {
    use bevy_persona::lint::{Content, lint};

    use super::*;

    #[test]
    fn a_finding_shows_its_place_and_its_help() {
        let mut content = Content::default();
        let text = "[joy]\nen = [\"[joy] Hi\"]\n[greetings]\nen = [\"[joy] Hi\"]\n";
        content.add("otto.lines.toml", text);
        let findings = lint(&content);
        let drawn = anstream::adapter::strip_str(&drawn(text, &findings[0])).to_string();
        for part in
            ["does-not-parse", "otto.lines.toml:3:1", "3 │ [greetings]", "did you mean `greeting`?"]
        {
            assert!(drawn.contains(part), "{part}\n{drawn}");
        }
    }
}
