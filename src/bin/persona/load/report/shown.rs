//! The report for people to read.

use std::io::{self, Write};

use super::{Connections, CrossTalk, Facts, Flood, Report};
use crate::{
    bench::report::Table,
    load::tally::{Example, LostTurn},
    paint::visible,
};

impl Report {
    /// Writes a table, and below it what went wrong.
    ///
    /// # Errors
    /// If nobody reads it.
    pub fn write(&self, output: &mut impl Write) -> io::Result<()> {
        let mut table = Table::default();
        let early = if self.interrupted { ", ended early" } else { "" };
        table.line("fans", format!("{} for {} s{early}", self.fans, self.seconds));
        table.line("messages", self.messages);
        table.line("replies", format!("{}, {} a second", self.replies, self.replies_per_second));
        table.line("first words", self.first_words.shown());
        table.line("whole reply", self.whole_reply.shown());
        let Facts { told, asked, remembered } = self.facts;
        table.line("facts", format!("{told} told, {remembered} of {asked} remembered when asked"));
        let Connections { entered, reentered } = self.connections;
        table.line("connections", format!("{entered}, and {reentered} came again"));
        table.line(
            "turns",
            format!("{} found again, {} lost", self.turns.found, self.turns.lost.len()),
        );
        table.line("cross-talk", self.cross_talk.len());
        table.line("errors", self.errors);
        for (kind, count) in &self.errors_by_kind {
            table.line(&format!("  {kind}"), count);
        }
        if let Some(memory) = &self.memory {
            let points: Vec<_> = memory.points.iter().map(|point| point.mb.to_string()).collect();
            table.line("memory", format!("{} MB", points.join(", ")));
            table.maybe("memory grows by", memory.mb_per_hour, "MB an hour");
        }
        if let Some(flood) = &self.flood {
            flood.lines(&mut table);
        }
        table.write(output)?;
        self.write_faults(output)
    }

    fn write_faults(&self, output: &mut impl Write) -> io::Result<()> {
        /// So many of each are shown; all are in the JSON object.
        const MOST: usize = 20;
        for crossed in self.cross_talk.iter().take(MOST) {
            let CrossTalk { fan, of_fan, text, .. } = crossed;
            writeln!(output, "cross-talk: fan {fan} got fan {of_fan}'s: {}", visible(text))?;
        }
        for lost in self.turns.lost.iter().take(MOST) {
            let LostTurn { fan, seconds, member, said } = lost;
            writeln!(output, "lost: fan {fan}, {seconds} s, to {member}: {said}")?;
        }
        for Example { kind, fan, seconds, detail } in self.examples.iter().take(MOST) {
            writeln!(output, "{kind}: fan {fan}, {seconds} s: {}", visible(detail))?;
        }
        Ok(())
    }
}

impl Flood {
    fn lines(&self, table: &mut Table) {
        table.line(
            "flood",
            format!("{} fans, {} messages, {} answered", self.fans, self.sent, self.answered),
        );
        for (kind, count) in &self.by_kind {
            table.line(&format!("  {kind}"), count);
        }
        table.line("first words without", self.first_words_without.shown());
        table.line("first words meanwhile", self.first_words_meanwhile.shown());
        for (what, ratio) in
            [("ratio of the medians", self.ratio_p50), ("ratio of p95", self.ratio_p95)]
        {
            table.line(what, ratio.map_or_else(|| "–".into(), |ratio| ratio.to_string()));
        }
    }
}
